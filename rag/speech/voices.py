"""Whether an outlet states something itself, lets somebody say it, or gives their words in quotation marks."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum

from index.article import Article
from rag.speech.speakers import Speaker, speech


class Kind(StrEnum):
    """How something is said."""

    STATED = "stated"
    """By the outlet itself."""
    ATTRIBUTED = "attributed"
    """By somebody, in the outlet's words."""
    QUOTED = "quoted"
    """By somebody, in quotation marks."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a span of an article."""

    kind: Kind
    speaker: Speaker | None = None
    """Whoever it is attributed to, or quoted from; None where the outlet speaks, or it cannot be told who does."""


_STATED = Voice(Kind.STATED)


def voice(article: Article, start: int, end: int) -> Voice:
    """Return who speaks in [start, end): whoever speaks in most of it goes before the outlet's own words."""
    known = speech(article)
    spans = known.quotations
    first = bisect_left([each.quote.end for each in spans], start + 1)
    quoted = 0
    most: tuple[int, Speaker | None] = (0, None)
    for each in spans[first:]:
        if each.quote.start >= end:
            break
        shared = min(end, each.quote.end) - max(start, each.quote.start)
        quoted += shared
        if shared > most[0] or (shared == most[0] and most[1] is None):
            most = shared, each.speaker
    if quoted * 2 >= end - start:
        return Voice(Kind.QUOTED, most[1])
    lines = known.reading.lines
    place = max(0, bisect_right([each.start for each in lines], start) - 1)
    best: tuple[int, Voice] = (0, _STATED)
    while place < len(lines) and lines[place].start < end:
        if place in known.indirect:
            begin, finish, speaker = known.indirect[place]
            shared = min(end, finish) - max(start, begin)
            if shared > best[0]:
                best = shared, Voice(Kind.ATTRIBUTED, speaker)
        place += 1
    if best[0]:
        return best[1]
    return Voice(Kind.QUOTED, most[1]) if most[0] and most[1] else _STATED


def speaker_of(article: Article, start: int, end: int) -> str | None:
    """Return the name of whoever speaks in [start, end); None where the outlet does, or it cannot be told who."""
    speaker = voice(article, start, end).speaker
    return speaker.name if speaker else None
