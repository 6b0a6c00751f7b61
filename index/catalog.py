"""The catalog: every article revision, its passages, and every embedding computed, in one SQLite file.

It is the source of truth: a version can be made again from it without embedding anything. It only grows;
what was computed before a kill is there afterwards.
"""

import itertools
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from index.article import DATE_ORIGINS, Article
from index.embed import Vectors
from index.errors import IndexDamaged, PullquoteError
from index.passage import Span

_SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    id TEXT NOT NULL, digest TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL,
    published TEXT, authors TEXT NOT NULL, url TEXT, publisher TEXT, section TEXT, language TEXT NOT NULL,
    modified TEXT, published_from TEXT, modified_from TEXT, read TEXT,
    PRIMARY KEY (id, digest));
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, loader TEXT NOT NULL, articles TEXT NOT NULL,
    problems TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
    id TEXT NOT NULL, digest TEXT NOT NULL, splitter TEXT NOT NULL, spans BLOB NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY (id, digest, splitter)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS embeddings (
    key BLOB NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (key, model)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signatures (
    digest TEXT PRIMARY KEY, rules TEXT NOT NULL, words BLOB NOT NULL, minima BLOB NOT NULL, shingles INTEGER NOT NULL,
    title TEXT NOT NULL, published TEXT, modified TEXT, url TEXT NOT NULL, publisher TEXT NOT NULL,
    marker TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (
    id TEXT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL, of TEXT NOT NULL,
    PRIMARY KEY (id, digest, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS left_out (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, place INTEGER NOT NULL, words BLOB NOT NULL, url TEXT NOT NULL,
    since TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_ADDED = ("modified", "published_from", "modified_from", "read")
"""Columns of `articles` that catalogs made before there were such do not have; none holds "unknown" there."""
_CHECKED = ("files", "passages", "embeddings")
"""Tables whose rows carry a `crc`: one that changed on the disk counts as not there, and is computed again."""
_RESTORE = "Restore it from a backup, or move it away and run `pullquote build` on the sources again."
_TOGETHER = 200  # looked up in one go: a tenth of the calls' time, and far from SQLite's limit of 32,766 values
_KEY_BYTES = 32  # sha256 of the text that was embedded


class Member(NamedTuple):
    """Exactly one text of one article: what an index version is made of."""

    id: str
    digest: str


class Facts(NamedTuple):
    """What an article can be chosen by, besides its date and its words."""

    publisher: str | None
    authors: tuple[str, ...]
    section: str | None
    language: str
    host: str
    """Of its address; "" where none is known."""


class FileRecord(NamedTuple):
    """What a file gave when it was last read."""

    sha256: str
    loader: str
    members: list[Member]
    problems: list[str]


def _crc(*parts: object) -> int:
    """Return a checksum (CRC-32) of what a row says; damage can make anything of a value."""
    raw = (part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass") for part in parts)
    return zlib.crc32(b"\0".join(raw))


def _whole(row: tuple[Any, ...]) -> bool:
    """Tell whether a row, its checksum last, is what was written; rows from before there were checksums are taken."""
    return row[-1] is None or row[-1] == _crc(*row[:-1])


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url).hostname or "") if url else ""
    except ValueError:  # an article's file may say anything
        return ""


def _origin(stored: object) -> str:
    return str(stored) if stored in DATE_ORIGINS else "unknown"


def _as_article(row: tuple[Any, ...]) -> Article | None:
    key, title, text, source, published, authors, url, publisher, section, language = row[:10]
    modified, published_from, modified_from, read = row[10:]
    try:
        day, changed, seen = (date.fromisoformat(each) if each else None for each in (published, modified, read))
        names = tuple(json.loads(authors))
    except (ValueError, TypeError):  # of another kind: damage can make a number of a text
        return None
    return Article(
        key, title, text, source, day, names, url, publisher, section, language,
        changed, _origin(published_from), _origin(modified_from), seen,
    )  # fmt: skip


class Catalog:
    """One open catalog. Use `with catalog.transaction():` around writes that belong together."""

    def __init__(self, file: Path, *, writable: bool = False) -> None:
        """Open `file`; a writable catalog is created where it is missing.

        Raises:
            IndexDamaged: the file is missing (read-only) or is no SQLite database.
        """
        self.file = file
        with self._damage("be opened as a catalog"):
            if writable:
                file.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(file, isolation_level=None, timeout=60)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.executescript(_SCHEMA)
                for name in _ADDED:
                    if name not in self._columns():
                        self._db.execute(f"ALTER TABLE articles ADD COLUMN {name} TEXT")
                for table in _CHECKED:
                    if "crc" not in self._columns(table):
                        self._db.execute(f"ALTER TABLE {table} ADD COLUMN crc INTEGER")
            else:
                # One connection serves all threads of a server: reads only, and SQLite serialises them.
                self._db = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
                self._db.execute("SELECT count(*) FROM settings").fetchone()
            columns = self._columns()
            self._added = ", ".join(name if name in columns else "NULL" for name in _ADDED)

    def _columns(self, table: str = "articles") -> set[str]:
        return {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what a statement finds."""
        with self._damage():
            return self._db.execute(statement, values).fetchall()

    def write(self, statement: str, values: Sequence[object] = ()) -> None:
        """Change something; see `transaction`."""
        self._execute(statement, values)

    def holds(self, table: str) -> bool:
        """Tell whether there is such a table: a catalog that is only read may be an older one."""
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)))

    def _execute(self, statement: str, values: Sequence[object] = ()) -> None:
        with self._damage():
            self._db.execute(statement, values)

    def _row(self, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        with self._damage():
            found: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
            return found

    def _rows(self, statement: str, sought: Sequence[Sequence[object]], *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of many lookups; `statement` has `{}` where the values sought stand, before `values`.

        Pairs are joined, not looked for IN them: that would read the whole table.
        """
        found: list[tuple[Any, ...]] = []
        with self._damage():
            for start in range(0, len(sought), _TOGETHER):
                some = sought[start : start + _TOGETHER]
                marks = ",".join(["(" + ",".join("?" * len(some[0])) + ")"] * len(some))
                found += self._db.execute(statement.format(f"VALUES {marks}"), [*itertools.chain(*some), *values])
        return found

    @contextmanager
    def _damage(self, doing: str = "be read") -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if any(word in str(error) for word in ("readonly", "full", "locked")):
                raise PullquoteError(
                    f"{self.file}: cannot be written ({error}). What was there before stays."
                ) from error
            raise IndexDamaged(f"{self.file}: cannot {doing} ({error}). {_RESTORE}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all writes inside one: all of them are kept, or none."""
        self._execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # on a full disk SQLite has rolled back by itself
                self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def sync(self) -> None:
        """Put everything committed so far on the disk itself, where a power cut leaves it."""
        self._execute("PRAGMA wal_checkpoint(FULL)")

    # Articles

    def add_article(self, article: Article) -> Member:
        """Keep `article`, as first read on the day that it names, else today.

        A revision that is there already is written again, which heals one that was damaged; the day on
        which it was first read stays.
        """
        member = Member(article.id, article.digest)
        self._execute(
            "INSERT OR REPLACE INTO articles (id, digest, title, text, source, published, authors, url, publisher,"
            " section, language, modified, published_from, modified_from, read) VALUES"
            " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
            " coalesce((SELECT read FROM articles WHERE id = ? AND digest = ?), ?))",
            (
                *member,
                article.title,
                article.text,
                article.source,
                article.published.isoformat() if article.published else None,
                json.dumps(article.authors, ensure_ascii=False),
                article.url,
                article.publisher,
                article.section,
                article.language,
                article.modified.isoformat() if article.modified else None,
                article.published_from,
                article.modified_from,
                *member,
                (article.read or datetime.now(UTC).date()).isoformat(),
            ),
        )
        return member

    def article(self, member: Member) -> Article:
        """Return exactly this revision.

        Raises:
            IndexDamaged: the catalog does not hold it, or holds another text under its digest.
        """
        return next(self.articles([member]))

    def articles(self, members: Sequence[Member]) -> Iterator[Article]:
        """Yield exactly these revisions, in this order.

        Raises:
            IndexDamaged: the catalog does not hold one, or holds another text under its digest.
        """
        statement = (
            "SELECT id, title, text, source, published, authors, url, publisher, section, language, "  # noqa: S608 - ours
            f"{self._added}, digest FROM ({{}}) CROSS JOIN articles ON id = column1 AND digest = column2"
        )
        for start in range(0, len(members), _TOGETHER):
            some = members[start : start + _TOGETHER]
            rows = {(row[0], row[-1]): row[:-1] for row in self._rows(statement, some)}
            for member in some:
                yield self._sound(member, rows.get(member))

    def _sound(self, member: Member, row: tuple[Any, ...] | None) -> Article:
        if row is None:
            raise IndexDamaged(
                f"{self.file}: article {member.id!r} ({member.digest[:12]}…) is not in the catalog. "
                "Run `pullquote build` on its source again."
            )
        article = _as_article(row)
        if article is None or article.digest != member.digest:
            raise IndexDamaged(
                f"{self.file}: article {member.id!r} is not what was loaded (its sha256 differs). "
                "Run `pullquote build --rebuild` on its source."
            )
        return article

    def revisions(self, article_id: str) -> list[Article]:
        """Return every text of an article that was read and is not damaged, in the order of reading."""
        rows = self.rows("SELECT id, digest FROM articles WHERE id = ? ORDER BY read, rowid", (article_id,))
        found: list[Article] = []
        for row in rows:
            with suppress(IndexDamaged):
                found.append(self.article(Member(*row)))
        return found

    def facts(self, members: Sequence[Member]) -> list[Facts]:
        """Return the facts of each of `members`, in their order.

        Raises:
            IndexDamaged: the catalog does not hold one of them.
        """
        with self._damage():
            rows = self._db.execute("SELECT id, digest, publisher, authors, section, language, url FROM articles")
            try:
                known = {
                    Member(row[0], row[1]): Facts(row[2], tuple(json.loads(row[3])), row[4], row[5], _host(row[6]))
                    for row in rows
                }
            except (ValueError, TypeError) as error:
                raise IndexDamaged(f"{self.file}: an article's authors cannot be read ({error}). {_RESTORE}") from error
        missing = next((member for member in members if member not in known), None)
        if missing:
            self.article(missing)  # says what is wrong
        return [known[member] for member in members]

    # Files already read

    def file_record(self, path: str) -> FileRecord | None:
        """Return what `path` gave when it was last read."""
        return self.file_records([path]).get(path)

    def file_records(self, paths: Sequence[str]) -> dict[str, FileRecord]:
        """Return what each of `paths` gave when it was last read, as far as it was."""
        statement = "SELECT path, sha256, loader, articles, problems, crc FROM files WHERE path IN ({})"
        return {
            row[0]: FileRecord(row[1], row[2], [Member(*each) for each in json.loads(row[3])], json.loads(row[4]))
            for row in self._rows(statement, [(path,) for path in paths])
            if _whole(row)
        }

    def set_file_record(self, path: str, record: FileRecord) -> None:
        """Remember what `path` gave."""
        row = (path, record.sha256, record.loader, json.dumps(record.members), json.dumps(record.problems))
        self._execute(
            "INSERT OR REPLACE INTO files (path, sha256, loader, articles, problems, crc) VALUES (?,?,?,?,?,?)",
            (*row, _crc(*row)),
        )

    # Passages and embeddings

    def passages(self, members: Sequence[Member], splitter: str) -> dict[Member, tuple[list[Span], list[bytes]]]:
        """Return each article's passages, as far as known: spans, and the sha256 of what is embedded for each."""
        statement = (
            "SELECT id, digest, spans, keys, crc FROM ({}) CROSS JOIN passages "
            "ON id = column1 AND digest = column2 AND splitter = ?"
        )
        return {
            Member(row[0], row[1]): (
                [Span(start, end) for start, end in np.frombuffer(row[2], dtype="<i4").reshape(-1, 2).tolist()],
                [row[3][place : place + _KEY_BYTES] for place in range(0, len(row[3]), _KEY_BYTES)],
            )
            for row in self._rows(statement, members, splitter)
            if _whole(row)
        }

    def add_passages(self, member: Member, splitter: str, spans: Sequence[Span], keys: Sequence[bytes]) -> None:
        """Keep the passages of an article under this way of splitting."""
        blobs = np.asarray(spans, dtype="<i4").tobytes(), b"".join(keys)
        self._execute(
            "INSERT OR REPLACE INTO passages (id, digest, splitter, spans, keys, crc) VALUES (?,?,?,?,?,?)",
            (*member, splitter, *blobs, _crc(*member, *blobs)),
        )

    def add_embeddings(self, model: str, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep vectors (n, dim) under the sha256 of their texts."""
        rows = zip(keys, vectors.astype("<f4"), strict=True)
        values = ((key, model, raw, _crc(key, raw)) for key, raw in ((key, row.tobytes()) for key, row in rows))
        with self._damage():
            self._db.executemany("INSERT OR IGNORE INTO embeddings (key, model, vector, crc) VALUES (?,?,?,?)", values)

    def missing_embeddings(self, model: str, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of `keys` for which nothing was computed yet; what was and is damaged is dropped."""
        sought = set(keys)
        statement = "SELECT key, vector, crc FROM embeddings WHERE key IN ({}) AND model = ?"
        whole: set[bytes] = set()
        for row in self._rows(statement, [(key,) for key in sought], model):
            if _whole(row):
                whole.add(row[0])
            else:
                self._execute("DELETE FROM embeddings WHERE model = ? AND key = ?", (model, row[0]))
        return sought - whole

    def embeddings(self, model: str, keys: Sequence[bytes]) -> Vectors:
        """Return the vectors (len(keys), dim) of texts that were embedded.

        Raises:
            IndexDamaged: one is missing.
        """
        vectors: np.ndarray | None = None
        statement = "SELECT key, vector FROM embeddings WHERE key IN ({}) AND model = ?"
        for start in range(0, len(keys), _TOGETHER):
            some = keys[start : start + _TOGETHER]
            found = dict(self._rows(statement, [(key,) for key in set(some)], model))
            if len(found) < len(set(some)):
                raise IndexDamaged(f"{self.file}: an embedding by {model} is missing. Run `pullquote build` again.")
            rows = np.stack([np.frombuffer(found[key], dtype="<f4") for key in some])
            vectors = np.empty((len(keys), rows.shape[1]), dtype=np.float32) if vectors is None else vectors
            vectors[start : start + len(some)] = rows
        return np.zeros((0, 0), dtype=np.float32) if vectors is None else vectors

    # Sources

    def sources(self) -> list[str]:
        """Return the sources that the last build named."""
        return list(self._setting("sources", "[]"))

    def columns(self) -> dict[str, str]:
        """Return what the last build called the fields of records, see `index.load.records.Columns`."""
        return dict(self._setting("columns", "{}"))

    def _setting(self, name: str, default: str) -> Any:  # noqa: ANN401 - whatever was kept
        row = self._row("SELECT value FROM settings WHERE name = ?", (name,))
        try:
            return json.loads(row[0] if row else default)
        except (ValueError, TypeError) as error:
            raise IndexDamaged(
                f"{self.file}: the {name} of the last build cannot be read. Name them again: `pullquote build FOLDER`."
            ) from error

    def set_sources(self, sources: Sequence[str], columns: Mapping[str, str] | None = None) -> None:
        """Remember the sources, and what the fields of their records are called, for a build that names none."""
        for name, value in (("sources", list(sources)), ("columns", dict(columns or {}))):
            self._execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))

    def check(self) -> str:
        """Return SQLite's own verdict on the file: "ok", or what is wrong."""
        try:
            return str((self._row("PRAGMA quick_check") or ["no answer"])[0])
        except IndexDamaged as error:
            return str(error)
