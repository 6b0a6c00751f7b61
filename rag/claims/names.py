"""The names of a claim, and which of them neither its quotes nor the head of their article bear out.

A name is borne out where the quote, or the article's title, byline or publisher has it, or the surname alone while the
article has the full name. A name that the quote lacks is borne out, too, where the quote says "she" and the paragraph
or the one before it has the name; or where the claim keeps all names of the quote, and only adds one that the article
begins with, as where it was.
"""

import re
from collections.abc import Iterator, Sequence

from rag.dates.days import CALENDAR
from rag.question import STOP_WORDS
from rag.quotes import Quote

_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*\w|[A-Z]\.?"
_NAME = re.compile(rf"(?:{_WORD})(?: (?:(?:of|the|and|de|van|von|der|del|la|bin|al|&) ){{0,2}}(?:{_WORD}))*")
_PRONOUN = re.compile(
    r"\b(?:he|she|they|him|her|them|his|hers|their|it|its|i|we|me|us|my|our|who|this|that|the \w+)\b", re.IGNORECASE
)
_CALENDAR = re.compile(rf"{CALENDAR}\w*", re.IGNORECASE)
_SPEAKS = re.compile(r"\A (?:said|says|told|added|warned|argued|claimed|insisted|wrote|announced|denied|admitted)\b")
_PLAIN_FIRST = re.compile(r"\b(?:police|officials|residents|witnesses|experts|critics|people|others)\b", re.IGNORECASE)
_HEAD_CHARS = 400


def unborne(claim: str, quotes: Sequence[Quote], speakers: Sequence[str]) -> Iterator[str]:
    """Yield the names of a claim that are not borne out, in words; `speakers` are those whose words are quoted."""
    said = " ".join([*(quote.text for quote in quotes), *speakers])
    heads = " ".join(_head(quote) for quote in quotes)
    articles = "\n".join(quote.article.text for quote in quotes)
    quoted = {part for quote in quotes for name in names(quote.text) for part in _parts(name)}
    claimed = [name for name in names(claim, articles) if _parts(name)]
    dropped = quoted - {part for name in claimed for part in _parts(name)}
    for name in claimed:
        missing = [part for part in _parts(name) if not _has(said, part) and not _has(heads, part)]
        if not missing:
            continue
        known = len(missing) < len(_parts(name))
        if known and all(_has(articles, part) for part in _parts(name)):
            continue
        near = all(any(_is_near(quote, part) for quote in quotes) for part in missing)
        if near and not dropped and any(_PRONOUN.search(quote.text) for quote in quotes):
            continue
        if not dropped and all(
            any(_has(quote.article.text[:_HEAD_CHARS], part) for quote in quotes) for part in missing
        ):
            continue
        where = (
            "the article has it, but not the quote"
            if all(_has(articles, part) for part in missing)
            else "nor does the article"
        )
        yield (
            f"the quote does not name “{name}”; {where}"
            if "nor" not in where
            else f"the quote does not name “{name}”, {where}"
        )


def names(text: str, known: str = "") -> list[str]:
    """Return the names in a text: words with capital letters, but for the one that begins a sentence.

    That one is a name where it goes on ("Edda Quill"), where who is named speaks ("Quill said"), or where `known` has
    it with a capital letter within a sentence.
    """
    found: list[str] = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        if _begins(text, match.start()):
            rest = text[match.end() :]
            first = words[0].removesuffix("’s").removesuffix("'s")
            alone = len(words) == 1
            speaks = _SPEAKS.match(rest) and not first.endswith("s") and not _PLAIN_FIRST.fullmatch(first)
            named = re.search(rf"[a-z,] {re.escape(first)}\b", known) is not None
            if (
                first.lower() in STOP_WORDS
                or (alone and not named and not speaks and not first.isupper())
                or (not alone and not named and re.search(rf"\b{re.escape(first.lower())}\b", known))
            ):
                words = words[1:]
        while words and words[0].lower() in STOP_WORDS | {"of", "the", "and"}:
            words = words[1:]
        name = " ".join(words)
        if name and not _CALENDAR.fullmatch(name):
            found.append(re.sub(r"['’]s?\Z", "", name))
    return list(dict.fromkeys(found))


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(" “\"‘'([")
    return not before or before[-1] in ".?!:;\n"


def _parts(name: str) -> list[str]:
    """Return the words of a name that count."""
    return [
        part
        for each in name.split()
        if (part := re.sub(r"['’]s?\Z", "", each.strip(".,"))) and part[0].isupper() and len(part) > 1
        and part.lower() not in STOP_WORDS and not _CALENDAR.fullmatch(part)
    ]  # fmt: skip


def _has(text: str, part: str) -> bool:
    """Tell whether a text has a word of a name, or what is made of it: Russia, Russian; Varrow, VARROW."""
    root = re.escape(part if len(part) < 6 else part[:-1])
    return re.search(rf"(?<!\w){root}", text, re.IGNORECASE) is not None


def _head(quote: Quote) -> str:
    article = quote.article
    return " ".join([article.title, *article.authors, article.publisher or "", article.section or ""])


def _is_near(quote: Quote, part: str) -> bool:
    """Tell whether a word of a name stands in the paragraph of a quote or the one before it."""
    text = quote.article.text
    paragraph = text.rfind("\n", 0, quote.start)
    start = text.rfind("\n", 0, max(0, len(text[:paragraph].rstrip()))) if paragraph > 0 else 0
    end = text.find("\n", quote.end)
    return _has(text[max(0, start) : end if end >= 0 else len(text)], part)
