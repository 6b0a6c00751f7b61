from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import Vectors, unit
from index.vectors import FILE, FaissStore

COUNT, DIM = 60, 12


def vectors(count: int, dim: int = DIM, seed: int = 7) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FaissStore:
    folder = tmp_path_factory.mktemp("vectors")
    FaissStore.write(folder, vectors(COUNT))
    return FaissStore.open(folder)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> FaissStore:
    """Return a store that has cells, few enough vectors that a search looks at all of them."""
    folder = tmp_path_factory.mktemp("cells")
    FaissStore.write(folder, vectors(COUNT), cells_from=COUNT)
    return FaissStore.open(folder)


@settings(max_examples=40)
@given(st.integers(0, 1000), st.integers(1, 80), st.none() | st.sets(st.integers(0, COUNT - 1)))
def test_rows_and_scores_are_those_of_brute_force(
    store: FaissStore, seed: int, k: int, allowed: set[int] | None
) -> None:
    [question] = vectors(1, seed=seed)
    among = np.asarray(sorted(range(COUNT) if allowed is None else allowed), dtype=np.int64)
    scores = vectors(COUNT)[among] @ question
    best = np.argsort(-scores, kind="stable")[:k]
    found = store.search(question, k, None if allowed is None else among)
    assert found.rows.tolist() == among[best].tolist()
    np.testing.assert_allclose(found.scores, scores[best], atol=1e-6)


def test_a_vector_is_nearest_to_itself_with_score_one(store: FaissStore) -> None:
    for row in range(0, COUNT, 9):
        found = store.search(vectors(COUNT)[row], 1)
        assert found.rows.tolist() == [row]
        assert found.scores[0] == pytest.approx(1.0, abs=1e-6)


def test_faiss_padding_never_leaves(store: FaissStore) -> None:
    found = store.search(vectors(1)[0], 10, np.asarray([5, 50], dtype=np.int64))
    assert sorted(found.rows.tolist()) == [5, 50]
    assert len(found.scores) == 2


def test_allowing_nothing_finds_nothing(store: FaissStore) -> None:
    found = store.search(vectors(1)[0], 5, np.zeros(0, dtype=np.int64))
    assert (len(found.rows), len(found.scores)) == (0, 0)


@pytest.mark.parametrize("count", [0, 1])
def test_a_store_of_no_or_one_vector_works(tmp_path: Path, count: int) -> None:
    FaissStore.write(tmp_path, vectors(count))
    store = FaissStore.open(tmp_path)
    assert store.size == count
    assert store.search(vectors(1)[0], 10).rows.tolist() == list(range(count))


def test_writing_and_opening_keeps_every_value(tmp_path: Path) -> None:
    FaissStore.write(tmp_path, vectors(COUNT))
    store = FaissStore.open(tmp_path)
    back = np.zeros((COUNT, DIM), dtype=np.float32)
    for axis, direction in enumerate(np.eye(DIM, dtype=np.float32)):
        found = store.search(direction, COUNT)
        back[found.rows, axis] = found.scores
    np.testing.assert_array_equal(back, vectors(COUNT))


def test_unit_rows_have_length_one_and_zeros_stay() -> None:
    rows = unit(np.asarray([[3, 4], [0, 0], [-2, 0]], dtype=np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0], [-1, 0]], atol=1e-7)
    assert rows.dtype == np.float32


@given(st.integers(0, 1000), st.none() | st.sets(st.integers(0, COUNT - 1), min_size=1))
@settings(max_examples=40)
def test_where_all_cells_are_looked_at_the_nearest_are_those_of_brute_force(
    cells: FaissStore, seed: int, allowed: set[int] | None
) -> None:
    [question] = vectors(1, seed=seed)
    among = np.asarray(sorted(range(COUNT) if allowed is None else allowed), dtype=np.int64)
    exact = np.sort(vectors(COUNT)[among] @ question)[::-1]
    found = cells.search(question, 10, None if allowed is None else among)
    assert set(found.rows.tolist()) <= set(among.tolist())
    assert len(set(found.rows.tolist())) == min(10, len(among))
    np.testing.assert_allclose(vectors(COUNT)[found.rows] @ question, exact[:10], atol=1e-3)
    np.testing.assert_allclose(found.scores, exact[:10], atol=1e-3)
    np.testing.assert_allclose(cells.scores(question, found.rows), found.scores, atol=1e-6)


def test_cells_keep_vectors_in_half_the_room_and_move_no_value_by_a_thousandth(
    cells: FaissStore, tmp_path: Path
) -> None:
    np.testing.assert_allclose(cells.vectors(np.arange(COUNT)), vectors(COUNT), atol=1e-3)
    many = 4000
    for place, cells_from in (("whole", many + 1), ("cells", many), ("again", many)):
        (tmp_path / place).mkdir()
        FaissStore.write(tmp_path / place, vectors(many), cells_from)
    whole, first, again = ((tmp_path / place / FILE).read_bytes() for place in ("whole", "cells", "again"))
    assert len(first) < 0.85 * len(whole)
    assert first == again


def clustered(count: int) -> Vectors:
    """Return vectors in clusters, as those of texts are."""
    rng = np.random.default_rng(3)
    middles = rng.normal(size=(count // 40, DIM))
    made = middles[rng.integers(0, len(middles), count)] + rng.normal(size=(count, DIM)) / 2
    return unit(made.astype(np.float32))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> FaissStore:
    folder = tmp_path_factory.mktemp("many")
    FaissStore.write(folder, clustered(8000), cells_from=8000)
    return FaissStore.open(folder)


@pytest.mark.parametrize("allowed", [None, 1, 2, 50])
def test_a_search_of_some_cells_finds_nearly_all_and_a_filter_gets_as_many_as_there_are(
    many: FaissStore, monkeypatch: pytest.MonkeyPatch, allowed: int | None
) -> None:
    monkeypatch.setattr("index.vectors._LEAST_LOOKED_AT", 800)  # a tenth of them
    stored = clustered(8000)
    among = np.arange(0, len(stored), allowed or 1)
    right: list[float] = []
    for question in clustered(8000)[5::333]:
        best = np.sort(stored[among] @ question)[-10]
        found = many.search(question, 300, None if allowed is None else among)
        assert len(found.rows) == min(300, len(among))
        right.append(float(np.mean(stored[found.rows[:10]] @ question >= best - 1e-3)))
    assert np.mean(right) >= 0.98


def test_a_filter_whose_articles_lie_far_from_the_question_still_gets_all_of_them(
    many: FaissStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors._LEAST_LOOKED_AT", 1)
    monkeypatch.setattr("index.vectors._LOOKED_AT", 0.001)
    question = clustered(8000)[0]
    farthest = np.sort(np.argsort(clustered(8000) @ question)[:40])
    assert sorted(many.search(question, 100, farthest).rows.tolist()) == farthest.tolist()
    assert len(many.search(question, 8000).rows) == 8000
