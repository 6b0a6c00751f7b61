"""The sample archive is what the README says, and its questions are answered by its articles' exact words."""

import json
from collections import Counter
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, find, load
from rag.evaluation.evaluate import read_questions
from tests.conftest import SEEDS

ROWS = [json.loads(line) for line in (SEEDS / "questions.jsonl").read_text("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found: dict[str, Article] = {}
    for file in find([SEEDS]):
        assert isinstance(file, SourceFile), file
        for article in load(file):
            assert not isinstance(article, LoadError), article
            assert article.id not in found
            found[article.id] = article
    return found


def test_there_are_articles_of_every_kind(articles: dict[str, Article]) -> None:
    assert len(articles) >= 60
    kinds = Counter(Path(article.source).suffix.split(":")[0] for article in articles.values())
    assert set(kinds) == {".txt", ".md", ".html", ".jsonl"}


def test_articles_have_what_a_citation_needs(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert article.title.strip()
        assert len(article.text) > 150
        assert article.published, f"{article.id} has no date"
        assert article.publisher, f"{article.id} has no publisher"


def test_every_piece_of_evidence_stands_in_its_article(articles: dict[str, Article]) -> None:
    for row in ROWS:
        for each in row["evidence"]:
            assert each["quote"].strip(), row["id"]
            assert each["quote"] in articles[each["doc_id"]].text, (
                f"{row['id']}: {each['quote']!r} is not in {each['doc_id']}"
            )


def test_every_answer_stands_in_the_evidence() -> None:
    for row in ROWS:
        if row["answerable"]:
            quotes = " ".join(each["quote"] for each in row["evidence"]).lower()
            assert any(answer.lower() in quotes for answer in row["answers"]), row["id"]
        else:
            assert row["evidence"] == [], row["id"]


def test_there_are_enough_questions_of_each_kind() -> None:
    kinds = Counter(row["type"] for row in ROWS)
    assert len(ROWS) >= 80
    assert sum(not row["answerable"] for row in ROWS) >= 20
    for kind in ("date", "who_said", "follow_up"):
        assert kinds[kind] >= 10
    assert all(bool(row.get("turns")) == (row["type"] == "follow_up") for row in ROWS)


def test_no_question_is_asked_twice() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({(row["question"], row["date"]) for row in ROWS if row["type"] != "follow_up"}) == len(
        [row for row in ROWS if row["type"] != "follow_up"]
    )


def test_no_question_gives_its_answer_away() -> None:
    for row in ROWS:
        for answer in row["answers"]:
            assert answer.lower() not in row["question"].lower(), row["id"]


def test_the_question_set_can_be_read() -> None:
    assert [each.id for each in read_questions(SEEDS / "questions.jsonl")] == [row["id"] for row in ROWS]
