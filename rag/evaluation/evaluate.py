"""Question sets with known answers, asked, and the run files that keep what came back; see `figures`.

A question set is JSON Lines: `id, question, answers, answerable, type, date, evidence: [{doc_id, quote}]`, and
`turns` (`[{role, text}]`) where the question leans on earlier ones. `date` is the day it was asked on. `without` names
articles that are not to be there when it is asked: what they alone tell, the others cannot answer.
A run file has one line a question: `id, refused, confidence, passages, quotes, seconds`, and `stages` ({name: seconds})
where they were timed.
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
from rag.answer import MAX_QUOTE_WORDS, Answer, span_json
from rag.chat import Chat
from rag.filters import Filters
from rag.retrieve import Retriever
from rag.write import Writer


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
    proof: tuple[tuple[str, str], ...] = ()
    """The evidence: article ids, each with the words that answer, or none."""
    without: frozenset[str] = frozenset()
    """Ids of the articles that are left out when it is asked."""


def read_questions(file: Path) -> list[Question]:
    """Read a question set, gzip or not.

    Raises:
        SettingsError: it cannot be read, or a line of it is no question; the message names the line.
    """
    questions: list[Question] = []
    seen: set[str] = set()
    try:
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                question = _question(line, f"{file}:{number}")
                if question.id in seen:
                    raise SettingsError(f"{file}:{number}: a second question of the id {question.id!r}. Rename it.")
                seen.add(question.id)
                questions.append(question)
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
            proof=tuple((str(each["doc_id"]), str(each.get("quote") or "")) for each in row.get("evidence") or ()),
            without=frozenset(str(key) for key in row.get("without") or ()),
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
        there = Filters(articles=tuple(f"-{key}" for key in sorted(each.without)))
        for before in each.earlier:
            chat.ask(before, each.asked, there)
        started = time.perf_counter()
        answer = chat.ask(each.question, each.asked, there)
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
        "stages": {name: round(took, 5) for name, took in answer.seconds.items()},
    }


def write_run(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write a run file.

    Raises:
        SettingsError: it cannot be written there.
    """
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        file.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: the run cannot be written there ({error.strerror}).") from error


def read_run(file: Path) -> list[dict[str, Any]]:
    """Read a run file, gzip or not.

    Raises:
        SettingsError: it cannot be read, or a line of it is not one of a run; the message names the line.
    """
    rows: list[dict[str, Any]] = []
    try:
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                rows.append(_checked_row(line, f"{file}:{number}"))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise SettingsError(f"{file}: not a run file that can be read ({error}).") from error
    return rows


def _checked_row(line: str, place: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        spans = [span for what in ("passages", "quotes") for span in row[what]]
        times = [row.get("seconds", 0.0), *(row.get("stages") or {}).values()]
        if not all(isinstance(span["article_id"], str) and isinstance(span["text"], str) for span in spans):
            raise TypeError("article_id and text are strings")
        if not all(isinstance(number, int | float) for number in (row["confidence"], *times)):
            raise TypeError("confidence and times are numbers")
        if not isinstance(row["id"], str) or not isinstance(row["refused"], bool):
            raise TypeError("id is a string, refused is true or false")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{place}: not a line of a run file ({type(error).__name__}: {error}).") from error
    return row


def hits(span: dict[str, Any], question: Question, what: str) -> bool:
    """Tell whether a span (`article_id`, `text`) of `what`, passages or quotes, answers the question."""
    if span["article_id"] not in question.evidence:
        return False
    if what == "quotes" and len(span["text"].split()) > MAX_QUOTE_WORDS:
        return False
    text = folded(span["text"])
    return any(folded(answer) in text for answer in question.answers if folded(answer).strip())


def folded(text: str) -> str:
    """Return the words of a text in lower case, one space before and after each: what answers are looked for in."""
    return " " + re.sub(r"\W+", " ", text.lower()).strip() + " "
