"""Where in a whole archive words may stand: by the index's search for exact words, so that few articles are read."""

from collections.abc import Iterable, Iterator

import numpy as np

from index.article import Article
from index.reader import Index
from rag.quotes import plain
from rag.verdicts.pieces import Find

_WINDOW = 6  # words in a row that are looked for where all of them together are not found
_MOST_READ = 200


def finder(index: Index) -> Find:
    """Return a function that gives the articles of an index that may hold words: what `check` takes as `others`.

    Words in a row are found in any of their forms, also where a passage ends among them. Scripts that put no spaces
    between words are found only where the index has the same run of letters.
    """

    def find(words: str) -> Iterator[Article]:
        asked = plain(words).split()
        found = _holding(index, [asked])
        if not found and len(asked) > 1:  # across the end of a passage: what begins it, or what ends it
            size = min(_WINDOW, (len(asked) + 1) // 2)
            found = _holding(index, [asked[:size], asked[-size:]])
        for place in found[:_MOST_READ]:
            yield index.article_at(place)

    return find


def _holding(index: Index, runs: Iterable[list[str]]) -> list[int]:
    """Return the places of the articles that hold these runs of words: all of them, or else any."""
    each_held = [{int(place) for place in np.unique(index.rows[index.holding(" ".join(run)), 0])} for run in runs]
    both = set.intersection(*each_held)
    return sorted(both or set.union(*each_held))
