"""One round of fetching: asks for what the sources name and lead to, keeps it, and gives it to the loaders as files.

Nothing that was there is lost: a page that is gone, a feed that dropped an entry, a server that is down keep what
they gave before. What was asked for in a round is not asked for again in it, also after a kill.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from index.errors import FetchError, FetchLater
from index.fetch.client import Client
from index.fetch.kinds import FEED, SITEMAP, told
from index.fetch.policy import Policy, canonical, shown
from index.fetch.sitemap import Listed, newest_pages
from index.fetch.store import Record, Store, now
from index.load import SourceFile
from index.load.feed import Entry, parse_feed
from index.load.origin import Origin

ROUND_S = 3600.0
"""A round that was not ended is gone on with for so long; after that all is asked for again."""
_GONE = {404, 410}


@dataclass(slots=True)
class FetchReport:
    """What fetching came to, in numbers."""

    requests: int = 0
    fetched: int = 0
    """Addresses that gave something new."""
    unchanged: int = 0
    gone: int = 0
    failed: int = 0


@dataclass(slots=True)
class Fetched:
    """What a round gave."""

    files: list[SourceFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    report: FetchReport = field(default_factory=FetchReport)


class Round:
    """One round, with the build lock held. Call `run`, then `end` when what it gave is in the index."""

    def __init__(
        self,
        data: Path,
        policy: Policy,
        progress: Callable[[str, int, int], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open nothing yet."""
        self._store = Store(data)
        self._policy = policy
        self._progress = progress
        self._client = Client(policy, sleep=sleep)
        self._out = Fetched()
        self._name = ""
        self._whole = True

    def run(self, sources: Sequence[str]) -> Fetched:
        """Fetch what `sources`, canonical addresses, name and lead to."""
        self._name = self._store.begin_round(ROUND_S)
        with self._client:
            pages: dict[str, Listed] = {}
            known: dict[str, str] = {}  # every address, also those that a feed no longer names, with its publisher
            for source in dict.fromkeys(sources):
                self._open(source, pages, known)
            self._fetch(pages)
        for url, publisher in known.items():
            self._out.files.append(self._as_file(url, publisher))
        self._out.report.requests = self._client.requests
        return self._out

    def end(self) -> None:
        """Say that what was fetched is in the index; a round in which a server could not be reached stays open."""
        if self._whole:
            self._store.end_round()

    # What the sources are

    def _open(self, source: str, pages: dict[str, Listed], known: dict[str, str]) -> None:
        record = self._ask(Listed(source), always=True)
        content = self._store.content(record)
        ending = content.suffix if content else ""
        if content and record.problem and ending in {FEED, SITEMAP}:
            self._out.notes.append(f"{record.problem} What it named before stays.")
        if content is None or ending not in {FEED, SITEMAP}:
            pages[source] = Listed(source)
            known.setdefault(source, "")
            return
        try:
            if ending == FEED:
                feed = parse_feed(content.read_bytes(), record.final_url, record.content_type)
                named, publisher = self._entries(source, feed.entries), feed.title
            else:
                named, publisher = self._pages(content.read_bytes()), ""
        except (ValueError, OSError) as error:
            self._out.refused.append(f"{shown(source)}: {error}")
            named, publisher = [], ""
        listing = self._store.add_to_listing(source, [each.url for each in named])
        dropped = len(listing.urls) - listing.current
        if dropped:
            self._out.notes.append(f"{shown(source)}: no longer names {dropped:,} articles; they stay in the index.")
        pages |= {each.url: each for each in named if "#" not in each.url}
        for url in listing.urls:
            known[url] = known.get(url) or publisher

    def _entries(self, source: str, entries: Iterable[Entry]) -> list[Listed]:
        named = []
        named_now = list(entries)
        if len(named_now) > self._policy.max_articles:  # most feeds have the newest first, some the last
            named_now.sort(key=lambda each: each.published or each.modified or date.min, reverse=True)
        for entry in named_now[: self._policy.max_articles]:
            try:
                url = canonical(entry.url) if entry.url else ""
            except FetchError as error:
                self._out.refused.append(str(error))
                continue
            if not url and not entry.html:
                continue
            url = url or f"{source}#{entry.id or entry.title}"  # without a link its own words are all there is
            self._store.keep_entry(url, entry.as_item())
            named.append(Listed(url, "", entry))
        return named

    def _pages(self, raw: bytes) -> list[Listed]:
        named: dict[str, Listed] = {}
        for page in newest_pages(raw, self._further, self._policy.max_articles):
            try:
                url = canonical(page.url)
            except FetchError as error:
                self._out.refused.append(str(error))
                continue
            if page.entry:
                self._store.keep_entry(url, page.entry.as_item())
            named.setdefault(url, replace(page, url=url))
        return list(named.values())

    def _further(self, address: str) -> bytes:
        """Return a sitemap that another one names."""
        try:
            record = self._ask(Listed(canonical(address)), always=True)
            content = self._store.content(record)
            self._out.notes += [record.problem] if record.problem else []
            return content.read_bytes() if content and content.suffix == SITEMAP else b""
        except (FetchError, OSError) as error:
            self._out.notes.append(str(error))
            return b""

    # Asking

    def _fetch(self, pages: dict[str, Listed]) -> None:
        """Ask for each page, always at the host that may be asked soonest: waiting for one is used for others."""
        waiting = dict(pages)
        while waiting:
            self._progress("fetching", len(pages) - len(waiting), len(pages))
            url = min(waiting, key=self._client.free_at)
            record = self._ask(waiting.pop(url))
            if record.problem and self._store.content(record):
                self._out.notes.append(f"{record.problem} Its earlier text stays in the index.")
        self._progress("fetching", len(pages), len(pages))

    def _ask(self, listed: Listed, *, always: bool = False) -> Record:
        """Ask for an address unless that was done in this round, or its sitemap says that nothing changed."""
        record = self._store.record(listed.url)
        content = self._store.content(record)
        report = self._out.report
        if not self._policy.recheck and (record.checked or record.problem):
            return record
        if record.round == self._name and not always:
            return record
        if content and not always and not record.problem and _rests(record, self._policy.rest_share):
            report.unchanged += 1
            return record
        if listed.changed and listed.changed == record.listed and content and not record.problem:
            report.unchanged += 1
            return record
        record = replace(record, listed=listed.changed, round=self._name, problem="")
        try:
            record = self._asked(record, content)
        except FetchLater as error:
            self._whole = False
            report.failed += 1
            record = replace(record, problem=str(error), round="")
        except FetchError as error:
            report.failed += 1
            record = replace(record, problem=str(error))
        self._store.note(record)
        return record

    def _asked(self, record: Record, content: Path | None) -> Record:
        known = {"If-None-Match": record.etag, "If-Modified-Since": record.last_modified} if content else {}
        known = {name: value for name, value in known.items() if value and value.isascii() and value.isprintable()}
        answer = self._client.get(record.url, known, record.final_url)
        report = self._out.report
        record = replace(record, checked=now())
        if answer.status == 304 and content:
            report.unchanged += 1
            return record
        if answer.status in _GONE:
            report.gone += 1
            return replace(record, problem=f"{shown(record.url)}: gone ({answer.status}).")
        if answer.status != 200:
            raise FetchError(f"{shown(record.url)}: its server answers with {answer.status}.")
        content_type = answer.headers.get("content-type", "")
        try:
            body, ending = told(answer.body, content_type, answer.url, self._policy.max_bytes)
        except FetchError as error:
            raise FetchError(f"{shown(record.url)}: {error}") from error
        before = record.sha256
        record = replace(
            record,
            address=canonical(answer.address),
            final_url=answer.url,
            content_type=content_type,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
        )
        record = self._store.keep(record, body, ending)
        report.fetched += record.sha256 != before
        report.unchanged += record.sha256 == before
        return record

    # Files for the loaders

    def _as_file(self, url: str, publisher: str) -> SourceFile:
        record = self._store.record(url)
        content = self._store.content(record)
        entry = self._store.kept_entry(url)  # as kept, so that it is the same whether the feed still names it or not
        origin = Origin(url, record.address or url, entry, publisher, "" if content else record.problem)
        return SourceFile(content or self._store.entry(url), url, origin=origin)


def _rests(record: Record, share: float) -> bool:
    """Tell whether a page was asked for so lately, beside how long it has not changed, that it may rest."""
    try:
        fetched, checked, moment = map(datetime.fromisoformat, (record.fetched, record.checked, now()))
    except ValueError:
        return False
    return moment - checked < share * (checked - fetched)
