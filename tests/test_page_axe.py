"""The page for everyone: axe-core finds nothing in any view, in either mode, on any window."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import UNANSWERED, Visit, visiting

# WCAG 2.2 AA, and what axe-core calls best practices. Of Gradio's own elements none breaks these, so none is excepted.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def check(page: Page) -> None:
    """See that axe-core finds nothing, and that the page is no wider than its window."""
    page.evaluate(AXE)
    said: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    found = [
        (each["id"], node["target"], node["failureSummary"]) for each in said["violations"] for node in each["nodes"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def answer_with_two_sides(visit: Visit) -> None:
    visit.ask("How much did the repair of the Tallow Bridge cost?")
    expect(visit.page.locator(".beside .pull")).to_have_count(2)
    visit.page.locator(".edit summary").click()


def article(visit: Visit) -> None:
    visit.page.locator(".marker").first.click()
    visit.page.get_by_role("button", name="Open article").first.click()
    expect(visit.page.locator("#opened")).to_be_in_viewport()


def choosing(visit: Visit) -> None:
    button = visit.page.get_by_role("button", name="Choose articles")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(visit.page.get_by_role("group", name="Publishers")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height", "mode"), [(1366, 768, "light"), (1366, 768, "dark"), (320, 640, "light"), (3840, 2160, "light")]
)
def test_axe_finds_nothing(browser: Browser, site: str, width: int, height: int, mode: str) -> None:
    with visiting(browser, site, width, height, color_scheme=mode) as visit:
        page = visit.page
        expect(page.locator(".scope")).to_be_visible()
        check(page)
        answer_with_two_sides(visit)
        check(page)
        if width > 2000:
            return
        article(visit)
        check(page)
        if width < 400:
            page.get_by_role("button", name="Close").click()
        choosing(visit)
        check(page)
        page.keyboard.press("Escape")
        visit.ask(UNANSWERED)
        check(page)
        page.locator("#turn-0").get_by_role("button", name="Pictures").click()
        expect(page.locator(".picture")).to_have_count(3)
        check(page)
        if width < 400:
            page.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Keys").click()
        expect(page.get_by_role("dialog", name="By keyboard")).to_be_visible()
        check(page)
