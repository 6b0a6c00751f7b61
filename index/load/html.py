"""Saved web pages: the article without the page around it, by trafilatura."""

import logging
from collections.abc import Iterator

from index.article import Article
from index.errors import LoadError
from index.load.file import Readable
from index.load.text import as_names, date_in, decode, first_date, opening

_MAX_BYTES = 20_000_000


def load_html(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield the one article that the page holds."""
    raw = path.read_bytes()
    if len(raw) > _MAX_BYTES:
        yield LoadError(f"{path}: {len(raw):,} bytes are too many for one page (at most {_MAX_BYTES:,}).")
        return
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what is reported here
    try:
        page = decode(raw)
    except ValueError as error:
        yield LoadError(f"{path}: {error}")
        return
    found = bare_extraction(
        page,
        include_comments=False,
        favor_precision=True,
        with_metadata=True,
        # Only dates that the page states: a guess from its text would be shown as its date.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or not found.text:
        yield LoadError(f"{path}: no article found in this page. Save the article itself, or its text.")
        return
    first, _, rest = found.text.partition("\n")
    repeated = found.title and first.strip() == found.title.strip() and rest.strip()
    published, published_from = first_date(("meta", found.date), ("file name", date_in(path.name)))
    yield Article(
        id=name,
        title=found.title or opening(found.text),
        text=rest.strip() if repeated else found.text.strip(),
        source=str(path),
        published=published,
        authors=as_names(found.author),
        url=found.url or None,
        publisher=found.sitename or None,
        section=found.categories[0] if found.categories else None,
        language=found.language or _language(page) or "en",
        published_from=published_from,
    )


def _language(page: str) -> str | None:
    import re

    match = re.search(r"<html[^>]*\slang=[\"']?([A-Za-z]{2})", page[:5000])
    return match.group(1).lower() if match else None
