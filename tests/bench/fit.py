"""Fits the confidence model of `rag.write`, and shows what the sentence weights of `rag.sentences` reach.

    python -m tests.bench.fit DATA QUESTIONS [DATA QUESTIONS ...]

DATA is an index of the set's articles. Half of the questions, by a hash of their id, fit; the other half is
reported. Every answerable question is asked twice: as it is, and with its evidence articles taken out of what was
found, which makes an unanswerable question with everything but the answer still there. Confidence fitted only on
questions whose whole subject is missing would learn to trust any passage on the right subject.
"""

import hashlib
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rag import open_index
from rag.evaluation.bootstrap import auroc
from rag.evaluation.evaluate import Question, hits, read_questions
from rag.retrieve import Evidence, Found
from rag.write import Candidate, facts, ranked


class Case(NamedTuple):
    facts: list[float]
    answerable: bool
    right: bool
    fits: bool


def cases(data: str, questions: Sequence[Question]) -> list[Case]:
    """Ask every question, as it is and without its evidence."""
    retriever = open_index(data)
    made: list[Case] = []
    for each in questions:
        found = retriever.find(each.question, as_of=each.asked)
        fits = int(hashlib.sha256(each.id.encode()).hexdigest(), 16) % 2 == 0
        made += _case(each, found, each.answerable, fits)
        if each.answerable:
            made += _case(each, _without(found, each), False, fits)
    return made


def _without(found: Found, question: Question) -> Found:
    hits = tuple(hit for hit in found.hits if hit.article.id not in question.evidence and hit.sentences)
    late = [hit.why.late_interaction or 0.0 for hit in hits]
    margin = hits[0].score - hits[min(3, len(hits) - 1)].score if hits else 0.0
    return replace(found, hits=hits, evidence=Evidence(found.evidence.bm25, max(late, default=0.0), margin))


def _case(question: Question, found: Found, answerable: bool, fits: bool) -> list[Case]:
    candidates = ranked(found.question, found.hits)
    if not candidates:
        return []
    right = answerable and _right(question, candidates[0])
    return [Case(list(facts(found, candidates[0]).values()), answerable, right, fits)]


def _right(question: Question, best: Candidate) -> bool:
    text = best.hit.article.text[best.sentence.start : best.sentence.end]
    return hits({"article_id": best.hit.article.id, "text": text}, question, "quotes")


def fit(made: Sequence[Case], steps: int = 5000, decay: float = 0.003) -> tuple[np.ndarray, float]:
    """Return coefficients and intercept of a logistic model, both kinds of question weighing the same."""
    x, y = np.array([case.facts for case in made]), np.array([case.answerable for case in made])
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.c_[(x - middle) / spread, np.ones(len(x))]
    weights = np.where(y, 0.5 / y.mean(), 0.5 / (1 - y.mean())) / len(y)
    beta = np.zeros(z.shape[1])
    for _ in range(steps):
        slope = z.T @ (weights * (1 / (1 + np.exp(-z @ beta)) - y))
        beta -= 0.5 * (slope + decay * np.r_[beta[:-1], 0])
    coefficients = beta[:-1] / spread
    return coefficients, float(beta[-1] - coefficients @ middle)


def main(arguments: Sequence[str]) -> int:
    """Fit on all sets together and print the coefficients and what they reach on the half set aside."""
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    sets = {queries: cases(data, read_questions(Path(queries))) for data, queries in pairs}
    coefficients, intercept = fit([case for made in sets.values() for case in made if case.fits])
    out = sys.stdout
    out.write(f"coefficients {np.round(coefficients, 2).tolist()} intercept {intercept:.2f}\n")
    for name, made in sets.items():
        aside = [case for case in made if not case.fits]
        sure = [1 / (1 + math.exp(-(coefficients @ np.array(case.facts) + intercept))) for case in aside]
        pairs_of = list(zip(sure, aside, strict=True))
        positive = [value for value, case in pairs_of if case.answerable]
        negative = [value for value, case in pairs_of if not case.answerable]
        first = np.mean([case.right for case in aside if case.answerable])
        out.write(f"{name}: quote first {first:.3f}, auroc {auroc(positive, negative):.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
