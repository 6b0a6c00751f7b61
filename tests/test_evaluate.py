import gzip
import importlib.util
import json
import math
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from index.errors import SettingsError
from rag.evaluation.evaluate import read_questions, read_run, write_run
from rag.evaluation.figures import measure
from tests.conftest import ROOT

SCORE = ROOT.parent / "shared" / "bench" / "score.py"
ROWS: list[dict[str, Any]] = [
    {"id": "q1", "question": "Who?", "answers": ["Ann Tey"], "answerable": True, "type": "factoid",
    "date": "2026-10-01",
     "evidence": [{"doc_id": "a", "quote": "Ann Tey did."}]},
    {"id": "q2", "question": "How many?", "answers": ["six", "6"], "answerable": True, "type": "number",
     "evidence": [{"doc_id": "b", "quote": "6 did."}], "turns": [{"role": "user",
     "text": "Who?"}, {"role": "assistant", "text": "Ann."}]},
    {"id": "q3", "question": "Why?", "answers": [], "answerable": False, "type": "unanswerable", "evidence": []},
    {"id": "q4", "question": "When?", "answerable": False},
]  # fmt: skip
TEXTS = {
    "a": "It was Ann Tey. " + "word " * 80 + "Ann Tey.",
    "b": "Sixteen came and 6 went.",
    "c": "Ann Tey again, says another.",
}


def span(article_id: str, start: int, end: int) -> dict[str, Any]:
    return {"article_id": article_id, "start": start, "end": end, "text": TEXTS[article_id][start:end]}


def row(
    key: str, *, refused: bool, confidence: float, passages: list[Any], quotes: list[Any], seconds: float
) -> dict[str, Any]:
    return {
        "id": key,
        "refused": refused,
        "confidence": confidence,
        "passages": passages,
        "quotes": quotes,
        "seconds": seconds,
    }


RUN = [
    row("q1", refused=False, confidence=0.9, passages=[span("c", 0, 13), span("a", 0, 15)],
        quotes=[span("a", 0, len(TEXTS["a"])), span("c", 0, 7), span("a", 7, 15)], seconds=0.1),
    row("q2", refused=False, confidence=0.4, passages=[span("b", 0, 7), span("b", 8, 24)], quotes=[span("b", 8,
    24)], seconds=0.2),
    row("q3", refused=True, confidence=0.4, passages=[span("a", 0, 6)], quotes=[], seconds=0.3),
    row("q4", refused=False, confidence=0.1, passages=[], quotes=[span("a", 0, 6)], seconds=0.4),
]  # fmt: skip


@pytest.fixture
def queries() -> Path:
    file = Path("queries.jsonl")
    file.write_text("".join(json.dumps(each) + "\n" for each in ROWS), "utf-8")
    return file


def test_a_question_set_is_read(queries: Path) -> None:
    first, second, third, fourth = read_questions(queries)
    assert (first.answers, first.asked, first.evidence, first.earlier) == (
        ("Ann Tey",),
        date(2026, 10, 1),
        frozenset("a"),
        (),
    )
    assert (second.earlier, second.asked, third.answerable, fourth.type) == (("Who?",), None, False, "")
    zipped = Path("queries.jsonl.gz")
    zipped.write_bytes(gzip.compress(queries.read_bytes()))
    assert read_questions(zipped) == [first, second, third, fourth]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "5", '{"id": "x"}', '{"question": "x", "answerable": true}', '{"id": "x", "question": "x"}',
     '{"id": "x", "question": "x", "answerable": true, "date": "soon"}',
     '{"id": "x", "question": "x", "answerable": true, "turns": ["a"]}',
     '{"id": "x", "question": "x", "answerable": true, "evidence": [5]}',
     '{"id": "x", "question": "x", "answerable": true, "answers": 5}',
     '{"id": "x", "question": "x", "answerable": true, "without": 5}'],
)  # fmt: skip
def test_a_line_that_is_no_question_is_named(queries: Path, line: str) -> None:
    queries.write_text(json.dumps(ROWS[0]) + f"\n\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"^queries\.jsonl:3: not a question"):
        read_questions(queries)


@pytest.mark.parametrize(
    ("name", "content"), [("gone.jsonl", None), ("a.jsonl", b"\xff\xfe"), ("a.jsonl.gz", b"plain")]
)
def test_a_file_that_cannot_be_read_is_named(name: str, content: bytes | None) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(SettingsError, match=f"^{name}"):
        read_questions(Path(name))


def test_figures_are_those_counted_by_hand(queries: Path) -> None:
    assert measure(read_questions(queries), RUN) == {
        "questions": 4,
        "passage hits@1": 0.0,  # q1: another article says it too; q2: "Sixteen" is not six
        "passage hits@3": 1.0,
        "passage hits@5": 1.0,
        "passage hits@10": 1.0,
        "quote hits@1": 0.5,  # q1: over 60 words
        "quote hits@3": 1.0,
        "quote hits@5": 1.0,
        "quote hits@10": 1.0,
        "article hits@1": 0.5,  # q1: the evidence is the second article
        "article hits@3": 1.0,
        "article hits@5": 1.0,
        "article hits@10": 1.0,
        "passage mrr@10": 0.5,  # both in the second place
        "article ndcg@10": 0.8155,  # (1 / log2(3) + 1) / 2
        "refused unanswerable": 0.5,
        "refused answerable": 0.0,
        "auroc": 0.875,  # of four pairs three are won and one is tied
        "right": 0.5,  # q2 and q3
        "ece": 0.1,  # each of the three bins is so far off
        "p50 ms": 300.0,
        "p95 ms": 400.0,
    }


def test_a_second_question_of_the_same_id_is_named(queries: Path) -> None:
    queries.write_text(f"{json.dumps(ROWS[0])}\n{json.dumps(ROWS[0])}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"^queries\.jsonl:2: a second question of the id 'q1'"):
        read_questions(queries)


def test_a_run_file_comes_back_as_it_was_written() -> None:
    file = Path("run.jsonl")
    rows = [RUN[0] | {"stages": {"dense": 0.01}}, *RUN[1:]]
    write_run(file, rows)
    assert read_run(file) == rows
    with pytest.raises(SettingsError, match=r"^no/run\.jsonl: the run cannot be written there"):
        write_run(Path("no/run.jsonl"), rows)


@pytest.mark.parametrize(
    "broken",
    [{"refused": "no"}, {"confidence": None}, {"passages": [{}]}, {"quotes": None}, {"id": 5}, {"stages": {"a": "b"}},
     {"seconds": "1"}, {"stages": [1]}],
)  # fmt: skip
def test_a_line_that_is_not_one_of_a_run_is_named(broken: dict[str, Any]) -> None:
    Path("run.jsonl").write_text(f"{json.dumps(RUN[0])}\n{json.dumps(RUN[1] | broken)}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"^run\.jsonl:2: not a line of a run file"):
        read_run(Path("run.jsonl"))


def test_a_refused_question_is_not_right_however_good_its_quotes(queries: Path) -> None:
    rows = [each | {"refused": True} for each in RUN]
    figures = measure(read_questions(queries), rows)
    assert (figures["right"], figures["refused answerable"], figures["quote hits@1"]) == (0.5, 1.0, 0.5)


@pytest.fixture(scope="module")
def score() -> ModuleType:
    if not SCORE.is_file():  # it is not ours to ship, and the project must test where it is not
        pytest.skip("the scorer that this was written against is not beside the checkout")
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_agrees(
    score: ModuleType,
    corpus: list[dict[str, str]],
    queries: list[Any],
    run: list[Any],
    figures: dict[str, float],
    apart: frozenset[str] = frozenset(),
) -> None:
    theirs = score.score(corpus, queries, run)
    assert theirs["verbatim"] == 1.0
    for k in (1, 3, 5, 10):
        assert figures[f"passage hits@{k}"] == theirs["passage hits"][f"@{k}"]
        assert figures[f"quote hits@{k}"] == theirs["quote hits"][f"@{k}"]
        assert figures[f"article hits@{k}"] == theirs["article hits"][f"@{k}"]
    assert figures["passage mrr@10"] == theirs["passage mrr@10"]
    names = {"questions", "refused unanswerable", "refused answerable", "auroc", "right", "p50 ms", "p95 ms"}
    for name in names - apart:
        assert figures[name] == theirs[name]


@pytest.mark.parametrize("run", [RUN, RUN[1:], RUN[:2]], ids=["whole", "one missing", "two missing"])
def test_figures_agree_with_the_independent_scorer(score: ModuleType, queries: Path, run: list[Any]) -> None:
    corpus = [{"id": key, "text": text} for key, text in TEXTS.items()]
    whole = [{"evidence": [], "answers": []} | each for each in ROWS]
    figures = measure(read_questions(queries), run)
    if not any(each["id"] in ("q3", "q4") for each in run):
        assert math.isnan(figures["auroc"])  # NaN equals nothing
        assert math.isnan(score.score(corpus, whole, run)["auroc"])
        assert_agrees(score, corpus, whole, run, figures, apart=frozenset({"auroc"}))
    else:
        assert_agrees(score, corpus, whole, run, figures)
