"""A conversation on the page, without the page: what each click makes of it."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from index.builder import build_index
from rag import Answer, Filters, IndexMissing, Retriever, Settings, Sources, Summary, Turn, facets
from tests.browser import ANSWERED
from tests.tiny import TinyEmbedder
from ui import asking, beside, choice, talk
from ui.archive import Archive
from ui.choice import Form
from ui.talk import Desk, Talk
from ui.wording import wording

EN = wording("en")


def at(archive: Archive, **form: str) -> Desk:
    return Desk(archive, EN, Form(**form), Sources())


def failing(error: Exception) -> Archive:
    def opening() -> Retriever:
        raise error

    return Archive(opening)


def test_an_unexpected_error_is_logged_and_said_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    [view] = asking.ask(at(failing(RuntimeError("secret"))), "Who?", Talk())
    assert view.status
    assert "Something went wrong on the server." in view.status
    assert "secret" not in "".join(part for part in view if isinstance(part, str))
    assert view.question == "Who?"
    assert "secret" in caplog.text
    assert talk.greet(failing(IndexMissing("none yet")), EN).waiting
    assert not talk.greet(failing(RuntimeError()), EN).waiting


def empty() -> Archive:
    summary = Summary(articles=0, passages=0, first=None, last=None, version="v")
    return Archive(lambda: cast("Retriever", SimpleNamespace(summary=summary, examples=lambda count: [])))


class SlowChat:
    """A conversation whose answer has more to say after each of its words."""

    turns: tuple[Turn, ...] = ()

    def __init__(self, retriever: object, turns: tuple[Turn, ...], sources: Sources) -> None:
        self.turns = turns

    def stream(self, question: str, as_of: date | None, filters: Filters, *, searched: str | None) -> Iterator[Answer]:
        for count in range(100):
            yield Answer(question, question, as_of, refused=True, confidence=0.1, articles_searched=count)


def test_stopping_keeps_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "Chat", SlowChat)
    views = asking.ask(at(empty()), "Who?", Talk())
    asked, first, second = next(views), next(views), next(views)
    assert asked.busy
    assert first.busy
    assert "Stopping" in (asking.stop(EN, second.talk) or "")
    [last] = views
    assert not last.busy
    assert [turn.answer.articles_searched for turn in last.talk.turns] == [1]
    assert last.transcript
    assert "1 article searched" in last.transcript
    assert asking.stop(EN, last.talk) is None
    assert asking.stop(EN, second.talk) is None, "it has ended"


def test_stopping_before_the_first_words_gives_the_question_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "Chat", SlowChat)
    views = asking.ask(at(empty()), "Who?", Talk())
    asking.stop(EN, next(views).talk)
    [last] = views
    assert last.talk.turns == ()
    assert last.question == "Who?"


def test_a_correction_that_comes_to_nothing_leaves_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "Chat", SlowChat)
    said = Answer("And he?", "And he? (tuba)", None, refused=True, confidence=0.1)
    mine = Talk((Turn("Who?", "Who?", said), Turn("And he?", "And he? (tuba)", said)))
    [view] = asking.correct(at(empty()), "  ", mine)
    assert view.talk == mine
    assert "Type what is to be searched for." in (view.status or "")
    [view] = asking.correct(at(empty(), as_of="yesterday"), "And Holt?", mine)
    assert view.talk.turns == mine.turns
    assert "not a date" in (view.status or "")
    assert view.question is None
    views = asking.correct(at(empty()), "And Holt?", mine)
    asking.stop(EN, next(views).talk)
    *_, last = views
    assert last.talk == Talk(mine.turns, last.talk.summary)
    assert not last.busy
    assert "Stopped before" in (last.status or "")
    assert [view.talk for view in asking.correct(at(empty()), "And Holt?", Talk())] == [Talk()]


def test_another_question_takes_the_place_of_one_and_of_all_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "Chat", SlowChat)
    said = Answer("Who?", "Who?", None, refused=True, confidence=0.1)
    mine = Talk(tuple(Turn(each, each, said) for each in ("Who?", "Where?", "When?")))
    views = asking.again(at(empty()), 1, "Why?", mine)
    next(views)
    asking.stop(EN, next(views).talk)
    *_, last = views
    assert [turn.question for turn in last.talk.turns] == ["Who?", "Why?"]
    views = asking.again(at(empty()), 0, "Why?", mine)
    asking.stop(EN, next(views).talk)
    *_, last = views
    assert last.talk.turns == mine.turns, "nothing came of it"
    for turn, question in ((3, "Why?"), ("1", "Why?"), (1, "  ")):
        [view] = asking.again(at(empty()), turn, question, mine)
        assert view.talk == mine


def test_what_a_card_pins_or_leaves_out_is_its_article(quick: Retriever) -> None:
    archive = Archive(lambda: quick)
    *_, view = asking.ask(at(archive), ANSWERED, Talk())
    first = view.talk.answers[0].quotes[0].article
    assert beside.source(view.talk, Sources(), "pin", 0, 1) == Sources(pinned=(first.id,))
    kept = beside.source(view.talk, Sources(), "exclude", 0, 1)
    assert kept == Sources(excluded=(first.id,))
    assert beside.source(view.talk, Sources(), "pin", 0, 99) is None
    assert beside.source(view.talk, Sources(), "pin", 1, 1) is None
    chooser = choice.shown(archive, EN, Form(), kept)
    assert "85 of 86 articles are asked" in chooser.scope
    assert first.title in unescape(chooser.scope)
    *_, again = asking.ask(Desk(archive, EN, Form(), kept), ANSWERED, Talk())
    assert first.id not in {quote.article.id for quote in again.talk.answers[0].quotes}


def test_the_form_chooses_the_articles_that_are_asked(quick: Retriever) -> None:
    archive = Archive(lambda: quick)
    form = Form(since="2026-01-01", until="31 Mar 2026", publishers=("Fulmar Wire",))
    chooser = choice.shown(archive, EN, form, Sources())
    left = re.search(r"(\d+) of 86 articles", chooser.scope)
    assert left
    assert 0 < int(left[1]) < 20
    assert 'class="out"' in (chooser.histogram or "")
    *_, view = asking.ask(Desk(archive, EN, form, Sources()), ANSWERED, Talk())
    assert view.talk.answers[0].articles_searched == int(left[1])
    assert "publisher:" in (view.transcript or "")
    wrong = choice.shown(archive, EN, Form(since="2026-03-01", until="2026-01-01"), Sources())
    assert "no days" in wrong.scope
    assert wrong.histogram is None


def test_a_ticked_name_lets_no_longer_name_through(tmp_path: Path) -> None:
    names = ("Post", "Evening Post", "Post and Mail", "Lantern")
    rows = [{"title": name, "text": f"The geese of the {name}.", "publisher": name} for name in names]
    (tmp_path / "news.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    build_index([tmp_path / "news.jsonl"], tmp_path / "data", TinyEmbedder())
    archive = Archive(lambda: Retriever(Settings.load(data=tmp_path / "data"), TinyEmbedder()))
    held = facets(archive.retriever())
    assert [name for name, _ in held.publishers] == ["Evening Post", "Lantern", "Post", "Post and Mail"]
    assert "1 of 4 articles" in choice.shown(archive, EN, Form(publishers=("Post",)), Sources()).scope
    assert "2 of 4 articles" in choice.shown(archive, EN, Form(publishers=("Post", "Lantern")), Sources()).scope
    assert "1 of 4 articles" in choice.shown(archive, EN, Form(publishers=("Evening Post",)), Sources()).scope


def test_pictures_are_drawn_of_an_answer_and_of_a_refusal(quick: Retriever) -> None:
    archive = Archive(lambda: quick)
    *_, view = asking.ask(at(archive), ANSWERED, Talk())
    waiting, drawn = beside.draw(archive, EN, view.talk, 0)
    assert "Drawing" in waiting
    assert drawn.count('class="picture"') == 3
    refused = Talk((Turn("Who?", "Who?", Answer("Who?", "geese", None, refused=True, confidence=0.1)),))
    *_, drawn = beside.draw(archive, EN, refused, 0)
    assert "No story was found" in drawn
    assert list(beside.draw(archive, EN, view.talk, 1)) == []
    *_, drawn = beside.draw(failing(RuntimeError("secret")), EN, view.talk, 0)
    assert "Something went wrong" in drawn


@pytest.mark.parametrize("turn", [None, "0", -1, 1, 0.0])
def test_a_click_on_what_is_not_there_changes_nothing(turn: object) -> None:
    said = Answer("Who?", "Who?", None, refused=True, confidence=0.1)
    mine = Talk((Turn("Who?", "Who?", said),))
    assert beside.sources(EN, mine, turn) is None
    assert beside.article(EN, mine, turn, 1) is None
    assert beside.article(EN, mine, 0, 99) is None
