"""A conversation on the page, and what each click makes of it. Knows nothing of Gradio's components.

Each function takes the `Talk` of one person and returns, or yields, `View`s: all that the page then shows. A part of
a view that is None stays as it is.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event
from typing import NamedTuple

from rag import Answer, Chat, IndexMissing, Notebook, PullquoteError, Sources, Summary, Turn, suggestions
from ui import cards, front, render
from ui.archive import Archive
from ui.choice import Amiss, Choice, Form, chosen
from ui.keeping import Kept, Loaded, judge, keep
from ui.wording import Wording

_LOG = logging.getLogger(__name__)
_EXAMPLES = 5
_NOTICE_S = 0.5
_PATIENCE_S = 10
_AT_ONCE_S = 0.3


@dataclass(frozen=True, slots=True)
class Running:
    """An answer in the making: whoever wants it to end says so here, and can wait until it has."""

    stop: Event = field(default_factory=Event)
    finished: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True)
class Talk:
    """All that the server keeps of one person's conversation: the turns so far, and the one being answered."""

    turns: tuple[Turn, ...] = ()
    summary: Summary | None = None
    """What the archive held at the last question."""
    asking: str | None = None
    partial: Answer | None = None
    running: Running | None = None
    suggestions: tuple[str, ...] = ()
    """What can be asked next."""
    kept: Kept = field(default_factory=Kept)

    @property
    def answers(self) -> list[Answer]:
        """Return the answers on the page, in order."""
        return [*(turn.answer for turn in self.turns), *([self.partial] if self.partial else [])]

    def answer(self, turn: object) -> Answer | None:
        """Return the answer of a turn, or None where there is none: the browser may name anything."""
        return self.answers[turn] if isinstance(turn, int) and 0 <= turn < len(self.answers) else None


class Desk(NamedTuple):
    """What is asked, and by whom: the same for all that one click does."""

    archive: Archive
    say: Wording
    form: Form
    sources: Sources
    notebook: Notebook | None = None
    """What this person keeps; None keeps nothing."""


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


def greet(archive: Archive, say: Wording, user: str = "") -> Greeting:
    """Say what the archive holds, or why there is none, to whoever has signed in."""
    try:
        retriever = archive.retriever()
        masthead = front.masthead_html(say, retriever.summary, user)
        welcome = front.welcome_html(say, retriever.summary, retriever.examples(_EXAMPLES))
        return Greeting(masthead, welcome, False)
    # Gradio's callback, an outermost loop: whatever goes wrong is logged by in_words and becomes a plain sentence.
    except Exception as error:
        waiting = isinstance(error, IndexMissing)
        return Greeting(front.masthead_html(say, None, user), front.no_index_html(say, _message(say, error)), waiting)


def warm_up(archive: Archive) -> None:
    """Open the archive and load its model before a first question has to wait for both."""
    with suppress(PullquoteError):  # the page will say it
        archive.retriever().search("warm up", k=1)


def ask(desk: Desk, question: str, talk: Talk) -> Iterator[View]:
    """Answer a question: yield the page as the answer grows. What goes wrong becomes a sentence below it."""
    if not question.strip():
        # After an answer it is mostly a second press of the key with which that was asked.
        yield View(talk, status=None if talk.turns else front.error_html(desk.say("type_first")))
        return
    try:
        yield from _answer(desk, question, talk)
    # The other outermost loop, for the same reason as in `greet`.
    except Exception as error:
        yield _problem(desk, talk, question, in_words(desk.say, error))


def again(desk: Desk, turn: object, question: str, talk: Talk) -> Iterator[View]:
    """Ask another question in the place of that of a turn: it and what came after it are taken back."""
    if talk.answer(turn) is None or not isinstance(turn, int) or not question.strip():
        yield View(talk, status=front.error_html(desk.say("type_first")))
        return
    yield from _instead(desk, turn, question, talk)


def correct(desk: Desk, searched: str, talk: Talk) -> Iterator[View]:
    """Ask the last question again, searching for these words instead: its answer takes the place of the last one."""
    if not talk.turns or not searched.strip():
        yield View(talk, status=front.error_html(desk.say("type_search")))
        return
    yield from _instead(desk, len(talk.turns) - 1, talk.turns[-1].question, talk, searched)


def stop(say: Wording, talk: Talk) -> str | None:
    """Let the answer in the making end at its next words; say so where these are long in coming."""
    if talk.running is None:
        return None
    talk.running.stop.set()
    return None if talk.running.finished.wait(_NOTICE_S) else front.notice_html(say("stopping"))


def restart(archive: Archive, say: Wording, talk: Talk) -> View:
    """Begin a new conversation, once the answer in the making has ended: it would write into the new one."""
    if talk.running is not None:
        talk.running.stop.set()
        talk.running.finished.wait(_PATIENCE_S)
    return View(Talk(), greet(archive, say).transcript, sources=cards.no_sources_html(say), question="")


def reopened(archive: Archive, say: Wording, loaded: Loaded) -> View:
    """Return the page with a conversation that was kept, to go on with."""
    turns = loaded.turns
    talk = Talk(turns, archive.retriever().summary, kept=loaded.kept)
    beside = cards.sources_html(say, turns[-1].answer, len(turns) - 1) if turns else cards.no_sources_html(say)
    gone = "".join(front.notice_html(say.said(f"No longer as it was: {each}.")) for each in loaded.missing)
    return View(talk, _transcript(say, talk), beside, gone, "")


def judged(say: Wording, notebook: Notebook, talk: Talk, turn: object, way: str, reason: str) -> View | None:
    """Return the page after somebody said what an answer is worth; None where there is none, or one is being made.

    Raises:
        PullquoteError: it cannot be kept.
    """
    kept = judge(notebook, talk.kept, turn, way, reason) if talk.asking is None else None
    if kept is None:
        return None
    talk = replace(talk, kept=kept)
    return View(talk, _transcript(say, talk), status=None)


def in_words(say: Wording, error: Exception) -> str:
    """Return what to tell a person, as HTML: our errors are written for them; anything else is logged."""
    return str(error) if isinstance(error, Amiss) else say.said(_message(say, error))


def _message(say: Wording, error: Exception) -> str:
    if isinstance(error, PullquoteError):
        return str(error)
    _LOG.error("unexpected, while serving the page", exc_info=error)
    return say.plain("unexpected")


def _instead(desk: Desk, turn: int, question: str, talk: Talk, searched: str | None = None) -> Iterator[View]:
    """Ask in the place of a turn; where nothing came of it, the conversation stays as it was."""
    view = None
    try:
        for view in _answer(desk, question, replace(talk, turns=talk.turns[:turn], suggestions=()), searched):
            yield view
    # As in `ask`.
    except Exception as error:
        yield _problem(desk, talk, None, in_words(desk.say, error))
        return
    if view and len(view.talk.turns) <= turn:  # stopped before the first words
        yield View(_quiet(talk), _transcript(desk.say, _quiet(talk)), status=view.status)


def _answer(desk: Desk, question: str, talk: Talk, searched: str | None = None) -> Iterator[View]:
    retriever = desk.archive.retriever()
    choice: Choice = chosen(retriever, desk.say, desk.form, desk.sources)
    chat = Chat(retriever, turns=talk.turns, sources=choice.sources)
    running = Running()
    talk = Talk(talk.turns, retriever.summary, question, running=running, kept=talk.kept)
    shown = None
    box = "" if searched is None else None  # emptied once: the next question may be typed meanwhile
    try:
        for answer in _begun(chat.stream(question, choice.as_of, choice.filters, searched=searched)):
            if answer is None:
                yield View(talk, _transcript(desk.say, talk), question=box, busy=True)
                box = None
                continue
            if running.stop.is_set():
                break
            if answer is talk.partial:  # a model has written nothing new; there was a chance to stop
                continue
            talk = replace(talk, partial=answer)
            found = (answer.refused, answer.quotes)
            beside = None if found == shown else cards.sources_html(desk.say, answer, len(talk.turns))
            shown = found
            yield View(talk, _transcript(desk.say, talk), beside, question=box, busy=True)
            box = None
        yield _ended(desk, talk, chat)
    finally:
        running.finished.set()


def _begun(answers: Iterator[Answer]) -> Iterator[Answer | None]:
    """Yield the answers, and before them None where the first lets one wait.

    Each view takes Gradio's queue and the browser some 50 ms: one that says "wait" would only put off what comes at
    once.
    """
    with ThreadPoolExecutor(1) as apart:
        first = apart.submit(next, answers, None)
        if not wait([first], _AT_ONCE_S).done:
            yield None
        answer = first.result()
    if answer is not None:
        yield answer
    yield from answers


def _ended(desk: Desk, talk: Talk, chat: Chat) -> View:
    """Return the page after an answer, or after what was said of it before it was stopped."""
    turns, asked, said = chat.turns, talk.asking or "", talk.partial
    if len(turns) == len(talk.turns):
        if said is None or not said.begun:
            return _problem(desk, talk, asked, desk.say("stopped"))
        turns = (*turns, Turn(asked, said.searched, said))
    kept, status = talk.kept, ""
    if desk.notebook is not None:
        kept, problem = keep(desk.notebook, Chat(chat.retriever, turns=turns, sources=chat.sources), kept)
        if problem:
            status = front.notice_html(desk.say("not_kept", why=desk.say.said(problem)))
    done = Talk(turns, talk.summary, suggestions=tuple(suggestions(turns[-1].answer)), kept=kept)
    return View(done, _transcript(desk.say, done), status=status)


def _quiet(talk: Talk) -> Talk:
    """Return a conversation in which nothing is being answered."""
    return Talk(talk.turns, talk.summary, suggestions=talk.suggestions, kept=talk.kept)


def _problem(desk: Desk, talk: Talk, question: str | None, message: str) -> View:
    """Return the page as it was before the question, the question back in its box, and what was wrong with it."""
    before = _quiet(talk)
    transcript = _transcript(desk.say, before) if talk.turns else greet(desk.archive, desk.say).transcript
    return View(before, transcript, status=front.error_html(message), question=question)


def _transcript(say: Wording, talk: Talk) -> str:
    still = talk.asking is None
    last = len(talk.turns) - 1 if still else None
    turns = []
    for number, turn in enumerate(talk.turns):
        following = talk.suggestions if number == last else ()
        key = talk.kept.id(number) if still else ""
        answer = render.answer_html(
            say,
            turn.answer,
            talk.summary,
            number,
            can_correct=number == last,
            suggestions=following,
            whole=still,
            kept=key,
            opinion=talk.kept.opinions.get(key),
        )
        turns.append(render.turn_html(say, number, turn.question, answer, key))
    if talk.asking is not None:
        partial = render.answer_html(say, talk.partial, talk.summary, len(turns), whole=False) if talk.partial else None
        turns.append(render.turn_html(say, len(turns), talk.asking, partial))
    return "".join(turns)
