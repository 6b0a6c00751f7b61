"""The report of an evaluation: whole, self-contained, escaped, and showing the right questions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.article import Article
from index.errors import SettingsError
from rag.evaluation.evaluate import Question
from rag.evaluation.figures import compare, outcomes
from rag.evaluation.report import Context, report, write_report
from rag.evaluation.report.cards import marked
from rag.evaluation.report.cases import risk_coverage, worst
from rag.evaluation.report.svg import Axes, bars, number, steps
from tests.runs import questions, rows

VOID = {"meta", "br", "circle", "line", "rect", "polyline", "polygon"}
ARTICLES = {
    f"a{place}": Article(f"a{place}", f"Title {place}", "The answer is yes.", publisher=f"P{place % 2}",
                         published=date(2026, 1, 2))
    for place in range(200)
}  # fmt: skip
ABOUT = Context("corpus", "queries.jsonl", "a-model", ARTICLES.get)


class Reader(HTMLParser):
    """Reads a document, and fails where an element is not closed in order."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(document)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def made(asked: list[Question] | None = None, seed: int = 1, **changes: Any) -> str:  # noqa: ANN401
    asked = asked or questions(200)
    return report(outcomes(asked, rows(asked, 0.6, seed)), ABOUT, **changes)


def test_the_report_is_one_well_formed_file_that_loads_nothing_and_runs_nothing() -> None:
    page = Reader(made())
    assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in page.tags)
    for _, attributes in page.tags:
        assert {"src", "srcset", "xlink:href", "action"}.isdisjoint(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", made())
    assert "prefers-color-scheme: dark" in made()


def test_it_shows_figures_plots_types_and_cases() -> None:
    page = Reader(made())
    assert sum(tag == "svg" for tag, _ in page.tags) == 6
    assert all(each.get("aria-label") for tag, each in page.tags if tag == "svg")
    assert {"figures", "plots", "types", "cases", "refused", "missing", "late", "beside", "answered"} <= {
        str(each["id"]) for _, each in page.tags if "id" in each
    }
    assert "200 questions of queries.jsonl, 150 of them answerable, asked of corpus." in page.text
    for word in ("even", "odd", "unanswerable", "P0", "P1", "late <interaction>"):
        assert word in page.text


def test_the_table_has_the_figures_themselves() -> None:
    asked = questions(200)
    first = sum("yes" in row["passages"][0]["text"] for row in rows(asked, 0.6, 1)[:150]) / 150
    row = re.search(r"<td>passage hits@1</td><td>([\d.]+)</td><td>([\d.]+)–([\d.]+)</td><td>150</td>", made())
    assert row
    assert float(row[1]) == pytest.approx(first, abs=0.0006)
    assert float(row[2]) < first < float(row[3])


def test_whatever_questions_and_articles_say_is_escaped() -> None:
    nasty = "<script>alert(1)</script>\"'&\x00\ud800"
    asked = [
        replace(each, question=f"{nasty}?", id=f"{nasty}{place}", type=nasty, answers=(nasty, "yes"),
                proof=((nasty, nasty),), evidence=frozenset({nasty}), earlier=(nasty,), asked=date(2026, 1, 1))
        for place, each in enumerate(questions(20, answerable=1.0))
    ]  # fmt: skip
    run = rows(asked, 0.3, 1)
    for row in run:
        for span in row["passages"]:
            span |= {"text": f"{nasty} yes", "article_id": nasty}
    article = Article(nasty, nasty, nasty, publisher=nasty)
    document = report(outcomes(asked, run), Context(nasty, nasty, nasty, lambda _: article))
    document.encode()  # no lone surrogate is left
    page = Reader(document)
    assert "script" not in [tag for tag, _ in page.tags]
    assert "\x00" not in document
    assert "<script>alert(1)</script>" in page.text


def test_each_kind_of_mistake_is_listed_once_and_worst_first() -> None:
    asked = questions(200)
    run = outcomes(asked, rows(asked, 0.6, 1, refused=0.3))
    kinds = {each.name: each.places for each in worst(run)}
    listed = [place for places in kinds.values() for place in places]
    assert len(listed) == len(set(listed))
    shown = run.answerable & (run.ranks["quote"] == 1) & ~run.refused
    unsure = run.answerable & run.refused & (run.ranks["quote"] == 1)
    assert {*np.flatnonzero(unsure)} <= set(listed)
    assert set(listed).isdisjoint(np.flatnonzero(shown))
    assert sorted(listed) == np.flatnonzero(~run.right).tolist()
    for name in ("refused", "missing", "beside", "answered"):
        sure = [run.confidence[place] for place in kinds[name]]
        assert sure == sorted(sure, reverse=True)
        assert sure
    assert all(run.refused[place] and run.ranks["quote"][place] == 1 for place in kinds["refused"])
    assert all(run.ranks["passage"][place] > 10 for place in kinds["missing"])
    assert all(not run.answerable[place] and not run.refused[place] for place in kinds["answered"])


def test_a_case_shows_what_was_known_and_what_came_first() -> None:
    asked = questions(4, answerable=1.0)
    asked[0] = replace(asked[0], asked=date(2026, 3, 4), earlier=("And before?",), answers=("yes", "yea"))
    page = Reader(report(outcomes(asked, rows(asked, 0.0, 3, refused=0.0)), ABOUT)).text
    assert "after: And before?" in page
    assert "asked as of 4 Mar 2026" in page
    assert "Known answers yes · yea" in page
    assert "Title 0 — P0, 2 Jan 2026, a0" in page
    assert "m0 (not in the archive)" in page
    assert "what answers came as article 3, passage 3, quote 3" in page


def test_a_comparison_shows_changes_and_the_questions_that_flipped() -> None:
    asked = questions(200)
    now = outcomes(asked, rows(asked, 0.9, 1))
    page = Reader(report(now, ABOUT, compare(now, rows(asked, 0.4, 2)[2:])))
    assert "better by ." in page.text
    assert "Changes are of the 198 questions that both runs have" in page.text
    assert "2 that only one of them has are left out" in page.text
    assert {"lost", "won"} <= {str(each["id"]) for _, each in page.tags if "id" in each}


@pytest.mark.parametrize("answerable", [0.0, 1.0])
def test_a_set_of_one_kind_only_has_a_report(answerable: float) -> None:
    Reader(made(questions(30, answerable=answerable)))


def test_an_empty_run_has_a_report() -> None:
    Reader(report(outcomes(questions(3), []), ABOUT))
    Reader(report(outcomes([], []), ABOUT))


def test_a_report_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(SettingsError, match=r"^no/r\.html: the report cannot be written there"):
        write_report(Path("no/r.html"), outcomes(questions(3), []), ABOUT)


def test_risk_falls_where_confidence_tells_right_from_wrong() -> None:
    asked = questions(200, answerable=1.0)
    run = rows(asked, 0.6, 1, refused=0.0)
    for row in run:
        row["confidence"] = 0.9 if "yes" in row["quotes"][0]["text"] else 0.2
    judged = outcomes(asked, run)
    curve, stands = risk_coverage(judged)
    right = float((judged.ranks["quote"] == 1).mean())
    assert curve == [(right, 0.0), (1.0, pytest.approx(1 - right))]
    assert stands == (1.0, pytest.approx(1 - right))


def test_answers_are_marked_as_they_are_matched() -> None:
    assert marked("It cost 1,400 <crowns>.", ["1 400", "cost"]) == (
        "It <mark>cost</mark> <mark>1,400</mark> &lt;crowns&gt;."
    )
    assert marked("Sixteen & six", ["six", ""]) == "Sixteen &amp; <mark>six</mark>"
    assert marked("a < b", []) == "a &lt; b"


@pytest.mark.parametrize("ends", [(0, 1), (0, 0.06), (-4, 17), (0, 1399), (0.6, 1)])
def test_ticks_are_round_and_within_the_axis(ends: tuple[float, float]) -> None:
    found = steps(*ends)
    assert 2 <= len(found) <= 8
    assert ends[0] <= found[0] < found[-1] <= ends[1] + 1e-9
    assert len({round(b - a, 9) for a, b in pairwise(found)}) == 1
    assert all(len(number(each)) <= 6 for each in found)


def test_bars_are_as_tall_as_their_counts() -> None:
    drawn = bars(Axes("x", "y", (0, 1), (-4, 8)), [8, 4], [0, 2], [(0.5, "here")], "Says.")
    heights = [float(each) for each in re.findall(r'<rect class="good"[^>]* height="([\d.]+)"', drawn)]
    [down] = [float(each) for each in re.findall(r'<rect class="bad"[^>]* height="([\d.]+)"', drawn)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert down == pytest.approx(heights[1] / 2, abs=0.2)
    assert "here" in drawn
