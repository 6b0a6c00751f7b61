"""What is in an index, article by article: list, show, remove, restore. Listing and showing needs no model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.article import Article
from rag.answer import article_json
from rag.settings import Settings

if TYPE_CHECKING:
    from index.report import BuildReport


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as a list shows it."""

    id: str
    title: str
    publisher: str | None
    published: date | None
    removed: date | None = None
    """The day on which it was removed; None of an article that is in the index."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote articles --json` prints for it."""
        return {
            "article_id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "removed": self.removed.isoformat() if self.removed else None,
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier or later text of an article that the catalog keeps."""

    digest: str
    title: str
    published: date | None
    read: date | None
    current: bool
    """Whether it is the one in the index."""


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """All that is known of an article."""

    article: Article
    passages: int
    revisions: tuple[Revision, ...]
    """Every text of it that was read, in the order of reading."""
    copies: tuple[str, ...]
    """Where the same article was read again."""
    also_in: tuple[Article, ...]
    """Other articles that print the same report."""
    newer: str = ""
    """What became of it, e.g. "corrected on 12 Feb 2026 by ID"; empty where it stands."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `pullquote articles show --json` prints."""
        article = self.article
        days = {"modified": article.modified, "read": article.read}
        return article_json(article) | {
            "published_from": article.published_from,
            "modified_from": article.modified_from,
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "authors": list(article.authors),
            "section": article.section,
            "language": article.language,
            "file": article.source,
            "sha256": article.digest,
            "characters": len(article.text),
            "passages": self.passages,
            "revisions": [
                {
                    "sha256": each.digest,
                    "title": each.title,
                    "published": each.published.isoformat() if each.published else None,
                    "read": each.read.isoformat() if each.read else None,
                    "current": each.current,
                }
                for each in self.revisions
            ],
            "copies": list(self.copies),
            "also_in": [article_json(each) for each in self.also_in],
            "newer": self.newer,
            "text": article.text,
        }


def list_articles(
    words: str = "",
    data: Path | str | None = None,
    *,
    publishers: Sequence[str] = (),
    since: date | None = None,
    removed: bool = False,
) -> list[ListedArticle]:
    """Return the articles of the index in `data`, newest first; with `removed`, those that were removed.

    Each of `words` must stand in the title, publisher, date or id, one of `publishers` in the publisher's name.

    Raises:
        IndexMissing: nothing was built there yet.
    """
    from index.left_out import left_out
    from index.reader import open_version

    index = open_version(Settings.load(data=data).data)
    catalog = index.catalog
    out = {tuple(each.member): each.since for each in left_out(catalog)}
    wanted = set(out) if removed else set(map(tuple, index.members))
    rows = catalog.rows("SELECT id, digest, title, publisher, published FROM articles")
    found = [
        ListedArticle(row[0], row[2], row[3], date.fromisoformat(row[4]) if row[4] else None, out.get((row[0], row[1])))
        for row in rows
        if (row[0], row[1]) in wanted
    ]
    index.close()
    asked = words.casefold().split()
    names = [each.casefold() for each in publishers]
    return sorted(
        (each for each in found if _passes(each, asked, names, since)),
        key=lambda each: (-(each.published or date.min).toordinal(), each.id),
    )


def _passes(each: ListedArticle, words: Sequence[str], publishers: Sequence[str], since: date | None) -> bool:
    said = f"{each.title} {each.publisher or ''} {each.published or ''} {each.id}".casefold()
    named = not publishers or any(name in (each.publisher or "").casefold() for name in publishers)
    dated = since is None or (each.published is not None and each.published >= since)
    return named and dated and all(word in said for word in words)


def show_article(article_id: str, data: Path | str | None = None) -> ArticleRecord:
    """Return all that is known of an article of the index in `data`.

    Raises:
        ArticleUnknown: the index holds no article of this id.
        IndexMissing: nothing was built there yet.
    """
    from index.copies.chosen import copies_of
    from index.reader import open_version
    from rag.stories.related import place_of

    index = open_version(Settings.load(data=data).data)
    place = place_of(index, article_id)
    article, newest = index.article_at(place), index.newest(place)
    revisions = tuple(
        Revision(each.digest, each.title, each.published, each.read, each.digest == article.digest)
        for each in index.catalog.revisions(article_id)
    )
    became = ""
    if newest:
        day = f" on {newest.day.day} {newest.day:%b %Y}" if newest.day else ""
        became = f"{newest.how}{day} by {index.members[newest.place].id}"
    record = ArticleRecord(
        article=article,
        passages=int((index.rows[:, 0] == place).sum()),
        revisions=revisions,
        copies=tuple(each.source for each in copies_of(index.catalog, article_id)),
        also_in=tuple(index.article_at(each) for each in index.reports.get(place, ()) if each != place),
        newer=became,
    )
    index.close()
    return record


def remove_articles(
    article_ids: Sequence[str], data: Path | str | None = None, *, model: str | None = None
) -> "BuildReport":
    """Remove articles from the index in `data`: no build brings them back until they are restored. Nothing is lost.

    Raises:
        ArticleUnknown: an id that no article has; nothing is removed.
        NothingToIndex: none would be left.
        BuildLocked: another process is building in `data`.
    """
    from index.builder import leave_out
    from index.embed import SentenceTransformerEmbedder

    settings = Settings.load(data=data, model=model)
    return leave_out(article_ids, settings.data, SentenceTransformerEmbedder(settings.model))


def restore_articles(
    article_ids: Sequence[str], data: Path | str | None = None, *, model: str | None = None
) -> "BuildReport":
    """Bring back articles that were removed, as they were; the next build brings them up to date.

    Raises:
        ArticleUnknown: an id that no removed article has; nothing is restored.
        BuildLocked: another process is building in `data`.
    """
    from index.builder import restore
    from index.embed import SentenceTransformerEmbedder

    settings = Settings.load(data=data, model=model)
    return restore(article_ids, settings.data, SentenceTransformerEmbedder(settings.model))
