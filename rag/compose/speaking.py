"""Questions for what somebody said: that person's words first, and nobody else's in their place."""

import re
from collections.abc import Sequence

from rag.compose.choose import Chosen
from rag.compose.words import stems
from rag.speech import voice
from rag.verdicts.speakers import Same, same_speaker

_VERBS = (
    r"(?:say|said|says|tell|told|think|call|describe|claim|announce|warn|reply|argue|respond|comment|explain|insist|promise|"
    r"suggest|react|admit|deny|predict|want people to know)"
)
_WHO = r"(?P<who>(?:[\w’'.-]+ ){0,6}?[\w’'.-]+?)"
_ASKED = (
    re.compile(
        rf"\b(?:what|how) (?:else |exactly )?(?:did|does|has|had|do|have) {_WHO} (?:[a-z]+ly )?{_VERBS}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bwhat (?:was|is|were) {_WHO}['’]s? (?:\w+ )?"
        r"(?:views?|opinion|reaction|response|comments?|reply|explanation|answer)\b",
        re.IGNORECASE,
    ),
)
_PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "you", "people", "anyone", "who"])


def speaker_asked(question: str) -> str:
    """Return whose words a question asks for; "" where it asks for nobody's."""
    for pattern in _ASKED:
        if (match := pattern.search(question)) and match["who"].lower() not in _PRONOUNS:
            return match["who"]
    return ""


def words_of(speaker: str, near: Sequence[Chosen]) -> list[Chosen]:
    """Return the candidates that are the speaker's words or the outlet's, best first; none of somebody else's.

    Empty where none is the speaker's: then the articles may tell of a view that nobody is quoted with.
    """
    kept: list[Chosen] = []
    own = False
    for each in near:
        said = voice(each.article, each.candidate.sentence.start, each.candidate.sentence.end).speaker
        theirs = said is not None and _is(speaker, f"{said.title} {said.name}")
        own = own or theirs
        if said is None or theirs:
            kept.append(each)
    return kept if own else []


def _is(asked: str, known: str) -> bool:
    same = same_speaker(asked, known)
    if same is Same.UNKNOWN:  # "the mayor", "police"
        return set(stems(asked)) <= set(stems(known))
    return same is Same.YES
