"""Nearest vectors by FAISS. Takes vectors, never text; knows nothing of articles."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed import Vector, Vectors

if TYPE_CHECKING:
    import faiss

FILE = "dense.faiss"

Rows = NDArray[np.int64]  # positions of passages in a version


class Nearest(NamedTuple):
    """Rows and their scores, best first; higher is better."""

    rows: Rows
    scores: Vector


HALF_FROM = 100_000
"""Vectors from which on they are kept in half precision, which reads and holds half as much. It moves inner products by
less than 0.001; below, where a scan takes a few milliseconds, they stay as the model made them."""


class FaissStore:
    """Inner-product search over one version's vectors: each is looked at, so that none is missed.

    A graph (HNSW) is faster and not sure: on 132,510 vectors, three in four of them repeated, it took 3.9 ms for 22 and
    found .91 of the ten nearest, equal scores counted (M 32, efSearch 900). Each version would grow its own, in 66 s.
    """

    def __init__(self, faiss_index: "faiss.Index") -> None:
        """Wrap an opened FAISS index; see `open` and `write`."""
        self._faiss_index = faiss_index

    @property
    def size(self) -> int:
        """Return the number of vectors."""
        return int(self._faiss_index.ntotal)

    @staticmethod
    def write(folder: Path, vectors: Vectors, half_from: int = HALF_FROM) -> None:
        """Write an index of `vectors` (n, dim) into `folder`; row i gets the number i."""
        import faiss

        count, dim = vectors.shape
        if count < half_from:
            faiss_index: faiss.Index = faiss.IndexFlatIP(dim)
        else:  # its file says what it is: `open` takes either, and so did the versions of this program before it
            half = faiss.ScalarQuantizer.QT_fp16
            faiss_index = faiss.IndexScalarQuantizer(dim, half, faiss.METRIC_INNER_PRODUCT)
        faiss_index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        faiss.write_index(faiss_index, str(folder / FILE))

    @classmethod
    def open(cls, folder: Path) -> "FaissStore":
        """Open what `write` wrote, memory-mapped. The caller has checked the file: FAISS itself checks little."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC))

    def scores(self, vector: Vector, rows: Rows) -> Vector:
        """Return the inner product of `vector` with each of `rows`."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        return np.asarray(self._faiss_index.reconstruct_batch(rows) @ vector, dtype=np.float32)

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors of `rows`, (rows, dim)."""
        if not len(rows):
            return np.zeros((0, int(self._faiss_index.d)), dtype=np.float32)
        return np.asarray(self._faiss_index.reconstruct_batch(rows), dtype=np.float32)

    def search(self, vector: Vector, k: int, allowed: Rows | None = None) -> Nearest:
        """Return the `k` nearest rows, or fewer where there are fewer; only among `allowed` where given."""
        import faiss

        parameters = None
        if allowed is not None:
            if not len(allowed):
                return Nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
            mask = np.zeros(-(-self.size // 8) * 8, dtype=bool)
            mask[allowed] = True
            parameters = faiss.SearchParameters()
            bits = np.packbits(mask, bitorder="little")  # FAISS reads it, and does not own it
            parameters.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        wanted = max(1, min(k, self.size))
        scores, rows = self._faiss_index.search(vector[None, :].astype(np.float32), wanted, params=parameters)
        found = rows[0] >= 0  # FAISS pads with -1 where it finds fewer
        return Nearest(rows[0][found], scores[0][found])
