"""What all tests share: no network, a clean environment, one index of the sample archive."""

import io
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from filelock import FileLock

import rag
from index.builder import build_index
from index.embed import SentenceTransformerEmbedder
from rag.cli import main
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser import Visit

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"

Address = tuple[Any, ...] | str
Run = Callable[..., tuple[int, str, str]]
"""Runs a command: its arguments and `stdin=` give its exit code, stdout and stderr."""

hypothesis.settings.register_profile("pullquote", deadline=None, max_examples=60, derandomize=True, database=None)
hypothesis.settings.load_profile("pullquote")


def pytest_configure(config: pytest.Config) -> None:
    for line, reason in (
        ("ignore:builtin type .* has no __module__ attribute:DeprecationWarning", "faiss: SWIG before 4.4"),
        ("ignore:SOCKS support in urllib3", "requests, imported by others: it looks whether SOCKS proxies can be used"),
        ("ignore:.*torch.jit.* is deprecated:DeprecationWarning", "sentence-transformers, through torch"),
        ("ignore:'future.no_silent_downcasting' is deprecated", "gradio, which counts its events with pandas"),
    ):
        del reason
        config.addinivalue_line("filterwarnings", line)


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    host = str(address[0])
    return host in {"", "localhost", "::1"} or host.startswith("127.")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine: what is tested works offline."""

    def guarded(name: str) -> Callable[[socket.socket, Address], object]:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Address) -> object:
            if not _is_here(address):
                raise RuntimeError(f"a test tried to reach {address!r} over the network; tests work offline")
            return real(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(name))
        yield


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away the caller's settings, and work in an empty folder."""
    for name in [each for each in os.environ if each.upper().startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """Return the bundled model."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the data folder of an index of the sample archive, built by the bundled model once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data = shared / "archive"
    with FileLock(shared / "archive.lock"):
        report = rag.build_index([SEEDS], data=data)  # by the second worker nothing is left to do
    assert report.articles
    assert not report.refused
    return data


@pytest.fixture(scope="session")
def retriever(archive: Path, embedder: SentenceTransformerEmbedder) -> Retriever:
    """Return the sample archive, opened."""
    return Retriever(Settings.load(data=archive), embedder)


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """Return the sample archive by the tiny embedder: for how things work, where it does not matter what is found."""
    data = tmp_path_factory.mktemp("quick") / "data"
    build_index([SEEDS], data, TinyEmbedder(max_pieces=254))
    return Retriever(Settings.load(data=data, refuse_below=0), TinyEmbedder(max_pieces=254))


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Return one browser for all that look at the page; each visit is a person of its own."""
    from tests.browser import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site(retriever: Retriever) -> Iterator[str]:
    """Return the address of the page over the sample archive."""
    from tests.browser import serving_here

    with serving_here(retriever) as url:
        yield url


@pytest.fixture
def visit(browser: "Browser", site: str) -> "Iterator[Visit]":
    """Return somebody who has just opened the page."""
    from tests.browser import visiting

    with visiting(browser, site) as visit:
        yield visit


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command and gives its exit code, stdout and stderr."""

    def call(*arguments: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as done:
            code = int(done.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def news(tmp_path: Path) -> Path:
    write(
        tmp_path / "news",
        "2026-03-28-ferry.txt",
        "The ferry crews voted to end their strike on Friday.",
        title="Ferry strike",
    )
    write(tmp_path / "news", "geese.txt", "Geese were asked to leave the pond by the council.", title="Geese")
    return tmp_path / "news"
