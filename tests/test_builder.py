from pathlib import Path

import pytest

from index.builder import BuildReport, build_index
from index.errors import NothingToIndex, SettingsError
from index.load import MAX_CHARS
from index.reader import Index, open_version
from tests.tiny import TinyEmbedder, write

LONG = "Sentence number {} of this article says that nothing much has happened in town this week."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a folder of three short articles."""
    folder = tmp_path / "news"
    write(folder, "a.txt", "The ferry crews voted to end their strike.", title="Ferry")
    write(folder, "deep/b.txt", *(LONG.format(number) for number in range(4)), title="Town")
    write(folder, "c.md", "Geese were asked to leave the pond.", title="# Geese")
    return folder


class Builder:
    """Builds one data folder with embedders of its own, each counted by itself."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.last = TinyEmbedder()

    def __call__(self, *sources: Path, rebuild: bool = False) -> BuildReport:
        self.last = TinyEmbedder()
        report = build_index(sources, self.data, self.last, rebuild=rebuild)
        assert report.embedded == len(self.last.embedded)
        return report

    def open(self) -> Index:
        return open_version(self.data)

    def texts(self) -> dict[str, str]:
        found = self.open()
        return {member.id: found.article_at(place).text for place, member in enumerate(found.members)}


@pytest.fixture
def build(tmp_path: Path) -> Builder:
    return Builder(tmp_path / "data")


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.removed, report.unchanged


def test_a_first_build_takes_everything_as_new(build: Builder, news: Path) -> None:
    report = build(news)
    assert counts(report) == (3, 0, 0, 0)
    assert (report.published, report.articles, report.refused, report.notes) == (True, 3, [], [])
    assert report.passages == report.embedded == 6
    assert sorted(build.texts()) == ["a.txt", "c.md", "deep/b.txt"]


def test_a_build_of_the_same_files_changes_nothing(build: Builder, news: Path) -> None:
    first, second = build(news), build(news)
    assert counts(second) == (0, 0, 0, 3)
    assert (second.published, second.embedded, second.version) == (False, 0, first.version)
    assert second.passages == first.passages


def test_a_changed_article_embeds_only_the_passages_that_changed(build: Builder, news: Path) -> None:
    build(news)
    write(news, "deep/b.txt", *(LONG.format(number) for number in (0, 1, 9, 3)), title="Town")
    report = build(news)
    assert counts(report) == (0, 1, 0, 2)
    assert [text.split("\n", 1)[1] for text in build.last.embedded] == [LONG.format(9)]
    assert LONG.format(9) in build.texts()["deep/b.txt"]


def test_text_that_comes_back_is_not_embedded_again(build: Builder, news: Path) -> None:
    build(news)
    whole = (news / "a.txt").read_bytes()
    (news / "a.txt").unlink()
    assert counts(build(news)) == (0, 0, 1, 2)
    assert "a.txt" not in build.texts()
    (news / "again.txt").write_bytes(whole)
    report = build(news)
    assert counts(report) == (1, 0, 0, 2)
    assert report.embedded == 0


def test_the_same_words_are_embedded_once_in_a_build(build: Builder, tmp_path: Path) -> None:
    lines = [f'{{"title": "Wire", "text": "One report, three papers.", "publisher": "{name}"}}\n' for name in "ABC"]
    (tmp_path / "wire.jsonl").write_text("".join(lines), "utf-8")
    report = build(tmp_path / "wire.jsonl")
    assert (report.articles, report.passages, report.embedded) == (3, 3, 1)


def test_a_renamed_file_is_one_gone_and_one_new_and_nothing_to_embed(build: Builder, news: Path) -> None:
    build(news)
    (news / "a.txt").rename(news / "z.txt")
    report = build(news)
    assert counts(report) == (1, 0, 1, 2)
    assert report.embedded == 0


def test_a_moved_folder_changes_nothing(build: Builder, news: Path) -> None:
    build(news)
    news.rename(news.with_name("moved"))
    report = build(news.with_name("moved"))
    assert counts(report) == (0, 0, 0, 3)
    assert not report.published


def test_a_source_that_is_gone_is_an_error_and_what_is_served_stays(build: Builder, news: Path) -> None:
    version = build(news).version
    with pytest.raises(SettingsError, match="gone: no such file or folder"):
        build(news.with_name("gone"))
    assert build.open().manifest.name == version


def test_a_source_that_is_not_named_again_is_removed(build: Builder, news: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "other.txt", "Another article altogether.", title="Other")
    build(news, other)
    report = build(news)
    assert counts(report) == (0, 0, 1, 3)
    assert "other.txt" not in build.texts()


def test_without_sources_those_of_the_last_build_are_taken(build: Builder, news: Path) -> None:
    with pytest.raises(NothingToIndex, match="No source named, and none remembered"):
        build()
    build(news)
    write(news, "d.txt", "A fourth article.", title="Fourth")
    assert counts(build()) == (1, 0, 0, 3)


def test_sources_that_overlap_are_read_once(build: Builder, news: Path) -> None:
    report = build(news, news / "deep", news / "a.txt")
    assert (report.articles, report.notes) == (3, [])


def test_rebuild_writes_a_new_version_and_embeds_nothing(build: Builder, news: Path) -> None:
    first, second = build(news), build(news, rebuild=True)
    assert second.published
    assert second.version != first.version
    assert (counts(second), second.embedded) == ((0, 0, 0, 3), 0)


def test_another_model_or_way_of_splitting_makes_a_new_version(build: Builder, news: Path) -> None:
    build(news)
    other = TinyEmbedder("tiny@2")
    report = build_index([news], build.data, other)
    assert (report.published, report.embedded, build.open().manifest.model) == (True, 6, "tiny@2")
    assert build(news).embedded == 0  # the first model's vectors are kept
    finer = TinyEmbedder(max_pieces=58)
    assert build_index([news], build.data, finer).passages > 6


def test_articles_of_the_same_name_in_two_folders_are_two(build: Builder, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        write(folder, "x.txt", f"This is the article of {folder.name}.")
    report = build(*folders)
    assert report.articles == 2
    assert [note for note in report.notes if "another article has the id 'x.txt'" in note] == report.notes
    assert sorted(build.texts().values()) == ["This is the article of one.", "This is the article of two."]
    again = build(*folders)
    assert (again.published, counts(again)) == (False, (0, 0, 0, 2))


def test_builds_of_three_folders_that_share_a_name_and_a_text_agree(build: Builder, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder, text in zip(folders, ("One text.", "Another text.", "Another text."), strict=True):
        write(folder, "x.txt", text)
    build(*folders)
    second = build(*folders)
    assert (second.published, second.new, second.removed) == (False, 0, 0)


def test_records_with_the_same_id_are_kept_apart(build: Builder, tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_text("".join(f'{{"id": "w1", "title": "T", "text": "Text {n}."}}\n' for n in (1, 2)), "utf-8")
    report = build(file)
    assert sorted(build.texts().values()) == ["Text 1.", "Text 2."]
    assert "w1" in build.texts()
    assert f"{file}:2: another article has the id 'w1'" in report.notes[0]


def test_a_torn_file_keeps_its_earlier_text_with_a_note(build: Builder, news: Path) -> None:
    build(news)
    before = build.texts()
    (news / "a.txt").write_bytes(b"The ferry crews\x00\x00\x00\x00")
    for _ in range(2):
        report = build(news)
        assert report.notes == [f"{news / 'a.txt'}: could not be read now; its earlier text stays in the index."]
        assert report.refused == [f"{news / 'a.txt'}: not text (it holds zero bytes)."]
        assert (report.published, build.texts()) == (False, before)
    write(news, "a.txt", "The file was mended.", title="Ferry")
    assert build(news).notes == []
    assert build.texts()["a.txt"] == "The file was mended."


@pytest.mark.parametrize("picture", [None, "photo.jpg"])
def test_without_any_article_nothing_changes_and_the_reason_is_given(
    build: Builder, news: Path, picture: str | None
) -> None:
    version = build(news).version
    empty = news.with_name("empty")
    empty.mkdir()
    if picture:
        (empty / picture).write_bytes(b"\xff\xd8\xff")
    with pytest.raises(NothingToIndex, match=r"empty: no article found.*Nothing was changed") as error:
        build(empty)
    assert ("photo.jpg: files of this kind are not read (known: ." in str(error.value)) == bool(picture)
    assert build.open().manifest.name == version
    assert counts(build()) == (0, 0, 0, 3)  # and its sources are still the ones before


def test_a_text_that_is_too_long_is_refused_and_the_rest_goes_on(build: Builder, news: Path) -> None:
    (news / "huge.txt").write_text("word " * 500_000, "utf-8")
    report = build(news)
    assert report.articles == 3
    [line] = report.refused
    assert line == (
        f"{news / 'huge.txt'}: 2,499,999 characters are too many for one article (at most {MAX_CHARS:,}). "
        "Split it into its articles."
    )


def test_refused_files_are_named_each_time(build: Builder, news: Path) -> None:
    (news / "blank.txt").write_text(" \n", "utf-8")
    (news / "page.pages").write_bytes(b"%PDF-1.7")
    expected = [
        f"{news / 'page.pages'}: files of this kind are not read",
        f"{news / 'blank.txt'}: no text found in it.",
    ]
    for _ in range(2):
        report = build(news)
        assert [line.startswith(start) for line, start in zip(report.refused, expected, strict=True)] == [True, True]


def test_progress_goes_from_nothing_to_all_in_each_stage(news: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    build_index([news], tmp_path / "data", TinyEmbedder(), progress=lambda *each: seen.append(each))
    stages = ["reading", "comparing", "embedding", "writing"]
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == stages
    for stage in stages:
        done = [(count, total) for name, count, total in seen if name == stage]
        assert done[0][0] == 0
        assert done[-1][0] == done[-1][1]
        assert done == sorted(done)
