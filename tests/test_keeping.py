"""What is kept on the page, without the page: clicks by their names, and hostile words as text."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag import NotebookError, PullquoteError
from rag.chat import Chat
from rag.exports import FORMATS as WRITTEN
from rag.notebook import Notebook
from rag.notebook.store import Store
from rag.retrieve import Retriever
from tests.test_exports import HOSTILE, Page
from ui.keeping import Kept, Outcome, act, clip, judge, keep, linked, load
from ui.kept import FORMATS, found_html, judged_html, shelf_html
from ui.wording import wording

DAY = date(2026, 10, 1)
EN = wording("en")


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
    kept, said = keep(notebook, chat.branch(1), Kept())
    assert said == ""
    kept, _ = keep(notebook, chat, kept)
    assert len(kept.answers) == 2

    def click(action: str, key: str = "", text: str = "") -> Outcome:
        return act(EN, notebook, chat.retriever, kept, action, key, text)

    def panel(action: str, key: str = "", text: str = "") -> str:
        return click(action, key, text).panel or ""

    assert "How many geese" in panel("search", "", "geese")
    assert "has these words" in panel("search", "", "zyzzyva")
    opened = click("open", kept.conversation or "").loaded
    assert opened
    assert opened.kept == kept
    assert [turn.answer.to_json() for turn in opened.turns] == [turn.answer.to_json() for turn in chat.turns]
    assert "Another name" in panel("rename", kept.conversation or "", "Another name")
    found = linked(notebook, chat.retriever, kept.answers[1])
    assert found == opened
    assert linked(notebook.of("ada"), chat.retriever, kept.answers[1]) is None
    replaced, _ = keep(notebook, chat.branch(1), kept)
    alone = linked(notebook, chat.retriever, kept.answers[1])
    assert alone
    assert (alone.kept, [turn.question for turn in alone.turns]) == (Kept(), [chat.turns[1].question])
    kept = replaced
    gone = click("delete", kept.conversation or "")
    assert (gone.kept, "Another name" in (gone.panel or "")) == (Kept(), False)
    for action, key in (("open", "nope"), ("rename", "x"), ("move", ""), ("export", kept.conversation or "")):
        with pytest.raises(NotebookError):
            click(action, key)
    assert "Kept" in panel("<script>", "\0")
    again, said = keep(notebook, chat, kept)  # what was deleted meanwhile is kept as a new one
    assert said == ""
    assert again.conversation != kept.conversation
    assert load(notebook, chat.retriever, again.conversation or "").kept == again


def test_an_answer_is_said_to_be_good_or_bad_and_that_is_taken_back(chat: Chat, notebook: Notebook) -> None:
    kept, _ = keep(notebook, chat, Kept())
    for turn, way in ((2, "good"), (-1, "good"), ("0", "good"), (None, "bad"), (0, "so-so")):
        assert judge(notebook, kept, turn, way, "") is None
    bad = judge(notebook, kept, 0, "bad", "wrong")
    assert bad
    assert notebook.feedback.given() == list(bad.opinions.values())
    assert notebook.feedback.given()[0].reason == "wrong"
    assert load(notebook, chat.retriever, kept.conversation or "").kept == bad
    good = judge(notebook, bad, 0, "good", "not a reason of a good one")
    assert good
    assert [(each.up, each.reason) for each in notebook.feedback.given()] == [(True, "")]
    none = judge(notebook, good, 0, "good", "")
    assert none == kept
    assert notebook.feedback.given() == []
    assert 'aria-pressed="true"' in judged_html(EN, 0, bad.opinions[kept.answers[0]])
    assert 'aria-pressed="true"' not in judged_html(EN, 0, None)


def test_quotes_are_put_aside_and_taken_out(chat: Chat, notebook: Notebook) -> None:
    answer = chat.turns[0].answer
    assert "Put aside" in clip(EN, notebook, answer, 1)
    for number in (0, 99, "1", None, -1):
        assert clip(EN, notebook, answer, number) == ""
    [key] = [each.id for each in notebook.clippings.board()]

    def panel(action: str, text: str = "") -> str:
        return act(EN, notebook, chat.retriever, Kept(), action, key, text).panel or ""

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
        kept, said = keep(notebook, chat, Kept())
        assert kept == Kept()
        assert "bad.db" in said
        with pytest.raises(PullquoteError, match=r"bad\.db"):
            act(EN, notebook, chat.retriever, kept, "list", "", "")


def test_hostile_titles_and_searches_are_text(chat: Chat, notebook: Notebook) -> None:
    key, _ = notebook.conversations.save(chat)
    plain = [tag for tag, _ in Page(shelf_html(EN, notebook.conversations.recent())).tags]
    for text in HOSTILE:
        notebook.conversations.rename(key, text)
        page = Page(shelf_html(EN, notebook.conversations.recent()))
        assert [tag for tag, _ in page.tags] == plain
        assert not [name for _, given in page.tags for name in given if name.startswith("on")]
        assert [tag for tag, _ in Page(found_html(EN, [], text)).tags][:1] == ["section"]
