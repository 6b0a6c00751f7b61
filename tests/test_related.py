import json
import re
from pathlib import Path

import numpy as np
import pytest

from index.builder import build_index
from index.errors import ArticleUnknown, SpanError
from index.reader import Index, open_version
from rag.quotes import Quote
from rag.retrieve import Retriever
from rag.stories.likeness import likeness
from rag.stories.related import asked_about, place_of, related
from tests.conftest import Run
from tests.stories import COPIES, COURIER, STORIES
from tests.tiny import TinyEmbedder, write


@pytest.fixture(scope="module")
def index(retriever: Retriever) -> Index:
    return retriever.index


def prints(article_id: str) -> frozenset[str]:
    return next((copies for copies in COPIES if article_id in copies), frozenset([article_id]))


def test_the_first_five_are_of_the_same_story(index: Index) -> None:
    precision: list[float] = []
    recall: list[float] = []
    for members, either_way in STORIES.values():
        for article_id in sorted(members):
            wanted = {prints(other) for other in members} - {prints(article_id)}
            if not wanted:
                continue
            found = [each.article.id for each in related(index, article_id, 5).related]
            most = min(5, len(wanted))
            right = [any(each in texts for texts in wanted) or each in either_way for each in found[:most]]
            precision.append(sum(right) / most)
            recall.append(sum(any(each in texts for each in found) for texts in wanted) / most)
    assert np.mean(precision) >= 0.94
    assert np.mean(recall) >= 0.88


@pytest.mark.parametrize("copies", COPIES, ids=lambda copies: min(copies))
def test_other_prints_of_a_text_are_named_as_copies_and_not_as_sources(index: Index, copies: frozenset[str]) -> None:
    for article_id in copies:
        found = related(index, article_id, 80)
        assert {each.id for each in found.copies} == copies - {article_id}
        assert not copies & {each.article.id for each in found.related}
    listed = [{each.article.id, *(copy.id for copy in each.copies)} for each in related(index, "wire-0001", 80).related]
    assert copies in listed


def test_all_that_an_archive_holds_is_listed_once_where_that_many_are_wanted(index: Index) -> None:
    found = related(index, "wire-0005", 1_000)
    listed = [each.article.id for each in found.related] + [copy.id for each in found.related for copy in each.copies]
    assert sorted([*listed, "wire-0005"]) == sorted(index.places)
    scores = [each.score for each in found.related]
    assert scores == sorted(scores, reverse=True)
    assert related(index, "wire-0005", 3).related == found.related[:3]


def test_each_tells_why(index: Index) -> None:
    [first, second, *_] = related(index, "wire-0005").related
    assert (first.article.id, first.days) == ("wire-0004", -1)
    assert (second.article.id, second.days) == (f"{COURIER}2025-11-25-ferry-six-injured.md", 3)
    assert {"injured", "ferry", "launch"} <= set(first.words)
    assert not any(word.isdigit() or word in {"Nov", "Friday"} for word in first.words)
    article = index.article("wire-0005")
    assert article
    assert first.ours.article == article
    assert first.theirs.article.id == "wire-0004"
    ours, theirs = (
        next(row for row in range(len(index.rows)) if index.passage(row).article_id == quote.article.id
             and index.span(row) == (quote.start, quote.end))
        for quote in (first.ours, first.theirs)
    )  # fmt: skip
    assert first.cosine == pytest.approx(
        float(index.vectors(np.asarray([ours]))[0] @ index.vectors(np.asarray([theirs]))[0])
    )


def test_a_passage_is_related_by_what_it_says_and_not_by_its_article(index: Index) -> None:
    article = index.article(f"{COURIER}2026-06-06-the-year-the-bell-came-up.md")
    assert article
    [row, *_] = [row for row in range(len(index.rows)) if index.passage(row).article_id == article.id][-1:]
    start, end = index.span(row)
    found = related(index, article.id, 5, at=start)
    assert found.passage == Quote(article, start, end)
    assert {each.ours for each in found.related} == {found.passage}
    assert related(index, article.id, 5, at=end - 1) == found
    assert related(index, Quote(article, start, start + 1), 5) == found
    assert related(index, article.id, 5).passage is None


def test_a_hit_stands_for_its_passage(retriever: Retriever) -> None:
    hit = retriever.search("Where was the stolen tuba found?")[0]
    assert asked_about(hit) == (hit.article.id, hit.passage.start)
    passage = related(retriever.index, hit).passage
    assert passage
    assert (passage.start, passage.end) == (hit.passage.start, hit.passage.end)


def test_white_space_between_passages_belongs_to_the_next(tmp_path: Path) -> None:
    text = [" ".join(f"{word}{number}" for number in range(18)) + "." for word in ("ferry", "goose", "tuba")]
    write(tmp_path / "news", "a.txt", *text, title="Words")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    index = open_version(tmp_path / "data")
    spans = [index.span(row) for row in range(len(index.rows))]
    assert len(spans) == 3
    passages = [related(index, "a.txt", at=at).passage for at in (0, spans[0].end, spans[1].start, spans[2].end - 1)]
    assert [(each.start, each.end) for each in passages if each] == [spans[0], spans[1], spans[1], spans[2]]
    assert related(index, "a.txt").related == ()


@pytest.mark.parametrize("at", [-1, 788, 10**9])
def test_an_offset_outside_the_article_is_refused(index: Index, at: int) -> None:
    with pytest.raises(SpanError, match=f"^{at} is no character of article 'wire-0005': its text has 788"):
        related(index, "wire-0005", at=at)


def test_an_unknown_article_names_the_ids_that_look_like_it(index: Index) -> None:
    with pytest.raises(
        ArticleUnknown, match=r"'wire-005' is the id of none of the 86 articles. Did you mean .*wire-0005"
    ):
        place_of(index, "wire-005")
    with pytest.raises(ArticleUnknown, match=r"Did you mean varrowmouth-courier/2026-05-30-bell-raised\.md"):
        place_of(index, "Bell-Raised")
    with pytest.raises(ArticleUnknown, match=r"articles\. `pullquote search WORDS --json` gives ids"):
        place_of(index, "")


def test_the_story_bound_grows_with_the_archive_and_is_safe_in_a_tiny_one(index: Index, tmp_path: Path) -> None:
    write(tmp_path / "news", "a.txt", "The ferry crews voted to end their strike.", title="Ferry strike")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    assert likeness(open_version(tmp_path / "data")).story == pytest.approx(0.9)
    assert 0.6 < likeness(index).story < 1.1
    assert likeness(index) is likeness(index)


def test_unknown_dates_have_no_distance(tmp_path: Path) -> None:
    write(tmp_path / "news", "2026-03-01-one.txt", "The ferry crews voted to end the long strike.", title="Ferry")
    write(tmp_path / "news", "2026-03-04-two.txt", "Ferry crews are back at work, and the geese too.", title="Back")
    write(tmp_path / "news", "three.txt", "What a long strike on the ferry may have cost the islands.", title="Cost")
    build_index([tmp_path / "news"], tmp_path / "data", TinyEmbedder())
    index = open_version(tmp_path / "data")
    found = related(index, "2026-03-01-one.txt")
    assert {each.article.id: each.days for each in found.related} == {"2026-03-04-two.txt": 3, "three.txt": None}


def test_related_prints_articles_and_json(run: Run, archive: Path) -> None:
    code, out, err = run("related", "wire-0005", "--data", archive, "--k", "2")
    assert (code, err) == (0, "")
    assert re.match(
        r"Related to Injured in Varrowmouth ferry collision now five \(Fulmar Wire, 22 Nov 2025\)\n\n"
        r" 1  Three hurt as ferry and pilot launch collide in fog\n"
        r"    Fulmar Wire, 21 Nov 2025, 1 day earlier  \[wire-0004\]\n"
        r"    also in .*Harbour Lantern \(22 Nov 2025\).*\n"
        r"    \d\.\d\d like it, passages 0\.\d\d; both: .*injured.*\n"
        r"    there \[0, \d+\) VARROWMOUTH, .*…\n    here  \[0, \d+\) VARROWMOUTH, .*…\n\n 2  ",
        out,
    )
    code, out, _ = run("related", "wire-0004", "--data", archive, "--k", "2", "--at", "700", "--json")
    found = json.loads(out)
    assert (code, list(found)) == (0, ["article", "passage", "copies", "related"])
    assert len(found["copies"]) == 2
    assert found["passage"]["start"] <= 700 < found["passage"]["end"]
    for each in found["related"]:
        assert list(each) == [
            "article_id", "title", "publisher", "published", "url", "score", "cosine", "words", "days", "theirs",
            "ours", "copies",
        ]  # fmt: skip
    code, out, err = run("related", "wire-5", "--data", archive)
    assert (code, out) == (1, "")
    assert err.startswith("error: 'wire-5' is the id of none of the 86 articles. Did you mean wire-")
    assert run("related", "wire-0005", "--data", archive, "--at", "-3")[0] == 2
