"""Whether a sentence affirms or denies what a yes/no question asks, as far as its words tell surely.

No parser and no model: a sentence decides only where its clause has all of the question's words, in the question's
order, and nothing that weakens it ("if", "expected", "denied"). One negation in that clause denies. All else is open.
Pure functions of texts.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from index.article import Article
from rag.compose.words import Token, content, stem, tokens
from rag.question import STOP_WORDS
from rag.stories.counts import CALENDAR


class Says(StrEnum):
    """What a sentence says to a question."""

    YES = "yes"
    NO = "no"


_LEAD = re.compile(
    r"^(?:(?:and|so|but|then)\b,? )?(?P<aux>did|does|do|is|are|was|were|has|have|had|will|would|can|could|"
    r"should|may|might|"
    r"must)(?P<not>n['’]t)? (?P<rest>.+?)[?!. ]*$",
    re.IGNORECASE,
)
_ANYONE = re.compile(
    r"\b(?:anyone|anybody|someone|somebody|anything|something|any|a single|ever|really|actually|yet|already|"
    r"still|too)\b",
    re.I,
)
_STILL = re.compile(r"\b(?:still|yet|already)\b", re.IGNORECASE)
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "fail",
        "failed",
        "fails",
        "refused",
        "refuses",
        "declined",
        "declines",
        "hardly",
        "barely",
        "scarcely",
        "unable",
        "nowhere",
    ]
)
# What weakens a clause so that it is neither affirmed nor denied.
_OPEN = re.compile(
    r"\b(?:if|whether|unless|until|to have|would|could|may|might|should|must|can|ought|expected|expects?|"
    r"planned|plans?|planning|"
    r"propos(?:ed|al|es|als)|likely|unlikely|possibl[ey]|perhaps|maybe|hop(?:es?|ed|ing)|wants?|wanted|asked|"
    r"asks|asking|"
    r"seek(?:s|ing)?|sought|consider(?:s|ed|ing)?|threat\w*|promis\w+|vow\w*|pledg\w+|intend\w*|tr(?:y|ies|ied|ying)|"
    r"attempt\w*|almost|nearly|alleg\w+|reportedly|suspect\w*|accus\w+|claim\w*|believ\w+|appear\w*|seem\w*|"
    r"rumou?r\w*|"
    r"suppos\w+|den(?:y|ies|ied)|due to have|due on|was due|were due|was to|were to|is to|are to|aims?|aimed|"
    r"urg\w+|calls? for|"
    r"called for|question\w*|doubt\w*|wrongly|mistakenly|falsely|hoax|joke\w*|as if|as though|other than|"
    r"instead|rather than|"
    r"about to|going to|set to|ready to|willing to|offer(?:ed|s)? to|agreed to|voted to|decided to|refus\w+ to|"
    r"feared?|"
    r"wonder\w*|say when|ago|used to|predict\w*|forecast\w*|estimat\w+|chance|only)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|unless|until|whether|provided|once|according)\b", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|['’]ll|won['’]t)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;:—–]| but | although | though | while | whereas | because | since | after | before | when |, (?:and|"
    r"who|which|where|whose) |[“”\"]"
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "captain",
        "judge",
        "mayor",
        "councillor",
        "cllr",
        "president",
        "professor",
        "inspector",
    ]
)
_OPPOSITE_PAIRS = (
    ("rise", "fall"), ("increase", "decrease"), ("accept", "reject"), ("approve", "reject"), ("open", "close"),
    ("open", "shut"), ("win", "lose"), ("alive", "dead"), ("guilty", "innocent"), ("pass", "fail"),
    ("support", "oppose"), ("related", "unrelated"), ("hurt", "unhurt"), ("hurt", "unharmed"), ("increase", "fall"),
    ("allowed", "banned"), ("true", "false"), ("succeed", "fail"), ("convict", "acquit"),
)  # fmt: skip
_OPPOSITES: dict[str, set[str]] = {}
for _one, _other in _OPPOSITE_PAIRS:
    _OPPOSITES.setdefault(stem(_one), set()).add(stem(_other))
    _OPPOSITES.setdefault(stem(_other), set()).add(stem(_one))
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being"])
_MAIN_VERBS = frozenset(["have", "has", "had", "say", "get", "go"])  # that are grammar elsewhere
_FUTURE = frozenset({"will", "would", "shall"})
_STATE = frozenset(["is", "are", "does", "do", "has", "have", "can", "will", "may", "might", "should", "could", "must"])
_BEFORE = 3  # words between a negation and what it denies
_AFTER = 4
_SWAPPED = 2
_ASIDE_COMMAS = 2
_WINDOW = 40  # words that what decides spans at most
_LEAST = 2  # of the question's words


def verdict(question: str, sentence: str, article: Article) -> Says | None:
    """Return what a sentence of an article says to a yes/no question; None where it is open."""
    match = _LEAD.match(" ".join(question.split()))
    if not match or match["not"] or re.search(r"\b(?:not|never|no)\b", match["rest"], re.IGNORECASE):
        return None
    rest = match["rest"]
    found = tokens(sentence)
    asked = [each for each in tokens(_ANYONE.sub(" ", rest)) if content([each]) or each.text.lower() in _MAIN_VERBS]
    wanted = [each for each in asked if not _is_date(each)]
    if len(wanted) < _LEAST or not all(_dated(each, found, article) for each in asked if _is_date(each)):
        return None
    placed = _placed(wanted, found, article)
    if placed is None or not _in_order(placed.places, wanted):
        return None
    if not _plain(sentence, found, placed.places, match["aux"].lower(), rest):
        return None
    return _polarity(sentence, found, placed, rest)


def _plain(sentence: str, found: Sequence[Token], places: Sequence[int], aux: str, rest: str) -> bool:
    """Tell whether the words found stand in one clause, of the question's tense, that nothing weakens."""
    if _CLAUSE.search(_without_asides(sentence, [found[place] for place in sorted(places)])):
        return False
    first, last = min(places), max(places)
    begin, end = _begin(sentence, found[first].start), found[last].end
    after = _CLAUSE.search(sentence, end)
    stop = after.start() if after else len(sentence)
    own = _stems(rest)
    weak = [*_OPEN.finditer(sentence, begin, end), *_IF.finditer(sentence, end, stop)]
    if any(stem(each.group().split()[0]) not in own for each in weak):
        return False
    if aux in _BE and not any(each.text.lower() in _BE for each in found[first:last]):
        return False
    return bool(_WILL.search(sentence[begin:stop])) == (aux in _FUTURE)


def _polarity(sentence: str, found: Sequence[Token], placed: "_Placed", rest: str) -> Says | None:
    """Return whether the clause of the words found affirms or denies; None where that is not plain."""
    first, last = min(placed.places), max(placed.places)
    begin, end, own = _begin(sentence, found[first].start), found[last].end, _stems(rest)
    negations = [each for each in found if begin <= each.start < end and _negates(each) and each.stem not in own]
    late = any(_negates(each) for each in found[last + 1 : last + _AFTER])
    if late or len(negations) + placed.opposites > 1:
        return None
    if negations:
        where = found.index(negations[0])
        near = [place for place in placed.places if where < place <= where + _BEFORE and found[place].text.islower()]
        return Says.NO if near and negations[0].text.lower() != "without" else None
    if placed.opposites:
        return Says.NO
    return None if _STILL.search(rest) or _only_to_be(found, placed.places, rest) else Says.YES


def _begin(sentence: str, start: int) -> int:
    """Return where the clause of a place begins."""
    return max((each.end() for each in _CLAUSE.finditer(sentence, 0, start)), default=0)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[\w’'-]+", text)}


def of_now(question: str) -> bool:
    """Tell whether a yes/no question asks how things are, so that its answer changes with time."""
    match = _LEAD.match(" ".join(question.split()))
    return match is not None and match["aux"].lower() in _STATE


class _Placed(NamedTuple):
    """Where the words of a question stand in a sentence, as numbers of its words."""

    places: list[int]
    opposites: int
    """How many of them stand there as their opposites."""


def _placed(wanted: Sequence[Token], found: Sequence[Token], article: Article) -> _Placed | None:
    """Return where the words of a question stand in a sentence, or None where one is missing."""
    places: list[int] = []
    opposites = 0
    for number, each in enumerate(wanted):
        here = [place for place, other in enumerate(found) if other.stem == each.stem]
        if not here:
            here = [place for place, other in enumerate(found) if other.stem in _OPPOSITES.get(each.stem, ())]
            opposites += bool(here)
        if not here and _first_name(wanted, number) and _same_person(wanted, number, article):
            continue
        if not here:
            return None
        places.append(next((place for place in here if place >= max(places, default=0)), here[-1]))
    spread = max(places) - min(places) if len(places) >= _LEAST else _WINDOW + 1
    return _Placed(places, opposites) if spread <= _WINDOW else None


def _in_order(places: Sequence[int], wanted: Sequence[Token]) -> bool:
    """Tell whether a sentence has the question's words in the question's order, so that who did it to whom is kept.

    But "the tuba stolen in December" is the stolen tuba.
    """
    for number, (one, other) in enumerate(pairwise(places)):
        common = len(places) == len(wanted) and wanted[number].text.islower() and wanted[number + 1].text.islower()
        if one > other and not (common and one - other <= _SWAPPED):
            return False
    return True


def _without_asides(sentence: str, held: Sequence[Token]) -> str:
    """Return what stands from the first to the last of the words held, without what is between two commas there."""
    pieces: list[str] = []
    for one, other in pairwise(held):
        between = sentence[one.end : other.start]
        if between.count(",") >= _ASIDE_COMMAS:
            between = between[: between.index(",")] + between[between.rindex(",") + 1 :]
        pieces += [one.text, between]
    return "".join([*pieces, held[-1].text])


def _is_date(word: Token) -> bool:
    return bool(CALENDAR.fullmatch(word.text)) or bool(re.fullmatch(r"(?:19|20)\d\d", word.text))


def _dated(word: Token, found: Sequence[Token], article: Article) -> bool:
    """Tell whether a month, day or year of the question is the sentence's, or that of the article's date."""
    if any(each.stem == word.stem for each in found):
        return True
    day = article.published
    if day is None or any(_is_date(each) for each in found):
        return False
    return word.text in {str(day.year), f"{day:%B}"}


def _first_name(wanted: Sequence[Token], number: int) -> bool:
    """Tell whether a word of the question is a first name or a title before another name."""
    each, following = wanted[number], wanted[number + 1 : number + 2]
    return each.text[0].isupper() and any(
        other.start == each.end + 1 and other.text[0].isupper() for other in following
    )


def _same_person(wanted: Sequence[Token], number: int, article: Article) -> bool:
    """Tell whether an article knows by the last name only the person whose first name, or title, the question has."""
    first, last = wanted[number].text, re.sub(r"['’]s?$", "", wanted[number + 1].text)
    names = set(re.findall(rf"\b([A-Z][\w’'-]+) {re.escape(last)}\b", article.text))
    names = {name for name in names if name.lower() not in _TITLES | STOP_WORDS}
    return names == {first} or (first.lower() in _TITLES and len(names) <= 1)


def _negates(word: Token) -> bool:
    lower = word.text.lower()
    return lower in _NEGATIONS or lower.endswith(("n't", "n’t"))


def _only_to_be(found: Sequence[Token], places: Sequence[int], rest: str) -> bool:
    """Tell whether a word that decides is only to be done: "voted to strike" says of no strike that it was."""
    for place in places:
        before = found[place - 1].text.lower() if place else ""
        word = found[place].text.lower()
        if before == "to" and f"to {word}" not in rest.lower() and found[place].text.islower():
            return True
    return False
