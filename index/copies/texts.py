"""What of an article's text is compared: its words in a row, as hashes, and a MinHash signature of them."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.article import Article

RULES = "1"
"""Version of how signatures are made. Change it with anything here that another signature would come of."""
PERMUTATIONS = 128
SHINGLE = 5  # words in a row: names and figures of one event are in all reports of it, five words in a row hardly
OPENING_WORDS = 120
_SEED = 42
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio; odd, so that no bit of a word is lost
_WORD = re.compile(r"\w+")
_TYPOGRAPHY = {
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‘’‚‛‹›", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
}
_TYPOGRAPHIC = re.compile(f"[{''.join(_TYPOGRAPHY)}]")

Hashes = NDArray[np.uint64]
Minima = NDArray[np.uint32]


class Signature(NamedTuple):
    """What is kept of a text, so that it need not be read again to be compared."""

    words: bytes
    """sha256 of the text but for white space and typography."""
    minima: Minima  # (PERMUTATIONS,)
    shingles: int
    """How many different five words in a row it has."""


def signature(article: Article) -> Signature:
    """Return the signature of an article's text."""
    from rensa import RMinHash

    found = shingles(article.text)
    rows = RMinHash.digest_matrix_from_flat_token_hashes(found, [0, len(found)], PERMUTATIONS, _SEED).to_rows()
    return Signature(same_words(article.text), np.asarray(rows[0], dtype=np.uint32), len(found))


def same_words(text: str) -> bytes:
    """Return the sha256 that all texts share which differ in white space and typography alone."""
    if not text.isascii():
        text = _TYPOGRAPHIC.sub(lambda match: _TYPOGRAPHY[match.group()], unicodedata.normalize("NFKC", text))
    plain = " ".join(text.split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def shingles(text: str) -> Hashes:
    """Return a hash of every `SHINGLE` words in a row, sorted, each once; one of all words where there are fewer."""
    words = np.asarray([_hash(word) for word in _WORD.findall(text.casefold())] or [0], dtype=np.uint64)
    size = min(SHINGLE, len(words))
    found = np.zeros(len(words) - size + 1, dtype=np.uint64)
    for place in range(size):
        found = found * _FACTOR + words[place : place + len(found)]
    return np.unique(found)


def opening(text: str) -> Hashes:
    """Return the shingles of a text's first words: what stands on every page of a site stands at the end."""
    words = _WORD.finditer(text)
    end = next((match.end() for number, match in enumerate(words, 1) if number == OPENING_WORDS), len(text))
    return shingles(text[:end])


@lru_cache(maxsize=1 << 17)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
