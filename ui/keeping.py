"""What is kept, on the page: what each click makes of it, and the components that show it.

Only `lay_out` and `wire` know Gradio's components.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from rag import Answer, Chat, KeptTurn, Notebook, PullquoteError, Retriever, Turn, Users, document_of, shown
from ui.archive import Archive
from ui.kept import board_html, downloads_html, found_html, judged_html, shelf_html
from ui.render import error_html, notice_html

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a visit is kept: the conversation, and for each of its turns the id of the answer."""

    conversation: str | None = None
    answers: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What a click comes to."""

    kept: Kept
    panel: str
    """The panel of what is kept."""
    turns: tuple[Turn, ...] | None = None
    """The turns that the page is to show now; None where it shows what it showed."""


def keep(notebook: Notebook, retriever: Retriever, turns: Sequence[Turn], kept: Kept) -> tuple[Kept, str]:
    """Keep a conversation after a turn; return what to say where it cannot be: asking goes on all the same."""
    try:
        return Kept(*notebook.conversations.save(Chat(retriever, turns=turns), kept.conversation)), ""
    except PullquoteError as error:
        _LOG.warning("a turn is not kept: %s", error)
        return kept, notice_html(f"This answer is not kept: {error}")


def linked(notebook: Notebook, retriever: Retriever, answer: str) -> KeptTurn | None:
    """Return the answer that a link `/?answer=ID` names, or None where this person keeps none of this id."""
    try:
        return notebook.conversations.answer(answer, retriever.article)
    except PullquoteError:
        return None


def clip(notebook: Notebook, answer: Answer, number: object) -> str:
    """Put aside the quote that carries a number on the page; say what came of it."""
    quotes = list(dict.fromkeys(answer.quotes))
    if not isinstance(number, int) or not 1 <= number <= len(quotes):
        return ""
    try:
        notebook.clippings.add(quotes[number - 1])
    except PullquoteError as error:
        return error_html(str(error))
    return notice_html("Put aside.")


def act(notebook: Notebook, retriever: Retriever, kept: Kept, action: str, key: str, text: str) -> Outcome:
    """Do what a click or a form names: the browser may name anything. What goes wrong becomes a sentence."""
    try:
        return _done(notebook, retriever, kept, action, key, text)
    except PullquoteError as error:
        return Outcome(kept, error_html(str(error)))


def _done(notebook: Notebook, retriever: Retriever, kept: Kept, action: str, key: str, text: str) -> Outcome:
    conversations = notebook.conversations
    if action == "search" and text.strip():
        return Outcome(kept, found_html(conversations.search(text), text))
    if action == "open":
        chat = conversations.load(key, retriever)
        ids = tuple(each.id for each in conversations.turns(key, retriever.article))
        return Outcome(Kept(key, ids), shelf_html(conversations.recent(), key), chat.turns)
    if action == "rename":
        conversations.rename(key, text)
    elif action == "delete":
        conversations.delete(key)
        kept = Kept() if kept.conversation == key else kept
    elif action == "export":
        turns = conversations.turns(key, retriever.article)
        return Outcome(kept, downloads_html(document_of(conversations.title(key), turns)))
    elif action in ("good", "bad"):
        notebook.feedback.give(key, up=action == "good", reason=text)
        return Outcome(kept, judged_html(key, notebook.feedback.of(key), notebook.feedback.reasons))
    elif action in ("board", "note", "tags", "move", "remove", "export-board"):
        return Outcome(kept, _board(notebook, retriever, action, key, text))
    return Outcome(kept, shelf_html(conversations.recent(), kept.conversation))


def _board(notebook: Notebook, retriever: Retriever, action: str, key: str, text: str) -> str:
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
    return downloads_html(document_of("Clippings", found)) if action == "export-board" else board_html(found)


# Gradio


class Parts(NamedTuple):
    """The components of what is kept."""

    kept: gr.State
    panel: gr.HTML


def lay_out() -> Parts:
    """Return the components, in the column where this is called."""
    panel = gr.HTML(
        shelf_html([]),
        elem_id="kept",
        html_template="<div>${value}</div>",
        js_on_load=(Path(__file__).parent / "keeping.js").read_text("utf-8"),
        apply_default_css=False,
    )
    return Parts(gr.State(Kept()), panel)


def wire(
    page: gr.Blocks,
    parts: Parts,
    archive: Archive,
    notebook: Notebook,
    show: Callable[[tuple[Turn, ...]], list[Any]],
    outputs: Sequence[Any],
) -> None:
    """Wire the panel; `show` gives what the other components, `outputs`, are to show for the turns of a conversation.

    Whoever is logged in sees what he or she keeps; `notebook` is that of the page without users.
    """

    def greet(kept: Kept, request: gr.Request) -> str:
        mine = notebook.of(request.username or "")
        return act(mine, archive.retriever(), kept, "list", "", "").panel

    def clicked(kept: Kept, request: gr.Request, event: gr.EventData) -> list[Any]:
        mine = notebook.of(request.username or "")
        named = (str(event.action), str(event.id), str(event.text))
        done = act(mine, archive.retriever(), kept, *named)
        return [done.kept, done.panel, *(show(done.turns) if done.turns is not None else [gr.skip()] * len(outputs))]

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    gr.on([page.load], greet, parts.kept, parts.panel, **quiet)
    parts.panel.keep(clicked, parts.kept, [*parts, *outputs], **quiet)


def asking(users: Users) -> Callable[[str, str], Awaitable[bool]]:
    """Return what Gradio's `auth` is to be: hashing a password takes long, and others are not to wait for it."""

    async def verified(name: str, password: str) -> bool:
        try:
            return await asyncio.to_thread(users.verify, name, password)
        except PullquoteError as error:
            _LOG.error("nobody is let in: %s", error)
            return False

    return verified
