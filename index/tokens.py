"""Token vectors of passages, compressed, in an SQLite file beside the catalog: late interaction then runs no model.

A token vector is kept as its share of the passage's own vector, which is stored anyway, and what is left of it, turned
at random and rounded to two bits a dimension. Nothing is trained, so that what was written first serves what comes
later. What is missing or cannot be read is computed when asked for: the file may be deleted. Knows nothing of articles.
"""

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed import TokenVectors, Vector, Vectors
from index.errors import PullquoteError

FILE = "tokens.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    key BLOB NOT NULL, model TEXT NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (key, model));
"""
# The best two-bit code of a normal variable (Max 1960, table I): where it is cut, and what stands for each part.
_CUT = 0.9816
_LEVELS = np.asarray([-1.510, -0.4528, 0.4528, 1.510], dtype=np.float32)
_FARTHEST = 2**16 - 1
_CRC_BYTES = 4  # of a checksum (CRC-32) after each row's vectors

logger = logging.getLogger(__name__)


class Unpacked(NamedTuple):
    """Token vectors as `turned` leaves them, and where the tokens begin, in characters before the text's end."""

    vectors: Vectors  # (tokens, dim)
    before_end: NDArray[np.int64]  # (tokens,)


@cache
def _turn(dim: int) -> Vectors:
    """Return a fixed random orthogonal matrix, (dim, dim): Hadamard blocks, signs and an order, twice.

    Made of a hash, not of a random generator: it must be the same in every version of every library.
    """
    noise = np.frombuffer(hashlib.shake_256(b"pullquote tokens").digest(12 * dim), dtype="<u4").reshape(3, dim)
    block = np.ones((1, 1), dtype=np.float32)
    while dim % (2 * len(block)) == 0:
        block = np.block([[block, block], [block, -block]])
    whole = np.kron(np.eye(dim // len(block), dtype=np.float32), block) / np.float32(len(block) ** 0.5)
    signs = np.where(noise[:2] & 1, 1, -1).astype(np.float32)
    turn = (signs[0][:, None] * whole)[:, np.argsort(noise[2], kind="stable")] @ (signs[1][:, None] * whole)
    return np.ascontiguousarray(turn, dtype=np.float32)


def turned(vectors: Vectors) -> Vectors:
    """Turn vectors (n, dim) as unpacked ones are: inner products stay what they are."""
    return np.asarray(vectors @ _turn(vectors.shape[1]), dtype=np.float32)


def pack(tokens: TokenVectors, passage: Vector, text: str) -> bytes:
    """Compress the token vectors of a text whose own vector is `passage`: a quarter byte a dimension, and six."""
    along = tokens.vectors @ passage
    rest = turned(tokens.vectors - along[:, None] * passage)
    squares = (rest * rest).sum(axis=1, keepdims=True)
    scale = np.sqrt(squares / len(passage)) + np.float32(1e-9)
    codes = np.digitize(rest / scale, [-_CUT, 0, _CUT]).astype(np.uint8)
    # Scaled so that the inner product with what was rounded is right, not its length (as RaBitQ, Gao and Long 2024).
    fitted = squares[:, 0] / np.maximum((rest * _LEVELS[codes]).sum(axis=1), 1e-9)
    width = len(passage) // 4
    bits = sum(codes[:, place * width : (place + 1) * width] << (2 * place) for place in range(4))
    before_end = np.asarray([min(len(text) - span.start, _FARTHEST) for span in tokens.spans], dtype="<u2")
    parts = (np.asarray(bits, dtype=np.uint8), along.astype("<f2"), fitted.astype("<f2"), before_end)
    return b"".join(part.tobytes() for part in parts)


def unpack(packed: bytes, passage: Vector) -> Unpacked:
    """Return what `pack` was given, as nearly as was kept."""
    width = len(passage) // 4
    count = len(packed) // (width + 6)
    bits = np.frombuffer(packed, dtype=np.uint8, count=count * width).reshape(count, width)
    along, fitted = np.frombuffer(packed, dtype="<f2", count=2 * count, offset=count * width).reshape(2, count)
    before_end = np.frombuffer(packed, dtype="<u2", offset=count * (width + 4))
    rest = np.empty((count, 4 * width), dtype=np.float32)
    for place in range(4):
        rest[:, place * width : (place + 1) * width] = _LEVELS[(bits >> (2 * place)) & 3]
    rest *= fitted.astype(np.float32)[:, None]
    rest += along.astype(np.float32)[:, None] * turned(passage[None, :])
    return Unpacked(rest, before_end.astype(np.int64))


class TokenStore:
    """One open file of packed token vectors, by the sha256 of the text. Reading it never fails: it may be missing."""

    def __init__(self, file: Path, *, writable: bool = False) -> None:
        """Open `file`; where it is writable it is made if it is missing.

        Raises:
            PullquoteError: it is to be written and cannot be.
        """
        self._file = file
        self._db: sqlite3.Connection | None = None
        try:
            if writable:
                self._db = sqlite3.connect(file, isolation_level=None, timeout=60)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(_SCHEMA)
            elif file.is_file():
                self._db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            self._failed(error, writable=writable)

    def close(self) -> None:
        """Close the file."""
        if self._db:
            self._db.close()
            self._db = None

    def add(self, model: str, packed: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep packed vectors under the keys of their texts, all of them or none.

        Raises:
            PullquoteError: they cannot be written.
        """
        if not self._db:
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            rows = ((key, model, each + zlib.crc32(each).to_bytes(_CRC_BYTES)) for key, each in packed)
            self._db.executemany("INSERT OR REPLACE INTO tokens VALUES (?,?,?)", rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._failed(error, writable=True)

    def packed(self, model: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is kept of `keys`."""
        found: dict[bytes, bytes] = {}
        if self._db:
            try:
                for key in keys:
                    query = "SELECT packed FROM tokens WHERE key = ? AND model = ?"
                    row = self._db.execute(query, (key, model)).fetchone()
                    kept, crc = (row[0][:-_CRC_BYTES], row[0][-_CRC_BYTES:]) if row else (b"", b"")
                    if crc and zlib.crc32(kept) == int.from_bytes(crc):  # one that changed on the disk is not there
                        found[key] = kept
            except (sqlite3.Error, TypeError) as error:  # damage can make a number of it
                self._failed(error, writable=False)
        return found

    def missing(self, model: str, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of `keys` of which nothing is kept."""
        return {key for key in keys if not self.packed(model, [key])}

    def _failed(self, error: Exception, *, writable: bool) -> None:
        if writable:
            raise PullquoteError(
                f"{self._file}: cannot be written ({error}). Make room, or delete it if it is damaged: what it held "
                "is computed when it is asked for."
            ) from error
        logger.warning("%s: cannot be read (%s); token vectors are computed when asked for", self._file, error)
