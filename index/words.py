"""The words of every passage as numbers, in order, in files that are mapped: no article is read to rank passages.

A word is what the lexical index holds: a term, reduced by its language. The 32,767 most frequent have numbers that fit
into two bytes with a mark for "within a question"; the others stand in a list of their own. Knows no articles.
"""

import hashlib
import re
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.vectors import Rows

WORDS = "words.npy"  # uint16 (words,): title, then text of each row; twice the number, and 1 within a question
ENDS = "words-ends.npy"  # uint32 (rows, 2): where title and text of each row end among them
RARE = "words-rare.npy"  # uint32 (2, rare words): where it stands among them, and its number
TERMS = "words-terms.npy"  # uint64 (2, terms): the hash of each term, ascending, and its number
_ESCAPE = 2**15 - 1  # stands for all numbers from it on
_BLOCK = 2**22
_MIXED = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio, as Knuth (TAOCP 3, 6.4) hashes: odd, no pattern
_ENDS_A_SENTENCE = re.compile(r"[.!?\n]")

Analyse = Callable[[str], Sequence[str]]


class Standing(NamedTuple):
    """Where terms stand in passages and their titles: arrays of equal length, row by row, in the order of the words."""

    row: NDArray[np.intp]
    """Which of the rows that were asked about."""
    term: NDArray[np.intp]
    """Which of the terms."""
    place: NDArray[np.intp]
    """Counted in words from the beginning of the text, those of the questions that it asks left out; below 0 in the
    title."""
    asked: NDArray[np.bool_]
    """Whether it is in a question that the passage asks."""

    def where(self, which: NDArray[np.bool_]) -> "Standing":
        """Return some of it, those that are marked."""
        return Standing(self.row[which], self.term[which], self.place[which], self.asked[which])

    def of(self, rows: NDArray[np.intp]) -> "Standing":
        """Return what is in some of the rows, named ascending by which they are; they are counted anew."""
        kept = self.where(np.isin(self.row, rows))
        return kept._replace(row=np.searchsorted(rows, kept.row))


class WordsWriter:
    """Takes the words of one row after the other."""

    def __init__(self) -> None:
        """Start with none."""
        self._numbers: dict[str, int] = {}
        self._words = array("I")
        self._ends = array("I")

    def add(self, title: Sequence[str], text: str, analyse: Analyse) -> list[str]:
        """Take a passage, its title by its terms, and return the terms of its text."""
        self._take(title, 0)
        self._ends.append(len(self._words))
        terms: list[str] = []
        for part, asked in _sentences(text) if "?" in text else [(text, 0)]:
            found = analyse(part)  # a sentence's end is the end of a word, too
            self._take(found, asked)
            terms += found
        self._ends.append(len(self._words))
        return terms

    def write(self, folder: Path) -> None:
        """Write what was taken; the more frequent a term, the lower its number."""
        words = np.frombuffer(self._words, dtype=np.uint32)
        counts = np.zeros(len(self._numbers), dtype=np.int64)
        for start in range(0, len(words), _BLOCK):
            counts += np.bincount(words[start : start + _BLOCK] >> 1, minlength=len(counts))
        order = np.argsort(-counts, kind="stable")
        numbers = np.empty(len(order), dtype=np.uint32)
        numbers[order] = np.arange(len(order), dtype=np.uint32)
        codes = np.lib.format.open_memmap(folder / WORDS, mode="w+", dtype=np.uint16, shape=words.shape)
        rare: list[NDArray[np.uint32]] = []
        for start in range(0, len(words), _BLOCK):
            block = words[start : start + _BLOCK]
            number = numbers[block >> 1]
            codes[start : start + _BLOCK] = np.minimum(number, _ESCAPE) * 2 + (block & 1)
            places = np.flatnonzero(number >= _ESCAPE)
            rare.append(np.stack([places + start, number[places]]).astype(np.uint32))
        codes.flush()
        del codes
        np.save(folder / RARE, np.concatenate([np.zeros((2, 0), dtype=np.uint32), *rare], axis=1))
        np.save(folder / ENDS, np.frombuffer(self._ends, dtype=np.uint32).reshape(-1, 2))
        hashes = np.asarray([_hash(term) for term in self._numbers], dtype=np.uint64)
        ascending = np.argsort(hashes)
        np.save(folder / TERMS, np.stack([hashes[ascending], numbers[ascending].astype(np.uint64)]))

    def _take(self, terms: Sequence[str], asked: int) -> None:
        numbers = self._numbers
        self._words.extend([numbers.setdefault(term, len(numbers)) * 2 + asked for term in terms])


class Words:
    """One version's words; any thread may read them."""

    def __init__(self, folder: Path) -> None:
        """Open what was written into `folder`, memory-mapped."""
        opened = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (WORDS, ENDS, RARE, TERMS))
        # As plain arrays: each slice of a memmap takes five times as long.
        self._words, self._ends, self._rare, self._terms = (each.view(np.ndarray) for each in opened)
        rows = len(self._ends)
        last = int(self._ends[-1, 1]) if rows else 0
        shapes = (self._words.ndim, self._ends.shape[1:], self._rare.shape[:1], self._terms.shape[:1])
        if shapes != (1, (2,), (2,), (2,)) or last != len(self._words):
            raise ValueError(f"{folder / WORDS}: {len(self._words)} words, {last} expected")
        titles = int(self._ends[:, 0].sum(dtype=np.int64) - self._ends[:-1, 1].sum(dtype=np.int64))
        self.size = rows
        """The number of rows."""
        self.means = (last - titles) / max(rows, 1), titles / max(rows, 1)
        """How many words a text has, and a title."""

    def lengths(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many words the text of each of `rows` has, and its title."""
        starts, ends = self._bounds(rows)
        return ends[:, 1] - ends[:, 0], ends[:, 0] - starts

    def standing(self, terms: Sequence[str], rows: Rows) -> Standing:
        """Return where `terms`, no two the same, stand in `rows`."""
        starts, ends = self._bounds(rows)
        first = np.concatenate([[0], np.cumsum(ends[:, 1] - starts)])  # where each row begins among those taken out
        codes = self._taken(starts, ends[:, 1])
        wanted = self._numbers(terms)
        which = np.full(_ESCAPE + 1, -1, dtype=np.int16)
        common = (wanted >= 0) & (wanted < _ESCAPE)
        which[wanted[common]] = np.flatnonzero(common)
        numbers = codes >> 1
        term = which[numbers]
        if (wanted >= _ESCAPE).any():
            at = np.flatnonzero(numbers == _ESCAPE)
            row = np.searchsorted(first, at, side="right") - 1
            known = self._rare_at(starts[row] + at - first[row])
            for place in np.flatnonzero(wanted >= _ESCAPE):
                term[at[known == wanted[place]]] = place
        at = np.flatnonzero(term >= 0)
        row = np.searchsorted(first, at, side="right") - 1
        asked = np.concatenate([[0], np.cumsum(codes & 1, dtype=np.int64)])
        place = at - first[row] - (ends[row, 0] - starts[row]) - (asked[at] - asked[first[row]])
        return Standing(row, term[at].astype(np.intp), place, (codes[at] & 1).astype(bool))

    def runs(self, rows: Rows, length: int) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        """Return every `length` words in a row of the texts of `rows`, as hashes, ascending, and which row has each.

        Each comes once of a row. A text that has fewer words has one run, of all of them.
        """
        _, ends = self._bounds(rows)
        sizes = ends[:, 1] - ends[:, 0]
        first = np.cumsum(sizes) - sizes
        codes = self._taken(ends[:, 0], ends[:, 1])
        owners = np.repeat(np.arange(len(rows)), sizes)
        words = (codes >> 1).astype(np.uint64)
        rare = np.flatnonzero(words == _ESCAPE)
        words[rare] = self._rare_at(ends[owners[rare], 0] + rare - first[owners[rare]])
        words = np.concatenate([words, np.zeros(length, dtype=np.uint64)])
        hashed = np.zeros(len(codes) + 1, dtype=np.uint64)
        for ahead in range(length):
            hashed = (hashed ^ words[ahead : ahead + len(hashed)]) * _MIXED
        whole = np.arange(len(codes)) + length <= (first + sizes)[owners]
        short = np.flatnonzero(sizes < length)
        alone = [_mixed(words[first[row] : first[row] + sizes[row]]) for row in short]
        hashes = np.concatenate([hashed[:-1][whole], np.asarray(alone, dtype=np.uint64)])
        owners = np.concatenate([owners[whole], short])
        order = np.lexsort((owners, hashes))
        hashes, owners = hashes[order], owners[order]
        again = (hashes[1:] == hashes[:-1]) & (owners[1:] == owners[:-1])
        kept = np.concatenate([[True], ~again])[: len(hashes)]
        return hashes[kept], owners[kept]

    def _bounds(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where each row's words begin, (rows,), and where its title and its text end, (rows, 2)."""
        starts = np.where(rows > 0, self._ends[rows - 1, 1], 0).astype(np.int64)
        return starts, self._ends[rows].astype(np.int64)

    def _taken(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint16]:
        if not len(starts):
            return np.zeros(0, dtype=np.uint16)
        return np.concatenate([self._words[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])

    def _rare_at(self, places: NDArray[np.int64]) -> NDArray[np.uint32]:
        """Return the numbers of the rare words that stand at `places`."""
        return np.asarray(self._rare[1][np.searchsorted(self._rare[0], places.astype(np.uint32))], dtype=np.uint32)

    def _numbers(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each term, -1 where no passage has it."""
        hashes = np.asarray([_hash(term) for term in terms], dtype=np.uint64)
        if not self._terms.shape[1]:
            return np.full(len(terms), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._terms[0], hashes), self._terms.shape[1] - 1)
        return np.where(self._terms[0][at] == hashes, self._terms[1][at].astype(np.int64), -1)


def _mixed(words: NDArray[np.uint64]) -> int:
    found = len(words)
    for word in words.tolist():
        found = (found ^ word) * int(_MIXED) % 2**64
    return found


def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _sentences(text: str) -> list[tuple[str, int]]:
    """Return the sentences of a text, each with 1 where it is a question, else 0."""
    parts: list[tuple[str, int]] = []
    start = 0
    for match in _ENDS_A_SENTENCE.finditer(text):
        parts.append((text[start : match.end()], int(match.group() == "?")))
        start = match.end()
    return [*parts, (text[start:], 0)]
