"""A small embedder that needs no model, and files of short articles: for how indexes are built, not what is found.

It is an `index.embed.Embedder` like any other: words are its pieces, and a text's vector is the sum of its words' own.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from index.embed import Reading, TokenVectors, Vector, Vectors, unit
from index.passage import Span

DIM = 32


@cache
def word_vector(word: str) -> Vector:
    """Return a vector made of the word's sha256, so that it is the same in every process."""
    raw = np.frombuffer(hashlib.sha256(word.encode("utf-8", "replace")).digest(), dtype=np.uint8)
    return np.asarray(raw.astype(np.float32) - 127.5, dtype=np.float32)


class TinyEmbedder:
    """Counts what it embeds in `embedded`; calls `before` with the texts before it embeds them."""

    dim = DIM

    def __init__(
        self, name: str = "tiny@1", max_pieces: int = 68, before: Callable[[Sequence[str]], None] | None = None
    ) -> None:
        self.name = name
        self.max_pieces = max_pieces  # 48 of them are set aside for title and date: 20 words a passage
        self.embedded: list[str] = []
        self._before = before

    def counts(self, texts: Sequence[str]) -> list[int]:
        return [len(each) for each in self.pieces(texts)]

    def pieces(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(*match.span()) for match in re.finditer(r"\S+", text)] for text in texts]

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self._before:
            self._before(texts)
        self.embedded += texts
        return self.questions(texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, DIM), dtype=np.float32)
        return unit(np.stack([_words(text).sum(axis=0) for text in texts]))

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(unit(_words(text)), self.pieces([text])[0]) for text in texts]

    def readings(self, texts: Sequence[str]) -> Iterator[Reading]:
        for place, (vector, tokens) in enumerate(zip(self.passages(texts), self.tokens(texts), strict=True)):
            yield Reading(place, vector, tokens)


def _words(text: str) -> Vectors:
    words = [re.sub(r"\W", "", word.lower()) for word in text.split()] or [""]
    return np.stack([word_vector(word) for word in words])


def write(folder: Path, name: str, *paragraphs: str, title: str = "A headline") -> Path:
    """Write a text article with a headline, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join([title, *paragraphs]) + "\n", "utf-8")
    return path
