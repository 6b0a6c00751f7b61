"""Runs question sets with known answers, and measures what came back.

A question set is JSON Lines: `id, question, answers, answerable, type, date, evidence: [{doc_id, quote}]`, and
`turns` (`[{role, text}]`) where the question leans on earlier ones. `date` is the day it was asked on.
A run file has one line a question: `id, refused, confidence, passages, quotes, seconds`.
"""

import gzip
import json
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from rag.answer import Answer, span_json
from rag.chat import Chat
from rag.retrieve import Retriever
from rag.write import MAX_QUOTE_WORDS, Writer

KS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known about its answer."""

    id: str
    question: str
    answers: tuple[str, ...]
    answerable: bool
    type: str
    asked: date | None
    evidence: frozenset[str]
    """Ids of the articles that answer."""
    earlier: tuple[str, ...]
    """What the person asked before it, in order."""


def read_questions(file: Path) -> list[Question]:
    """Read a question set, gzip or not.

    Raises:
        SettingsError: it cannot be read, or a line of it is no question; the message names the line.
    """
    questions: list[Question] = []
    try:
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                questions.append(_question(line, f"{file}:{number}"))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise SettingsError(f"{file}: not a question set that can be read ({error}).") from error
    return questions


def _lines(file: Path) -> Iterator[str]:
    if file.name.endswith(".gz"):
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            yield from stream
    else:
        with file.open(encoding="utf-8") as stream:
            yield from stream


def _question(line: str, place: str) -> Question:
    try:
        row: dict[str, Any] = json.loads(line)
        return Question(
            id=str(row["id"]),
            question=str(row["question"]),
            answers=tuple(row.get("answers") or ()),
            answerable=bool(row["answerable"]),
            type=str(row.get("type", "")),
            asked=date.fromisoformat(str(row["date"])[:10]) if row.get("date") else None,
            evidence=frozenset(str(each["doc_id"]) for each in row.get("evidence") or ()),
            earlier=tuple(str(turn["text"]) for turn in row.get("turns") or () if turn.get("role") == "user"),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{place}: not a question ({type(error).__name__}: {error}).") from error


def run(
    retriever: Retriever,
    questions: Sequence[Question],
    writer: Writer | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """Ask every question on its day, after its earlier turns, and yield the lines of a run file."""
    for number, each in enumerate(questions):
        if progress:
            progress(number, len(questions))
        chat = Chat(retriever, writer)
        for before in each.earlier:
            chat.ask(before, each.asked)
        started = time.perf_counter()
        answer = chat.ask(each.question, each.asked)
        yield _row(each.id, answer, time.perf_counter() - started)
    if progress:
        progress(len(questions), len(questions))


def _row(key: str, answer: Answer, seconds: float) -> dict[str, Any]:
    keep = ("article_id", "start", "end", "text")
    passages = [span_json(hit.article, hit.passage.start, hit.passage.end) for hit in answer.hits]
    # A refused answer cites nothing; what it weighed is measured all the same, beside the refusal.
    quotes = [span_json(quote.article, quote.start, quote.end) for quote in answer.considered]
    return {
        "id": key,
        "refused": answer.refused,
        "confidence": round(answer.confidence, 6),
        "passages": [{name: span[name] for name in keep} for span in passages],
        "quotes": [{name: span[name] for name in keep} for span in quotes],
        "seconds": round(seconds, 4),
    }


def measure(questions: Sequence[Question], rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Return the figures of a run: hits among the first k, refusals, AUROC and the share handled right.

    A passage or quote hits when it is from an evidence article and holds an answer; a quote of over 60 words
    never does. AUROC is the chance that an answerable question got more confidence than another one.
    """
    by_id = {row["id"]: row for row in rows}
    answerable = [each for each in questions if each.answerable]
    others = [each for each in questions if not each.answerable]
    figures: dict[str, float] = {"questions": len(questions)}
    for what in ("passages", "quotes"):
        found = {each.id: [hits(span, each, what) for span in by_id[each.id][what]] for each in answerable}
        for k in KS:
            figures[f"{what[:-1]} hits@{k}"] = _share(any(each[:k]) for each in found.values())
        if what == "quotes":
            right = [not by_id[key]["refused"] and any(each[:1]) for key, each in found.items()]
    figures["refused unanswerable"] = _share(by_id[each.id]["refused"] for each in others)
    figures["refused answerable"] = _share(by_id[each.id]["refused"] for each in answerable)
    figures["auroc"] = auroc(
        [by_id[each.id]["confidence"] for each in answerable], [by_id[each.id]["confidence"] for each in others]
    )
    figures["right"] = _share([*right, *(by_id[each.id]["refused"] for each in others)])
    seconds = sorted(row["seconds"] for row in by_id.values())
    if seconds:
        figures["p50 ms"] = round(seconds[len(seconds) // 2] * 1000, 1)
        figures["p95 ms"] = round(seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))] * 1000, 1)
    return figures


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that one of `positive` is above one of `negative`, ties counting half."""
    if not positive or not negative:
        return float("nan")
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return round(wins / (len(positive) * len(negative)), 4)


def hits(span: dict[str, Any], question: Question, what: str) -> bool:
    """Tell whether a span (`article_id`, `text`) of `what`, passages or quotes, answers the question."""
    if span["article_id"] not in question.evidence:
        return False
    if what == "quotes" and len(span["text"].split()) > MAX_QUOTE_WORDS:
        return False
    text = _folded(span["text"])
    return any(_folded(answer) in text for answer in question.answers if _folded(answer).strip())


def _folded(text: str) -> str:
    return " " + re.sub(r"\W+", " ", text.lower()).strip() + " "


def _share(values: Iterable[Any]) -> float:
    truths = [bool(value) for value in values]
    return round(sum(truths) / len(truths), 4) if truths else float("nan")
