"""How building and asking grow with the archive: seconds, memory and disk at several sizes, and by what power.

    python -m tests.bench.growth --passages 1000 10000 100000 300000 [--like DATA] [--questions 60]

Articles are of made-up words (Zipf's law, more of them the more there are), six passages each. No model runs: vectors
lie in clusters, as those of news do, or are those of the index in DATA, moved a little. What is measured is what
depends on size: writing vectors and words, and the first stage of a question. The seconds are processor time, since
a machine with other work gives no steady others. Memory is what is resident: of the building process at its most, of
the asking process after all questions, files that are mapped into it included. Linux only.
"""

import argparse
import hashlib
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import numpy as np

from index.article import Article
from index.catalog import Catalog, Member
from index.copies.links import Links
from index.embed import Reading, TokenVectors, Vectors, unit
from index.lexical import LexicalIndex
from index.passage import SPLITTER, Span
from index.reader import open_version
from index.vectors import FaissStore
from index.versions import FORMAT, MEMBERS, ROWS, Data, Manifest, checksums, new_name
from rag.retrieve import Retriever
from rag.settings import Settings

DIM = 384
_PER_ARTICLE = 6
_WORDS = 110  # of a passage
_SPREAD = 0.9  # of a vector about the middle of its cluster, whose length is one
_AS_A_QUESTION = 0.8  # how far a question lies from the passage it is about: cosine .78
PARTS = ("dense", "lexical", "fuse")
Row = dict[str, float]
Words = Iterator[tuple[str, str, str]]


class Stub:
    """An embedder whose questions have vectors that were made before."""

    name, dim, max_pieces = "stub@1", DIM, 254

    def __init__(self, known: dict[str, Vectors]) -> None:
        """Take the vector of each question."""
        self.known = known

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Look them up."""
        return np.stack([self.known[text] for text in texts])

    passages = questions

    def pieces(self, texts: Sequence[str]) -> list[list[Span]]:
        """Take a whole text as one piece."""
        return [[Span(0, len(text))] for text in texts]

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Return 1 for each."""
        return [1 for _ in texts]

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return one vector a text: late interaction is no part of what is measured."""
        return [TokenVectors(np.eye(1, DIM, dtype=np.float32), [Span(0, len(text))]) for text in texts]

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]:
        """Return nothing: nothing is embedded."""
        return iter(())


def vectors_of(count: int, like: Path | None) -> Vectors:
    """Return unit vectors (count, DIM): in clusters, or near those of an index."""
    rng = np.random.default_rng(count)
    if like:
        index = open_version(like)
        taken = rng.integers(0, len(index.rows), count) if count > len(index.rows) else np.arange(count)
        made, spread = index.vectors(taken), 0.5 if count > len(index.rows) else 0.0
    else:
        middles = unit(rng.normal(size=(max(count // 60, 4), DIM)).astype(np.float32) + 0.3)
        made, spread = middles[rng.integers(0, len(middles), count)], _SPREAD
    for start in range(0, count, 20_000):
        block = made[start : start + 20_000]
        block += rng.normal(0, spread / DIM**0.5, block.shape).astype(np.float32)
        made[start : start + 20_000] = unit(block)
    return made


def articles(count: int) -> Iterator[tuple[Article, list[Span]]]:
    """Yield articles of `count` passages in all, and the places of their passages."""
    rng = np.random.default_rng(7)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "ur", "an")]
    known = ["".join(rng.choice(syllables, size=2 + place % 3)) for place in range(3000 + int(40 * count**0.6))]
    chance = np.cumsum(1 / (np.arange(len(known)) + 8))
    for number, first in enumerate(range(0, count, _PER_ARTICLE)):
        spans: list[Span] = []
        text = ""
        for _ in range(min(_PER_ARTICLE, count - first)):
            drawn = np.searchsorted(chance, rng.random(_WORDS) * chance[-1])
            said = " ".join(known[place] for place in drawn)
            spans.append(Span(len(text), len(text) + len(said) + 1))
            text += said + ".\n"
        day = date(2020, 1, 1) + timedelta(days=number % 2000)
        yield Article(f"a{number}", text[:50], text, published=day), spans


def words(catalog: Catalog, members: Sequence[Member], rows: Sequence[tuple[int, int, int]]) -> Words:
    """Yield title, words and language of each passage."""
    for number, article in enumerate(catalog.articles(members)):
        for _, start, end in rows[number * _PER_ARTICLE : (number + 1) * _PER_ARTICLE]:
            yield article.title, article.text[start:end], article.language


def build(root: Path, count: int, like: Path | None) -> Row:
    """Write an archive of `count` passages."""
    data = Data(root)
    rows: list[tuple[int, int, int]] = []
    members: list[Member] = []
    days: list[str] = []
    catalog = Catalog(data.catalog, writable=True)
    vectors = vectors_of(count, like)
    spent: Row = {}

    with catalog.transaction():
        for place, (article, spans) in enumerate(articles(count)):
            members.append(catalog.add_article(article))
            days.append(str(article.published))
            rows += [(place, *span) for span in spans]
    with data.draft() as draft:
        Links().write(draft)
        np.save(draft / ROWS, np.asarray(rows, dtype=np.int32))
        start = time.process_time()
        FaissStore.write(draft, vectors)
        spent["vectors s"] = time.process_time() - start
        LexicalIndex.write(draft, words(catalog, members, rows))
        spent["words s"] = time.process_time() - start - spent["vectors s"]
        lines = (f'["{member.id}", "{member.digest}", "{day}"]\n' for member, day in zip(members, days, strict=True))
        (draft / MEMBERS).write_text("".join(lines))
        digest = hashlib.sha256(str(count).encode()).hexdigest()
        made = Manifest(
            FORMAT, new_name(draft), "", Stub.name, DIM, SPLITTER, len(members), count, digest, checksums(draft)
        )
        data.publish(draft, made)
        size = sum(file.stat().st_size for file in data.folder(made.name).rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"passages": count, **spent, "build MB": peak, "bytes/passage": size / count}


def ask(root: Path, questions: int) -> Row:
    """Ask questions in the words of passages, with vectors near theirs; milliseconds by part."""
    index = open_version(root)
    rng = np.random.default_rng(3)
    known: dict[str, Vectors] = {}
    for row in rng.integers(0, len(index.rows), questions).tolist():
        span = index.span(row)
        words = index.article_of(row).text[span.start : span.end].strip(".\n").split()
        apart = rng.normal(0, _AS_A_QUESTION / DIM**0.5, DIM)
        [vector] = unit((index.vectors(np.asarray([row])) + apart).astype(np.float32))
        known[" ".join(words[20:28])] = vector
    index.close()
    retriever = Retriever(Settings.load(data=root, reranked=1), Stub(known))
    retriever.find(next(iter(known)))
    with mock.patch("rag.candidates.time.perf_counter", time.process_time):
        laps = [retriever.find(question).seconds for question in known]
    found: Row = {}
    for part in PARTS:
        spent = np.asarray([lap[part] for lap in laps]) * 1000
        found |= {f"{part} p50 ms": float(np.median(spent)), f"{part} p95 ms": float(np.percentile(spent, 95))}
    status = Path("/proc/self/status").read_text("ascii")
    resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    return found | {"asking MB": resident}


def main() -> int:
    """Measure each size in processes of its own, and print the table for the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--like", type=Path)
    parser.add_argument("--questions", type=int, default=60)
    given = parser.parse_args()
    made: list[Row] = []
    spawn = multiprocessing.get_context("spawn")
    for count in given.passages:
        with (
            tempfile.TemporaryDirectory() as root,
            ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as one,
        ):
            row = one.submit(build, Path(root), count, given.like).result()
            made.append(row | one.submit(ask, Path(root), given.questions).result())
        sys.stderr.write(f"{made[-1]}\n")
    sys.stdout.write("| | " + " | ".join(f"{row['passages']:,.0f}" for row in made) + " | power |\n")
    sys.stdout.write("|---" * (len(made) + 2) + "|\n")
    for name in list(made[0])[1:]:
        values = [row[name] for row in made]
        fit = np.polyfit(np.log(given.passages), np.log(np.maximum(values, 1e-6)), 1)[0] if made[1:] else np.nan
        sys.stdout.write(f"| {name} | " + " | ".join(f"{value:,.3g}" for value in values) + f" | {fit:.2f} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
