"""When articles give different values for what is asked: each value once, newest first, and what to say of it."""

import re
from collections.abc import Sequence
from datetime import date

from rag.compose.choose import Chosen
from rag.compose.values import Given, Wanted, differ, value_of, wanted

DIFFER = "The sources differ on this; the newest comes first:"
CHANGED = "The reports changed over time; the newest comes first:"
CORRECTED = "One of these corrects the other; the newest comes first:"
_DAYS = 3  # between two reports of different sources that do not agree, rather than tell what changed
_CHANGE = re.compile(
    r"\b(?:now|risen to|rose to|fallen to|put back|slip(?:s|ped)|revised|raised to|cut to|updated|so far|"
    r"no longer|new date|"
    r"final|again|after all)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\bcorrect(?:ion|ed|s)?\b|\bwrongly (?:gave|reported|said)\b|\bshould have (?:read|been|said)\b", re.IGNORECASE
)


def differing(question: str, near: Sequence[Chosen]) -> tuple[str, list[Chosen]]:
    """Return what is to be said of values that differ and a quote for each, newest first; "" where none differ."""
    asked = wanted(question)
    given = [(each, value) for each in near if asked and (value := value_of(each.sentence, asked))]
    if asked is None or not given or given[0][0] is not near[0]:
        return "", []
    kept = [given[0]]
    for each, value in sorted(given[1:], key=lambda pair: _day(pair[0]), reverse=True):
        if all(_other(each, value, *before, asked) for before in kept):
            kept.append((each, value))
    if len(kept) < 2:
        return "", []
    quotes = sorted((each for each, _ in kept), key=_day, reverse=True)
    return _says(quotes), quotes


def _other(each: Chosen, value: Given, before: Chosen, told: Given, asked: Wanted) -> bool:
    """Tell whether two articles that have dates give different values; copies of one report are one article."""
    known = each.article.published and before.article.published
    return bool(known) and each.candidate.hit.printed != before.candidate.hit.printed and differ(value, told, asked)


def _says(quotes: Sequence[Chosen]) -> str:
    newest, oldest = quotes[0], quotes[-1]
    if _CORRECTS.search(newest.text) or _CORRECTS.search(newest.article.title):
        return CORRECTED
    same = (newest.article.publisher or "") == (oldest.article.publisher or "")
    apart = (_day(newest) - _day(oldest)).days
    return DIFFER if apart <= _DAYS and not same and not _CHANGE.search(newest.text) else CHANGED


def _day(each: Chosen) -> date:
    return each.article.published or date.min
