"""What the commands that answer print: search, ask, chat, eval."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

SPAN = [
    "article_id",
    "start",
    "end",
    "text",
    "title",
    "publisher",
    "published",
    "published_from",
    "modified",
    "modified_from",
    "read",
    "url",
]
TUBA = "Where was the stolen tuba found?"


def test_search_prints_passages_with_all_that_a_citation_needs(run: Run, archive: Path) -> None:
    code, out, err = run("search", TUBA, "--data", archive, "--k", "3", "--as-of", "2026-10-01", "--json")
    hits = json.loads(out)
    assert (code, err, len(hits)) == (0, "", 3)
    for hit in hits:
        assert list(hit) == [*SPAN, "score", "why", "copies"]
        assert set(hit["why"]) == {
            "dense_rank", "lexical_rank", "words", "cosine", "bm25", "coverage", "proximity", "position",
            "date_factor", "late_interaction", "sentence", "cross_encoder",
        }  # fmt: skip
        assert hit["text"]
    code, out, _ = run("search", "-", "--data", archive, "--k", "2", "--explain", stdin=f"{TUBA}\n")
    assert code == 0
    assert re.match(
        r"\d+ articles searched \([\d.]+ s\)\n\n 1  .+\n    .+, \d+ \w+ 202\d  \S+ \[\d+, \d+\)\n"
        r"    score [\d.-]+ = vector #\d+ \(0\.\d+\); words #\d+ \(.*tuba.*: \d+% of the question, .*; date × ",
        out,
    )


def test_filters_choose_articles_as_options_and_as_typed(run: Run, archive: Path) -> None:
    options = ["--publisher", "courier", "--after", "2026-03", "--before", "2026-06", "--publisher=-wire"]
    code, out, err = run("search", "bridge", *options, "--data", archive, "--json", "--k", "5")
    hits = json.loads(out)
    assert (code, err) == (0, "")
    assert hits
    for hit in hits:
        assert hit["publisher"] == "Varrowmouth Courier"
        assert "2026-03-01" <= hit["published"] < "2026-06-01"
    typed = "bridge publisher:courier after:2026-03 before:2026-06 -publisher:wire"
    assert json.loads(run("search", typed, "--data", archive, "--json", "--k", "5")[1]) == hits

    code, out, _ = run("search", "bridge in May 2026 publisher:courier", "--data", archive, "--explain", "--k", "1")
    assert re.match(r"\d+ articles searched; publisher:courier; “in May 2026” = 2026-05-01 to 2026-05-31 \(", out)

    code, out, _ = run("search", "bridge", "--author", "nobody", "--data", archive)
    assert code == 0
    assert out.startswith("No article has the author 'nobody'; there are: ")

    code, out, _ = run("ask", TUBA, "--before", "2025-11", "--data", archive)
    assert re.match(r"The \d+ articles searched \(until:2025-10-31\)(, .* 2025,)? do not answer this\.\n", out)

    code, _, err = run("search", "bridge", "--after", "soon", "--data", archive)
    assert code == 2
    assert "'soon' is not a date like 2026-05-01, 2026-05 or 2026" in err


def test_ask_prints_the_promised_object(run: Run, archive: Path) -> None:
    code, out, err = run("ask", "-", "--data", archive, "--as-of", "2026-10-01", "--json", stdin=f"{TUBA}\n")
    answer: dict[str, Any] = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == [
        "question", "searched", "as_of", "filters", "notes", "refused", "confidence", "lead", "answer", "claims",
        "written_by", "fallback", "dropped", "quotes", "passages", "articles_searched", "reach", "near",
    ]  # fmt: skip
    assert (answer["question"], answer["searched"], answer["as_of"], answer["refused"]) == (
        TUBA,
        TUBA,
        "2026-10-01",
        False,
    )
    assert answer["quotes"]
    assert len(answer["passages"]) == 10
    for span in answer["quotes"] + answer["passages"]:
        assert list(span) == SPAN
        assert span["end"] - span["start"] == len(span["text"])


def test_ask_ends_with_3_only_where_that_was_asked_for(run: Run, archive: Path) -> None:
    unknown = "Which Formula One driver won the Monaco Grand Prix in 1984?"
    code, out, err = run("ask", unknown, "--data", archive, "--exit-code")
    assert (code, err) == (3, "")
    assert re.match(r"The \d+ articles searched(, .* 2026,)? do not answer this\.\n", out)
    code, out, _ = run("ask", TUBA, "--data", archive, "--exit-code")
    assert code == 0
    assert "    — " in out


@pytest.mark.parametrize(
    ("question", "reason"), [("", "The question is empty."), ("What did he say?", "only words that are in every")]
)
def test_a_question_that_cannot_be_asked_ends_with_1(run: Run, archive: Path, question: str, reason: str) -> None:
    code, out, err = run("ask", question, "--data", archive)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert reason in err


def test_chat_goes_on_until_an_empty_line(run: Run, archive: Path) -> None:
    code, out, err = run(
        "chat", "--data", archive, "--as-of", "2026-10-01", stdin=f"{TUBA}\n?!\nAnd who stole it?\n\nnever asked\n"
    )
    assert code == 0
    assert err == "error: '?!' holds no word to search for. Ask in words.\n"
    assert [line for line in out.splitlines() if line.startswith("Searching for: ")] == [
        line for line in out.splitlines() if line.startswith("Searching for: And who stole it? (")
    ]
    assert out.count("Searching for: ") == 1
    assert "never" not in out


def test_eval_measures_and_compares_with_floors(run: Run, news: Path) -> None:
    rows = [
        {"id": "1", "question": "Who voted to end the ferry strike?", "answers": ["crews"], "answerable": True,
         "evidence": [{"doc_id": "2026-03-28-ferry.txt"}]},
        {"id": "2", "question": "Who won the chess championship in Reykjavik?", "answerable": False},
    ]  # fmt: skip
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    Path("floors.json").write_text('{"questions": 2, "refused answerable": 1.0}', "utf-8")
    code, out, _ = run(
        "eval", news, "q.jsonl", "--data", "d", "--run", "run.jsonl", "--floors", "floors.json", "--json"
    )
    figures = json.loads(out)
    assert (code, figures["questions"], figures["passage hits@3"]) == (0, 2, 1.0)
    written = [json.loads(line) for line in Path("run.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in written] == ["1", "2"]
    assert {"id", "refused", "confidence", "passages", "quotes", "seconds"} <= set(written[0])
    assert figures["intervals"]["passage hits@3"] == [1.0, 1.0]

    Path("floors.json").write_text('{"questions": 3, "refused answerable": -1}', "utf-8")
    code, out, err = run("eval", news, "q.jsonl", "--data", "d", "--floors", "floors.json")
    assert code == 1
    assert re.search(r"^passage hits@3 +1\.000  1\.000 to 1\.000$", out, re.MULTILINE)
    assert err.startswith("questions is 2, below 3\nrefused answerable is ")

    Path("floors.json").write_text('{"bogus": 3}', "utf-8")
    code, _, err = run("eval", news, "q.jsonl", "--data", "d", "--floors", "floors.json")
    assert (code, err.startswith("error: floors.json: 'bogus' is no figure. There are: questions, passage hits@1")) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    "arguments",
    [["--floors", "gone.json"], ["--floors", "q.jsonl"], ["--run", "no/such/folder/run.jsonl"]],
    ids=["gone", "not json", "run"],
)
def test_eval_says_what_file_it_cannot_use(run: Run, news: Path, arguments: list[str]) -> None:
    rows = [{"id": key, "question": "Who voted?", "answerable": False} for key in "12"]
    Path("q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n", "utf-8")
    code, _, err = run("eval", news, "q.jsonl", "--data", "d", *arguments)
    assert code == 1
    assert re.search(rf"^error: {arguments[1]}: ", err, re.MULTILINE)


def test_figures_that_are_no_number_are_still_json(run: Run, news: Path) -> None:
    Path("q.jsonl").write_text('{"id": "1", "question": "Who voted for geese?", "answerable": false}\n', "utf-8")
    code, out, _ = run("eval", news, "q.jsonl", "--data", "d", "--json")
    assert code == 0
    assert "NaN" not in out
