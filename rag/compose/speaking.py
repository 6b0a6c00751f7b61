"""Questions for what somebody said: that person's words first, and nobody else's in their place."""

import re
from collections.abc import Sequence

from rag.compose.choose import Chosen
from rag.compose.words import stems
from rag.speech import Kind, voice
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
_TOPIC = 1.0  # what holding all of the topic is worth, in the scores of sentences
_ASKING = frozenset(stems("say said tell describe explain comment react reaction response view think claim call"))
_PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "you", "people", "anyone", "who"])


def speaker_asked(question: str) -> str:
    """Return whose words a question asks for; "" where it asks for nobody's."""
    for pattern in _ASKED:
        if (match := pattern.search(question)) and match["who"].lower() not in _PRONOUNS:
            return match["who"]
    return ""


def words_of(speaker: str, question: str, near: Sequence[Chosen]) -> list[Chosen]:
    """Return the candidates that are the speaker's words or the outlet's, best first; none of somebody else's.

    What it is about weighs more than for other questions: whoever speaks often says much in nearly the same words.

    Empty where none is the speaker's: then the articles may tell of a view that nobody is quoted with.
    """
    kept: list[Chosen] = []
    own = False
    for each in near:
        said = voice(each.article, each.quote.start, each.quote.end)
        theirs = said.speaker is not None and _is(speaker, f"{said.speaker.title} {said.speaker.name}")
        own = own or theirs
        if said.kind is Kind.STATED or theirs:
            kept.append(each)
    topic = set(stems(question)) - set(stems(speaker)) - _ASKING
    if not own:
        return []
    on = {id(each): _on(each, topic) for each in kept}
    about = [each for each in kept if on[id(each)]] or kept  # the topic may be called by another word
    return sorted(about, key=lambda each: -each.candidate.score - _TOPIC * on[id(each)])


def _on(each: Chosen, topic: set[str]) -> float:
    """Return the share of the topic that a candidate's sentence and title hold; the rest of its passage counts half."""
    held = topic & set(stems(f"{each.article.title} {each.sentence}"))
    beside = topic & set(stems(each.candidate.hit.text)) - held
    return (len(held) + len(beside) / 2) / max(1, len(topic))


def _is(asked: str, known: str) -> bool:
    same = same_speaker(asked, known)
    if same is Same.UNKNOWN:  # "the mayor", "police"
        return set(stems(asked)) <= set(stems(known))
    return same is Same.YES
