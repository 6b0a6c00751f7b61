"""What is kept on the page: clicks by their names, hostile words as text, and the panel in a real browser."""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from rag.chat import Chat
from rag.exports import FORMATS as WRITTEN
from rag.notebook import Notebook
from rag.notebook.store import Store
from rag.retrieve import Retriever
from rag.users import Users
from tests.process import Child
from tests.test_exports import HOSTILE, Page
from ui.keeping import Kept, Outcome, act, asking, clip, keep, linked
from ui.kept import FORMATS, found_html, shelf_html

DAY = date(2026, 10, 1)


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with Notebook(Store(tmp_path / "n.db")) as made:
        yield made


@pytest.fixture(scope="module")
def chat(quick: Retriever) -> Chat:
    made = Chat(quick)
    made.ask("Where was the stolen tuba found?", DAY)
    made.ask("How many geese were counted?", DAY)
    return made


def test_the_formats_offered_are_those_that_are_written() -> None:
    assert list(FORMATS) == list(WRITTEN)


def test_clicks_search_open_name_judge_and_delete(chat: Chat, notebook: Notebook) -> None:
    kept, said = keep(notebook, chat.retriever, chat.turns[:1], Kept())
    assert said == ""
    kept, _ = keep(notebook, chat.retriever, chat.turns, kept)
    assert len(kept.answers) == 2

    def click(action: str, key: str = "", text: str = "") -> Outcome:
        return act(notebook, chat.retriever, kept, action, key, text)

    assert "How many geese" in click("search", "", "geese").panel
    assert "has these words" in click("search", "", "zyzzyva").panel
    opened = click("open", kept.conversation or "")
    assert opened.kept == kept
    assert opened.turns is not None
    assert [turn.answer.to_json() for turn in opened.turns] == [turn.answer.to_json() for turn in chat.turns]
    assert "Another name" in click("rename", kept.conversation or "", "Another name").panel
    assert 'aria-pressed="true"' in click("bad", kept.answers[0], "wrong").panel
    assert notebook.feedback.given()[0].reason == "wrong"
    found = linked(notebook, chat.retriever, kept.answers[1])
    assert found is not None
    assert found.turn.question == chat.turns[1].question
    assert linked(notebook.of("ada"), chat.retriever, kept.answers[1]) is None
    gone = click("delete", kept.conversation or "")
    assert (gone.kept, "Another name" in gone.panel) == (Kept(), False)
    for action, key in (
        ("open", "nope"),
        ("rename", "x"),
        ("bad", "../x"),
        ("move", ""),
        ("export", kept.conversation or ""),
    ):
        assert 'role="alert"' in click(action, key).panel
    assert "Kept" in click("<script>", "\0").panel


def test_quotes_are_put_aside_and_taken_out(chat: Chat, notebook: Notebook) -> None:
    answer = chat.turns[0].answer
    assert "Put aside" in clip(notebook, answer, 1)
    for number in (0, 99, "1", None, -1):
        assert clip(notebook, answer, number) == ""
    [key] = [each.id for each in notebook.clippings.board()]

    def panel(action: str, text: str = "") -> str:
        return act(notebook, chat.retriever, Kept(), action, key, text).panel

    page = Page(panel("note", "\nfirst line\n<b>second"))
    assert page.texts["blockquote"] == [answer.quotes[0].text]
    assert notebook.clippings.board()[0].note == "\nfirst line\n<b>second"
    assert "\n\nfirst line\n&lt;b&gt;second</textarea>" in panel("tags", "a, b")
    links = re.findall(r'download="([^"]+)" href="data:[^"]*;base64,([^"]+)"', panel("export-board"))
    assert [name for name, _ in links] == [f"clippings{each.ending}" for each in WRITTEN.values()]
    assert json.loads(base64.b64decode(dict(links)["clippings.json"]))[0]["type"] == "article-newspaper"
    assert "No quote is put aside" in panel("remove")


def test_a_damaged_notebook_does_not_take_the_chat_down(chat: Chat, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"x" * 5_000)
    with Notebook(Store(tmp_path / "bad.db")) as notebook:
        kept, said = keep(notebook, chat.retriever, chat.turns, Kept())
        assert kept == Kept()
        assert "This answer is not kept: " in said
        assert 'role="alert"' in act(notebook, chat.retriever, kept, "list", "", "").panel


def test_hostile_titles_and_searches_are_text(chat: Chat, notebook: Notebook) -> None:
    key, _ = notebook.conversations.save(chat)
    plain = [tag for tag, _ in Page(shelf_html(notebook.conversations.recent())).tags]
    for text in HOSTILE:
        notebook.conversations.rename(key, text)
        page = Page(shelf_html(notebook.conversations.recent()))
        assert [tag for tag, _ in page.tags] == plain
        assert not [name for _, given in page.tags for name in given if name.startswith("on")]
        assert [tag for tag, _ in Page(found_html([], text)).tags][:1] == ["section"]


# The server


def test_only_users_are_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.users._N", 2**4)
    users = Users(tmp_path / "users.txt")
    users.add("ada", "correct horse")
    verified = asking(users)
    assert asyncio.run(verified("ada", "correct horse"))
    assert not asyncio.run(verified("ada", "wrong horse"))
    users.file.write_text("damaged", "utf-8")
    assert not asyncio.run(verified("ada", "correct horse"))


CODE = """
import sys
from pathlib import Path
import fastapi, gradio as gr, uvicorn
from rag.notebook import Notebook
from rag.notebook.store import Store
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder
from ui.app import _listen
from ui.archive import Archive
from ui.keeping import lay_out, wire

archive = Archive(lambda: Retriever(Settings.load(data=sys.argv[1]), TinyEmbedder(max_pieces=254)))
with gr.Blocks(analytics_enabled=False) as page:
    asked = gr.HTML("", elem_id="asked")
    show = lambda turns: [turns[-1].question]
    wire(page, lay_out(), archive, Notebook(Store(Path(sys.argv[2]))), show, [asked])
app = gr.mount_gradio_app(fastapi.FastAPI(), page, path="/", ssr_mode=False)
listening = _listen("127.0.0.1", 0)
print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])
"""


def test_the_panel_in_a_browser(chat: Chat, notebook: Notebook, tmp_path: Path) -> None:
    notebook.conversations.save(chat)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "this test needs Chromium"
    with (
        Child(CODE, str(chat.retriever.settings.data), str(tmp_path / "n.db")) as server,
        sync_playwright() as playwright,
    ):
        url = server.next()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.set_default_timeout(60_000)
        tab.goto(url)
        tab.get_by_role("button", name="Where was the stolen tuba found?").click()
        expect(tab.locator("#asked")).to_contain_text("How many geese were counted?", timeout=60_000)
        tab.get_by_label("Search what was asked").fill("geese")
        tab.get_by_role("button", name="Search").click()
        expect(tab.locator("#kept h2")).to_have_text("Found", timeout=60_000)
        tab.get_by_role("button", name="All").click()
        tab.get_by_role("button", name="Export").click()
        with tab.expect_download() as download:
            tab.get_by_role("link", name="BibTeX").click()
        assert "@article{" in Path(download.value.path()).read_text("utf-8")
        browser.close()
