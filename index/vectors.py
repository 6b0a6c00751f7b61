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


CELLS_FROM = 50_000
"""Vectors from which on a search looks at some cells only, and vectors are kept in half precision. Below, a scan of all
takes a few milliseconds; it is exact, and they stay as the model made them."""
_LEAST_LOOKED_AT = 24_000
_LOOKED_AT = 0.12
_SAMPLE = 48  # vectors a cell, on which the cells' middles are found
_ROUNDS = 8


class FaissStore:
    """Inner-product search over one version's vectors.

    Few are all looked at. Many lie in cells (an inverted file), and a search looks at the cells nearest to it: at
    least 24,000 vectors and 12 in 100, more among fewer that are allowed, up to all; so that a filter misses no more
    than a search without one, and always gets as many as there are.
    """

    def __init__(self, faiss_index: "faiss.Index") -> None:
        """Wrap an opened FAISS index; see `open` and `write`."""
        import faiss

        self._faiss_index = faiss_index
        self._cells = 0
        if isinstance(faiss_index, faiss.IndexIVF):
            self._cells = int(faiss_index.nlist)
            faiss_index.make_direct_map()  # where each row is, for those whose vectors are asked for

    @property
    def size(self) -> int:
        """Return the number of vectors."""
        return int(self._faiss_index.ntotal)

    @staticmethod
    def write(folder: Path, vectors: Vectors, cells_from: int = CELLS_FROM) -> None:
        """Write an index of `vectors` (n, dim) into `folder`; row i gets the number i."""
        import faiss

        count, dim = vectors.shape
        if count < cells_from:
            faiss_index: faiss.Index = faiss.IndexFlatIP(dim)
        else:  # its file says what it is: `open` takes either, and so did the versions of this program before it
            cells, half = max(1, round(1.5 * count**0.5)), faiss.ScalarQuantizer.QT_fp16
            middles = faiss.IndexFlatIP(dim)
            faiss_index = faiss.IndexIVFScalarQuantizer(middles, dim, cells, half, faiss.METRIC_INNER_PRODUCT, False)
            faiss_index.cp.niter, faiss_index.cp.max_points_per_centroid = _ROUNDS, _SAMPLE
            faiss_index.cp.min_points_per_centroid, faiss_index.cp.spherical = 1, True
            faiss_index.train(np.ascontiguousarray(vectors, dtype=np.float32))
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
        among = self.size if allowed is None else len(allowed)
        wanted = min(k, among)
        if not wanted:
            return Nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        looked_at = max(_LEAST_LOOKED_AT, _LOOKED_AT * self.size) / among
        found = self._looked_up(vector, wanted, allowed, min(1.0, looked_at))
        if len(found.rows) < wanted:
            found = self._looked_up(vector, wanted, allowed, 1.0)
        return found

    def _looked_up(self, vector: Vector, k: int, allowed: Rows | None, share: float) -> Nearest:
        """Return the `k` nearest rows of a share of the cells."""
        import faiss

        parameters = faiss.SearchParameters()
        if self._cells:
            in_cells = faiss.SearchParametersIVF()
            in_cells.nprobe = max(1, round(share * self._cells))
            parameters = in_cells
        if allowed is not None:
            mask = np.zeros(-(-self.size // 8) * 8, dtype=bool)
            mask[allowed] = True
            bits = np.packbits(mask, bitorder="little")  # FAISS reads it, and does not own it
            parameters.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        scores, rows = self._faiss_index.search(vector[None, :].astype(np.float32), k, params=parameters)
        found = rows[0] >= 0  # FAISS pads with -1 where it finds fewer
        return Nearest(rows[0][found], scores[0][found])
