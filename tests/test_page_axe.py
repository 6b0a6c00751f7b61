"""The page for everyone: axe-core finds nothing in any view, in both modes, and all of it works from the keyboard."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import ANSWERED, UNANSWERED, Visit, visiting

# WCAG 2.2 AA and what axe-core calls best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRADIO: dict[str, str] = {}
"""What Gradio itself does against them, by the rule's id: the element that it does it in."""


def found(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe-core finds that is not Gradio's: rule, element, what is wrong with it."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    said: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        (each["id"], str(node["target"][0]), node["failureSummary"])
        for each in said["violations"]
        for node in each["nodes"]
        if not str(node["target"][0]).startswith(GRADIO.get(each["id"], "\0"))
    ]


def welcome(visit: Visit) -> None:
    expect(visit.page.locator(".scope")).to_be_visible()


def answered(visit: Visit) -> None:
    visit.ask(ANSWERED)


def differing(visit: Visit) -> None:
    visit.ask("How much did the repair of the Tallow Bridge cost?")
    expect(visit.page.locator(".beside .pull")).to_have_count(2)
    visit.page.locator(".edit summary").click()


def refused(visit: Visit) -> None:
    visit.ask(UNANSWERED)


def opened(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.locator(".marker").first.click()
    visit.page.get_by_role("button", name="Open article").first.click()
    expect(visit.page.locator("#opened")).to_be_in_viewport()


def drawn(visit: Visit) -> None:
    visit.ask(ANSWERED)
    visit.page.get_by_role("button", name="Pictures").click()
    expect(visit.page.locator(".picture")).to_have_count(3)


def choosing(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Choose articles").click()
    expect(visit.page.locator("#publishers")).to_be_visible()


def helped(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Keys").click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()


@pytest.fixture(scope="module", params=["light", "dark", "telephone"])
def person(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    size = (320, 640) if request.param == "telephone" else (1366, 768)
    mode = "dark" if request.param == "dark" else "light"
    with visiting(browser, site, *size, color_scheme=mode) as visit:
        yield visit


@pytest.mark.parametrize("view", [welcome, answered, differing, refused, opened, drawn, choosing, helped])
def test_axe_finds_nothing_that_is_ours(person: Visit, view: Callable[[Visit], None]) -> None:
    person.page.reload()
    person.page.locator(".welcome").wait_for()
    view(person)
    assert found(person.page) == []
    width = person.page.viewport_size
    assert width
    assert person.page.evaluate("document.documentElement.scrollWidth") <= width["width"], "nothing scrolls sideways"
