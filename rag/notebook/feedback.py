"""What people say of answers, and the question set with known answers that comes of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from index.errors import NotebookError
from rag.answer import Answer
from rag.files import write_whole
from rag.filters import parse
from rag.notebook.conversations import Conversations, KeptTurn
from rag.notebook.store import Store, now
from rag.saved import Articles

NOT_IN_ARTICLES = "not in the articles"
"""The one reason that says what is right: that the articles do not answer."""
REASONS = (NOT_IN_ARTICLES, "wrong", "not what I asked", "out of date", "incomplete")
"""Reasons to offer to whoever says that an answer is bad; any other words will do."""
_REASON_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of one answer."""

    REASONS: ClassVar[tuple[str, ...]] = REASONS
    answer: str
    up: bool
    reason: str
    given: datetime


@dataclass(frozen=True, slots=True)
class FeedbackSet:
    """Questions made of feedback: those whose right answer is known, and those that somebody has still to label."""

    known: tuple[dict[str, Any], ...]
    to_label: tuple[dict[str, Any], ...]


class Feedback:
    """What one owner said of his or her own answers."""

    def __init__(self, store: Store, owner: str) -> None:
        """Look at the feedback of `owner`, which is "" where there are no users."""
        self._store = store
        self._owner = owner

    def give(self, answer: str, *, up: bool, reason: str = "") -> None:
        """Say that an answer is good or bad, and why; what was said of it before is replaced.

        Raises:
            NotebookError: no answer of this id is kept.
        """
        with self._store.writing() as store:
            self._known(answer)
            said = " ".join(reason.split())[:_REASON_CHARS]
            store.run("INSERT OR REPLACE INTO feedback VALUES (?,?,?,?)", (answer, int(up), said, now()))

    def withdraw(self, answer: str) -> None:
        """Say nothing of an answer any more.

        Raises:
            NotebookError: no answer of this id is kept.
        """
        with self._store.writing() as store:
            self._known(answer)
            store.run("DELETE FROM feedback WHERE turn = ?", (answer,))

    def of(self, answer: str) -> Opinion | None:
        """Return what was said of an answer, or None."""
        return next((each for each in self.given() if each.answer == answer), None)

    def given(self) -> list[Opinion]:
        """Return all that was said, in the order in which it was."""
        rows = self._store.rows(
            "SELECT f.turn, f.up, f.reason, f.given FROM feedback f JOIN turns t ON t.id = f.turn"
            " JOIN conversations c ON c.id = t.conversation WHERE c.owner = ? ORDER BY f.given, f.turn",
            (self._owner,),
        )
        return [Opinion(row[0], bool(row[1]), row[2], datetime.fromisoformat(row[3])) for row in rows]

    def _known(self, answer: str) -> None:
        rows = self._store.rows(
            "SELECT 1 FROM turns t JOIN conversations c ON c.id = t.conversation WHERE t.id = ? AND c.owner = ?",
            (answer, self._owner),
        )
        if not rows:
            raise NotebookError(f"{answer!r}: no such answer is kept. It may have been deleted.")


def question_set(feedback: Feedback, conversations: Conversations, articles: Articles) -> FeedbackSet:
    """Make questions of what was said of answers, in the form of a question set (see `rag.evaluation.evaluate`).

    An answer said to be good gives its first quote as the known answer; a refusal said to be good, and an answer said
    to be bad because it is not in the articles, give a question that they do not answer. Of any other answer said to
    be bad nobody has said what is right: it is to be labelled.
    """
    known: list[dict[str, Any]] = []
    to_label: list[dict[str, Any]] = []
    for opinion in feedback.given():
        kept = conversations.answer(opinion.answer, articles)
        row = _question(opinion, kept, conversations, articles)
        (known if "answerable" in row else to_label).append(row)
    return FeedbackSet(tuple(known), tuple(to_label))


def write_questions(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write questions as JSON Lines, whole or not at all.

    Raises:
        SettingsError: it cannot be written there.
    """
    write_whole(file, "".join(f"{json.dumps(row)}\n" for row in rows), "the question set")


def _question(opinion: Opinion, kept: KeptTurn, conversations: Conversations, articles: Articles) -> dict[str, Any]:
    answer = kept.turn.answer
    row: dict[str, Any] = {
        "id": f"feedback-{opinion.answer}",
        "question": kept.turn.question,
        "type": "feedback",
        "date": _day(answer),
        "turns": [{"role": "user", "text": text} for text in _earlier(kept, conversations, articles)],
    }
    first = next(iter(answer.quotes), None)
    refused = bool(kept.receipt.get("refused"))  # as it was then: an answer whose articles are gone reads as refused
    if opinion.up and first and not refused:
        proof = [{"doc_id": first.article.id, "quote": first.text}]
        return row | {"answer": first.text, "answers": [first.text], "answerable": True, "evidence": proof}
    unanswerable = refused if opinion.up else opinion.reason.casefold().startswith(NOT_IN_ARTICLES)
    if unanswerable:
        return row | {"answer": "", "answers": [], "answerable": False, "evidence": []}
    shown = [{"doc_id": quote.article.id, "quote": quote.text} for quote in answer.quotes]
    return row | {"up": opinion.up, "reason": opinion.reason, "refused": refused, "given": shown, "answers": []}


def _earlier(kept: KeptTurn, conversations: Conversations, articles: Articles) -> Iterator[str]:
    """Yield what was asked before it, where the question leans on that."""
    if kept.turn.searched == parse(kept.turn.question)[0]:
        return
    for each in conversations.turns(kept.conversation, articles):
        if each.id == kept.id:
            return
        if (
            each.turn.answer.asked_at
            and kept.turn.answer.asked_at
            and (each.turn.answer.asked_at < kept.turn.answer.asked_at)
        ):
            yield each.turn.question


def _day(answer: Answer) -> str | None:
    """Return the day that it was asked as of, or else asked on."""
    day = answer.as_of or (answer.asked_at.astimezone().date() if answer.asked_at else None)
    return day.isoformat() if day else None
