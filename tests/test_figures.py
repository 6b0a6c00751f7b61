"""Figures of runs, and what is said of two of them. See test_evaluate for figures counted by hand."""

import math
from typing import Any

import pytest

from index.errors import SettingsError
from rag.evaluation.figures import (
    KS,
    MAIN,
    Difference,
    Interval,
    compare,
    figures,
    intervals,
    measure,
    measures,
    outcomes,
    short,
)
from tests.runs import questions, rows

ASKED = questions(200)


def test_every_share_has_an_interval_around_it() -> None:
    run = outcomes(ASKED, rows(ASKED, 0.6, 1))
    found, spread = figures(run), intervals(measures(run), len(ASKED))
    assert set(spread) == {name for name in found if name not in ("questions", "ece") and not name.endswith(" ms")}
    assert {f"{kind} hits@{k}" for kind in ("article", "passage", "quote") for k in KS} <= set(spread)
    for name, (low, high) in spread.items():
        assert low <= found[name] <= high
    assert 0.1 < spread["passage hits@1"].high - spread["passage hits@1"].low < 0.25


def test_stages_are_measured_where_they_were_timed() -> None:
    found = figures(outcomes(ASKED, rows(ASKED, 0.6, 1)))
    assert (found["dense p50 ms"], found["dense p95 ms"]) == (10.0, 10.0)
    assert 50 <= found["late <interaction> p50 ms"] < found["late <interaction> p95 ms"] <= 150
    bare = [{name: value for name, value in row.items() if name != "stages"} for row in rows(ASKED, 0.6, 1)]
    assert [name for name in measure(ASKED, bare) if name.endswith("ms")] == ["p50 ms", "p95 ms"]


def test_what_a_run_lacks_is_named_and_counts_as_not_found() -> None:
    run = outcomes(ASKED, rows(ASKED, 1.0, 1)[50:])
    assert run.missing == [f"q{number}" for number in range(50)]
    whole = figures(outcomes(ASKED, rows(ASKED, 1.0, 1)))
    assert figures(run)["passage hits@10"] < whole["passage hits@10"] - 0.25
    assert not math.isnan(figures(run)["auroc"])


def test_an_empty_set_has_figures_that_are_no_numbers() -> None:
    found = figures(outcomes([], []))
    assert found["questions"] == 0
    assert math.isnan(found["passage hits@1"])


def planted(change: float) -> list[dict[str, Any]]:
    """Return the run of seed 1 again, with a share of its late hits put in the first place."""
    run = rows(ASKED, 0.6, 1)
    late = [row for row in run if "yes" in row["passages"][2]["text"]]
    for row in late[: round(change * len(ASKED))]:
        spans = [row["passages"][2], *row["passages"][:2], *row["passages"][3:]]
        row |= {"passages": spans, "quotes": spans}
    return run


def said(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, str]:
    return {each.name: str(each) for each in compare(outcomes(ASKED, now), before).differences}


def test_a_planted_difference_is_found_and_measured() -> None:
    found = compare(outcomes(ASKED, planted(0.1)), rows(ASKED, 0.6, 1))
    [first] = [each for each in found.differences if each.name == "passage hits@1"]
    assert first.counts
    assert first.better
    assert first.change == pytest.approx(20 / 150)
    assert first.spread.low < 20 / 150 < first.spread.high
    assert [each.name for each in found.differences] == list(MAIN)
    words = said(planted(0.1), rows(ASKED, 0.6, 1))
    assert words["passage hits@1"].startswith("better by .133 ± .0")
    assert words["refused unanswerable"] == "no difference that counts (.000 ± .000)"
    assert said(rows(ASKED, 0.6, 1), planted(0.1))["passage hits@1"].startswith("worse by .133 ± .0")


def test_pairing_finds_what_two_intervals_would_not() -> None:
    now, before = planted(0.05), rows(ASKED, 0.6, 1)
    spread = [intervals(measures(outcomes(ASKED, run)), 200)["passage hits@1"] for run in (now, before)]
    assert spread[0].low < spread[1].high  # the intervals overlap
    assert said(now, before)["passage hits@1"].startswith("better by ")


def test_chance_alone_is_seldom_a_difference() -> None:
    counted = sum(
        each.counts
        for seed in range(10)
        for each in compare(outcomes(ASKED, rows(ASKED, 0.6, seed)), rows(ASKED, 0.6, 100 + seed)).differences
        if each.name in ("passage hits@1", "refused unanswerable")
    )
    assert counted <= 4  # of 20, one is expected


def test_fewer_wrong_refusals_are_better() -> None:
    words = said(rows(ASKED, 0.6, 1, refused=0.0), rows(ASKED, 0.6, 1, refused=0.4))
    assert words["refused answerable"].startswith("better by ")


def test_only_questions_that_both_runs_have_are_compared_and_the_others_are_named() -> None:
    now, before = rows(ASKED, 0.6, 1), rows(ASKED, 0.6, 2)
    found = compare(outcomes(ASKED, now[3:]), before[:-2])
    assert found.only_before == ("q0", "q1", "q2")
    assert found.only_now == ("q198", "q199")
    assert len(found.now.questions) == len(found.before.questions) == 195
    assert not found.now.missing


def test_runs_of_other_questions_cannot_be_compared() -> None:
    other = [row | {"id": f"other {row['id']}"} for row in rows(ASKED, 0.6, 1)]
    with pytest.raises(SettingsError, match=r"^old\.jsonl: has none of these 200 questions"):
        compare(outcomes(ASKED, rows(ASKED, 0.6, 1)), other, "old.jsonl")


def test_what_no_question_counts_for_is_not_compared() -> None:
    only = questions(50, answerable=1.0)
    found = compare(outcomes(only, rows(only, 0.6, 1)), rows(only, 0.6, 2))
    [auroc] = [each for each in found.differences if each.name == "auroc"]
    assert str(auroc) == "cannot be compared: no question counts for it"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.8671, ".867"), (1.0, "1.000"), (0.0, ".000"), (-0.0001, ".000"), (-0.021, "−.021"), (math.nan, "–")],
)
def test_shares_are_short(share: float, text: str) -> None:
    assert short(share) == text


def test_a_difference_says_by_how_much() -> None:
    assert str(Difference("right", 0.621, 0.6, Interval(0.013, 0.029))) == "better by .021 ± .008 (95 %)"
    assert str(Difference("right", 0.6, 0.621, Interval(-0.029, -0.013))) == "worse by .021 ± .008 (95 %)"
    assert str(Difference("right", 0.61, 0.6, Interval(-0.002, 0.022))) == "no difference that counts (.010 ± .012)"
