import json
import re
from pathlib import Path

import numpy as np
import pytest

from index.builder import build_index
from index.errors import ArticleUnknown, QuestionError
from index.reader import Index, open_version
from rag.answer import Hit
from rag.retrieve import Retriever
from rag.stories.likeness import likeness
from rag.stories.story import members
from rag.stories.timeline import Timeline, timeline
from tests.conftest import Run
from tests.stories import COPIES, COURIER, LANTERN, STORIES
from tests.tiny import TinyEmbedder, write


def nothing(_: str) -> list[Hit]:
    return []


@pytest.fixture(scope="module")
def index(retriever: Retriever) -> Index:
    return retriever.index


def said(found: Timeline, article_id: str) -> str:
    return "\n".join(line.quote.text for entry in found.entries if entry.article.id == article_id for line in entry.new)


def test_the_story_of_an_article_is_what_belongs_to_it(index: Index) -> None:
    like = likeness(index)
    precision: list[float] = []
    recall: list[float] = []
    for story, either_way in STORIES.values():
        for article_id in sorted(story):
            found = {member.own.place for member in members(like, [index.places[article_id]])}
            got = {index.members[place].id for place in found} - {article_id} - either_way
            wanted = story - {article_id}
            precision.append(len(got & wanted) / len(got) if got else 1.0)
            recall.append(len(got & wanted) / len(wanted) if wanted else 1.0)
    assert np.mean(precision) >= 0.9
    assert np.mean(recall) >= 0.85


def test_a_claim_is_seen_to_appear_and_to_change(index: Index) -> None:
    found = timeline(index, "wire-0005", nothing)
    changed = [
        (line.quote.text.split()[0], line.before.text.split()[0], line.before.article.id)
        for entry in found.entries[:3]
        for line in entry.new
        if line.before
    ]
    assert changed == [("The", "Three", "wire-0004"), ("Six", "The", "wire-0005")]
    assert found.entries[0].article.id == "wire-0004"
    assert "Three people were injured" in said(found, "wire-0004")
    assert "risen to five" in said(found, "wire-0005")
    assert "at nine knots" in said(found, f"{COURIER}2026-06-19-collision-inquiry-report.md")


def test_copies_come_under_the_first_print(index: Index) -> None:
    [first, *_] = timeline(index, f"{COURIER}2025-11-22-three-hurt-in-collision.txt", nothing).entries
    assert first.article.id == "wire-0004"
    assert {copy.id for copy in first.copies} | {"wire-0004"} == COPIES[1]


@pytest.mark.parametrize(
    "article_id", ["wire-0003", "wire-0007", "wire-0015", f"{COURIER}2025-09-01-geese-asked-to-leave.md"]
)
def test_articles_come_by_date_and_no_sentence_twice(index: Index, article_id: str) -> None:
    found = timeline(index, article_id, nothing)
    days = [entry.article.published for entry in found.entries if entry.article.published]
    assert len(days) == len(found.entries) >= 3
    assert days == sorted(days)
    quotes = [line.quote for entry in found.entries for line in entry.new]
    assert len({quote.text for quote in quotes}) == len(quotes)
    for entry in found.entries:
        assert len(entry.new) <= 3
        for line in entry.new:
            assert line.quote.article == entry.article
            assert line.quote.text in entry.article.text
            assert line.before is None or line.before.article.published <= entry.article.published  # type: ignore[operator]
    assert sum(bool(entry.new) for entry in found.entries) >= len(found.entries) - 1


def test_a_question_finds_the_whole_story(retriever: Retriever) -> None:
    found = timeline(retriever.index, "When will the Tallow Bridge reopen?", retriever.search)
    ids = {entry.article.id for entry in found.entries}
    bridge = STORIES["bridge"]
    assert len(ids & bridge.members) >= 8
    assert ids <= bridge.members | bridge.either_way
    assert found.about == "When will the Tallow Bridge reopen?"
    new_dates = [
        line.quote.text for entry in found.entries for line in entry.new if line.before and "Bridge" in line.quote.text
    ]
    assert any("February 28" in text for text in new_dates)
    assert any("June 12" in text for text in new_dates)


def test_a_hit_stands_for_its_article(retriever: Retriever) -> None:
    hit = retriever.search("Where was the stolen tuba found?")[0]
    found = timeline(retriever.index, hit, nothing)
    assert found == timeline(retriever.index, hit.article.id, nothing)
    assert {entry.article.id for entry in found.entries} >= {
        f"{LANTERN}2025-12-05-tuba-stolen.html",
        f"{LANTERN}2026-09-07-tuba-thief-fined.html",
    }


@pytest.mark.parametrize("k", [1, 2, 4])
def test_k_bounds_the_texts_and_keeps_the_article_asked_about(index: Index, k: int) -> None:
    found = timeline(index, "wire-0005", nothing, k=k)
    assert len(found.entries) == k
    assert "wire-0005" in {entry.article.id for entry in found.entries}


def test_a_story_of_one_article_is_that_article(index: Index) -> None:
    [entry] = timeline(index, f"{COURIER}2025-11-10-library-book-71-years.txt", nothing).entries
    assert "71 years late" in entry.new[0].quote.text


def test_articles_without_a_date_come_last(tmp_path: Path) -> None:
    tail = "the ferry crews of the island of Lunnay went on strike over pay and safety at the terminal"
    texts = {"c.txt": "Nobody knew when", "2026-03-04-b.txt": "On the fourth day", "2026-03-01-z.txt": "At first"}
    for name, head in texts.items():
        write(tmp_path / "news", name, f"{head} {tail}.", title=f"Ferry strike {name[-5]}")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    found = timeline(open_version(tmp_path / "data"), "c.txt", nothing)
    order = [each.id for entry in found.entries for each in (entry.article, *entry.copies)]
    assert order == ["2026-03-01-z.txt", "2026-03-04-b.txt", "c.txt"]


@pytest.mark.parametrize("about", ["wire-0555", "news/ferry", "ferry.txt"])
def test_what_looks_like_an_id_is_no_question(index: Index, about: str) -> None:
    with pytest.raises(ArticleUnknown, match=f"^'{about}' is the id of none of the 86 articles"):
        timeline(index, about, nothing)


def test_a_question_without_a_hit_is_said_to_have_none(index: Index) -> None:
    with pytest.raises(QuestionError, match=r"^'zebras' is in no article"):
        timeline(index, "zebras", nothing)


def test_timeline_prints_the_story_and_json(run: Run, archive: Path) -> None:
    code, out, err = run("timeline", "wire-0005", "--data", archive, "--k", "2")
    assert (code, err) == (0, "")
    assert re.fullmatch(
        r"2 articles\.   \+ new   ~ new, and to be compared with an earlier number\n\n"
        r"21 Nov 2025  Three hurt as ferry and pilot launch collide in fog\n"
        r"             Fulmar Wire  \[wire-0004\]; also in .*Varrowmouth Courier \(22 Nov 2025\).*\n"
        r"           \+ “Three people were injured .*”\n(?:           \+ .*\n)+\n"
        r"22 Nov 2025  Injured in Varrowmouth ferry collision now five\n"
        r"             Fulmar Wire  \[wire-0005\]\n"
        r"           ~ “The number of people injured .*”\n"
        r"               compare: “Three people were injured .*” — Fulmar Wire, 21 Nov 2025\n(?:           \+ .*\n)+\n",
        out,
    )
    code, out, _ = run("timeline", "geese on Fishmarket Quay", "--data", archive, "--json")
    found = json.loads(out)
    assert (code, list(found), found["about"]) == (0, ["about", "entries"], "geese on Fishmarket Quay")
    assert {entry["article_id"] for entry in found["entries"]} >= STORIES["geese"].members
    for entry in found["entries"]:
        assert list(entry) == [
            "article_id", "title", "publisher", "published", "url", "likeness", "copies", "new"
        ]  # fmt: skip
        for line in entry["new"]:
            quote = line["quote"]
            assert quote["end"] - quote["start"] == len(quote["text"])
    code, out, err = run("timeline", "wire-9999", "--data", archive)
    assert (code, out) == (1, "")
    assert err.startswith("error: 'wire-9999' is the id of none of the 86 articles.")
