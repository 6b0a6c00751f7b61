"""A small news site on this machine, real HTTP, that can be told to misbehave; and what it was asked for."""

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from index.fetch.policy import Policy


@dataclass
class Page:
    """An answer; `tag` makes it one that can be asked for conditionally."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    tag: bool = True


Answering = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's pages: with a page, or as a function does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms
    site: "Site"

    def do_GET(self) -> None:
        if self.site.dies_after is not None and len(self.site.asked) >= self.site.dies_after:
            self.close_connection = True
            self.site.close()
            return
        self.site.asked.append(self.path)
        self.site.headers.append({name.lower(): value for name, value in self.headers.items()})
        answer = self.site.pages.get(self.path, Page(b"not here", status=404, tag=False))
        try:
            if callable(answer):
                answer(self)
            else:
                self.answer(answer)
        except OSError:  # the other side has seen enough
            self.close_connection = True

    def answer(self, page: Page) -> None:
        etag = f'"{hashlib.sha256(page.body).hexdigest()[:12]}"'
        if page.tag and self.headers.get("If-None-Match") == etag:
            self.start(304, {"ETag": etag})
            return
        tagged = {"ETag": etag, "Last-Modified": formatdate(0, usegmt=True)} if page.tag else {}
        length = {"Content-Length": str(len(page.body))}
        self.start(page.status, {"Content-Type": page.type} | length | tagged | page.headers)
        self.wfile.write(page.body)

    def start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Keep quiet: it is told to break connections."""


class Site:
    """The pages, by path; what was asked for, in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Page | Answering] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.stop = threading.Event()
        """Set at the end: what drips on, stops."""
        self.dies_after: int | None = None
        """After so many requests it is down, until it is opened again."""
        self.open()

    def open(self) -> None:
        """Listen: at the same place as before, if it did before."""
        handler = type("SiteHandler", (Handler,), {"site": self})
        self._server = Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        assert self._server
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def close(self) -> None:
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def policy(self, **more: Any) -> Policy:  # noqa: ANN401 - each is a field of it
        quick: dict[str, Any] = {"delay_s": 0.0, "retries": 0, "allow_hosts": (f"127.0.0.1:{self.port}",)}
        return Policy(**(quick | more))

    def count(self, path: str) -> int:
        return self.asked.count(path)

    def article(self, path: str, title: str, *paragraphs: str, head: str = "") -> None:
        text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
        page = (
            f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>{head}</head>"
            f"<body><main><article><h1>{escape(title)}</h1>{text}</article></main></body></html>"
        )
        self.pages[path] = Page(page.encode())

    def feed(self, path: str, *items: str, title: str = "The Courier") -> None:
        rss = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<channel><title>{escape(title)}</title>{''.join(items)}</channel></rss>"
        )
        self.pages[path] = Page(rss.encode(), "application/rss+xml")


def item(link: str, title: str = "", date: str = "", author: str = "", content: str = "") -> str:
    """Return an entry of an RSS feed."""
    parts = [("link", link), ("title", title), ("pubDate", date), ("dc:creator", author), ("content:encoded", content)]
    return f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in parts if text)}</item>"


@contextmanager
def serving() -> Iterator[Site]:
    """Run a site for as long as the block lasts."""
    site = Site()
    try:
        yield site
    finally:
        site.stop.set()
        site.close()
