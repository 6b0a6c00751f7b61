"""What was built is what is opened; what was damaged is found, named, and healed without the model."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.builder import build_index
from index.catalog import Catalog, Member
from index.embedded import embedded_text
from index.errors import IndexDamaged, IndexMissing
from index.reader import UNKNOWN_DAY, Index, Passage, open_version
from index.versions import Data
from tests.tiny import DIM, TinyEmbedder, write

DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(str)
WORDS = st.text(alphabet="ab cdé市😀.\n?’“", min_size=1, max_size=80).filter(str.strip)
ROWS = st.lists(
    st.fixed_dictionaries({"title": WORDS, "text": WORDS, "date": st.none() | DAYS}),
    min_size=1, max_size=6, unique_by=lambda row: str(row["title"]).strip(),
)  # fmt: skip


@settings(max_examples=12)
@given(rows=ROWS)
def test_what_was_built_is_what_is_opened(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("identity")
    lines = [json.dumps({"id": f"w{number}", **row}) + "\n" for number, row in enumerate(rows)]
    (folder / "wire.jsonl").write_text("".join(lines), "utf-8")
    embedder = TinyEmbedder(max_pieces=52)
    build_index([folder / "wire.jsonl"], folder / "data", embedder)
    index = open_version(folder / "data")
    articles = [index.article_at(place) for place in range(len(rows))]
    assert [(a.id, a.text, a.title, a.published and str(a.published)) for a in articles] == [
        (f"w{number}", row["text"], str(row["title"]).strip(), row["date"]) for number, row in enumerate(rows)
    ]
    assert list(index.members) == [Member(article.id, article.digest) for article in articles]
    assert index.days.tolist() == [a.published.toordinal() if a.published else UNKNOWN_DAY for a in articles]
    for row in range(len(index.rows)):
        article, span = index.article_of(row), index.span(row)
        assert index.passage(row) == Passage(article.id, *span)
        [vector] = embedder.questions([embedded_text(article, span, embedder)])
        nearest = index.dense(vector, len(index.rows))
        scores = dict(zip(nearest.rows.tolist(), nearest.scores.tolist(), strict=True))
        assert scores[row] == pytest.approx(1.0, abs=1e-5)
        assert row in index.lexical(index.terms(article.text[slice(*span)]), 99).rows.tolist() or not index.terms(
            article.text
        )
    index.close()


def test_vectors_are_stored_bit_by_bit(built: Path) -> None:
    index = open_version(built)
    embedder = TinyEmbedder()
    texts = [embedded_text(index.article_of(row), index.span(row), embedder) for row in range(len(index.rows))]
    expected = embedder.questions(texts)
    for axis, direction in enumerate(np.eye(DIM, dtype=np.float32)):
        found = index.dense(direction, len(texts))
        np.testing.assert_array_equal(found.scores, expected[found.rows, axis])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a data folder with two versions of a small archive."""
    news = tmp_path / "news"
    write(news, "a.txt", "The ferry crews voted to end their strike.", "They said so twice.", title="Ferry")
    build_index([news], tmp_path / "data", TinyEmbedder())
    write(news, "b.txt", "Geese were asked to leave the pond.", title="Geese")
    build_index([news], tmp_path / "data", TinyEmbedder())
    return tmp_path / "data"


def answers(index: Index) -> bool:
    [row, *_] = index.lexical(index.terms("ponds"), 3).rows.tolist()
    return index.article_of(row).id == "b.txt"


@pytest.mark.parametrize("damage", ["truncated", "emptied", "flipped", "missing"])
def test_damage_to_any_file_is_named_and_healed_without_embedding(built: Path, damage: str) -> None:
    data = Data(built)
    names = sorted(open_version(built).manifest.files)
    assert {"dense.faiss", "members.jsonl", "rows.npy"} < set(names)
    for name in [*names, "manifest.json"]:
        file = data.folder(data.current_name()) / name
        matching = [each for each in file.parent.iterdir() if each.suffix == file.suffix and each.is_file()]
        if not file.is_file():  # tantivy names its files anew in each version
            file = next(each for each in matching if each.stat().st_size)
        raw = file.read_bytes()
        file.unlink()  # never in place: an opened version maps its files, and would be killed by reading beyond the end
        if damage != "missing":
            flipped = raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 0xFF]) + raw[len(raw) // 2 + 1 :]
            file.write_bytes({"truncated": raw[: len(raw) // 2], "emptied": b"", "flipped": flipped}[damage])
        with pytest.raises(IndexDamaged) as error:
            open_version(built)
        assert str(file) in str(error.value)
        embedder = TinyEmbedder()
        report = build_index([], built, embedder)
        assert (report.published, report.articles, embedder.embedded) == (True, 2, [])
        assert any("damaged and is made again" in note for note in report.notes)
        assert answers(open_version(built))


def test_a_manifest_with_other_counts_is_found_out(built: Path) -> None:
    data = Data(built)
    file = data.folder(data.current_name()) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"passages": 5}), "utf-8")
    with pytest.raises(IndexDamaged, match="expected"):
        open_version(built)


@pytest.mark.parametrize("content", [b"", b"nope\n", b"\xff\xfe\n"])
def test_a_damaged_current_is_healed_by_the_next_build(built: Path, content: bytes) -> None:
    (built / "CURRENT").write_bytes(content)
    embedder = TinyEmbedder()
    assert build_index([], built, embedder).published
    assert embedder.embedded == []
    assert answers(open_version(built))


def test_an_article_that_the_catalog_lost_is_reported_and_a_rebuild_brings_it_back(built: Path) -> None:
    index = open_version(built)
    catalog = Catalog(built / "catalog.db", writable=True)
    catalog._db.execute("DELETE FROM articles WHERE id = 'b.txt'")
    catalog.close()
    with pytest.raises(IndexDamaged, match=r"article 'b\.txt' .* is not in the catalog"):
        index.article("b.txt")
    assert build_index([], built, TinyEmbedder(), rebuild=True).embedded == 0
    assert open_version(built).article("b.txt") is not None


def test_a_version_without_its_catalog_cannot_be_opened(built: Path) -> None:
    (built / "catalog.db").unlink()
    with pytest.raises(IndexDamaged, match=r"catalog\.db: cannot be opened"):
        open_version(built)


def test_an_older_version_can_be_opened_by_its_name(built: Path) -> None:
    first, second = Data(built).names()
    assert [len(open_version(built, name).members) for name in (first, second)] == [1, 2]
    assert open_version(built).manifest.name == second


def test_an_article_that_is_not_there_is_none(built: Path) -> None:
    assert open_version(built).article("z.txt") is None


def test_there_is_nothing_to_open_before_a_build(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="no index here yet"):
        open_version(tmp_path / "none")
    assert not (tmp_path / "none").exists()
