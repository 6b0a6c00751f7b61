"""Readers while builds publish: does any answer fail or mix versions, are new versions picked up, does memory grow?

    python -m tests.bench.atonce --minutes 10

Eight readers in four processes ask all the time, while a folder changes and is built every few seconds, at times by two
builders at once. Each hit must be of the version that the answer names, and its words those of its article's revision;
versions are never gone back on; the last one reaches every reader; of two builds one waits for nobody and says who
builds. Exits with 1 where something does not hold. Embeddings are the tests' tiny ones; Linux only.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.builder import build_index
from index.versions import Data
from rag.retrieve import Retriever
from tests.bench.sure import QUESTIONS, Apart, Ended, Folder, opened, table
from tests.tiny import TinyEmbedder

_GROWN = 1.15
"""How much more memory a reader may have on average in the last third than in the first, without the settling."""
_GROWN_MB = 10


def memory_mb(pid: int | str = "self") -> float:
    """Return the memory of a process that is no file's, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def grew(samples: Sequence[float]) -> tuple[float, float, bool]:
    """Return the mean of the first and the last third of samples, the first tenth left out, and whether it grew."""
    settled = samples[len(samples) // 10 :]
    third = max(1, len(settled) // 3)
    first, last = sum(settled[:third]) / third, sum(settled[-third:]) / third
    return first, last, last > _GROWN * first + _GROWN_MB


class Reader:
    """One process of readers, threads that share a Retriever."""

    def __init__(self, data: Path, stop: Path, threads: int) -> None:
        """Open the index."""
        self.retriever: Retriever = opened(data)
        self.data, self.stop = Data(data), stop
        self.lock = threading.Lock()
        self.asked = 0
        self.slowest = 0.0
        self.wrong: list[str] = []
        self.first_seen: dict[str, float] = {}
        self.members: dict[str, set[tuple[str, str]]] = {}
        self.threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(threads)]

    def run(self) -> dict[str, Any]:
        """Ask until told to stop, and return what was seen."""
        for each in self.threads:
            each.start()
        samples = []
        while any(each.is_alive() for each in self.threads):
            samples.append(memory_mb())
            time.sleep(1)
        for _ in range(2):  # the last version is there by now
            last = self.retriever.find(QUESTIONS[0]).version
        return {
            "asked": self.asked, "slowest": self.slowest, "wrong": self.wrong, "first_seen": self.first_seen,
            "members": {version: sorted(seen) for version, seen in self.members.items()},
            "memory": samples, "last": last,
        }  # fmt: skip

    def _ask(self, number: int) -> None:
        rng, before = random.Random(number), ""  # noqa: S311 - nothing secret
        while not self.stop.exists():
            began = time.monotonic()
            try:
                found = self.retriever.find(rng.choice(QUESTIONS), k=5)
            # Whatever a reader meets is what is looked for here.
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {str(error)[:400]}")
                continue
            now = time.monotonic()
            seen = {(hit.article.id, hit.article.digest) for hit in found.hits}  # the digest is made of its words
            for hit in found.hits:
                if hit.passage.article_id != hit.article.id or hit.passage.end > len(hit.article.text):
                    self.wrong.append(f"{hit.passage} is no place in {hit.article.id}")
            if found.version < before:
                self.wrong.append(f"back from {before} to {found.version}")
            before = found.version
            with self.lock:
                self.asked += 1
                self.slowest = max(self.slowest, now - began)
                self.first_seen.setdefault(found.version, now)
                self.members.setdefault(found.version, set()).update(seen)


def _publish(news: Path, data: Path) -> dict[str, Any]:
    version = build_index([news], data, TinyEmbedder()).version
    return {"version": version, "at": time.monotonic(), "members": sorted(Data(data).members(version).items())}


class Publisher:
    """Builds again and again."""

    def __init__(self, folder: Folder, data: Path) -> None:
        """Name the folders."""
        self.folder, self.data = folder, data
        self.versions: dict[str, tuple[float, set[tuple[str, str]]]] = {}
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()

    def build(self, *, twice: bool = False) -> None:
        """Build, or have two builds begin at once."""
        builds = [Apart(lambda: _publish(self.folder.root, self.data)) for _ in range(1 + twice)]
        ended = [(each.pid, each.wait()) for each in builds]
        pids = {str(pid) for pid, _ in ended}
        for pid, each in ended:
            self._note(each, pids - {str(pid)})
        if not any(each.value for _, each in ended):
            self.wrong.append("of two builds none came to its end")

    def _note(self, ended: Ended, others: set[str]) -> None:
        if ended.value:
            self.counts["builds"] += 1
            members = {(key, digest) for key, digest in ended.value["members"]}
            self.versions.setdefault(ended.value["version"], (ended.value["at"], members))
        elif others and ended.refused.startswith("BuildLocked"):
            self.counts["refused: another build runs"] += 1
            self.counts["of which named its process"] += any(f"process {pid}" in ended.refused for pid in others)
        else:
            self.wrong.append(f"build: {ended.refused or ended.broke}")


def _compared(read: list[Ended], made: Publisher) -> list[str]:
    wrong = list(made.wrong)
    last = max(made.versions)
    for ended in read:
        if ended.value is None:
            wrong.append(f"reader: {ended.refused or ended.broke}")
            continue
        wrong += ended.value["wrong"][:5]
        if ended.value["last"] != last:
            wrong.append(f"reader: still at {ended.value['last']}, not {last}")
        if grew(ended.value["memory"])[2]:
            wrong.append("reader: memory grew")
        for version, seen in ended.value["members"].items():
            mixed = {(key, digest) for key, digest in seen} - made.versions[version][1]
            if mixed:
                wrong.append(f"version {version} answered with what it does not hold: {sorted(mixed)[:2]}")
    return wrong


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked and built, and exit with 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between builds")
    given = parser.parse_args(arguments)
    rng = random.Random(5)  # noqa: S311 - nothing secret
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name, "news"), rng, 60)
        data, stop = Path(name, "data"), Path(name, "stop")
        made = Publisher(folder, data)
        made.build()
        readers = [Apart(lambda: Reader(data, stop, given.threads).run()) for _ in range(given.processes)]
        until = time.monotonic() + 60 * given.minutes
        while time.monotonic() < until:
            folder.stir()
            made.build(twice=rng.random() < 0.3)
            time.sleep(given.every)
        stop.touch()
        read = [each.wait() for each in readers]
    wrong = _compared(read, made)
    rows: list[Sequence[object]] = [
        ("reader", "answers", "slowest s", "versions", "picked up after s", "MB before, after")
    ]
    for number, ended in enumerate(read):
        if ended.value is None:
            continue
        seen = ended.value["first_seen"]
        late = max(seen[version] - made.versions[version][0] for version in seen)
        first, last, _ = grew(ended.value["memory"])
        rows.append(
            (
                number,
                ended.value["asked"],
                f"{ended.value['slowest']:.2f}",
                len(seen),
                f"<= {late:.2f}",
                f"{first:.0f}, {last:.0f}",
            )
        )
    table(rows)
    sys.stdout.write(f"{json.dumps(made.counts)}, {len(made.versions)} versions; {len(wrong)} violations\n")
    for each in wrong[:20]:
        sys.stdout.write(f"VIOLATED {each}\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
