"""BM25 over passages by tantivy: the words of the passage, and those of its title at a lower weight.

Knows nothing of vectors, and nothing of questions but their words.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import Vector
from index.vectors import Nearest, Rows
from index.words import Standing, Words, WordsWriter

if TYPE_CHECKING:
    import tantivy

FOLDER = "lexical"
_LANGUAGES = "languages.json"
_TITLE_BOOST = 0.4
_STEMMED = "pullquote_stemmed"
_WRITER_BYTES = 128_000_000
_FEW = 4096  # rows that a query can name one by one in a few milliseconds

_K1, _B = 1.2, 0.75  # tantivy's
_KEPT_LENGTHS = np.asarray(
    [*range(24), *(24 + (code if code < 8 else (8 + code % 8) << (code // 8 - 1)) for code in range(232))]
)
"""The lengths that one byte can stand for: Lucene's SmallFloat, which is exact up to 40."""

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
"""For the languages whose words are reduced to stems, by ISO 639-1, the name of the stemmer (Snowball)."""

logger = logging.getLogger(__name__)


def _base(language: str) -> str:
    """Return the language that decides how words are reduced: "en" of "en-GB"; "" where nothing reduces them."""
    tag = language.lower().replace("_", "-").split("-")[0]
    return tag if tag in STEMMERS else ""


@cache
def _analyzer(language: str) -> "tantivy.TextAnalyzer":
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (tantivy.Filter.remove_long(40), tantivy.Filter.lowercase()):
        builder = builder.filter(each)
    # Stemmers know their language's accents, but for English they stand in borrowed words alone: café, cafe.
    if language and language != "en":
        builder = builder.filter(tantivy.Filter.stemmer(STEMMERS[language]))
    builder = builder.filter(tantivy.Filter.ascii_fold())
    if language == "en":
        builder = builder.filter(tantivy.Filter.stemmer("english"))
    return builder.build()


def stems(text: str, language: str) -> list[str]:
    """Return the terms of a text in one language, in order: its words in lower case, without their endings."""
    return list(_stems(text, _base(language)))


@lru_cache(maxsize=2048)  # some 20 MB: the passages of the last questions, which the next ones often come back to
def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(_analyzer(language).analyze(text))


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=_STEMMED, index_option="position")
    builder.add_text_field("title", stored=False, tokenizer_name=_STEMMED, index_option="position")
    return builder.build()


def _register(index: "tantivy.Index") -> None:
    """Let the index split at white space: what it is given are terms already, by the analyser of their language."""
    import tantivy

    index.register_tokenizer(_STEMMED, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


class LexicalIndex:
    """BM25 search over one version's passages."""

    def __init__(self, tantivy_index: "tantivy.Index", languages: tuple[str, ...], words: Words) -> None:
        """Wrap an opened tantivy index; see `open` and `write`."""
        self.words = words
        """What each row's text and title say, word by word."""
        self.languages = languages
        """Those whose ways of ending words differ in this index; never empty."""
        self._index = tantivy_index
        _register(self._index)
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs)

    @staticmethod
    def write(folder: Path, passages: Iterable[tuple[str, str, str]]) -> None:
        """Write an index of (title, text, language) into `folder`; the i-th gets the row i."""
        import tantivy

        place = folder / FOLDER
        place.mkdir()
        index = tantivy.Index(_schema(), path=str(place))
        _register(index)
        languages: set[str] = set()
        last: tuple[str, str] | None = None
        words = WordsWriter()
        # One thread: rows keep their order, so that the same input gives the same files.
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for row, (title, text, language) in enumerate(passages):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            if (title, language) != last:  # the passages of an article have its title in common
                analyzer = _analyzer(_base(language))
                languages.add(_base(language))
                title_terms = analyzer.analyze(title)
                last = (title, language)
            document.add_text("title", " ".join(title_terms))
            document.add_text("text", " ".join(words.add(title_terms, text, analyzer.analyze)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        for lock in place.glob(".tantivy-*.lock"):  # of the writer that is gone; not part of the version
            lock.unlink()
        (place / _LANGUAGES).write_text(json.dumps(sorted(languages)), "utf-8")
        words.write(folder)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Open what `write` wrote, memory-mapped."""
        import tantivy

        languages = tuple(json.loads((folder / FOLDER / _LANGUAGES).read_text("utf-8"))) or ("",)
        return cls(tantivy.Index.open(str(folder / FOLDER)), languages, Words(folder))

    def terms(self, text: str, language: str | None = None) -> list[str]:
        """Return the terms that `text` is indexed under, in order, where it is in `language`.

        Where it may be in any language of the index, each word has the terms of all of them, side by side.
        """
        if language is not None:
            return stems(text, language)
        ways = [_analyzer(each).analyze(text) for each in self.languages]
        return [term for word in zip(*ways, strict=False) for term in dict.fromkeys(word)]

    def frequency(self, term: str) -> int:
        """Return in how many passages `term` (as `terms` gives it) stands."""
        return int(self._searcher.doc_freq("text", term))

    def search(self, terms: Sequence[str], k: int, *, allowed: Rows | None = None) -> Nearest:
        """Return the `k` best rows by BM25 for any of `terms`, or all that hold one; only among `allowed` where given.

        What is allowed does not change scores. None is missed: where the best of all rows hold too few that are
        allowed, more of them are looked at, up to the last.
        """
        query = self._any_of(terms)
        if query is None or (allowed is not None and not len(allowed)):
            return Nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        if allowed is None:
            return self._best(query, k)
        if len(allowed) <= _FEW:
            return self._best(self._among(query, allowed), min(k, len(allowed)))
        mask = np.zeros(self.size, dtype=bool)
        mask[allowed] = True
        wanted = 2 * k * self.size // len(allowed)
        while True:
            best = self._best(query, wanted)
            kept = mask[best.rows]
            if kept.sum() >= k or len(best.rows) < wanted:
                return Nearest(best.rows[kept][:k], best.scores[kept][:k])
            wanted *= 8

    def scores(self, terms: Sequence[str], rows: Rows, standing: Standing) -> Vector:
        """Return the score by BM25 of each of `rows` for any of `terms`, as `search` gives it; 0 where it has none.

        `standing` is where the terms stand in these rows. Robertson and Zaragoza 2009, section 3.5, as tantivy has it:
        with the lengths of texts rounded down to what Lucene keeps of them in a byte. Asking tantivy for some rows
        takes as long as looking at all.
        """
        shape = len(rows), len(terms)
        made = np.zeros(len(rows))
        fields = zip(("text", "title"), (1.0, _TITLE_BOOST), self.words.lengths(rows), self.words.means, strict=True)
        for field, boost, lengths, mean in fields:
            here = (standing.place >= 0) == (field == "text")
            flat = standing.row[here] * shape[1] + standing.term[here]
            counts = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
            found = np.asarray([self._searcher.doc_freq(field, term) for term in terms], dtype=np.float64)
            weights = np.log1p((self.size - found + 0.5) / (found + 0.5)) * (1 + _K1) * boost
            kept = _KEPT_LENGTHS[np.searchsorted(_KEPT_LENGTHS, lengths, side="right") - 1]
            norms = _K1 * (1 - _B + _B * kept / max(mean, 1e-9))
            made += (counts / (counts + norms[:, None])) @ weights
        return np.asarray(made, dtype=np.float32)

    def holding(self, words: str) -> Rows:
        """Return the rows, ascending, whose text or title has these words in this order, in any of their forms."""
        import tantivy

        query, schema = tantivy.Query, self._index.schema
        in_order: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for terms in {tuple(self.terms(words, language)) for language in self.languages} - {()}:
            for field in ("text", "title"):
                several = query.phrase_query(schema, field, list(terms)) if terms[1:] else None
                in_order.append((tantivy.Occur.Should, several or query.term_query(schema, field, terms[0])))
        if not in_order:
            return np.zeros(0, dtype=np.int64)
        return np.sort(self._best(query.boolean_query(in_order), self.size).rows)

    def _any_of(self, terms: Sequence[str]) -> "tantivy.Query | None":
        import tantivy

        schema = self._index.schema
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term in dict.fromkeys(terms):
            body = tantivy.Query.term_query(schema, "text", term)
            title = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "title", term), _TITLE_BOOST)
            parts += [(tantivy.Occur.Should, body), (tantivy.Occur.Should, title)]
        return tantivy.Query.boolean_query(parts) if parts else None

    def _among(self, query: "tantivy.Query", rows: Rows) -> "tantivy.Query":
        import tantivy

        chosen = tantivy.Query.term_set_query(self._index.schema, "row", [int(row) for row in rows])
        free = tantivy.Query.const_score_query(chosen, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, free)])

    def _best(self, query: "tantivy.Query", k: int) -> Nearest:
        hits = self._searcher.search(query, max(1, min(k, self.size)), count=False).hits
        numbers = self._searcher.fast_field_values("row", [address for _, address in hits])
        return Nearest(np.asarray(numbers, dtype=np.int64), np.asarray([score for score, _ in hits], dtype=np.float32))
