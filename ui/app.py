"""The page and its server: which component shows what, and which click calls what. The work is done in `talk`."""

import os
import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import fastapi
import gradio as gr
import uvicorn

from rag import SettingsError, open_index
from ui import render, talk
from ui.archive import Archive
from ui.guard import Guard
from ui.talk import Talk, View

_HERE = Path(__file__).parent
_AT_ONCE = 8
_POLL_S = 3
# No event is a part of an API, and none dims what is being read.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_SANS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that change."""

    state: gr.State
    timer: gr.Timer
    masthead: gr.HTML
    transcript: gr.HTML
    sources: gr.HTML
    status: gr.HTML
    question: gr.Textbox
    as_of: gr.Textbox
    send: gr.Button
    stop: gr.Button
    new: gr.Button


class _Server(uvicorn.Server):
    """A server that hangs up when it is to stop: each open page waits for events without end."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(uvicorn.Config(guard, log_level="warning", timeout_graceful_shutdown=2))
        self._guard = guard

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._guard.stop()
        super().handle_exit(sig, frame)


def build_page(archive: Archive) -> gr.Blocks:
    """Return the page over an archive, which need not be there yet."""
    page = gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True)
    with page:
        _wire(page, _lay_out(), archive)
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE)
    return page


def serve(
    data: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    model: str | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until interrupted; the archive is opened meanwhile, so the page is there at once.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    # Not arguments: not every version of Gradio that may be installed has them. Questions are kept nowhere.
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_RUN_HISTORY": "False"}
    archive = Archive(lambda: open_index(data, model=model))
    app = application(build_page(archive))
    listening = _listen(host, port)
    url = f"http://{_in_url(host)}:{listening.getsockname()[1]}"
    if announce:
        announce(f"Pullquote is at {url}")
    Thread(target=talk.warm_up, args=(archive,), daemon=True).start()
    if open_browser:
        webbrowser.open(url)
    with listening, suppress(KeyboardInterrupt):
        _Server(app).run(sockets=[listening])


def application(page: gr.Blocks) -> Guard:
    """Return the ASGI application that serves the page and nothing else."""
    css, icon = (_HERE / "style.css").read_text("utf-8"), _HERE / "favicon.svg"
    app = gr.mount_gradio_app(
        fastapi.FastAPI(openapi_url=None),
        page,
        path="/",
        # Not `css=`: Gradio rewrites its selectors, and drops the rules that it does not know.
        head=f"<style>{css}</style>",
        theme=_theme(),
        favicon_path=str(icon),
        footer_links=[],
        allowed_paths=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    return Guard(app)


def _lay_out() -> _Parts:
    masthead = _panel("masthead", render.masthead_html(None))
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk"):
            transcript = _panel("transcript", render.opening_html(), "Questions and answers", live=True)
            with gr.Column(elem_id="form"):
                status = _panel("status", "")
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        label="Your question",
                        placeholder="Ask a question",
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        elem_id="question",
                        container=False,
                    )
                    send = gr.Button("Ask", variant="primary", elem_id="send")
                    stop = gr.Button("Stop", variant="stop", elem_id="stop", visible=False)
                with gr.Row(elem_id="terms"):
                    as_of = gr.Textbox(
                        label="As of",
                        info="Ask as if it were this day: decides what ‘latest’ and ‘last week’ mean. Like 2026-05-01.",
                        placeholder="today",
                        max_lines=1,
                        elem_id="as-of",
                    )
                    new = gr.Button("New conversation", elem_id="new")
        with gr.Column(elem_id="side"):
            sources = _panel("sources", render.no_sources_html(), "Sources")
    timer = gr.Timer(_POLL_S, active=False)
    state = gr.State(Talk())
    return _Parts(state, timer, masthead, transcript, sources, status, question, as_of, send, stop, new)


def _panel(name: str, value: str, label: str = "", *, live: bool = False) -> gr.HTML:
    spoken = f' role="{"log" if live else "region"}" aria-label="{label}"' if label else ""
    return gr.HTML(
        value,
        elem_id=name,
        html_template=f"<div{spoken}>${{value}}</div>",
        js_on_load=(_HERE / "page.js").read_text("utf-8"),
        apply_default_css=False,
    )


def _wire(page: gr.Blocks, parts: _Parts, archive: Archive) -> None:
    """Wire what opens the page, asks, stops and begins anew."""

    def greet() -> tuple[str, str, gr.Timer]:
        greeting = talk.greet(archive)
        return greeting.masthead, greeting.transcript, gr.Timer(active=greeting.waiting)

    def ask(asked: str | None, day: str | None, mine: Talk) -> Iterator[list[Any]]:
        yield from map(_update, talk.ask(archive, asked or "", day or "", mine))

    def ask_example(day: str | None, mine: Talk, event: gr.EventData) -> Iterator[list[Any]]:
        yield from ask(str(event.question), day, mine)

    def correct(day: str | None, mine: Talk, event: gr.EventData) -> Iterator[list[Any]]:
        yield from map(_update, talk.correct(archive, str(event.searched), day or "", mine))

    def stop(mine: Talk) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return talk.stop(mine) or gr.skip()

    def restart(mine: Talk) -> list[Any]:
        return _update(talk.restart(archive, mine))

    typed = [parts.question, parts.as_of, parts.state]
    all_parts = [parts.state, parts.transcript, parts.sources, parts.status, parts.question, parts.send, parts.stop]
    gr.on([page.load, parts.timer.tick], greet, None, [parts.masthead, parts.transcript, parts.timer], **_QUIET)
    gr.on([parts.question.submit, parts.send.click], ask, typed, all_parts, **_QUIET)
    parts.transcript.ask(ask_example, typed[1:], all_parts, **_QUIET)
    parts.transcript.correct(correct, typed[1:], all_parts, **_QUIET)
    # Not Gradio's `cancels`: the answer then ends by itself, so that nothing else writes what it has said.
    parts.stop.click(stop, parts.state, parts.status, **_QUIET)
    parts.new.click(restart, parts.state, all_parts, **_QUIET)
    _wire_sources(parts)


def _wire_sources(parts: _Parts) -> None:
    """Wire what changes the column of sources only; the events are those of page.js."""

    def back(mine: Talk, event: gr.EventData) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return talk.sources(mine, event.turn) or gr.skip()

    def open_article(mine: Talk, event: gr.EventData) -> Any:  # noqa: ANN401 - HTML, or Gradio's "leave it"
        return talk.article(mine, event.turn, event.number) or gr.skip()

    for panel in (parts.transcript, parts.sources):
        panel.back(back, parts.state, parts.sources, **_QUIET)
        panel.open(open_article, parts.state, parts.sources, **_QUIET)


def _update(view: View) -> list[Any]:
    """Return what the components are to show, in the order in which they are wired; None leaves one as it is."""
    kept = [gr.skip() if part is None else part for part in (view.transcript, view.sources, view.status, view.question)]
    return [view.talk, *kept, gr.Button(visible=not view.busy), gr.Button(visible=view.busy)]


def _theme() -> gr.themes.Base:
    """Return a theme without the fonts of others; the colours are set in style.css."""
    return gr.themes.Base(font=_SANS, font_mono=("ui-monospace", "Consolas", "monospace")).set(
        body_background_fill="#fbf9f4", body_background_fill_dark="#161513"
    )


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address: bound here, so that its port is known before it is announced."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"{host}:{port}: cannot be listened on ({error}). Name another --host or --port."
        ) from error
    return listening


def _in_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound: a browser cannot go to "every address"
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
