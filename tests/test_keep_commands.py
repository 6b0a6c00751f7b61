"""The commands over what people keep."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.load.own import is_own_export
from rag.arguments import FORMATS
from rag.chat import Chat
from rag.evaluation.evaluate import read_questions
from rag.exports import FORMATS as WRITTEN
from rag.notebook import open_notebook
from rag.retrieve import Retriever
from tests.conftest import Run

DAY = date(2026, 10, 1)


@pytest.fixture
def kept(quick: Retriever, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str, tuple[str, ...], Chat]:
    """Keep a conversation of two answers in a notebook of its own beside the sample archive."""
    monkeypatch.setenv("PULLQUOTE_NOTEBOOK", "notes.db")
    chat = Chat(quick)
    chat.ask("Where was the stolen tuba found?", DAY)
    chat.ask("How many geese were counted?", DAY)
    with open_notebook(quick.settings.data) as notebook:
        conversation, answers = notebook.conversations.save(chat)
    return quick.settings.data, conversation, answers, chat


def test_the_formats_are_those_that_are_written() -> None:
    assert tuple(WRITTEN) == FORMATS


def test_conversations_are_listed_searched_shown_named_and_deleted(
    run: Run, kept: tuple[Path, str, tuple[str, ...], Chat]
) -> None:
    data, key, (tuba, geese), chat = kept
    code, out, err = run("conversations", "--data", data)
    assert (code, err) == (0, "")
    assert out.startswith(key)
    assert out.endswith("  2  Where was the stolen tuba found?\n")
    assert [each["id"] for each in json.loads(run("conversations", "list", "--json", "--data", data)[1])] == [key]
    assert run("conversations", "search", "geese coun", "--data", data)[1].startswith(geese)
    [found] = json.loads(run("conversations", "--data", data, "search", "stolen tuba", "--json")[1])
    assert (found["answer"], found["conversation"]) == (tuba, key)
    assert run("conversations", "search", '" OR *', "--data", data)[:2] == (0, "")
    shown = run("conversations", "show", key, "--data", data)[1]
    assert all(turn.answer.text in shown for turn in chat.turns)
    [one] = json.loads(run("conversations", "show", tuba, "--data", data, "--json")[1])
    assert one["quotes"] == json.loads(json.dumps(chat.turns[0].answer.to_json()["quotes"]))
    assert run("conversations", "rename", key, "The tuba", "--data", data)[0] == 0
    assert run("conversations", "--data", data)[1].endswith("The tuba\n")
    assert run("conversations", "--data", data, "--user", "ada")[:2] == (0, "")
    code, _, err = run("conversations", "show", key, "--data", data, "--user", "ada")
    assert (code, err) == (1, f"error: '{key}': no such conversation is kept. List: `pullquote conversations`.\n")
    assert run("conversations", "delete", key, "--data", data)[0] == 0
    assert run("conversations", "--data", data)[1] == ""
    assert run("conversations", "delete", key, "--data", data)[0] == 1


def test_a_conversation_and_an_answer_are_exported(run: Run, kept: tuple[Path, str, tuple[str, ...], Chat]) -> None:
    data, key, (tuba, _), chat = kept
    for form in FORMATS:
        code, _, err = run("conversations", "export", key, "--data", data, "--format", form, "--out", f"x.{form}")
        assert (code, err) == (0, "")
        assert Path(f"x.{form}").read_text("utf-8")
    assert is_own_export(Path("x.html").read_text("utf-8"))
    out = run("conversations", "export", tuba, "--data", data)[1]
    assert "Where was the stolen tuba found?" in out
    assert "How many geese" not in out
    assert len(json.loads(Path("x.csl-json").read_text("utf-8"))) == len(
        {quote.article.id for turn in chat.turns for quote in turn.answer.quotes}
    )
    code, _, err = run("conversations", "export", key, "--data", data, "--out", "no/such/folder.md")
    assert code == 1
    assert err.startswith("error: no/such/folder.md: the export cannot be written there")


def test_clippings_are_added_noted_moved_and_exported(run: Run, kept: tuple[Path, str, tuple[str, ...], Chat]) -> None:
    data, _, _, chat = kept
    quotes = [turn.answer.quotes[0] for turn in chat.turns]
    ids = []
    for quote in quotes:
        code, out, err = run(
            "clippings", "add", quote.article.id, quote.text, "--tag", "x", "--note", "n", "--data", data
        )
        assert (code, err) == (0, "")
        ids.append(out.strip())
    rows = json.loads(run("clippings", "--json", "--data", data)[1])
    assert [(row["id"], row["text"], row["standing"]) for row in rows] == [
        (key, quote.text, "there") for key, quote in zip(ids, quotes, strict=True)
    ]
    assert run("clippings", "move", ids[1], "1", "--data", data)[0] == 0
    assert run("clippings", "edit", ids[1], "--note", "new", "--tag", "lead", "--data", data)[0] == 0
    out = run("clippings", "--data", data)[1]
    assert out.index(ids[1]) < out.index("    new\n    #lead\n") < out.index(ids[0])
    assert ids[0] not in run("clippings", "list", "--tag", "lead", "--data", data)[1]
    made = run("clippings", "export", "--format", "ris", "--tag", "lead", "--data", data)[1]
    assert made.count("TY  - NEWS") == 1
    assert run("clippings", "remove", ids[0], "--data", data)[0] == 0
    assert run("clippings", "--data", data, "--user", "ada")[1] == ""
    code, _, err = run("clippings", "add", quotes[0].article.id, "words that nobody printed", "--data", data)
    assert (code, "does not have these words" in err) == (1, True)
    code, _, err = run("clippings", "add", "nope", "x", "--data", data)
    assert (code, err.startswith("error: 'nope': no article of this id.")) == (1, True)


def test_a_question_set_is_made_of_feedback(run: Run, kept: tuple[Path, str, tuple[str, ...], Chat]) -> None:
    data, _, (tuba, geese), chat = kept
    with open_notebook(data) as notebook:
        notebook.feedback.give(tuba, up=True)
        notebook.feedback.give(geese, up=False, reason="wrong")
    code, out, err = run("eval", "--from-feedback", "q.jsonl", "--data", data)
    assert (code, err) == (0, "")
    assert "1 questions with known answers in q.jsonl" in out
    [question] = read_questions(Path("q.jsonl"))
    assert question.answers == (chat.turns[0].answer.quotes[0].text,)
    [row] = [json.loads(line) for line in Path("q-to-label.jsonl").read_text("utf-8").splitlines()]
    assert row["id"] == f"feedback-{geese}"
    for wrong in (("eval",), ("eval", "seeds"), ("eval", "seeds", "q", "--from-feedback", "x")):
        assert run(*wrong)[0] == 2


def test_a_damaged_notebook_is_said_and_asking_goes_on(run: Run, kept: tuple[Path, str, tuple[str, ...], Chat]) -> None:
    Path("notes.db").write_bytes(b"x" * 5_000)
    for suffix in ("-wal", "-shm"):
        Path(f"notes.db{suffix}").unlink(missing_ok=True)
    code, out, err = run("conversations", "--data", kept[0])
    assert (code, out) == (1, "")
    assert err.startswith("error: notes.db: damaged, or no notebook")
    assert not kept[3].ask("Where was the stolen tuba found?", DAY).refused
