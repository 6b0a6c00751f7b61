"""CSV and TSV: one article a row. The first row names the columns."""

import csv
import io
import re
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load.file import Readable
from index.load.records import Columns, as_article, known_fields

_MAX_LINE_BYTES = 20_000_000
_MAX_FIELD_CHARS = 10_000_000
_SAMPLE_BYTES = 1_000_000
_DELIMITERS = ",;\t|"


def load_table(path: Readable, name: str, columns: Columns) -> Iterator[Article | LoadError]:
    """Yield one article or one error a row.

    Raises:
        LoadError: no column is known for the text, or the file is no table.
        OSError: the file cannot be read.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_FIELD_CHARS))
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
    encoding = _encoding(sample)
    head = _first_line(sample.decode(encoding, "replace"))
    delimiter = max(_DELIMITERS, key=lambda each: (head.count(each), each == ","))
    with path.open("rb") as stream:
        reader = csv.reader(_lines(stream, encoding, str(path)), delimiter=delimiter)
        names = [each.strip() for each in next(reader, [])]
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


def _encoding(sample: bytes) -> str:
    """Return the encoding of a file by its first bytes; broken places will show as U+FFFD."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in sample:
        raise LoadError("not text (it holds zero bytes).")
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if whole.decode("utf-8", "replace").count("\ufffd") * 10 <= sum(byte > 0x7F for byte in whole):
            return "utf-8-sig"
        from charset_normalizer import from_bytes

        best = from_bytes(whole[:100_000]).best()
        if best is None:
            raise LoadError("its encoding cannot be told. Save it as UTF-8.") from error
        return str(best.encoding)
    return "utf-8-sig"


def _first_line(text: str) -> str:
    """Return the first line without what stands in quotation marks."""
    return re.sub(r'"[^"]*"', "", text).lstrip("\r\n").partition("\n")[0]


def _lines(stream: BufferedIOBase, encoding: str, place: str) -> Iterator[str]:
    """Yield lines with their ends, as `csv` wants them; each only as long as memory allows."""
    wrapped: Any = stream
    text = io.TextIOWrapper(wrapped, encoding, errors="replace", newline="")
    while line := text.readline(_MAX_LINE_BYTES):
        if len(line) >= _MAX_LINE_BYTES:
            raise LoadError(f"{place}: a line of more than {_MAX_LINE_BYTES:,} characters; the rest is not read.")
        yield line.replace("\0", "\ufffd")
