"""Builds killed at random moments, and on a full disk: is anything lost, and does the next build set all right?

    python -m tests.bench.crash --kills 200 --full 40

A folder (the sample archive and files made up) changes between and during builds: files are added, edited, removed,
left half written. After each SIGKILL the version being served opens and answers as before, the catalog has every
article and embedding that it had, and no process is left. The next build then finishes, and leaves no draft, temporary
file or log. On a full disk (a tmpfs mounted for it, which takes root) a build says so and the same holds.
Exits with 1 where something does not hold. Embeddings are the tests' tiny ones; Linux only.
"""

import argparse
import mmap
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.builder import build_index
from index.versions import Data
from tests.bench.sure import Apart, Ended, Folder, answers, apart, gone, keys, opened, table
from tests.tiny import TinyEmbedder

_LEFT = {"CURRENT", "versions", "build.lock", "catalog.db", "tokens.db"}
_TAG = f"crash-{os.getpid()}"


class Watched:
    """Builds, and what became of the index after each."""

    def __init__(self, news: Path, data: Path, rng: random.Random) -> None:
        """Name the folders."""
        self.news, self.data, self.rng = news, data, rng
        self.wrong: list[str] = []
        self.seen: dict[str, Any] = {}
        """Answers by version: published once, they stay."""
        self.stage = mmap.mmap(-1, 4096)
        """What the build is doing, and how many texts it has embedded: written by it, read here."""
        self.computed = 0
        self.stages: Counter[str] = Counter()

    def start(self) -> Apart:
        """Start a build."""
        self.stage[:] = bytes(4096)
        return Apart(self._build)

    def _build(self) -> dict[str, Any]:
        count = 0

        def embedding(texts: Sequence[str]) -> None:
            nonlocal count
            count += len(texts)
            self.stage[100:108] = count.to_bytes(8, "big")

        def progress(stage: str, done: int, total: int) -> None:
            self.stage[:100] = f"{stage} {done}/{total}".encode().ljust(100, b"\0")

        report = build_index([self.news], self.data, TinyEmbedder(before=embedding), progress=progress)
        self.stage[:100] = b"ended".ljust(100, b"\0")
        return {"version": report.version, "articles": report.articles}

    def note(self) -> str:
        """Count what the last build computed, and return where it was."""
        self.computed += int.from_bytes(self.stage[100:108], "big")
        stage = self.stage[:100].rstrip(b"\0").decode().split(" ")[0] or "before reading"
        self.stages[stage] += 1
        return stage

    def check(self, when: str, before: tuple[set[Any], set[Any]]) -> None:
        """Look at what is being served and what the catalog holds."""
        answered = apart(lambda: _served(self.data))
        if answered.value is None:
            if "IndexMissing" not in answered.refused or self.seen:
                self.wrong.append(f"{when}: the index does not answer: {answered.refused or answered.broke}")
        else:
            version, found = answered.value
            if self.seen.setdefault(version, found) != found:
                self.wrong.append(f"{when}: version {version} answers otherwise than before")
        after = keys(self.data)
        for what, lost in (("articles", before[0] - after[0]), ("embeddings", before[1] - after[1])):
            if lost:
                self.wrong.append(f"{when}: {len(lost)} {what} lost")
        if not gone(_TAG):
            self.wrong.append(f"{when}: a process is left")

    def finish(self, when: str) -> None:
        """Let a build run to its end, and look for what is left behind."""
        before = keys(self.data)
        ended = self.start().wait()
        self.note()
        if ended.value is None:
            self.wrong.append(f"{when}: the next build does not finish: {ended.refused or ended.broke}")
        left = {each.name for each in self.data.iterdir()} - _LEFT
        left |= {each.name for each in self.data.glob("versions/*")} - set(Data(self.data).names())
        if left:
            self.wrong.append(f"{when}: left behind after the next build: {sorted(left)}")
        self.check(f"{when}, next build", before)
        if ended.value and Data(self.data).current_name() != ended.value["version"]:
            self.wrong.append(f"{when}: another version is served than was built")


def _served(data: Path) -> tuple[str, Any]:
    retriever = opened(data)
    return retriever.index.manifest.name, answers(retriever)


def _kills(folder: Folder, watched: Watched, kills: int) -> int:
    rng, done, tries = watched.rng, 0, 0
    began = time.monotonic()
    watched.finish("first build")
    usual = time.monotonic() - began
    while done < kills:
        tries += 1
        folder.stir()
        if rng.random() < 0.1:
            folder.add(300)  # more than is embedded between two commits
        before = keys(watched.data)
        build, moment = watched.start(), rng.random() * usual * 1.1
        if rng.random() < 0.5:
            time.sleep(moment / 2)
            folder.stir()
            moment /= 2
        time.sleep(moment)
        if not build.running():
            ended = build.wait()
            watched.computed += int.from_bytes(watched.stage[100:108], "big")
            if ended.value is None:
                watched.wrong.append(f"build {tries}: {ended.refused or ended.broke}")
            usual *= 0.95
            continue
        build.kill()
        build.wait()
        usual *= 1.03
        done += 1
        when = f"kill {done} ({watched.note()})"
        watched.check(when, before)
        if rng.random() < 0.75:  # else the next build is killed as well
            kept = watched.stages.copy()
            watched.finish(when)
            watched.stages = kept
    watched.finish("last")
    return tries


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=False, capture_output=True
    )
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=False)


def _full(folder: Folder, watched: Watched, times: int, disk: Path) -> Counter[str]:
    rng = watched.rng
    said: Counter[str] = Counter()
    ballast = disk / "ballast"
    watched.finish("first build on the small disk")
    for number in range(1, times + 1):
        folder.stir()
        folder.add(20)
        before = keys(watched.data)
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        room = min(free, rng.choice([0, rng.randrange(64_000), rng.randrange(2_000_000)]))
        with ballast.open("wb") as stream:
            if free > room:
                os.posix_fallocate(stream.fileno(), 0, free - room)
        ended: Ended = watched.start().wait()
        stage = watched.note()
        kind = "finished" if ended.value else (ended.refused.split(":")[0] or "broke")
        said[f"{stage}: {kind}"] += 1
        if ended.broke:
            watched.wrong.append(f"full disk {number} ({stage}): {ended.broke}")
        watched.check(f"full disk {number}", before)
        ballast.unlink()
        watched.finish(f"full disk {number}")
    return said


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what happened, and exit with 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--full", type=int, default=40, help="builds on a full disk")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    os.environ["BENCH_TAG"] = _TAG
    began = time.monotonic()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        rng = random.Random(given.seed)  # noqa: S311 - nothing secret
        folder = Folder(Path(name, "news"), rng, given.files)
        watched = Watched(folder.root, Path(name, "data"), rng)
        builds = _kills(folder, watched, given.kills) if given.kills else 0
        articles, embeddings = keys(watched.data)
        wrong += watched.wrong
        again = watched.computed - len(embeddings)
        rows = [("killed while", "builds"), *sorted(watched.stages.items())]
        table(rows)
        sys.stdout.write(
            f"{given.kills} kills in {builds} builds; {len(articles)} revisions and {len(embeddings)} embeddings kept; "
            f"{again} computed again\n"
        )
        if given.full:
            with _small_disk(Path(name, "disk"), 24) as disk:
                if disk is None:
                    wrong.append("no tmpfs can be mounted here: run as root, or with --full 0")
                else:
                    small = Folder(Path(name, "news2"), rng, 60)
                    full = Watched(small.root, disk / "data", rng)
                    said = _full(small, full, given.full, disk)
                    table([("full disk, while", "builds"), *sorted(said.items())])
                    wrong += full.wrong
    sys.stdout.write(f"{time.monotonic() - began:.0f} s; {len(wrong)} violations\n")
    for each in wrong[:20]:
        sys.stdout.write(f"VIOLATED {each}\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
