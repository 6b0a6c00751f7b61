"""How well a sentence, or two adjoining ones, answers a question: features that can be explained, and their weights.

The weights are a logistic choice among all sentences of the passages read (listwise softmax), fitted on one half of
three question sets by a script that is not kept; tests/bench/fit.py shows what they reach. "pair" was not fitted but
set: what is fitted takes two sentences nearly always, since more words hold more answers; at this weight half of the
quotes are one sentence.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from rag import rank
from rag.answer import Hit
from rag.dates import when
from rag.question import STOP_WORDS, Kind, kind_of

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
_QUOTED = re.compile(r"[“\"][^“”\"]{25,}")  # a statement in somebody's words, not a word in quotation marks
_SAID = re.compile(
    r"\b(?:said|says|told|added|called|warned|described|wrote|announced|claimed|insisted|argued)\b", re.IGNORECASE
)
_NAME = re.compile(r"(?<=.)\b[A-Z][\w’'-]+", re.DOTALL)
_HOW_MANY = re.compile(r"\bhow (?:many|much) (?:more |of the |of |other )?([a-z]+)", re.IGNORECASE)

WEIGHTS: dict[str, float] = {
    "closeness": 5.9,  # late interaction of its tokens with the question's
    "weighted": 3.9,  # the same, rare words of the question weighing more
    "coverage": 1.7,  # idf-weighted share of the question's words
    "passage": 1.5,  # how far its passage's score is below the first one's
    "kind": 0.5,  # holds (or lacks) what could be an answer of the kind wanted
    "counted": 0.45,  # holds (or lacks) a number of what "how many …" counts
    "recent": 1.9,  # log of its date factor, where the question speaks of time: "latest", "now"
    "place": -0.2,  # log of how far into its article it stands, in thousands of characters
    "asks": -1.1,  # is itself a question
    "pair": -0.1,  # is two sentences: they must hold together what neither holds alone
}


class Asked(NamedTuple):
    """What of a question its sentences are compared with."""

    kind: Kind
    words: frozenset[str]  # lower case
    of_time: bool
    counted: str | None
    """What "how many" asks to count, without its ending."""


def asked(question: str) -> Asked:
    """Analyse a question once for all sentences."""
    match = _HOW_MANY.search(question)
    noun = match.group(1).lower() if match and match.group(1).lower() not in STOP_WORDS else None
    return Asked(
        kind=kind_of(question),
        words=frozenset(word.lower() for word in re.findall(r"[\w’'-]+", question)),
        of_time=when.relative(question),
        counted=noun.rstrip("s")[:8] if noun else None,
    )


def score(about: Asked, hits: Sequence[Hit], place: int, number: int) -> float:
    """Return how well sentence `number` of hit `place` answers, higher is better."""
    return own(about, hits[place], number) + WEIGHTS["passage"] * (unread(hits[place]) - unread(hits[0]))


def own(about: Asked, hit: Hit, number: int) -> float:
    """Return how well a sentence answers, whatever its passage's place among others."""
    values = features(about, hit, number)
    return sum(weight * values[name] for name, weight in WEIGHTS.items() if name != "passage")


def unread(hit: Hit) -> float:
    """Return a passage's score without what its best sentence adds to it: that is in the sentence's own already."""
    return hit.score - rank.WEIGHTS.sentence * (hit.why.sentence or 0.0)


def features(about: Asked, hit: Hit, number: int) -> dict[str, float]:
    """Return the features of a sentence of a hit, by the names of `WEIGHTS`, but "passage"."""
    sentence = hit.sentences[number]
    text = hit.article.text[sentence.start : sentence.end]
    return {
        "closeness": sentence.closeness,
        "weighted": sentence.weighted,
        "coverage": sentence.coverage,
        "kind": _kind(about, text),
        "counted": _counted(about.counted, text),
        "recent": math.log(hit.why.date_factor) if about.of_time else 0.0,
        "place": math.log1p(sentence.start / 1000),
        "asks": float(text.rstrip().endswith("?")),
        "pair": float(sentence.pair),
    }


def _kind(about: Asked, text: str) -> float:
    """Return 1 where the sentence holds what could be an answer of the kind wanted, -1 where not, 0 for other kinds."""
    pattern = {
        Kind.NUMBER: _NUMBER,
        Kind.TIME: _TIME,
        Kind.PERSON: _NAME,
        Kind.PLACE: _NAME,
        Kind.REASON: _REASON,
    }.get(about.kind)
    if about.kind is Kind.STATEMENT:
        return 1.0 if _QUOTED.search(text) else 0.0 if _SAID.search(text) else -1.0
    if pattern is None:
        return 0.0
    # What the question said itself is no answer to it.
    return 1.0 if any(match.group().lower() not in about.words for match in pattern.finditer(text)) else -1.0


def _counted(noun: str | None, text: str) -> float:
    """Return 1 where a number stands within four words before the noun, -1 where not, 0 where nothing is counted."""
    if noun is None:
        return 0.0
    number = rf"(?:\d[\d,.]*|\b(?:{_NUMBER_WORDS}))(?:[ -][\w’'-]+){{0,3}}[ -]{re.escape(noun)}"
    return 1.0 if re.search(number, text, re.IGNORECASE) else -1.0
