"""The page as a person meets it: the sample archive, the real server, a real browser."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import ANSWERED, QUOTED, UNANSWERED, Visit, visiting
from tests.conftest import ROOT


@contextmanager
def serving(data: Path) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "rag.cli", "serve", "--data", str(data), "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+$", said.strip())
            assert found, said
            yield found.group()
        finally:
            server.terminate()


def test_says_what_the_archive_holds_and_offers_questions(visit: Visit) -> None:
    page = visit.page
    assert page.title() == "Pullquote"
    expect(page.locator(".welcome")).to_contain_text("86 articles")
    examples = page.locator("[data-ask]")
    assert examples.count() >= 3
    question = examples.first.inner_text()
    examples.first.click()
    expect(page.locator(".turn h2")).to_have_text(question)
    expect(page.locator(".turn .answer")).to_be_visible()


def test_an_answer_leads_to_its_words_in_the_article(visit: Visit) -> None:
    page = visit.page
    visit.ask(ANSWERED)
    expect(page.locator(".pull blockquote").first).to_contain_text(QUOTED)
    quote = page.locator(".pull blockquote").first.text_content()
    card = page.locator("#card-0-1")
    assert card.locator("mark").text_content() == quote
    page.locator(".marker").first.click()
    expect(card).to_be_focused()

    card.get_by_role("button", name="Open article").click()
    mark = page.locator("#opened")
    expect(mark).to_be_in_viewport()
    assert mark.text_content() == quote
    assert page.locator(".reader .body p").count() > 3
    page.get_by_role("button", name="Back to sources").click()
    expect(card).to_be_focused()


def test_the_mark_of_a_long_article_is_scrolled_to(visit: Visit) -> None:
    page = visit.page
    visit.ask("Which words were cast in capitals round the shoulder, that nobody alive had seen?")
    page.locator(".card", has_text="I CALL THE LATE").get_by_role("button", name="Open article").click()
    expect(page.locator("#opened")).to_contain_text("I CALL THE LATE")
    expect(page.locator("#opened")).to_be_in_viewport()
    expect(page.locator(".reader .headline")).not_to_be_in_viewport()


def test_a_refusal_quotes_nothing(visit: Visit) -> None:
    page = visit.page
    visit.ask(UNANSWERED)
    expect(page.locator(".refusal")).to_contain_text("The articles do not say.")
    expect(page.locator(".refusal")).to_contain_text("86 articles searched")
    assert page.locator("blockquote, mark").count() == 0
    expect(page.get_by_role("heading", name="Not an answer, but near")).to_be_visible()
    page.get_by_role("button", name="Open article").first.click()
    expect(page.locator("#opened")).to_be_in_viewport()
    assert page.locator("mark").count() == 0


def test_a_conversation_goes_on_and_begins_anew(visit: Visit) -> None:
    page = visit.page
    visit.ask(ANSWERED)
    visit.ask(UNANSWERED)
    expect(page.locator(".sources.near")).to_be_visible()
    page.locator("#turn-0 .marker").first.click()
    expect(page.locator("#card-0-1")).to_be_focused()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".welcome")).to_be_visible()
    assert page.locator(".turn, .card").count() == 0
    visit.ask(ANSWERED)
    expect(page.locator("#card-0-1 mark")).to_contain_text(QUOTED)


def test_what_is_searched_for_is_shown_and_corrected(visit: Visit) -> None:
    page = visit.page
    visit.ask(UNANSWERED)
    visit.ask("And who owns it?")
    expect(page.locator(".asked")).to_contain_text("Searching for: And who owns")
    page.get_by_label("Your question").fill("not yet asked")
    page.get_by_text("Search for something else").click()
    field = page.get_by_label("What to search for")
    assert "Tallow Bridge" in field.input_value()
    field.fill(ANSWERED)
    page.get_by_role("button", name="Search again").click()
    expect(page.locator("#turn-1 .asked")).to_have_text(f"Searching for: {ANSWERED}")
    expect(page.locator("#turn-1 .pull").first).to_contain_text(QUOTED)
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert page.locator(".turn").count() == 2
    expect(page.locator("#turn-1 h2")).to_have_text("And who owns it?")
    expect(page.get_by_label("Your question")).to_have_value("not yet asked")
    visit.ask("Who won the mayoral election in Varrowmouth?")
    assert page.locator(".correct").count() == 0


@pytest.mark.parametrize(
    ("question", "as_of", "said"),
    [
        ("", "", "Type a question first."),
        ("   ", "", "Type a question first."),
        ("tuba " * 20_000, "", "at most 2,000"),
        (ANSWERED, "31 February", "“31 February” is not a date"),
    ],
)
def test_what_cannot_be_asked_is_said_plainly(visit: Visit, question: str, as_of: str, said: str) -> None:
    page = visit.page
    page.get_by_label("As of").fill(as_of)
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value(question)


def test_the_day_of_asking_is_said(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("As of").fill("12 Feb 2026")
    visit.ask("What is the latest on the Tallow Bridge?")
    expect(page.locator(".asked")).to_contain_text("As of 12 Feb 2026")


def test_markup_in_a_question_is_only_text(visit: Visit) -> None:
    question = "<img src=x onerror=\"document.title='hit'\"> ${document.title='hit'} {{value}} where is the tuba?"
    visit.ask(question)
    expect(visit.page.locator(".turn h2")).to_have_text(question)
    assert visit.page.title() == "Pullquote"
    assert visit.page.locator(".turn img").count() == 0


def test_people_do_not_see_each_others_answers(browser: Browser, site: str) -> None:
    with visiting(browser, site) as one, visiting(browser, site) as other:
        one.page.get_by_label("Your question").fill(ANSWERED)
        other.page.get_by_label("Your question").fill(UNANSWERED)
        one.page.keyboard.press("Enter")
        other.page.keyboard.press("Enter")
        expect(one.page.locator(".pull").first).to_contain_text(QUOTED)
        expect(other.page.locator(".refusal")).to_be_visible()
        assert one.page.locator(".turn").count() == other.page.locator(".turn").count() == 1


def test_a_telephone_shows_all_of_it(browser: Browser, site: str) -> None:
    with visiting(browser, site, 375, 812) as visit:
        page = visit.page
        visit.ask(ANSWERED)
        expect(page.locator("#side")).to_be_hidden()
        page.locator(".marker").first.click()
        expect(page.locator("#card-0-1")).to_be_focused()
        page.locator(".card").first.get_by_role("button", name="Open article").click()
        expect(page.locator("#opened")).to_be_in_viewport()
        page.get_by_role("button", name="Close").click()
        expect(page.locator("#side")).to_be_hidden()
        expect(page.locator(".marker").first).to_be_focused()
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 812})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/docs", "/gradio_api/info", "/gradio_api/upload", "/gradio_api/file=README.md"])
def test_nothing_but_the_page_is_served(site: str, path: str) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(site + path, timeout=60)  # noqa: S310 - the server that this test started


def test_without_an_index_the_page_says_so_and_then_finds_it(browser: Browser, archive: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    with serving(later) as url, visiting(browser, url) as visit:
        page = visit.page
        expect(page.get_by_role("heading", name="Nothing to ask yet")).to_be_visible()
        expect(page.locator(".welcome")).to_contain_text("pullquote build")
        page.get_by_label("Your question").fill(ANSWERED)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("pullquote build")
        # What a build leaves behind; another build would take another minute.
        shutil.copytree(archive, tmp_path / "built")
        (tmp_path / "built").rename(later)
        expect(page.get_by_role("heading", name="Ask the archive")).to_be_visible()
        visit.ask(ANSWERED)
        expect(page.locator("#card-0-1 mark")).to_contain_text(QUOTED)
