"""BM25 over passages by tantivy: the words of the passage, and those of its title at a lower weight.

Knows nothing of vectors, and nothing of questions but their words.
"""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import Vector
from index.vectors import Nearest, Rows

if TYPE_CHECKING:
    import tantivy

FOLDER = "lexical"
_TITLE_BOOST = 0.4
_ANALYZER = "pullquote_en"
_WRITER_BYTES = 128_000_000

logger = logging.getLogger(__name__)


def _analyzer() -> "tantivy.TextAnalyzer":
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (
        tantivy.Filter.remove_long(40),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(each)
    return builder.build()


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("day", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field("title", stored=False, tokenizer_name=_ANALYZER, index_option="position")
    return builder.build()


class LexicalIndex:
    """BM25 search over one version's passages."""

    def __init__(self, tantivy_index: "tantivy.Index") -> None:
        """Wrap an opened tantivy index; see `open` and `write`."""
        self._index = tantivy_index
        self._analyzer = _analyzer()
        self._index.register_tokenizer(_ANALYZER, self._analyzer)
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs)

    @staticmethod
    def write(folder: Path, passages: Iterable[tuple[str, str, int]]) -> None:
        """Write an index of (title, text, day) into `folder`; the i-th gets the row i.

        A day is the ordinal of a date, as `date.toordinal` gives it; 0 stands for an unknown one.
        """
        import tantivy

        place = folder / FOLDER
        place.mkdir()
        index = tantivy.Index(_schema(), path=str(place))
        index.register_tokenizer(_ANALYZER, _analyzer())
        # One thread: rows keep their order, so that the same input gives the same files.
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for row, (title, text, day) in enumerate(passages):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_unsigned("day", day)
            document.add_text("title", title)
            document.add_text("text", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        for lock in place.glob(".tantivy-*.lock"):  # of the writer that is gone; not part of the version
            lock.unlink()

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Open what `write` wrote, memory-mapped."""
        import tantivy

        return cls(tantivy.Index.open(str(folder / FOLDER)))

    def terms(self, text: str) -> list[str]:
        """Return the terms that `text` is indexed under, in order, as the analyser sees them."""
        return list(self._analyzer.analyze(text))

    def frequency(self, term: str) -> int:
        """Return in how many passages `term` (as `terms` gives it) stands."""
        return int(self._searcher.doc_freq("text", term))

    def coverage(self, terms: Sequence[str], weights: Vector, rows: Rows) -> Vector:
        """Return for each of `rows` the sum of the weights (one a term) of those `terms` that text or title hold."""
        if not len(terms) or not len(rows):
            return np.zeros(len(rows), dtype=np.float32)
        import tantivy

        query, should, must = tantivy.Query, tantivy.Occur.Should, tantivy.Occur.Must
        schema = self._index.schema
        held = []
        for term, weight in zip(terms, weights, strict=True):
            anywhere = [(should, query.term_query(schema, field, term)) for field in ("text", "title")]
            held.append((should, query.const_score_query(query.boolean_query(anywhere), float(weight))))
        among = query.const_score_query(query.term_set_query(schema, "row", [int(row) for row in rows]), 0.0)
        both = query.boolean_query([(must, query.boolean_query(held)), (must, among)])
        hits = self._searcher.search(both, len(rows), count=False).hits
        numbers = self._searcher.fast_field_values("row", [address for _, address in hits])
        found = dict(zip(numbers, (score for score, _ in hits), strict=True))
        return np.asarray([found.get(int(row), 0.0) for row in rows], dtype=np.float32)

    def search(self, terms: Sequence[str], k: int, *, allowed: Rows | None = None, until: int | None = None) -> Nearest:
        """Return the `k` best rows by BM25 for any of `terms`.

        Only among `allowed` and, of known dates, those up to the day `until`, where they are given.
        """
        import tantivy

        schema = self._index.schema
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term in dict.fromkeys(terms):
            body = tantivy.Query.term_query(schema, "text", term)
            title = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "title", term), _TITLE_BOOST)
            parts += [(tantivy.Occur.Should, body), (tantivy.Occur.Should, title)]
        if not parts:
            return Nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        query = tantivy.Query.boolean_query(parts)
        if allowed is not None:
            rows = tantivy.Query.term_set_query(schema, "row", [int(row) for row in allowed])
            free = tantivy.Query.const_score_query(rows, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, free)])
        if until is not None:
            days = tantivy.Query.range_query(schema, "day", tantivy.FieldType.Unsigned, 0, until)
            free = tantivy.Query.const_score_query(days, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, free)])
        hits = self._searcher.search(query, max(1, min(k, self.size)), count=False).hits
        numbers = self._searcher.fast_field_values("row", [address for _, address in hits])
        return Nearest(np.asarray(numbers, dtype=np.int64), np.asarray([score for score, _ in hits], dtype=np.float32))
