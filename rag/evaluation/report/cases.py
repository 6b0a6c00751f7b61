"""The questions of a run that are worth looking at, by what went wrong; pure functions of what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.bootstrap import Flags
from rag.evaluation.figures import DEPTH, Comparison, Outcomes

_LATE = 4  # a passage of this rank or worse came late: below what a person reads at once


@dataclass(frozen=True, slots=True)
class Cases:
    """Questions with one thing wrong, the worst first, as places in the run's arrays."""

    name: str
    title: str
    says: str
    """What went wrong with them, and what to look for."""
    places: tuple[int, ...]


def worst(run: Outcomes) -> list[Cases]:
    """Return the kinds of mistakes; a question is in the first kind that it fits, and none where all is well."""
    passage, quote = run.ranks["passage"], run.ranks["quote"]
    asked = np.array([row is not None for row in run.rows], dtype=bool)
    sure = np.nan_to_num(run.confidence)
    kinds: list[tuple[str, str, str, Flags, NDArray[np.float64]]] = [
        (
            "refused",
            "Refused, though the answer was there",
            "The first quote holds the answer, but confidence was too low to show it. Many of these: refuse_below may "
            "be too high for this archive.",
            run.answerable & run.refused & (quote == 1),
            sure,  # sure, and refused all the same
        ),
        (
            "missing",
            "The evidence did not come at all",
            f"No passage with the answer is among the first {DEPTH}. Is the article in the archive, with its date? Are "
            "its words others than the question's? Is another article as right, and only missing from the evidence?",
            run.answerable & (passage > DEPTH),
            sure,  # sure of something else
        ),
        (
            "late",
            "The evidence came late",
            f"The first passage with the answer came in place {_LATE} to {DEPTH}: what came before it is shown.",
            run.answerable & (passage >= _LATE) & (passage <= DEPTH),
            passage.astype(np.float64),
        ),
        (
            "beside",
            "Another sentence was quoted first",
            "A passage with the answer came at once, but the first quote is not the sentence that answers.",
            run.answerable & (passage < _LATE) & (quote > 1),
            sure,
        ),
        (
            "answered",
            "Answered, though the articles do not say",
            "With the most confidence first. Does an article answer after all? Then the question set is wrong.",
            ~run.answerable & ~run.refused,
            sure,
        ),
    ]
    taken = ~asked | run.right
    found = []
    for name, title, says, members, badness in kinds:
        here = np.flatnonzero(members & ~taken)
        taken = taken | members
        found.append(Cases(name, title, says, _places(here[np.argsort(-badness[here], kind="stable")])))
    return found


def flips(comparison: Comparison) -> list[Cases]:
    """Return the questions that one of two runs handled right and the other not."""
    now, before = comparison.now.right, comparison.before.right
    return [
        Cases("lost", "Right before, wrong now", "What the change broke.", _places(np.flatnonzero(before & ~now))),
        Cases("won", "Wrong before, right now", "What the change mended.", _places(np.flatnonzero(now & ~before))),
    ]


def groups(run: Outcomes, key: Callable[[int], str], least: int = 1) -> list[tuple[str, Flags]]:
    """Return the questions of each value of `key`, the largest group first; none of fewer than `least` questions."""
    keys = [key(place) for place in range(len(run.questions))]
    sizes = {each: keys.count(each) for each in dict.fromkeys(keys) if each}
    kept = sorted((each for each in sizes if sizes[each] >= least), key=lambda each: -sizes[each])
    return [(each, np.array([other == each for other in keys], dtype=bool)) for each in kept]


def risk_coverage(run: Outcomes) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """Return (coverage, risk) as ever less sure questions are answered, and the point at which the run stands.

    Coverage is the share of questions answered, risk the share of these whose first quote does not answer, or that
    no article answers (El-Yaniv and Wiener, 2010).
    """
    asked = np.flatnonzero(~np.isnan(run.confidence))
    wrong = ~(run.answerable & (run.ranks["quote"] == 1))
    order = asked[np.argsort(-run.confidence[asked], kind="stable")]
    wrongs, counts = np.cumsum(wrong[order]), np.arange(1, len(order) + 1)
    sure = run.confidence[order]
    last = np.flatnonzero(np.r_[sure[1:] != sure[:-1], True])[: len(order)]  # equally sure ones are answered together
    curve = [(float(counts[at] / len(order)), float(wrongs[at] / counts[at])) for at in last]
    answered = asked[~run.refused[asked]]
    stands = (len(answered) / max(1, len(asked)), float(wrong[answered].mean()) if len(answered) else 0.0)
    return curve, stands


def _places(found: Sequence[np.int64] | NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(place) for place in found)
