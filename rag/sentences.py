"""How well a sentence answers a question: features that can be explained, and their weights.

The weights are fitted by tests/bench/fit.py (a conditional logit over the sentences of the first hits) on one
half of the public question sets; they are not tuned to any question, name or publisher.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.answer import Hit, Sentence
from rag.question import STOP_WORDS, Kind, kind_of

_FRAGMENT_WORDS = 6
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|"
    "trillions?|dozens?|half|third|quarter|twice|double|triple"
)
_NUMBER = re.compile(rf"[$£€]?\d[\d,.]*%?|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:1[89]\d\d|20\d\d|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"jan(?:uary|\.)|feb(?:ruary|\.)|march|april|may|june|july|aug(?:ust|\.)|sept(?:ember|\.)|oct(?:ober|\.)|"
    r"nov(?:ember|\.)|dec(?:ember|\.)|yesterday|today|tomorrow|tonight|noon|midnight|spring|summer|autumn|winter|"
    r"(?:last|next|this) (?:week|month|year|night)|(?:days?|weeks?|months?|years?) (?:ago|later|earlier))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|after|since|caus(?:e|ed|ing)|reasons?|so that|owing|blam(?:e|ed|ing)|thanks to|"
    r"result(?:ed|ing)? (?:of|from|in)|in order to|amid|over)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“”\"]")
_SAID = re.compile(
    r"\b(?:said|says|told|added|called|warned|asked|described|wrote|tweeted|announced|claimed|insisted|argued)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_PRONOUN = re.compile(
    r"^[“\"‘']?(?:he|she|it|they|that|this|these|those|his|her|their|its|but|and|so)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow (?:many|much) (?:more |of the |of |other )?([a-z]+)", re.IGNORECASE)
_WHO_SAID = re.compile(r"\bwho(?:m)?\b.*\b(?:said|say|says|call(?:ed)?|describ\w+|claim\w*|warn\w*|told|promis\w+)\b")


class Asked(NamedTuple):
    """What of a question its sentences are compared with."""

    kind: Kind
    words: frozenset[str]  # lower case
    counted: str | None
    """What "how many" asks to count, without its ending."""
    who_said: bool


FEATURES = (
    "closeness",
    "coverage",
    "passage",
    "first passage",
    "neighbour",
    "fragment",
    "length",
    "lead",
    "leans",
    "number",
    "counted",
    "time",
    "name",
    "reason",
    "statement",
    "speaker",
)
WEIGHTS: tuple[float, ...] = (10.0, 1.0, 3.5, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.6, 0.0, 0.6, 0.6, 0.6, 0.6, 0.0)


def asked(question: str) -> Asked:
    """Analyse a question once for all sentences."""
    counted = _HOW_MANY.search(question)
    noun = counted.group(1).lower() if counted and counted.group(1).lower() not in STOP_WORDS else None
    return Asked(
        kind=kind_of(question),
        words=frozenset(word.lower() for word in re.findall(r"[\w’'-]+", question)),
        counted=noun.rstrip("s")[:8] if noun else None,
        who_said=bool(_WHO_SAID.search(question.lower())),
    )


def score(about: Asked, hits: Sequence[Hit], place: int, number: int) -> float:
    """Return how well sentence `number` of hit `place` answers; higher is better, 0 means nothing by itself."""
    return sum(weight * value for weight, value in zip(WEIGHTS, features(about, hits, place, number), strict=True))


def features(about: Asked, hits: Sequence[Hit], place: int, number: int) -> tuple[float, ...]:
    """Return the features of sentence `number` of hit `place`, in the order of `FEATURES`."""
    hit = hits[place]
    sentence = hit.sentences[number]
    text = hit.article.text[sentence.start : sentence.end]
    words = len(text.split())
    beside = [hit.sentences[other].closeness for other in (number - 1, number + 1) if 0 <= other < len(hit.sentences)]
    return (
        sentence.closeness,
        sentence.coverage,
        hit.score - hits[0].score,
        float(place == 0),
        max(beside, default=0.0),
        float(words < _FRAGMENT_WORDS),
        min(words, 60) / 60,
        float(sentence.start == 0),
        float(bool(_PRONOUN.match(text))),
        *_shape(about, text, sentence),
    )


def _shape(about: Asked, text: str, sentence: Sentence) -> tuple[float, ...]:
    """Return whether the sentence holds what could be an answer: 1 or -1 for the kind wanted, 0 for the others."""
    del sentence
    kind = about.kind
    return (
        _fit(kind is Kind.NUMBER, _new(_NUMBER, text, about)),
        _fit(about.counted is not None, _counts(about.counted, text)),
        _fit(kind is Kind.TIME, _new(_TIME, text, about)),
        _fit(kind in (Kind.PERSON, Kind.PLACE), _new(_NAME, text[1:], about)),
        _fit(kind is Kind.REASON, bool(_REASON.search(text))),
        _fit(kind is Kind.STATEMENT, bool(_QUOTED.search(text) or _SAID.search(text))),
        _fit(about.who_said, bool(_QUOTED.search(text)) and _new(_NAME, text[1:], about)),
    )


def _fit(wanted: bool, holds: bool) -> float:  # noqa: FBT001 - two facts, not options
    return (1.0 if holds else -1.0) if wanted else 0.0


def _new(pattern: re.Pattern[str], text: str, about: Asked) -> bool:
    """Tell whether the pattern matches something that the question did not say itself."""
    return any(match.group().lower() not in about.words for match in pattern.finditer(text))


def _counts(noun: str | None, text: str) -> bool:
    """Tell whether a number stands within three words before the noun that is counted."""
    if noun is None:
        return False
    return bool(
        re.search(
            rf"(?:\d[\d,.]*|\b(?:{_NUMBER_WORDS}))(?:[ -][\w’'-]+){{0,3}}[ -]{re.escape(noun)}", text, re.IGNORECASE
        )
    )
