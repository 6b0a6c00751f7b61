"""Awkward strings everywhere: none stops a build, and each comes back as it was."""

import json
import os
import sys
from pathlib import Path

import pytest

from index.builder import build_index
from index.reader import open_version
from tests.tiny import TinyEmbedder, write

NAUGHTY = Path(__file__).resolve().parents[2] / "shared" / "hostile" / "naughty.jsonl"
OWN = [
    "nul \x00 in the middle",
    "a lone surrogate \ud800 and another \udfff",
    "\u202eright to left\u2066 never closed",
    "e\u0301\u0327 👩‍👩‍👧 ﷽ \u200b zero width \ufeff",
    "lines\u2028of\u2029several\x0bkinds\x0c\x1c\x1d\x85end",
    "<script>alert(1)</script> ${x} {{y}} %s {0}",
    "'; DROP TABLE articles; --",
    'row:1 AND text:* OR (title:"x"~2)^3 [a TO b] /re/',
    "../../../../etc/passwd",
    "--rebuild",
    "---\ntitle: not front matter\n---\n",
    "\u200b",
    "…",
    "𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐 🏳️‍🌈 ｆｕｌｌ　ｗｉｄｔｈ",
    "x" * 70_000,
]


def strings() -> list[str]:
    lines = NAUGHTY.read_text("utf-8").split("\n") if NAUGHTY.is_file() else []
    return [*OWN, *(str(json.loads(line)["text"]) for line in lines if line)]


def stored(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_every_awkward_string_can_be_title_text_and_id(tmp_path: Path) -> None:
    kept = [text for text in strings() if text.strip()]
    rows = [
        {"id": f"{number} {text[:99]}", "title": f"{number} {text}", "text": text} for number, text in enumerate(kept)
    ]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    report = build_index([tmp_path / "news.jsonl"], tmp_path / "data", TinyEmbedder())
    assert (report.refused, report.notes, report.articles) == ([], [], len(kept))
    index = open_version(tmp_path / "data")
    for place, text in enumerate(kept):
        assert index.article_at(place).text == stored(text)
        assert index.article_at(place).title == f"{place} {stored(text)}".strip()  # some differ by typography alone
        assert index.members[place].id.startswith(f"{place} ".strip())
    for text in map(stored, kept):
        assert index.lexical(index.terms(text), 5).rows.tolist() != [] or not index.terms(text)
    index.close()
    again = build_index([], tmp_path / "data", TinyEmbedder())
    assert (again.published, again.unchanged, again.notes) == (False, len(kept), [])


@pytest.mark.parametrize("field", ["url", "publisher", "section", "language", "authors", "date"])
def test_a_lone_surrogate_in_any_field_does_not_stop_a_build(tmp_path: Path, field: str) -> None:
    row = {"id": "a", "title": "T", "text": "Body.", field: ["\ud800 Ann"] if field == "authors" else "\ud800x"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    build_index([tmp_path / "a.jsonl"], tmp_path / "data", TinyEmbedder())
    assert open_version(tmp_path / "data").article_at(0).text == "Body."


# macOS and Windows refuse to make files of these names: there is nothing to test there.
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file names")
@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9.txt",
        b"new\nline.txt",
        b'tab\tquote".txt',
        "é😀.txt".encode(),
        b"-x.txt",
        b"%s{0}.txt",
        "a\u2028b\x85c.txt".encode(),
    ],
)
def test_every_file_name_can_be_an_article(tmp_path: Path, name: bytes) -> None:
    write(tmp_path / "news", "good.txt", "A good article.")
    Path(os.fsdecode(os.fsencode(tmp_path / "news") + b"/" + name)).write_text("Title\n\nBody.\n", "utf-8")
    report = build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    if os.fsdecode(name).isprintable() or not report.refused:  # a name that is no text may be refused instead
        assert report.refused == []
        assert stored(os.fsdecode(name)) in open_version(tmp_path / "data").places
    "".join(report.refused).encode()
    again = build_index([], tmp_path / "data", TinyEmbedder())
    assert (again.published, again.notes) == (False, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [("deep.jsonl", "[" * 100_000), ("deep.md", "---\na: " + "[" * 3_000 + "\n---\nBody."),
     ("deep.txt", "(" * 50_000 + "x"),
     ("deep.html", "<html><body>" + "<div>" * 20_000 + "<p>text"),
      ("number.jsonl", '{"text": "x", "id": ' + "9" * 5_000 + "}")],
)  # fmt: skip
def test_deep_nesting_does_not_stop_a_build(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / name).write_text(content, "utf-8")
    (tmp_path / "news" / "good.txt").write_text("Title\n\nA good article.\n", "utf-8")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    assert "good.txt" in open_version(tmp_path / "data").places


def test_links_that_lead_nowhere_or_round_do_not_stop_a_build(tmp_path: Path) -> None:
    news = tmp_path / "news"
    (news / "folder.txt").mkdir(parents=True)
    (news / "good.txt").write_text("Title\n\nA good article.\n", "utf-8")
    (news / "broken.txt").symlink_to(news / "nowhere")
    (news / "round").symlink_to(news, target_is_directory=True)
    report = build_index([news], tmp_path / "data", TinyEmbedder())
    assert (report.articles, report.refused) == (1, [])
