"""What each contender's script is run by, in its own environment: standard library only.

    python with_NAME.py build|ask JOB.json RESULT.json

JOB has `articles` (JSON Lines: id, title, text), `questions` (JSON Lines: id, question, date), `model` (its folder),
`store` (a folder) and `k`. RESULT is one JSON object of figures; times in seconds, memory in MB. Building and asking
are two processes, so that each has its own peak of memory, and what is asked was read from disk.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

CHUNK_CHARS = 1000
OVERLAP_CHARS = 200


class Passage(NamedTuple):
    """A passage that was found."""

    article_id: str
    text: str


class Contender(Protocol):
    """What a script has to offer."""

    def prepare(self, model: str) -> None:
        """Load the model and embed a text: not timed."""

    def build(self, articles: str, store: str) -> int:
        """Index the articles of a file into a folder; return how many passages there are."""

    def open(self, store: str) -> None:
        """Read what `build` wrote."""

    def search(self, question: dict[str, Any], k: int) -> list[Passage]:
        """Return the first `k` passages for a question."""

    def answer(self, question: dict[str, Any]) -> bool:
        """Go on to a finished answer; False where there is no such thing without a language model."""


def rows(file: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    with Path(file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def whole(article: dict[str, Any]) -> str:
    """Return an article as its file would have it: the title above the text."""
    return f"{article['title']}\n\n{article['text']}"


def windows(text: str) -> list[str]:
    """Cut a text into windows of at most `CHUNK_CHARS` that overlap and end at white space where there is any."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = min(len(text), start + CHUNK_CHARS)
        if end < len(text):
            space = text.rfind(" ", start + CHUNK_CHARS // 2, end)
            end = space if space > 0 else end
        found.append(text[start:end])
        if end == len(text):
            break
        start = end - OVERLAP_CHARS
    return found


def peak_mb() -> float:
    """Return the most memory that this process ever had resident, in MB."""
    status = Path("/proc/self/status")  # Linux counts in ru_maxrss what the parent had, too
    if status.is_file():
        line = next(each for each in status.read_text("utf-8").splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def main(contender: Contender) -> None:
    """Do what the arguments say."""
    phase, job_file, result_file = sys.argv[1:4]
    job = json.loads(Path(job_file).read_text("utf-8"))
    contender.prepare(job["model"])
    result = _build(contender, job) if phase == "build" else _ask(contender, job)
    result["peak_mb"] = peak_mb()
    Path(result_file).write_text(json.dumps(result), "utf-8")


def _build(contender: Contender, job: dict[str, Any]) -> dict[str, Any]:
    started, cpu = time.perf_counter(), time.process_time()
    passages = contender.build(job["articles"], job["store"])
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "passages": passages,
    }


def _ask(contender: Contender, job: dict[str, Any]) -> dict[str, Any]:
    questions = list(rows(job["questions"]))
    contender.open(job["store"])
    contender.search(questions[0], job["k"])  # what loads with the first question is not timed
    found: list[dict[str, Any]] = []
    for each in questions:
        started, cpu = time.perf_counter(), time.process_time()
        passages = contender.search(each, job["k"])
        row = {"id": each["id"], "seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu}
        found.append(row | {"passages": [passage._asdict() for passage in passages]})
    contender.open(job["store"])  # anew: the search before must not have done half of the work
    if contender.answer(questions[-1]):
        for each, row in zip(questions, found, strict=True):
            started, cpu = time.perf_counter(), time.process_time()
            contender.answer(each)
            row["answer_seconds"], row["answer_cpu_seconds"] = time.perf_counter() - started, time.process_time() - cpu
    return {"rows": found}
