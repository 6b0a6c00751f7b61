"""What `pullquote eval` does besides asking: it compares, reports, measures earlier runs, leaves out, drafts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.tiny import write

QUESTIONS: list[dict[str, Any]] = [
    {"id": "strike", "question": "Who voted to end the ferry strike?", "answers": ["crews"], "answerable": True,
     "type": "factoid", "evidence": [{"doc_id": "2026-03-28-ferry.txt", "quote": "The ferry crews voted"}]},
    {"id": "chess", "question": "Who won the chess championship in Reykjavik?", "answerable": False, "type": "none"},
]  # fmt: skip


@pytest.fixture
def queries() -> Path:
    return jsonl("q.jsonl", QUESTIONS)


def jsonl(name: str, rows: list[dict[str, Any]]) -> Path:
    file = Path(name)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def span(article: str, text: str) -> dict[str, Any]:
    return {"article_id": article, "start": 0, "end": len(text), "text": text}


def earlier(*, right: bool, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    text = "The ferry crews voted to end their strike on Friday." if right else "Geese were asked"
    spans = [span("2026-03-28-ferry.txt" if right else "geese.txt", text)]
    row = {"id": "strike", "refused": not right, "confidence": 0.9 if right else 0.1, "passages": spans,
           "quotes": spans, "seconds": 0.1}  # fmt: skip
    return row | changes


NEVER = {"id": "chess", "refused": True, "confidence": 0.2, "passages": [], "quotes": [], "seconds": 0.2}


def test_an_earlier_run_is_measured_without_an_index(run: Run, news: Path, queries: Path) -> None:
    file = jsonl("run.jsonl", [earlier(right=True, stages={"dense": 0.025}), NEVER])
    code, out, err = run("eval", news, queries, "--replay", file)
    assert (code, err) == (0, "")
    assert re.search(r"^right +1\.000  1\.000 to 1\.000$", out, re.MULTILINE)
    assert re.search(r"^dense p50 ms +25$", out, re.MULTILINE)
    assert not Path(".pullquote-eval").exists()


def test_what_an_earlier_run_lacks_is_said(run: Run, news: Path, queries: Path) -> None:
    code, out, err = run("eval", news, queries, "--replay", jsonl("run.jsonl", [NEVER]))
    assert code == 0
    assert err == "1 question (strike) not in run.jsonl: counted as not found.\n"
    assert re.search(r"^right +\.500 ", out, re.MULTILINE)


def test_a_run_is_compared_with_an_earlier_one_question_by_question(run: Run, news: Path) -> None:
    rows = [QUESTIONS[0] | {"id": f"q{number}"} for number in range(8)]
    queries = jsonl("q.jsonl", [*rows, QUESTIONS[1]])
    now = [earlier(right=True, id=f"q{number}") for number in range(8)]
    before = [earlier(right=number > 5, id=f"q{number}") for number in range(1, 8)]
    arguments = ["eval", news, queries, "--replay", jsonl("now.jsonl", [*now, NEVER])]
    arguments += ["--against", jsonl("before.jsonl", [*before, NEVER])]
    code, out, err = run(*arguments)
    assert code == 0
    assert re.search(r"^passage hits@1 +1\.000 .* better by \.714 ± \.\d{3} \(95 %\)$", out, re.MULTILINE)
    assert re.search(r"^refused answerable .* better by \.714 ± ", out, re.MULTILINE)
    assert re.search(r"^refused unanswerable .* no difference that counts \(\.000 ± \.000\)$", out, re.MULTILINE)
    assert out.endswith("compared by 8 questions; intervals are of 95 %, by bootstrap\n")
    assert err == "1 question (q0) not in before.jsonl: left out of the comparison.\n"
    jsonl("before.jsonl", [*before, NEVER, NEVER | {"id": "another"}])
    assert run(*arguments)[2].endswith("1 question (another) of before.jsonl not in q.jsonl: passed over.\n")

    code, out, _ = run(*arguments, "--json")
    against = json.loads(out)["against"]
    assert (against["questions"], against["only now"], against["only before"]) == (8, ["q0"], [])
    assert against["differences"]["passage hits@1"]["counts"]
    assert against["differences"]["passage hits@1"]["before"] == pytest.approx(2 / 7, abs=1e-4)


def test_a_report_is_written_with_the_articles_names(run: Run, news: Path, queries: Path) -> None:
    file = jsonl("run.jsonl", [earlier(right=False), NEVER])
    code, _, _ = run("eval", news, queries, "--replay", file, "--report", "r.html")
    assert code == 0
    page = Path("r.html").read_text("utf-8")
    assert "The evidence did not come at all: 1" in page
    assert "Ferry strike — 28 Mar 2026, 2026-03-28-ferry.txt" in page


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--replay", "gone.jsonl"], r"gone\.jsonl: not a run file that can be read"),
        (["--replay", "q.jsonl"], r"q\.jsonl:1: not a line of a run file"),
        (["--against", "gone.jsonl"], r"gone\.jsonl: not a run file that can be read"),
        (["--replay", "run.jsonl", "--against", "other.jsonl"], r"other\.jsonl: has none of these 2 questions"),
        (["--replay", "run.jsonl", "--report", "no/r.html"], r"no/r\.html: cannot be written: its folder is not there"),
        (["--replay", "run.jsonl", "--run", "news"], r"news: cannot be written: a folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_before_any_work(
    run: Run, news: Path, queries: Path, arguments: list[str], reason: str
) -> None:
    jsonl("run.jsonl", [earlier(right=True), NEVER])
    jsonl("other.jsonl", [NEVER | {"id": "other"}])
    code, out, err = run("eval", news, queries, *arguments)
    assert (code, out) == (1, "")
    assert re.match(rf"error: {reason}", err)
    assert not Path(".pullquote-eval").exists()


@pytest.mark.parametrize(
    "arguments", [["eval", "news"], ["eval", "news", "q.jsonl", "--make", "d.jsonl"], ["eval", "--make", "d.jsonl"],
                  ["eval", "news", "--make", "d.jsonl", "--count", "0"]]
)  # fmt: skip
def test_asking_and_drafting_exclude_each_other(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: pullquote")


def test_questions_are_asked_without_the_articles_that_they_leave_out(run: Run, news: Path) -> None:
    out_of_it = {"id": "out", "question": QUESTIONS[0]["question"], "answerable": False,
                 "without": ["2026-03-28-ferry.txt"]}  # fmt: skip
    queries = jsonl("q.jsonl", [out_of_it, *QUESTIONS])
    code, _, _ = run("eval", news, queries, "--data", "d", "--run", "run.jsonl")
    assert code == 0
    rows = {row["id"]: row for row in map(json.loads, Path("run.jsonl").read_text("utf-8").splitlines())}
    assert list(rows) == ["out", "strike", "chess"]  # in the order of the set
    assert {each["article_id"] for each in rows["strike"]["passages"]} >= {"2026-03-28-ferry.txt"}
    assert {each["article_id"] for each in rows["out"]["passages"]} == {"geese.txt"}
    assert rows["out"]["confidence"] < rows["strike"]["confidence"]


def test_evidence_that_the_corpus_lacks_is_said(run: Run, news: Path) -> None:
    gone = QUESTIONS[0] | {"evidence": [{"doc_id": "gone.txt"}]}
    code, _, err = run("eval", news, jsonl("q.jsonl", [gone]), "--data", "d")
    assert code == 0
    assert f"1 question (strike) with no evidence article in {news}: they cannot be answered." in err


def test_questions_are_drafted_and_can_be_asked(run: Run, news: Path) -> None:
    write(
        news, "2026-05-09-holt.txt",
        "In May 2018, Maren Holt joined the council of Varrowmouth. The council met Maren Holt again in Varrowmouth.",
        "Harald Finn, secretary of the Varrow Skippers' Association, said on Friday that nobody was hurt.",
        title="Holt and Finn",
    )  # fmt: skip
    code, out, _ = run("eval", "--make", "drafts.jsonl", news, "--count", "3")
    assert code == 0
    made = [json.loads(line) for line in Path("drafts.jsonl").read_text("utf-8").splitlines()]
    questions = [each["question"] for each in made]
    assert "Who is the secretary of the Varrow Skippers' Association?" in questions
    assert out.startswith(f"{len(made)} drafts in drafts.jsonl")
    assert "They are drafts" in out
    assert "pullquote eval " in out.splitlines()[-1]
    code, out, _ = run("eval", "--make", "drafts.jsonl", news, "--count", "3", "--json")
    assert json.loads(out)["questions"] == len(made)
    code, out, _ = run("eval", news, "drafts.jsonl", "--data", "d", "--json")
    assert (code, json.loads(out)["questions"]) == (0, len(made))


def test_a_corpus_that_nothing_can_be_asked_about_is_an_error(run: Run, news: Path) -> None:
    Path("empty").mkdir()
    code, _, err = run("eval", "--make", "d.jsonl", "empty")
    assert (code, err) == (1, "error: empty: no article found in it. Name a folder of articles, or a .jsonl file.\n")
    code, _, err = run("eval", "--make", "d.jsonl", news)
    assert code == 1
    assert err.startswith("error: None of the 2 articles looked at has a sentence that is clear enough")
    assert not Path("d.jsonl").exists()
