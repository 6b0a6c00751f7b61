"""What the benches of damage share: a folder that changes, an index of it by the tiny embedder, processes apart.

What is done to an index is done in a process of its own, forked from one that has imported everything and run
nothing: a crash there is seen here, and costs no start.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import PullquoteError
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.documents import docx
from tests.tiny import TinyEmbedder, write

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
QUESTIONS = (
    "Where was the stolen tuba found?",
    "When does the Tallow Bridge reopen?",
    "What was the ferry strike about?",
    "Who was sacked after losing to the bottom of the table?",
    "What did the council say about the geese?",
    "How heavy was the pumpkin?",
    "What is planned for the maternity ward?",
    "Which market sells storm budget tickets?",
    "Why did the mayor close the school?",
    "What happened to the bandstand?",
)
_WORDS = ("harbour", "council", "bridge", "ferry", "market", "storm", "school", "budget", "geese", "tuba", "mayor")
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process apart ended: what it returned, or the error that it raised on purpose, or neither."""

    value: Any = None
    refused: str = ""
    """Kind and message of a PullquoteError."""
    broke: str = ""
    """What else became of it: a traceback, a signal, no end."""


class Apart:
    """A function that runs in a forked process."""

    def __init__(self, work: Callable[[], Any]) -> None:
        """Start it."""
        receive, send = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(receive)
            _serve(work, send)
        os.close(send)
        self._receive = receive
        self.killed = False

    def kill(self) -> None:
        """End it as the system would for want of memory."""
        self.killed = True
        os.kill(self.pid, signal.SIGKILL)

    def running(self) -> bool:
        """Tell whether it still runs; it is not reaped."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait(self, seconds: float = _PATIENCE_S) -> Ended:
        """Wait for its end; one that does not come is one way of breaking."""
        signal.signal(signal.SIGALRM, lambda *_: os.kill(self.pid, signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, seconds)
        with open(self._receive, "rb") as stream:  # noqa: PTH123 - a pipe
            raw = stream.read()
        _, status = os.waitpid(self.pid, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            return Ended(**json.loads(raw))
        except ValueError:
            code = os.waitstatus_to_exitcode(status)
            return Ended(broke=f"ended with {code} ({len(raw)} bytes said)")


def _serve(work: Callable[[], Any], send: int) -> None:
    try:
        said = {"value": work()}
    except PullquoteError as error:
        said = {"refused": f"{type(error).__name__}: {error}"}
    except BaseException:
        said = {"broke": traceback.format_exc()[-1500:]}
    try:
        with open(send, "wb") as stream:
            stream.write(json.dumps(said).encode())
    finally:
        os._exit(0)


def apart(work: Callable[[], Any], seconds: float = _PATIENCE_S) -> Ended:
    """Run `work` in a process of its own, and return how it ended."""
    return Apart(work).wait(seconds)


def opened(data: Path) -> Retriever:
    """Open an index that the tiny embedder built."""
    return Retriever(Settings.load(data=data, refuse_below=0), TinyEmbedder())


def answers(retriever: Retriever, questions: Iterable[str] = QUESTIONS) -> dict[str, list[list[Any]]]:
    """Return for each question what was found, and under "" the version: article, digest, place and words of each hit.

    Raises:
        AssertionError: a hit's words are not those of its article, or the article is not of the version.
    """
    found: dict[str, list[list[Any]]] = {}
    for question in questions:
        answer = retriever.find(question, k=5)
        found[question] = [
            [hit.article.id, hit.article.digest, hit.passage.start, hit.passage.end, round(hit.score, 4)]
            for hit in answer.hits
        ]
        for hit in answer.hits:
            assert hit.passage.article_id == hit.article.id, f"{hit.passage} of {hit.article.id}"
            assert 0 <= hit.passage.start < hit.passage.end <= len(hit.article.text), f"{hit.passage} is no place"
    return found


def keys(data: Path) -> tuple[set[tuple[str, str]], set[bytes]]:
    """Return what the catalog holds: the revisions of articles, and the keys of embeddings."""
    file = data / "catalog.db"
    if not file.exists():
        return set(), set()
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as catalog:
        articles = {(row[0], row[1]) for row in catalog.execute("SELECT id, digest FROM articles")}
        return articles, {row[0] for row in catalog.execute("SELECT key FROM embeddings")}


class Folder:
    """A folder of articles in which somebody works: the sample archive and files made up."""

    def __init__(self, root: Path, rng: random.Random, files: int) -> None:
        """Make the folder at `root`."""
        self.root, self._rng, self._files, self._made = root, rng, files, 0
        shutil.copytree(SEEDS, root / "seeds", ignore=shutil.ignore_patterns("questions.jsonl"))
        self.add(files)

    def add(self, files: int) -> None:
        """Add articles, every fiftieth a Word document."""
        for _ in range(files):
            self._made += 1
            name, lines = f"made/day{self._made % 20}/story{self._made}", self._lines()
            if self._made % 50 == 0:
                path = self.root / f"{name}.docx"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(docx(f"Story {self._made}", lines))
            else:
                write(self.root, f"{name}.txt", *lines, title=f"Story number {self._made}")

    def stir(self) -> None:
        """Change what somebody may change at any moment: add, edit, remove, and leave a file half written."""
        rng = self._rng
        self.add(rng.randrange(1, 12))
        made = sorted((self.root / "made").rglob("*.*"))
        for path in rng.sample(made, 4):
            if path.suffix == ".txt":
                path.write_text("\n\n".join([f"Edited {path.stem}", *self._lines()]) + "\n", "utf-8")
        for path in rng.sample(made, max(4, len(made) - 2 * self._files)):
            path.unlink(missing_ok=True)
        for path in rng.sample(made, 2):
            if path.exists():
                raw = path.read_bytes()
                path.write_bytes(raw[: rng.randrange(len(raw) + 1)])
        wire = self.root / "seeds" / "fulmar-wire.jsonl"
        raw = (SEEDS / "fulmar-wire.jsonl").read_bytes()
        wire.write_bytes(raw if rng.random() < 0.6 else raw[: rng.randrange(len(raw))])

    def _lines(self) -> list[str]:
        rng = self._rng
        return [f"{' '.join(rng.choices(_WORDS, k=14)).capitalize()} in case {rng.random():.12f}." for _ in range(8)]


def children_tagged(tag: str) -> list[int]:
    """Return the processes that a build under BENCH_TAG=`tag` started and that still run, itself left out."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (
                b"index.load.worker" in (place / "cmdline").read_bytes()
                and tag.encode() in (place / "environ").read_bytes()
            ):
                found.append(int(place.name))
        except OSError:  # it is gone, or somebody else's
            continue
    return found


def gone(tag: str, seconds: float = 5.0) -> bool:
    """Wait until no process of a build is left; False where one stays."""
    until = time.monotonic() + seconds
    while children_tagged(tag):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns."""
    widths = [max(len(str(row[place])) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = (str(each).ljust(width) for each, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
