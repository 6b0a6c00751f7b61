"""Quality floors: every question of the sample archive is asked, and no figure may fall below what it was.

The questions and articles are pinned beside the floors, so that a figure cannot be mended by mending them in silence.
"""

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rag.evaluation.evaluate import Question, read_questions, run
from rag.evaluation.figures import measure
from rag.retrieve import Retriever
from tests.conftest import ROOT, SEEDS
from tests.test_evaluate import SCORE, assert_agrees, score

FLOORS = Path(__file__).with_name("floors.json")
PINS = Path(__file__).with_name("floors.sha256")
__all__ = ["score"]  # a fixture of test_evaluate, used here too


def pins() -> str:
    """Return the sha256 of the questions, and one of all articles with their names, as sha256sum prints them."""
    questions = SEEDS / "questions.jsonl"
    articles = hashlib.sha256()
    for file in sorted(each for each in SEEDS.rglob("*") if each.is_file() and each != questions):
        articles.update(f"{file.relative_to(SEEDS).as_posix()}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return f"{hashlib.sha256(questions.read_bytes()).hexdigest()}  questions\n{articles.hexdigest()}  articles\n"


def test_questions_and_articles_are_those_that_the_floors_were_measured_on() -> None:
    assert PINS.read_text("utf-8") == pins(), (
        "seeds/ changed. Run `pullquote eval seeds seeds/questions.jsonl`, look at every figure, set tests/floors.json "
        "anew, and then pin what was measured: python -m tests.test_quality"
    )


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_questions(SEEDS / "questions.jsonl")


@pytest.fixture(scope="module")
def rows(retriever: Retriever, questions: list[Question]) -> list[dict[str, Any]]:
    return list(run(retriever, questions))


def test_no_figure_is_below_its_floor(questions: list[Question], rows: list[dict[str, Any]]) -> None:
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    assert {"quote hits@1", "passage hits@5", "refused unanswerable", "refused answerable", "auroc", "right"} <= set(
        floors
    )
    figures = measure(questions, rows)
    below = {
        name: (figures[name], floor)
        for name, floor in floors.items()
        if not (figures[name] <= floor if name == "refused answerable" else figures[name] >= floor)
    }
    assert below == {}, f"(found, floor); all figures: {figures}"


def test_every_quote_and_passage_of_every_answer_is_verbatim(retriever: Retriever, rows: list[dict[str, Any]]) -> None:
    spans = [span for row in rows for span in (*row["quotes"], *row["passages"])]
    assert len(spans) > 10 * len(rows)
    for span in spans:
        article = retriever.article(span["article_id"])
        assert article is not None
        assert span["text"] == article.text[span["start"] : span["end"]] != ""


# The scorer is not ours to ship, and the project must test where it is not.
@pytest.mark.skipif(not SCORE.is_file(), reason="the independent scorer is not beside the checkout")
def test_the_independent_scorer_comes_to_the_same_figures(
    score: ModuleType, retriever: Retriever, questions: list[Question], rows: list[dict[str, Any]]
) -> None:
    articles = [retriever.index.article_at(place) for place in range(len(retriever.index.members))]
    corpus = [{"id": article.id, "text": article.text} for article in articles]
    queries = [json.loads(line) for line in (ROOT / "seeds" / "questions.jsonl").read_text("utf-8").split("\n") if line]
    assert_agrees(score, corpus, queries, rows, measure(questions, rows))


if __name__ == "__main__":
    PINS.write_text(pins(), "utf-8")
