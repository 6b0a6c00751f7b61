import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.builder import build_index
from index.errors import ChatError, SettingsError
from rag.answer import Answer
from rag.chat import Chat
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder, write

DAY = date(2026, 5, 12)


@pytest.fixture
def papers(tmp_path: Path) -> Callable[[], Retriever]:
    """Return a function that indexes the folder `papers` as it is, and opens it."""
    write(tmp_path / "papers", "2026-05-01-geese.txt", "Nine geese were counted on the pond by the warden.")
    write(tmp_path / "papers", "2026-05-02-ferry.txt", "The ferry stopped because its rudder broke off at sea.")

    def opened() -> Retriever:
        build_index([tmp_path / "papers"], tmp_path / "data", TinyEmbedder())
        return Retriever(Settings.load(data=tmp_path / "data", refuse_below=0), TinyEmbedder())

    return opened


def talk(retriever: Retriever) -> Chat:
    chat = Chat(retriever)
    chat.ask("How many geese were counted on the pond?", DAY)
    chat.ask("Why did the ferry stop?", DAY)
    return chat


def same(one: Answer, other: Answer) -> bool:
    """Tell whether two answers are equal but for what was computed on the way."""
    kept = [each.name for each in fields(Answer) if each.compare and each.name not in ("hits", "near")]
    hits = [[replace(hit, sentences=()) for hit in each.hits] for each in (one, other)]
    near = [[replace(miss, hit=replace(miss.hit, sentences=())) for miss in each.near] for each in (one, other)]
    return (
        all(getattr(one, name) == getattr(other, name) for name in kept) and hits[0] == hits[1] and near[0] == near[1]
    )


def test_what_is_loaded_is_what_was_saved(quick: Retriever) -> None:
    chat = Chat(quick)
    chat.pin("publisher:courier")
    chat.exclude("wire-0004")
    for question in ("Where was the stolen tuba found?", "And who stole it?", "publisher:courier Who won? -ferry"):
        chat.ask(question, DAY)
    chat.save("talk.json")
    loaded = Chat.load("talk.json", quick)
    assert loaded.missing == ()
    assert loaded.sources == chat.sources
    assert [(each.question, each.searched) for each in loaded.turns] == [
        (each.question, each.searched) for each in chat.turns
    ]
    for one, other in zip(chat.turns, loaded.turns, strict=True):
        assert same(one.answer, other.answer)
        assert one.answer.text == other.answer.text
        assert one.answer.to_json() == other.answer.to_json()
    assert loaded.ask("Why was it there?", DAY).searched == chat.ask("Why was it there?", DAY).searched


def test_a_refusal_is_kept_with_what_came_near(quick: Retriever) -> None:
    settings = Settings.load(data=quick.settings.data, refuse_below=1)
    retriever = Retriever(settings, TinyEmbedder(max_pieces=254))
    chat = Chat(retriever)
    refused = chat.ask("Who won the Monaco Grand Prix in 1984?", DAY)
    chat.save("talk.json")
    loaded = Chat.load("talk.json", retriever).turns[0].answer
    assert refused.refused
    assert refused.near
    assert same(refused, loaded)
    assert refused.text == loaded.text


def test_no_words_of_articles_are_kept(papers: Callable[[], Retriever]) -> None:
    talk(papers()).save("talk.json")
    kept = Path("talk.json").read_text("utf-8")
    assert "2026-05-02-ferry.txt" in kept
    assert "rudder" not in kept
    assert "warden" not in kept


def test_an_article_that_is_gone_is_named_and_the_rest_goes_on(papers: Callable[[], Retriever], tmp_path: Path) -> None:
    talk(papers()).save("talk.json")
    (tmp_path / "papers" / "2026-05-02-ferry.txt").unlink()
    loaded = Chat.load("talk.json", papers())
    assert loaded.missing == ("2026-05-02-ferry.txt: its article is gone from the archive",)
    assert [each.question for each in loaded.turns] == [
        "How many geese were counted on the pond?", "Why did the ferry stop?",
    ]  # fmt: skip
    shown = [quote.article.id for each in loaded.turns for quote in each.answer.quotes]
    assert set(shown) == {"2026-05-01-geese.txt"}
    assert not loaded.turns[0].answer.refused


def test_an_answer_that_has_lost_its_words_says_so(papers: Callable[[], Retriever], tmp_path: Path) -> None:
    retriever = papers()
    chat = Chat(retriever)
    chat.pin("2026-05-02-ferry.txt")
    chat.ask("Why did the ferry stop?", DAY)
    assert chat.turns[0].answer.quotes
    chat.save("talk.json")
    write(tmp_path / "papers", "2026-05-02-ferry.txt", "The ferry stopped because a whale had broken its rudder.")
    loaded = Chat.load("talk.json", papers())
    assert loaded.missing == (
        "2026-05-02-ferry.txt: its article has changed since, and no longer has the words that were quoted",
    )
    answer = loaded.turns[0].answer
    assert (answer.refused, answer.quotes, answer.hits) == (True, (), ())
    assert answer.notes[-1] == "This was answered, but the words that answered it are no longer in the archive."
    assert "rudder" not in answer.text


def test_words_that_still_stand_there_are_shown_though_the_article_has_grown(
    papers: Callable[[], Retriever], tmp_path: Path
) -> None:
    chat = talk(papers())
    chat.save("talk.json")
    said = "The ferry stopped because its rudder broke off at sea."
    write(tmp_path / "papers", "2026-05-02-ferry.txt", said, "It was towed home.")
    loaded = Chat.load("talk.json", papers())
    assert said in [quote.text for quote in loaded.turns[1].answer.quotes]
    for quote in loaded.turns[1].answer.quotes:
        assert quote.article.text[quote.start : quote.end] == quote.text


def saved(retriever: Retriever) -> dict[str, Any]:
    talk(retriever).save("talk.json")
    whole: dict[str, Any] = json.loads(Path("talk.json").read_text("utf-8"))
    return whole


def test_offsets_that_were_tampered_with_show_nothing(papers: Callable[[], Retriever]) -> None:
    retriever = papers()
    whole = saved(retriever)
    for claim in whole["turns"][0]["answer"]["claims"]:
        for quote in claim["quotes"]:
            quote["start"] = -5
    Path("talk.json").write_text(json.dumps(whole), "utf-8")
    loaded = Chat.load("talk.json", retriever)
    assert loaded.missing
    assert loaded.turns[0].answer.refused


def test_unknown_fields_are_passed_over(papers: Callable[[], Retriever]) -> None:
    retriever = papers()
    whole = saved(retriever)
    whole["mood"] = whole["turns"][0]["answer"]["mood"] = {"a": [1]}
    Path("talk.json").write_text(json.dumps(whole), "utf-8")
    assert len(Chat.load("talk.json", retriever).turns) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": 99}, r"a conversation of schema 99; this program reads 1\."),
        ({"format": "x"}, r"not a saved conversation\. `pullquote chat` writes one by /save"),
        ({"turns": [{"question": "a"}]}, "a damaged conversation"),
        (
            {"turns": [{"question": 1, "searched": "a", "answer": {}}]},
            r"a damaged conversation \(TypeError: 1 is no str",
        ),
        ({"turns": 5}, "a damaged conversation"),
        ({"pinned": "publisher:x"}, r"a damaged conversation \(TypeError: sources are a list of names"),
    ],
)
def test_what_is_no_conversation_is_refused(
    papers: Callable[[], Retriever], change: dict[str, Any], reason: str
) -> None:
    retriever = papers()
    Path("talk.json").write_text(json.dumps(saved(retriever) | change), "utf-8")
    with pytest.raises(ChatError, match=rf"talk\.json: {reason}"):
        Chat.load("talk.json", retriever)


@pytest.mark.parametrize("held", [b"", b"[]", b"\xff\xfe", b'{"format": ', b"[" * 100_000])
def test_a_file_of_anything_is_refused(quick: Retriever, held: bytes) -> None:
    Path("talk.json").write_bytes(held)
    with pytest.raises(ChatError, match=r"^talk\.json: "):
        Chat.load("talk.json", quick)


def test_a_file_that_is_not_there_is_refused(quick: Retriever) -> None:
    with pytest.raises(ChatError, match=r"no conversation can be read from it \(No such file"):
        Chat.load("talk.json", quick)


def test_only_conversations_are_written_over(papers: Callable[[], Retriever]) -> None:
    chat = talk(papers())
    Path("notes.txt").write_text("milk, eggs", "utf-8")
    with pytest.raises(ChatError, match=r"notes\.txt: there is such a file, and it is no saved conversation"):
        chat.save("notes.txt")
    assert Path("notes.txt").read_text("utf-8") == "milk, eggs"
    chat.save("talk.json")
    chat.branch(1).save("talk.json")
    assert len(Chat.load("talk.json", chat.retriever).turns) == 1
    with pytest.raises(SettingsError, match="the conversation cannot be written there"):
        chat.save("nowhere/talk.json")
    assert sorted(each.name for each in Path().glob("*.*")) == ["notes.txt", "talk.json"]
