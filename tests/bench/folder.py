"""What a build costs when next to nothing changed: a folder of small files, one edited, beside walking and hashing it.

    python -m tests.bench.folder --files 10000

The embedder is the tiny one of the tests, so that what is timed is the builder: with a real model the first build
takes as long as the model needs, the others what is printed here and the embedding of one article.
"""

import argparse
import cProfile
import hashlib
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from index.builder import BuildReport, build_index
from tests.tiny import TinyEmbedder, write

_WORDS = ("harbour", "council", "bridge", "ferry", "market", "storm", "school", "budget", "geese", "tuba", "mayor")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the times of three builds, and of walking and hashing the same files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true", help="say where the time of the last build went")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        news, data = Path(folder, "news\n"), Path(folder, "data")
        _make(news, given.files)
        _timed("first build", lambda: build_index([news], data, TinyEmbedder()))
        walk = min(_seconds(lambda: _hash_all(news)) for _ in range(3))
        sys.stdout.write(f"walk and hash  {walk:8.2f} s\n")
        _timed("nothing changed", lambda: build_index([news], data, TinyEmbedder()), walk)
        write(news, "day0/story0.txt", "It was all quite different, as it turned out.", title="A correction")
        profiler = cProfile.Profile()
        if given.profile:
            profiler.enable()
        report = _timed("one changed", lambda: build_index([news], data, TinyEmbedder()), walk)
        profiler.disable()
        assert (report.changed, report.unchanged, report.embedded) == (1, given.files - 1, 1), report
        if given.profile:
            pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumulative").print_stats(45)


def _make(news: Path, files: int) -> None:
    rng = random.Random(7)  # noqa: S311 - nothing secret
    for number in range(files):
        words = (" ".join(rng.choices(_WORDS, k=14)) for _ in range(4))
        lines = (f"{line.capitalize()} on day {number}." for line in words)
        write(news, f"day{number % 100}/story{number}.txt", *lines, title=f"Story number {number}")


def _hash_all(news: Path) -> None:
    for path in sorted(news.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                hashlib.file_digest(stream, "sha256").hexdigest()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _timed(name: str, build: Callable[[], BuildReport], walk: float = 0.0) -> BuildReport:
    started = time.perf_counter()
    report = build()
    took = time.perf_counter() - started
    ratio = f", {took / walk:.1f} x walking and hashing" if walk else ""
    said = f"{report.new:,} new, {report.changed:,} changed; {report.embedded:,} passages embedded"
    sys.stdout.write(f"{name:15s}{took:7.2f} s  {said}{ratio}\n")
    return report


if __name__ == "__main__":
    main()
