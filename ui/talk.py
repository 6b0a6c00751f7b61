"""A conversation on the page: what is kept of it, shown of it, and how it begins. Knows no components of Gradio's."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event
from typing import NamedTuple

from rag import Answer, IndexMissing, Notebook, PullquoteError, Sources, Summary, Turn
from ui import cards, front, render
from ui.archive import Archive
from ui.choice import Amiss, Form
from ui.keeping import Kept, Loaded, judge
from ui.wording import Wording

_LOG = logging.getLogger(__name__)
_EXAMPLES = 5
_PATIENCE_S = 10


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
    return View(talk, transcript(say, talk), beside, gone, "")


def judged(say: Wording, notebook: Notebook, talk: Talk, turn: object, way: str, reason: str) -> View | None:
    """Return the page after somebody said what an answer is worth; None where there is none, or one is being made.

    Raises:
        PullquoteError: it cannot be kept.
    """
    kept = judge(notebook, talk.kept, turn, way, reason) if talk.asking is None else None
    if kept is None:
        return None
    talk = replace(talk, kept=kept)
    return View(talk, transcript(say, talk), status=None)


def in_words(say: Wording, error: Exception) -> str:
    """Return what to tell a person, as HTML: our errors are written for them; anything else is logged."""
    return str(error) if isinstance(error, Amiss) else say.said(_message(say, error))


def _message(say: Wording, error: Exception) -> str:
    if isinstance(error, PullquoteError):
        return str(error)
    _LOG.error("unexpected, while serving the page", exc_info=error)
    return say.plain("unexpected")


def transcript(say: Wording, talk: Talk) -> str:
    """Return the questions and answers, and the one that is being answered."""
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
