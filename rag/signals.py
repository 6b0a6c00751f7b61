"""What speaks for each candidate passage: its vector, its words, its place in the article, its article's date."""

import re

import numpy as np

from index.reader import Index
from index.vectors import Rows
from rag import rank
from rag.terms import Terms

_ENDS = re.compile(r"[.!?\n]")
WINDOW = 25
"""Terms that a window of a passage has, about a long sentence: how close the question's words stand together."""


def signals(
    index: Index, terms: Terms, rows: Rows, cosine: rank.Floats, bm25: rank.Floats, date_factor: rank.Floats
) -> tuple[rank.Signals, list[tuple[str, ...]]]:
    """Return the signals of the passages at `rows`, however they were found, and the question's words in each.

    What a passage scores must not hang on which search brought it, nor on which others it brought.
    """
    coverage, proximity = np.zeros((2, len(rows)), dtype=np.float32)
    words: list[tuple[str, ...]] = []
    for place, row in enumerate(rows):
        title, text = index.terms_of(int(row))
        held = terms.held({*title, *text})
        coverage[place] = sum(term.weight for term in held) / terms.total
        words.append(tuple(dict.fromkeys(term.word for term in held)))
        proximity[place] = terms.closest(_told(index, int(row), text), WINDOW)
    found = rank.Signals(
        cosine=cosine,
        bm25=bm25,
        coverage=coverage,
        proximity=proximity,
        position=rows - np.searchsorted(index.rows[:, 0], index.rows[rows, 0]),
        date_factor=date_factor,
    )
    return found, words


def _told(index: Index, row: int, text: list[str]) -> list[str]:
    """Return the terms of a passage without the questions it asks: whoever asks the same does not answer it."""
    article, span = index.article_of(row), index.span(row)
    words = article.text[span.start : span.end]
    return index.terms(_unasked(words), article.language) if "?" in words else text


def _unasked(words: str) -> str:
    """Return a text without its questions."""
    kept: list[str] = []
    start = 0
    for match in _ENDS.finditer(words):
        kept.append(" " if match.group() == "?" else words[start : match.end()])
        start = match.end()
    return "".join([*kept, words[start:]])
