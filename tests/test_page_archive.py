"""The archive's page in a real browser: look, read, add, remove, restore, go back; and what is no business of it."""

import shutil
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, expect

from index.embed import SentenceTransformerEmbedder
from index.versions import Data
from rag import Retriever, Settings, SettingsError, state_of, take_away
from tests.browser import serving_here, visiting
from tests.test_page_axe import check
from tests.test_page_kept import view
from ui.library import work_html
from ui.wording import wording
from ui.work import Work

WORDS = "The lighthouse at Skarn Point was painted green by the keeper Orla Quist on 3 June 2026."
QUESTION = "Who painted the lighthouse at Skarn Point green?"


def test_an_article_is_added_asked_about_removed_and_restored(
    browser: Browser, archive: Path, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    shutil.copytree(archive, data := tmp_path / "data")
    retriever = Retriever(Settings.load(data=data), embedder)
    (tmp_path / "2026-06-04 lighthouse.txt").write_text(f"Green light\n\n{WORDS}\n", "utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with serving_here(retriever) as url, visiting(browser, url) as visit:
        page = visit.page
        page.on("dialog", lambda dialog: dialog.accept())
        view(page, "Archive")
        expect(page.locator("#library .shelf li")).to_have_count(25)
        page.get_by_role("button", name="Show more (61 left)").click()
        expect(page.locator("#library .shelf li")).to_have_count(50)
        page.get_by_role("button", name="Add to the archive").click()
        expect(page.locator("#work")).to_contain_text("Choose a file or paste a link first.")
        page.locator("#files input").set_input_files([tmp_path / "2026-06-04 lighthouse.txt", tmp_path / "broken.pdf"])
        page.get_by_label("Links to pages").fill("http://127.0.0.1:9/")
        expect(page.locator("#files")).to_contain_text("broken")
        page.get_by_role("button", name="Add to the archive").click()
        expect(page.locator("#work")).to_contain_text("The archive now has 87 articles: 1 new")
        expect(page.locator("#work .refused li").filter(has_text="broken.pdf")).to_be_visible()
        expect(page.locator("#work .refused li").filter(has_text="127.0.0.1")).to_be_visible()
        assert str(data) not in page.locator("#work").inner_text()
        # What came to nothing is named, with why, and can be taken away; the other file stays.
        nothing = page.locator("#state .versions li").filter(has_text="broken.pdf")
        expect(nothing).to_contain_text("PDF")
        expect(page.locator("#masthead")).to_contain_text("87 articles")
        check(page)
        assert sorted(each.name for each in (data / "added").iterdir()) == ["2026-06-04 lighthouse.txt", "broken.pdf"]
        nothing.get_by_role("button", name="Take away").click()
        expect(nothing).to_have_count(0)
        assert [each.name for each in (data / "added").iterdir()] == ["2026-06-04 lighthouse.txt"]
        for name in ("2026-06-04 lighthouse.txt", "../catalog.db", "", ".."):
            with pytest.raises(SettingsError, match="no file that was added and gave no article"):
                take_away(name, data)
        assert not [each for each in state_of(data).sources if each.startswith("http")]

        view(page, "Questions")
        turn = visit.ask(QUESTION)
        expect(turn.locator("blockquote").first).to_contain_text("Orla Quist")

        view(page, "Archive")
        page.get_by_label("Title, publisher").fill("lighthouse 2026-06")
        page.get_by_label("Title, publisher").press("Enter")
        expect(page.locator("#library .shelf li")).to_have_count(1)
        page.locator("#library .shelf button").click()
        expect(page.locator("#library .body")).to_contain_text(WORDS)
        check(page)
        page.get_by_role("button", name="Remove from the archive").click()
        expect(page.locator("#library .hint")).to_contain_text("no such article")
        expect(page.locator("#masthead")).to_contain_text("86 articles")
        view(page, "Questions")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        turn = visit.ask(QUESTION)
        expect(turn).not_to_contain_text("Orla")

        view(page, "Archive")
        page.get_by_role("button", name="Removed").click()
        page.get_by_role("button", name="Restore").click()
        expect(page.locator("#masthead")).to_contain_text("87 articles")
        before = state_of(data).current
        page.get_by_role("button", name="Go back to this").first.click()
        expect(page.locator("#masthead")).to_contain_text("86 articles")
        assert before != state_of(data).current

        with Data(data).locked():  # somebody builds from the command line
            page.get_by_role("button", name="Articles", exact=True).click()
            page.get_by_label("Links to pages").fill("http://127.0.0.1:9/")
            page.get_by_role("button", name="Add to the archive").click()
            expect(page.locator("#work")).to_contain_text("another build is running here")


def test_an_article_leads_to_its_story_and_to_who_said_what(browser: Browser, site: str) -> None:
    with visiting(browser, site) as visit:
        page = visit.page
        view(page, "Archive")
        page.get_by_label("Title, publisher").fill("tallow bridge")
        page.get_by_label("Title, publisher").press("Enter")
        page.get_by_role("button", name="The story of “tallow bridge”").click()
        told = page.locator("#library .story > li")
        expect(told.nth(3)).to_be_visible()
        days = [each.get_attribute("datetime") for each in page.locator(".story .kicker time").all()]
        assert days == sorted(days, key=str)
        expect(page.get_by_role("heading", name="The story of “tallow bridge”")).to_be_focused()
        who = page.locator("#library .story summary").first
        who.click()
        expect(page.locator("#library .said dt").first).to_be_visible()
        check(page)
        title = told.first.locator("h3").inner_text()
        told.first.locator("h3 button").click()
        expect(page.locator("#library .reader .headline")).to_have_text(title)
        page.get_by_role("button", name="The story", exact=True).click()
        expect(page.get_by_role("heading", name=f"The story of “{title}”")).to_be_visible()
        page.get_by_role("button", name="Back to the article").click()
        expect(page.locator("#library .reader .headline")).to_have_text(title)


def test_nobody_reads_or_adds_what_is_elsewhere_on_the_machine(
    browser: Browser, quick: Retriever, tmp_path: Path
) -> None:
    (tmp_path / "program.exe").write_bytes(b"MZ")
    before = state_of(quick.settings.data)
    with serving_here(quick) as url, visiting(browser, url) as visit:
        page = visit.page
        view(page, "Archive")
        for typed in ("/etc/passwd", "file:///etc/passwd"):
            page.get_by_label("Links to pages").fill(typed)
            page.get_by_role("button", name="Add to the archive").click()
            expect(page.locator("#work")).to_contain_text(typed)
        expect(page.locator("#work [role=alert]")).to_be_visible()
        # What a browser may send that is not of ours.
        page.locator("#library").evaluate(
            """panel => {
                const button = panel.querySelector("[data-act=read]");
                button.dataset.id = "../../../etc/passwd";
                button.click();
            }"""
        )
        expect(page.locator("#note")).to_contain_text("etc/passwd")
    assert state_of(quick.settings.data).versions == before.versions


def test_one_thing_at_a_time() -> None:
    work, go, begun = Work(), Event(), Event()

    def slowly(progress: object) -> None:
        begun.set()
        assert go.wait(60)
        raise RuntimeError("secret")

    assert work.start(slowly)
    assert begun.wait(60)
    assert not work.start(slowly)
    assert "Begun" in work_html(wording("en"), work.now)
    following = work.follow()
    assert next(following).running
    go.set()
    [ended] = following
    assert "Something went wrong" in work_html(wording("en"), ended)
    assert "secret" not in str(ended)
    assert work.start(lambda progress: None)


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_stage_of_a_build_has_a_name(language: str) -> None:
    for stage in ("fetching", "reading", "embedding", "writing"):
        assert f"stage_{stage}" in wording(language).texts
