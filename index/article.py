"""What an article is. All offsets in Pullquote point into `Article.text`, which never changes after loading."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date

DATE_ORIGINS = (
    "json-ld",
    "meta",
    "front matter",
    "record",
    "feed",
    "mail header",
    "document",
    "byline",
    "dateline",
    "file name",
    "address",
    "unknown",
)
"""Where an article's date can come from: "document" is what a PDF or Office file says of itself, "record" a
field of JSON or CSV, "address" the article's url."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as it was loaded.

    `id` names it across versions (the record's own id, else its path below the source folder);
    the pair (id, digest) names exactly this text of it. An unknown date is None: the day on
    which a file was read is never passed off as the day on which it was published.

    `published_from` and `modified_from` say where each day was found, one of `DATE_ORIGINS`; `read` is
    the day on which this text was first read. None of the three is part of the digest: they are not
    what the article says.
    """

    id: str
    title: str
    text: str
    source: str = ""
    published: date | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    publisher: str | None = None
    section: str | None = None
    language: str = "en"
    modified: date | None = None
    published_from: str = "unknown"
    modified_from: str = "unknown"
    read: date | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """Return the sha256 (hex) of everything the article says; where it was read from does not count."""
        said = [
            self.id,
            self.title,
            self.text,
            self.published.isoformat() if self.published else None,
            self.authors,
            self.url,
            self.publisher,
            self.section,
            self.language,
            *([self.modified.isoformat()] if self.modified else []),  # without one, as before there were any
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
