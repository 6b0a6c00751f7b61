"""The words of a question as an index knows them, each with how rare it is there."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from index.reader import Index
from rag import rank
from rag.question import content_words


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
        """Return the stems of all terms."""
        return [stem for term in self.terms for stem in term.stems]

    @cached_property
    def places(self) -> dict[str, int]:
        """Return for each stem which term it is of."""
        return {stem: place for place, term in enumerate(self.terms) for stem in term.stems}

    @cached_property
    def total(self) -> float:
        """Return the sum of the weights; above 0, so that one can divide by it."""
        return max(sum(term.weight for term in self.terms), 1e-9)

    def held(self, text: AbstractSet[str]) -> tuple[Term, ...]:
        """Return the terms that have a stem among those of a text."""
        return tuple(term for term in self.terms if not text.isdisjoint(term.stems))

    def share(self, text: AbstractSet[str]) -> float:
        """Return the weighted share of the terms that have a stem among those of a text, 0 to 1."""
        return sum(term.weight for term in self.held(text)) / self.total

    def closest(self, text: Sequence[str], window: int) -> float:
        """Return the largest share, 0 to 1, that stands within `window` consecutive stems of a text."""
        found = [(place, self.places[stem]) for place, stem in enumerate(text) if stem in self.places]
        counts = [0] * len(self.terms)
        best = total = 0.0
        first = 0
        for place, term in found:
            while found[first][0] <= place - window:
                gone = found[first][1]
                counts[gone] -= 1
                total -= 0.0 if counts[gone] else self.terms[gone].weight
                first += 1
            counts[term] += 1
            total += self.terms[term].weight if counts[term] == 1 else 0.0
            best = max(best, total)
        return best / self.total


def weight(index: Index, stems: Sequence[str]) -> float:
    """Return the inverse document frequency of a word with these stems, see `rank.idf`."""
    count = min(sum(index.frequency(stem) for stem in stems), index.manifest.passages)
    return float(rank.idf(np.asarray([count], dtype=np.int64), index.manifest.passages)[0])
