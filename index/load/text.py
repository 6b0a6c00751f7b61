"""Plain text and Markdown, with or without front matter.

Front matter (YAML between two lines of ---) gives title, date, authors, publisher, url, section and
language. Without it: a first line of its own is the title, a line "By Name, Publication" under it the
byline, and a date in the file's name (2026-01-31) is the date. What is not said stays unknown.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.load.dates import as_date as as_date
from index.load.dates import date_in
from index.load.dates import first_date as first_date
from index.load.names import as_names as as_names

MAX_TITLE_CHARS = 200
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_PARTICLES = "al|bin|correspondent|da|de|del|della|den|der|di|du|el|la|le|reporter|staff|van|von|y"
_NAME = rf"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|{_PARTICLES}))*"
_BYLINE = re.compile(rf"By (?P<authors>{_NAME}(?: and {_NAME})*)(?:, (?P<publisher>(?:[A-Z]|the )[^\n,]{{1,60}}))?")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


def load_text(path: Path, name: str) -> Iterator[Article | LoadError]:
    """Yield the one article that the file holds."""
    try:
        text = decode(path.read_bytes())
    except ValueError as error:
        yield LoadError(f"{path}: {error}")
        return
    markdown = path.suffix.lower() in {".md", ".markdown"}
    match = _FRONT_MATTER.match(text)
    try:
        fields = _front_matter(match.group(1)) if match else None
    except ValueError as error:
        yield LoadError(f"{path}: its front matter is not YAML ({error}). Mend it, or remove the lines of ---.")
        return
    body = text[match.end() :] if match and fields is not None else text
    fields = fields or {}
    title, byline, body = _head(body, known_title=str(fields.get("title") or ""), markdown=markdown)
    authors, publisher = _byline(byline)
    published, published_from = first_date(("front matter", fields.get("date")), ("file name", date_in(path.name)))
    modified, modified_from = first_date(("front matter", fields.get("modified") or fields.get("updated")))
    yield Article(
        id=name,
        title=title or opening(body),
        text=(_HEADING.sub(r"\1", body) if markdown else _unwrapped(body)).strip(),
        source=str(path),
        published=published,
        authors=as_names(fields.get("authors") or fields.get("author")) or authors,
        url=as_text(fields.get("url")),
        publisher=as_text(fields.get("publisher")) or publisher,
        section=as_text(fields.get("section")),
        language=language if isinstance(language := fields.get("language"), str) and language.strip() else "en",
        modified=modified,
        published_from=published_from,
        modified_from=modified_from,
    )


def decode(raw: bytes) -> str:
    """Return the text of a file: UTF-8, what its byte order mark says, else the likeliest old encoding.

    Raises:
        ValueError: it is no text.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _lines(raw.decode("utf-16", "replace"))
    if b"\0" in raw:
        raise ValueError("not text (it holds zero bytes).")
    try:
        return _lines(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    repaired = raw.decode("utf-8-sig", "replace")
    broken, beyond_ascii = repaired.count("\ufffd"), sum(byte > 0x7F for byte in raw)
    if broken * 10 <= beyond_ascii:  # UTF-8 with a few broken places: they show as U+FFFD
        return _lines(repaired)
    western = raw.decode("cp1252", "replace")
    beyond = _BEYOND_ASCII.findall(western)
    if set(beyond) <= _WESTERN and len(beyond) * 5 <= len(western):
        return _lines(western)
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    if best is None:
        raise ValueError("its encoding cannot be told. Save it as UTF-8.")
    return _lines(str(best))


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = set("ÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœ€£§©®°·«»¿¡“”„‘’–—…•½¼¾\u00a0\u00ad")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _front_matter(block: str) -> dict[str, object] | None:
    import yaml

    try:
        fields = yaml.safe_load(block)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    except (KeyError, IndexError, AttributeError, TypeError, OverflowError) as error:  # of a tag with a wrong value
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return {str(key).lower(): value for key, value in fields.items()} if isinstance(fields, dict) else None


def _head(body: str, *, known_title: str, markdown: bool) -> tuple[str, str, str]:
    """Return title, byline and the rest. A first line counts as title only if it stands alone as one."""
    body = body.lstrip("\n")
    title = known_title
    first, _, rest = body.partition("\n")
    heading = _HEADING.fullmatch(first.strip()) if markdown else None
    if heading and (not known_title or heading.group(1) == known_title):
        title, body = heading.group(1), rest.lstrip("\n")
    elif not known_title and rest.startswith("\n") and _is_headline(first):
        title, body = first.strip(), rest.lstrip("\n")
    first, _, rest = body.partition("\n")
    if _BYLINE.fullmatch(first.strip()):
        return title, first.strip(), rest.lstrip("\n")
    return title, "", body


def _is_headline(line: str) -> bool:
    return 0 < len(line.strip()) <= MAX_TITLE_CHARS and not re.search(r"[.:;,][\"'”’»)]*$", line.rstrip())


def _byline(line: str) -> tuple[tuple[str, ...], str | None]:
    match = _BYLINE.fullmatch(line)
    if match is None:
        return (), None
    return tuple(re.split(r" and ", match["authors"])), match["publisher"]


def _unwrapped(text: str) -> str:
    """Join the lines of paragraphs that were wrapped at a fixed width; leave all other text alone."""
    blocks = re.split(r"\n[ \t]*\n", text)
    lines = [line for block in blocks for line in block.split("\n")[:-1]]
    inner = [len(line) for line in lines if line.strip()]
    if len(blocks) < 2 or len(inner) < len(blocks) or max(inner) > 100 or sum(inner) / len(inner) < 50:
        return text
    return "\n\n".join(" ".join(line.strip() for line in block.split("\n")) for block in blocks)


def opening(text: str, size_chars: int = 90) -> str:
    """Return the first words of `text`, for an article without a title."""
    line = " ".join(text.split("\n", 1)[0].split()) or " ".join(text.split()[:20])
    if len(line) <= size_chars:
        return line
    return line[:size_chars].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"


def as_text(value: object) -> str | None:
    """Return a value as text, or None where it is empty."""
    text = "" if value is None else str(value).strip()
    return text or None
