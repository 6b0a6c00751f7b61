"""Adding to an index from a page: what is put there is kept, and nothing else is touched."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.versions import Data
from rag import (
    BuildLocked,
    FetchError,
    IndexMissing,
    NothingToIndex,
    SettingsError,
    add_articles,
    build_index,
    open_index,
    state_of,
    use_version,
)
from rag.adding import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2026-03-28 ferry.txt", "2026-03-28 ferry.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/cron.d/x.html", "x.html"),
        ("....txt", "txt"),
        (".hidden.txt", "hidden.txt"),
        ("", "article"),
        ("..", "article"),
        ("a\0b\n<c>.txt", "a-b-c-.txt"),
        ("CON.txt", "CON-.txt"),
        ("Zürich Überfall.txt", "Zürich Überfall.txt"),
        (f"{'x' * 500}.txt", f"{'x' * 116}.txt"),
        (f"a.{'x' * 500}", f"a.{'x' * 40}"),
    ],
)
def test_a_name_stays_within_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_what_is_added_stays_through_later_builds(news: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    upload = tmp_path / "upload"
    upload.write_text("A lighthouse keeper named Orla Quist found a bell.", "utf-8")
    first = add_articles({"../bell.txt": upload}, data=data)  # there is no index yet
    assert (first.articles, first.refused) == (1, [])
    build_index([*state_of(data).sources, news], data)
    upload.write_text("Another bell was found by a baker.", "utf-8")
    report = add_articles({"bell.txt": upload}, data=data)
    assert (report.articles, report.new, report.unchanged) == (4, 1, 3)
    assert sorted(each.suffix for each in (data / "added").iterdir()) == [".txt", ".txt"]
    assert build_index(data=data).articles == 4
    upload.write_text("A third bell was found by nobody at all.", "utf-8")
    add_articles({"third.txt": upload}, data=data)
    retriever = open_index(data)
    assert retriever.search("Who found the bell in the lighthouse?")[0].article.id == "bell.txt"

    state = state_of(data)
    assert state.current
    assert (state.current.articles, state.problems, state.size > 10_000) == (5, (), True)
    before = state.versions[-2].name
    use_version(before, data)
    assert state_of(data).current == replace(state.versions[-2], current=True)
    assert retriever.summary.version == before
    with pytest.raises(IndexMissing, match="no version"):
        use_version("../../etc", data)


def test_what_cannot_be_added_is_said_and_changes_nothing(news: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build_index([news], data)
    before = state_of(data)
    bad = tmp_path / "x"
    bad.write_bytes(b"MZ")
    for files, addresses, error in (
        ({}, [], NothingToIndex),
        ({}, ["  "], NothingToIndex),
        ({}, ["/etc"], FetchError),
        ({}, ["file:///etc/passwd"], FetchError),
        ({"x.exe": bad}, [], SettingsError),
        ({"x.txt": tmp_path / "none"}, [], SettingsError),
    ):
        with pytest.raises(error):
            add_articles(files, addresses, data)
    [refused] = add_articles({}, ["http://127.0.0.1:9/"], data).refused
    assert refused.startswith("http://127.0.0.1:9/: ")
    with Data(data).locked(), pytest.raises(BuildLocked):
        add_articles({"x.txt": bad}, data=data)
    after = state_of(data)
    assert (after.versions, after.sources) == (before.versions, before.sources)


def test_an_empty_folder_has_no_state(tmp_path: Path) -> None:
    state = state_of(tmp_path / "none")
    assert (state.versions, state.sources, state.size, state.current) == ((), (), 0, None)
