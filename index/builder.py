"""Brings an index up to date with its sources: find, load, split, embed, write, publish.

Only what changed is read, and only texts never embedded before are embedded. Every step leaves what it
computed in the catalog, so that a build that was killed goes on where it stopped.
"""

import hashlib
import itertools
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from index.article import Article
from index.catalog import Catalog, FileRecord, Member
from index.embed import Embedder
from index.errors import IndexDamaged, IndexMissing, LoadError, ModelError, NothingToIndex, PullquoteError
from index.fetch.policy import Policy, canonical, is_address
from index.fetch.work import FetchReport, Round
from index.lexical import LexicalIndex
from index.load import LOADER, SourceFile, find, load
from index.load.documents import stop_worker
from index.load.records import Columns, check_columns
from index.passage import SPLITTER, Span, split
from index.tokens import FILE as TOKENS
from index.tokens import TokenStore, pack
from index.vectors import FaissStore
from index.versions import FORMAT, MEMBERS, ROWS, Data, Manifest, checksums, new_name, verify

TITLE_PIECES = 40  # a longer title is cut for the embedder; two of the set-aside pieces hold the date
PASSAGE_PIECES = 200  # with title and date at most 254, what all-MiniLM-L6-v2 reads
_DATE_PIECES = 8
_LEAST_PIECES = 4
_LOOKED_UP = 1000  # articles whose passages are asked for in one go
_GROUP = 2048  # passages embedded between two commits

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class BuildReport:
    """What a build did."""

    version: str = ""
    published: bool = False
    articles: int = 0
    passages: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    refused: list[str] = field(default_factory=list)
    """One line for each file or record that did not become an article: its path and the reason."""
    notes: list[str] = field(default_factory=list)
    """One line for each thing that was done differently than the sources ask for."""
    fetch: FetchReport = field(default_factory=FetchReport)
    seconds: float = 0.0


def build_index(
    sources: Sequence[Path | str],
    data: Path | str,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    columns: Columns | None = None,
    progress: Progress | None = None,
    policy: Policy | None = None,
) -> BuildReport:
    """Make the index in `data` hold exactly the articles of `sources`, and publish it if anything changed.

    A source is a file, a folder, or the address of a page, feed or sitemap, which is fetched as `policy` allows.
    Without `sources`, those of the last build are taken. `rebuild` reads every file again and writes a
    new version in any case; embeddings computed before are kept. `columns` says what the fields of CSV and
    JSON records are called where that cannot be guessed; it is remembered with the sources.

    Raises:
        SettingsError: a source does not exist, or `columns` names no field of an article.
        FetchError: a source is no address that may be fetched.
        NothingToIndex: the sources hold no article; the index being served stays.
        BuildLocked: another process is building in `data`.
    """
    run = _Build(Data(Path(data)), embedder, progress or _silent, policy or Policy())
    return run.run(sources, columns, rebuild=rebuild)


def embedded_text(article: Article, span: Span, embedder: Embedder) -> str:
    """Return the text that stands for a passage when it is embedded: title and date, then its words."""
    return _context(article, embedder) + article.text[span.start : span.end]


def _context(article: Article, embedder: Embedder) -> str:
    title, [pieces] = article.title, embedder.pieces([article.title])
    if len(pieces) > TITLE_PIECES:
        title = title[: pieces[TITLE_PIECES - 1].end]
    day = f" ({article.published.day} {article.published:%B %Y})" if article.published else ""
    return f"{title}{day}\n"


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


def source_name(source: Path | str) -> str:
    """Return a source as it is remembered: an address in one form, a path whole."""
    return canonical(str(source)) if is_address(source) else str(Path(source).expanduser().resolve())


class _Build:
    """One run of the builder, with the lock held and the catalog open."""

    def __init__(self, data: Data, embedder: Embedder, progress: Progress, policy: Policy) -> None:
        self.data = data
        self.embedder = embedder
        self.progress = progress
        self.report = BuildReport()
        self.round = Round(data.root.resolve(), policy, progress)
        self.budget = min(PASSAGE_PIECES, embedder.max_pieces - TITLE_PIECES - _DATE_PIECES)
        if self.budget < _LEAST_PIECES:
            raise ModelError(
                f"{embedder.name}: reads {embedder.max_pieces} word pieces, which with title and date leaves "
                f"{self.budget} for a passage; at least {_LEAST_PIECES} are needed. Name another model."
            )
        self.splitter = f"{SPLITTER}/{self.budget}/{embedder.name}"

    def run(self, sources: Sequence[Path | str], columns: Columns | None, *, rebuild: bool) -> BuildReport:
        started = time.monotonic()
        check_columns(columns or {})
        with self.data.locked():
            self.catalog = Catalog(self.data.catalog, writable=True)
            self.tokens = TokenStore(self.data.root / TOKENS, writable=True)
            self.anew = rebuild
            try:
                named = [source_name(each) for each in sources] or self.catalog.sources()
                if not named:
                    raise NothingToIndex("No source named, and none remembered. Name a file or folder of articles.")
                if columns is None:
                    columns = {} if sources else self.catalog.columns()
                self.data.sweep()  # what a killed build left may be what fills the disk
                members = self._read(named, columns, again=rebuild)
                with self.catalog.transaction():  # before the long work: a build killed in it is gone on with
                    self.catalog.set_sources(named, columns)
                self._publish(members, anyway=rebuild)
                self.round.end()
                self.data.sweep()
            finally:
                stop_worker()
                self.tokens.close()
                self.catalog.close()
        self.report.seconds = round(time.monotonic() - started, 3)
        return self.report

    # Reading

    def _read(self, sources: list[str], columns: Columns, *, again: bool) -> list[Member]:
        files: list[SourceFile] = []
        addresses = [each for each in sources if is_address(each)]
        paths = [Path(each) for each in sources if not is_address(each)]
        for found in find(paths, self.data.root.resolve(), columns):
            if isinstance(found, LoadError):
                self.report.refused.append(str(found))
            else:
                files.append(found)
        if addresses:
            files += self._fetched(addresses)
        members: dict[str, Member] = {}
        records = self.catalog.file_records([file.key for file in files])
        for number, file in enumerate(files):
            self.progress("reading", number, len(files))
            for member in self._members_of(file, records.get(file.key), again=again):
                distinct = self._distinct(member, members, file)
                members[distinct.id] = distinct
        self.progress("reading", len(files), len(files))
        if not members:
            where = ", ".join(sources)
            refused = self.report.refused
            why = f" {len(refused)} files were refused; the first: {refused[0]}" if refused else ""
            raise NothingToIndex(f"{where}: no article found.{why} Nothing was changed.")
        return list(members.values())

    def _fetched(self, addresses: list[str]) -> list[SourceFile]:
        fetched = self.round.run(addresses)
        self.report.refused += fetched.refused
        self.report.notes += fetched.notes
        self.report.fetch = fetched.report
        return fetched.files

    def _members_of(self, file: SourceFile, before: FileRecord | None, *, again: bool) -> list[Member]:
        """Return the articles of a file, reading it only if its bytes changed since it was last read."""
        try:
            with file.path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            problem = file.origin.problem if file.origin else ""
            return self._kept(file, [problem or f"{file.path}: cannot be read ({error.strerror})."])
        named = json.dumps(sorted(file.columns.items())) if file.columns else ""
        loader = f"{LOADER}/{named}{file.name}" + (f"/{file.origin.stamp}" if file.origin else "")
        if before and not again and (before.sha256, before.loader) == (sha256, loader):
            self.report.refused += before.problems
            return before.members
        members: list[Member] = []
        problems: list[str] = []
        try:
            with self.catalog.transaction():
                for loaded in load(file):
                    if isinstance(loaded, LoadError):
                        problems.append(str(loaded))
                    else:
                        members.append(self.catalog.add_article(loaded))
                if members or before is None:
                    record = FileRecord(sha256, loader, members, problems)
                    self.catalog.set_file_record(file.key, record)
        except OSError as error:  # not remembered: the next build tries again
            return self._kept(file, [f"{file.key}: cannot be read ({error.strerror or error})."])
        if not members:
            return self._kept(file, problems)
        self.report.refused += problems
        return members

    def _kept(self, file: SourceFile, problems: list[str]) -> list[Member]:
        """Report why a file gave nothing, and go on with what it gave before: a torn file loses no article."""
        self.report.refused += problems
        before = self.catalog.file_record(file.key)
        if before and before.members:
            self.report.notes.append(f"{file.key}: could not be read now; its earlier text stays in the index.")
            return before.members
        return []

    def _distinct(self, member: Member, taken: dict[str, Member], file: SourceFile) -> Member:
        """Give an article whose id another one has an id of its own, made from where it was read."""
        if taken.get(member.id, member) == member:
            return member
        article = self.catalog.article(member)
        # By the file alone: the catalog's `source` is that of whichever file gave this text last.
        place = hashlib.sha256(file.key.encode("utf-8", "replace")).hexdigest()[:8]
        ids = (
            f"{article.id}~{place}{suffix}" for suffix in itertools.chain([""], map("-{}".format, itertools.count(2)))
        )
        renamed = replace(article, id=next(each for each in ids if each not in taken))
        self.report.notes.append(f"{article.source}: another article has the id {article.id!r}; it is {renamed.id!r}.")
        return self.catalog.add_article(renamed)

    # Writing

    def _publish(self, members: list[Member], *, anyway: bool) -> None:
        before = self._served()
        self._count(before[1] if before else {}, members)
        digest = hashlib.sha256(json.dumps(members).encode()).hexdigest()
        if before and not anyway:
            manifest = before[0]
            wanted = (FORMAT, digest, self.embedder.name, self.splitter)
            same = (manifest.format, manifest.digest, manifest.model, manifest.splitter) == wanted
            if same and self._sound(manifest):
                self.report.version, self.report.passages = manifest.name, manifest.passages
                return
        spans, keys = self._split_and_embed(members)
        self.catalog.sync()  # before anything names what it holds
        with self.data.draft() as draft:
            try:
                manifest = self._write(draft, members, spans, keys, digest)
            except (OSError, RuntimeError, ValueError) as error:  # so FAISS and tantivy tell of a full disk
                raise PullquoteError(
                    f"{draft}: cannot be written ({error}). Make room, then build again: what was embedded is kept, "
                    "and the version being served stays."
                ) from error
            self.data.publish(draft, manifest)
        self.report.version, self.report.published = manifest.name, True
        self.report.passages = manifest.passages

    def _served(self) -> tuple[Manifest, dict[str, str]] | None:
        """Return the manifest being served and its members' digests; None where there is nothing sound."""
        try:
            manifest = self.data.manifest(self.data.current_name())
            return manifest, self.data.members(manifest.name)
        except IndexMissing:
            return None
        except IndexDamaged as error:
            self.report.notes.append(f"The index being served was damaged and is made again ({error})")
            return None

    def _sound(self, manifest: Manifest) -> bool:
        try:
            verify(self.data.folder(manifest.name), manifest)
        except IndexDamaged as error:
            self.report.notes.append(f"The index being served was damaged and is made again ({error})")
            return False
        return True

    def _count(self, before: dict[str, str], members: list[Member]) -> None:
        self.report.articles = len(members)
        self.report.new = sum(member.id not in before for member in members)
        self.report.unchanged = sum(before.get(member.id) == member.digest for member in members)
        self.report.changed = len(members) - self.report.new - self.report.unchanged
        self.report.removed = len(before.keys() - {member.id for member in members})

    def _split_and_embed(self, members: list[Member]) -> tuple[list[list[Span]], list[bytes]]:
        all_spans: list[list[Span]] = []
        all_keys: list[bytes] = []
        known: dict[Member, tuple[list[Span], list[bytes]]] = {}
        group: dict[bytes, tuple[Member, Span]] = {}
        for number, member in enumerate(members):
            self.progress("embedding", number, len(members))
            if number % _LOOKED_UP == 0:
                known = self.catalog.passages(members[number : number + _LOOKED_UP], self.splitter)
            spans, keys = known.get(member) or self._passages(member)
            all_spans.append(spans)
            all_keys += keys
            group |= zip(keys, ((member, span) for span in spans), strict=True)
            if len(group) >= _GROUP:
                self._embed(group)
                group = {}
        self._embed(group)
        self.progress("embedding", len(members), len(members))
        return all_spans, all_keys

    def _passages(self, member: Member) -> tuple[list[Span], list[bytes]]:
        article = self.catalog.article(member)
        spans = split(article.text, self.embedder, self.budget, article.language)
        context = _context(article, self.embedder)
        texts = (context + article.text[span.start : span.end] for span in spans)
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        self.catalog.add_passages(member, self.splitter, spans, keys)
        return spans, keys

    def _embed(self, group: dict[bytes, tuple[Member, Span]]) -> None:
        """Embed what of `group` never was, and keep it at once."""
        model = self.embedder.name
        missing = self.catalog.missing_embeddings(model, group)
        if self.anew:  # of an index from before they were kept
            missing |= self.tokens.missing(model, group)
        if not missing:
            return
        articles = {member: self.catalog.article(member) for member in {group[key][0] for key in missing}}
        texts = {key: embedded_text(articles[group[key][0]], group[key][1], self.embedder) for key in missing}
        keys = sorted(missing, key=lambda key: (len(texts[key]), key))
        vectors = np.zeros((len(keys), self.embedder.dim), dtype=np.float32)
        packed: list[tuple[bytes, bytes]] = []
        for place, vector, tokens in self.embedder.readings([texts[key] for key in keys]):
            vectors[place] = vector
            packed.append((keys[place], pack(tokens, vector, texts[keys[place]])))
        self.tokens.add(model, packed)
        with self.catalog.transaction():
            self.catalog.add_embeddings(model, keys, vectors)
        self.report.embedded += len(keys)

    def _write(
        self, draft: Path, members: list[Member], spans: list[list[Span]], keys: list[bytes], digest: str
    ) -> Manifest:
        rows = [(place, span.start, span.end) for place, each in enumerate(spans) for span in each]
        np.save(draft / ROWS, np.asarray(rows, dtype=np.int32).reshape(-1, 3))
        days: list[date | None] = []
        self.progress("writing", 0, 2)
        vectors = self.catalog.embeddings(self.embedder.name, keys)
        FaissStore.write(draft, vectors)
        self.progress("writing", 1, 2)
        LexicalIndex.write(draft, self._words(members, spans, days))
        with (draft / MEMBERS).open("w", encoding="utf-8") as stream:
            for member, published in zip(members, days, strict=True):
                line = [*member, published.isoformat() if published else None]
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.progress("writing", 2, 2)
        return Manifest(
            format=FORMAT,
            name=new_name(draft),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            model=self.embedder.name,
            dim=vectors.shape[1],
            splitter=self.splitter,
            articles=len(members),
            passages=len(rows),
            digest=digest,
            files=checksums(draft),
        )

    def _words(
        self, members: Sequence[Member], spans: Iterable[list[Span]], days: list[date | None]
    ) -> Iterator[tuple[str, str, str]]:
        """Yield title, words and language of each passage, and note each article's day: each is read once."""
        for article, each in zip(self.catalog.articles(members), spans, strict=True):
            days.append(article.published)
            for span in each:
                yield article.title, article.text[span.start : span.end], article.language
