"""The one SQLite file of what people keep: its tables, its version, its damage. Knows nothing of answers.

It is apart from the index's catalog, so that neither can take the other down. Each write is one transaction and is on
the disk when it returns: killed at any moment, the file holds what was there before it or all of it.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import NotebookError

SCHEMA = 1
_APPLICATION = 0x50514E42  # "PQNB": SQLite's own mark of whose file it is
_WAIT_S = 15.0
_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL,
    pinned TEXT NOT NULL, excluded TEXT NOT NULL);
CREATE INDEX conversations_of ON conversations (owner, changed);
CREATE TABLE turns (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    place INTEGER, question TEXT NOT NULL, mark TEXT NOT NULL, turn TEXT NOT NULL, receipt TEXT NOT NULL,
    UNIQUE (conversation, place));
CREATE VIRTUAL TABLE words USING fts5 (question, quotes, tokenize = "unicode61 remove_diacritics 2");
CREATE TRIGGER turns_gone AFTER DELETE ON turns BEGIN DELETE FROM words WHERE rowid = old.key; END;
CREATE TABLE clippings (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, article TEXT NOT NULL, digest TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, sha256 TEXT NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL,
    position INTEGER NOT NULL, added TEXT NOT NULL);
CREATE INDEX clippings_of ON clippings (owner, position);
CREATE TABLE feedback (
    turn TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
    up INTEGER NOT NULL, reason TEXT NOT NULL, given TEXT NOT NULL);
"""


class Store:
    """The file, opened when it is first needed and made where it is missing. Any number of threads may use it."""

    def __init__(self, file: Path) -> None:
        """Name the file; nothing is opened, so that one which is damaged keeps nobody from asking."""
        self.file = file
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def __del__(self) -> None:
        """Close the file of a store that nobody has any more."""
        if self._db is not None:
            self._db.close()

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds.

        Raises:
            NotebookError: the file cannot be read, or is not ours, or of a newer program.
        """
        with self._lock, self._trouble():
            return self._opened().execute(statement, [storable(each) for each in values]).fetchall()

    @contextmanager
    def writing(self) -> Iterator["Store"]:
        """Make all of what is run inside one transaction: all of it is kept, or nothing.

        Raises:
            NotebookError: it cannot be written, or is not ours, or of a newer program.
        """
        with self._lock, self._trouble():
            database = self._opened()
            database.execute("BEGIN IMMEDIATE")
            try:
                yield self
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # on a full disk SQLite has rolled back by itself
                    database.execute("ROLLBACK")
                raise

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement within `writing`; return how many rows it changed."""
        with self._trouble():
            return self._opened().execute(statement, [storable(each) for each in values]).rowcount

    def forget(self) -> None:
        """Leave nothing of what was deleted in the file: not in the word index, and not in the log beside it."""
        with self._lock, self._trouble():
            database = self._opened()
            database.execute("INSERT INTO words (words) VALUES ('optimize')")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = self._open()
        return self._db

    def _open(self) -> sqlite3.Connection:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))  # what people ask is nobody else's
        except OSError as error:
            raise NotebookError(f"{self.file}: cannot be opened ({error.strerror}).") from error
        database = sqlite3.connect(self.file, isolation_level=None, timeout=_WAIT_S, check_same_thread=False)
        try:
            self._check(database)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                database.execute(f"PRAGMA {pragma}")
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                _make(database)
        except BaseException:
            database.close()
            raise
        return database

    def _check(self, database: sqlite3.Connection) -> None:
        """See to it, before anything is written, that it is our file and of no newer program."""
        [found] = database.execute("PRAGMA user_version").fetchone()
        [application] = database.execute("PRAGMA application_id").fetchone()
        [tables] = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application != _APPLICATION and (application or found or tables):
            raise NotebookError(
                f"{self.file}: a database of another program, not Pullquote's notebook; it is left alone. "
                "Name another file as `notebook` in the settings."
            )
        if found > SCHEMA:
            raise NotebookError(
                f"{self.file}: written by a newer Pullquote (schema {found}; this program reads {SCHEMA}). "
                "It is left alone: use that version of Pullquote, or name another `notebook` in the settings."
            )

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            if any(word in said for word in ("readonly", "full", "locked")):
                raise NotebookError(f"{self.file}: cannot be written ({error}). What was kept before stays.") from error
            raise NotebookError(
                f"{self.file}: damaged, or no notebook ({error}). Move it away or restore it from a copy; until then "
                "nothing is kept, and questions are answered all the same."
            ) from error


def _make(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")  # of two that come here at once, the second finds it made
    if not database.execute("PRAGMA user_version").fetchone()[0]:
        for statement in _statements():
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.execute(f"PRAGMA user_version = {SCHEMA}")
    database.execute("COMMIT")


def _statements() -> Iterator[str]:
    made = ""
    for line in _TABLES.splitlines():
        made += f"{line}\n"
        if sqlite3.complete_statement(made):
            yield made
            made = ""


def storable(value: object) -> object:
    """Return a text with each lone surrogate, which no file can hold, replaced by U+FFFD, and without NUL."""
    if not isinstance(value, str) or value.isascii():
        return value.replace("\0", "\ufffd") if isinstance(value, str) else value
    return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def now() -> str:
    """Return the moment, in UTC, so that texts of two moments compare as the moments do."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
