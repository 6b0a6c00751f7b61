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


def press(page: Page, selector: str) -> None:
    """Press the first of them, which may be named in any language."""
    page.locator(selector).first.click()


def answer_with_two_sides(visit: Visit) -> None:
    visit.ask("How much did the repair of the Tallow Bridge cost?")
    expect(visit.page.locator(".beside .pull")).to_have_count(2)
    press(visit.page, ".edit summary")


def article(page: Page) -> None:
    press(page, ".marker")
    press(page, "#sources [data-open]")
    expect(page.locator("#opened")).to_be_in_viewport()


def choosing(page: Page) -> None:
    press(page, "[data-choose]")
    expect(page.locator("[data-choose]")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#publishers")).to_be_visible()


def kept_and_clippings(page: Page) -> None:
    press(page, "[data-view=kept]")
    expect(page.locator("#kept .shelf")).to_be_visible()
    check(page)
    press(page, "#kept [data-act=board]")
    press(page, "#kept .board summary")
    check(page)
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "#kept [data-act=remove]")  # other tests are at the same board
    expect(page.locator("#kept .board")).to_have_count(0)
    check(page)


def archive_and_story(page: Page) -> None:
    press(page, "[data-view=archive]")
    expect(page.locator("#library .shelf")).to_be_visible()
    expect(page.locator("#state dl")).to_be_visible()
    check(page)
    press(page, "#library [data-act=read]")
    expect(page.locator("#library .reader")).to_be_visible()
    check(page)
    press(page, "#library [data-act=story]")
    press(page, "#library .story summary")
    check(page)


@pytest.mark.parametrize(
    ("width", "height", "mode", "language"),
    [(1366, 768, "light", "en"), (1366, 768, "dark", "de"), (320, 640, "light", "de"), (3840, 2160, "light", "en")],
)
def test_axe_finds_nothing(browser: Browser, site: str, width: int, height: int, mode: str, language: str) -> None:
    with visiting(browser, site, width, height, color_scheme=mode, locale=language) as visit:
        page = visit.page
        expect(page.locator(".scope")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        check(page)
        answer_with_two_sides(visit)
        check(page)
        if width > 2000:
            return
        article(page)
        check(page)
        press(page, "#sources [data-back]")
        press(page, "#sources [data-clip]")
        expect(page.locator("#note p")).to_be_visible()
        check(page)

        def close() -> None:
            if width < 400:  # the sources lie over the page
                press(page, "#side .close")

        close()
        choosing(page)
        check(page)
        page.keyboard.press("Escape")
        visit.ask(UNANSWERED)
        check(page)
        press(page, "#turn-0 [data-pictures]")
        expect(page.locator(".picture")).to_have_count(3)
        press(page, ".numbers summary")
        check(page)
        close()
        press(page, "#turn-0 [data-export]")
        expect(page.locator(".export")).to_be_visible()
        check(page)
        close()
        press(page, "[data-help]")
        expect(page.get_by_role("dialog")).to_be_visible()
        check(page)
        press(page, "[data-close]")
        kept_and_clippings(page)
        archive_and_story(page)
