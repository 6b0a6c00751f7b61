"""Plain text and Markdown, with or without front matter.

Front matter (YAML between two lines of ---, TOML between two of +++) goes first. Without it: a first line of its
own is the title; up to three lines under it that say nothing but who and when ("By Name, Publication", "Updated 12
February 2026") the byline. Days besides: a dateline, the file's name, the address. What is not said stays unknown.
"""

import re
from collections.abc import Iterator

from index.article import DATE_ORIGINS, Article
from index.errors import LoadError
from index.load.dates import as_date as as_date
from index.load.dates import date_in, date_in_address, dateline, dateline_date, in_order
from index.load.dates import first_date as first_date
from index.load.file import Readable
from index.load.language import language_of
from index.load.names import Byline, read_byline
from index.load.names import as_names as as_names

MAX_TITLE_CHARS = 200
_BYLINES = 3  # lines under the title that say who and when
NAMES = {
    "published": (
        "date",
        "published",
        "pubdate",
        "datepublished",
        "publishdate",
        "publisheddate",
        "publishedat",
        "publicationdate",
        "posted",
    ),
    "modified": ("modified", "updated", "lastmod", "lastmodified", "datemodified", "updatedat", "lastupdated"),
    "authors": ("authors", "author", "byline", "by", "creator"),
    "publisher": ("publisher", "publication", "sitename", "site", "outlet", "newspaper"),
    "url": ("url", "link", "canonical", "canonicalurl", "originalurl"),
    "section": ("section", "category", "categories"),
    "language": ("language", "lang"),
}
"""The keys of front matter that give each field, without "-" and "_". "created" is left out: clippers write the day of
clipping there. "source" is an address or a publisher, as it looks."""
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


def load_text(path: Readable, name: str) -> Iterator[Article | LoadError]:
    """Yield the one article that the file holds."""
    try:
        text = decode(path.read_bytes())
        fields, body = _parted(text)
    except ValueError as error:
        yield LoadError(f"{path}: {error}")
        return
    markdown = path.suffix.lower() in {".md", ".markdown"}
    title, byline, body = _head(body, known_title=as_text(fields.get("title")) or "", markdown=markdown)
    body = (_HEADING.sub(r"\1", body) if markdown else _unwrapped(body)).strip()
    url = as_text(_field(fields, "url")) or (
        source if (source := as_text(fields.get("source"))) and _is_web(source) else None
    )
    source = as_text(fields.get("source"))
    opened = dateline(body)
    modified = first_date(("front matter", _field(fields, "modified")), ("byline", byline.dates.get("modified")))
    published, modified = in_order(
        first_date(
            ("front matter", _field(fields, "published")),
            ("byline", byline.dates.get("published")),
            ("dateline", dateline_date(body, address=url, name=path.name, modified=modified[0])),
            ("file name", date_in(path.name)),
            ("address", date_in_address(url)),
        ),
        modified,
        DATE_ORIGINS.index,
    )
    yield Article(
        id=name,
        title=title or opening(body),
        text=body,
        source=str(path),
        published=published[0],
        authors=as_names(_field(fields, "authors")) or byline.authors or as_names(opened["agency"] if opened else None),
        url=url,
        publisher=as_text(_field(fields, "publisher"))
        or byline.publisher
        or (source if source and not _is_web(source) else None),
        section=as_text(_first(_field(fields, "section"))),
        language=language_of(body, language if isinstance(language := _field(fields, "language"), str) else None),
        modified=modified[0],
        published_from=published[1],
        modified_from=modified[1],
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


def _parted(text: str) -> tuple[dict[str, object], str]:
    """Return front matter, its keys in lower case without "-" and "_", and what comes after it.

    Raises:
        ValueError: it cannot be read.
    """
    if match := _FRONT_MATTER.match(text):
        fields = _yaml(match.group(1))
    elif match := _TOML.match(text):
        fields = _toml(match.group(1))
    else:
        return {}, text
    if not isinstance(fields, dict):
        return {}, text
    return {re.sub(r"[-_ ]", "", str(key).lower()): value for key, value in fields.items()}, text[match.end() :]


def _field(fields: dict[str, object], field: str) -> object:
    return next((fields[key] for key in NAMES[field] if fields.get(key) not in (None, "", [], {})), None)


def _first(value: object) -> object:
    return (value[0] if value else None) if isinstance(value, list) else value


def _is_web(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def _yaml(block: str) -> object:
    import yaml

    try:
        return yaml.safe_load(block)
    except RecursionError:
        reason = "nested too deeply"
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
    except (
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        OverflowError,
    ) as error:  # a tag with a wrong value
        reason = f"{type(error).__name__}: {error}"
    raise ValueError(f"its front matter is not YAML ({reason}). Mend it, or remove the lines of ---.")


def _toml(block: str) -> object:
    import tomllib

    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
    raise ValueError(f"its front matter is not TOML ({reason}). Mend it, or remove the lines of +++.")


def _head(body: str, *, known_title: str, markdown: bool) -> tuple[str, Byline, str]:
    """Return title, byline and the rest. A first line counts as title only if it stands alone as one."""
    body = body.lstrip("\n")
    title = known_title
    first, _, rest = body.partition("\n")
    heading = _HEADING.fullmatch(first.strip()) if markdown else None
    if heading and (not known_title or heading.group(1) == known_title):
        title, body = heading.group(1), rest.lstrip("\n")
    elif not known_title and _is_headline(first) and (rest.startswith("\n") or read_byline(rest.partition("\n")[0])):
        title, body = first.strip(), rest.lstrip("\n")
    found = Byline()
    for _ in range(_BYLINES):
        first, _, rest = body.partition("\n")
        line = read_byline(first)
        if line is None:
            break
        found = Byline(found.authors or line.authors, found.publisher or line.publisher, {**line.dates, **found.dates})
        body = rest.lstrip("\n")
    return title, found, body


def _is_headline(line: str) -> bool:
    return 0 < len(line.strip()) <= MAX_TITLE_CHARS and not re.search(r"[.:;,][\"'”’»)]*$", line.rstrip())


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
