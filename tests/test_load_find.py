from pathlib import Path

import pytest

from index.errors import LoadError, SettingsError
from index.load import KINDS, SourceFile, find, kind_of, load
from tests.tiny import write


def names(*sources: Path) -> list[str]:
    return [each.name for each in find(sources) if isinstance(each, SourceFile)]


def test_files_are_found_in_a_fixed_order_with_their_names_below_the_source(tmp_path: Path) -> None:
    for name in ("z.txt", "b/a.md", "b/c/d.HTML", "a.txt", "b.txt"):
        write(tmp_path / "news", name, "Text.")
    found = names(tmp_path / "news")
    assert sorted(found) == ["a.txt", "b.txt", "b/a.md", "b/c/d.HTML", "z.txt"]
    assert found == names(tmp_path / "news")
    assert names(tmp_path / "news" / "b" / "a.md") == ["a.md"]


def test_hidden_and_system_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    for name in (".git/config.txt", ".hidden.txt", "a/.cache/b.txt", ".DS_Store", "Thumbs.db", "a/desktop.ini"):
        write(tmp_path / "news", name, "Text.")
    assert list(find([tmp_path / "news"])) == []


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    write(tmp_path / ".notes", "a.txt", "Text.")
    assert names(tmp_path / ".notes") == ["a.txt"]


@pytest.mark.parametrize("name", ["a.pages", "a.doc", "README", "a.txt.bak", "a.gz", "a.zip.gz", "a.xlsx"])
def test_other_kinds_are_named_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "Text.")
    [error] = find([tmp_path])
    assert isinstance(error, LoadError)
    assert str(error).startswith(f"{tmp_path / name}: files of this kind are not read (known: .")
    for ending in KINDS:
        assert ending in str(error)


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere: no such file or folder"):
        list(find([tmp_path / "nowhere"]))


def test_a_file_that_went_away_is_the_callers_to_report(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(load(SourceFile(tmp_path / "gone.txt", "gone.txt")))


def test_the_indexs_own_folder_holds_no_articles(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a.txt", "data/members.jsonl"):
        (tmp_path / name).write_text("Words.", "utf-8")
    [found] = find([tmp_path], tmp_path / "data")
    assert isinstance(found, SourceFile)
    assert found.name == "a.txt"


@pytest.mark.parametrize("ending", KINDS)
def test_every_kind_is_told_by_its_ending_in_any_case(ending: str) -> None:
    assert kind_of(f"a{ending.upper()}") == ending
    assert kind_of(f"a{ending}x") is None
