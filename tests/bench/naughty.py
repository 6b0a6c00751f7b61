"""Awkward strings through the loaders: `python -m tests.bench.naughty FILE.jsonl` (each line has a `text`).

Each string is a title and a text of a JSON line, of a CSV row, of a mail (subject, body) and of a Word document, and
the name of a member of a zip archive. What comes out must be what went in; what a format cannot hold (a NUL in XML,
line ends, white space around a title) is set aside for both sides before they are compared.
"""

import base64
import csv
import io
import json
import re
import sys
import zipfile
from pathlib import Path

from index.article import Article
from index.load import SourceFile, load
from index.load.file import Memory
from tests import documents as made

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def loaded(name: str, raw: bytes) -> list[Article]:
    return [each for each in load(SourceFile(Memory(name, raw), name)) if isinstance(each, Article)]


def through_jsonl(text: str) -> list[tuple[str, str]]:
    raw = json.dumps({"title": text, "text": text}).encode()
    return [(each.title, each.text) for each in loaded("a.jsonl", raw)]


def through_csv(text: str) -> list[tuple[str, str]]:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["title", "text"], [text, text]])
    return [(each.title, each.text) for each in loaded("a.csv", out.getvalue().encode("utf-8", "surrogatepass"))]


def through_mail(text: str) -> list[tuple[str, str]]:
    subject = base64.b64encode(" ".join(text.split()).encode()).decode()  # Python's own folding loses spaces
    raw = made.mail("SUBJECT", plain=text).replace(b"SUBJECT", f"=?utf-8?b?{subject}?=".encode(), 1)
    return [(each.title, each.text) for each in loaded("a.eml", raw)]


def through_docx(text: str) -> list[tuple[str, str]]:
    clean = _NO_XML.sub("", text)
    raw = made.docx("x", [f"First. {clean}"])
    return [(clean, each.text.removeprefix("First.")) for each in loaded("a.docx", raw)]


def through_zip(text: str) -> list[tuple[str, str]]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(f"n{text}n.jsonl", '{"text": "x"}')
    return [
        (each.id.removeprefix("a.zip/n").removesuffix("n.jsonl:1"), text) for each in loaded("a.zip", out.getvalue())
    ]


def plain(text: str) -> str:
    return " ".join(_NO_XML.sub("", text.replace("\0", "")).split())


def main() -> int:
    """Print, for each way, how many strings came through."""
    texts = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").split("\n") if line]
    texts = [each for each in texts if plain(each)]
    lost = 0
    for way in (through_jsonl, through_csv, through_mail, through_docx, through_zip):
        missing = []
        for text in texts:
            got = way(text)
            if [(plain(title), plain(said)) for title, said in got] != [(plain(text), plain(text))]:
                missing.append((text, got))
        lost += len(missing)
        sys.stdout.write(f"{way.__name__}: {len(texts) - len(missing)} of {len(texts)}\n")
        for text, got in missing[:12]:
            sys.stdout.write(f"   {text[:90]!r} -> {got!r:.200}\n")
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
