"""Which click calls what, for what is kept and for the archive. The events are those of page.js."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from rag import Notebook, PullquoteError
from ui import beside, front, keeping, story, talk
from ui.archive import Archive
from ui.holding import MOST_FILES, Holding
from ui.keeping import Loaded
from ui.library import Query
from ui.parts import QUIET, Parts, filled
from ui.talk import Talk
from ui.wording import Wording, wording


def wire_keeping(opened: Any, parts: Parts, archive: Archive, notebook: Notebook) -> None:  # noqa: ANN401
    """Wire what is kept: the panel of it, thumbs, clippings, downloads, and the link with which a page is opened."""
    does = _Keeping(parts, archive, notebook)
    given = [parts.language, parts.talk]
    opened.then(does.follow_link, parts.language, [*does.shown, parts.note], **QUIET)
    parts.masthead.view(does.show, given, parts.kept, **QUIET)
    parts.kept.act(does.act, given, [*does.shown, parts.kept, parts.note], **QUIET)
    parts.transcript.judge(does.judge, given, [*parts.view, parts.note], **QUIET)
    parts.sources.clip(does.clip, given, parts.note, **QUIET)
    parts.transcript.export(does.export, given, parts.sources, **QUIET)


class _Keeping:
    """What the clicks do to what is kept."""

    def __init__(self, parts: Parts, archive: Archive, notebook: Notebook) -> None:
        self._parts, self._archive, self._notebook = parts, archive, notebook
        self.shown = [*parts.view, parts.sources_kept]

    def _mine_of(self, request: gr.Request) -> Notebook:
        return self._notebook.of(request.username or "")

    def _reopened(self, say: Wording, loaded: Loaded) -> list[Any]:
        return [*filled(talk.reopened(self._archive, say, loaded)), loaded.sources]

    def follow_link(self, request: gr.Request, language: str) -> list[Any]:
        answer = dict(request.query_params).get("answer", "")
        if not answer:
            return [*[gr.skip()] * len(self.shown), gr.skip()]
        say = wording(language)
        try:
            found = keeping.linked(self._mine_of(request), self._archive.retriever(), answer)
        except PullquoteError:  # the transcript says it
            found = None
        if found is None:
            return [*[gr.skip()] * len(self.shown), front.error_html(say("link_gone"))]
        return [*self._reopened(say, found), ""]

    def show(self, request: gr.Request, event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401
        if event.name != "kept":
            return gr.skip()
        return self._panel(wording(language), self._mine_of(request), mine)

    def act(self, request: gr.Request, event: gr.EventData, language: str, mine: Talk) -> list[Any]:
        say, named = wording(language), (str(event.action), str(event.id), str(event.text))
        try:
            done = keeping.act(say, self._mine_of(request), self._archive.retriever(), mine.kept, *named)
            whole = self._reopened(say, done.loaded) if done.loaded else [gr.skip()] * len(self.shown)
        # Gradio's callback, an outermost loop: see `asking.ask`.
        except Exception as error:
            return [*[gr.skip()] * len(self.shown), gr.skip(), front.error_html(talk.in_words(say, error))]
        if done.kept != mine.kept and not done.loaded:  # it was deleted: what is asked next is kept as a new one
            whole[0] = replace(mine, kept=done.kept)
        return [*whole, gr.skip() if done.panel is None else done.panel, ""]

    def judge(self, request: gr.Request, event: gr.EventData, language: str, mine: Talk) -> list[Any]:
        say = wording(language)
        try:
            view = talk.judged(say, self._mine_of(request), mine, event.turn, str(event.way), str(event.reason))
        except Exception as error:
            return [*[gr.skip()] * len(self._parts.view), front.error_html(talk.in_words(say, error))]
        return [*(filled(view) if view else [gr.skip()] * len(self._parts.view)), ""]

    def clip(self, request: gr.Request, event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401
        say, answer = wording(language), mine.answer(event.turn)
        try:
            said = keeping.clip(say, self._mine_of(request), answer, event.number) if answer else ""
        except Exception as error:
            return front.error_html(talk.in_words(say, error))
        return front.notice_html(said) if said else gr.skip()

    def export(self, request: gr.Request, event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401
        made = beside.export(self._archive, wording(language), self._mine_of(request), mine, event.turn)
        return gr.skip() if made is None else made

    def _panel(self, say: Wording, notebook: Notebook, mine: Talk) -> str:
        try:
            return keeping.act(say, notebook, self._archive.retriever(), mine.kept, "list", "", "").panel or ""
        # As in `act`.
        except Exception as error:
            return front.error_html(talk.in_words(say, error))


def wire_archive(parts: Parts, archive: Archive, holding: Holding) -> None:
    """Wire the page of the archive: what is in it, and what is being done to it."""
    changed = [parts.work, parts.library, parts.state, parts.masthead]
    does = _Changing(archive, holding, len(changed))
    asked = [parts.language, parts.query]
    parts.masthead.view(does.show, asked, changed, **QUIET)
    for panel in (parts.library, parts.state):
        panel.act(does.act, asked, [*changed, parts.note, parts.query], **QUIET)
    parts.add.click(does.add, [*asked, parts.files, parts.links], [*changed, parts.files, parts.links], **QUIET)


class _Changing:
    """What the clicks do to the archive."""

    def __init__(self, archive: Archive, holding: Holding, outputs: int) -> None:
        self._archive, self._holding = archive, holding
        self._still = [gr.skip()] * outputs

    def follow(self, request: gr.Request, say: Wording, query: Query) -> Iterator[list[Any]]:
        """Show how far it is; at its end, what the archive then holds."""
        for _ in self._holding.work.follow():
            yield [self._holding.progress(say), *self._still[1:]]
        masthead = talk.greet(self._archive, say, request.username or "").masthead
        yield [self._holding.progress(say), self._holding.listed(say, query), self._holding.state(say), masthead]

    def show(self, request: gr.Request, event: gr.EventData, language: str, query: Query) -> Iterator[list[Any]]:
        if event.name != "archive":
            yield self._still
            return
        say = wording(language)
        yield [self._holding.progress(say), self._holding.listed(say, query), self._holding.state(say), gr.skip()]
        if self._holding.work.now.running:
            yield from self.follow(request, say, query)

    def act(self, request: gr.Request, event: gr.EventData, language: str, query: Query) -> Iterator[list[Any]]:
        say, action = wording(language), str(event.action)
        if does := self._holding.change(action, str(event.id)):
            if not self._holding.work.start(does):
                yield [*self._still, front.error_html(say("busy")), query]
                return
            for each in self.follow(request, say, query):
                yield [*each, "", query]
            return
        if action == "story":
            yield [gr.skip(), story.gathering_html(say), *self._still[2:], "", query]
        try:
            query = self._holding.asked(query, action, str(event.text))
            if action == "story":
                panel = self._holding.story(say, self._archive.retriever(), str(event.id), str(event.text))
            elif action == "read":
                panel = self._holding.read(say, str(event.id))
            else:
                panel = self._holding.listed(say, query)
        # As above.
        except Exception as error:
            panel = self._holding.listed(say, query) if action == "story" else gr.skip()
            yield [gr.skip(), panel, *self._still[2:], front.error_html(talk.in_words(say, error)), query]
            return
        yield [gr.skip(), panel, gr.skip(), gr.skip(), "", query]

    def add(
        self, request: gr.Request, language: str, query: Query, files: Sequence[str] | None, links: str | None
    ) -> Iterator[list[Any]]:
        say = wording(language)
        named = {Path(each).name: Path(each) for each in files or ()}
        addresses = (links or "").split()
        problem = ""
        if not named and not addresses:
            problem = say("add_what")
        elif len(named) > MOST_FILES:
            problem = say("add_many", most=say.number(MOST_FILES))
        elif not self._holding.add(named, addresses):
            problem = say("busy")
        if problem:
            yield [front.error_html(problem), *self._still[1:], gr.skip(), gr.skip()]
            return
        for each in self.follow(request, say, query):
            yield [*each, None, ""]
