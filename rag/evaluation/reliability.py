"""Whether confidence means what it says: whether, of what is held to be 70 % sure, seven in ten are so.

Reliability diagrams and the expected calibration error (Guo, Pleiss, Sun and Weinberger, On Calibration of Modern
Neural Networks, 2017): in each bin the mean confidence beside the share that came true; their distance, weighted by
how many are in the bin. Bins are of equal width, as there; `adaptive` ones hold equally many each, which steadies the
figure where most confidences are near 0 or 1 (Nixon and others, Measuring Calibration in Deep Learning, 2019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.evaluation.bootstrap import Interval

BINS = 10
_Z = 1.959964  # of the 95 % interval


@dataclass(frozen=True, slots=True)
class Bin:
    """What was held to be about equally sure."""

    low: float
    high: float
    """Where the bin begins and ends; adaptive ones at the confidences of their first and last."""
    count: int
    confidence: float
    """The mean confidence."""
    share: float
    """The share that came true."""

    @property
    def interval(self) -> Interval:
        """Return the 95 % interval of the share (Wilson's)."""
        spread = _Z * math.sqrt(self.share * (1 - self.share) / self.count + _Z**2 / (4 * self.count**2))
        scale, middle = 1 + _Z**2 / self.count, self.share + _Z**2 / (2 * self.count)
        return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def reliability(
    confidences: Sequence[float] | NDArray[np.float64],
    outcomes: Sequence[bool] | NDArray[np.bool_],
    bins: int = BINS,
    *,
    adaptive: bool = False,
) -> tuple[Bin, ...]:
    """Return the bins that hold anything, in order; a confidence of NaN is passed over.

    Raises:
        ValueError: the two are not equally many, a confidence is not from 0 to 1, or there is no bin.
    """
    sure, true = np.asarray(confidences, dtype=np.float64), np.asarray(outcomes, dtype=bool)
    if sure.shape != true.shape or bins < 1:
        raise ValueError(f"{len(sure)} confidences for {len(true)} outcomes, in {bins} bins")
    sure, true = sure[~np.isnan(sure)], true[~np.isnan(sure)]
    if len(sure) and not (sure.min() >= 0 and sure.max() <= 1):
        raise ValueError(f"confidences from {sure.min():g} to {sure.max():g}: they are from 0 to 1")
    if adaptive:
        order = np.argsort(sure, kind="stable")
        parts = [part for part in np.array_split(order, bins) if len(part)]
        edges = [(float(sure[part[0]]), float(sure[part[-1]])) for part in parts]
    else:
        places = np.minimum((sure * bins).astype(np.int64), bins - 1)
        parts = [np.flatnonzero(places == place) for place in range(bins)]
        edges = [(place / bins, (place + 1) / bins) for place in range(bins)]
    return tuple(
        Bin(low, high, len(part), float(sure[part].mean()), float(true[part].mean()))
        for (low, high), part in zip(edges, parts, strict=True)
        if len(part)
    )


def expected_calibration_error(
    confidences: Sequence[float] | NDArray[np.float64],
    outcomes: Sequence[bool] | NDArray[np.bool_],
    bins: int = BINS,
    *,
    adaptive: bool = False,
) -> float:
    """Return the mean distance between confidence and what came true, 0 to 1, NaN of nothing; see `reliability`."""
    found = reliability(confidences, outcomes, bins, adaptive=adaptive)
    count = sum(each.count for each in found)
    return sum(each.count * abs(each.confidence - each.share) for each in found) / count if count else math.nan
