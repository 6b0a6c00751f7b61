"""The page: which click calls what, and what then fills which component. The work is done in `talk` and its like."""

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from rag import Facets, Notebook, PullquoteError, Sources, facets
from ui import asking, beside, cards, choice, front, talk
from ui.archive import Archive
from ui.choice import Form
from ui.holding import Holding
from ui.parts import QUIET, Parts, filled, lay_out
from ui.talk import Desk, Talk
from ui.wiring import wire_archive, wire_keeping
from ui.wording import chosen, wording

Shown = Iterator[list[Any]]
_AT_ONCE = 8
_WAITING = 100  # whoever comes after so many is told that it is busy, rather than left without a word
_LISTED = 30  # publishers and sections to tick; of others one types the name


def build_page(archive: Archive, notebook: Notebook, holding: Holding, language: str = "") -> gr.Blocks:
    """Return the page over an archive, which need not be there yet; `language` is that of whoever asks for no other.

    Whoever has signed in keeps what he or she asks apart from all others; `notebook` is that of a page without users.
    """
    page = gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True)
    with page:
        parts = lay_out(chosen(language))
        opened = _wire_opening(page, parts, archive, language)
        _wire_asking(parts, archive, notebook)
        _wire_choosing(parts, archive)
        _wire_sources(parts, archive)
        wire_keeping(opened, parts, archive, notebook)
        wire_archive(parts, archive, holding)
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def _desk(archive: Archive, language: str, sources: Sources, *form: Any) -> Desk:  # noqa: ANN401 - of each component
    return Desk(archive, wording(language), Form(*(each or "" for each in form[:3]), *form[3:]), sources)


def _wire_opening(page: gr.Blocks, parts: Parts, archive: Archive, setting: str) -> Any:  # noqa: ANN401
    """Wire what the page shows when it is opened, and when an archive is found at last; return the event of its end."""

    def greet(request: gr.Request, language: str, mine: Talk) -> list[Any]:
        greeting = talk.greet(archive, wording(language), request.username or "")
        begun = mine.turns or mine.asking is not None  # somebody was quicker than the welcome
        welcome = gr.skip() if begun else greeting.transcript
        return [greeting.masthead, welcome, gr.Timer(active=greeting.waiting), *_offer(archive, language)]

    def load(request: gr.Request) -> list[Any]:
        asked = dict(request.query_params).get("lang", "")
        language = chosen(asked, setting, request.headers.get("accept-language", ""))
        say = wording(language)
        labels = [_labelled(part, say.plain(key)) for key, part in parts.named.items()]
        hints = [gr.update(placeholder=say.plain("question_hint")), gr.update(placeholder=say.plain("as_of_hint"))]
        return [language, cards.no_sources_html(say), *labels, *hints]

    opened = [parts.masthead, parts.transcript, parts.timer, *_offered(parts)]
    named = [parts.language, parts.sources, *parts.named.values(), parts.question, parts.as_of]
    given = [parts.language, parts.talk]
    parts.timer.tick(greet, given, opened, **QUIET)
    return page.load(load, None, named, **QUIET).then(greet, given, opened, **QUIET)


def _labelled(part: Any, label: str) -> Any:  # noqa: ANN401 - any component
    return gr.update(value=label) if isinstance(part, gr.Button) else gr.update(label=label)


def _offered(parts: Parts) -> list[Any]:
    return [parts.publishers, parts.sections, parts.languages, parts.scope, parts.histogram]


def _offer(archive: Archive, language: str) -> list[Any]:
    """Return what can be chosen from, and that nothing is chosen."""
    try:
        held: Facets = facets(archive.retriever())
        chooser = choice.shown(archive, wording(language), Form(), Sources())
    except PullquoteError:  # the transcript says it
        return [gr.skip()] * 5
    names = {tag: wording(language).language(tag) for tag, _ in held.languages}
    lists = [_ticks(held.publishers), _ticks(held.sections), _ticks(held.languages, names)]
    return [*lists, chooser.scope, chooser.histogram]


def _ticks(counted: tuple[tuple[str, int], ...], names: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
    """Return boxes to tick; of one name alone there is nothing to choose."""
    listed = [(f"{names[each] if names else each} ({count})", each) for each, count in counted[:_LISTED]]
    return gr.update(choices=listed, value=[], visible=len(counted) > 1)


def _wire_asking(parts: Parts, archive: Archive, notebook: Notebook) -> None:
    """Wire what asks, stops and begins anew; the events of the transcript are those of page.js."""

    def at(request: gr.Request, *desk: Any) -> Desk:  # noqa: ANN401 - of each component
        return _desk(archive, *desk)._replace(notebook=notebook.of(request.username or ""))

    def ask(request: gr.Request, question: str | None, mine: Talk, *desk: Any) -> Shown:  # noqa: ANN401
        yield from map(filled, asking.ask(at(request, *desk), question or "", mine))

    def ask_example(request: gr.Request, event: gr.EventData, mine: Talk, *desk: Any) -> Shown:  # noqa: ANN401
        yield from map(filled, asking.ask(at(request, *desk), str(event.question), mine))

    def again(request: gr.Request, event: gr.EventData, mine: Talk, *desk: Any) -> Shown:  # noqa: ANN401
        yield from map(filled, asking.again(at(request, *desk), event.turn, str(event.question), mine))

    def correct(request: gr.Request, event: gr.EventData, mine: Talk, *desk: Any) -> Shown:  # noqa: ANN401
        yield from map(filled, asking.correct(at(request, *desk), str(event.searched), mine))

    def stop(language: str, mine: Talk) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return asking.stop(wording(language), mine) or gr.skip()

    def restart(language: str, mine: Talk) -> list[Any]:
        return filled(talk.restart(archive, wording(language), mine))

    asked = [parts.talk, *parts.desk]
    # What comes while the last answer is still being ended is heard when it has: by default Gradio would let it go.
    waits: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
    gr.on([parts.question.submit, parts.send.click], ask, [parts.question, *asked], parts.view, **waits)
    parts.transcript.ask(ask_example, asked, parts.view, **QUIET)
    parts.transcript.again(again, asked, parts.view, **QUIET)
    parts.transcript.correct(correct, asked, parts.view, **QUIET)
    # Not Gradio's `cancels`: the answer then ends by itself, so that nothing else writes what it has said.
    parts.stop.click(stop, [parts.language, parts.talk], parts.status, **QUIET)
    parts.new.click(restart, [parts.language, parts.talk], parts.view, **QUIET)


def _wire_choosing(parts: Parts, archive: Archive) -> None:
    """Wire what chooses the articles to ask; whatever is changed, it is said how many are left."""

    def shown(*desk: Any) -> list[Any]:  # noqa: ANN401
        given = _desk(archive, *desk)
        try:
            made = choice.shown(archive, given.say, given.form, given.sources)
        except PullquoteError as error:
            return [front.error_html(talk.in_words(given.say, error)), gr.skip()]
        return [made.scope, gr.skip() if made.histogram is None else made.histogram]

    def brush(event: gr.EventData) -> list[str]:
        return [str(event.since), str(event.until)]

    def source(event: gr.EventData, mine: Talk, kept: Sources) -> Any:  # noqa: ANN401 - or "leave it"
        made = beside.source(mine, kept, str(event.way), event.turn, event.number)
        return gr.skip() if made is None else made

    def free(event: gr.EventData, kept: Sources) -> Sources:
        return kept.free(str(event.source))

    scope = [parts.scope, parts.histogram]
    fields = [parts.as_of.blur, parts.as_of.submit, parts.since.change, parts.until.change]
    lists = [parts.publishers.change, parts.sections.change, parts.languages.change]
    changes = [*fields, *lists, parts.sources_kept.change]
    gr.on(changes, shown, parts.desk, scope, trigger_mode="always_last", **QUIET)
    parts.histogram.brush(brush, None, [parts.since, parts.until], **QUIET)
    parts.sources.source(source, [parts.talk, parts.sources_kept], parts.sources_kept, **QUIET)
    parts.scope.free(free, parts.sources_kept, parts.sources_kept, **QUIET)


def _wire_sources(parts: Parts, archive: Archive) -> None:
    """Wire what changes the column of sources only; the events are those of page.js."""

    def back(event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return beside.sources(wording(language), mine, event.turn) or gr.skip()

    def open_article(event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401 - as above
        return beside.article(wording(language), mine, event.turn, event.number) or gr.skip()

    def pictures(event: gr.EventData, language: str, mine: Talk) -> Iterator[str]:
        yield from beside.draw(archive, wording(language), mine, event.turn)

    for panel in (parts.transcript, parts.sources):
        panel.back(back, [parts.language, parts.talk], parts.sources, **QUIET)
        panel.open(open_article, [parts.language, parts.talk], parts.sources, **QUIET)
    parts.transcript.pictures(pictures, [parts.language, parts.talk], parts.sources, **QUIET)
