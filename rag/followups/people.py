"""Who "he" and "she" may be: the people named, and what their articles call them. Pure functions over texts."""

import re
from collections.abc import Iterable, Sequence

from rag.english import CALENDAR, TITLE
from rag.question import STOP_WORDS

_NAME = re.compile(
    r"(?:\b(?:[Tt]he ))?\b[^\W\d_a-z][\w’'-]*\w(?:(?: (?:of|de|la|van|von|der|den|al|bin))* [^\W\d_a-z][\w’'-]*\w)*"
)
_DAY = re.compile(rf"{'|'.join(CALENDAR)}|Jan|Feb|Aug|Sept|Oct|Nov|Dec")
_HE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_MALE = re.compile(
    r"\b(?:Mr|Sir|Lord|King|Prince|Father|Brother|Baron|Duke|Emperor|Sheikh|\w*(?:[Cc]hair|[Ss]pokes|[Bb]usiness|"
    r"[Ff]ire|[Cc]ongress)man|[Aa]ctor|[Ss]on|[Hh]usband|[Bb]rother|[Ff]ather|[Gg]randfather|[Uu]ncle)\.? $"
)
_FEMALE = re.compile(
    r"\b(?:Mrs|Ms|Miss|Dame|Lady|Queen|Princess|Sister|Mother|Baroness|Duchess|Empress|\w*(?:[Cc]hair|[Ss]pokes|"
    r"[Bb]usiness|[Ff]ire|[Cc]ongress)woman|[Aa]ctress|[Dd]aughter|[Ww]ife|[Ss]ister|[Mm]other|[Gg]randmother|"
    r"[Aa]unt)\.? $"
)
_REACH = 300  # characters after a name in which a pronoun speaks of it, if nobody else is named before
_SURE = 2  # how many times as often "she" as "he"


def named(text: str) -> list[str]:
    """Return what a text names, in order, each once: "Maren Holt", "the Tallow Bridge".

    Titles are left out, and so are days and datelines ("PIKEHITHE, May 8").
    """
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        name = re.sub(r"[’']s?$", "", match.group())
        name = re.sub(rf"^(?:[Tt]he )?{TITLE}(?=[A-Z])", "", name)
        first, *rest = name.split()
        if first.lower() in STOP_WORDS and first.lower() != "the":  # "Who", "Did", "When"
            name = " ".join(rest)
        if name and name.lower() not in STOP_WORDS and not _DAY.fullmatch(name) and not (name.isupper() and name[4:]):
            found.setdefault(name)
    # "Holt" beside "Maren Holt" is the same; beside a second Holt it is nobody's name.
    return [name for name in found if not any(name != other and other.endswith(f" {name}") for other in found)]


def is_place(name: str, texts: Iterable[str]) -> bool:
    """Tell whether the texts speak of something that is in, at or near what is named so."""
    place = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear) {re.escape(name)}\b(?!['’]s)")
    return any(place.search(text) for text in texts)


def of_gender(names: Sequence[str], texts: Iterable[str], pronoun: str) -> list[str]:
    """Return those of the names that the texts call by a title or pronoun of the gender of `pronoun`."""
    texts = list(texts)
    wanted = "she" if _SHE.fullmatch(pronoun) else "he"
    return [name for name in names if gender(name, texts) == wanted]


def gender(name: str, texts: Iterable[str]) -> str | None:
    """Return "he" or "she", as the texts call somebody by titles, else by the pronouns that follow; None if neither."""
    texts = list(texts)
    if name.startswith("the ") or is_place(name, texts):
        return None
    he = she = 0
    pattern = re.compile(rf"\b(?:{re.escape(name)}|{re.escape(name.split()[-1])})\b")
    for text in texts:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 20) : match.start()]
            he += 10 * bool(_MALE.search(before))
            she += 10 * bool(_FEMALE.search(before))
            after = text[match.end() : match.end() + _REACH]
            other = next((each for each in _NAME.finditer(after) if not pattern.search(each.group())), None)
            after = after[: other.start()] if other and other.group().lower() not in STOP_WORDS else after
            pronouns = [(found.start(), kind) for kind in (_HE, _SHE) if (found := kind.search(after))]
            if pronouns:
                kind = min(pronouns)[1]
                he, she = he + (kind is _HE), she + (kind is _SHE)
    if he >= _SURE * max(she, 1) / 2 and he > _SURE * she:
        return "he"
    return "she" if she > _SURE * he else None
