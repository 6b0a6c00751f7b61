"""What an article is. All offsets in Pullquote point into `Article.text`, which never changes after loading."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as it was loaded.

    `id` names it across versions (the record's own id, else its path below the source folder);
    the pair (id, digest) names exactly this text of it. An unknown date is None: the day on
    which a file was read is never passed off as the day on which it was published.
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
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
