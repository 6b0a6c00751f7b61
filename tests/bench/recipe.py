"""Pullquote beside the usual recipe: 1,000-character chunks with 200 overlap, vectors only.

    python -m tests.bench.recipe [CORPUS QUERIES] [--limit N]

Same articles, same model, same machine, one run. Prints hits of both, and what Pullquote's time is as a
multiple of the recipe's. The recipe is what guides to LangChain with FAISS and sentence-transformers show.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.article import Article
from index.embed import SentenceTransformerEmbedder, Vectors
from index.load import SourceFile, find, load
from rag import build_index, open_index
from rag.evaluation.evaluate import Question, read_questions, run
from rag.evaluation.figures import measure

CHUNK_CHARS = 1000
OVERLAP_CHARS = 200
K = 10


def chunks(article: Article) -> list[tuple[int, int]]:
    """Return windows of at most `CHUNK_CHARS` that end at white space where there is any."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(article.text):
        end = min(len(article.text), start + CHUNK_CHARS)
        if end < len(article.text):
            space = article.text.rfind(" ", start + CHUNK_CHARS // 2, end)
            end = space if space > 0 else end
        found.append((start, end))
        if end == len(article.text):
            break
        start = end - OVERLAP_CHARS
    return found


class Recipe:
    """The recipe, built in memory."""

    def __init__(self, articles: list[Article], encode: Callable[[list[str]], Vectors]) -> None:
        """Chunk, embed and index the articles."""
        self.encode = encode
        self.rows = [(article, *span) for article in articles for span in chunks(article)]
        vectors = encode([article.text[start:end] for article, start, end in self.rows])
        self.nearest = faiss.IndexFlatIP(vectors.shape[1])
        self.nearest.add(vectors)

    def row(self, question: Question) -> dict[str, Any]:
        """Answer as a line of a run file."""
        started = time.perf_counter()
        _, found = self.nearest.search(self.encode([question.question]), K)
        spans = [self.rows[place] for place in found[0] if place >= 0]
        passages = [
            {"article_id": article.id, "start": start, "end": end, "text": article.text[start:end]}
            for article, start, end in spans
        ]
        seconds = time.perf_counter() - started
        row = {"id": question.id, "refused": False, "confidence": 1.0, "quotes": [], "seconds": seconds}
        return row | {"passages": passages}


def main() -> int:
    """Run both and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", default="seeds", type=Path)
    parser.add_argument("queries", nargs="?", default="seeds/questions.jsonl", type=Path)
    parser.add_argument("--limit", type=int, default=100, help="questions asked (default: 100)")
    arguments = parser.parse_args()
    questions = [each for each in read_questions(arguments.queries) if not each.earlier][: arguments.limit]
    articles = _articles(arguments.corpus)
    model = SentenceTransformerEmbedder()
    model.questions(["warm up"])

    with tempfile.TemporaryDirectory() as data:
        started = time.perf_counter()
        build_index([arguments.corpus], data)
        ours_built = time.perf_counter() - started
        retriever = open_index(data)
        retriever.search("warm up")
        ours = list(run(retriever, questions))
    started = time.perf_counter()
    recipe = Recipe(articles, model.passages)
    theirs_built = time.perf_counter() - started
    theirs = [recipe.row(each) for each in questions]
    _report(measure(questions, ours), measure(questions, theirs), ours_built / theirs_built)
    return 0


def _articles(corpus: Path) -> list[Article]:
    files = [found for found in find([corpus]) if isinstance(found, SourceFile)]
    return [article for file in files for article in load(file) if isinstance(article, Article)]


def _report(ours: dict[str, float], theirs: dict[str, float], built: float) -> None:
    out = sys.stdout
    out.write(f"{'':20s} {'pullquote':>10s} {'recipe':>10s}\n")
    for name in ("passage hits@1", "passage hits@5", "passage hits@10"):
        out.write(f"{name:20s} {ours[name]:10.3f} {theirs[name]:10.3f}\n")
    out.write(f"{'build time':20s} {built:9.2f}x {1:9.2f}x\n")
    asked = np.divide(ours["p50 ms"], theirs["p50 ms"])
    out.write(f"{'question p50':20s} {asked:9.2f}x {1:9.2f}x  (pullquote's with its quotes)\n")


if __name__ == "__main__":
    sys.exit(main())
