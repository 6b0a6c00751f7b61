"""What becomes of a question: the page as its answer grows, and what is said where none comes.

Knows nothing of Gradio's components. Each function takes the `Talk` of one person and yields, or returns, what the page
then shows.
"""

from collections.abc import Iterator
from dataclasses import replace

from rag import Chat, Turn, suggestions
from ui import cards, front
from ui.choice import Choice, chosen
from ui.keeping import keep
from ui.talk import Desk, Running, Talk, View, greet, in_words, transcript
from ui.wording import Wording

_NOTICE_S = 0.5


def ask(desk: Desk, question: str, talk: Talk) -> Iterator[View]:
    """Answer a question: yield the page as the answer grows. What goes wrong becomes a sentence below it."""
    if not question.strip():
        # After an answer it is mostly a second press of the key with which that was asked.
        yield View(talk, status=None if talk.turns else front.error_html(desk.say("type_first")))
        return
    try:
        yield from _answer(desk, question, talk)
    # The other outermost loop, for the same reason as in `talk.greet`.
    except Exception as error:
        yield _problem(desk, talk, question, in_words(desk.say, error))


def again(desk: Desk, turn: object, question: str, talk: Talk) -> Iterator[View]:
    """Ask another question in the place of that of a turn: it and what came after it are taken back."""
    if talk.answer(turn) is None or not isinstance(turn, int) or not question.strip():
        yield View(talk, status=front.error_html(desk.say("type_first")))
        return
    yield from _instead(desk, turn, question, talk)


def correct(desk: Desk, searched: str, talk: Talk) -> Iterator[View]:
    """Ask the last question again, searching for these words instead: its answer takes the place of the last one."""
    if not talk.turns or not searched.strip():
        yield View(talk, status=front.error_html(desk.say("type_search")))
        return
    yield from _instead(desk, len(talk.turns) - 1, talk.turns[-1].question, talk, searched)


def stop(say: Wording, talk: Talk) -> str | None:
    """Let the answer in the making end at its next words; say so where these are long in coming."""
    if talk.running is None:
        return None
    talk.running.stop.set()
    return None if talk.running.finished.wait(_NOTICE_S) else front.notice_html(say("stopping"))


def _instead(desk: Desk, turn: int, question: str, talk: Talk, searched: str | None = None) -> Iterator[View]:
    """Ask in the place of a turn; where nothing came of it, the conversation stays as it was."""
    view = None
    try:
        for view in _answer(desk, question, replace(talk, turns=talk.turns[:turn], suggestions=()), searched):
            yield view
    # As in `ask`.
    except Exception as error:
        yield _problem(desk, talk, None, in_words(desk.say, error))
        return
    if view and len(view.talk.turns) <= turn:  # stopped before the first words
        yield View(_quiet(talk), transcript(desk.say, _quiet(talk)), status=view.status)


def _answer(desk: Desk, question: str, talk: Talk, searched: str | None = None) -> Iterator[View]:
    retriever = desk.archive.retriever()
    choice: Choice = chosen(retriever, desk.say, desk.form, desk.sources)
    chat = Chat(retriever, turns=talk.turns, sources=choice.sources)
    running = Running()
    talk = Talk(talk.turns, retriever.summary, question, running=running, kept=talk.kept)
    shown = None
    try:
        yield View(talk, transcript(desk.say, talk), question="" if searched is None else None, busy=True)
        for answer in chat.stream(question, choice.as_of, choice.filters, searched=searched):
            if running.stop.is_set():
                break
            if answer is talk.partial:  # a model has written nothing new; there was a chance to stop
                continue
            talk = replace(talk, partial=answer)
            found = (answer.refused, answer.quotes)
            beside = None if found == shown else cards.sources_html(desk.say, answer, len(talk.turns))
            shown = found
            yield View(talk, transcript(desk.say, talk), beside, busy=True)
        yield _ended(desk, talk, chat)
    finally:
        running.finished.set()


def _ended(desk: Desk, talk: Talk, chat: Chat) -> View:
    """Return the page after an answer, or after what was said of it before it was stopped."""
    turns, asked, said = chat.turns, talk.asking or "", talk.partial
    if len(turns) == len(talk.turns):
        if said is None or not said.begun:
            return _problem(desk, talk, asked, desk.say("stopped"))
        turns = (*turns, Turn(asked, said.searched, said))
    kept, status = talk.kept, ""
    if desk.notebook is not None:
        kept, problem = keep(desk.notebook, Chat(chat.retriever, turns=turns, sources=chat.sources), kept)
        if problem:
            status = front.notice_html(desk.say("not_kept", why=desk.say.said(problem)))
    done = Talk(turns, talk.summary, suggestions=tuple(suggestions(turns[-1].answer)), kept=kept)
    return View(done, transcript(desk.say, done), status=status)


def _quiet(talk: Talk) -> Talk:
    """Return a conversation in which nothing is being answered."""
    return Talk(talk.turns, talk.summary, suggestions=talk.suggestions, kept=talk.kept)


def _problem(desk: Desk, talk: Talk, question: str | None, message: str) -> View:
    """Return the page as it was before the question, the question back in its box, and what was wrong with it."""
    before = _quiet(talk)
    whole = transcript(desk.say, before) if talk.turns else greet(desk.archive, desk.say).transcript
    return View(before, whole, status=front.error_html(message), question=question)
