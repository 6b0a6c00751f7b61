"""The page: which click calls what, and what then fills which component. The work is done in `talk` and its like."""

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from rag import Facets, PullquoteError, Sources, facets
from ui import beside, cards, choice, front, talk
from ui.archive import Archive
from ui.choice import Form
from ui.parts import Parts, lay_out
from ui.talk import Desk, Talk, View
from ui.wording import chosen, wording

_AT_ONCE = 8
_WAITING = 100  # whoever comes after so many is told that it is busy, rather than left without a word
_LISTED = 30  # publishers and sections to tick; of others one types the name
# No event is a part of an API, and none dims what is being read.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build_page(archive: Archive, language: str = "") -> gr.Blocks:
    """Return the page over an archive, which need not be there yet; `language` is that of whoever asks for no other."""
    page = gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True)
    with page:
        parts = lay_out(chosen(language))
        _wire_opening(page, parts, archive, language)
        _wire_asking(parts, archive)
        _wire_choosing(parts, archive)
        _wire_sources(parts, archive)
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def _desk(archive: Archive, language: str, sources: Sources, *form: Any) -> Desk:  # noqa: ANN401 - of each component
    return Desk(archive, wording(language), Form(*(each or "" for each in form[:3]), *form[3:]), sources)


def _wire_opening(page: gr.Blocks, parts: Parts, archive: Archive, setting: str) -> None:
    """Wire what the page shows when it is opened, and when an archive is found at last."""

    def greet(language: str) -> list[Any]:
        greeting = talk.greet(archive, wording(language))
        return [greeting.masthead, greeting.transcript, gr.Timer(active=greeting.waiting), *_offer(archive, language)]

    def load(request: gr.Request) -> list[Any]:
        asked = dict(request.query_params).get("lang", "")
        language = chosen(asked, setting, request.headers.get("accept-language", ""))
        say = wording(language)
        labels = [_labelled(part, say.plain(key)) for key, part in parts.named.items()]
        hints = [gr.update(placeholder=say.plain("question_hint")), gr.update(placeholder=say.plain("as_of_hint"))]
        return [language, cards.no_sources_html(say), *labels, *hints]

    opened = [parts.masthead, parts.transcript, parts.timer, *_offered(parts)]
    named = [parts.language, parts.sources, *parts.named.values(), parts.question, parts.as_of]
    page.load(load, None, named, **_QUIET).then(greet, parts.language, opened, **_QUIET)
    parts.timer.tick(greet, parts.language, opened, **_QUIET)


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


def _wire_asking(parts: Parts, archive: Archive) -> None:
    """Wire what asks, stops and begins anew; the events of the transcript are those of page.js."""

    def ask(question: str | None, mine: Talk, *desk: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        yield from map(_update, talk.ask(_desk(archive, *desk), question or "", mine))

    def ask_example(event: gr.EventData, mine: Talk, *desk: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        yield from map(_update, talk.ask(_desk(archive, *desk), str(event.question), mine))

    def again(event: gr.EventData, mine: Talk, *desk: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        yield from map(_update, talk.again(_desk(archive, *desk), event.turn, str(event.question), mine))

    def correct(event: gr.EventData, mine: Talk, *desk: Any) -> Iterator[list[Any]]:  # noqa: ANN401
        yield from map(_update, talk.correct(_desk(archive, *desk), str(event.searched), mine))

    def stop(language: str, mine: Talk) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return talk.stop(wording(language), mine) or gr.skip()

    def restart(language: str, mine: Talk) -> list[Any]:
        return _update(talk.restart(archive, wording(language), mine))

    asked = [parts.talk, *parts.desk]
    gr.on([parts.question.submit, parts.send.click], ask, [parts.question, *asked], parts.view, **_QUIET)
    parts.transcript.ask(ask_example, asked, parts.view, **_QUIET)
    parts.transcript.again(again, asked, parts.view, **_QUIET)
    parts.transcript.correct(correct, asked, parts.view, **_QUIET)
    # Not Gradio's `cancels`: the answer then ends by itself, so that nothing else writes what it has said.
    parts.stop.click(stop, [parts.language, parts.talk], parts.status, **_QUIET)
    parts.new.click(restart, [parts.language, parts.talk], parts.view, **_QUIET)


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
    gr.on([*fields, *lists, parts.sources_kept.change], shown, parts.desk, scope, **_QUIET)
    parts.histogram.brush(brush, None, [parts.since, parts.until], **_QUIET)
    parts.sources.source(source, [parts.talk, parts.sources_kept], parts.sources_kept, **_QUIET)
    parts.scope.free(free, parts.sources_kept, parts.sources_kept, **_QUIET)


def _wire_sources(parts: Parts, archive: Archive) -> None:
    """Wire what changes the column of sources only; the events are those of page.js."""

    def back(event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return beside.sources(wording(language), mine, event.turn) or gr.skip()

    def open_article(event: gr.EventData, language: str, mine: Talk) -> Any:  # noqa: ANN401 - as above
        return beside.article(wording(language), mine, event.turn, event.number) or gr.skip()

    def pictures(event: gr.EventData, language: str, mine: Talk) -> Iterator[str]:
        yield from beside.draw(archive, wording(language), mine, event.turn)

    for panel in (parts.transcript, parts.sources):
        panel.back(back, [parts.language, parts.talk], parts.sources, **_QUIET)
        panel.open(open_article, [parts.language, parts.talk], parts.sources, **_QUIET)
    parts.transcript.pictures(pictures, [parts.language, parts.talk], parts.sources, **_QUIET)


def _update(view: View) -> list[Any]:
    """Return what the components are to show, in the order in which they are wired; None leaves one as it is."""
    kept = [gr.skip() if part is None else part for part in (view.transcript, view.sources, view.status, view.question)]
    return [view.talk, *kept, gr.Button(visible=not view.busy), gr.Button(visible=view.busy)]
