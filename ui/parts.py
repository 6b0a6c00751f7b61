"""The components of the page, and where each stands. What a click calls is in `layout`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rag import Sources, kinds
from ui import cards, front
from ui.library import Query
from ui.talk import Talk, View
from ui.wording import wording

_HERE = Path(__file__).parent
_POLL_S = 3
# No event is a part of an API, and none dims what is being read.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that change, and what the server keeps of each person."""

    talk: gr.State
    sources_kept: gr.State
    language: gr.State
    timer: gr.Timer
    masthead: gr.HTML
    transcript: gr.HTML
    sources: gr.HTML
    status: gr.HTML
    scope: gr.HTML
    histogram: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    new: gr.Button
    as_of: gr.Textbox
    since: gr.Textbox
    until: gr.Textbox
    publishers: gr.CheckboxGroup
    sections: gr.CheckboxGroup
    languages: gr.CheckboxGroup
    note: gr.HTML
    kept: gr.HTML
    query: gr.State
    library: gr.HTML
    state: gr.HTML
    files: gr.File
    links: gr.Textbox
    add: gr.Button
    work: gr.HTML

    @property
    def desk(self) -> list[Any]:
        """Return what `_desk` takes."""
        form = [self.as_of, self.since, self.until, self.publishers, self.sections, self.languages]
        return [self.language, self.sources_kept, *form]

    @property
    def view(self) -> list[Any]:
        """Return what `filled` fills."""
        shown = [self.transcript, self.sources, self.status, self.question]
        return [self.talk, *shown, self.send, self.stop]

    @property
    def named(self) -> dict[str, Any]:
        """Return the components that Gradio labels, each by the key of its label."""
        buttons = {"ask": self.send, "stop": self.stop, "new": self.new, "add_now": self.add}
        fields = {"question": self.question, "as_of": self.as_of, "since": self.since, "until": self.until}
        lists = {"publishers": self.publishers, "sections": self.sections, "languages": self.languages}
        return {**buttons, **fields, **lists, "add_files": self.files, "add_links": self.links}


def lay_out(language: str) -> Parts:
    """Place the components into the page that is being made, and return them."""
    say = wording(language)
    masthead = _panel("masthead", front.masthead_html(say, None))
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk"):
            transcript = _panel("transcript", front.opening_html(say), live=True)
            with gr.Column(elem_id="form"):
                status = _panel("status", "")
                with gr.Column(elem_id="choose"):
                    histogram = _panel("histogram", "")
                    with gr.Row(elem_id="days"):
                        since = _field(say.plain("since"), say.plain("day_hint"), "since")
                        until = _field(say.plain("until"), say.plain("day_hint"), "until")
                    publishers = gr.CheckboxGroup(label=say.plain("publishers"), elem_id="publishers")
                    sections = gr.CheckboxGroup(label=say.plain("sections"), elem_id="sections")
                    languages = gr.CheckboxGroup(label=say.plain("languages"), elem_id="languages")
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        label=say.plain("question"),
                        placeholder=say.plain("question_hint"),
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        elem_id="question",
                        container=False,
                    )
                    send = gr.Button(say.plain("ask"), variant="primary", elem_id="send")
                    stop = gr.Button(say.plain("stop"), variant="stop", elem_id="stop", visible=False)
                with gr.Row(elem_id="terms"):
                    as_of = _field(say.plain("as_of"), say.plain("as_of_hint"), "as-of")
                    scope = _panel("scope", "")
                    new = gr.Button(say.plain("new"), elem_id="new")
        with gr.Column(elem_id="side"):
            sources = _panel("sources", cards.no_sources_html(say))
    with gr.Column(elem_id="shelf"):
        kept = _panel("kept", "")
    with gr.Row(elem_id="archive"):
        with gr.Column(elem_id="articles"):
            library = _panel("library", "")
        with gr.Column(elem_id="holding"):
            state = _panel("state", "")
            with gr.Column(elem_id="adding"):
                # Its own label names what it takes; gzipped files end in .gz.
                files = gr.File(
                    label=say.plain("add_files"), file_count="multiple", file_types=[*kinds(), ".gz"], elem_id="files",
                    height=140,
                )  # fmt: skip
                links = gr.Textbox(label=say.plain("add_links"), lines=2, max_lines=8, elem_id="links")
                add = gr.Button(say.plain("add_now"), variant="primary", elem_id="add")
                work = _panel("work", "")
    note = _panel("note", "")
    return Parts(
        gr.State(Talk()), gr.State(Sources()), gr.State(language), gr.Timer(_POLL_S, active=False),
        masthead, transcript, sources, status, scope, histogram, question, send, stop, new,
        as_of, since, until, publishers, sections, languages,
        note, kept, gr.State(Query()), library, state, files, links, add, work,
    )  # fmt: skip


def filled(view: View) -> list[Any]:
    """Return what the components of `Parts.view` are to show; None leaves one as it is."""
    kept = [gr.skip() if part is None else part for part in (view.transcript, view.sources, view.status, view.question)]
    return [view.talk, *kept, gr.Button(visible=not view.busy), gr.Button(visible=view.busy)]


def _field(label: str, hint: str, name: str) -> gr.Textbox:
    return gr.Textbox(label=label, placeholder=hint, max_lines=1, elem_id=name)


def _panel(name: str, value: str, *, live: bool = False) -> gr.HTML:
    return gr.HTML(
        value,
        elem_id=name,
        html_template='<div role="log">${value}</div>' if live else "<div>${value}</div>",
        js_on_load=(_HERE / "page.js").read_text("utf-8"),
        apply_default_css=False,
    )
