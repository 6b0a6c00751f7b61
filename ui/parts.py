"""The components of the page, and where each stands. What a click calls is in `layout`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rag import Sources
from ui import cards, front
from ui.talk import Talk
from ui.wording import wording

_HERE = Path(__file__).parent
_POLL_S = 3


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

    @property
    def desk(self) -> list[Any]:
        """Return what `_desk` takes."""
        form = [self.as_of, self.since, self.until, self.publishers, self.sections, self.languages]
        return [self.language, self.sources_kept, *form]

    @property
    def view(self) -> list[Any]:
        """Return what `_update` fills."""
        shown = [self.transcript, self.sources, self.status, self.question]
        return [self.talk, *shown, self.send, self.stop]

    @property
    def named(self) -> dict[str, Any]:
        """Return the components that Gradio labels, each by the key of its label."""
        buttons = {"ask": self.send, "stop": self.stop, "new": self.new}
        fields = {"question": self.question, "as_of": self.as_of, "since": self.since, "until": self.until}
        lists = {"publishers": self.publishers, "sections": self.sections, "languages": self.languages}
        return {**buttons, **fields, **lists}


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
    return Parts(
        gr.State(Talk()), gr.State(Sources()), gr.State(language), gr.Timer(_POLL_S, active=False),
        masthead, transcript, sources, status, scope, histogram, question, send, stop, new,
        as_of, since, until, publishers, sections, languages,
    )  # fmt: skip


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
