"""Each file of an index damaged: it is said which, and a build mends it; `python -m tests.bench.damage` tries more."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.builder import build_index
from index.catalog import Catalog
from index.errors import BuildLocked, IndexDamaged, PullquoteError
from index.versions import MANIFEST, Data, files_of
from tests.bench.damage import unpickling
from tests.bench.sure import answers, opened
from tests.tiny import TinyEmbedder, write

QUESTIONS = ("What did the ferry crews vote for?", "Who asked the geese to leave the pond?")


@dataclass
class Made:
    """An index, and what it answers."""

    news: Path
    data: Path
    answers: object

    def folder(self) -> Path:
        return Data(self.data).folder(Data(self.data).current_name())

    def asked(self) -> object:
        retriever = opened(self.data)
        try:
            return answers(retriever, QUESTIONS)
        finally:
            retriever.index.close()

    def built(self, *, rebuild: bool = False) -> TinyEmbedder:
        embedder = TinyEmbedder()
        build_index([self.news], self.data, embedder, rebuild=rebuild)
        return embedder

    def change(self, statement: str, *values: object) -> int:
        with closing(sqlite3.connect(self.data / "catalog.db")) as catalog, catalog:
            return catalog.execute(statement, values).rowcount


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("damage")
    write(folder / "news", "ferry.txt", "The ferry crews voted to end their strike on Friday.", title="Ferry strike")
    write(folder / "news", "geese.txt", "Geese were asked to leave the pond by the council.", title="Geese")
    made = Made(folder / "news", folder / "data", None)
    made.built()
    made.answers = made.asked()
    return made


@pytest.fixture
def made(base: Made, tmp_path: Path) -> Made:
    shutil.copytree(base.data, tmp_path / "data")
    shutil.copytree(base.news, tmp_path / "news")
    made = Made(tmp_path / "news", tmp_path / "data", base.answers)
    made.built()
    return made


def test_each_damaged_file_of_a_version_is_named_and_made_again(made: Made) -> None:
    for number, ending in enumerate((".faiss", "rows.npy", "members.jsonl", ".idx", "meta.json", MANIFEST)):
        name = next(each for each in [*files_of(made.folder()), MANIFEST] if each.endswith(ending))
        file = made.folder() / name
        raw = file.read_bytes()
        broken = [raw[: len(raw) // 2], raw[:-1] + bytes([raw[-1] ^ 1]), b""][number % 3 if name != MANIFEST else 0]
        file.write_bytes(broken)
        with pytest.raises(IndexDamaged, match=r"pullquote build") as told:
            made.asked()
        assert str(file) in str(told.value)
        assert made.built().embedded == []
        assert made.asked() == made.answers


@pytest.mark.parametrize("changed", [{"files": {}}, {"files": []}, {"passages": None}])
def test_a_manifest_that_says_too_little_opens_nothing(made: Made, changed: dict[str, object]) -> None:
    file = made.folder() / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changed), "utf-8")
    with pytest.raises(IndexDamaged, match=r"pullquote build"):
        made.asked()
    made.built()
    assert made.asked() == made.answers


def test_a_manifest_of_another_version_is_not_taken_for_this_one(made: Made) -> None:
    first = made.folder()
    write(made.news, "more.txt", "A tuba was found.", title="Tuba")
    made.built()
    shutil.copyfile(first / MANIFEST, made.folder() / MANIFEST)
    with pytest.raises(IndexDamaged, match=r"manifest\.json: not a readable manifest"):
        made.asked()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE embeddings SET vector = zeroblob(length(vector)) WHERE key = (SELECT min(key) FROM embeddings)",
        "UPDATE passages SET spans = x'00', keys = 7",
        "UPDATE files SET articles = '[['",
    ],
)
def test_a_computed_row_that_changed_on_the_disk_is_computed_again(made: Made, statement: str) -> None:
    assert made.change(statement)
    assert made.asked() == made.answers
    write(made.news, "more.txt", "A tuba was found.", title="Tuba")  # so that all is looked at
    made.built()
    (made.news / "more.txt").unlink()
    made.built()
    assert made.asked() == made.answers


def test_rows_from_before_there_were_checksums_are_taken(made: Made) -> None:
    for table in ("files", "passages", "embeddings"):
        assert made.change(f"UPDATE {table} SET crc = NULL")  # noqa: S608 - ours
    assert made.built(rebuild=True).embedded == []
    with closing(Catalog(made.data / "catalog.db")) as catalog:
        assert catalog.sources() == [str(made.news.resolve())]


@pytest.mark.parametrize("column", ["text", "published"])
def test_an_article_that_changed_on_the_disk_is_not_quoted_and_is_read_again(made: Made, column: str) -> None:
    assert made.change(f"UPDATE articles SET {column} = '1'")  # noqa: S608 - ours
    with pytest.raises(IndexDamaged, match=r"build --rebuild"):
        made.asked()
    made.built(rebuild=True)
    assert made.asked() == made.answers


def test_sources_that_cannot_be_read_are_to_be_named_again(made: Made) -> None:
    assert made.change("UPDATE settings SET value = '['")
    with pytest.raises(IndexDamaged, match=r"Name them again"):
        build_index([], made.data, TinyEmbedder())


@pytest.mark.parametrize("damage", [lambda raw: b"", lambda raw: raw[:100] + bytes(len(raw) - 100)])
def test_a_damaged_catalog_is_said_and_can_be_moved_away(made: Made, damage: Callable[[bytes], bytes]) -> None:
    file = made.data / "catalog.db"
    file.write_bytes(damage(file.read_bytes()))
    try:
        made.built()
    except PullquoteError as error:
        assert "move it away" in str(error)  # noqa: PT017 - an empty one is filled again
        file.unlink()
        made.built()
    assert made.asked() == made.answers


def test_a_lock_whose_holder_cannot_be_written_down_is_a_lock_all_the_same(made: Made) -> None:
    data = Data(made.data)
    data.holder.mkdir()  # as on a full disk: it cannot be written
    with pytest.raises(BuildLocked), data.locked(), data.locked():
        pass


def test_nothing_is_unpickled() -> None:
    assert [each for each in unpickling() if "allow_pickle=False" not in each] == []
