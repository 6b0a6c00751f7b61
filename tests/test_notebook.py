"""What people keep: real SQLite, two owners, kill -9, damage, another program's file, a newer program's file."""

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from index.builder import build_index
from index.errors import NotebookError
from rag.chat import Chat
from rag.evaluation.evaluate import read_questions
from rag.notebook import Notebook, open_notebook, question_set, shown
from rag.notebook.feedback import write_questions
from rag.notebook.store import SCHEMA, Store
from rag.receipts import read_receipt
from rag.receipts.check import Standing, verify
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.process import Child
from tests.tiny import TinyEmbedder, write

DAY = date(2026, 5, 12)
INJECTIONS = [
    '"', '""', '"""', "'", "*", "geese*", "geese OR ferry", "NOT geese", "NEAR(geese pond)", "question:geese",
    "- geese", "^geese", "{question quotes}: geese", "geese AND", "(", "geese)", "a\0b", "'; DROP TABLE turns; --",
    "\ud800", "+", "", "\u202e", "words MATCH", "geese\n\nferry", '"geese', 'x" OR "geese', "%", "_",
    "\\", "🦆", "①", "ー",
]  # fmt: skip


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """Return two articles that stay as they are, opened."""
    folder = tmp_path_factory.mktemp("still")
    write(folder / "papers", "2026-05-01-geese.txt", "Nine geese were counted on the pond by the warden.")
    write(folder / "papers", "2026-05-02-ferry.txt", "The ferry stopped because its rudder broke off at sea.")
    build_index([folder / "papers"], folder / "data", TinyEmbedder())
    return Retriever(Settings.load(data=folder / "data", refuse_below=0), TinyEmbedder())


@pytest.fixture(scope="module")
def talked(still: Retriever) -> Chat:
    """Return a conversation of two turns over them; whoever goes on with it branches it."""
    return talk(still)


@pytest.fixture
def papers(tmp_path: Path) -> Callable[[], Retriever]:
    """Return a function that indexes the folder `papers` as it is, and opens it."""
    write(tmp_path / "papers", "2026-05-01-geese.txt", "Nine geese were counted on the pond by the warden.")
    write(tmp_path / "papers", "2026-05-02-ferry.txt", "The ferry stopped because its rudder broke off at sea.")

    def opened() -> Retriever:
        build_index([tmp_path / "papers"], tmp_path / "data", TinyEmbedder())
        return Retriever(Settings.load(data=tmp_path / "data", refuse_below=0), TinyEmbedder())

    return opened


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with Notebook(Store(tmp_path / "notebook.db")) as made:
        yield made


def talk(retriever: Retriever) -> Chat:
    chat = Chat(retriever)
    chat.ask("How many geese were counted on the pond?", DAY)
    chat.ask("Why did the ferry stop?", DAY)
    return chat


# Conversations


def test_what_is_kept_turn_by_turn_is_what_is_gone_on_with(talked: Chat, tmp_path: Path) -> None:
    chat, notebook = Chat(talked.retriever), open_notebook(tmp_path / "data")
    chat.pin("2026-05-01-geese.txt")
    chat.ask("How many geese were counted on the pond?", DAY)
    key, first = notebook.conversations.save(chat)
    chat.free()
    chat.ask("Who counted them?", DAY)
    again, both = notebook.conversations.save(chat, key)
    assert (again, both[:1], len(set(both))) == (key, first, 2)
    notebook.close()
    notebook = open_notebook(tmp_path / "data")
    loaded = notebook.conversations.load(key, chat.retriever)
    assert loaded.missing == ()
    assert loaded.sources == chat.sources
    assert [each.answer.to_json() for each in loaded.turns] == [each.answer.to_json() for each in chat.turns]
    [listed] = notebook.conversations.recent()
    assert (listed.id, listed.title, listed.turns) == (key, "How many geese were counted on the pond?", 2)
    loaded.ask("Why did the ferry stop?", DAY)
    assert notebook.conversations.save(loaded, key)[1][:2] == both
    assert stat.S_IMODE((tmp_path / "data" / "notebook.db").stat().st_mode) == 0o600


def test_an_answer_has_a_link_for_as_long_as_it_is_kept(talked: Chat, notebook: Notebook) -> None:
    chat = talked.branch()
    key, (first, second) = notebook.conversations.save(chat)
    kept = notebook.conversations.answer(second, chat.retriever.article)
    assert kept.turn.answer.to_json() == chat.turns[1].answer.to_json()
    assert (kept.conversation, len(kept.receipt_id)) == (key, 64)
    corrected = chat.branch(1)
    corrected.ask("Why did the ferry stop?", DAY, searched="rudder broke")
    _, now = notebook.conversations.save(corrected, key)
    assert now[0] == first
    assert now[1] != second
    assert notebook.conversations.answer(second, chat.retriever.article).turn.searched == chat.turns[1].searched
    assert [each.id for each in notebook.conversations.turns(key, chat.retriever.article)] == list(now)
    notebook.conversations.delete(key)
    for each in (first, second, now[1]):
        with pytest.raises(NotebookError, match="no such answer is kept"):
            notebook.conversations.answer(each, chat.retriever.article)


def test_the_receipt_that_is_kept_is_checked_as_any_other(talked: Chat, notebook: Notebook, tmp_path: Path) -> None:
    chat = talked.branch()
    _, (first, _) = notebook.conversations.save(chat)
    kept = notebook.conversations.answer(first, chat.retriever.article)
    (tmp_path / "r.json").write_text(json.dumps(kept.receipt), "utf-8")
    receipt, sealed = read_receipt(tmp_path / "r.json")
    assert verify(receipt, chat.retriever.index, sealed=sealed).holds
    assert receipt.receipt_sha256 == kept.receipt_id


def test_a_conversation_whose_article_has_gone_says_so_and_is_not_written_over(
    papers: Callable[[], Retriever], notebook: Notebook, tmp_path: Path
) -> None:
    key, ids = notebook.conversations.save(talk(papers()))
    text = (tmp_path / "papers" / "2026-05-01-geese.txt").read_text("utf-8")
    (tmp_path / "papers" / "2026-05-01-geese.txt").unlink()
    loaded = notebook.conversations.load(key, papers())
    assert [each.split(":")[0] for each in loaded.missing] == ["2026-05-01-geese.txt"]
    assert loaded.turns[0].answer.refused
    loaded.ask("Why did the ferry stop?", DAY)
    assert notebook.conversations.save(loaded, key)[1][:2] == ids
    (tmp_path / "papers" / "2026-05-01-geese.txt").write_text(text, "utf-8")
    assert not notebook.conversations.load(key, papers()).turns[0].answer.refused


def test_nobody_sees_or_changes_what_another_keeps(talked: Chat, notebook: Notebook) -> None:
    chat = talked.branch()
    ada, bob = notebook.of("ada"), notebook.of("bob")
    key, (answer, _) = ada.conversations.save(chat)
    clipping = ada.clippings.add(chat.turns[0].answer.quotes[0], "mine")
    ada.feedback.give(answer, up=True)
    look = chat.retriever.article
    for other in (bob, notebook):
        assert other.conversations.recent() == other.conversations.search("geese") == []
        assert other.clippings.board() == other.feedback.given() == []
        for refused in (
            lambda other=other: other.conversations.load(key, chat.retriever),
            lambda other=other: other.conversations.turns(key, look),
            lambda other=other: other.conversations.title(key),
            lambda other=other: other.conversations.answer(answer, look),
            lambda other=other: other.conversations.rename(key, "x"),
            lambda other=other: other.conversations.delete(key),
            lambda other=other: other.conversations.save(chat, key),
            lambda other=other: other.clippings.get(clipping.id),
            lambda other=other: other.clippings.edit(clipping.id, note="x"),
            lambda other=other: other.clippings.move(clipping.id, 0),
            lambda other=other: other.clippings.remove(clipping.id),
            lambda other=other: other.feedback.give(answer, up=False),
            lambda other=other: other.feedback.withdraw(answer),
        ):
            with pytest.raises(NotebookError, match="no such"):
                refused()
    other = bob.clippings.add(chat.turns[0].answer.quotes[0], "his")
    assert (other.position, other.note) == (0, "his")
    assert [each.note for each in ada.clippings.board()] == ["mine"]
    assert len(ada.conversations.recent()) == len(ada.conversations.search("geese")) == len(ada.feedback.given()) == 1


def test_search_finds_words_of_questions_and_quotes(talked: Chat, notebook: Notebook) -> None:
    _, (geese, ferry) = notebook.conversations.save(talked.branch())

    def found(words: str) -> set[str]:
        return {each.answer for each in notebook.conversations.search(words)}

    assert found("geese") == {geese}
    assert found("warden") == {geese}  # only its quote says so
    assert found("FERRY rud") == {ferry}
    assert found('"broke off"') == {ferry}
    assert found('"off broke"') == set()
    assert found("geese ferry") == set()
    [mention] = notebook.conversations.search("rudder")
    assert (mention.question, mention.asked.tzinfo is not None) == ("Why did the ferry stop?", True)


def test_whatever_is_searched_for_is_only_words(talked: Chat, notebook: Notebook) -> None:
    notebook.conversations.save(talked.branch())
    for words in INJECTIONS:
        for each in notebook.conversations.search(words):
            assert "geese" in words, words
            assert "geese" in each.question
    assert len(notebook.conversations.recent()) == 1
    assert notebook.conversations.search("geese OR ferry") == []  # "or" is a word like any other
    assert notebook.conversations.search("geese*")


def test_renamed_and_deleted_and_nothing_of_it_is_left(talked: Chat, notebook: Notebook, tmp_path: Path) -> None:
    chat = Chat(talked.retriever)
    chat.ask("Where is the zyzzyva on the pond with the geese?", DAY)
    key, _ = notebook.conversations.save(chat)
    other, _ = notebook.conversations.save(talked)
    notebook.conversations.rename(key, "  A\n title \0 \ud800 " + "x" * 500)
    titles = {each.id: each.title for each in notebook.conversations.recent()}
    assert titles[key].startswith("A title \ufffd \ufffd xxx")
    assert len(titles[key]) == 120
    with pytest.raises(NotebookError, match="at least one letter"):
        notebook.conversations.rename(key, " \n ")
    assert b"zyzzyva" in b"".join(each.read_bytes() for each in tmp_path.glob("notebook.db*"))
    notebook.conversations.delete(key)
    assert [each.id for each in notebook.conversations.recent()] == [other]
    assert notebook.conversations.search("zyzzyva") == []
    assert b"zyzzyva" not in b"".join(each.read_bytes() for each in tmp_path.glob("notebook.db*"))


def test_questions_of_no_proper_text_are_kept(talked: Chat, notebook: Notebook) -> None:
    chat = Chat(talked.retriever)
    for question in ("geese \udce9 on the pond?", "geese \x07 \u202eon the\x00 pond?", "<script>geese</script> pond?"):
        chat.ask(question, DAY)
    key, _ = notebook.conversations.save(chat)
    loaded = notebook.conversations.load(key, chat.retriever)
    assert [each.question for each in loaded.turns] == [each.question for each in chat.turns]
    assert len(notebook.conversations.save(loaded, key)[1]) == len(notebook.conversations.search("geese")) == 3


def test_many_save_at_once_and_nothing_is_lost(talked: Chat, tmp_path: Path) -> None:
    chat = talked.branch()
    notebooks = [Notebook(Store(tmp_path / "n.db")) for _ in range(3)]
    threads = [Thread(target=lambda each=each: [each.conversations.save(chat) for _ in range(5)]) for each in
               [*notebooks, *notebooks]]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notebooks[0].conversations.recent()) == 30


# Killed, damaged, of somebody else

CODE = """
import sys
from datetime import date
from pathlib import Path
from rag.chat import Chat
from rag.notebook import Notebook
from rag.notebook.store import Store
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.process import step
from tests.tiny import TinyEmbedder

run = Store.run
Store.run = lambda self, statement, values=(): (step(statement.split(" (")[0]), run(self, statement, values))[1]
retriever = Retriever(Settings.load(data=sys.argv[1], refuse_below=0), TinyEmbedder())
notebook = Notebook(Store(Path(sys.argv[2])))
chat = notebook.conversations.load(sys.argv[3], retriever)
chat.ask("Who counted them?", date(2026, 5, 12))
notebook.conversations.save(chat, sys.argv[3])
step("kept")
"""


@pytest.mark.parametrize(("moment", "turns"), [("INSERT INTO words", 2), ("kept", 3)])
def test_killed_while_saving_it_holds_the_turn_or_what_was_there(
    talked: Chat, notebook: Notebook, tmp_path: Path, moment: str, turns: int
) -> None:
    key, ids = notebook.conversations.save(talked)
    with Child(CODE, str(talked.retriever.settings.data), str(notebook._store.file), key) as child:
        child.run_to(moment)
        child.kill()
    again = Notebook(Store(tmp_path / "notebook.db"))
    loaded = again.conversations.load(key, talked.retriever)
    assert len(loaded.turns) == turns
    assert len(again.conversations.search("counted")) == turns - 1
    assert again.conversations.save(loaded, key)[1][:2] == ids
    assert again._store.rows("PRAGMA integrity_check") == [("ok",)]


def test_a_damaged_file_says_so_and_works_again_when_it_is_moved_away(talked: Chat, tmp_path: Path) -> None:
    chat, file = talked.branch(), tmp_path / "n.db"
    file.write_bytes(b"no database at all, but long enough to be looked at " * 50)
    before = file.read_bytes()
    notebook = Notebook(Store(file))
    for _ in range(2):
        with pytest.raises(
            NotebookError, match=r"n\.db: damaged, or no notebook .*Move it away.*answered all the same"
        ):
            notebook.conversations.save(chat)
    assert file.read_bytes() == before
    file.rename(tmp_path / "away.db")
    assert notebook.conversations.save(chat)[1]


def test_pages_that_were_overwritten_are_damage(talked: Chat, notebook: Notebook) -> None:
    notebook.conversations.save(talked.branch())
    notebook._store.forget()
    notebook.close()
    file = notebook._store.file
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(NotebookError, match="damaged"):
        notebook.conversations.recent()


def test_a_file_of_a_newer_program_or_another_one_is_left_alone(notebook: Notebook, tmp_path: Path) -> None:
    notebook.conversations.recent()
    notebook.close()
    newer = tmp_path / "newer.db"
    shutil.copy(notebook._store.file, newer)
    with sqlite3.connect(newer) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    database.close()
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mine (x)")
    database.close()
    for file, says in (
        (newer, f"newer Pullquote .schema {SCHEMA + 1}; this program reads {SCHEMA}"),
        (other, "another program"),
    ):
        before = file.read_bytes()
        with pytest.raises(NotebookError, match=says):
            Notebook(Store(file)).conversations.recent()
        assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotebookError, match=r"n\.db: cannot be opened"):
        Notebook(Store(tmp_path / "file" / "n.db")).conversations.recent()


# Clippings


def test_a_clipping_is_read_from_the_archive_and_says_what_became_of_it(
    papers: Callable[[], Retriever], notebook: Notebook, tmp_path: Path
) -> None:
    retriever = papers()
    [geese, ferry] = [each.answer.quotes[0] for each in talk(retriever).turns]
    one = notebook.clippings.add(geese, "for the lead\n<b>", ["#Geese", "pond, town"])
    two = notebook.clippings.add(ferry)
    assert (one.tags, one.position, two.position) == (("geese", "pond", "town"), 0, 1)
    found = shown(notebook.clippings.board(), retriever.index)
    assert [each.quote for each in found] == [geese, ferry]
    assert {each.standing for each in found} == {Standing.THERE}
    assert geese.text not in str(notebook._store.rows("SELECT * FROM clippings"))
    write(tmp_path / "papers", "2026-05-01-geese.txt", "Ten swans were counted at sea.")
    (tmp_path / "papers" / "2026-05-02-ferry.txt").unlink()
    found = shown(notebook.clippings.board(), papers().index)
    assert [each.standing for each in found] == [Standing.CHANGED, Standing.GONE]
    assert [each.quote.text for each in found if each.quote] == [geese.text, ferry.text]  # the catalog still has them
    assert "the article was changed, and" in found[0].says
    shutil.rmtree(tmp_path / "data")
    found = shown(notebook.clippings.board(), papers().index)
    assert [(each.standing, each.quote) for each in found] == [(Standing.CHANGED, None), (Standing.GONE, None)]


def test_the_board_is_ordered_noted_and_cleared(talked: Chat, notebook: Notebook) -> None:
    quote = talked.branch().turns[0].answer.quotes[0]
    parts = [replace(quote, end=quote.start + size) for size in (4, 10, 15, 20)]
    ids = [notebook.clippings.add(each).id for each in parts]

    def order() -> list[int]:
        board = notebook.clippings.board()
        assert [each.position for each in board] == list(range(len(board)))
        return [ids.index(each.id) for each in board]

    for place, expected in ((0, [3, 0, 1, 2]), (99, [0, 1, 2, 3]), (1, [0, 3, 1, 2]), (-5, [3, 0, 1, 2])):
        notebook.clippings.move(ids[3], place)
        assert order() == expected
    again = notebook.clippings.add(parts[0], "noted", ["a"])
    assert (again.id, again.note, notebook.clippings.add(parts[0], "more", ["b"]).note) == (
        ids[0],
        "noted",
        "noted\nmore",
    )
    assert notebook.clippings.edit(ids[0], note="").tags == ("a", "b")
    assert notebook.clippings.edit(ids[0], tags=[]).note == ""
    notebook.clippings.edit(ids[1], tags=["x"])
    assert [each.id for each in notebook.clippings.board("#X")] == [ids[1]]
    notebook.clippings.remove(ids[0])
    assert order() == [3, 1, 2]
    with pytest.raises(NotebookError, match="no such clipping"):
        notebook.clippings.remove(ids[0])
    with pytest.raises(NotebookError, match="20,001 characters"):
        notebook.clippings.edit(ids[1], note="x" * 20_001)


# Feedback


def test_feedback_becomes_a_question_set(talked: Chat, notebook: Notebook, tmp_path: Path) -> None:
    retriever = talked.retriever
    chat = talked.branch()
    chat.ask("Who counted them?", DAY)
    chat.ask("Who won the election?", DAY)
    _, ids = notebook.conversations.save(chat)
    give = notebook.feedback.give
    give(ids[0], up=False)
    give(ids[0], up=True, reason="good")
    give(ids[1], up=False, reason="wrong")
    give(ids[2], up=True)
    give(ids[3], up=False, reason="Not in the  articles: none of them says so")
    assert [(each.answer, each.up) for each in notebook.feedback.given()][-1] == (ids[3], False)
    made = question_set(notebook.feedback, notebook.conversations, retriever.article)
    write_questions(tmp_path / "q.jsonl", made.known)
    questions = {each.id: each for each in read_questions(tmp_path / "q.jsonl")}
    quote = chat.turns[0].answer.quotes[0]
    assert questions[f"feedback-{ids[0]}"].answers == (quote.text,)
    assert questions[f"feedback-{ids[0]}"].proof == ((quote.article.id, quote.text),)
    assert questions[f"feedback-{ids[0]}"].asked == DAY
    assert not questions[f"feedback-{ids[3]}"].answerable
    assert [each["id"] for each in made.to_label] == [f"feedback-{ids[1]}"]
    assert (made.to_label[0]["reason"], made.to_label[0]["answers"]) == ("wrong", [])
    leaning = chat.turns[2].searched != chat.turns[2].question
    assert questions[f"feedback-{ids[2]}"].earlier == (
        tuple(each.question for each in chat.turns[:2]) if leaning else ()
    )
    notebook.feedback.withdraw(ids[0])
    assert notebook.feedback.of(ids[0]) is None
    with pytest.raises(NotebookError, match="no such answer"):
        give("nope", up=True)
