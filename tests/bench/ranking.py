"""Fits the weights of `rag.rank`, and shows what each step of the ranking gains.

    python -m tests.bench.ranking DATA QUESTIONS [DATA QUESTIONS ...] [--table]

DATA is an index of the set's articles. Half of the questions, by a hash of their id, fit; both halves are reported.
Each question is searched for twice, without its day and as of it; of every candidate the signals are kept, so that any
sum of them can be tried without searching again. The weights maximise the chance that a passage which answers is
drawn first, when passages are drawn by the exponential of their score (ListNet's top-one probability, Cao et al. 2007).
`--table` leaves the weights as they are and prints the steps: what each signal adds to those before it.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rag import Settings, open_index
from rag.evaluation.evaluate import Question, hits, read_questions
from rag.rank import WEIGHTS, Weights
from rag.retrieve import Retriever

OURS = ("cosine", "coverage", "proximity", "position", "date", "late", "sentence")
SIGNALS = ("cosine", "bm25", "coverage", "proximity", "position", "date", "late", "sentence")
READ = ("late", "sentence")  # known of the passages that were read
CANDIDATES = 120
RRF_K = 60  # Cormack et al. 2009

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question and its candidates: (n, signals), and for each whether it answers and from which article."""

    question: Question
    signals: Matrix
    ranks: Matrix  # (n, 2): by vector and by BM25, from 1; infinite where it was not found
    answers: NDArray[np.bool_]
    articles: list[str]

    @property
    def fits(self) -> bool:
        """Tell whether it is of the half that fits."""
        return int(hashlib.sha256(self.question.id.encode()).hexdigest(), 16) % 2 == 0


def case(retriever: Retriever, question: Question, *, dated: bool) -> Case:
    """Search for a question, as of its day or without one, and keep the signals of its candidates."""
    found = retriever.find(question.question, k=CANDIDATES, as_of=question.asked if dated else None)
    whys = [hit.why for hit in found.hits]
    best = max((why.bm25 for why in whys), default=0.0) or 1.0
    late = _known(why.late_interaction for why in whys)
    sentence = _known(why.sentence for why in whys)
    rows = [
        (
            why.cosine,
            why.bm25 / best,
            why.coverage,
            why.proximity,
            np.log1p(why.position),
            np.log(why.date_factor),
            late[place],
            sentence[place],
        )
        for place, why in enumerate(whys)
    ]
    return Case(
        question,
        np.asarray(rows, dtype=np.float64).reshape(-1, len(SIGNALS)),
        np.asarray([(why.dense_rank or np.inf, why.lexical_rank or np.inf) for why in whys]).reshape(-1, 2),
        np.asarray(
            [hits({"article_id": h.article.id, "text": h.text}, question, "passages") for h in found.hits], bool
        ),
        [hit.article.id for hit in found.hits],
    )


def _known(values: Iterable[float | None]) -> list[float]:
    """Return the values, those of passages that were not read as low as the lowest."""
    found = list(values)
    least = min((each for each in found if each is not None), default=0.0)
    return [least if each is None else each for each in found]


def fit(sets: Sequence[Sequence[Case]], names: Sequence[str] = SIGNALS, decay: float = 1e-3) -> dict[str, float]:
    """Return the weight of each signal, all sets weighing the same; that of the cosine is its own of `rag.rank`."""
    chosen = [SIGNALS.index(name) for name in names]
    usable = [[each for each in cases if each.answers.any()] for cases in sets]
    parts = [(each.signals[:, chosen], each.answers, 1 / len(cases)) for cases in usable for each in cases]
    spread = np.mean([matrix.std(axis=0) for matrix, _, _ in parts], axis=0) + 1e-9

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = decay * float(weights @ weights) / 2, decay * weights
        for matrix, answers, share in parts:
            scores = matrix / spread @ weights
            drawn = np.exp(scores - scores.max())
            drawn /= drawn.sum()
            right = drawn * answers
            total -= share * np.log(right.sum())
            slope = slope + share * ((matrix / spread).T @ (drawn - right / right.sum()))
        return total, slope

    found = minimize(loss, np.zeros(len(chosen)), jac=True, method="L-BFGS-B").x / spread
    scale = found[names.index("cosine")] / WEIGHTS.cosine
    return {name: float(value / scale) for name, value in zip(names, found, strict=True)}


Score = Callable[[Case], Matrix]


def weighted(weights: dict[str, float], read: int | None = None) -> Score:
    """Return the sum of the signals; with `read`, what reading tells counts for so many of the first alone."""
    values = np.asarray([weights.get(name, 0.0) for name in SIGNALS])

    def score(each: Case) -> Matrix:
        if read is None:
            return np.asarray(each.signals @ values)
        told = np.isin(SIGNALS, READ)
        first = np.asarray(each.signals @ np.where(told, 0.0, values))
        top = np.argsort(-first, kind="stable")[:read]
        scores = first - 100.0
        scores[top] = first[top] + each.signals[top][:, told] @ values[told]
        return scores

    return score


def fused(each: Case) -> Matrix:
    """Return reciprocal rank fusion's score."""
    return np.asarray((1 / (RRF_K + each.ranks)).sum(axis=1))


def figures(cases: Sequence[Case], score: Score) -> dict[str, Matrix]:
    """Return for each figure what each question has of it, 0 or 1."""
    found: dict[str, list[bool]] = {f"{what}@{k}": [] for what in ("passage", "article") for k in (1, 5, 10)}
    for each in cases:
        order = np.argsort(-score(each), kind="stable")[:10]
        articles = list(dict.fromkeys(each.articles[place] for place in order))
        for k in (1, 5, 10):
            found[f"passage@{k}"].append(bool(each.answers[order[:k]].any()))
            found[f"article@{k}"].append(any(article in each.question.evidence for article in articles[:k]))
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}


def steps(dated: Sequence[Case], plain: Sequence[Case], read: int) -> list[tuple[str, Sequence[Case], Score]]:
    """Return the rows of the table: name, cases (as of the day, or `plain`), score. Sums are fitted on one half."""

    def sum_of(*names: str) -> Score:
        return weighted(fit([[each for each in plain if each.fits]], names))

    ours = {field.name: getattr(WEIGHTS, field.name) for field in fields(Weights)}
    unread = ours | dict.fromkeys(READ, 0.0)
    return [
        ("vectors alone", plain, weighted({"cosine": 1.0})),
        ("BM25 alone", plain, weighted({"bm25": 1.0})),
        ("both, reciprocal rank fusion", plain, fused),
        ("both, sum of scores", plain, sum_of("cosine", "bm25")),
        ("share of its words instead of BM25", plain, sum_of("cosine", "coverage")),
        ("+ how close together they stand", plain, sum_of("cosine", "coverage", "proximity")),
        ("+ place in the article", plain, sum_of("cosine", "coverage", "proximity", "position")),
        ("the same, with Pullquote's weights", plain, weighted(unread | {"date": 0.0})),
        ("+ dates, but no day given", plain, weighted(unread)),
        ("+ dates, as of the day", dated, weighted(unread)),
        ("+ late interaction", dated, weighted(ours | {"sentence": 0.0}, read)),
        ("+ its best sentence", dated, weighted(ours, read)),
    ]


def gather(data: str, queries: str, read: int) -> tuple[list[Case], list[Case]]:
    """Return the answerable questions of a set as cases: as of their day, and without it or late interaction."""
    questions = [each for each in read_questions(Path(queries)) if each.answerable and not each.earlier]
    read_on, read_once = (open_index(settings=Settings.load(data=data, reranked=count)) for count in (read, 1))
    dated = [case(read_on, each, dated=True) for each in questions]
    return dated, [case(read_once, each, dated=False) for each in questions]


def table(rows: Sequence[tuple[str, Sequence[Case], Score]]) -> str:
    """Return the figures of each row, of all questions and of each half, and what it gained on the row before.

    With the half-width of that gain's 95 % interval: paired by question, by the normal approximation.
    """
    names = list(figures([], fused))
    heads = "".join(f"{name:>11s}" for name in names)
    lines = [f"{'':36s}{heads}   fitting/aside @1    gain @1"]
    before: Matrix | None = None
    for name, cases, score in rows:
        found = figures(cases, score)
        first = found["passage@1"]
        halves = [float(np.mean(first[[each.fits is half for each in cases]])) for half in (True, False)]
        gain = first - (first if before is None else before)
        half_width = 1.96 * gain.std() / len(gain) ** 0.5
        shares = "".join(f"{values.mean():11.3f}" for values in found.values())
        lines.append(
            f"{name:36s}{shares}      {halves[0]:.3f} / {halves[1]:.3f}  {gain.mean():+.3f} ± {half_width:.3f}"
        )
        before = first
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Fit, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="DATA QUESTIONS")
    parser.add_argument("--table", action="store_true", help="print the steps instead of fitting")
    parser.add_argument("--read", type=int, default=8, help="passages read by late interaction (default: 8)")
    given = parser.parse_args(arguments)
    sets = [gather(*pair, given.read) for pair in zip(given.sets[::2], given.sets[1::2], strict=True)]
    weights = fit([[each for each in dated if each.fits] for dated, _ in sets], OURS)
    if not given.table:
        sys.stdout.write(f"weights { ({name: round(value, 3) for name, value in weights.items()}) }\n")
    for (dated, plain), queries in zip(sets, given.sets[1::2], strict=True):
        rows = steps(dated, plain, given.read) if given.table else [("fitted", dated, weighted(weights, given.read))]
        sys.stdout.write(f"\n{queries}, {len(dated)} questions\n{table(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
