"""The two calls that a program starts with: build an index, open one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.settings import Settings

if TYPE_CHECKING:
    from index.builder import Progress
    from index.report import BuildReport
    from rag.retrieve import Retriever


def build_index(
    sources: Sequence[Path | str] | Path | str = (),
    data: Path | str | None = None,
    *,
    model: str | None = None,
    rebuild: bool = False,
    columns: Mapping[str, str] | None = None,
    progress: "Progress | None" = None,
) -> "BuildReport":
    """Make the index in `data` hold exactly the articles of `sources`; only what changed is read and embedded.

    A source is a file, a folder, or the address of a page, feed or sitemap, which is fetched. Without
    `sources`, those of the last build are taken. `rebuild` reads every file again; embeddings stay.
    `columns` says what CSV and JSON records call our fields (`{"text": "Body"}`), where that cannot be guessed; it is
    remembered with the sources.

    Raises:
        SettingsError: a source does not exist, or a setting is wrong.
        FetchError: a source is no address that may be fetched.
        NothingToIndex: the sources hold no article; the index being served stays.
        BuildLocked: another process is building in `data`.
        ModelError: the embedding model cannot be used.
    """
    from index.builder import build_index as build
    from index.embed import SentenceTransformerEmbedder

    settings = Settings.load(data=data, model=model)
    embedder = SentenceTransformerEmbedder(settings.model)
    named = [sources] if isinstance(sources, str | Path) else list(sources)
    policy = settings.fetch_policy()
    return build(named, settings.data, embedder, rebuild=rebuild, columns=columns, progress=progress, policy=policy)


def open_index(
    data: Path | str | None = None, *, model: str | None = None, settings: Settings | None = None
) -> "Retriever":
    """Open the index in `data` for questions; it follows newly published versions by itself.

    `settings` stands for file and environment where it is given; `data` and `model` go before it. Where
    `refuse_below` is not set, the threshold that `pullquote calibrate` kept there holds.

    Raises:
        IndexMissing: nothing was built there yet.
        IndexDamaged: a file of it is not what was written.
        ModelMismatch: it was built with another model.
    """
    from index.embed import SentenceTransformerEmbedder
    from rag.calibration import calibrated
    from rag.retrieve import Retriever

    if settings is None:
        settings = Settings.load(data=data, model=model)
    else:  # what it does not name itself stays unset: a threshold kept with the index then goes before the default
        asked = {"data": Path(data).expanduser() if data is not None else None, "model": model}
        settings = settings.model_copy(update={name: value for name, value in asked.items() if value is not None})
    embedder = SentenceTransformerEmbedder(settings.model)
    return Retriever(calibrated(settings, embedder.name), embedder)
