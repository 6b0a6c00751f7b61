"""What is kept, in a real browser: conversations, clippings, thumbs, links, downloads; and each person's apart."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from rag import Retriever, read_receipt, verify
from tests.browser import ANSWERED, QUOTED, UNANSWERED, Visit, serving_here, visiting
from tests.test_page_axe import check


def view(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("button", name=name).click()


def download(page: Page, name: str) -> str:
    with page.expect_download() as saved:
        page.get_by_role("link", name=name).click()
    return Path(saved.value.path()).read_text("utf-8")


def test_a_conversation_is_kept_found_renamed_taken_along_and_deleted(
    browser: Browser, quick: Retriever, tmp_path: Path
) -> None:
    with serving_here(quick, notebook=tmp_path / "n.db") as url:
        with visiting(browser, url) as visit:
            visit.ask(ANSWERED)
            visit.ask("How many geese were counted?")
            first, second = (visit.page.locator(f"#turn-{turn}").get_attribute("data-answer") for turn in (0, 1))
            quote = visit.page.locator("#turn-0 blockquote").first.inner_text()
        with visiting(browser, url) as visit:  # later, in another browser
            page = visit.page
            view(page, "Kept")
            expect(page.locator(".shelf li")).to_have_count(1)
            check(page)
            page.get_by_role("button", name=ANSWERED).click()
            expect(page.locator(".turn h2")).to_have_text([ANSWERED, "How many geese were counted?"])
            expect(page.locator("#turn-0 blockquote").first).to_have_text(quote)
            visit.ask("And when?")
            assert page.locator("#turn-1").get_attribute("data-answer") == second

            view(page, "Kept")
            expect(page.locator(".shelf li")).to_contain_text("3 answers")
            page.get_by_text("Rename").first.click()
            page.get_by_label("Another title").fill("<b>Tuba & geese</b>")
            page.get_by_label("Another title").press("Enter")
            expect(page.locator(".shelf [data-act=open]")).to_have_text("<b>Tuba & geese</b>")
            page.get_by_label("Search what was asked").fill("geese")
            page.get_by_label("Search what was asked").press("Enter")
            expect(page.get_by_role("heading", name="Found")).to_be_visible()
            page.locator(".shelf [data-act=open]").first.click()
            expect(page.locator("#turn-1")).to_be_in_viewport()

            view(page, "Kept")
            page.get_by_role("button", name="Export").click()
            check(page)
            assert "108-year-old tuba" in download(page, "Markdown")
            assert "@article{" in download(page, "BibTeX")
            assert "TY  - " in download(page, "RIS")
            assert json.loads(download(page, "CSL-JSON"))
            assert "<blockquote" in download(page, "HTML")

        with visiting(browser, f"{url}/?answer={first}", waits=".turn") as visit:
            page = visit.page
            expect(page.locator(".turn")).to_have_count(3)
            expect(page.locator("#turn-0")).to_be_in_viewport()
            page.on("dialog", lambda dialog: dialog.accept())
            view(page, "Kept")
            page.get_by_role("button", name="Delete").click()
            expect(page.locator("#kept .hint")).to_contain_text("What you ask is kept")
            view(page, "Questions")
            visit.ask("Who won the mayoral election?")  # goes on, and is kept as a new one
            view(page, "Kept")
            expect(page.locator(".shelf li")).to_have_count(1)
        with visiting(browser, f"{url}/?answer={first}") as visit:
            expect(visit.page.locator("#note")).to_contain_text("leads to no answer")


def test_quotes_are_put_aside_copied_and_judged(visit: Visit) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = visit.ask(ANSWERED)
    card = page.locator("#card-0-1")
    card.get_by_role("button", name="Copy with citation").click()
    expect(card.locator("[data-copy]")).to_have_text("Copied")
    assert QUOTED in page.evaluate("navigator.clipboard.readText()")
    card.get_by_role("button", name="Put aside").click()
    expect(page.locator("#note")).to_contain_text("Put aside")

    turn.get_by_role("button", name="A bad answer").click()
    expect(turn.get_by_role("button", name="A bad answer")).to_be_focused()
    turn.get_by_role("button", name="out of date").click()
    expect(turn.get_by_role("button", name="out of date")).to_have_attribute("aria-pressed", "true")
    check(page)
    turn.get_by_role("button", name="A good answer").click()
    expect(turn.get_by_role("button", name="A good answer")).to_have_attribute("aria-pressed", "true")
    expect(turn.locator(".why")).to_have_count(0)

    view(page, "Kept")
    page.get_by_role("button", name="Clippings").click()
    clipping = page.locator(".board li")
    expect(clipping.locator("blockquote")).to_contain_text(QUOTED)
    clipping.get_by_text("Note and tags").click()
    page.get_by_label("Note", exact=True).fill("for the lead")
    page.get_by_role("button", name="Keep note").click()
    expect(clipping.locator(".note")).to_have_text("for the lead")
    check(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#kept .hint")).to_contain_text("No quote is put aside")


def test_one_answer_is_taken_along_with_a_receipt_that_holds(
    visit: Visit, retriever: Retriever, tmp_path: Path
) -> None:
    page = visit.page
    for question in (ANSWERED, UNANSWERED):
        turn = visit.ask(question)
        turn.get_by_role("button", name="Export").click()
        expect(page.locator("#sources").get_by_role("heading", name=question, exact=True)).to_be_visible()
        check(page)
        (tmp_path / "receipt.json").write_text(download(page, "Receipt"), "utf-8")
        receipt, sealed = read_receipt(tmp_path / "receipt.json")
        assert sealed
        assert verify(receipt, retriever.index).holds
    assert QUOTED in download(page, "Markdown") or UNANSWERED in download(page, "Markdown")
