"""Who speaks in a sentence: the words that name the speaker, read from the sentence with its quotations blotted out."""

import re
from typing import NamedTuple

from rag.speech.lines import BLOTS
from rag.speech.saying import ABBREVIATED, ADVERBS, STRICT, VERB

_ABBREVIATED = re.compile(ABBREVIATED)
_DOT = "\u2024"
_Q = f"[{BLOTS}]"
_AFTER = re.compile(rf"{_Q},? ?(?:\w+ly )?{VERB} (?P<who>[^.;:{BLOTS}]+)")
_BETWEEN = re.compile(rf"{_Q},? ?(?P<who>[^.;:{BLOTS}]{{1,160}}?) {ADVERBS}{VERB}\b")
_ACCORDING = re.compile(rf"\b[Aa]ccording to (?P<who>[^.;{BLOTS}]+)")
_COLON = re.compile(rf"^(?P<who>(?:[\w’'.-]+ ){{0,4}}[\w’'.-]+): ?{_Q}")
_VERBS = re.compile(rf"(?<![\w-]){VERB}\b")
_REPORTS = re.compile(rf"(?P<who>[^;:{BLOTS}]{{1,200}}?) {ADVERBS}{STRICT}\b")
_CLAUSE = re.compile(rf"; | — | – |, (?:and|but|so|while|as|after|when|because|although|who) | that |{_Q}")
_OBJECT = re.compile(r"^(?:me|us|him|her|them|it|that|this|what|how|why)\b")
_PRONOUN = re.compile(
    r"^(?:(?:but|and|so|then|yet|as|later|when|after|while|because) )*(?P<word>he|she|they|i|we|it)$", re.IGNORECASE
)
_ADVERBS = re.compile(rf"(?: {ADVERBS.replace(' )*', ')')}| also| later)+$")
_OPENING = re.compile(
    r"^(?:but|and|so|yet|then|still|meanwhile|however|instead|later|as|when|while|after|because|although|for|in|on|at|to|"
    r"during|before|since|with|by|from|if|though) ",
    re.IGNORECASE,
)


class Cue(NamedTuple):
    """The words that say who speaks, and where they begin."""

    words: str
    start: int
    next_to: bool
    """They stand beside the quotation, rather than before words that lead to it."""


def cue(line: str, start: int, end: int, offset: int = 0) -> Cue | None:
    """Return who says the blotted words [start, end) of a line; `offset` is where the line begins in its article."""
    line = _undotted(line)
    if (match := _AFTER.match(line, end - 1)) and not _OBJECT.match(match["who"]):
        return _made(_after(match["who"]), match.start("who") + offset, next_to=True)
    if match := _BETWEEN.match(line, end - 1):
        return _made(_subject(match["who"]), match.start("who") + offset, next_to=True)
    if match := _COLON.match(line):
        return _made(match["who"], offset, next_to=True)
    found = _before(line, start)
    if found:
        return _made(found[0], found[1] + offset, next_to=False)
    if match := _ACCORDING.search(line):
        return _made(_after(match["who"]), match.start("who") + offset, next_to=False)
    return None


def reporter(line: str, offset: int = 0) -> Cue | None:
    """Return who is let say what a line reports without quotation marks: "Holt said the bridge was safe"."""
    line = _undotted(line)
    if match := _ACCORDING.search(line):
        return _made(_after(match["who"]), match.start("who") + offset, next_to=False)
    if match := re.search(rf", (?P<who>[^,;:{BLOTS}]{{1,80}}?) {ADVERBS}{STRICT}(?: [^,.]{{1,60}})?[.]?$", line):
        return _made(_subject(match["who"]), match.start("who") + offset, next_to=False)
    if match := re.search(rf", {STRICT} (?P<who>[^;:{BLOTS}]+)$", line):
        return _made(_after(match["who"]), match.start("who") + offset, next_to=False)
    if match := _REPORTS.match(line):
        return _made(_subject(match["who"]), offset, next_to=False)
    return None


def _undotted(line: str) -> str:
    """Return a line with another character for each full stop that ends no sentence."""
    return _ABBREVIATED.sub(lambda match: match.group()[:-1] + _DOT, line)


def _made(words: str, start: int, *, next_to: bool) -> Cue | None:
    words = words.replace(_DOT, ".").strip(" ,")
    return Cue(words, start, next_to) if words else None


def _before(line: str, start: int) -> tuple[str, int] | None:
    """Return the subject of the nearest verb of saying before a quotation."""
    for match in reversed(list(_VERBS.finditer(line, 0, start))):
        begin = max((each.end() for each in _CLAUSE.finditer(line, 0, match.start())), default=0)
        who = _subject(line[begin : match.start()])
        if who:
            return who, begin
    return None


def _subject(words: str) -> str:
    """Return the subject out of the words before its verb: "In a letter, Ana Holt, the mayor," gives "Ana Holt"."""
    words = _ADVERBS.sub("", " " + words.strip()).strip()
    closed = words.endswith(",")
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if closed and len(parts) > 1:  # the last part is an aside
        parts = parts[:-1]
        while len(parts) > 1 and re.match(r"(?:the|a|an|who|whose|which|aged|\d)", parts[-1]):
            parts.pop()
    if not parts:
        return ""
    chosen = parts[-1]
    if match := _PRONOUN.match(chosen):
        return match["word"].lower()
    if re.search(r"\b(?:who|which|that)$", chosen) and not re.match(r"(?:who|which|that)\b", chosen):
        return ""  # "those who said": many, or nobody
    if re.match(r"(?:who|which|that)\b", chosen):
        return parts[-2] if len(parts) > 1 and parts[-2][:1].isupper() else ""
    while (opened := _OPENING.match(chosen)) and len(chosen.split()) > 1:
        if opened.group().strip().lower() not in {
            "but",
            "and",
            "so",
            "yet",
            "then",
            "still",
            "meanwhile",
            "later",
            "as",
        }:
            return ""
        chosen = chosen[opened.end() :]
    return chosen


def _after(words: str) -> str:
    """Return who it is out of the words after a verb, without what follows: "the mayor, Ana Holt, in a letter"."""
    parts = [part.strip() for part in words.split(",")]
    first = re.sub(
        r" (?:who|when|after|as|while|during|before|since|because|on|in an?|in the|at the|to|from|last|this)\b.*$",
        "",
        parts[0],
    )
    if first[:1].islower() and len(parts) > 1 and re.fullmatch(r"(?:[A-Z][\w’'.-]+ ?){2,4}", parts[1]):
        return f"{first}, {parts[1]}"
    return first
