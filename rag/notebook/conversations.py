"""Conversations that are kept: saved after each turn, listed, searched, named, deleted, gone on with."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.errors import NotebookError
from rag.chat import Chat, Turn
from rag.notebook.store import Store, now, storable
from rag.receipts import receipt_of
from rag.retrieve import Retriever
from rag.saved import Articles, encoded, restored, whole_of
from rag.sources import Sources
from rag.write import Writer

_TITLE_CHARS = 120
_MOST = 200


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that was kept, as a list shows it."""

    id: str
    title: str
    created: datetime
    changed: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question and its answer, with what leads back to it."""

    id: str
    """Of the answer: the same for as long as the answer is kept, also where another took its place."""
    conversation: str
    turn: Turn
    receipt: dict[str, Any]
    """What `Receipt.to_json` gave when it was asked; `pullquote verify` checks it."""
    missing: tuple[str, ...] = ()
    """Of its articles: those that can no longer be quoted, and why."""

    @property
    def receipt_id(self) -> str:
        """Return the receipt's own sha256, which names it."""
        return str(self.receipt.get("receipt_sha256", ""))


@dataclass(frozen=True, slots=True)
class Mention:
    """A question of a kept conversation that holds the words searched for, or whose quotes do."""

    answer: str
    conversation: str
    title: str
    question: str
    asked: datetime


class Conversations:
    """The conversations of one owner. Nothing here reads or changes those of another."""

    def __init__(self, store: Store, owner: str) -> None:
        """Look at the conversations of `owner`, which is "" where there are no users."""
        self._store = store
        self._owner = owner

    def save(self, chat: Chat, conversation: str | None = None) -> tuple[str, tuple[str, ...]]:
        """Keep a conversation as it now is; return its id, and the id of each answer in order.

        Call it after every turn, with the id that the first call gave. Turns that are kept already stay as they were
        kept. An answer that another took the place of (asked again, branched) is no longer part of the conversation,
        but is still there by its id.

        Raises:
            NotebookError: it cannot be written, or there is no conversation of this id.
        """
        moment, pinned, excluded = now(), json.dumps(chat.sources.pinned), json.dumps(chat.sources.excluded)
        with self._store.writing() as store:
            if conversation is None:
                conversation = secrets.token_hex(8)
                title = _title(chat.turns[0].question if chat.turns else "Conversation")
                values = (conversation, self._owner, title, moment, moment, pinned, excluded)
                store.run("INSERT INTO conversations VALUES (?,?,?,?,?,?,?)", values)
            else:
                self._known(conversation)
                store.run(
                    "UPDATE conversations SET changed = ?, pinned = ?, excluded = ? WHERE id = ?",
                    (moment, pinned, excluded, conversation),
                )
            kept = store.rows("SELECT mark, id FROM turns WHERE conversation = ? AND place NOTNULL ORDER BY place",
                              (conversation,))  # fmt: skip
            same = 0
            for turn, (mark, _) in zip(chat.turns, kept, strict=False):
                if mark != _mark(turn):
                    break
                same += 1
            store.run("UPDATE turns SET place = NULL WHERE conversation = ? AND place >= ?", (conversation, same))
            ids = [key for _, key in kept[:same]]
            for place, turn in enumerate(chat.turns[same:], same):
                ids.append(self._add(conversation, place, turn, chat.retriever))
        return conversation, tuple(ids)

    def recent(self, limit: int = _MOST) -> list[Conversation]:
        """Return the conversations, the one that changed last first."""
        rows = self._store.rows(
            "SELECT id, title, created, changed, (SELECT count(place) FROM turns WHERE conversation = c.id)"
            " FROM conversations c WHERE owner = ? ORDER BY changed DESC, id LIMIT ?",
            (self._owner, limit),
        )
        return [Conversation(row[0], row[1], _moment(row[2]), _moment(row[3]), row[4]) for row in rows]

    def search(self, words: str, limit: int = 50) -> list[Mention]:
        """Return the questions that hold all of these words, or whose quotes do, the best match first.

        `words` are words, the last of which may be the beginning of one, and "several words" in a row; nothing else
        in it means anything.
        """
        wanted = _query(words)
        if not wanted:
            return []
        rows = self._store.rows(
            "SELECT t.id, c.id, c.title, t.question, t.mark FROM words JOIN turns t ON t.key = words.rowid"
            " JOIN conversations c ON c.id = t.conversation"
            " WHERE words MATCH ? AND c.owner = ? AND t.place NOTNULL ORDER BY bm25(words), t.key DESC LIMIT ?",
            (wanted, self._owner, limit),
        )
        return [Mention(row[0], row[1], row[2], row[3], _moment(json.loads(row[4])[0])) for row in rows]

    def rename(self, conversation: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            NotebookError: there is none of this id, or the title is empty.
        """
        if not title.strip():
            raise NotebookError("A title has at least one letter.")
        with self._store.writing() as store:
            self._known(conversation)
            store.run("UPDATE conversations SET title = ? WHERE id = ?", (_title(title), conversation))

    def delete(self, conversation: str) -> None:
        """Delete a conversation with its answers and what was said of them; nothing of it stays in the file.

        Raises:
            NotebookError: there is none of this id.
        """
        with self._store.writing() as store:
            self._known(conversation)
            store.run("DELETE FROM conversations WHERE id = ?", (conversation,))
        self._store.forget()

    def load(self, conversation: str, retriever: Retriever, writer: Writer | None = None) -> Chat:
        """Return a conversation to go on with; its `missing` says which articles can no longer be quoted.

        Raises:
            NotebookError: there is none of this id.
            ChatError: it is damaged.
        """
        pinned, excluded = self._known(conversation)
        sources = Sources(tuple(json.loads(pinned)), tuple(json.loads(excluded)))
        rows = self._turns(conversation)
        whole = whole_of([json.loads(row[2]) for row in rows], sources)
        turns, sources, missing = restored(whole, f"conversation {conversation}", retriever.article, Turn)
        made = Chat(retriever, writer, turns, sources=sources)
        made.missing = missing
        return made

    def title(self, conversation: str) -> str:
        """Return the title of a conversation.

        Raises:
            NotebookError: there is none of this id.
        """
        self._known(conversation)
        return str(self._store.rows("SELECT title FROM conversations WHERE id = ?", (conversation,))[0][0])

    def turns(self, conversation: str, articles: Articles) -> tuple[KeptTurn, ...]:
        """Return the turns of a conversation; `articles` looks articles up, as `Retriever.article` does.

        Raises:
            NotebookError: there is none of this id.
            ChatError: it is damaged.
        """
        self._known(conversation)
        return tuple(_kept(row, articles) for row in self._turns(conversation))

    def answer(self, answer: str, articles: Articles) -> KeptTurn:
        """Return one answer by its id.

        Raises:
            NotebookError: there is none of this id.
            ChatError: it is damaged.
        """
        rows = self._store.rows(
            "SELECT t.id, t.conversation, t.turn, t.receipt FROM turns t JOIN conversations c ON c.id = t.conversation"
            " WHERE t.id = ? AND c.owner = ?",
            (answer, self._owner),
        )
        if not rows:
            raise NotebookError(f"{answer!r}: no such answer is kept. It may have been deleted.")
        return _kept(rows[0], articles)

    def _turns(self, conversation: str) -> list[tuple[Any, ...]]:
        return self._store.rows(
            "SELECT id, conversation, turn, receipt FROM turns WHERE conversation = ? AND place NOTNULL ORDER BY place",
            (conversation,),
        )

    def _known(self, conversation: str) -> tuple[str, str]:
        """Return what is pinned and excluded in a conversation of this owner."""
        rows = self._store.rows(
            "SELECT pinned, excluded FROM conversations WHERE id = ? AND owner = ?", (conversation, self._owner)
        )
        if not rows:
            raise NotebookError(f"{conversation!r}: no such conversation is kept. List: `pullquote conversations`.")
        return rows[0][0], rows[0][1]

    def _add(self, conversation: str, place: int, turn: Turn, retriever: Retriever) -> str:
        key = secrets.token_hex(8)
        made, receipt = json.dumps(encoded(turn)), json.dumps(receipt_of(turn.answer, retriever).to_json())
        self._store.run(
            "INSERT INTO turns (id, conversation, place, question, mark, turn, receipt) VALUES (?,?,?,?,?,?,?)",
            (key, conversation, place, turn.question, _mark(turn), made, receipt),
        )
        quotes = "\n".join(dict.fromkeys(quote.text for quote in turn.answer.quotes))
        self._store.run(
            "INSERT INTO words (rowid, question, quotes) SELECT key, ?, ? FROM turns WHERE id = ?",
            (turn.question, quotes, key),
        )
        return key


def _kept(row: Sequence[Any], articles: Articles) -> KeptTurn:
    key, conversation, made, receipt = row
    whole = whole_of([json.loads(made)], Sources())
    (turn,), _, missing = restored(whole, f"answer {key}", articles, Turn)
    return KeptTurn(key, conversation, turn, json.loads(receipt), missing)


def _mark(turn: Turn) -> str:
    """Return what tells one turn from another: when it was asked, what, and what was searched for."""
    asked = turn.answer.asked_at
    return json.dumps([asked.isoformat() if asked else None, turn.question, turn.searched])


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "1970-01-01T00:00:00+00:00")


def _title(text: str) -> str:
    words = " ".join(str(storable(text)).split())
    return words if len(words) <= _TITLE_CHARS else f"{words[: _TITLE_CHARS - 1]}…"


def _query(words: str) -> str:
    """Return words as FTS5 has them: each quoted, so that none of them is an operator, a column or a syntax error."""
    return " AND ".join(_terms(str(storable(words))))


def _terms(words: str) -> Iterator[str]:
    parts = words.split('"')
    for place, part in enumerate(parts):
        closed = place % 2 == 1 and place < len(parts) - 1
        for term in [part] if closed else part.split():
            if any(character.isalnum() for character in term):
                begun = not closed and place == len(parts) - 1 and part.endswith(term)
                yield f'"{term}"' + ("*" if begun else "")
