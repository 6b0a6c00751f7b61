import json
import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.builder import build_index
from index.errors import IndexDamaged, SettingsError
from rag import doctor
from rag.calibration import FILE, Calibration, calibrated, changed, keep, kept, sketch
from rag.calibration.ask import trials
from rag.calibration.fit import DEFAULT, Fitted, calibrate
from rag.calibration.report import report, table
from rag.calibration.threshold import Asked, at, choose, curve, least_risk
from rag.evaluation.draft import pairs
from rag.facade import open_index
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.conftest import Run
from tests.tiny import TinyEmbedder

FIRST = ["Alice", "Bruno", "Clara", "Dorian", "Edith", "Felix", "Greta", "Hugo", "Irma"]
LAST = ["Abbot", "Barlow", "Corbin", "Dunmore", "Elwood", "Farrow", "Granger", "Holden"]
PEOPLE = [(FIRST[number % 9], LAST[number % 8]) for number in range(40)]  # no two alike


def asked(sure: list[float], right: list[bool], without: list[float]) -> Asked:
    return Asked(np.array(sure), np.array(right, dtype=bool), np.array(without))


# Worked by hand: from the surest down, right, right, invented, wrong, right, invented.
HAND = asked([0.9, 0.8, 0.5, 0.4], [True, True, False, True], [0.6, 0.3, 0.1, 0.1])


def test_what_comes_of_a_threshold_is_counted() -> None:
    point = at(HAND, 0.45)
    assert (point.answered, point.invented, point.risk) == (0.75, 0.25, 0.5)
    assert at(HAND, 1.0).risk == 0
    points = curve(HAND)
    assert points[0] == at(HAND, 0.0)
    assert [each.answered for each in points] == [1, 1, 1, 0.75, 0.5, 0.5, 0.25]
    assert [each.invented for each in points] == [1, 0.5, 0.25, 0.25, 0.25, 0, 0]
    assert least_risk(HAND).risk == 0
    assert least_risk(HAND).answered == 0.5


@pytest.mark.parametrize(
    ("risk", "usual", "threshold"),
    [
        (0.01, 0.5, 0.7),  # between .6 and .8
        (0.35, 0.5, 0.55),  # one of three is wrong
        (0.35, 0.52, 0.52),  # the usual one answers the same
        (0.4, 0.5, 0.35),  # two of five: the larger coverage, though at .45 two of four are
        (0.6, 0.5, 0.2),
        (0.7, 0.0, 0.05),
    ],
)
def test_the_lowest_threshold_that_keeps_to_the_risk_is_chosen(risk: float, usual: float, threshold: float) -> None:
    found = choose(HAND, risk, usual)
    assert found
    assert found.point.threshold == pytest.approx(threshold)
    assert found.point.risk <= risk
    assert choose(HAND, risk, usual) == found, "the seed is fixed"


def test_where_every_threshold_is_too_risky_there_is_none() -> None:
    assert choose(asked([0.9, 0.8], [False, False], [0.7, 0.1]), 0.5, 0.5) is None


def test_equally_sure_questions_are_answered_together() -> None:
    tied = asked([0.9, 0.6, 0.6, 0.6], [True, True, True, True], [0.6, 0.2, 0.2, 0.2])
    found = choose(tied, 0.1, 0.5)
    assert found
    assert found.point.threshold == pytest.approx(0.75)


shares = st.integers(0, 20).map(lambda number: number / 20)


@given(st.lists(st.tuples(shares, st.booleans(), shares), min_size=1, max_size=25), st.sampled_from([0.05, 0.2, 0.5]))
def test_it_is_what_trying_every_threshold_gives(rows: list[tuple[float, bool, float]], risk: float) -> None:
    results = asked([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    good = [each for each in curve(results) if each.risk <= risk and (each.answered or each.invented)]
    found = choose(results, risk, 0.5)
    assert (found is None) == (not good)
    if found:
        best = max(each.answered + each.invented for each in good)
        assert found.point.answered + found.point.invented == best
        assert found.interval.low <= found.interval.high


def test_the_interval_and_the_expected_risk_tell_of_other_questions() -> None:
    def drawn(seed: int, count: int) -> Asked:
        chance = np.random.default_rng(seed)
        return Asked(chance.beta(4, 1, count), chance.random(count) < 0.95, chance.beta(1, 3, count))

    found = choose(drawn(1, 120), 0.1, 0.5)
    assert found
    many = drawn(2, 20_000)
    truth = min(cut for cut in np.linspace(0, 1, 200) if at(many, cut).risk <= 0.1)
    assert found.interval.low <= truth <= found.interval.high
    assert found.expected == pytest.approx(at(many, found.point.threshold).risk, abs=0.05)
    assert found.expected_interval.low < found.expected < found.expected_interval.high


# Drafting


def news(count: int = 40) -> list[Article]:
    return [
        Article(
            f"a{number:02d}.jsonl",
            f"News of {last}ville",
            f"The council of {last}ville met on Tuesday. {first} {last}, {31 + number}, is the mayor of {last}ville.",
            published=date(2024, 1, 1) + timedelta(days=20 * number),
        )
        for number, (first, last) in enumerate(PEOPLE[:count])
    ]


def test_each_draft_names_every_article_that_answers_it() -> None:
    articles = news(30)
    copy = replace(articles[3], id="copy", title="Printed again")
    told = replace(articles[3], id="told", text="Mayor Dorian Dunmore of Dunmoreville will be 34 on Friday.")
    made = pairs([*articles, copy, told], 32)
    by_question = {record["question"]: left_out for record, left_out in made}
    assert by_question["How old is Alice Abbot?"] == ["a00.jsonl"]
    [left_out] = [left_out for question, left_out in by_question.items() if "Dorian Dunmore" in question]
    assert left_out == ["a03.jsonl", "copy", "told"]
    assert all(record["answerable"] and record["type"] != "cloze" for record, _ in made)
    assert all(len(left_out) >= 1 for _, left_out in made)


# Fitting


def written(folder: Path, articles: list[Article]) -> Path:
    """Write articles as a source of one file each, and return their folder."""
    folder.mkdir(exist_ok=True)
    for each in articles:
        row = {"id": each.id, "title": each.title, "text": each.text, "date": str(each.published)}
        (folder / each.id).write_text(json.dumps(row) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("town")
    build_index([written(folder / "news", news())], folder / "data", TinyEmbedder())
    return Retriever(Settings.load(data=folder / "data"), TinyEmbedder())


@pytest.fixture(scope="module")
def lower(town: Retriever) -> Fitted:
    return calibrate(town, risk=0.45, allow_lower=True)


def test_each_question_is_asked_with_and_without_its_answer(town: Retriever) -> None:
    stages: list[str] = []
    found = trials(town, 35, lambda stage, done, total: stages.append(stage))
    assert len(found) == 35
    assert list(dict.fromkeys(stages)) == ["reading", "drafting", "asking"]
    for each in found:
        article = town.article(each.left_out[0])
        assert article
        assert each.answer in article.text
        assert each.right == (f" {each.answer}," in each.quote)
        assert not each.quote_without or each.quote_without not in article.text or each.quote_without in each.quote
        assert 0 <= each.without < each.sure <= 1
    assert all(each.right for each in found)


def test_the_threshold_is_kept_and_not_below_the_default_unless_wanted(town: Retriever, lower: Fitted) -> None:
    made = lower.calibration
    assert made.fitted == made.refuse_below < DEFAULT
    assert kept(town.settings.data) == made
    assert made.answered == at_least(lower, made.refuse_below)
    again = calibrate(town, risk=0.45).calibration
    assert (again.fitted, again.refuse_below) == (made.fitted, DEFAULT)
    assert "--allow-lower" in again.summary
    assert kept(town.settings.data) == again
    assert (again.questions, again.articles, again.model) == (40, 40, "tiny@1")
    assert again.version == town.index.manifest.name


def at_least(made: Fitted, threshold: float) -> float:
    return sum(each.sure >= threshold for each in made.trials) / len(made.trials)


def test_a_build_leaves_it_alone(town: Retriever, lower: Fitted, tmp_path: Path) -> None:
    data = tmp_path / "data"
    source = written(tmp_path / "news", news(3))
    build_index([source], data, TinyEmbedder())
    keep(data, lower.calibration)
    build_index([written(tmp_path / "news", news(5))], data, TinyEmbedder())
    build_index([source], data, TinyEmbedder(), rebuild=True)
    assert kept(data) == lower.calibration


def test_from_too_few_questions_nothing_is_fitted(tmp_path: Path) -> None:
    build_index([written(tmp_path / "news", news(20))], tmp_path / "data", TinyEmbedder())
    few = Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder())
    with pytest.raises(SettingsError, match="only 20 questions could be drafted from its 20 articles; at least 30"):
        calibrate(few)
    assert kept(tmp_path / "data") is None


def test_where_no_threshold_is_good_enough_nothing_is_kept(
    town: Retriever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [replace(each, right=False) for each in trials(town, 30)]
    monkeypatch.setattr("rag.calibration.fit.trials", lambda *_: found)
    elsewhere = Retriever(town.settings, TinyEmbedder())
    (town.settings.data / FILE).unlink(missing_ok=True)
    with pytest.raises(SettingsError, match=r"at 10 % or below on 30 questions: the least is 100\.0 %.*--risk"):
        calibrate(elsewhere)
    assert kept(town.settings.data) is None


def test_the_report_shows_the_curve_the_table_and_what_went_wrong(lower: Fitted) -> None:
    page = report(lower)
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http://www.w3.org", "")
    rows = {point.threshold: said for point, said in table(lower)}
    assert rows[DEFAULT] == "the default"
    assert rows[lower.calibration.fitted] == "fitted, in force"
    assert sorted(rows) == list(rows)
    hostile = replace(lower.trials[0], question="<script>", quote_without="<b>", without=1.0)
    page = report(replace(lower, trials=(hostile, *lower.trials[1:])))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# Using


def made_calibration(data: Path, **changed_fields: object) -> Calibration:
    made = Calibration(
        0.7, 0.7, 0.1, 0.5, 0.9, 0.11, 0.95, 100, ((0.5, 1.0, 0.5, 0.3),), "2026-05-01T00:00:00+00:00", "0.1.0",
        "tiny@1", "v", 3, sketch([("a", "1"), ("b", "1"), ("c", "1")]),
    )  # fmt: skip
    made = replace(made, **changed_fields)  # type: ignore[arg-type]  # fields of a Calibration, by name
    data.mkdir(exist_ok=True)
    keep(data, made)
    return made


def test_it_holds_only_where_nothing_else_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    assert calibrated(Settings.load(data=data), "tiny@1").refuse_below == DEFAULT
    made_calibration(data)
    assert calibrated(Settings.load(data=data), "tiny@1").refuse_below == 0.7
    assert calibrated(Settings.load(data=data), "other@1").refuse_below == DEFAULT
    assert calibrated(Settings.load(data=data, refuse_below=DEFAULT), "tiny@1").refuse_below == DEFAULT
    monkeypatch.setenv("PULLQUOTE_REFUSE_BELOW", "0.3")
    assert calibrated(Settings.load(data=data), "tiny@1").refuse_below == 0.3
    monkeypatch.delenv("PULLQUOTE_REFUSE_BELOW")
    Path("pullquote.toml").write_text("refuse_below = 0.4\n", "utf-8")
    assert calibrated(Settings.load(data=data), "tiny@1").refuse_below == 0.4


def test_whoever_opens_the_archive_refuses_below_it(archive: Path) -> None:
    model = open_index(archive).index.manifest.model
    made_calibration(archive, model=model)
    try:
        assert open_index(archive).settings.refuse_below == 0.7
        assert open_index(archive, settings=Settings()).settings.refuse_below == 0.7
        assert open_index(archive, settings=Settings(refuse_below=0.4)).settings.refuse_below == 0.4
        assert open_index(settings=Settings(data=archive, quotes=2)).settings.quotes == 2
    finally:
        (archive / FILE).unlink()
    assert open_index(archive).settings.refuse_below == DEFAULT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": 2}',
        '{"format": 1}',
        '{"format": 1, "curve": 3}',
        "\udcff",
        '{"format": 1, "curve": []}',
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexDamaged, match=r"calibration\.json: no calibration.*--reset"):
        calibrated(Settings.load(data=tmp_path), "tiny@1")


def test_a_threshold_out_of_range_is_not_used(tmp_path: Path) -> None:
    made_calibration(tmp_path / "data")
    file = tmp_path / "data" / FILE
    file.write_text(file.read_text("utf-8").replace('"refuse_below": 0.7', '"refuse_below": 1.7'), "utf-8")
    with pytest.raises(IndexDamaged):
        kept(tmp_path / "data")


def test_a_sketch_tells_how_much_of_an_archive_changed() -> None:
    few = [(f"a{number}", "1") for number in range(10)]
    assert changed(sketch(few), sketch(reversed(few))) == 0
    assert changed(sketch(few), sketch([*few[:8], ("a8", "2"), ("a9", "2")])) == pytest.approx(4 / 12)
    assert changed(sketch(few), sketch([])) == 1
    assert changed((), ()) == 0
    many = [(f"a{number}", "1") for number in range(6_000)]
    assert changed(sketch(many[:4_500]), sketch(many)) == pytest.approx(0.25, abs=0.06)
    assert len(sketch(many)) == 512


def test_the_doctor_says_whether_it_still_fits(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path / "data")
    now = sketch([("a", "1"), ("b", "1"), ("c", "1")])
    assert doctor._calibration(settings, "tiny@1", now) == []
    made_calibration(tmp_path / "data")
    [fits] = doctor._calibration(settings, "tiny@1", now)
    assert (fits.ok, fits.says) == (True, "refuses below 0.7, fitted on 2026-05-01 by 100 questions")
    [other] = doctor._calibration(settings, "tiny@1", sketch([("a", "1"), ("b", "2"), ("c", "2")]))
    assert not other.ok
    assert "80% of the articles are others since. Run `pullquote calibrate` again" in other.says
    [model] = doctor._calibration(settings, "other@1", now)
    assert not model.ok
    assert "not used" in model.says
    [told] = doctor._calibration(Settings.load(data=tmp_path / "data", refuse_below=0.2), "tiny@1", now)
    assert told.ok
    assert "not used: refuse_below is set to 0.2" in told.says
    made_calibration(tmp_path / "data", program="0.0.1")
    [old] = doctor._calibration(settings, "tiny@1", now)
    assert not old.ok
    (tmp_path / "data" / FILE).write_text("{", "utf-8")
    [damaged] = doctor._calibration(settings, "tiny@1", now)
    assert not damaged.ok
    assert "--reset" in damaged.says


# The command


def test_the_command_shows_and_forgets_what_is_kept(tmp_path: Path, run: Run) -> None:
    data = tmp_path / "data"
    code, out, _ = run("calibrate", "--data", data, "--show")
    assert (code, out) == (0, f"{data}: no calibration is kept; answers are refused below {DEFAULT:g}.\n")
    made_calibration(data)
    code, out, err = run("calibrate", "--data", data, "--show")
    assert (code, err) == (0, "")
    assert out.startswith("Refused below 0.7, fitted on 2026-05-01 by 100 questions")
    printed = json.loads(run("calibrate", "--data", data, "--show", "--json")[1])
    assert printed["refuse_below"] == 0.7
    assert printed["curve"] == [[0.5, 1.0, 0.5, 0.3]]
    (data / FILE).write_text("{", "utf-8")
    assert run("calibrate", "--data", data, "--show")[0] == 1
    assert run("calibrate", "--data", data, "--reset")[:2] == (
        0,
        f"{data}: forgotten; answers are refused below 0.5.\n",
    )
    assert "no calibration was kept" in run("calibrate", "--data", data, "--reset")[1]


def test_the_command_says_why_an_archive_is_too_small(archive: Path, run: Run) -> None:
    code, out, err = run("calibrate", "--data", archive)
    assert (code, out) == (1, "")
    assert "questions could be drafted from its 86 articles; at least 30" in err
    assert not (archive / FILE).exists()
    assert run("calibrate", "--data", archive, "--report", "nowhere/r.html")[0] == 1
    assert run("calibrate", "--data", archive, "--risk", "1.5")[0] == 2


def test_the_command_fits_and_says_so(
    town: Retriever, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embed.SentenceTransformerEmbedder", lambda _: TinyEmbedder())
    data = town.settings.data
    (data / FILE).write_text("{", "utf-8")  # what cannot be read is no reason not to make it anew
    code, out, err = run("calibrate", "--data", data, "--risk", "0.2", "--report", tmp_path / "r.html")
    assert (code, err) == (0, "")
    made = kept(data)
    assert made
    assert out.splitlines()[-2:] == [
        made.summary,
        f"Answers from {data} are refused below {made.refuse_below:g} from now on.",
    ]
    assert "in force" in out
    assert "<svg" in (tmp_path / "r.html").read_text("utf-8")
    assert not math.isnan(made.low)
