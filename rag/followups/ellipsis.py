"""Completes what is left out of a question: "And in Pikehithe?", "Why?", "How many?". Pure functions over its words.

Each takes the question and the one before it, and returns the whole question, or None where it cannot be told.
"""

import re
from collections.abc import Sequence
from datetime import date

from rag.dates import when
from rag.english import is_verb
from rag.followups.people import is_place, named
from rag.question import STOP_WORDS

_OPENER = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|also|ok(?:ay)?)\b,? ?)*(?:(?:what|how) about\b ?)?(?:then\b,? ?)?", re.IGNORECASE
)
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?"
_PREPOSITIONS = "about|after|against|among|at|before|between|by|during|for|from|in|near|of|on|over|since|to|under|with"
_PLACING = "at|from|in|near|of"
_WH = re.compile(
    rf"(?:(?P<lead>{_PREPOSITIONS}) )?"
    r"(?P<wh>why|when|where|whom|how(?: (?:long|often|many|much|far|old|soon|come|so))?|"
    r"(?:which|what) (?:day|month|year|date|time|place|town|city|country))(?: (?:exactly|then))?\W*",
    re.IGNORECASE,
)
_YES_NO = re.compile(rf"^(?P<verb>{_AUXILIARY}) (?P<rest>.+?)\W*$", re.IGNORECASE)
_ADVERB = re.compile(
    rf"^(?:when|where|how(?: (?:long|often|soon|far))?|(?:in|on|at) (?:which|what) \w+) (?P<verb>{_AUXILIARY}) "
    r"(?P<rest>.+?)\W*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(  # "How many people were hurt in the fire?" and then "Why?"
    r"^how (?:many|much) (?P<noun>[a-z]+(?: [a-z]+)?) (?P<be>is|are|was|were|has|have|will) (?P<more>.+?)\W*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^(?:(?:any|some) )?(?P<noun>people|men|women|children|[a-z]{3,}s)\b (?P<rest>.+)$")
_PHRASE = re.compile(
    rf"(?:(?P<lead>{_PREPOSITIONS}) )?(?P<words>(?:(?:the|an?) )?[\w’'.&-]+(?: [\w’'.&-]+){{0,4}})\W*", re.IGNORECASE
)
_ANY_DAY = date(2025, 6, 18)  # which words are days does not hang on it
_POINTING = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "him",
        "her",
        "them",
        "his",
        "its",
        "their",
        "that",
        "this",
        "these",
        "those",
        "there",
        "one",
        "ones",
        "else",
        "other",
    ]
)


def opened(question: str) -> str:
    """Return a question without the words that tie it to the one before: "and", "what about"."""
    return _OPENER.sub("", question, count=1)


def asked_again(rest: str, base: str) -> str | None:
    """Return `base` asked with the question word that `rest` consists of: "Where?" after "Was the tuba found?"."""
    word = _WH.fullmatch(rest)
    if not word:
        return None
    wh, lead = word["wh"].lower(), f"{word['lead'].lower()} " if word["lead"] else ""
    whole = _YES_NO.match(base) or (_AMOUNT if wh in ("why", "how come", "how so") else _ADVERB).match(base)
    if not whole:
        return None
    if whole.re is _AMOUNT:
        verb, said = whole["be"].lower(), f"{whole['noun']} {whole['more']}"
    else:
        verb, said = whole["verb"].lower(), whole["rest"]
    if wh in ("how many", "how much"):
        counted = _COUNTED.match(said)
        return f"{wh.capitalize()} {counted['noun']} {verb} {counted['rest']}?" if counted and not lead else None
    wh = {"how come": "why", "how so": "how"}.get(wh, wh)
    made = f"{lead}{wh} {verb} {said}?"
    return made[0].upper() + made[1:]


def substituted(rest: str, base: str, texts: Sequence[str] = ()) -> str | None:
    """Return `base` with what `rest` names in the place of what it names of the same kind.

    The same kind is what the same preposition leads to ("in Brevignac", "in Pikehithe"), else the only name that has an
    article like it, or like it has none. Where nothing is of its kind, words after a preposition come last.
    `texts` tell that "mayor of Varrowmouth" and then "And Bewick?" are a place and no place.
    """
    phrase = _PHRASE.fullmatch(rest)
    words = phrase["words"].split() if phrase else []
    if (
        not phrase
        or any(word.lower() in _POINTING or (is_verb(word.lower()) and word.islower()) for word in words)
        or words[-1].lower() in STOP_WORDS
        or (words[0].lower() in STOP_WORDS and words[0].lower() not in ("a", "an", "the"))
    ):
        return None
    said = phrase["words"]
    if phrase["lead"]:
        lead = phrase["lead"].lower()
        spans = list(_led(base, lead))
        if spans:
            proper = [span for span in spans if re.search(r"[A-Z]", base[slice(*span)])]
            start, end = (proper if proper and re.search(r"[A-Z]", said) else spans)[-1]
            return f"{base[:start]}{said}{base[end:]}"
        close = re.search(r"\W*$", base)
        assert close is not None  # noqa: S101 - it matches nothing at least
        return f"{base[: close.start()]} {lead} {said}{base[close.start() :]}"
    if not re.match(r"(?:[Tt]he |[Aa]n? )?[A-Z0-9]", said) or " or " in said or " and " in said:
        return None
    names = [name for name in named(base) if name.lower().startswith("the ") == said.lower().startswith("the ")]
    if len(names) > 1:  # a place would come with its preposition
        names = [name for name in names if not _after("at|from|in|near|on|to", name, base)]
    if len(names) != 1 or (_after(_PLACING, names[0], base) and _no_place(said, texts)):
        return None
    return base.replace(names[0], said, 1)


def _after(leads: str, name: str, base: str) -> bool:
    return re.search(rf"\b(?:{leads}) {re.escape(name)}", base) is not None


def _no_place(name: str, texts: Sequence[str]) -> bool:
    """Tell whether the texts have a name, and nothing that is in, at or near it."""
    return any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts) and not is_place(name, texts)


def _led(base: str, lead: str) -> list[tuple[int, int]]:
    """Return the spans of the phrases, but days, that a preposition leads to: up to a verb or another preposition."""
    dated = [period.span for period in when.periods(base, _ANY_DAY)]
    found: list[tuple[int, int]] = []
    for match in re.finditer(rf"\b{lead} ", base, re.IGNORECASE):
        end = match.end()
        for word in re.finditer(r"[\w’'.&-]*[\w’'&-]", base[match.end() :]):
            lower = word.group().lower()
            if base[end : match.end() + word.start()].strip() or re.fullmatch(_PREPOSITIONS, lower):
                break
            if end > match.end() and (is_verb(lower) or lower in ("and", "or", "who", "that", "which")):
                break
            end = match.end() + word.end()
        if end > match.end() and not any(start < end and match.start() < last for start, last in dated):
            found.append((match.end(), end))
    return found
