"""The parts of `python -m tests.bench.rivals`: what is sampled, what each contender is told, what is counted."""

import importlib
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.article import Article
from rag.evaluation.evaluate import Question
from tests.bench.rivals import __main__ as contest
from tests.bench.rivals.corpus import articles_of, askable, sampled, write_articles, write_questions
from tests.bench.rivals.figures import asked, table
from tests.bench.rivals.requirements import NotInstalled, python_of
from tests.conftest import ROOT, SEEDS

SCRIPTS = contest.SCRIPTS
CASTLE = "The castle closed in March, for want of a roof. Nobody had asked for it to close."

STUB = f"""
import sys
sys.path.insert(0, {str(SCRIPTS)!r})
from contest import Passage, main, rows, whole, windows


class Stub:
    def prepare(self, model):
        assert (__import__("pathlib").Path(model) / "model.safetensors").is_file()

    def build(self, articles, store):
        found = [(each["id"], text) for each in rows(articles) for text in windows(whole(each))]
        texts = [key + "\\t" + text.replace("\\n", " ") for key, text in found]
        open(store + "/texts", "w").write("\\n".join(texts))
        return len(texts)

    def open(self, store):
        self.texts = [line.rstrip("\\n").split("\\t") for line in open(store + "/texts")]

    def search(self, question, k):
        words = set(question["question"].lower().split())
        ranked = sorted(self.texts, key=lambda each: -len(words & set(each[1].lower().split())))
        return [Passage(*each) for each in ranked[:k]]

    def answer(self, question):
        return False


main(Stub())
"""


def question(key: str, *evidence: str, answers: Sequence[str] = ("March",)) -> Question:
    return Question(
        key, "When did the castle close?", tuple(answers), True, "", date(2026, 4, 1), frozenset(evidence), ()
    )


def article(key: str, text: str = CASTLE) -> Article:
    return Article(key, f"Title of {key}", text, published=date(2026, 3, 2), publisher="The Courier")


@pytest.fixture
def job(tmp_path: Path) -> contest.Contest:
    """Return a contest over two articles, whose contenders are a stub and one that breaks."""
    (tmp_path / "with_pullquote.py").write_text(STUB, "utf-8")
    (tmp_path / "with_broken.py").write_text("raise SystemExit('no such library')", "utf-8")
    write_articles(tmp_path / "articles.jsonl", [article("a"), article("b", "Geese. " * 400)])
    for name in ("dated", "undated"):
        write_questions(tmp_path / f"{name}.jsonl", [question("q", "a")], dated=name == "dated")
    return contest.Contest(tmp_path, 1, [question("q", "a")], 2, scripts=tmp_path)


def test_each_contender_takes_its_turn_and_one_that_fails_does_not_stop_the_others(job: contest.Contest) -> None:
    pythons = {name: Path(sys.executable) for name in ("pullquote", "broken")}
    found, failed = contest.contend(job, pythons, 1)
    assert list(found) == ["pullquote", contest.UNDATED]
    assert failed == {"broken": "build: no such library"}
    ours = found["pullquote"]
    assert ours["passage hits@1"] == ours["article hits@5"] == 1
    assert ours["passages"] == 1 + 4  # 2,800 characters and a title: windows of 1,000, each 200 into the one before
    assert ours["disk MB"] > 0
    assert 1 < ours["ask MB"] < 1000


def test_a_sample_keeps_the_evidence_of_the_questions_that_it_asks() -> None:
    articles = [article(f"n{number}") for number in range(60)]
    questions = [question(f"q{number}", f"n{number}", f"n{number + 20}", "elsewhere") for number in range(20)]
    kept, chosen = sampled(articles, questions, 20)
    there = {each.id for each in kept}
    assert len(kept) == 20
    assert len(chosen) == 5
    assert all(each.evidence - {"elsewhere"} <= there for each in chosen)
    assert [each.id for each in sampled(articles[::-1], questions, 20)[0]] == [each.id for each in kept][::-1]
    assert sampled(articles, questions, 60) == (articles, questions)


def test_only_what_any_search_can_be_asked_is_asked() -> None:
    plain = question("plain", "a")
    others = [
        Question("no", "Who?", (), False, "", None, frozenset(), ()),
        Question("follow-up", "And he?", ("x",), True, "", None, frozenset("a"), ("Who?",)),
        Question("without", "Who?", ("x",), True, "", None, frozenset("a"), (), (), frozenset("b")),
    ]
    assert askable([plain, *others]) == [plain]


def test_articles_come_back_as_they_were_and_answers_are_not_told(tmp_path: Path) -> None:
    articles = articles_of(SEEDS / "harbour-lantern")[:20]
    write_articles(tmp_path / "articles.jsonl", articles)
    again = articles_of(tmp_path / "articles.jsonl")
    said = ("id", "title", "text", "published", "modified", "authors", "publisher", "section", "url", "language")
    for name in said:
        assert [getattr(each, name) for each in again] == [getattr(each, name) for each in articles], name
    write_questions(tmp_path / "dated.jsonl", [question("q", "a", answers=["Biscuit"])], dated=True)
    [row] = map(json.loads, (tmp_path / "dated.jsonl").read_text("utf-8").splitlines())
    assert row == {"id": "q", "question": "When did the castle close?", "date": "2026-04-01"}


def test_a_passage_counts_only_from_an_evidence_article_and_with_the_answer() -> None:
    def row(key: str, *passages: tuple[str, str]) -> dict[str, Any]:
        found = [{"article_id": article_id, "text": text} for article_id, text in passages]
        return {"id": key, "passages": found, "seconds": 0.004, "answer_seconds": 0.1}

    rows = [row("q1", ("b", CASTLE), ("a", CASTLE)), row("q2", ("a", "It closed in May."), ("b", CASTLE))]
    found = asked({"rows": rows, "peak_mb": 10}, [question("q1", "a"), question("q2", "a")])
    assert (found["passage hits@1"], found["passage hits@5"]) == (0, 0.5)
    assert (found["article hits@1"], found["article hits@5"]) == (0.5, 1)
    assert (found["search p50 ms"], found["answer p95 ms"]) == (4, 100)


def test_the_table_gives_the_others_as_multiples_of_the_first() -> None:
    lines = table({"ours": {"build s": 2.0, "passages": 10}, "theirs": {"build s": 5.0}}).splitlines()
    assert lines[0].split() == ["ours", "theirs"]
    assert lines[1].split() == ["build", "s", "2.0", "5.0", "(2.50x)"]
    assert lines[2].split() == ["passages", "10", "–"]
    assert len(lines) == 3


def test_windows_leave_no_word_out() -> None:
    sys.path.insert(0, str(SCRIPTS))
    try:
        windows = importlib.import_module("contest").windows
    finally:
        sys.path.remove(str(SCRIPTS))
    text = " ".join(f"word{number}" for number in range(600))
    found = windows(text)
    assert max(map(len, found)) <= 1000
    assert set(" ".join(found).split()) >= set(text.split())
    assert windows("") == []


def test_an_environment_is_made_once_and_says_why_it_cannot_be(tmp_path: Path) -> None:
    wanted = tmp_path / "wanted.txt"
    wanted.write_text("./nowhere.whl\n", "utf-8")
    with pytest.raises(NotInstalled, match="nowhere"):
        python_of("one", wanted, tmp_path)
    wanted.write_text("# nothing\n", "utf-8")
    python = python_of("one", wanted, tmp_path)
    (tmp_path / "one" / "mark").touch()
    assert python_of("one", wanted, tmp_path) == python
    assert (tmp_path / "one" / "mark").exists()  # not made anew


def test_every_rival_has_a_script_and_runs_the_model_on_the_same_libraries() -> None:
    ours = set((ROOT / "constraints.txt").read_text("utf-8").splitlines())
    for name in contest.RIVALS:
        assert (SCRIPTS / f"with_{name}.py").is_file()
        pins = (SCRIPTS.parent / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
        assert all("==" in pin for pin in pins if not pin.startswith("#"))
        assert {pin for pin in pins if pin.split("==")[0] in ("torch", "transformers", "numpy")} <= ours
