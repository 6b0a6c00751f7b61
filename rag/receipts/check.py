"""Checks a receipt against an archive: whether each quote is still there, has moved, changed or gone."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from index.article import Article
from index.catalog import Catalog, Member
from index.errors import IndexDamaged
from index.passage import sentences
from index.reader import Index
from rag.answer import span_json
from rag.quotes import Quote, locate
from rag.receipts import QuotedWords, Receipt, sha256, source

_LIKE = 0.4  # share of words in common from which a sentence may be what became of another one
_FIRST_WORDS = 8  # of a quote, looked up where its article is gone
_ELSEWHERE = 5


class Standing(StrEnum):
    """How a quote of a receipt stands in the archive now."""

    THERE = "there"
    """The article is the same, and has these words at this place."""
    MOVED = "moved"
    """The article was changed; these exact words still stand in it."""
    CHANGED = "changed"
    """The article was changed, and these words no longer stand in it."""
    GONE = "gone"
    """The archive has no article of this id any more."""
    ALTERED = "altered"
    """The receipt does not say what the article said: it was damaged, or tampered with."""


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """What became of one quote."""

    quoted: QuotedWords
    standing: Standing
    says: str
    """The same in words."""
    now: Quote | None = None
    """Where the words stand now; of changed ones, the nearest sentence, if any is like them."""
    kept: bool = False
    """Whether the catalog still keeps the very text that was quoted, so that the quote can be shown in it."""
    elsewhere: tuple[Quote, ...] = ()
    """Where other articles of the archive have the same words, of a quote that is gone or changed."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a receipt."""

    receipt: Receipt
    sealed: bool
    """Whether the receipt is as it was written: its own sha256 holds."""
    same_archive: bool | None
    """Whether the archive holds the very same articles as then; None where the receipt does not know."""
    checks: tuple[QuoteCheck, ...]

    @property
    def holds(self) -> bool:
        """Tell whether all is as it was: the receipt itself and every quote."""
        return self.sealed and all(each.standing is Standing.THERE for each in self.checks)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many quotes stand in which way."""
        found = Counter(each.standing for each in self.checks)
        return {each.value: found[each] for each in Standing}

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote verify --json` prints for a receipt."""
        return {
            "holds": self.holds,
            "sealed": self.sealed,
            "same_archive": self.same_archive,
            "question": self.receipt.question,
            "asked_at": self.receipt.asked_at.isoformat(),
            "refused": self.receipt.refused,
            "counts": self.counts,
            "quotes": [
                {
                    "standing": each.standing.value,
                    "says": each.says,
                    "quoted": each.quoted.model_dump(mode="json"),
                    "now": _span(each.now),
                    "kept": each.kept,
                    "elsewhere": [_span(other) for other in each.elsewhere],
                }
                for each in self.checks
            ],
        }


def _span(quote: Quote | None) -> dict[str, Any] | None:
    return span_json(quote.article, quote.start, quote.end) if quote else None


def verify(receipt: Receipt, index: Index, *, sealed: bool = True) -> Verification:
    """Check every quote of a receipt against an opened archive; `sealed` is what `read_receipt` said of it.

    Raises:
        IndexDamaged: the archive's catalog cannot be read.
    """
    catalog = Catalog(index.data.catalog)
    try:
        checks = tuple(check_quote(each, index, catalog) for each in receipt.quotes)
    finally:
        catalog.close()
    then = receipt.index.articles_sha256
    return Verification(receipt, sealed, None if then is None else then == index.manifest.digest, checks)


def check_quote(quoted: QuotedWords, index: Index, catalog: Catalog) -> QuoteCheck:
    """Say how one quote stands in an opened archive, whose catalog this is."""
    if sha256(quoted.text) != quoted.text_sha256 or len(quoted.text) != quoted.end - quoted.start:
        says = "the words in the receipt are not those that it was made of: their sha256 or length differs"
        return QuoteCheck(quoted, Standing.ALTERED, says)
    then = revision(catalog, Member(quoted.article_id, quoted.article_sha256))
    if then and (false := _false(quoted, then)):
        return QuoteCheck(quoted, Standing.ALTERED, false, kept=True)
    article = index.article(quoted.article_id) or _at_its_address(quoted, index, catalog)
    if article is not None and (article.id, article.digest) == (quoted.article_id, quoted.article_sha256):
        now = Quote(article, quoted.start, quoted.end)
        says = f"the article is the same, word for word{_superseded(index, article)}"
        return QuoteCheck(quoted, Standing.THERE, says, now, kept=True)
    if article is None:
        return _gone(quoted, index, then)
    return _changed(quoted, article, index, then)


def _at_its_address(quoted: QuotedWords, index: Index, catalog: Catalog) -> Article | None:
    """Return the article that the archive has at a quote's address by now, under another id."""
    if not quoted.url:
        return None
    rows = catalog.rows("SELECT id, digest FROM articles WHERE url = ?", (quoted.url,))
    now = set(index.members) & {Member(*row) for row in rows}
    return index.article(min(now).id) if now else None


def _superseded(index: Index, article: Article) -> str:
    """Say that a newer version stands for an article, if there is one."""
    newer = index.newest(index.places[article.id])
    if newer is None:
        return ""
    return f"; it was {newer.how}{f' on {newer.day}' if newer.day else ''} by {index.members[newer.place].id!r}"


def revision(catalog: Catalog, member: Member) -> Article | None:
    """Return this very text of an article, or None where the catalog does not keep it."""
    with suppress(IndexDamaged):
        return catalog.article(member)
    return None


def _false(quoted: QuotedWords, then: Article) -> str:
    """Say what of a quote the article never said; nothing where all of it is true."""
    if then.text[quoted.start : quoted.end] != quoted.text:
        return "the article that it names has other words at this place, and always had"
    for name, value in source(then).items():
        if quoted.model_dump(mode="json")[name] != value:
            return f"the receipt gives another {name} than the article had ({value or 'none'})"
    return ""


def _gone(quoted: QuotedWords, index: Index, then: Article | None) -> QuoteCheck:
    says = f"the archive has no article {quoted.article_id!r} any more{_kept(then)}"
    elsewhere = tuple(_elsewhere(quoted, index))
    if elsewhere:
        says += f"; the same words stand in {', '.join(each.article.id for each in elsewhere)}"
    return QuoteCheck(quoted, Standing.GONE, says, None, then is not None, elsewhere)


def _changed(quoted: QuotedWords, article: Article, index: Index, then: Article | None) -> QuoteCheck:
    places = [match.start() for match in _whole(quoted.text).finditer(article.text)]
    if places:
        start = min(places, key=lambda place: abs(place - quoted.start))
        now = Quote(article, start, start + len(quoted.text))
        where = "at the same place" if start == quoted.start else f"at [{now.start}, {now.end})"
        says = f"the article was changed; the same words stand in it {where}{_kept(then)}"
        return QuoteCheck(quoted, Standing.MOVED, says, now, then is not None)
    elsewhere = tuple(_elsewhere(quoted, index))
    same = locate(article, quoted.text)
    near = same or nearest(quoted.text, article)
    if same:
        says = "the article was changed: the words stand in it with other typography"
    elif near:
        says = "the article was changed, and these words no longer stand in it"
    else:
        says = "the article was changed, and nothing like these words stands in it"
    if elsewhere:
        says += f"; they stand in {', '.join(each.article.id for each in elsewhere)}"
    return QuoteCheck(quoted, Standing.CHANGED, says + _kept(then), near, then is not None, elsewhere)


def _kept(then: Article | None) -> str:
    if then:
        read = f", first read on {then.read}" if then.read else ""
        return f"; the catalog keeps the text that was quoted, with these words (revision {then.digest[:12]}{read})"
    return "; the catalog does not have the text that was quoted"


def _whole(text: str) -> re.Pattern[str]:
    """Return what finds these words as whole ones: "5 per cent" is not in "15 per cent"."""
    before = r"(?<!\w)(?<!\d[.,:])" if re.match(r"\w", text) else ""
    after = r"(?!\w)(?![.,:]\d)" if re.search(r"\w\Z", text) else ""
    return re.compile(before + re.escape(text) + after)


def nearest(words: str, article: Article) -> Quote | None:
    """Return as many sentences in a row as `words` have, the most like them; None where none is."""
    spans = sentences(article.text, article.language)
    size = max(1, len(sentences(words, article.language)))
    wanted = words.lower().split()
    best, found = _LIKE, None
    for first, last in zip(spans, spans[size - 1 :] or spans[-1:], strict=False):
        matcher = SequenceMatcher(None, article.text[first.start : last.end].lower().split(), wanted, autojunk=False)
        if matcher.quick_ratio() > best and (like := matcher.ratio()) > best:
            best, found = like, Quote(article, first.start, last.end)
    return found


def _elsewhere(quoted: QuotedWords, index: Index) -> Iterator[Quote]:
    """Yield where other articles have exactly these words."""
    rows = index.holding(" ".join(re.findall(r"\w+", quoted.text)[:_FIRST_WORDS]))
    pattern, found = _whole(quoted.text), 0
    for place in dict.fromkeys(index.rows[rows, 0].tolist()):
        article = index.article_at(int(place))
        match = pattern.search(article.text)
        if match and article.id != quoted.article_id and found < _ELSEWHERE:
            found += 1
            yield Quote(article, *match.span())
