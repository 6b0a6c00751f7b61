"""The figures of a run: hits, ranks, refusals, confidence, time; with intervals, and against an earlier run.

A passage or quote hits when it is from an evidence article and holds an answer; a quote of over 60 words never does.
An article hits when it is evidence. Ranks count from 1; articles are ranked by their first passage. MRR is the mean of
1 / rank of the first hit among ten (Voorhees, TREC-8). nDCG has gain 1 for each evidence article among the first ten
articles, by the discount 1 / log2(1 + rank), over the best possible (Järvelin and Kekäläinen, 2002). AUROC is the
chance that an answerable question got more confidence than another one. "right" is answered with a first quote that
hits, or rightly refused. What a run lacks counts as not found, and not for AUROC. ECE tells how far confidence is from
the chance that the question can be answered, see `reliability`.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import SettingsError
from rag.evaluation.bootstrap import Column, Flags, Floats, Interval, Measure, Ranking, interval, resampled, value
from rag.evaluation.evaluate import Question, hits
from rag.evaluation.reliability import expected_calibration_error

KS = (1, 3, 5, 10)
DEPTH = 10
KINDS = ("passage", "quote", "article")
LOWER_IS_BETTER = re.compile(r"refused answerable|^ece$| ms$")
"""Names of the figures that are better when they are lower."""
MAIN = (
    "passage hits@1", "passage hits@5", "passage mrr@10", "quote hits@1", "quote hits@3", "article hits@1",
    "article ndcg@10", "refused unanswerable", "refused answerable", "auroc", "right",
)  # fmt: skip
"""The figures that two runs are compared by."""

NEVER = 1_000_000
"""The rank of what did not come."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of each question, in the order of the set; all arrays are (questions,)."""

    questions: tuple[Question, ...]
    rows: tuple[dict[str, Any] | None, ...]
    """The line of the run file; None where it has none."""
    answerable: Flags
    ranks: dict[str, NDArray[np.int64]]
    """For each of KINDS the rank of the first hit; far beyond any where nothing hit."""
    ndcg: Floats
    refused: Flags
    confidence: Floats
    seconds: tuple[float, ...]
    """Of every line of the run, sorted."""
    stages: dict[str, tuple[float, ...]]
    """Likewise of each stage that the lines name."""

    @property
    def missing(self) -> list[str]:
        """Return the ids of the questions that the run lacks."""
        return [each.id for each, row in zip(self.questions, self.rows, strict=True) if row is None]

    @property
    def right(self) -> Flags:
        """Tell of each question whether it was handled right."""
        return np.where(self.answerable, ~self.refused & (self.ranks["quote"] == 1), self.refused)


def outcomes(questions: Sequence[Question], rows: Iterable[dict[str, Any]]) -> Outcomes:
    """Judge each question by its line of the run."""
    by_id = {str(row["id"]): row for row in rows}
    found = tuple(by_id.get(each.id) for each in questions)
    pairs = list(zip(questions, found, strict=True))
    names = list(dict.fromkeys(name for row in by_id.values() for name in row.get("stages") or {}))
    return Outcomes(
        questions=tuple(questions),
        rows=found,
        answerable=np.array([each.answerable for each in questions], dtype=bool),
        ranks={kind: np.array([_rank(kind, *pair) for pair in pairs], dtype=np.int64) for kind in KINDS},
        ndcg=np.array([_ndcg(*pair) for pair in pairs], dtype=np.float64),
        refused=np.array([bool(row and row["refused"]) for row in found], dtype=bool),
        confidence=np.array([row["confidence"] if row else math.nan for row in found], dtype=np.float64),
        seconds=tuple(sorted(row["seconds"] for row in by_id.values() if "seconds" in row)),
        stages={
            name: tuple(sorted(row["stages"][name] for row in by_id.values() if name in (row.get("stages") or {})))
            for name in names
        },
    )


def articles_of(row: dict[str, Any]) -> list[str]:
    """Return the ids of the articles of a run's line, in the order of their first passages."""
    return list(dict.fromkeys(span["article_id"] for span in row["passages"]))


def _rank(kind: str, question: Question, row: dict[str, Any] | None) -> int:
    if row is None:
        return NEVER
    if kind == "article":
        hit = (key in question.evidence for key in articles_of(row))
    else:
        hit = (hits(span, question, f"{kind}s") for span in row[f"{kind}s"])
    return next((rank for rank, each in enumerate(hit, 1) if each), NEVER)


def _ndcg(question: Question, row: dict[str, Any] | None) -> float:
    if row is None or not question.evidence:
        return 0.0
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(DEPTH, len(question.evidence)) + 1))
    ranked = enumerate(articles_of(row)[:DEPTH], 1)
    return sum(1 / math.log2(rank + 1) for rank, key in ranked if key in question.evidence) / best


def measures(run: Outcomes) -> dict[str, Measure]:
    """Return what each share-like figure is made of, by its name, in the order in which they are printed."""
    answerable, others = run.answerable, ~run.answerable
    passage = run.ranks["passage"]
    made: dict[str, Measure] = {}
    for kind in KINDS:
        for k in KS:
            made[f"{kind} hits@{k}"] = Column((run.ranks[kind] <= k).astype(np.float64), answerable)
    made["passage mrr@10"] = Column(np.where(passage <= DEPTH, 1 / passage, 0.0), answerable)
    made["article ndcg@10"] = Column(run.ndcg, answerable)
    made["refused unanswerable"] = Column(run.refused.astype(np.float64), others)
    made["refused answerable"] = Column(run.refused.astype(np.float64), answerable)
    made["auroc"] = Ranking(run.confidence, answerable, ~np.isnan(run.confidence))
    made["right"] = Column(run.right.astype(np.float64), np.ones(len(answerable), dtype=bool))
    return made


def measure(questions: Sequence[Question], rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Return the figures of a run by their names: shares and AUROC from 0 to 1, NaN of nothing; times in ms."""
    return figures(outcomes(questions, rows))


def figures(run: Outcomes) -> dict[str, float]:
    """Return the figures of judged questions; see `measure`."""
    found = {"questions": float(len(run.questions))}
    found |= {name: round(value(each), 4) for name, each in measures(run).items()}
    found["ece"] = round(expected_calibration_error(run.confidence, run.answerable), 4)
    for name, seconds in {"": run.seconds, **{f"{name} ": times for name, times in run.stages.items()}}.items():
        if seconds:
            found[f"{name}p50 ms"] = milliseconds(seconds, 0.5)
            found[f"{name}p95 ms"] = milliseconds(seconds, 0.95)
    return found


def milliseconds(seconds: Sequence[float], share: float) -> float:
    """Return the time, of sorted ones, that `share` of them stay below, in ms."""
    return round(seconds[min(len(seconds) - 1, int(share * len(seconds)))] * 1000, 1)


def intervals(made: Mapping[str, Measure], questions: int) -> dict[str, Interval]:
    """Return the 95 % interval of each measure over `questions` questions."""
    return {name: interval(spread) for name, spread in resampled(made, questions).items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in two runs, over the questions that both have."""

    name: str
    now: float
    before: float
    spread: Interval
    """The 95 % interval of `now - before`, paired by question."""

    @property
    def change(self) -> float:
        """Return how much higher the figure is now."""
        return self.now - self.before

    @property
    def counts(self) -> bool:
        """Tell whether the interval lies on one side of no change."""
        return self.spread.low > 0 or self.spread.high < 0

    @property
    def better(self) -> bool:
        """Tell whether the figure moved the way that is better."""
        return (self.change < 0) if LOWER_IS_BETTER.search(self.name) else (self.change > 0)

    def __str__(self) -> str:
        """Say in words whether it is better."""
        if math.isnan(self.change) or math.isnan(self.spread.low):
            return "cannot be compared: no question counts for it"
        half = short((self.spread.high - self.spread.low) / 2)
        if self.counts:
            return f"{'better' if self.better else 'worse'} by {short(abs(self.change))} ± {half} (95 %)"
        return f"no difference that counts ({short(self.change)} ± {half})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the questions that both have."""

    differences: tuple[Difference, ...]
    now: Outcomes
    before: Outcomes
    """Both of the questions in common."""
    only_before: tuple[str, ...]
    """Ids of the questions that this run lacks."""
    only_now: tuple[str, ...]
    """Ids of the questions that the earlier run lacks."""


def compare(now: Outcomes, earlier: Iterable[dict[str, Any]], name: str = "the earlier run") -> Comparison:
    """Compare a run with the lines of an earlier one on the same questions, by `MAIN`.

    Raises:
        SettingsError: no question is in both; the message calls the earlier one `name`.
    """
    rows = list(earlier)
    before = outcomes(now.questions, rows)
    pairs = list(zip(now.questions, now.rows, before.rows, strict=True))
    common = [question for question, one, other in pairs if one and other]
    if not common:
        raise SettingsError(f"{name}: has none of these {len(pairs)} questions. Name a run of the same question set.")
    new = outcomes(common, [row for row in now.rows if row])
    old = outcomes(common, rows)
    sides = {"now": measures(new), "before": measures(old)}
    both = {(side, key): made[key] for side, made in sides.items() for key in MAIN}
    spread = resampled({f"{side} {key}": each for (side, key), each in both.items()}, len(common))
    return Comparison(
        differences=tuple(
            Difference(
                key,
                value(both["now", key]),
                value(both["before", key]),
                interval(spread[f"now {key}"] - spread[f"before {key}"]),
            )
            for key in MAIN
        ),
        now=new,
        before=old,
        only_before=tuple(question.id for question, one, other in pairs if other and not one),
        only_now=tuple(question.id for question, one, other in pairs if one and not other),
    )


def short(share: float) -> str:
    """Return a share with three decimals and without a zero before them, as tables have it."""
    if math.isnan(share):
        return "–"
    text = f"{abs(share):.3f}"
    return ("−" if share < 0 and float(text) else "") + text.removeprefix("0")
