"""A person at the page: the real page in a real browser, and everything that the browser asked for on the way."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from rag import Retriever, Users, open_notebook
from ui.archive import Archive
from ui.guard import Guard
from ui.holding import Holding

# For each wait of the browser's: a question takes long where the machine is busy and the model still being loaded.
WAIT_MS = 60_000
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
ANSWERED = "Where was the stolen tuba found?"
QUOTED = "where it was on sale as a planter."
UNANSWERED = "What colour was the Tallow Bridge painted for its reopening?"

expect.set_options(timeout=WAIT_MS)


@dataclass
class Visit:
    """One person's page, with all that the browser asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    streams: set[Request] = field(default_factory=set)
    """What is still being sent: Gradio shows the last of an event once more when it ends, whatever came between."""

    def ask(self, question: str) -> Locator:
        """Ask, wait for the whole answer, and return its turn."""
        turns = self.page.locator(".turn").count()
        field = self.page.locator("#question textarea")
        field.fill(question)
        field.press("Enter")
        self.answered(turns + 1)
        return self.page.locator(f"#turn-{turns}")

    def answered(self, turns: int) -> None:
        """Wait until there are so many turns, all of them answered."""
        try:
            expect(self.page.locator(".turn [data-again]")).to_have_count(turns)
            expect(self.page.locator("#send")).to_be_visible()
            self.quiet()
        except AssertionError as error:
            said = " ".join(self.page.locator("#talk").inner_text().split())
            asked = "\n".join(self.requests[-12:])
            raise AssertionError(f"{error}\nthe page says: {said[:1500]}\nlast asked for:\n{asked}") from error

    def quiet(self) -> None:
        """Wait until every event has come to its end; Gradio's page mostly hangs up before the server does."""
        until = time.monotonic() + WAIT_MS / 1000
        while self.streams:
            assert time.monotonic() < until, [each.url for each in self.streams]
            self.page.evaluate("() => new Promise(requestAnimationFrame)")  # the browser's news come in meanwhile


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in the form of a page that has users, and send it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser that this machine has."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "these tests need Chromium: install it, or deselect tests/test_page*.py"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serving_here(
    retriever: Retriever, root_path: str = "", notebook: Path | None = None, users: Users | None = None
) -> Iterator[str]:
    """Serve the page over an archive that is open already, in a thread of this process; give its address.

    Without a file for it, what is kept is gone at the end.
    """
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_RUN_HISTORY": "False"}
    from ui.app import application
    from ui.layout import build_page

    with TemporaryDirectory() as apart:
        file = notebook or Path(apart) / "notebook.db"
        with open_notebook(settings=retriever.settings.model_copy(update={"notebook": str(file)})) as kept:
            page = build_page(Archive(lambda: retriever), kept, Holding(retriever.settings.data))
            with _running(application(page, root_path, users)) as url:
                yield url


@contextmanager
def _running(guard: Guard) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(guard, log_level="warning", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            guard.stop()
            server.should_exit = True
            thread.join(10)


@contextmanager
def visiting(
    browser: Browser, url: str, width: int = 1366, height: int = 768, *, waits: str = ".welcome", **more: str
) -> Iterator[Visit]:
    """Open the page as a person of one's own, until there is what it `waits` for.

    At the end, nothing came from elsewhere and nothing was complained of.
    """
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    visit = Visit(context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("request", lambda request: visit.streams.update([request] if "/queue/data?" in request.url else []))
    for ended in ("requestfinished", "requestfailed"):
        visit.page.on(ended, lambda request: visit.streams.discard(request))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page_errors = visit.complaints.append
    visit.page.on("console", lambda said: page_errors(f"{said.text} {said.location}") if said.type == "error" else None)
    visit.page.goto(url)
    visit.page.locator(waits).first.wait_for()
    visit.quiet()  # what is clicked while the page is still being filled may be replaced under the pointer
    yield visit
    context.close()
    hosts = {urlsplit(request).netloc for request in visit.requests if not request.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(url).netloc}
    assert not visit.complaints, visit.complaints
