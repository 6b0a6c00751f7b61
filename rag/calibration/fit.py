"""Fits the threshold of refusal to an archive, without any labels.

Questions are drafted from the archive's own sentences and asked as they are, then again with every article left out
that is likely to answer them, so that nothing does. They use the articles' words and are easier than what people ask:
on them a lower threshold looks good enough too often. So the fitted one goes below the default only where that is
asked for; above it, it holds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.errors import SettingsError
from rag import __version__
from rag.calibration import Calibration, keep, sketch
from rag.calibration.ask import Progress, Trial, asked, trials
from rag.calibration.threshold import Choice, at, choose, curve, least_risk
from rag.retrieve import Retriever
from rag.settings import Settings

DEFAULT = float(Settings.model_fields["refuse_below"].default)
COUNT = 100
RISK = 0.1


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration, and what it came of."""

    calibration: Calibration
    choice: Choice
    trials: tuple[Trial, ...]


def calibrate(
    retriever: Retriever,
    *,
    risk: float = RISK,
    count: int = COUNT,
    allow_lower: bool = False,
    progress: Progress | None = None,
) -> Fitted:
    """Fit the threshold to the archive and keep it with the index; whoever opens that from now on refuses below it.

    `risk` is the largest share of wrong answers, among as many questions that can be answered as cannot. It takes
    two questions for each of `count`. What is open already goes on as it is.

    Raises:
        SettingsError: too few questions could be drafted, no threshold keeps to `risk`, or nothing can be written.
    """
    index = retriever.index
    found = trials(retriever, count, progress)
    made = fitted(found, risk)
    threshold = made.point.threshold if allow_lower else max(made.point.threshold, DEFAULT)
    calibration = Calibration(
        refuse_below=threshold,
        fitted=made.point.threshold,
        risk=risk,
        low=made.interval.low,
        high=made.interval.high,
        expected_risk=None if math.isnan(made.expected) else made.expected,
        answered=at(asked(found), threshold).answered,
        questions=len(found),
        curve=tuple(
            (each.threshold, each.answered, each.invented, round(each.risk, 6)) for each in curve(asked(found))
        ),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        program=__version__,
        model=index.manifest.model,
        version=index.manifest.name,
        articles=index.manifest.articles,
        sketch=sketch(index.members),
    )
    keep(retriever.settings.data, calibration)
    return Fitted(calibration, made, tuple(found))


def fitted(found: Sequence[Trial], risk: float) -> Choice:
    """Return the threshold that trials speak for.

    Raises:
        SettingsError: every one has a larger share of wrong answers.
    """
    results = asked(found)
    chosen = choose(results, risk, DEFAULT)
    if chosen is None:
        least = least_risk(results)
        raise SettingsError(
            f"No threshold keeps the share of wrong answers at {100 * risk:g} % or below on {len(found)} questions: "
            f"the least is {100 * least.risk:.1f} %, refusing below {least.threshold:g}, which answers "
            f"{100 * least.answered:.0f} % of what can be. The threshold stays what it is; name a larger --risk."
        )
    return chosen
