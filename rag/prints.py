"""Who else printed what an answer quotes, and what became of it: copies are one report, and newer versions stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.article import Article
from index.copies.links import Newer
from index.passage import sentences
from index.reader import Index
from index.vectors import Rows
from rag.answer import Answer, Claim
from rag.hits import shingles
from rag.quotes import Quote, locate

_HELD = 0.6  # share of a quote's words in a row that a copy has: a copy may have been cut, or changed there


@dataclass(frozen=True, slots=True)
class Prints:
    """What the index that was searched knows of copies and versions, as far as its articles were searched."""

    index: Index | None
    rows: Rows | None = None
    """The passages searched, ascending; None stands for all."""

    def also_in(self, quote: Quote) -> tuple[Article, ...]:
        """Return the other articles of the same report that hold a quote's words, the first print first."""
        place = self._place(quote.article)
        if self.index is None or place is None:
            return ()
        found: list[Article] = []
        wanted = shingles(quote.text)
        for other in self.index.reports.get(place, ()):
            if other == place or not self._searched(other) or self._versions(place, other):
                continue
            article = self.index.article_at(other)
            if len(wanted & shingles(article.text)) >= _HELD * len(wanted) or locate(article, quote.text):
                found.append(article)
        return tuple(found)

    def newer(self, article: Article) -> tuple[Article, Newer] | None:
        """Return the version that stands for an article, and how; None where there is none, or it was not searched."""
        place = self._place(article)
        newest = None if self.index is None or place is None else self.index.newest(place)
        if self.index is None or newest is None or not self._searched(newest.place):
            return None
        return self.index.article_at(newest.place), newest

    def _place(self, article: Article) -> int | None:
        return None if self.index is None else self.index.places.get(article.id)

    def _searched(self, place: int) -> bool:
        if self.rows is None or self.index is None:
            return self.index is not None
        own = np.searchsorted(self.index.rows[:, 0], [place, place + 1])
        start, end = np.searchsorted(self.rows, own)
        return bool(end > start)

    def _versions(self, one: int, other: int) -> bool:
        """Tell whether one of two articles is a later version of the other, or both have one that stands for them."""
        if self.index is None:
            return False
        first, second = self.index.newest(one), self.index.newest(other)
        ends = (one if first is None else first.place, other if second is None else second.place)
        return ends[0] == ends[1]


NO_PRINTS = Prints(None)


def completed(answer: Answer, prints: Prints) -> Answer:
    """Return an answer with who else printed its quotes, and none that rests on a superseded article alone.

    Words that the newer version still has are quoted from there; else what it says in their place comes before them.
    """
    claims: list[Claim] = []
    notes: list[str] = []
    for claim in answer.claims:
        for made in _standing(claim, prints, notes):
            if not any(made.quotes[:1] == other.quotes[:1] and made.text == other.text for other in claims):
                also = prints.also_in(made.quotes[0]) if made.quotes and not made.superseded else ()
                claims.append(replace(made, also_in=also))
    return replace(answer, claims=tuple(claims), notes=(*answer.notes, *dict.fromkeys(notes)))


def _standing(claim: Claim, prints: Prints, notes: list[str]) -> Iterator[Claim]:
    """Yield a claim as it may be shown; puts into `notes` what became of its articles."""
    quotes: list[Quote] = []
    first: list[Quote] = []
    since = ""
    for quote in claim.quotes:
        stands = prints.newer(quote.article)
        if stands is None:
            quotes.append(quote)
            continue
        newer, how = stands
        became = f"{how.how}{f' on {how.day.day} {how.day:%b %Y}' if how.day else ''}"
        same = locate(newer, quote.text)
        notes.append(
            f"“{quote.article.title}” ({quote.source_line}) was {became}: "
            + ("the newer text is quoted." if same else "what the newer text says comes first.")
        )
        quotes.append(same or quote)
        if same is None:
            first.append(_instead(quote, newer))
            since = became
    if not claim.is_quote:  # a sentence of a model: it keeps all that it is to be compared with
        yield replace(claim, quotes=(*first, *quotes), superseded=since)
        return
    for quote in first:
        yield Claim(quote.text, (quote,), supported=True)
    yield replace(claim, text=quotes[0].text if claim.text == claim.quotes[0].text else claim.text,
                  quotes=tuple(quotes), superseded=since)  # fmt: skip


def _instead(quote: Quote, newer: Article) -> Quote:
    """Return the sentence of the newer version that is most like a quote; its first one where none is."""
    from rag.receipts.check import nearest

    span = sentences(newer.text, newer.language)[0]
    return nearest(quote.text, newer) or Quote(newer, span.start, span.end)
