"""How much the date of an article speaks for it, by the days that a question speaks of and the day it is asked on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag import rank
from rag.dates import when
from rag.dates.when import Period, When

_NEAR = 7  # days: what was so near to the day of asking is what the as-of prior is about
_PRINTED = 3  # days after which a newspaper has told what happened
_BESIDE = 0.85  # what the as-of prior is worth beside days of long ago that the question names: often only in passing


@dataclass(frozen=True, slots=True)
class Dating:
    """The days that a question is about."""

    day: date | None
    """The day it is asked on, where that plays a part; see `dating`."""
    periods: tuple[Period, ...] = ()
    """The days that it speaks of, and that the archive reaches."""

    @property
    def until(self) -> int | None:
        """Return the last day (an ordinal) of articles that existed when it was asked; None is open."""
        return None if self.day is None else self.day.toordinal() + rank.AFTER_DAYS

    def factors(self, days: NDArray[np.float64]) -> rank.Floats:
        """Return what is left of the chance of articles of these `days` (ordinals; NaN is unknown), (n,), 0 to 1."""
        past = [each for each in self.periods if not self._recent(each)]
        made = [rank.within(days, *_bounds(each)) for each in past]
        if self.day is not None:
            only_past = bool(past) and len(past) == len(self.periods)
            made.append(rank.date_prior(self.day.toordinal() - days) * (_BESIDE if only_past else 1.0))
        if not made:
            return np.ones(len(days), dtype=np.float32)
        return np.asarray(np.max(made, axis=0), dtype=np.float32)

    def _recent(self, period: Period) -> bool:
        """Tell whether a period reaches the day of asking, so that the as-of prior says all about it."""
        return self.day is not None and (period.last is None or (self.day - period.last).days <= _NEAR)


def dating(question: str, as_of: date | None, today: date, known: Sequence[date | None]) -> Dating:
    """Return the days that a question is about; `known` are the first and the last date of the archive.

    A day given as `as_of` always counts; today counts where the question says "latest", "last week" or the like.
    Days before the archive begins, or after it ends, are what articles tell of, and not when they were printed.
    """
    day = as_of if as_of is not None else today if when.relative(question) else None
    first, last = known
    periods = [
        each
        for each in when.periods(question, day or today)
        if each.kind not in {When.NEWEST, When.OLDEST}
        and not (first and each.last and each.last < first)
        and not (last and each.first and each.first > last)
    ]
    return Dating(day, tuple(periods))


def _bounds(period: Period) -> tuple[float, float]:
    first = float(period.first.toordinal()) if period.first else -np.inf
    last = float(period.last.toordinal() + _PRINTED) if period.last else np.inf
    return first, last
