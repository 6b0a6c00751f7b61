"""Sitemaps: the addresses of a site's pages, with when each was changed; news sitemaps with when it was published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.load.feed import Entry
from index.load.prolog import root_of
from index.load.text import as_date

_ROOTS = {"urlset", "sitemapindex"}
MAX_SITEMAPS = 50  # asked for, of those that a sitemap names


@dataclass(frozen=True, slots=True)
class Listed:
    """One address in a sitemap."""

    url: str
    changed: str = ""
    """As it is written there."""
    entry: Entry | None = None
    """What a news sitemap says of it."""

    @property
    def day(self) -> date:
        """Return the day by which the newest are taken first."""
        published = self.entry.published if self.entry else None
        return published or as_date(self.changed) or date.min


def is_sitemap(raw: bytes) -> bool:
    """Tell whether these bytes are a sitemap, or an index of several.

    Raises:
        ValueError: they are XML that declares entities of its own.
    """
    return root_of(raw) in _ROOTS


def parse_sitemap(raw: bytes) -> tuple[list[Listed], list[Listed]]:
    """Return the pages that a sitemap lists, and the further sitemaps, each the newest first.

    Raises:
        ValueError: it is no sitemap, or declares entities of its own.
    """
    if not is_sitemap(raw):
        raise ValueError("not a sitemap.")
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ValueError(f"not readable as a sitemap ({error}).") from error
    pages: list[Listed] = []
    sitemaps: list[Listed] = []
    for node in root if root is not None else ():
        kind = _name(node)
        said = _said(node) | next((_said(each) for each in node if _name(each) == "news"), {})
        if kind in {"url", "sitemap"} and said.get("loc"):
            (pages if kind == "url" else sitemaps).append(_listed(said))
    return _newest(pages), _newest(sitemaps)


def newest_pages(raw: bytes, ask: Callable[[str], bytes], most: int) -> list[Listed]:
    """Return the `most` newest pages of a sitemap and of those that it names; `ask` gives the bytes of one, or b"".

    Raises:
        ValueError: it is no sitemap, or declares entities of its own.
    """
    pages, further = parse_sitemap(raw)
    asked: set[str] = set()
    while further and len(pages) < most and len(asked) < MAX_SITEMAPS:
        following = further.pop(0).url
        if following in asked:
            continue
        asked.add(following)
        try:
            more, deeper = parse_sitemap(ask(following))
        except ValueError:  # what is no sitemap names nothing
            continue
        pages, further = pages + more, further + deeper
    return _newest(pages)[:most]


def _listed(said: dict[str, str]) -> Listed:
    published, title = as_date(said.get("publication_date")), said.get("title", "")
    entry = Entry(url=said["loc"], title=title, published=published) if published or title else None
    return Listed(said["loc"], said.get("lastmod", "") or said.get("publication_date", ""), entry)


def _said(node: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """Return the texts right below a node, by name; of those of other vocabularies (images, videos) only the news."""
    spaces = (
        "http://www.sitemaps.org/schemas/sitemap/",
        "http://www.google.com/schemas/sitemap-news/",
        "http://www.google.com/schemas/sitemap/",
    )
    named = [each for each in node if isinstance(each.tag, str)]
    ours = [each for each in named if each.tag[:1] != "{" or each.tag[1:].startswith(spaces)]
    return {_name(each): (each.text or "").strip() for each in reversed(ours)}


def _name(node: Any) -> str:  # noqa: ANN401 - lxml has no types
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""


def _newest(listed: list[Listed]) -> list[Listed]:
    return sorted(listed, key=lambda each: each.day, reverse=True)
