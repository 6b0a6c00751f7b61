"""The archive's page as HTML: hostile words are text, and each click names what it does."""

from datetime import date
from pathlib import Path

import pytest

from rag import BuildReport, ListedArticle, State, Version
from tests.rendered import article
from tests.test_exports import HOSTILE, Page
from ui.holding import Holding
from ui.library import Query, list_html, read_html, state_html, work_html
from ui.wording import wording
from ui.work import Standing

EN = wording("en")
KNOWN = {
    "a",
    "article",
    "bdi",
    "br",
    "button",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "form",
    "h2",
    "h3",
    "input",
    "li",
} | {*("ol", "p", "progress", "section", "span", "strong", "summary", "time", "ul", "svg")}


def harmless(markup: str) -> None:
    for tag, given in Page(markup).tags:
        assert tag in KNOWN
        assert not [name for name in given if name.startswith("on")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_text(text: str) -> None:
    for removed in (None, date(2026, 1, 1)):
        harmless(list_html(EN, [ListedArticle(text, text, text, None, removed)], Query(text)))
    harmless(read_html(EN, article(text=f"{text} ", title=text)))
    harmless(state_html(EN, State((Version(text, False, text, 1, 1, text),), (text,), 1, (text,))))
    harmless(work_html(EN, Standing(problem=text)))
    harmless(work_html(EN, Standing(report=BuildReport(refused=[text], notes=[text]))))
    harmless(work_html(EN, Standing(running=True, stage=text, done=1, total=2)))


def test_paths_of_the_server_are_not_shown() -> None:
    report = BuildReport(refused=["/home/ada/.pullquote/added/x.pdf: broken"])
    shown = work_html(EN, Standing(report=report), Path("/home/ada/.pullquote"))
    assert "x.pdf: broken" in shown
    assert "/home/ada" not in shown


def test_what_one_clicks_chooses_what_is_listed(tmp_path: Path) -> None:
    holding = Holding(tmp_path)
    query = holding.asked(Query(), "find", "tuba")
    query = holding.asked(holding.asked(query, "removed", ""), "more", "")
    assert query == Query("tuba", True, 50)
    assert holding.asked(query, "all", "") == Query("tuba")
    assert holding.asked(query, "back", "") == query
    assert holding.change("read", "x") is None
    assert "no index here yet" in holding.listed(EN, query)
    assert "no archive yet" in holding.state(EN)
