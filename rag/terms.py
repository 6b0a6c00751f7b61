"""The words of a question as an index knows them, each with how rare it is there."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.reader import Index
from index.words import Standing
from rag import rank
from rag.question import content_words

_APART = 2**32  # between the words of one passage and the next: no window spans it


class Term(NamedTuple):
    """A word of the question."""

    word: str
    """As it was typed."""
    stems: tuple[str, ...]
    """What the index calls it: one for each way in which the languages of the archive end it."""
    weight: float
    """Its inverse document frequency, see `rank.idf`."""


@dataclass(frozen=True)
class Terms:
    """The distinct content words of a question, in order."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, index: Index, question: str) -> "Terms":
        """Look the words of a question up in an index."""
        made: dict[tuple[str, ...], Term] = {}
        for word in content_words(question):
            for each in zip(*(index.terms(word, language) for language in index.languages), strict=False):
                stems = tuple(dict.fromkeys(each))
                made.setdefault(stems, Term(word, stems, weight(index, stems)))
        return cls(tuple(made.values()))

    @cached_property
    def stems(self) -> list[str]:
        """Return the stems of all terms, each once."""
        return list(dict.fromkeys(stem for term in self.terms for stem in term.stems))

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Return the weight of each term, (terms,)."""
        return np.asarray([term.weight for term in self.terms], dtype=np.float64)

    @cached_property
    def total(self) -> float:
        """Return the sum of the weights; above 0, so that one can divide by it."""
        return max(sum(term.weight for term in self.terms), 1e-9)

    def share(self, text: AbstractSet[str]) -> float:
        """Return the weighted share of the terms that have a stem among those of a text, 0 to 1."""
        return sum(term.weight for term in self.terms if not text.isdisjoint(term.stems)) / self.total

    def held(self, standing: Standing, rows: int) -> NDArray[np.bool_]:
        """Tell which terms each of `rows` passages has, (rows, terms), by where their stems stand."""
        found = np.zeros((rows, len(self.stems)), dtype=bool)
        found[standing.row, standing.term] = True
        return (found @ self._of) > 0

    def shares(self, standing: Standing, rows: int) -> NDArray[np.float64]:
        """Return the weighted share of the terms that each of `rows` passages has, (rows,), 0 to 1."""
        return np.asarray(self.held(standing, rows) @ self.weights / self.total, dtype=np.float64)

    def closest(self, standing: Standing, rows: int, window: int) -> NDArray[np.float32]:
        """Return the largest share that stands within `window` words in a row of each of `rows` passages, (rows,)."""
        # For each word of the question, as the last one of a window: where each term stood last up to there.
        at = standing.row.astype(np.int64) * _APART + standing.place
        last = np.full((len(at), len(self.terms)), -_APART, dtype=np.int64)
        last[np.arange(len(at)), self._last_of[standing.term]] = at
        within = at[:, None] - np.maximum.accumulate(last, axis=0) < window
        best = np.zeros(rows)
        np.maximum.at(best, standing.row, within @ self.weights)
        return np.asarray(best / self.total, dtype=np.float32)

    @cached_property
    def _of(self) -> NDArray[np.int64]:
        """Which stem is of which term, (stems, terms), 0 or 1."""
        return np.asarray([[stem in term.stems for term in self.terms] for stem in self.stems], dtype=np.int64)

    @cached_property
    def _last_of(self) -> NDArray[np.intp]:
        """For each stem the last term that it is of, (stems,)."""
        places = {stem: place for place, term in enumerate(self.terms) for stem in term.stems}
        return np.asarray([places[stem] for stem in self.stems], dtype=np.intp)


def weight(index: Index, stems: Sequence[str]) -> float:
    """Return the inverse document frequency of a word with these stems, see `rank.idf`."""
    count = min(sum(index.frequency(stem) for stem in stems), index.manifest.passages)
    return float(rank.idf(np.asarray([count], dtype=np.int64), index.manifest.passages)[0])
