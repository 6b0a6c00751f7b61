"""Where a file was fetched from, and what a feed said of it: fills in what the page itself does not state."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from index.article import Article
from index.errors import LoadError
from index.load.feed import Entry, plain
from index.load.text import opening

LEAST_CHARS = 500
"""A feed's own words for an entry stand for its page only from this length on: three or four sentences."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fetched file is from."""

    url: str
    """What was asked for."""
    address: str
    """Where its server says that it is from now on."""
    entry: Entry | None = None
    """What a feed or sitemap says of it."""
    publisher: str = ""
    """The feed's own title."""
    problem: str = ""
    """Why the page cannot be had now."""

    @property
    def stamp(self) -> str:
        """Return what changes whenever the same file would give another article."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def complete(self, loaded: Iterable[Article | LoadError], path: str) -> Iterator[Article | LoadError]:
        """Yield what a loader made of the page, as from its address; where that is no article, the feed's own words."""
        made = list(loaded)
        own = None if any(isinstance(each, Article) for each in made) else self.own_words()
        if own:
            yield own
            return
        if self.problem and not any(isinstance(each, Article) for each in made):
            made = [LoadError(f"{self.problem} What the feed itself says of it is too short for an article.")]
        for each in made:
            if isinstance(each, LoadError):
                yield LoadError(str(each).replace(path, self.url))
            else:
                yield self._completed(each)

    def own_words(self) -> Article | None:
        """Return the entry's own words as an article, if they are long enough to be one."""
        text = plain(self.entry.html) if self.entry else ""
        if self.entry is None or len(text) < LEAST_CHARS:
            return None
        bare = Article(id=self.url, title=opening(text), text=text, source=self.url, url=self.address)
        return self._completed(bare)

    def _completed(self, article: Article) -> Article:
        single = article.id == self.url  # one of several in a file has an id of its own
        address = (_same_site(article.url, self.address) or self.address) if single else article.url
        article = replace(article, id=address if single and address else article.id, source=self.url, url=address)
        entry = self.entry
        if entry is None or not single:
            return article
        if entry.title and article.title == opening(article.text):
            article = replace(article, title=entry.title)
        if entry.published and article.published is None:
            article = replace(article, published=entry.published, published_from="feed")
        if entry.modified and article.modified is None:
            article = replace(article, modified=entry.modified, modified_from="feed")
        return replace(
            article,
            authors=article.authors or entry.authors,
            publisher=article.publisher or self.publisher or None,
        )


def _same_site(stated: str | None, address: str) -> str | None:
    """Return the address that a page gives for itself, if it is of the same site: no page speaks for another site."""
    if not stated:
        return None
    try:
        full = urlsplit(urljoin(address, stated.strip()))
        bare = [(host or "").removeprefix("www.") for host in (full.hostname, urlsplit(address).hostname)]
    except ValueError:
        return None
    if full.scheme not in {"http", "https"} or full.username or bare[0] != bare[1]:
        return None
    return full._replace(fragment="").geturl()
