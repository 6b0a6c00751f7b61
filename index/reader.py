"""One opened version of an index. Knows nothing of questions: it searches by vector and by terms."""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.catalog import Catalog, Facts, Member
from index.copies.links import Links, Newer
from index.copies.signed import CORRECTED
from index.embed import Vector, Vectors
from index.errors import IndexDamaged
from index.lexical import LexicalIndex
from index.passage import Span
from index.tokens import FILE as TOKENS
from index.tokens import TokenStore
from index.vectors import FaissStore, Nearest, Rows
from index.versions import FORMAT, HEAL, MEMBERS, ROWS, Data, Manifest, verify
from index.words import Standing

_ARTICLES_KEPT = 256

UNKNOWN_DAY = np.iinfo(np.int32).min
"""Stands for the day of an article whose date is not known."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage: half-open, in characters of its article's text."""

    article_id: str
    start: int
    end: int


class Index:
    """An opened version. Its files never change, so any number of threads may read it."""

    def __init__(self, data: Data, manifest: Manifest) -> None:
        """Open the version that `manifest` describes; see `open_version`."""
        self.data = data
        self.manifest = manifest
        folder = data.folder(manifest.name)
        if manifest.format != FORMAT:
            raise IndexDamaged(
                f"{folder}: written in format {manifest.format}, this program reads {FORMAT}. Run `pullquote build`: "
                "it makes the index again from the catalog without embedding anything."
            )
        verify(folder, manifest)
        try:
            self._members, self.days = _read_members(folder / MEMBERS)
            self.rows: NDArray[np.int32] = np.load(folder / ROWS, mmap_mode="r", allow_pickle=False).view(np.ndarray)
            self._dense = FaissStore.open(folder)
            self._lexical = LexicalIndex.open(folder)
            self.links = Links.read(folder)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexDamaged(f"{folder}: cannot be opened ({error}). Run `pullquote build --rebuild`.") from error
        lexical = self._lexical
        counts = (len(self._members), len(self.rows), self._dense.size, lexical.size, lexical.words.size)
        expected = (manifest.articles, *(4 * [manifest.passages]))
        if counts != expected:
            raise IndexDamaged(
                f"{folder}: holds {counts} articles, rows, vectors, texts, texts by number; expected {expected}. {HEAL}"
            )
        self._catalog = Catalog(data.catalog)
        self._tokens = TokenStore(data.root / TOKENS)
        self._kept: OrderedDict[int, Article] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the catalog; searching still works, reading articles does not."""
        self._catalog.close()
        self._tokens.close()

    @property
    def catalog(self) -> Catalog:
        """The catalog that the articles are read from."""
        return self._catalog

    @property
    def members(self) -> Sequence[Member]:
        """The articles of this version, in order."""
        return self._members

    @cached_property
    def places(self) -> dict[str, int]:
        """For each article id its place among the members."""
        return {member.id: place for place, member in enumerate(self._members)}

    @cached_property
    def reports(self) -> dict[int, tuple[int, ...]]:
        """For each place whose article prints a report that others print: the places of all, first print first."""
        return {place: report for report in self.links.reports for place in report}

    def report(self, row: int) -> str:
        """Return the id of the article that first printed what a row's article prints; "" where it is the only one."""
        places = self.reports.get(int(self.rows[row][0]))
        return self._members[places[0]].id if places else ""

    def newest(self, place: int) -> Newer | None:
        """Return what stands for the article at a place by now; None where it stands for itself.

        It was corrected if any of the versions since corrects something.
        """
        found: Newer | None = None
        while (step := self.links.newer.get(place if found is None else found.place)) is not None:
            found = step if found is None or found.how != CORRECTED else step._replace(how=CORRECTED)
            if found.place == place:
                return None
        return found

    def dense(self, vector: Vector, k: int, allowed: Rows | None = None) -> Nearest:
        """Return the `k` rows whose vectors are nearest by inner product."""
        return self._dense.search(vector, k, allowed)

    @cached_property
    def facts(self) -> list[Facts]:
        """For each member its publisher, authors, section, language and address; read when first asked for."""
        with self._lock:
            return self._catalog.facts(self._members)

    def lexical(self, terms: Sequence[str], k: int, allowed: Rows | None = None) -> Nearest:
        """Return the `k` best rows by BM25 for any of `terms` (see `terms`); only among `allowed` where given."""
        return self._lexical.search(terms, k, allowed=allowed)

    def holding(self, words: str) -> Rows:
        """Return the rows that hold these words in this order, in any of their forms, in text or title."""
        return self._lexical.holding(words)

    def rows_of(self, places: NDArray[np.bool_]) -> Rows:
        """Return the rows of the articles whose places in `members` are marked, (articles,)."""
        return np.flatnonzero(places[self.rows[:, 0]])

    def cosines(self, vector: Vector, rows: Rows) -> Vector:
        """Return the inner product of `vector` with the vector of each of `rows`."""
        return self._dense.scores(vector, rows)

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of `rows` as they were stored, (rows, dim), unit rows."""
        return self._dense.vectors(rows)

    def packed_tokens(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the token vectors that are kept of embedded texts, by their sha256; see `index.tokens.unpack`."""
        with self._lock:
            return self._tokens.packed(self.manifest.model, keys)

    def row_of(self, passage: Passage) -> int:
        """Return the row of a passage of this version."""
        place = self.places[passage.article_id]
        first, last = np.searchsorted(self.rows[:, 0], [place, place + 1])
        return int(first + np.searchsorted(self.rows[first:last, 1], passage.start))

    def standing(self, terms: Sequence[str], rows: Rows) -> Standing:
        """Return where `terms`, no two the same, stand in the passages of `rows` and their titles."""
        return self._lexical.words.standing(terms, rows)

    def bm25(self, terms: Sequence[str], rows: Rows, standing: Standing) -> Vector:
        """Return the BM25 score of each of `rows` for any of `terms`, which stand there; 0 where it holds none."""
        return self._lexical.scores(terms, rows, standing)

    def runs(self, rows: Rows, length: int) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        """Return a hash of every `length` words in a row of the passages of `rows`, and which of them has each."""
        return self._lexical.words.runs(rows, length)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, as far as their words are reduced in ways of their own."""
        return self._lexical.languages

    def terms(self, text: str, language: str | None = None) -> list[str]:
        """Return the terms of a text in a language as the lexical index holds them; by default, those of every one."""
        return self._lexical.terms(text, language)

    def frequency(self, term: str) -> int:
        """Return in how many passages a term stands."""
        return self._lexical.frequency(term)

    def span(self, row: int) -> Span:
        """Return where the passage of a row stands in its article."""
        _, start, end = self.rows[row]
        return Span(int(start), int(end))

    def passage(self, row: int) -> Passage:
        """Return the passage of a row."""
        place, start, end = self.rows[row]
        return Passage(self._members[place].id, int(start), int(end))

    def article_of(self, row: int) -> Article:
        """Return the article that the passage of a row belongs to."""
        return self.article_at(int(self.rows[row][0]))

    def article(self, article_id: str) -> Article | None:
        """Return the article of this id, or None where this version holds none."""
        place = self.places.get(article_id)
        return None if place is None else self.article_at(place)

    def article_at(self, place: int) -> Article:
        """Return the article at a place of `members`.

        Raises:
            IndexDamaged: the catalog has lost or altered it.
        """
        return self.articles_at([place])[0]

    def articles_at(self, places: Sequence[int]) -> list[Article]:
        """Return the articles at some places of `members`, in this order, read in one go.

        Raises:
            IndexDamaged: the catalog has lost or altered one.
        """
        with self._lock:
            found = {place: self._kept[place] for place in places if place in self._kept}
            new = [place for place in dict.fromkeys(places) if place not in found]
            read = self._catalog.articles([self._members[place] for place in new])
            found |= zip(new, read, strict=True)
            for place in found:
                self._kept[place] = found[place]
                self._kept.move_to_end(place)
            while len(self._kept) > _ARTICLES_KEPT:
                self._kept.popitem(last=False)
            return [found[place] for place in places]


def open_version(folder: Path | str, name: str | None = None) -> Index:
    """Open the index in a data folder: the version being served, or the one named.

    Raises:
        IndexMissing: there is none.
        IndexDamaged: a file of it is not what was written.
    """
    data = Data(Path(folder))
    return Index(data, data.manifest(name or data.current_name()))


def _read_members(file: Path) -> tuple[list[Member], NDArray[np.int32]]:
    members: list[Member] = []
    days: list[int] = []
    # As one list: line by line takes four times as long.
    lines = json.loads(f"[{','.join(file.read_text('utf-8').removesuffix(chr(10)).split(chr(10)))}]")
    for key, digest, published in lines:
        members.append(Member(key, digest))
        days.append(date.fromisoformat(published).toordinal() if published else UNKNOWN_DAY)
    return members, np.asarray(days, dtype=np.int32)
