"""Says what is installed, which model is used, and whether the index is sound."""

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from index.errors import PullquoteError
from rag import __version__
from rag.calibration import changed, kept, sketch
from rag.settings import Settings

CHANGED = 0.3
"""Share of articles that may be others before a calibration is to be made again."""
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
        *_endpoint(settings),
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


def _endpoint(settings: Settings) -> list[Finding]:
    """Say whether the endpoint of the model that writes can be reached; nothing where none is set."""
    if not settings.llm_url:
        return []
    from rag.llm.endpoint import Unanswered, endpoint_of

    try:
        endpoint = endpoint_of(settings)
    except PullquoteError as error:
        return [Finding("llm", False, str(error))]
    try:
        listed = endpoint.models()
    except Unanswered as error:
        return [Finding("llm", False, f"{endpoint.place} {error}")]
    if listed and endpoint.model not in listed:
        known = ", ".join(sorted(listed)[:8])
        return [Finding("llm", False, f"{endpoint.place} lists no model {endpoint.model!r}. There are: {known}")]
    return [Finding("llm", True, f"{endpoint.model} at {endpoint.place}")]


def _calibration(settings: Settings, model: str, now: tuple[str, ...]) -> list[Finding]:
    """Say which threshold of refusal was fitted to the archive, and whether it still fits; nothing where none was."""
    try:
        found = kept(settings.data)
    except PullquoteError as error:
        return [Finding("calibration", False, str(error))]
    if found is None:
        return []
    says = f"refuses below {found.refuse_below:g}, fitted on {found.made:.10s} by {found.questions} questions"
    if "refuse_below" in settings.model_fields_set:
        return [Finding("calibration", True, f"{says}; not used: refuse_below is set to {settings.refuse_below:g}")]
    again = "Run `pullquote calibrate` again, or `--reset` it."
    if found.model != model:
        return [Finding("calibration", False, f"{says}; not used: it is of the model {found.model}. {again}")]
    if found.program != __version__:
        return [Finding("calibration", False, f"{says}, by version {found.program} of this program. {again}")]
    share = changed(found.sketch, now)
    says += f"; {share:.0%} of the articles are others since" if share else ""
    return [Finding("calibration", share < CHANGED, says + (f". {again}" if share >= CHANGED else ""))]


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
    findings += _calibration(settings, manifest.model, sketch(index.members))
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
