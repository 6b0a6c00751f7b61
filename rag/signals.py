"""What speaks for each candidate passage: its vector, its words, its place in the article, its article's date."""

import numpy as np
from numpy.typing import NDArray

from index.reader import Index
from index.vectors import Rows
from index.words import Standing
from rag import rank
from rag.terms import Terms

WINDOW = 25
"""Terms that a window of a passage has, about a long sentence: how close the question's words stand together."""


def signals(
    index: Index,
    terms: Terms,
    rows: Rows,
    standing: Standing,
    cosine: rank.Floats,
    bm25: rank.Floats,
    date_factor: rank.Floats,
) -> tuple[rank.Signals, NDArray[np.bool_]]:
    """Return the signals of the passages at `rows`, however they were found, and which of the terms each has.

    `standing` is where the stems of the question stand in them. What a passage scores must not hang on which search
    brought it, nor on which others it brought.
    """
    held = terms.held(standing, len(rows))
    told = ~standing.asked & (standing.place >= 0)  # whoever asks the same does not answer it
    found = rank.Signals(
        cosine=cosine,
        bm25=bm25,
        coverage=(held @ terms.weights / terms.total).astype(np.float32),
        proximity=terms.closest(standing.where(told), len(rows), WINDOW),
        position=rows - np.searchsorted(index.rows[:, 0], index.rows[rows, 0]),
        date_factor=date_factor,
    )
    return found, held
