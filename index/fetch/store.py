"""Keeps what was fetched in the data folder: for each address what came last, and what is known of it.

A content file is named by its sha256 and written before the record that names it; both whole or not at all. Killed
at any moment, each record names a content that is there.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.load.feed import Entry, entry_of

FOLDER = "fetched"


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one address."""

    url: str
    address: str = ""
    """Where its server says that it is from now on."""
    final_url: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    file: str = ""
    """Name of the content file beside this record; "" while there is none."""
    sha256: str = ""
    fetched: str = ""
    """When the content came, UTC."""
    checked: str = ""
    """When its server last said something of it, be it that nothing changed."""
    listed: str = ""
    """What the feed or sitemap said of its last change when it was fetched."""
    round: str = ""
    """In which round it was checked last."""
    problem: str = ""
    """Why it cannot be had now."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Every address that a feed or sitemap ever named, the newest first, and how many of them it names now."""

    urls: tuple[str, ...] = ()
    current: int = 0


class Store:
    """The folder of what was fetched."""

    def __init__(self, data: Path) -> None:
        """Name the data folder; nothing is created yet."""
        self.root = data / FOLDER

    def record(self, url: str) -> Record:
        """Return what is known of an address; nothing where it was never asked for, or the record is damaged."""
        found = _read(self._place(url, ".json"))
        try:
            return Record(**found) if isinstance(found, dict) and found.get("url") == url else Record(url)
        except TypeError:
            return Record(url)

    def content(self, record: Record) -> Path | None:
        """Return the file of what came last; None where there is none."""
        file = self._place(record.url).parent / Path(record.file).name
        return file if record.file and file.is_file() else None

    def keep(self, record: Record, body: bytes, ending: str) -> Record:
        """Keep what came for an address: the content first, then the record, then what it replaces goes."""
        sha256 = hashlib.sha256(body).hexdigest()
        name = f"{self._place(record.url).name}-{sha256[:16]}{ending}"
        _write(self._place(record.url).with_name(name), body)
        kept = replace(record, file=name, sha256=sha256, fetched=record.fetched if sha256 == record.sha256 else now())
        before = self.content(self.record(record.url))
        self.note(kept)
        if before and before.name != name:
            before.unlink(missing_ok=True)
        return kept

    def note(self, record: Record) -> None:
        """Keep what is known of an address."""
        _write(self._place(record.url, ".json"), json.dumps(asdict(record), ensure_ascii=False, indent=1).encode())

    def entry(self, url: str) -> Path:
        """Return the file of what a feed says of an address, as an item of a JSON Feed."""
        return self._place(url, ".entry")

    def keep_entry(self, url: str, entry: dict[str, object]) -> None:
        """Keep what a feed says of an address, unless it says nothing new."""
        raw = json.dumps(entry, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "surrogatepass")
        file = self.entry(url)
        if not file.is_file() or file.read_bytes() != raw:
            _write(file, raw)

    def kept_entry(self, url: str) -> Entry | None:
        """Return what a feed said of an address last."""
        found = _read(self.entry(url))
        return entry_of(found) if isinstance(found, dict) else None

    def listing(self, url: str) -> Listing:
        """Return what a feed or sitemap named so far."""
        found = _read(self._place(url, ".list.json"))
        if not isinstance(found, dict):
            return Listing()
        return Listing(tuple(map(str, found.get("urls", ()))), int(found.get("current", 0)))

    def add_to_listing(self, url: str, named: Sequence[str]) -> Listing:
        """Keep what a feed or sitemap names now, before what it named earlier: nothing that it drops is lost."""
        before = self.listing(url)
        now_named = dict.fromkeys(named)
        listing = Listing((*now_named, *(each for each in before.urls if each not in now_named)), len(now_named))
        if listing != before:
            _write(self._place(url, ".list.json"), json.dumps(asdict(listing), ensure_ascii=False, indent=0).encode())
        return listing

    # Rounds

    def begin_round(self, most_s: float) -> str:
        """Return the name of the round: the one that was begun and not ended, unless that is too long ago."""
        file = self.root / "round.json"
        if file.is_file() or any(self.root.glob(".*")):  # the last one was killed: what it was writing is left
            for left in [each for each in self.root.rglob(".*") if each.is_file()]:
                left.unlink(missing_ok=True)
        found = _read(file)
        begun = str(found.get("begun", "")) if isinstance(found, dict) else ""
        try:
            age = (datetime.now(UTC) - datetime.fromisoformat(begun)).total_seconds()
        except (ValueError, TypeError):
            age = -1.0
        if not 0 <= age < most_s:
            begun = now()
            _write(file, json.dumps({"begun": begun}).encode())
        return begun

    def end_round(self) -> None:
        """Say that all was asked for that there is to ask for."""
        (self.root / "round.json").unlink(missing_ok=True)

    def _place(self, url: str, ending: str = "") -> Path:
        key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self.root / key[:2] / f"{key}{ending}"


def now() -> str:
    """Return the time, UTC, to the microsecond: two rounds are not begun at the same."""
    return datetime.now(UTC).isoformat()


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None


def _write(file: Path, raw: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
