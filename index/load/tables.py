"""CSV and TSV: one article a row. The first row names the columns."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any, TextIO

from index.article import Article
from index.errors import LoadError
from index.load.file import Readable, read_all
from index.load.records import Columns, as_article, known_fields
from index.load.text import decode

_MAX_LINE_CHARS = 20_000_000
_MAX_FIELD_CHARS = 3_000_000  # more than any article may have
_SAMPLE_BYTES = 1_000_000
_DELIMITERS = ",;\t|"


def load_table(path: Readable, name: str, columns: Columns) -> Iterator[Article | LoadError]:
    """Yield one article or one error a row.

    Raises:
        LoadError: no column is known for the text, or the file is no table.
        OSError: the file cannot be read.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_FIELD_CHARS))
    with _opened(path) as text:
        head = text.read(_SAMPLE_BYTES)
    with _opened(path) as text:
        reader = csv.reader(_lines(text, str(path)), delimiter=_delimiter(head))
        try:
            names = [each.strip() for each in next(reader, [])]
        except csv.Error as error:
            raise LoadError(f"{path}: not CSV ({error}).") from error
        if "text" not in known_fields(names, columns):
            raise LoadError(
                f"{path}: none of its columns ({', '.join(names)[:300]}) is known for the text. "
                "Name them: --map text=COLUMN,title=COLUMN."
            )
        number = 1
        while True:
            number += 1
            place = f"{path}:{number}"
            try:
                row = next(reader, None)
            except csv.Error as error:
                yield LoadError(f"{place}: not CSV ({error}; a quotation mark that is not closed?).")
                continue
            if row is None:
                return
            if any(row):
                yield _article(row, names, place, f"{name}:{number}", columns)


def _article(row: list[str], names: list[str], place: str, key: str, columns: Columns) -> Article | LoadError:
    if len(row) > len(names):
        return LoadError(
            f"{place}: {len(row)} values for {len(names)} columns. Put quotation marks around values with a delimiter."
        )
    record: dict[str, object] = dict(zip(names, row, strict=False))
    return as_article(record, place, key, columns)


def _opened(path: Readable) -> TextIO:
    """Open a text by what it begins with: UTF-8 and UTF-16 as a stream, older encodings as a whole.

    Raises:
        LoadError: it is no text.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
        if not sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            try:
                codecs.getincrementaldecoder("utf-8-sig")().decode(sample)
            except UnicodeDecodeError:
                try:
                    return io.StringIO(decode(sample + read_all(stream, str(path))), newline="")
                except ValueError as error:
                    raise LoadError(f"{path}: {error}") from error
            if b"\0" in sample:
                raise LoadError(f"{path}: not text (it holds zero bytes).")
            encoding = "utf-8-sig"
        else:
            encoding = "utf-16"
    opened: Any = path.open("rb")
    return io.TextIOWrapper(opened, encoding, errors="replace", newline="")


def _delimiter(text: str) -> str:
    """Return the delimiter that is in the first line most often, not counting what stands in quotation marks."""
    head = re.sub(r'"[^"]*"', "", text[:100_000]).lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=lambda each: (head.count(each), each == ","))


def _lines(text: TextIO, place: str) -> Iterator[str]:
    """Yield lines with their ends, as `csv` wants them; each only as long as memory allows."""
    while line := text.readline(_MAX_LINE_CHARS):
        if len(line) >= _MAX_LINE_CHARS:
            raise LoadError(f"{place}: a line of more than {_MAX_LINE_CHARS:,} characters; the rest is not read.")
        yield line
