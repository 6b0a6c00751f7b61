"""What a page says of its article, by statement, in this order (the first that says it counts):

JSON-LD of the article > meta elements (Open Graph, article:, Parse.ly, Sailthru, Dublin Core, citation_) >
microdata and RDFa > byline elements and <time> > <h1>, <title>, <html lang>. Days besides: byline lines,
the dateline, the file's name, the address (see html.py). Where several JSON-LD articles stand in a page, the one
counts that has the page's headline or address, else the first.
"""  # noqa: D400, D415 - the order is the sentence

import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.load.dates import first_date
from index.load.elements import bylines, properties, times, words_of
from index.load.linked import linked_articles
from index.load.names import as_names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = (
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "title",
)
_AUTHORS = ("author", "parsely-author", "sailthru.author", "byl", "citation_author", "dc.creator",
            "dcterms.creator", "article:author",
            "article:author_name", "og:article:author", "cxenseparse:author", "dable:author")  # fmt: skip
_PUBLISHED = ("article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date",
              "sailthru.date",
              "datepublished", "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
              "dcterms.created", "dc.date",
              "dcterms.date", "pubdate", "ptime", "publishdate", "publish-date", "publication_date", "date",
              "displaydate", "cxenseparse:recs:publishtime",
              "originalpublicationdate", "article.published", "dcsext.articlefirstpublished")  # fmt: skip
_MODIFIED = ("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
             "dcterms.modified", "dc.date.modified",
             "lastmod", "last-modified", "utime", "article.updated", "revised")  # fmt: skip
_PUBLISHERS = ("og:site_name", "article:publisher_name", "dc.publisher", "dcterms.publisher",
               "citation_journal_title", "publisher", "cre",
               "application-name", "twitter:site_name")  # fmt: skip
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "sailthru.section", "cg", "section")

_MAX_TITLE_CHARS = 500


@dataclass(slots=True)
class Stated:
    """What a page says of its article."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: tuple[date | None, str] = (None, "unknown")
    modified: tuple[date | None, str] = (None, "unknown")
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    body: str = ""
    """The article's text as JSON-LD has it: mostly without paragraphs."""


def stated(tree: "HtmlElement") -> Stated:
    """Return what a page, parsed, says of its article."""
    metas = _metas(tree)
    headings = [text for each in tree.iter("h1") if (text := words_of(each))]
    scripts = [each.text or "" for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower()]
    url = _address(tree, metas)
    ours = _chosen(linked_articles(scripts), [*headings[:3], *_all(metas, _TITLES)], url)
    props = properties(tree)
    written = [byline for _, byline in sorted(bylines(tree), key=lambda each: each[0])]
    publisher = _text(_name(ours.get("publisher"))) or _first(metas, _PUBLISHERS) or _host_title(tree, metas)
    site = _key(_first(metas, _PUBLISHERS) or "")
    titles = (
        _text(ours.get("headline")),
        _first(metas, _TITLES[:1]),
        _one(headings),
        _first(metas, _TITLES[1:]),
        _title_element(tree),
    )
    title = next(
        (each for each in titles if each and len(each) <= _MAX_TITLE_CHARS and _key(each) not in {"", site}), None
    )
    authors = (
        as_names(ours.get("author"))
        or as_names("; ".join(_all(metas, _AUTHORS[:1]) or _all(metas, _AUTHORS[1:])))
        or as_names("; ".join(props.get("author", [])))
        or next((each.authors for each in written if each.authors), ())
    )
    lines = [each.dates for each in written if each.dates]
    published = first_date(
        ("json-ld", ours.get("datePublished")),
        *(("meta", value) for value in _all(metas, _PUBLISHED)),
        *(("meta", value) for value in props.get("datepublished", [])),
        *(("byline", each.get("published")) for each in lines),
        *(("byline", day) for day in times(tree)),
    )
    modified = first_date(
        ("json-ld", ours.get("dateModified")),
        *(("meta", value) for value in _all(metas, _MODIFIED)),
        *(("meta", value) for value in props.get("datemodified", [])),
        *(("byline", each.get("modified")) for each in lines),
    )
    language = (_text(ours.get("inLanguage")) or tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
                         or _first(metas, ("content-language", "language", "dc.language", "og:locale")))  # fmt: skip
    return Stated(
        title=without_site(title, publisher, headings) if title else None,
        authors=tuple(name for name in authors if not re.fullmatch(r"@\S+", name)),
        published=published,
        modified=modified,
        publisher=publisher,
        url=url or _web(ours.get("url")),
        language=language,
        section=_text(ours.get("articleSection")) or _first(metas, _SECTIONS),
        body=_text(ours.get("articleBody")) or "",
    )


def without_site(title: str, publisher: str | None, headings: list[str]) -> str:
    """Return a headline without the " - Name of the site" that pages put behind it.

    It goes where the page's heading is what is left, or where what goes is the publisher's name.
    """
    for heading in headings:
        if (
            len(heading) > 8
            and _key(title).startswith(_key(heading))
            and re.match(r"\W", title[len(heading) : len(heading) + 2] or " ")
        ):
            return heading
    for match in reversed(list(re.finditer(r"\s+[|–—·•:»-]+\s+|\s*[|｜]\s*|\s+_|_", title[:500]))):
        tail, head = title[match.end() :], title[: match.start()]
        known = {_key(each) for each in (publisher, *headings) if each}
        if head and (_key(tail) in known or (publisher and len(tail) < 40 and _key(publisher) in _key(tail))):
            return without_site(head, publisher, [])
    return title


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold().removeprefix("the "))


def _chosen(articles: list[dict[str, object]], titles: list[str], url: str | None) -> dict[str, object]:
    keys = {_key(title) for title in titles}

    def fits(each: dict[str, object]) -> bool:
        headline = _key(str(each.get("headline") or each.get("name") or ""))
        page = each.get("url") or _name(each.get("mainEntityOfPage"), "@id")
        return bool(headline and any(headline in key or key in headline for key in keys if key)) or bool(
            url and page == url
        )

    return next((each for each in articles if fits(each)), articles[0] if len(articles) == 1 else {})


def _metas(tree: "HtmlElement") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in tree.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("itemprop") or each.get("http-equiv") or ""
        content = " ".join(unescape((each.get("content") or "")[:20_000]).split())
        if content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _address(tree: "HtmlElement", metas: dict[str, list[str]]) -> str | None:
    links = [each.get("href") for each in tree.iter("link") if "canonical" in (each.get("rel") or "").lower().split()]
    base = _first(metas, ("og:url",)) or ""
    for each in (*links, base, _first(metas, ("parsely-link", "twitter:url", "syndication-source", "original-source"))):
        if each and (url := _web(urljoin(base, each.strip()) if "://" in base else each.strip())):
            return url
    return None


def _web(value: object) -> str | None:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return str(value) if parts and parts.scheme in {"http", "https"} and "." in parts.netloc else None


def _host_title(tree: "HtmlElement", metas: dict[str, list[str]]) -> str | None:
    """Return a name of the site from twitter:site or the author's own copyright; None where neither names it."""
    handle = (_first(metas, ("twitter:site", "twitter:creator")) or "").lstrip("@")
    tail = re.split(r" [|–—-] ", _title_element(tree) or "")[-1]
    return tail if handle and _key(tail) and _key(tail) == _key(handle) else None


def _title_element(tree: "HtmlElement") -> str | None:
    return next((words_of(each) for each in tree.iter("title") if words_of(each)), None)


def _name(value: object, key: str = "name") -> object:
    if isinstance(value, list):
        value = value[0] if value else None
    return value.get(key) if isinstance(value, dict) else value


def _text(value: object) -> str | None:
    """Return a text of JSON-LD: pages escape what is none of HTML's business."""
    if isinstance(value, list):
        value = value[0] if value else None
    value = _name(value)
    return unescape(value).strip() or None if isinstance(value, str) else None


def _one(values: list[str]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _all(metas: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in metas.get(name, [])]


def _first(metas: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next(iter(_all(metas, names)), None)
