"""What is kept of a visit, and what each click makes of it. Knows nothing of Gradio's components."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from rag import (
    Answer,
    Chat,
    KeptTurn,
    Notebook,
    Opinion,
    PullquoteError,
    Retriever,
    Sources,
    Turn,
    document_of,
    receipt_of,
    shown,
)
from ui import cards, kept
from ui.wording import Wording

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a visit is kept: the conversation, for each of its turns the id of the answer, and what was said of it.

    Without a conversation nothing is kept yet, or cannot be.
    """

    conversation: str | None = None
    answers: tuple[str, ...] = ()
    opinions: Mapping[str, Opinion] = field(default_factory=dict)

    def id(self, turn: int) -> str:
        """Return the id of a turn's answer, or nothing where it is not kept."""
        return self.answers[turn] if 0 <= turn < len(self.answers) else ""


class Loaded(NamedTuple):
    """A conversation that was opened again."""

    kept: Kept
    turns: tuple[Turn, ...]
    sources: Sources
    missing: tuple[str, ...] = ()
    """What of it can no longer be quoted, and why."""


class Outcome(NamedTuple):
    """What a click comes to; None leaves what is shown as it was."""

    kept: Kept
    panel: str | None = None
    loaded: Loaded | None = None


def keep(notebook: Notebook, chat: Chat, before: Kept) -> tuple[Kept, str]:
    """Keep a conversation after a turn; return also what to say where it cannot be: asking goes on all the same."""
    problem = ""
    # One that was deleted meanwhile, perhaps in another window, is kept as a new one.
    for conversation in dict.fromkeys([before.conversation, None]):
        try:
            key, answers = notebook.conversations.save(chat, conversation)
            return replace(before, conversation=key, answers=answers), ""
        except PullquoteError as error:
            problem = str(error)
    _LOG.warning("a turn is not kept: %s", problem)
    return replace(before, answers=()), problem


def load(notebook: Notebook, retriever: Retriever, conversation: str) -> Loaded:
    """Return a conversation to go on with.

    Raises:
        PullquoteError: it is not there, or damaged.
    """
    chat = notebook.conversations.load(conversation, retriever)
    ids = tuple(each.id for each in notebook.conversations.turns(conversation, retriever.article))
    opinions = {each.answer: each for each in notebook.feedback.given() if each.answer in ids}
    return Loaded(Kept(conversation, ids, opinions), chat.turns, chat.sources, chat.missing)


def linked(notebook: Notebook, retriever: Retriever, answer: str) -> Loaded | None:
    """Return the conversation of the answer that a link `/?answer=ID` names; None where this person keeps none.

    An answer that another took the place of comes alone.
    """
    try:
        found = notebook.conversations.answer(answer, retriever.article)
        whole = load(notebook, retriever, found.conversation)
    except PullquoteError:
        return None
    return whole if answer in whole.kept.answers else Loaded(Kept(), (found.turn,), Sources())


def clip(say: Wording, notebook: Notebook, answer: Answer, number: object) -> str:
    """Put aside the quote of a card; return what to say, or nothing where there is no such quote.

    Raises:
        PullquoteError: it cannot be kept.
    """
    quote = next((each for each, own in cards.numbers(answer).items() if own == number), None)
    if quote is None or answer.refused:
        return ""
    notebook.clippings.add(quote)
    return say("clipped")


def judge(notebook: Notebook, before: Kept, turn: object, way: str, reason: str) -> Kept | None:
    """Say that an answer is good or bad; the same once more takes it back. None where there is no such answer.

    Raises:
        PullquoteError: it cannot be kept.
    """
    key = before.id(turn) if isinstance(turn, int) else ""
    if not key or way not in ("good", "bad"):
        return None
    known = before.opinions.get(key)
    others = {each: opinion for each, opinion in before.opinions.items() if each != key}
    if known and (known.up, known.reason) == (way == "good", reason if way == "bad" else ""):
        notebook.feedback.withdraw(key)
        return replace(before, opinions=others)
    notebook.feedback.give(key, up=way == "good", reason=reason if way == "bad" else "")
    given = notebook.feedback.of(key)
    return replace(before, opinions=others | ({key: given} if given else {}))


def downloads(say: Wording, notebook: Notebook, retriever: Retriever, before: Kept, turn: int, asked: Turn) -> str:
    """Return the downloads of one answer and its receipt, whether or not it is kept."""
    key = before.id(turn)
    if key:
        one = notebook.conversations.answer(key, retriever.article)
    else:
        one = KeptTurn("", "", asked, receipt_of(asked.answer, retriever).to_json())
    return kept.downloads_html(say, document_of(asked.question, [one]), one.receipt)


def act(
    say: Wording, notebook: Notebook, retriever: Retriever, before: Kept, action: str, key: str, text: str
) -> Outcome:
    """Do what a click or a form of the panel names: the browser may name anything.

    Raises:
        PullquoteError: what it names is not there, or cannot be kept.
    """
    conversations = notebook.conversations
    if action == "search" and text.strip():
        return Outcome(before, kept.found_html(say, conversations.search(text), text))
    if action == "open":
        loaded = load(notebook, retriever, key)
        return Outcome(loaded.kept, None, loaded)
    if action == "rename":
        conversations.rename(key, text)
    elif action == "delete":
        conversations.delete(key)
        before = Kept() if before.conversation == key else before
    elif action == "export":
        turns = conversations.turns(key, retriever.article)
        return Outcome(before, kept.exported_html(say, document_of(conversations.title(key), turns)))
    elif action in ("board", "note", "tags", "move", "remove", "export-board"):
        return Outcome(before, _board(say, notebook, retriever, action, key, text))
    return Outcome(before, kept.shelf_html(say, conversations.recent(), before.conversation))


def _board(say: Wording, notebook: Notebook, retriever: Retriever, action: str, key: str, text: str) -> str:
    clippings = notebook.clippings
    if action == "note":
        clippings.edit(key, note=text)
    elif action == "tags":
        clippings.edit(key, tags=[text])
    elif action == "move":
        clippings.move(key, max(0, clippings.get(key).position + (1 if text == "down" else -1)))
    elif action == "remove":
        clippings.remove(key)
    found = shown(clippings.board(), retriever.index)
    if action == "export-board":
        return kept.exported_html(say, document_of(say.plain("clippings"), found))
    return kept.board_html(say, found)
