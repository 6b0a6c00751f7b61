"""Pullquote beside what a user would pick instead: same articles, same model files, same machine, one run.

    python -m tests.bench.rivals [CORPUS QUERIES] [--articles N] [--questions N] [--only NAME] [--json FILE]

Each contender runs in an environment of its own, `.venv-bench/NAME`, made when first needed (that takes the network;
nothing later does). All get the same articles as one file, the same folder of the model and the same number of
threads. Building and asking are processes of their own; loading libraries and the model is not timed. What cannot be
installed or fails is said at the end, the rest goes on. Times depend on what else runs: read the ratios.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.backends.files import DEFAULT_MODEL, located
from rag.evaluation.evaluate import Question, read_questions
from tests.bench.rivals.corpus import articles_of, askable, sampled, write_articles, write_questions
from tests.bench.rivals.figures import Figures, asked, built, merged, table
from tests.bench.rivals.requirements import HERE, NotInstalled, python_of

OURS = "pullquote"
RIVALS = ("langchain", "txtai", "llamaindex")
SCRIPTS = HERE / "contenders"
UNDATED = "… no day given"
K = 5
LIMIT_SECONDS = 3600  # a contender that hangs is ended

# No contender may look anything up, report, or ask a model hub: the model is a folder.
QUIET = {
    "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "LANGSMITH_TRACING": "false",
    "ANONYMIZED_TELEMETRY": "false", "TOKENIZERS_PARALLELISM": "true", "PYTHONUNBUFFERED": "1",
}  # fmt: skip


class Failed(Exception):
    """A contender's process ended without a result."""


class Contest:
    """The files of one run, and the contenders' processes over them."""

    def __init__(
        self, folder: Path, threads: int, questions: list[Question], articles: int, scripts: Path = SCRIPTS
    ) -> None:
        """Take a folder in which `articles.jsonl`, `dated.jsonl` and `undated.jsonl` were written."""
        self.folder = folder
        self.scripts = scripts
        self.threads = threads
        self.questions = questions
        self.articles = articles

    def build(self, name: str, python: Path, number: int) -> Figures:
        """Let a contender build; the store of its last round is asked."""
        store = self._store(name, number)
        store.mkdir()
        return built(self._run(name, python, "build", number, "dated"), self.articles, store)

    def ask(self, name: str, python: Path, number: int, asks: str = "dated") -> Figures:
        """Ask it all questions."""
        return asked(self._run(name, python, "ask", number, asks), self.questions)

    def _store(self, name: str, number: int) -> Path:
        return self.folder / f"{name}-{number}"

    def _run(self, name: str, python: Path, phase: str, number: int, asks: str) -> dict[str, Any]:
        job, result = self.folder / "job.json", self.folder / "result.json"
        result.unlink(missing_ok=True)
        files = {"articles": self.folder / "articles.jsonl", "questions": self.folder / f"{asks}.jsonl"}
        files |= {"store": self._store(name, number), "model": located(DEFAULT_MODEL)}
        job.write_text(json.dumps({key: str(file) for key, file in files.items()} | {"k": K}), "utf-8")
        script = self.scripts / f"with_{name}.py"
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), str(self.threads))
        dropped = ("PYTHONPATH", "PULLQUOTE_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        try:
            done = subprocess.run(
                [python, script, phase, job, result],
                capture_output=True, check=False, cwd=self.folder, encoding="utf-8", env=kept | QUIET | threads,
                timeout=LIMIT_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{phase}: no end after {LIMIT_SECONDS // 60} minutes") from error
        if done.returncode or not result.is_file():
            raise Failed(f"{phase}: " + "\n".join(done.stderr.strip().splitlines()[-5:]))
        return dict(json.loads(result.read_text("utf-8")))


def main() -> int:
    """Run the contest and print its table."""
    arguments = _arguments()
    pythons, missing = _installed([name for name in RIVALS if name in (arguments.only or RIVALS)])
    articles = articles_of(arguments.corpus)
    articles, questions = sampled(articles, askable(read_questions(arguments.queries)), arguments.articles)
    questions = questions[: arguments.questions]
    _say(f"{len(articles)} articles, {len(questions)} questions, {arguments.threads} threads, k = {K}")
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder, "articles.jsonl"), articles)
        write_questions(Path(folder, "dated.jsonl"), questions, dated=True)
        write_questions(Path(folder, "undated.jsonl"), questions, dated=False)
        contest = Contest(Path(folder), arguments.threads, questions, len(articles))
        found, failed = contend(contest, {OURS: Path(sys.executable)} | pythons, arguments.rounds)
    missing |= failed
    machine = f"{_processor()}, {arguments.threads} of {os.cpu_count()} cores; {datetime.now(UTC):%Y-%m-%d}"
    sys.stdout.write(f"{machine}; in brackets: times Pullquote's\n{table(found)}")
    for name, reason in missing.items():
        _say(f"\nNOT MEASURED: {name}\n{reason}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": machine, "figures": found, "missing": missing}), "utf-8")
    return 0 if OURS in found and len(found) > 2 else 1


def contend(contest: Contest, pythons: dict[str, Path], rounds: int) -> tuple[dict[str, Figures], dict[str, str]]:
    """Let each take its turn, `rounds` times, so that what else the machine does falls on all of them."""
    measured: dict[str, list[Figures]] = {}
    failed: dict[str, str] = {}
    for number in range(rounds):
        for name, python in pythons.items():
            if name in failed:
                continue
            _say(f"round {number + 1} of {rounds}: {name} …")
            try:
                figures = contest.build(name, python, number) | contest.ask(name, python, number)
                if name == OURS and number == 0:
                    measured[UNDATED] = [contest.ask(name, python, number, "undated")]
            except Failed as error:
                failed[name] = str(error)
                measured.pop(name, None)
                continue
            measured.setdefault(name, []).append(figures)
    order = [name for name in (OURS, UNDATED, *pythons) if name in measured]
    return {name: merged(measured[name], statistics.median) for name in dict.fromkeys(order)}, failed


def _installed(names: list[str]) -> tuple[dict[str, Path], dict[str, str]]:
    pythons: dict[str, Path] = {}
    missing: dict[str, str] = {}
    for name in names:
        _say(f"environment of {name} …")
        try:
            pythons[name] = python_of(name, HERE / "requirements" / f"{name}.txt")
        except NotInstalled as error:
            missing[name] = f"could not be installed: {error}"
    return pythons, missing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", default="seeds", type=Path)
    parser.add_argument("queries", nargs="?", default="seeds/questions.jsonl", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000, help="take a sample of at most so many")
    parser.add_argument("--questions", type=int, default=100, help="ask at most so many (default: 100)")
    parser.add_argument("--rounds", type=int, default=1, help="build and ask so often, print medians (default: 1)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each (default: one a core)")
    parser.add_argument("--only", action="append", choices=RIVALS, help="this rival alone; may be given again")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
