"""The server of the page: what listens, what is served, when it stops."""

import os
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import FrameType

import fastapi
import gradio as gr
import uvicorn

from rag import SettingsError, Users, open_index, open_notebook
from ui import talk
from ui.archive import Archive
from ui.door import USER, Door
from ui.guard import Guard
from ui.holding import Holding
from ui.layout import build_page

MOST_FILE = 50_000_000
"""Bytes of one file that is added."""
_HERE = Path(__file__).parent
_SANS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")


class _Server(uvicorn.Server):
    """A server that hangs up when it is to stop: each open page waits for events without end."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(uvicorn.Config(guard, log_level="warning", timeout_graceful_shutdown=2))
        self._guard = guard

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._guard.stop()
        super().handle_exit(sig, frame)


def serve(
    data: Path | str,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    model: str | None = None,
    language: str = "",
    root_path: str = "",
    users: Users | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until interrupted; the archive is opened meanwhile, so the page is there at once.

    `language` is what the page speaks to whoever asks for no other; "" leaves it to the browser. `root_path` is the
    path at which a proxy shows the page, "/news". Where there are `users`, nobody else sees anything.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    # Not arguments: not every version of Gradio that may be installed has them. Questions are kept nowhere.
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_RUN_HISTORY": "False"}
    archive = Archive(lambda: open_index(data, model=model))
    page = build_page(archive, open_notebook(data), Holding(Path(data), model), language)
    app = application(page, root_path, users, language)
    listening = _listen(host, port)
    url = f"http://{_in_url(host)}:{listening.getsockname()[1]}"
    if announce:
        announce(f"Pullquote is at {url}")
    Thread(target=talk.warm_up, args=(archive,), daemon=True).start()
    if open_browser:
        webbrowser.open(url)
    with listening, suppress(KeyboardInterrupt):
        _Server(app).run(sockets=[listening])


def application(page: gr.Blocks, root_path: str = "", users: Users | None = None, language: str = "") -> Guard:
    """Return the ASGI application that serves the page and nothing else; see `serve`."""
    css, icon = (_HERE / "style.css").read_text("utf-8"), _HERE / "favicon.svg"
    app = gr.mount_gradio_app(
        fastapi.FastAPI(openapi_url=None),
        page,
        path="/",
        root_path=root_path or None,
        # Not `css=`: Gradio rewrites its selectors, and drops the rules that it does not know.
        head=f"<style>{css}</style>",
        theme=_theme(),
        favicon_path=str(icon),
        footer_links=[],
        allowed_paths=[],
        show_error=False,
        auth_dependency=_user if users else None,
        max_file_size=MOST_FILE,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    return Guard(Door(app, users, root_path, language) if users else app, root_path)


def _user(request: fastapi.Request) -> str | None:
    """Tell Gradio who asks."""
    user = request.scope.get(USER)
    return None if user is None else str(user)


def _theme() -> gr.themes.Base:
    """Return a theme without the fonts of others; the colours are set in style.css."""
    return gr.themes.Base(font=_SANS, font_mono=("ui-monospace", "Consolas", "monospace")).set(
        body_background_fill="#fbf9f4",
        body_background_fill_dark="#161513",
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
