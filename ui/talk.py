"""A conversation on the page, and what each click makes of it. Knows nothing of Gradio's components.

Each function takes the `Talk` of one person and returns, or yields, `View`s: all that the page then shows. A part of
a view that is None stays as it is.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import Event
from typing import NamedTuple

from rag import Answer, Chat, IndexMissing, PullquoteError, QuestionError, Summary, Turn
from ui import render
from ui.archive import Archive

_LOG = logging.getLogger(__name__)
_EXAMPLES = 5
_DATE_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y")
_NOTICE_S = 0.5
_PATIENCE_S = 10
_UNEXPECTED = "Something went wrong on the server. It has been logged; please try again."


@dataclass(frozen=True, slots=True)
class Running:
    """An answer in the making: whoever wants it to end says so here, and can wait until it has."""

    stop: Event = field(default_factory=Event)
    finished: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True)
class Talk:
    """All that the server keeps of one person's visit: the turns so far, and the one being answered."""

    turns: tuple[Turn, ...] = ()
    summary: Summary | None = None
    """What the archive held at the last question."""
    asking: str | None = None
    partial: Answer | None = None
    running: Running | None = None

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
    # Gradio's callback, an outermost loop: whatever goes wrong is logged by _in_words and becomes a plain sentence.
    except Exception as error:
        waiting = isinstance(error, IndexMissing)
        return Greeting(render.masthead_html(None), render.no_index_html(_in_words(error)), waiting)


def warm_up(archive: Archive) -> None:
    """Open the archive and load its model before a first question has to wait for both."""
    with suppress(PullquoteError):  # the page will say it
        archive.retriever().search("warm up", k=1)


def ask(archive: Archive, question: str, as_of: str, talk: Talk) -> Iterator[View]:
    """Answer a question: yield the page as the answer grows. What goes wrong becomes a sentence below it."""
    if not question.strip():
        yield View(talk, status=render.error_html("Type a question first."))
        return
    try:
        yield from _answer(archive, question, parse_day(as_of), talk)
    # The other outermost loop, for the same reason as in `greet`.
    except Exception as error:
        yield _problem(archive, talk, question, _in_words(error))


def correct(archive: Archive, searched: str, as_of: str, talk: Talk) -> Iterator[View]:
    """Ask the last question again, searching for these words instead: its answer takes the place of the last one."""
    if not talk.turns or not searched.strip():
        yield View(talk, status=render.error_html("Type what is to be searched for."))
        return
    *before, last = talk.turns
    view = None
    try:
        for view in _answer(archive, last.question, parse_day(as_of), replace(talk, turns=tuple(before)), searched):
            yield view
    # As in `ask`.
    except Exception as error:
        yield _problem(archive, talk, None, _in_words(error))
        return
    if view and len(view.talk.turns) < len(talk.turns):  # stopped before the first words: the answer before stays
        kept = Talk(talk.turns, talk.summary)
        yield View(kept, _transcript(kept), status=view.status)


def stop(talk: Talk) -> str | None:
    """Let the answer in the making end at its next words; say so where these are long in coming."""
    if talk.running is None:
        return None
    talk.running.stop.set()
    return None if talk.running.finished.wait(_NOTICE_S) else render.notice_html("Stopping…")


def restart(archive: Archive, talk: Talk) -> View:
    """Begin a new conversation, once the answer in the making has ended: it would write into the new one."""
    if talk.running is not None:
        talk.running.stop.set()
        talk.running.finished.wait(_PATIENCE_S)
    return View(Talk(), greet(archive).transcript, sources=render.no_sources_html(), question="")


def sources(talk: Talk, turn: object) -> str | None:
    """Return the sources of a turn's answer, or None where there is no such turn: the browser may name anything."""
    if not isinstance(turn, int) or not 0 <= turn < len(talk.answers):
        return None
    return render.sources_html(talk.answers[turn], turn)


def article(talk: Talk, turn: object, number: object) -> str | None:
    """Return the article of a numbered card, opened at its mark, or None where there is no such card."""
    if not isinstance(turn, int) or not 0 <= turn < len(talk.answers) or not isinstance(number, int):
        return None
    answer = talk.answers[turn]
    if answer.refused:
        hits = [each.hit for place, each in enumerate(render.near(answer), 1) if place == number]
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


def _answer(
    archive: Archive, question: str, day: date | None, talk: Talk, searched: str | None = None
) -> Iterator[View]:
    retriever = archive.retriever()
    chat = Chat(retriever, turns=talk.turns)
    running = Running()
    talk = Talk(talk.turns, retriever.summary, question, running=running)
    shown = None
    try:
        yield View(talk, _transcript(talk), question="" if searched is None else None, busy=True)
        for answer in chat.stream(question, day, searched=searched):
            if running.stop.is_set():
                break
            if answer is talk.partial:  # a model has written nothing new; there was a chance to stop
                continue
            talk = replace(talk, partial=answer)
            found = (answer.refused, answer.quotes)
            beside = None if found == shown else render.sources_html(answer, len(talk.turns))
            shown = found
            yield View(talk, _transcript(talk), beside, busy=True)
        yield _ended(archive, talk, chat)
    finally:
        running.finished.set()


def _ended(archive: Archive, talk: Talk, chat: Chat) -> View:
    """Return the page after an answer, or after what was said of it before it was stopped."""
    turns, asked, said = chat.turns, talk.asking or "", talk.partial
    if len(turns) == len(talk.turns):
        if said is None or not said.begun:
            return _problem(archive, talk, asked, "Stopped before the first words came.")
        turns = (*turns, Turn(asked, said.searched, said))
    done = Talk(turns, talk.summary)
    return View(done, _transcript(done))


def _in_words(error: Exception) -> str:
    """Return what to tell a person: our errors are written for them; anything else is logged, and said to be."""
    if isinstance(error, PullquoteError):
        return str(error)
    _LOG.error("unexpected, while serving the page", exc_info=error)
    return _UNEXPECTED


def _problem(archive: Archive, talk: Talk, question: str | None, message: str) -> View:
    """Return the page as it was before the question, the question back in its box, and what was wrong with it."""
    before = Talk(talk.turns, talk.summary)
    transcript = _transcript(before) if talk.turns else greet(archive).transcript
    return View(before, transcript, status=render.error_html(message), question=question)


def _transcript(talk: Talk) -> str:
    last = len(talk.turns) - 1 if talk.asking is None else None
    turns = [
        render.turn_html(
            number, turn.question, render.answer_html(turn.answer, talk.summary, number, can_correct=number == last)
        )
        for number, turn in enumerate(talk.turns)
    ]
    if talk.asking is not None:
        answer = render.answer_html(talk.partial, talk.summary, len(turns)) if talk.partial else None
        turns.append(render.turn_html(len(turns), talk.asking, answer))
    return "".join(turns)
