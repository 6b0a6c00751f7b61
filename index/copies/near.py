"""Finds the pairs of articles that print the same text but for cuts and changes: MinHash finds them, counting decides.

MinHash and banding: Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, ch. 3.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.copies.texts import PERMUTATIONS, Hashes, Minima, opening, shingles

_BAND = 2
"""Minima that two signatures must share in one band to be compared. With 64 bands, pairs of a Jaccard likeness of .3
are found in 998 of 1,000 cases, of .15 (a quarter cut from a long text) in 77 of 100."""
WITHIN = 0.7
"""Share of the shorter text's shingles that the longer one has. A text with one word in twenty changed has .77."""
LIKE = 0.6
"""Jaccard likeness from which two texts are copies however long they are."""
_SHORTEST = 0.25  # of the longer text; below it one quotes the other, or is one item of its list
_OPENING = (
    0.4  # of the shorter opening's shingles, in the other text: one frame around two articles begins with neither
)
_LEAST = 8  # shingles; of less, likeness says nothing
_SURELY_NOT = 0.15  # below a bound by so much, which is more than three times the error of 128 minima
_CROWD = 400  # articles in one band: the commonest boilerplate, compared with the next few only
_NEXT = 40


class Texts(NamedTuple):
    """Two texts, compared by their shingles."""

    jaccard: float
    within: float
    """Share of the shorter text that is in the longer one."""
    begins: float
    """Share of one opening that is in the other text: the larger of the two shares."""

    @property
    def near(self) -> bool:
        """Tell whether they are the same text but for cuts and changes."""
        return (self.within >= WITHIN or self.jaccard >= LIKE) and self.begins >= _OPENING


class Pair(NamedTuple):
    """Two articles, by their places, and how their texts compare."""

    one: int
    other: int
    texts: Texts


def near_pairs(minima: Sequence[Minima], counts: Sequence[int], text_of: Callable[[int], str]) -> list[Pair]:
    """Return the pairs, in order of their places, whose texts are the same but for cuts and changes.

    `minima` and `counts` are those of the signatures; `text_of` reads the text at a place.
    """
    if len(minima) < 2:
        return []
    compared = Compared(text_of)
    table, sizes = np.stack(minima), np.asarray(counts, dtype=np.float64)
    found = [Pair(one, other, compared(one, other)) for one, other in _likely(table, sizes)]
    return [pair for pair in found if pair.texts.near]


class Compared:
    """Compares texts by all of their shingles; each is cut into them once, as long as it is still wanted."""

    _KEPT = 512

    def __init__(self, text_of: Callable[[int], str]) -> None:
        """Take what reads the text at a place."""
        self._text_of = text_of
        self._kept: dict[int, tuple[Hashes, Hashes]] = {}

    def __call__(self, one: int, other: int) -> Texts:
        """Return how the texts at two places compare."""
        (whole, begins), (whole2, begins2) = self._shingles(one), self._shingles(other)
        shared = len(np.intersect1d(whole, whole2, assume_unique=True))
        return Texts(
            jaccard=shared / (len(whole) + len(whole2) - shared),
            within=shared / min(len(whole), len(whole2)),
            begins=max(_share(begins, whole2), _share(begins2, whole)),
        )

    def _shingles(self, place: int) -> tuple[Hashes, Hashes]:
        if place not in self._kept:
            if len(self._kept) >= self._KEPT:
                self._kept.clear()
            text = self._text_of(place)
            self._kept[place] = (shingles(text), opening(text))
        return self._kept[place]


def _share(part: Hashes, whole: Hashes) -> float:
    return len(np.intersect1d(part, whole, assume_unique=True)) / len(part)


def _likely(minima: NDArray[np.uint32], sizes: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the pairs that may be near copies by their signatures, in order."""
    pairs = np.asarray(sorted(set(_banded(minima, sizes))), dtype=np.int64).reshape(-1, 2)
    one, other = pairs[:, 0], pairs[:, 1]
    jaccard = (minima[one] == minima[other]).mean(axis=1)
    less, more = np.minimum(sizes[one], sizes[other]), np.maximum(sizes[one], sizes[other])
    within = jaccard / (1 + jaccard) * (less + more) / less
    may = (within >= WITHIN - _SURELY_NOT * (1 + more / less) / 2) | (jaccard >= LIKE - _SURELY_NOT)
    may &= (less >= _SHORTEST * more) & (less >= _LEAST)
    return [(int(first), int(second)) for first, second in pairs[may]]


def _banded(minima: NDArray[np.uint32], sizes: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share all minima of a band, the lower place first; some of them more than once."""
    for band in range(0, PERMUTATIONS, _BAND):
        keys = minima[:, band].astype(np.uint64) << np.uint64(32) | minima[:, band + 1]
        order = np.lexsort((sizes, keys))  # in a crowd, those of like length stand together
        ordered = keys[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        for start, end in zip(starts, np.r_[starts[1:], len(ordered)], strict=True):
            places = order[start:end].tolist()
            reach = len(places) if len(places) <= _CROWD else _NEXT
            for number, place in enumerate(places):
                for other in places[number + 1 : number + 1 + reach]:
                    yield min(place, other), max(place, other)
