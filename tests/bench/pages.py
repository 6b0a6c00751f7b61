"""How well articles come out of saved pages: text, title, byline, date, per page and on average.

    python -m tests.bench.pages ../shared/hostile/pages [--show] [--with trafilatura,trafilatura-precision,…]

Text is measured by F1 over words (each character of Chinese and Japanese counts as one) against `expected_text`. A
title is right if it is the same once white space, typography and case are set aside, or if the label is it with the
site's name behind (counted apart: "title as labelled" is without these); a byline if the names given are
those found, likewise; a date if it is the same day. The pages are in two halves by a hash of their ids: rules were
written on the half "seen". `--with` measures bare libraries beside it, those that are installed; `--show` prints
what differs.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load.dates import as_date
from index.load.html import read_page
from index.load.names import as_names, read_byline
from index.load.text import decode

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


def words_f1(found: str, expected: str) -> float:
    """Return the F1 of the words of `found`, counted with how often each comes."""
    one, other = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(expected.lower()))
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if common else 0.0


def same(one: str | None, other: str | None) -> bool:
    """Tell whether two texts are the same without white space, punctuation and case."""
    keys = [re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", each or "")).casefold() for each in (one, other)]
    return keys[0] == keys[1]


def behind(label: str, title: str) -> bool:
    """Tell whether a label is this title with something behind it: " | Name of the site", "_Section", "（Agency）"."""
    tail = label[len(title) :].lstrip() if label.startswith(title) and title else ""
    return bool(tail) and tail[0] in "|-–—_·（("


def seen(key: str) -> bool:
    """Tell whether a page is of the half that rules were written on."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 == 1


def trafilatura(**options: bool) -> Callable[[str], str]:
    def read(page: str) -> str:
        from trafilatura import bare_extraction

        found: Any = bare_extraction(page, include_comments=False, **options)
        return (found.text or "") if found else ""

    return read


def readability(page: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(page).summary()).text_content())


def resiliparse(page: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page, main_content=True, alt_texts=False, links=False, comments=False))


def justext(page: str) -> str:
    from justext import get_stoplist
    from justext import justext as paragraphs

    return "\n".join(
        each.text for each in paragraphs(page.encode(), get_stoplist("English")) if not each.is_boilerplate
    )


def newspaper(page: str) -> str:
    from newspaper import Article as Page

    read = Page("http://pages.example/page")
    read.download(input_html=page)
    read.parse()
    return str(read.text)


def goose(page: str) -> str:
    from goose3 import Goose

    return str(Goose().extract(raw_html=page).cleaned_text)


WAYS: dict[str, Callable[[str], str]] = {
    "trafilatura": trafilatura(),
    "trafilatura-precision": trafilatura(favor_precision=True),
    "trafilatura-recall": trafilatura(favor_recall=True),
    "trafilatura-fast": trafilatura(fast=True),
    "readability": readability,
    "resiliparse": resiliparse,
    "justext": justext,
    "newspaper": newspaper,
    "goose": goose,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--with", dest="ways", default="", help=", ".join(WAYS))
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in (arguments.pages / "expected.jsonl").read_text("utf-8").split("\n") if line]
    raws = [gzip.decompress((arguments.pages / row["html"]).read_bytes()) for row in rows]
    for way in filter(None, arguments.ways.split(",")):
        _compare(way, rows, raws)
    results = [_measured(row, raw, show=arguments.show) for row, raw in zip(rows, raws, strict=True)]
    for name, half in (("seen", True), ("held out", False), ("all", None)):
        chosen = [each for row, each in zip(rows, results, strict=True) if half is None or seen(row["id"]) is half]
        parts = [f"{name:9} {len(chosen)} pages"]
        for key in ("f1", "title", "title as labelled", "byline", "date"):
            values = [each[key] for each in chosen if each[key] is not None]
            parts.append(f"{key} {sum(values) / max(1, len(values)):.3f} of {len(values)}")
        sys.stdout.write("  ".join(parts) + "\n")


def _compare(way: str, rows: list[dict[str, Any]], raws: list[bytes]) -> None:
    found, began, failed = [], time.perf_counter(), 0
    for row, raw in zip(rows, raws, strict=True):
        try:
            text = WAYS[way](decode(raw))
        except Exception:  # a library measured, whatever it raises: the page counts as lost
            text, failed = "", failed + 1
        found.append(words_f1(text, row["expected_text"]))
    sys.stdout.write(
        f"{way:22} f1 {sum(found) / len(found):.3f} least {min(found):.2f}"
        f"  .9 or more: {sum(each >= 0.9 for each in found)}"
        f"  failed {failed}  {time.perf_counter() - began:.1f} s\n"
    )


def _measured(row: dict[str, Any], raw: bytes, *, show: bool) -> dict[str, float | None]:
    began = time.perf_counter()
    try:
        article = read_page(raw, name=row["id"], file_name=row["html"], source=row["html"])
    except LoadError as error:
        sys.stdout.write(f"{row['id']}: {error}\n")
        article = Article(row["id"], "", "")
    took = time.perf_counter() - began
    line = read_byline(row["byline"] or "")
    names = sorted(each.casefold() for each in (line.authors if line and line.authors else as_names(row["byline"])))
    result = {
        "f1": words_f1(article.text, row["expected_text"]),
        "title": float(same(article.title, row["title"]) or behind(row["title"], article.title)),
        "title as labelled": float(same(article.title, row["title"])),
        "byline": float(sorted(each.casefold() for each in article.authors) == names) if row["byline"] else None,
        "date": float(article.published == as_date(row["published"])) if row["published"] else None,
    }
    marks = "".join(
        " -" if result[key] is None else " +" if result[key] else " x" for key in ("title", "byline", "date")
    )
    half = "seen" if seen(row["id"]) else "held out"
    sys.stdout.write(
        f"{row['id']:20} {half:8} f1 {result['f1']:.3f} {marks}  {took:.2f} s  {article.language} {article.published}\n"
    )
    if show:
        for key, got, wanted in (("title", article.title, row["title"]), ("byline", article.authors, row["byline"]),
                                 ("date", article.published, row["published"])):  # fmt: skip
            if result[key] == 0:
                sys.stdout.write(f"    {key}: {got!r} where {wanted!r} is expected\n")
        inside = " ".join(_WORD.findall(row["expected_text"].lower()))
        for line in article.text.split("\n"):
            if (words := " ".join(_WORD.findall(line.lower()))) and words not in inside:
                sys.stdout.write(f"    + {line[:150]}\n")
        inside = " ".join(_WORD.findall(article.text.lower()))
        for line in re.split(r"(?<=[.!?]) ", row["expected_text"]):
            if (words := " ".join(_WORD.findall(line.lower()))) and words not in inside:
                sys.stdout.write(f"    - {line[:150]}\n")
    return result


if __name__ == "__main__":
    main()
