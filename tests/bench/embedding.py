"""How fast passages are embedded, beside sentence-transformers' own defaults, and what a build spends on the rest.

    python -m tests.bench.embedding [CORPUS] [--passages N] [--rounds N] [--threads N]

The passages are those of a build of CORPUS, with title and date. All ways take turns in one process; medians are
printed. The processor's seconds are the figure to read where other work shares the machine; they mean most with
one thread, since threads that wait for each other use time, too. "products alone" is what the multiplications of the
model take without anything around them: no way of running it in float32 is faster.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from index.article import Article
from index.backends.batches import BATCH_TOKENS, Batches, bfloat16_pays
from index.backends.files import DEFAULT_MODEL, located
from index.backends.minilm import DIM, LAYERS
from index.builder import PASSAGE_PIECES, build_index, embedded_text
from index.embed import SentenceTransformerEmbedder, Vectors, unit
from index.passage import split
from tests.bench.rivals.corpus import articles_of, write_articles

Run = Callable[[], Vectors]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", default="seeds", type=Path)
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    embedder = SentenceTransformerEmbedder()
    articles = articles_of(arguments.corpus)
    random.Random(1).shuffle(articles)  # noqa: S311 - the same passages each time
    texts, used = _passages(articles, embedder, arguments.passages)
    tokens = sum(embedder.counts(texts)) + 2 * len(texts)
    sys.stdout.write(f"{len(texts)} passages of {tokens / len(texts):.0f} tokens, {arguments.threads} threads\n")
    _ways(texts, tokens, embedder, arguments.rounds)
    _build(used, arguments.rounds)
    return 0


def _passages(
    articles: list[Article], embedder: SentenceTransformerEmbedder, count: int
) -> tuple[list[str], list[Article]]:
    texts: list[str] = []
    for number, article in enumerate(articles, 1):
        spans = split(article.text, embedder, PASSAGE_PIECES, article.language)
        texts += [embedded_text(article, span, embedder) for span in spans]
        if len(texts) >= count:
            return texts, articles[:number]
    return texts, articles


def _ways(texts: list[str], tokens: int, embedder: SentenceTransformerEmbedder, rounds: int) -> None:
    theirs = SentenceTransformer(str(located(DEFAULT_MODEL)), device="cpu", local_files_only=True)
    ids = [each.ids for each in embedder._tokenizer.encode_batch_fast(texts)]
    batches = Batches(embedder._weights)

    def forward() -> Vectors:
        rows = np.zeros((len(ids), DIM), dtype=np.float32)
        for place, layer in batches.last_layers(ids):
            rows[place] = layer.mean(axis=0)
        return unit(rows)

    def readings() -> Vectors:
        rows = np.zeros((len(texts), DIM), dtype=np.float32)
        for reading in embedder.readings(texts):
            rows[reading.place] = reading.vector
        return rows

    ways: dict[str, Run] = {
        "sentence-transformers, encode()": lambda: np.asarray(theirs.encode(texts)),
        "ours, vectors and tokens": readings,
        f"forward pass alone, {'bfloat16' if bfloat16_pays() else 'float32'}": forward,
        "products alone, float32": _products(tokens),
    }
    _take_turns(ways, len(texts), rounds)


def _take_turns(ways: dict[str, Run], passages: int, rounds: int) -> None:
    """Time all ways, and print each beside the first."""
    wall: dict[str, list[float]] = {name: [] for name in ways}
    used: dict[str, list[float]] = {name: [] for name in ways}
    vectors = {name: run() for name, run in ways.items()}  # what loads or is made for these shapes is not timed
    for _ in range(rounds):
        for name, run in ways.items():
            started, cpu = time.perf_counter(), time.process_time()
            run()
            wall[name].append(time.perf_counter() - started)
            used[name].append(time.process_time() - cpu)
    [first, *_] = ways
    for name, found in vectors.items():
        seconds, cpu = statistics.median(wall[name]), statistics.median(used[name])
        times = statistics.median(a / b for a, b in zip(wall[first], wall[name], strict=True))
        cpu_times = statistics.median(a / b for a, b in zip(used[first], used[name], strict=True))
        line = f"{name:34s} {passages / seconds:7.1f}/s ({times:.2f}x), {cpu / passages * 1000:6.1f} CPU ms each"
        near = (found * vectors[first]).sum(axis=1).min() if len(found) else None
        sys.stdout.write(f"{line} ({cpu_times:.2f}x)" + (f", cosine at least {near:.6f}\n" if near else "\n"))


def _products(tokens: int) -> Run:
    """Return the matrix products of the model over so many tokens, in torch's way, in batches as ours are."""
    batches = max(1, round(tokens / BATCH_TOKENS))
    rows = {width: torch.rand(tokens // batches, width) for width in (DIM, 4 * DIM)}
    pairs = [
        (rows[width], torch.rand(out, width))
        for width, out in ((DIM, 3 * DIM), (DIM, DIM), (DIM, 4 * DIM), (4 * DIM, DIM))
    ]

    def run() -> Vectors:
        with torch.inference_mode():
            for _ in range(LAYERS * batches):
                for row, weight in pairs:
                    torch.nn.functional.linear(row, weight)
        return np.zeros((0, DIM), dtype=np.float32)

    return run


def _build(articles: list[Article], rounds: int) -> None:
    """Print how much of a build the forward passes are."""
    spent = 0.0
    real = Batches._forward

    def timed(self: Batches, tokens: list[int], lengths: list[int]) -> torch.Tensor:
        nonlocal spent
        started = time.process_time()
        found = real(self, tokens, lengths)
        spent += time.process_time() - started
        return found

    Batches._forward = timed  # type: ignore[method-assign,assignment]
    shares: list[float] = []
    embedder = SentenceTransformerEmbedder()
    embedder.passages(["warm", "up", "please"])
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder, "articles.jsonl"), articles)
        for number in range(rounds):
            spent, started = 0.0, time.process_time()
            build_index([str(Path(folder, "articles.jsonl"))], Path(folder, f"data-{number}"), embedder)
            shares.append(spent / (time.process_time() - started))
    sys.stdout.write(
        f"a build of {len(articles)} articles: {statistics.median(shares):.1%} of its CPU time is the forward pass\n"
    )


if __name__ == "__main__":
    sys.exit(main())
