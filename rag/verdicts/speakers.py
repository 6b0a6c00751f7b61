"""Whether the person named as the speaker of a quotation is the one that the article names."""

import re
import unicodedata
from enum import StrEnum

from rag.quotes import Quote
from rag.speech import speaker_of

_NO_NAMES = """
mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend captain capt sgt sergeant inspector mayor councillor
cllr president senator sen rep representative minister judge justice chief coach manager king queen prince princess
pope bishop father sister the of deputy prime secretary governor gov general gen colonel col lieutenant lt constable
officer detective superintendent head teacher chair chairman chairwoman
"""
_TITLES = frozenset(_NO_NAMES.split())


class Same(StrEnum):
    """How two names of speakers go together."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def same_speaker(named: str, found: str | None) -> Same:
    """Tell whether a speaker as named is the one found: "Quill" and "Mayor Edda Quill" are, "Edda" and "Ada Quill" not.

    Unknown where nobody was found, or where one of the two is no name ("the mayor", "a spokesman").
    """
    one, other = _parts(named), _parts(found or "")
    if not one or not other:
        return Same.UNKNOWN
    few, many = sorted((one, other), key=len)
    if all(any(_alike(part, each) for each in many) for part in few):
        return Same.YES
    return Same.NO


def surname(name: str) -> str:
    """Return the last part of a name as written; "" where it is no name."""
    parts = [word.strip(".,’'") for word in name.split() if word[:1].isupper() and _plain(word) not in _TITLES]
    return parts[-1] if parts else ""


def _parts(name: str) -> list[str]:
    """Return the parts of a name that are written as names are, without titles."""
    words = re.findall(r"[^\W\d_][\w’'.-]*", re.sub(r"['’]s\b", "", name))
    if not any(word[0].isupper() for word in words) and len(words) != 1:
        return []
    kept = [word for word in words if word[0].isupper() or len(words) == 1]
    return [plain for word in kept if (plain := _plain(word)) and plain not in _TITLES]


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.casefold()).replace("’", "'").rstrip(".")
    return "".join(each for each in letters if not unicodedata.combining(each))


def _alike(one: str, other: str) -> bool:
    """Tell whether two parts of names are the same, one of them perhaps an initial."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def speaker_of_quote(quote: Quote) -> str | None:
    """Return who says the words of a quote, as far as its article tells."""
    return speaker_of(quote.article, quote.start, quote.end)
