"""Yes/no questions: the quote that decides first, and what the program may say of it."""

from collections.abc import Sequence
from datetime import date

from index.passage import sentences
from rag.compose.choose import Chosen
from rag.compose.voices import reported
from rag.compose.yesno import Says, of_now, verdict

OPEN = "The articles say this about it:"


def decided(question: str, near: Sequence[Chosen]) -> tuple[str, Chosen | None]:
    """Return what may be said before the quotes, and the quote that decides; None where none does.

    Sentences that contradict each other decide nothing.
    """
    found: list[tuple[Says, Chosen, str]] = []
    for each in near:
        inside = each.sentence
        for start, end in sentences(inside, each.article.language):
            if said := verdict(question, inside[start:end], each.article):
                found.append((said, each, inside[start:end]))
    if len({said for said, _, _ in found}) != 1:
        return OPEN, None
    stated = [each for each in found if not reported(each[2]).attributed]
    said, quote, sentence = (stated or found)[0]
    voice = reported(sentence)
    if voice.attributed and not voice.speaker:
        return OPEN, quote
    words = f"According to {voice.speaker}, {said}" if voice.attributed else str(said).capitalize()
    day = quote.article.published
    return f"{words}{_as_of(day)}." if of_now(question) and day else f"{words}.", quote


def _as_of(day: date) -> str:
    """Return when it was so: what is asked of now was true when the article was printed."""
    return f" (as of {day.day} {day:%b %Y})"
