import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.catalog import Catalog, FileRecord, Member
from index.embed import unit
from index.errors import IndexDamaged, PullquoteError
from index.passage import Span

ARTICLE = Article(
    "news/a.txt",
    "Títle 😀",
    "Text “one”.\n\nTwo.\x00",
    "a.txt:1",
    date(2026, 3, 1),
    ("Ann", "Bo"),
    "http://a",
    "P",
    "S",
    "fr",
    date(2026, 3, 2),
    "json-ld",
    "meta",
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "deep" / "catalog.db", writable=True)
    yield opened
    opened.close()


def again(catalog: Catalog) -> Catalog:
    return Catalog(catalog.file)


def test_an_article_comes_back_as_it_was_stored(catalog: Catalog) -> None:
    bare = Article("b", "", "x")
    members = [catalog.add_article(ARTICLE), catalog.add_article(bare)]
    assert members == [Member("news/a.txt", ARTICLE.digest), Member("b", bare.digest)]
    assert [again(catalog).article(member) for member in members] == [ARTICLE, bare]


def test_the_day_of_the_first_reading_stays(catalog: Catalog) -> None:
    member = catalog.add_article(replace(ARTICLE, read=date(2026, 3, 5)))
    catalog.add_article(replace(ARTICLE, read=date(2026, 4, 5)))
    assert catalog.article(member).read == date(2026, 3, 5)


def test_a_catalog_made_before_dates_had_origins_is_read_and_brought_up_to_date(catalog: Catalog) -> None:
    member = catalog.add_article(replace(ARTICLE, modified=None))
    catalog.close()
    with sqlite3.connect(catalog.file) as database:
        for name in ("modified", "published_from", "modified_from", "read"):
            database.execute(f"ALTER TABLE articles DROP COLUMN {name}")
    old = again(catalog).article(member)
    assert (old.published, old.published_from, old.modified, old.read) == (ARTICLE.published, "unknown", None, None)
    upgraded = Catalog(catalog.file, writable=True)
    upgraded.add_article(replace(ARTICLE, modified=None))
    assert upgraded.article(member).published_from == "json-ld"
    assert upgraded.article(member).read is not None
    upgraded.close()


def test_an_origin_that_there_is_not_is_unknown(catalog: Catalog) -> None:
    member = catalog.add_article(ARTICLE)
    with sqlite3.connect(catalog.file) as database:
        database.execute("UPDATE articles SET published_from = 'jsom-ld'")
    assert catalog.article(member).published_from == "unknown"


def test_every_revision_is_kept(catalog: Catalog) -> None:
    later = replace(ARTICLE, text="Other text.")
    first, second = catalog.add_article(ARTICLE), catalog.add_article(later)
    assert catalog.article(first).text == ARTICLE.text
    assert catalog.article(second).text == "Other text."


def test_all_writes_of_a_transaction_that_fails_are_undone(catalog: Catalog) -> None:
    with catalog.transaction():
        kept = catalog.add_article(ARTICLE)
    lost = Article("b", "T", "B")
    with pytest.raises(KeyboardInterrupt), catalog.transaction():  # noqa: PT012 - what is undone
        catalog.add_article(lost)
        catalog.set_sources(["/x"])
        raise KeyboardInterrupt
    assert catalog.article(kept) == ARTICLE
    assert catalog.sources() == []
    with pytest.raises(IndexDamaged, match=r"article 'b' .* is not in the catalog"):
        catalog.article(Member("b", lost.digest))
    with catalog.transaction():
        catalog.set_sources(["/y"])
    assert again(catalog).sources() == ["/y"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("text", "Tampered"), ("title", "T"), ("published", "2026-03-02"), ("published", "not a date"),
     ("publisher", None),
     ("authors", '["Eve"]'), ("authors", "not json")],
)  # fmt: skip
def test_an_altered_article_is_not_handed_out(catalog: Catalog, column: str, value: str | None) -> None:
    member = catalog.add_article(ARTICLE)
    with sqlite3.connect(catalog.file) as other:
        other.execute(f"UPDATE articles SET {column} = ?", (value,))  # noqa: S608 - a name from above
    other.close()
    with pytest.raises(IndexDamaged, match=r"catalog\.db: article 'news/a\.txt' is not what was loaded"):
        catalog.article(member)
    catalog.add_article(ARTICLE)
    assert catalog.article(member) == ARTICLE


@pytest.mark.parametrize("content", [None, b"", b"not a database, but longer than its header would be: " * 9])
def test_a_file_that_is_no_catalog_cannot_be_opened_for_reading(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "with space & 100%.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"with space & 100%\.db: cannot be opened as a catalog"):
        Catalog(file)
    assert file.exists() == (content is not None)


def test_a_file_that_is_no_database_is_not_written_to(tmp_path: Path) -> None:
    file = tmp_path / "catalog.db"
    file.write_bytes(b"somebody's own notes " * 99)
    with pytest.raises(IndexDamaged, match="not a database"):
        Catalog(file, writable=True)
    assert file.read_bytes() == b"somebody's own notes " * 99


def test_pages_that_are_damaged_are_reported_as_our_own_error(catalog: Catalog) -> None:
    members = [catalog.add_article(replace(ARTICLE, id=f"{number}", text="word " * 900)) for number in range(50)]
    catalog.close()
    raw = bytearray(catalog.file.read_bytes())
    for start in range(8 * 4096, len(raw), 4096):
        raw[start : start + 64] = b"\xff" * 64
    catalog.file.write_bytes(raw)
    with pytest.raises(IndexDamaged, match=r"catalog\.db"):  # noqa: PT012 - whichever of them is damaged
        opened = Catalog(catalog.file)
        for member in members:
            opened.article(member)
    assert Catalog(catalog.file, writable=True).check() != "ok"


def test_a_sound_catalog_is_ok(catalog: Catalog) -> None:
    catalog.add_article(ARTICLE)
    assert again(catalog).check() == "ok"


def test_reading_changes_nothing(catalog: Catalog) -> None:
    with pytest.raises(PullquoteError, match="readonly"):
        again(catalog).set_sources(["/x"])


def test_what_a_file_gave_is_remembered(catalog: Catalog) -> None:
    record = FileRecord("00", "1/a", [Member("a\x00😀", "d")], ["a.txt: “bad”"])
    catalog.set_file_record("/a.txt", FileRecord("1", "1", [], []))
    catalog.set_file_record("/a.txt", record)
    assert again(catalog).file_record("/a.txt") == record
    assert catalog.file_record("/b.txt") is None


SPANS = st.lists(
    st.tuples(st.integers(0, 2_000_000), st.integers(0, 2_000_000)).map(lambda pair: Span(*pair)), max_size=9
)


@given(SPANS)
def test_passages_come_back_as_they_were_stored(spans: list[Span]) -> None:
    catalog = Catalog(Path(":memory:"), writable=True)
    keys = [bytes([number]) * 32 for number in range(len(spans))]
    catalog.add_passages(Member("a", "d"), "splitter", spans, keys)
    known, unknown = Member("a", "d"), Member("a", "e")
    assert catalog.passages([unknown, known], "splitter") == {known: (spans, keys)}
    assert catalog.passages([known], "other splitter") == {}


def test_embeddings_come_back_bit_by_bit_under_their_model(catalog: Catalog) -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(5, 7)).astype(np.float32))
    keys = [bytes([number]) * 32 for number in range(5)]
    catalog.add_embeddings("m", keys, vectors)
    np.testing.assert_array_equal(again(catalog).embeddings("m", keys[::-1]), vectors[::-1])
    assert catalog.missing_embeddings("m", [*keys, b"x" * 32]) == {b"x" * 32}
    assert catalog.missing_embeddings("other", keys) == set(keys)
    with pytest.raises(IndexDamaged, match="an embedding by other is missing"):
        catalog.embeddings("other", keys)


def test_an_embedding_that_is_there_is_not_replaced(catalog: Catalog) -> None:
    first, second = np.ones((1, 3), dtype=np.float32), np.zeros((1, 3), dtype=np.float32)
    catalog.add_embeddings("m", [b"k" * 32], first)
    catalog.add_embeddings("m", [b"k" * 32], second)
    np.testing.assert_array_equal(catalog.embeddings("m", [b"k" * 32]), first)
