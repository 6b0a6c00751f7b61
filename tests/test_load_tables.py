import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.builder import BuildReport, build_index
from index.errors import LoadError, SettingsError
from index.load import SourceFile, load
from index.reader import open_version
from tests.conftest import Run
from tests.tiny import TinyEmbedder


def loaded(content: str | bytes, name: str = "a.csv", **columns: str) -> list[Article | LoadError]:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(load(SourceFile(Path(name), name, columns)))


def articles(content: str | bytes, name: str = "a.csv", **columns: str) -> list[Article]:
    found = loaded(content, name, **columns)
    assert all(isinstance(each, Article) for each in found), found
    return [each for each in found if isinstance(each, Article)]


ROWS = 'Headline,Article text,Publish Date,URL\n"Ferry, over","One.\n\nTwo ""quoted"".",2026-03-28,http://a\nB,C,,\n'


def test_rows_are_articles_by_the_names_of_their_columns() -> None:
    first, second = articles(ROWS.replace("Publish Date", "Published date"))
    assert first == Article(
        "a.csv:2", "Ferry, over", 'One.\n\nTwo "quoted".', "a.csv:2", date(2026, 3, 28), url="http://a",
        published_from="record",
    )  # fmt: skip
    assert (second.id, second.text, second.published, second.url) == ("a.csv:3", "C", None, None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends_are_told(delimiter: str, encoding: str, end: str) -> None:
    rows = [["title", "text"], ["Café", '"Le pont est fermé, dit-elle; à Brévignac | ou pas.\tOui"'], ["B", "C"]]
    raw = end.join(delimiter.join(row) for row in rows).encode(encoding)
    first, second = articles(raw, "a.tsv" if delimiter == "\t" else "a.csv")
    assert (first.title, first.text) == ("Café", "Le pont est fermé, dit-elle; à Brévignac | ou pas.\tOui")
    assert (second.title, second.text) == ("B", "C")


def test_columns_that_nobody_can_guess_are_said_and_can_be_named() -> None:
    rows = "Kopf,Rumpf,Tag\nA,Body of it.,2026-03-28\n"
    [error] = loaded(rows)
    assert str(error) == (
        "a.csv: none of its columns (Kopf, Rumpf, Tag) is known for the text. "
        "Name them: --map text=COLUMN,title=COLUMN."
    )
    [found] = articles(rows, title="Kopf", text="Rumpf", date="Tag")
    assert (found.title, found.text, found.published) == ("A", "Body of it.", date(2026, 3, 28))


def test_what_is_named_goes_before_what_is_guessed() -> None:
    [found] = articles("text,body\nTeaser.,The whole.\n", text="body")
    assert found.text == "The whole."
    [found] = articles(json.dumps({"text": "Teaser.", "Body": "The whole."}), "a.jsonl", text="Body")
    assert found.text == "The whole."


def test_bad_rows_are_reported_with_their_place_and_the_others_are_read() -> None:
    found = loaded("title,text\nA,B\nC,D,E\nF\nG,H\n")
    assert [type(each) for each in found] == [Article, LoadError, LoadError, Article]
    assert str(found[1]).startswith("a.csv:3: 3 values for 2 columns.")
    assert str(found[2]).startswith("a.csv:4: no text (looked for text, ")


def test_a_long_text_is_no_error_and_a_quotation_mark_never_closed_is_one() -> None:
    [found] = articles("text\n" + "x" * 500_000)
    assert len(found.text) == 500_000
    errors = [str(each) for each in loaded('text\n"' + "x," * 1_600_000) if isinstance(each, LoadError)]
    assert errors[0].startswith("a.csv:2: not CSV (field larger than field limit")


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"\0\0\0", b"\xff\xfe", b"\x89PNG\r\n\x1a\n\0", b'"', b"text", b"text\n"]
)
def test_what_is_no_table_is_an_error_or_nothing(raw: bytes) -> None:
    found = loaded(raw)
    assert len(found) <= 1
    assert all(isinstance(each, LoadError) and str(each).startswith("a.csv: ") for each in found)
    assert found or raw.startswith(b"text")


RECORDS = [{"title": "A", "text": "One."}, {"headline": "B", "body": "Two."}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=1),
        "\ufeff \n" + json.dumps(RECORDS),
        json.dumps({"articles": RECORDS}),
        json.dumps({"status": "ok", "count": 2, "response": {"docs": RECORDS}}),
        "".join(json.dumps(each) + "\n" for each in RECORDS),
    ],
    ids=["list", "indented", "bom", "object", "answer", "lines"],
)
def test_json_is_read_in_the_forms_that_it_comes_in(content: str) -> None:
    assert [(each.id, each.title, each.text) for each in articles(content, "a.json")] == [
        ("a.json:1", "A", "One."), ("a.json:2", "B", "Two."),
    ]  # fmt: skip


def test_one_record_is_an_article() -> None:
    [found] = articles(json.dumps(RECORDS[0], indent=2), "a.json")
    assert (found.id, found.text) == ("a.json:1", "One.")


@pytest.mark.parametrize(
    "content",
    ["", "{", "[", "[1", '[{"text": "x"', "nope", '"text"', "[1 2]", "[" * 100_000, '{"a":' * 99_999, "{}", "3"],
)
def test_bad_json_is_reported(content: str) -> None:
    found = loaded(content, "a.json")
    assert found
    assert isinstance(found[-1], LoadError)


def test_records_before_a_break_are_read() -> None:
    found = loaded('[{"text": "One."}, {"text": "Two."}, {"te', "a.json")
    assert [type(each) for each in found] == [Article, Article, LoadError]


def test_columns_are_remembered_with_the_sources(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Kopf,Rumpf\nA,Body.\n", "utf-8")
    data = tmp_path / "data"
    build_index([tmp_path / "a.csv"], data, TinyEmbedder(), columns={"text": "Rumpf"})
    assert build_index([], data, TinyEmbedder()).published is False
    report = build_index([], data, TinyEmbedder(), columns={"text": "Rumpf", "title": "Kopf"})
    assert report.changed == 1
    assert open_version(data).article_at(0).title == "A"
    (tmp_path / "a.csv").write_text("Kopf,Rumpf\nA,Body.\nB,More.\n", "utf-8")
    assert build_index([], data, TinyEmbedder()).new == 1
    with pytest.raises(SettingsError, match=r"headline: no field of an article .*title, text"):
        build_index([], data, TinyEmbedder(), columns={"headline": "Kopf"})


def test_the_command_line_maps_columns(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    def build(sources: list[str], data: str, *, columns: dict[str, str], **others: object) -> BuildReport:
        del others
        return build_index(sources, data, TinyEmbedder(), columns=columns)

    monkeypatch.setattr("rag.commands.build_index", build)  # the real model takes seconds to load
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"Kopf,Rumpf\nA,Body.\n"))
    code, _, said = run("build", tmp_path / "a.csv.gz", "--data", tmp_path / "data")
    assert code == 1
    assert "--map text=COLUMN" in said
    code, _, _ = run("build", tmp_path / "a.csv.gz", "--data", tmp_path / "data", "--map", "text=Rumpf, title=Kopf")
    assert code == 0
    assert open_version(tmp_path / "data").article_at(0).title == "A"
    code, _, said = run("build", "--data", tmp_path / "data", "--map", "text")
    assert code == 2
    assert "is not like title=Headline,text=Body" in said
