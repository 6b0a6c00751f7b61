"""PDF, DOCX, ODT, RTF and EPUB: parsed by the worker, made into articles here."""

import atexit
from collections.abc import Iterator
from dataclasses import replace

from index.article import Article
from index.errors import LoadError
from index.load.file import Memory, Readable, read_all
from index.load.parsed import Parsed
from index.load.process import Worker
from index.load.text import as_names, first_date, load_text

ENDINGS = (".pdf", ".docx", ".odt", ".rtf", ".epub")

_worker = Worker()
atexit.register(_worker.close)


def load_document(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield the article, or the chapters, that the document holds."""
    with path.open("rb") as stream:
        raw = read_all(stream, str(path))
    kind = next(ending for ending in ENDINGS if path.name.lower().endswith(ending))
    try:
        found = _worker.parse(kind, path.name, raw)
    except LoadError as error:
        yield LoadError(f"{path}: {error}")
        return
    for each in found:
        yield _article(each, path, name)


def stop_worker() -> None:
    """End the process that parses documents, if there is one; it is started again when it is needed."""
    _worker.close()


def _article(parsed: Parsed, path: Readable, name: str) -> Article | LoadError:
    """Make an article as of a text file: a byline, a dateline or a title in it are read by the same rules."""
    title = parsed.title or ""
    first, _, rest = parsed.text.partition("\n\n")
    text = rest if title and _same(first, title) else parsed.text
    whole = f"\n{title}\n\n{text}" if title else f"\n{text}"  # not the start of a front matter
    [article] = load_text(Memory(path.name, whole.encode("utf-8", "replace")), name)
    if isinstance(article, LoadError):
        return article
    published, published_from = first_date(
        ("document", parsed.stated), (article.published_from, article.published), ("document", parsed.made)
    )
    return replace(
        article,
        id=f"{name}/{parsed.part}" if parsed.part else name,
        title=title or article.title,
        text=article.text.removeprefix(title).lstrip("\n") if title else article.text,
        source=f"{path}/{parsed.part}" if parsed.part else str(path),
        published=published,
        published_from=published_from,
        authors=article.authors or as_names(parsed.authors),
        publisher=article.publisher or parsed.publisher,
        language=(parsed.language or article.language)[:2].lower(),
    )


def _same(first: str, title: str) -> bool:
    return " ".join(first.split()).casefold() == " ".join(title.split()).casefold()
