"""The days of a claim, and which of them its quotes do not bear out.

Days named in the claim and in the quotes are read as of the day on which the quoted article was published, so that
"yesterday", "on Tuesday" and "12 March" are compared as days. A day is borne out by the same or a more exact one in the
quote's sentence or the one before it, or by the article's own date where the claim names that day, month or year.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.dates.days import Days, named_days
from rag.quotes import Quote
from rag.verdicts.pieces import sentence_of

_MARKS = str.maketrans('“”«»„"‘’–—−\u00a0', "       '--- ")
_LED = re.compile(
    r"\b(?:in|on|since|of|by|until|till|from|last|next|this|early|late|mid|before|after|during|between|and|to|through|for)"
    r"(?: the)?[ -]\Z",
    re.IGNORECASE,
)
_NO_DATE = date(2000, 1, 3)
_SENTENCE_CHARS = 400


def blanked(text: str) -> str:
    """Return a text, character for character, without the days that it names: their numbers count nothing."""
    for days in _named(text, _NO_DATE):
        if re.search(r"\d", text[days.start : days.end]) or not days.weak:
            text = text[: days.start] + " " * (days.end - days.start) + text[days.end :]
    return text


def unborne(claim: str, quotes: Sequence[Quote]) -> Iterator[str]:
    """Yield the days of a claim that no quote bears out, in words."""
    around = [context(quote) for quote in quotes]
    for place in range(len(_named(claim, _NO_DATE))):
        words = ""
        for quote, text in zip(quotes, around, strict=True):
            asked = _named(claim, quote.article.published or _NO_DATE)
            if place >= len(asked):  # which words name days may hang on the day of reading
                break
            claimed = asked[place]
            words = claim[claimed.start : claimed.end]
            if _borne_out(words, claimed, quote, text):
                break
        else:
            if words:
                known = quotes[0].article.published
                printed = f" (its article is of {known.day} {known:%b %Y})" if known else ""
                yield f"the quote does not say “{words}”{printed}"


def context(quote: Quote) -> str:
    """Return the sentence of a quote, and the one before it in its paragraph: they say when."""
    text = quote.article.text
    span = sentence_of(quote)
    before = text[max(0, span.start - _SENTENCE_CHARS) : span.start].rstrip()
    last = re.split(r"(?<=[.!?])[”\"]?\s+|\n", before)[-1]
    return f"{last} {text[span.start : span.end]}"


def _named(text: str, as_of: date) -> list[Days]:
    """Return the days that a text names; what is in quotation marks says when, too."""
    plain = text.translate(_MARKS)
    return [days for days in named_days(plain, as_of) if not days.weak or _LED.search(plain[: days.start])]


def _borne_out(words: str, claimed: Days, quote: Quote, text: str) -> bool:
    if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE):
        return True
    published = quote.article.published
    if published is None:
        return False
    if claimed.first <= published <= claimed.last:
        return True
    return any(
        claimed.first <= there.first and there.last <= claimed.last
        for there in named_days(text.translate(_MARKS), published)
    )
