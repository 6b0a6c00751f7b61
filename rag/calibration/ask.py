"""Asks an archive questions drafted from it, each with the articles that answer it and without them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from index.article import Article
from index.errors import SettingsError
from index.reader import Index
from rag.calibration.threshold import LEAST, Asked
from rag.evaluation.draft import pairs
from rag.evaluation.evaluate import Question, hits, run
from rag.retrieve import Retriever

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One question, and what came of it."""

    question: str
    asked: date | None
    answer: str
    left_out: tuple[str, ...]
    """Ids of the articles that were left out the second time."""
    sure: float
    right: bool
    quote: str
    """The first quote, shown or not."""
    without: float
    quote_without: str
    """The first quote of the second time."""


def trials(retriever: Retriever, count: int, progress: Progress | None = None) -> list[Trial]:
    """Draft up to `count` questions from the archive and ask each twice.

    Raises:
        SettingsError: fewer than `LEAST` could be drafted.
    """
    drafted = pairs(_articles(retriever.index, progress), count, progress)
    if len(drafted) < LEAST:
        raise SettingsError(
            f"{retriever.settings.data}: only {len(drafted)} questions could be drafted from its "
            f"{retriever.index.manifest.articles:,} articles; at least {LEAST} are needed to choose a threshold by. "
            "The rules need clear sentences of English news. The threshold stays what it is."
        )
    with_answer = [_question(record, ()) for record, _ in drafted]
    without = [_question(record, left_out) for record, left_out in drafted]
    rows = list(
        run(
            retriever,
            [*with_answer, *without],
            progress=lambda done, total: progress("asking", done, total) if progress else None,
        )
    )
    return [
        Trial(
            question=question.question,
            asked=question.asked,
            answer=question.answers[0],
            left_out=tuple(left_out),
            sure=first["confidence"],
            right=bool(first["quotes"]) and hits(first["quotes"][0], question, "quotes"),
            quote=_first_quote(first),
            without=second["confidence"],
            quote_without=_first_quote(second),
        )
        for question, (_, left_out), first, second in zip(
            with_answer, drafted, rows[: len(drafted)], rows[len(drafted) :], strict=True
        )
    ]


def asked(found: Sequence[Trial]) -> Asked:
    """Return trials as arrays."""
    return Asked(
        sure=np.array([each.sure for each in found], dtype=np.float64),
        right=np.array([each.right for each in found], dtype=bool),
        without=np.array([each.without for each in found], dtype=np.float64),
    )


def _articles(index: Index, progress: Progress | None) -> list[Article]:
    found = []
    for place in range(len(index.members)):
        if progress and place % 100 == 0:
            progress("reading", place, len(index.members))
        found.append(index.article_at(place))
    return found


def _question(record: dict[str, Any], left_out: Sequence[str]) -> Question:
    return Question(
        id=f"{record['id']}{'-without' if left_out else ''}",
        question=record["question"],
        answers=() if left_out else tuple(record["answers"]),
        answerable=not left_out,
        type=record["type"],
        asked=date.fromisoformat(record["date"]) if record["date"] else None,
        evidence=frozenset() if left_out else frozenset(each["doc_id"] for each in record["evidence"]),
        earlier=(),
        without=frozenset(left_out),
    )


def _first_quote(row: dict[str, Any]) -> str:
    return str(row["quotes"][0]["text"]) if row["quotes"] else ""
