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
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np

from index import left_out
from index.catalog import Catalog, FileRecord, Member
from index.copies.chosen import Chosen, choose, described
from index.copies.links import LINKS, Links
from index.copies.signed import signed
from index.embed import Embedder
from index.embedded import TITLE_PIECES, embedded_text, heading
from index.errors import (
    ArticleUnknown,
    IndexDamaged,
    IndexMissing,
    LoadError,
    ModelError,
    NothingToIndex,
    PullquoteError,
)
from index.fetch.policy import Policy, canonical, is_address
from index.fetch.work import Round
from index.lexical import LexicalIndex
from index.load import LOADER, SourceFile, find, load
from index.load.documents import stop_worker
from index.load.records import Columns, check_columns
from index.passage import SPLITTER, Span, split
from index.report import BuildReport, counted
from index.tokens import FILE as TOKENS
from index.tokens import TokenStore, pack
from index.vectors import FaissStore
from index.versions import FORMAT, MEMBERS, ROWS, Data, Manifest, checksums, new_name, verify

PASSAGE_PIECES = 200  # with title and date at most 254, what all-MiniLM-L6-v2 reads
_DATE_PIECES = 8
_LEAST_PIECES = 4
_LOOKED_UP = 1000  # articles whose passages are asked for in one go
_GROUP = 2048  # passages embedded between two commits

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

logger = logging.getLogger(__name__)


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
    run = _Build(Data(Path(data)), embedder, progress, policy)
    return run.run(sources, columns, rebuild=rebuild)


def leave_out(
    article_ids: Sequence[str], data: Path | str, embedder: Embedder, *, progress: Progress | None = None
) -> BuildReport:
    """Remove articles from the index in `data` until they are restored; publish it without them, embedding nothing.

    Raises:
        ArticleUnknown: an id that no article has; nothing is removed.
        NothingToIndex: none would be left.
        IndexMissing: nothing was built there yet.
        BuildLocked: another process is building in `data`.
    """
    return _Build(Data(Path(data)), embedder, progress).leave_out(article_ids)


def restore(
    article_ids: Sequence[str], data: Path | str, embedder: Embedder, *, progress: Progress | None = None
) -> BuildReport:
    """Bring back articles that `leave_out` removed, as they were, and publish the index with them.

    Raises:
        ArticleUnknown: an id that no article left out has; nothing is restored.
        IndexMissing: nothing was built there yet.
        BuildLocked: another process is building in `data`.
    """
    return _Build(Data(Path(data)), embedder, progress).restore(article_ids)


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


def source_name(source: Path | str) -> str:
    """Return a source as it is remembered: an address in one form, a path whole."""
    return canonical(str(source)) if is_address(source) else str(Path(source).expanduser().resolve())


class _Build:
    """One run of the builder, with the lock held and the catalog open."""

    def __init__(self, data: Data, embedder: Embedder, progress: Progress | None, policy: Policy | None = None) -> None:
        self.data = data
        self.embedder = embedder
        self.progress = progress or _silent
        self.report = BuildReport()
        self.round = Round(data.root.resolve(), policy or Policy(), self.progress)
        self.again: list[tuple[Member, str]] = []
        self.anew = False
        self.budget = min(PASSAGE_PIECES, embedder.max_pieces - TITLE_PIECES - _DATE_PIECES)
        if self.budget < _LEAST_PIECES:
            raise ModelError(
                f"{embedder.name}: reads {embedder.max_pieces} word pieces, which with title and date leaves "
                f"{self.budget} for a passage; at least {_LEAST_PIECES} are needed. Name another model."
            )
        self.splitter = f"{SPLITTER}/{self.budget}/{embedder.name}"

    def run(self, sources: Sequence[Path | str], columns: Columns | None, *, rebuild: bool) -> BuildReport:
        check_columns(columns or {})
        self.anew = rebuild
        with self._begun():
            named = [source_name(each) for each in sources] or self.catalog.sources()
            if not named:
                raise NothingToIndex("No source named, and none remembered. Name a file or folder of articles.")
            if columns is None:
                columns = {} if sources else self.catalog.columns()
            members = self._read(named, columns, again=rebuild)
            chosen = choose(self.catalog, members, self.again, partial(self.progress, "comparing"))
            if not chosen.members:
                raise NothingToIndex(
                    f"{', '.join(named)}: all {len(members):,} articles were removed before. Bring some back with "
                    "`pullquote articles restore ID`."
                )
            with self.catalog.transaction():  # before the long work: a build killed in it is gone on with
                self.catalog.set_sources(named, columns)
                chosen.remember(self.catalog)
            self._publish(chosen, anyway=rebuild)
            self.round.end()
        return self.report

    def leave_out(self, article_ids: Sequence[str]) -> BuildReport:
        with self._begun():
            members = self._members()
            gone = [place for place, member in enumerate(members) if member.id in set(article_ids)]
            if missing := [each for each in article_ids if each not in {member.id for member in members}]:
                raise ArticleUnknown(f"{missing[0]!r}: no article here has this id. `pullquote articles` lists them.")
            if len(gone) == len(members):
                raise NothingToIndex("No article would be left. Nothing was changed.")
            with self.catalog.transaction():
                left_out.leave_out(self.catalog, gone, members, signed(self.catalog, members))
            self._again(members)
        return self.report

    def restore(self, article_ids: Sequence[str]) -> BuildReport:
        with self._begun():
            members = self._members()
            left = {each.member.id: each for each in left_out.left_out(self.catalog)}
            if missing := [each for each in article_ids if each not in left]:
                raise ArticleUnknown(
                    f"{missing[0]!r}: no article of this id is left out. `pullquote articles --removed` lists those."
                )
            back = sorted((left[each] for each in set(article_ids)), key=lambda each: each.place)
            with self.catalog.transaction():
                left_out.restore(self.catalog, article_ids)
            for each in back:
                if each.member.id not in {member.id for member in members}:
                    members.insert(each.place, each.member)
            self._again(members)
        return self.report

    @contextmanager
    def _begun(self) -> Iterator[None]:
        """Hold the lock, with the catalog open; leave nothing behind that is not wanted."""
        started = time.monotonic()
        with self.data.locked():
            self.catalog = Catalog(self.data.catalog, writable=True)
            self.tokens = TokenStore(self.data.root / TOKENS, writable=True)
            try:
                self.data.sweep()  # what a killed build left may be what fills the disk
                yield
                self.data.sweep()
            finally:
                stop_worker()
                self.tokens.close()
                self.catalog.close()
        self.report.seconds = round(time.monotonic() - started, 3)

    def _members(self) -> list[Member]:
        """Return the articles being served, in order.

        Raises:
            IndexMissing, IndexDamaged: there are none, or not what was written.
        """
        manifest = self.data.manifest(self.data.current_name())
        verify(self.data.folder(manifest.name), manifest)
        return [Member(*each) for each in self.data.members(manifest.name).items()]

    def _again(self, members: list[Member]) -> None:
        chosen = choose(self.catalog, members, (), partial(self.progress, "comparing"))
        self._publish(chosen, anyway=False)

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
                if distinct.id in members:
                    self.again.append((distinct, str(file.path)))
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

    def _publish(self, chosen: Chosen, *, anyway: bool) -> None:
        before = self._served()
        members = chosen.members
        counted(self.report, self.catalog, before[1] if before else {}, chosen)
        digest = hashlib.sha256(json.dumps(members).encode()).hexdigest()
        if before and not anyway:
            manifest = before[0]
            wanted = (FORMAT, digest, self.embedder.name, self.splitter)
            same = (manifest.format, manifest.digest, manifest.model, manifest.splitter) == wanted
            if same and LINKS in manifest.files and self._sound(manifest):
                self.report.version, self.report.passages = manifest.name, manifest.passages
                self.report.superseded = described(Links.read(self.data.folder(manifest.name)), members)
                return
        spans, keys = self._split_and_embed(members)
        linked = chosen.links(self.catalog)
        self.report.superseded = described(linked, members)
        self.catalog.sync()  # before anything names what it holds
        with self.data.draft() as draft:
            try:
                manifest = self._write(draft, members, spans, keys, digest, linked)
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
        context = heading(article, self.embedder)
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
        self,
        draft: Path,
        members: list[Member],
        spans: list[list[Span]],
        keys: list[bytes],
        digest: str,
        linked: Links,
    ) -> Manifest:
        linked.write(draft)
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
