"""A conversation on the page, and what each click makes of it. Knows nothing of Gradio's components.

Each function takes the `Talk` of one person and returns, or yields, `View`s: all that the page then shows. A part of
a view that is None stays as it is.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from rag import Answer, Chat, IndexMissing, PullquoteError, QuestionError, Retriever, Summary, Turn
from ui import render
from ui.archive import Archive

_LOG = logging.getLogger(__name__)
_EXAMPLES = 4
_DATE_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y")
_UNEXPECTED = "Something went wrong on the server. It has been logged; please try again."


@dataclass(frozen=True, slots=True)
class Talk:
    """All that the server keeps of one person's visit: the turns so far, and the one being answered."""

    turns: tuple[Turn, ...] = ()
    asking: str | None = None
    partial: Answer | None = None

    @property
    def answers(self) -> list[Answer]:
        """Return the answers on the page, in order."""
        return [*(turn.answer for turn in self.turns), *([self.partial] if self.partial else [])]


class View(NamedTuple):
    """What the page shows."""

    talk: Talk
    transcript: str | None = None
    sources: str | None = None
    status: str | None = ""
    question: str | None = None
    busy: bool = False


class Greeting(NamedTuple):
    """What the page shows when it is opened."""

    masthead: str
    transcript: str
    waiting: bool
    """Whether there is nothing to ask yet, but may be soon."""


def greet(archive: Archive) -> Greeting:
    """Say what the archive holds, or why there is none."""
    try:
        retriever = archive.retriever()
        masthead = render.masthead_html(retriever.summary)
        return Greeting(masthead, render.welcome_html(retriever.summary, retriever.examples(_EXAMPLES)), False)
    except Exception as error:  # an outermost loop: see _in_words
        waiting = isinstance(error, IndexMissing)
        return Greeting(render.masthead_html(None), render.no_index_html(_in_words(error)), waiting)


def ask(archive: Archive, question: str, as_of: str, talk: Talk) -> Iterator[View]:
    """Answer a question: yield the page as the answer grows. What goes wrong becomes a sentence below it."""
    if not question.strip():
        yield View(talk, status=render.error_html("Type a question first."))
        return
    try:
        day = parse_day(as_of)
        retriever = archive.retriever()
        yield from _answer(retriever, question, day, talk)
    except Exception as error:  # an outermost loop: see _in_words
        yield _problem(archive, talk, question, _in_words(error))


def stop(archive: Archive, talk: Talk) -> View:
    """Keep what an interrupted answer had said; where it had said nothing, give the question back."""
    if talk.asking is None:
        return View(talk)
    if talk.partial is None:
        return _problem(archive, talk, talk.asking, "Stopped before the first words came.")
    kept = Talk((*talk.turns, Turn(talk.asking, talk.partial.searched, talk.partial)))
    return View(kept, _transcript(kept, archive.retriever().summary))


def restart(archive: Archive) -> View:
    """Begin a new conversation."""
    return View(Talk(), greet(archive).transcript, sources=render.no_sources_html(), question="")


def sources(talk: Talk, turn: object) -> str | None:
    """Return the sources of a turn's answer, or None where there is no such turn."""
    answer = _answer_of(talk, turn)
    return render.sources_html(answer, talk.answers.index(answer)) if answer else None


def article(talk: Talk, turn: object, number: object) -> str | None:
    """Return the article of a numbered card, opened at its mark, or None where there is no such card."""
    answer = _answer_of(talk, turn)
    if answer is None or not isinstance(number, int) or not isinstance(turn, int):
        return None
    if answer.refused:
        hits = [hit for place, hit in enumerate(answer.hits, 1) if place == number]
        spans = [(hit.passage.start, hit.passage.end) for hit in hits]
        return render.article_html(hits[0].article, [], spans[0], turn) if hits else None
    quote = render.quote_at(answer, number)
    if quote is None:
        return None
    marks = [(each.start, each.end) for each in dict.fromkeys(answer.quotes) if each.article == quote.article]
    return render.article_html(quote.article, marks, (quote.start, quote.end), turn)


def parse_day(text: str) -> date | None:
    """Return the day that someone wrote, or None for an empty field.

    Raises:
        QuestionError: it is not a date.
    """
    written = " ".join(text.split())
    if not written:
        return None
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    raise QuestionError(
        f"As of: {written[:40]!r} is not a date. Write it like 2026-05-01, or leave it empty for today."
    )


def _answer(retriever: Retriever, question: str, day: date | None, talk: Talk) -> Iterator[View]:
    chat = Chat(retriever, turns=talk.turns)
    summary = retriever.summary
    talk = Talk(talk.turns, asking=question)
    yield View(talk, _transcript(talk, summary), question="", busy=True)
    shown = None
    for answer in chat.stream(question, day):
        talk = Talk(talk.turns, question, answer)
        found = (answer.refused, answer.quotes)
        beside = None if found == shown else render.sources_html(answer, len(talk.turns))
        shown = found
        yield View(talk, _transcript(talk, summary), beside, busy=True)
    done = Talk(chat.turns)
    yield View(done, _transcript(done, summary))


def _in_words(error: Exception) -> str:
    """Return what to tell a person: our errors are written for them; anything else is logged, and said to be."""
    if isinstance(error, PullquoteError):
        return str(error)
    _LOG.error("unexpected, while serving the page", exc_info=error)
    return _UNEXPECTED


def _problem(archive: Archive, talk: Talk, question: str, message: str) -> View:
    """Return the page as it was before the question, the question back in its box, and what was wrong with it."""
    before = Talk(talk.turns)
    transcript = _transcript(before, archive.retriever().summary) if talk.turns else greet(archive).transcript
    return View(before, transcript, status=render.error_html(message), question=question)


def _transcript(talk: Talk, summary: Summary) -> str:
    turns = [
        render.turn_html(number, turn.question, render.answer_html(turn.answer, summary, number))
        for number, turn in enumerate(talk.turns)
    ]
    if talk.asking is not None:
        answer = render.answer_html(talk.partial, summary, len(turns)) if talk.partial else None
        turns.append(render.turn_html(len(turns), talk.asking, answer))
    return "".join(turns)


def _answer_of(talk: Talk, turn: object) -> Answer | None:
    """Return the answer of a turn that the browser names; it may name anything."""
    known = isinstance(turn, int) and 0 <= turn < len(talk.answers)
    return talk.answers[turn] if known and isinstance(turn, int) else None
