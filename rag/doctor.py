"""Says what is installed, which model is used, and whether the index is sound."""

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from index.errors import PullquoteError
from rag import __version__
from rag.settings import Settings

_PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "tantivy", "tiktoken", "gradio", "trafilatura")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    says: str


def examine(settings: Settings) -> list[Finding]:
    """Return one finding for each thing that Pullquote needs; nothing is changed or loaded for long."""
    return [
        Finding("pullquote", True, f"{__version__} on Python {platform.python_version()}, {sys.platform}"),
        *(_package(name) for name in _PACKAGES),
        _model(settings),
        *_index(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, f"not installed. Run: pip install {name}")


def _model(settings: Settings) -> Finding:
    from index.embed import SentenceTransformerEmbedder

    try:
        embedder = SentenceTransformerEmbedder(settings.model)
        return Finding("model", True, f"{embedder.name}, reads {embedder.max_pieces} word pieces")
    except PullquoteError as error:
        return Finding("model", False, str(error))


def _index(settings: Settings) -> list[Finding]:
    from index.catalog import Catalog
    from index.embed import SentenceTransformerEmbedder
    from index.reader import open_version
    from index.versions import Data

    try:
        index = open_version(settings.data)
    except PullquoteError as error:
        return [Finding("index", False, str(error))]
    manifest = index.manifest
    index.close()
    findings = [
        Finding("index", True, f"{manifest.name}: {manifest.articles:,} articles, {manifest.passages:,} passages")
    ]
    catalog = Catalog(Data(settings.data).catalog)
    verdict = catalog.check()
    catalog.close()
    findings.append(Finding("catalog", verdict == "ok", verdict))
    try:
        configured = SentenceTransformerEmbedder(settings.model).name
    except PullquoteError:
        return findings  # already said by the finding on the model
    if configured != manifest.model:
        says = f"built with {manifest.model}, but {configured} is configured. Rebuild, or set model."
        findings.append(Finding("index model", False, says))
    return findings
