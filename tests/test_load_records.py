import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, find, load

WHOLE = {"id": "w1", "title": "T", "text": "Text “a”.\n\n B ", "date": "2026-03-01", "authors": ["Ann", "Bo"],
         "url": "http://a", "publisher": "P", "section": "S", "lang": "FR-fr"}  # fmt: skip


def loaded(content: str | bytes, name: str = "wire.jsonl") -> list[Article | LoadError]:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(load(SourceFile(path, name)))


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def one(row: object) -> Article:
    [article] = loaded(lines(row))
    assert isinstance(article, Article), article
    return article


def test_a_record_gives_every_field_and_its_text_unchanged() -> None:
    assert one(WHOLE) == Article(
        "w1", "T", "Text “a”.\n\n B ", "wire.jsonl:1", date(2026, 3, 1), ("Ann", "Bo"), "http://a", "P", "S", "fr",
        published_from="record",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "names"),
    [("id", ["article_id", "guid"]), ("title", ["headline"]), ("text", ["body", "content", "article"]),
     ("publisher", ["source", "publication", "outlet"]), ("url", ["link"]), ("section", ["category"]),
     ("authors", ["author", "byline"]), ("date", ["published", "published_at", "datePublished", "publication_date"])],
)  # fmt: skip
def test_fields_are_understood_by_their_common_names(field: str, names: list[str]) -> None:
    for name in names:
        row = {key: value for key, value in WHOLE.items() if key != field} | {name: WHOLE[field]}
        assert one(row) == one(WHOLE)


def test_a_record_without_an_id_is_named_by_its_place() -> None:
    first, second = loaded("\n" + lines({"text": "One."}) + "\n" + lines({"text": "Two.", "title": "T"}))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [(a.id, a.title, a.source) for a in (first, second)] == [
        ("wire.jsonl:2", "One.", "wire.jsonl:2"), ("wire.jsonl:4", "T", "wire.jsonl:4"),
    ]  # fmt: skip


def test_an_id_of_zero_is_an_id() -> None:
    assert one({"id": 0, "text": "x"}).id == "0"


def test_an_outlet_that_is_an_object_is_called_by_its_name() -> None:
    assert one({"text": "x", "source": {"id": "p", "name": "The Post"}}).publisher == "The Post"


def test_each_bad_line_is_reported_with_its_place_and_the_others_are_read() -> None:
    good = lines({"text": "Good."})
    bad = ["{", "[1]", '"text"', "{}", '{"text": 5}', '{"text": "  "}', '{"text": ["a"]}', "\ufffe", '{"text": "a"']
    found = loaded("".join(f"{line}\n{good}" for line in bad))
    errors = [str(each) for each in found if isinstance(each, LoadError)]
    assert [error.split(": ")[0] for error in errors] == [f"wire.jsonl:{2 * place + 1}" for place in range(len(bad))]
    assert len([each for each in found if isinstance(each, Article)]) == len(bad)
    assert "a list, not an object with the fields of an article" in errors[1]
    assert "no text (looked for text, body, content, article, full_text, " in errors[3]


def test_a_line_in_another_encoding_is_reported() -> None:
    found = loaded(b'{"text": "caf\xe9"}\n' + lines({"text": "Good."}).encode())
    assert [type(each) for each in found] == [LoadError, Article]
    assert str(found[0]).startswith("wire.jsonl:1: not JSON (")


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.JSONL", "a.jsonl.gz", "a.ndjson.GZ"])
def test_every_ending_is_read(name: str) -> None:
    raw = ("\ufeff" + lines({"text": "Text."}).replace("\n", "\r\n")).encode()
    [article] = loaded(gzip.compress(raw) if name.lower().endswith("gz") else raw, name)
    assert isinstance(article, Article)
    assert article.text == "Text."


def test_a_line_separator_inside_a_text_does_not_end_the_line() -> None:
    [article] = loaded('{"text": "a\u2028b\x85c"}\n')
    assert isinstance(article, Article)
    assert article.text == "a\u2028b\x85c"


@pytest.mark.parametrize("raw", [gzip.compress(b'{"text": "Some words."}\n' * 9_000, 0)[:9_000], b"plain"])
def test_gzip_that_breaks_off_is_an_error_of_the_whole_file(raw: bytes) -> None:
    with pytest.raises(OSError, match="the gzip data ends or breaks"):
        loaded(raw, "a.jsonl.gz")


@pytest.mark.parametrize("name", ["q.jsonl", "q.ndjson", "q.jsonl.gz"])
def test_question_sets_are_passed_over_in_silence(name: str) -> None:
    raw = lines({"id": "q1", "question": "Who won?", "answerable": True}).encode()
    Path(name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    assert list(find([Path(name)])) == []


def test_articles_that_mention_a_question_are_articles() -> None:
    Path("a.jsonl").write_text(lines({"question": "Who?", "text": "Text."}), "utf-8")
    assert len(list(find([Path("a.jsonl")]))) == 1
