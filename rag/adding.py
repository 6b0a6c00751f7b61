"""What can be done to an index from a page: articles added, its state told, another of its versions served."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.errors import BuildLocked, FetchError, IndexDamaged, IndexMissing, NothingToIndex, SettingsError
from index.fetch.policy import canonical, is_address
from index.versions import Data
from rag.facade import build_index
from rag.settings import Settings

if TYPE_CHECKING:
    from index.builder import Progress
    from index.report import BuildReport

_NAME_CHARS = 120
_ODD = re.compile(r"[^\w .,()+@-]+")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # no file on Windows has such a name


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an index that is still there."""

    name: str
    current: bool
    """Whether it is the one being served."""
    created: str
    articles: int
    passages: int
    model: str


@dataclass(frozen=True, slots=True)
class State:
    """What there is in a data folder."""

    versions: tuple[Version, ...]
    """Oldest first."""
    sources: tuple[str, ...]
    """What the next build reads: files, folders and addresses."""
    size: int
    """Bytes of all that is in the folder."""
    problems: tuple[str, ...]
    """What is damaged, and what to do."""
    fruitless: tuple[tuple[str, str], ...] = ()
    """Files in the folder `added` that gave no article, each with why; the next build reads them again."""

    @property
    def current(self) -> Version | None:
        """Return the version being served, or None where there is none."""
        return next((each for each in self.versions if each.current), None)


def state_of(data: Path | str | None = None) -> State:
    """Return what there is in a data folder; nothing is opened that would load a model."""
    folder = Data(Settings.load(data=data).data)
    problems, versions, current = [], [], ""
    try:
        current = folder.current_name()
    except IndexMissing:
        pass
    except IndexDamaged as error:
        problems.append(f"{error} Serve one of these with --use.")
    for name in folder.names():
        try:
            found = folder.manifest(name)
        except IndexDamaged as error:
            problems.append(str(error))
            continue
        versions.append(Version(name, name == current, found.created, found.articles, found.passages, found.model))
    sources, size = tuple(remembered(folder)[0]), _size(folder.root)
    return State(tuple(versions), sources, size, tuple(problems), tuple(_fruitless(folder).items()))


def use_version(name: str, data: Path | str | None = None) -> None:
    """Serve another version from now on; archives that are open follow by themselves.

    Raises:
        IndexMissing: there is no such version.
        BuildLocked: a build is running there, which might sweep it away.
    """
    folder = Data(Settings.load(data=data).data)
    with folder.locked():
        folder.use(name)


def kinds() -> tuple[str, ...]:
    """Return how the names of files end that can be added."""
    from index.load import KINDS

    return tuple(KINDS)


def add_articles(
    files: Mapping[str, Path] | None = None,
    addresses: Sequence[str] = (),
    data: Path | str | None = None,
    *,
    model: str | None = None,
    progress: "Progress | None" = None,
) -> "BuildReport":
    """Add articles to an index, which need not be there yet; what was in it stays.

    `files` are copied into the folder `added` beside the index, under their names, made safe; this folder is from then
    on one of the sources that a build reads, as are `addresses`, of pages, feeds or sitemaps.

    Raises:
        NothingToIndex: there is nothing to add, or nothing of it became an article and nothing else is there.
        FetchError: an address is none that may be fetched.
        SettingsError: a file is of a kind that is not read, or cannot be kept.
        BuildLocked: another process is building there.
    """
    folder = Data(Settings.load(data=data).data)
    named = [each.strip() for each in addresses if each.strip()]
    for each in named:  # else it would be a path on this machine
        if not is_address(each):
            raise FetchError(f"{each[:200]}: no address of a page or feed. It begins with https:// or http://.")
    if not named and not files:
        raise NothingToIndex("Nothing to add: name a file, or the address of a page or feed.")
    for name, file in (files or {}).items():
        _keep(folder.added, name, file)
    sources, columns = remembered(folder)
    more = [*([str(folder.added.resolve())] if files else []), *named]
    whole = list(dict.fromkeys([*sources, *more]))
    report = build_index(whole, folder.root, model=model, columns=columns, progress=progress)
    unread = {each for each in named for line in report.refused if line.startswith(f"{canonical(each)}: ")}
    _forget(folder, {canonical(each) for each in unread} - set(sources))
    return report


def take_away(name: str, data: Path | str | None = None) -> None:
    """Delete a file that was added and gave no article; one that gave any stays.

    Raises:
        SettingsError: there is no such file, an article came of it, or it cannot be deleted.
        BuildLocked: a build is running there, which might be reading it.
    """
    folder = Data(Settings.load(data=data).data)
    with folder.locked():
        if name not in _fruitless(folder):
            raise SettingsError(
                f"{name[:200]}: no file that was added and gave no article. Articles are removed by id."
            )
        try:
            (folder.added / name).unlink()
        except OSError as error:
            raise SettingsError(f"{name}: cannot be deleted ({error.strerror}).") from error


def _fruitless(folder: Data) -> dict[str, str]:
    """Return the names of files that were added, read as they are now, and gave no article, each with why."""
    if not folder.catalog.is_file() or not folder.added.is_dir():
        return {}
    files = {str(each.resolve()): each for each in sorted(folder.added.iterdir()) if each.is_file()}
    catalog = Catalog(folder.catalog)
    try:
        records = catalog.file_records(list(files))
    finally:
        catalog.close()
    found = {}
    for path, record in records.items():
        if not record.members and hashlib.sha256(files[path].read_bytes()).hexdigest() == record.sha256:
            found[files[path].name] = "; ".join(record.problems)
    return dict(sorted(found.items()))


def _forget(folder: Data, sources: Collection[str]) -> None:
    """Take out of the sources what could not be read when it was added: else each later build would complain of it."""
    if not sources:
        return
    with suppress(BuildLocked), folder.locked():
        catalog = Catalog(folder.catalog, writable=True)
        try:
            kept = [each for each in catalog.sources() if each not in sources]
            with catalog.transaction():
                catalog.set_sources(kept, catalog.columns())
        finally:
            catalog.close()


def safe_name(name: str) -> str:
    """Return what a file may be called that somebody else named: within its folder, seen, and no device."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _ODD.sub("-", last).strip(" .-_") or "article"
    stem, dot, ending = plain.partition(".")
    stem = f"{stem}-" if _DEVICE.match(plain) else stem
    return f"{stem[: _NAME_CHARS - len(dot + ending[-40:])]}{dot}{ending[-40:]}"


def _keep(folder: Path, name: str, file: Path) -> Path:
    """Copy a file into a folder: whole or not at all, and never over another one."""
    from index.load import kind_of

    called = safe_name(name)
    if kind_of(called) is None:
        raise SettingsError(f"{called}: files of this kind are not read. There are: {', '.join(kinds())}.")
    try:
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:8]
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / called
        if place.exists() and place.read_bytes() != content:
            place = folder / f"{digest}-{called}"
        draft = folder / f".{digest}.part"
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(place)
    except OSError as error:
        raise SettingsError(f"{called}: cannot be kept in {folder} ({error.strerror}).") from error
    return place


def remembered(folder: Data) -> tuple[list[str], dict[str, str]]:
    """Return the sources of the last build, and what it was told of the fields of records."""
    if not folder.catalog.is_file():
        return [], {}
    catalog = Catalog(folder.catalog)
    try:
        return catalog.sources(), catalog.columns()
    finally:
        catalog.close()


def _size(root: Path) -> int:
    total = 0
    for folder, _, names in os.walk(root):
        for name in names:
            try:
                total += (Path(folder) / name).stat().st_size
            except OSError:  # gone meanwhile
                continue
    return total
