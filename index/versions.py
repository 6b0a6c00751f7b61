"""Index versions on disk: publish, list, roll back, sweep, and the lock that lets one build at a time.

A version is drafted in a folder of its own, synced, renamed into place, and only then does CURRENT
name it. Killed at any point, the version being served stays what it was.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_origin, get_type_hints

from index.errors import BuildLocked, IndexDamaged, IndexMissing, SettingsError

MANIFEST = "manifest.json"
MEMBERS = "members.jsonl"  # one [id, digest, date or null] a line: the articles, in order
ROWS = "rows.npy"  # int32 (passages, 3): place of the article among the members, start, end
FORMAT = 3
"""Of everything in a version's folder. Change it with any of its files, or with how text becomes terms."""
KEEP = 3  # the version being served and the two before it


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version holds; written last, so that its existence means that the rest is whole."""

    format: int
    name: str
    created: str
    model: str
    dim: int
    splitter: str
    articles: int
    passages: int
    digest: str
    """sha256 over all members: two versions with the same digest hold the same articles."""
    files: dict[str, str]
    """sha256 of every file of the version, by its path inside the folder."""


class Data:
    """The layout of a data folder: paths are decided here and nowhere else."""

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is created or opened."""
        self.root = root
        self.catalog = root / "catalog.db"
        self.added = root / "added"  # articles that were put here; a source like any other
        self.versions = root / "versions"
        self.current = root / "CURRENT"
        self.lock = root / "build.lock"
        self.holder = root / "build.lock.json"

    def folder(self, name: str) -> Path:
        """Return the folder of a version."""
        return self.versions / name

    def current_name(self) -> str:
        """Return the name of the version being served.

        Raises:
            IndexMissing: nothing was published here.
        """
        try:
            name = self.current.read_text("utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(
                f"{self.root}: no index here yet. Build one: `pullquote build FOLDER --data {self.root}`"
            ) from None
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{self.current}: cannot be read ({error}). Run `pullquote versions`.") from error
        if not name or Path(name).name != name:
            raise IndexDamaged(f"{self.current}: names no version ({name[:80]!r}). Run `pullquote versions`.")
        return name

    def manifest(self, name: str) -> Manifest:
        """Read the manifest of a version.

        Raises:
            IndexDamaged: it is missing or not a manifest.
        """
        file = self.folder(name) / MANIFEST
        try:
            manifest = Manifest(**json.loads(file.read_text("utf-8")))
            for name_of, kind in get_type_hints(Manifest).items():
                if not isinstance(getattr(manifest, name_of), get_origin(kind) or kind):
                    raise TypeError(name_of)
            if manifest.name != name:
                raise ValueError("of another version")
            return manifest
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise IndexDamaged(
                f"{file}: not a readable manifest ({type(error).__name__}). Roll back with `pullquote versions "
                "--use NAME`, or run `pullquote build` again: the catalog has everything."
            ) from error

    def members(self, name: str) -> dict[str, str]:
        """Return the articles of a version: the digest of each by its id.

        Raises:
            IndexDamaged: they cannot be read.
        """
        file = self.folder(name) / MEMBERS
        try:
            rows = (json.loads(line) for line in file.read_text("utf-8").split("\n") if line)
            return {row[0]: row[1] for row in rows}
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise IndexDamaged(f"{file}: cannot be read ({error}). {HEAL}") from error

    def names(self) -> list[str]:
        """Return the published versions, oldest first."""
        if not self.versions.is_dir():
            return []
        return sorted(each.name for each in self.versions.iterdir() if (each / MANIFEST).is_file())

    def use(self, name: str) -> None:
        """Serve the version `name` from now on; readers that are open follow.

        Raises:
            IndexMissing: there is no such version; the message lists those there are.
        """
        if name not in self.names():
            raise IndexMissing(f"{self.root}: no version {name!r}. There are: {', '.join(self.names()) or 'none'}.")
        draft = self.root / f".CURRENT.{secrets.token_hex(4)}"
        with draft.open("w", encoding="utf-8") as stream:
            stream.write(name + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.current)
        _sync_folder(self.root)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give a fresh folder to write a version into; it is gone again unless it was published."""
        self.versions.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        folder = self.versions / f".draft-{name}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, draft: Path, manifest: Manifest) -> None:
        """Make `draft` the version being served: sync, manifest, rename, CURRENT, in this order."""
        for file in files_of(draft):
            _sync(draft / file)
        (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n", "utf-8")
        _sync(draft / MANIFEST)
        for folder in {draft, *(each.parent for each in draft.rglob("*"))}:
            _sync_folder(folder)
        draft.rename(self.folder(manifest.name))
        _sync_folder(self.versions)
        self.use(manifest.name)

    def sweep(self, keep: int = KEEP) -> list[str]:
        """Delete drafts that a killed build left, and all but the `keep` newest versions and the one served.

        Call it only with the lock held. Readers that have an older version open keep it until they close.
        """
        if not self.versions.is_dir():
            return []
        kept = set(self.names()[-keep:])
        with suppress(IndexMissing, IndexDamaged):
            kept.add(self.current_name())
        gone = [each for each in self.versions.iterdir() if each.name not in kept]
        for folder in gone:
            (folder / MANIFEST).unlink(missing_ok=True)  # first: half a version must not look like one
            shutil.rmtree(folder, ignore_errors=True)
        for left in self.root.glob(".CURRENT.*"):
            left.unlink(missing_ok=True)
        return [folder.name for folder in gone]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the build lock. The system frees it when its holder dies, however that happens.

        Raises:
            BuildLocked: another process is building here.
            SettingsError: the folder cannot be made.
        """
        from filelock import FileLock, Timeout

        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"{self.root}: cannot hold an index ({error.strerror}). Name another folder."
            ) from error
        lock = FileLock(self.lock)
        try:
            lock.acquire(timeout=0.2)  # so long, whoever has just taken it has said so
        except Timeout:
            raise BuildLocked(
                f"{self.root}: another build is running here{self._who()}. Wait for it to end, then run this again."
            ) from None
        try:
            with suppress(OSError):  # it only says who holds the lock: on a full disk nobody does
                self.holder.write_text(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat()}))
            yield
        finally:
            with suppress(OSError):
                self.holder.unlink()
            lock.release()

    def _who(self) -> str:
        try:
            holder = json.loads(self.holder.read_text("utf-8"))
            return f" (process {int(holder['pid'])}, since {holder['since']:.19s} UTC)"
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def new_name(draft: Path) -> str:
    """Return the version name that belongs to a draft folder."""
    return draft.name.removeprefix(".draft-")


def files_of(folder: Path) -> list[str]:
    """Return the paths of all files below `folder` in order, but for the manifest and tantivy's lock files."""
    found = (each for each in folder.rglob("*") if each.is_file() and not each.name.endswith(".lock"))
    return sorted(each.relative_to(folder).as_posix() for each in found if each.name != MANIFEST)


def checksums(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below `folder`, by its path."""
    return {name: _sha256(folder / name) for name in files_of(folder)}


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a version with its manifest.

    Raises:
        IndexDamaged: one is missing, differs, or is not in the manifest; the message names it.
    """
    for name in files_of(folder):
        if name not in manifest.files and not Path(name).name.startswith("."):
            raise IndexDamaged(f"{folder / name}: not in the version's manifest. {HEAL}")
    for name, expected in manifest.files.items():
        file = folder / name
        try:
            found = _sha256(file)
        except OSError as error:
            raise IndexDamaged(f"{file}: cannot be read ({error.strerror}). {HEAL}") from error
        if found != expected:
            raise IndexDamaged(f"{file}: changed since it was written. {HEAL}")


HEAL = "Run `pullquote build`: it makes the index again from the catalog without embedding anything."


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it; NTFS journals the rename itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
