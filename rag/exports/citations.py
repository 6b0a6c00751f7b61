"""The articles of a document as citations: BibTeX, RIS and CSL-JSON. One citation an article; its quotes are its notes.

Names are not taken apart: which word of a byline is the family's is not known, and some bylines name no person. An
unknown date is left unknown, and so printed as "n.d.".
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.load.own import MARK
from rag.exports.document import NO_DATE, Document, date_origin, one_line
from rag.exports.links import web_address
from rag.quotes import Quote

# TeX's special characters. Braces have to balance even where they are escaped, so they are named instead.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
        '"': r"\textquotedbl{}",
    }
)  # fmt: skip
_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", "^": "%5E", "~": "%7E"})


def bibtex(document: Document) -> str:
    """Return the articles as BibTeX, in UTF-8 as biber and current styles read it."""
    made = [f"% {MARK}\n"]
    for key, article, quotes in _keyed(document):
        fields = {
            "title": f"{{{_tex(article.title or article.id)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in article.authors),
            "journal": _tex(article.publisher or ""),
            "year": f"{article.published.year:04}" if article.published else NO_DATE,
            "date": article.published.isoformat() if article.published else "",
            "url": (web_address(article.url) or "").translate(_URL),
            "annote": _tex(_note(article, quotes)),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        made.append(f"@article{{{key},\n{lines}}}\n")
    return "\n".join(made)


def ris(document: Document) -> str:
    """Return the articles as RIS, which reference managers read; lines end as its specification says, by CR LF."""
    made: list[str] = []
    for key, article, quotes in _keyed(document):
        when = article.published
        lines = [("TY", "NEWS"), ("ID", key), ("TI", article.title or article.id)]
        lines += [("AU", name) for name in article.authors]
        lines += [("T2", article.publisher or ""), ("SE", article.section or "")]
        lines += [("PY", f"{when.year:04}"), ("DA", f"{when:%Y/%m/%d}/")] if when else []
        lines += [("UR", web_address(article.url) or ""), ("LA", article.language)]
        lines += [("N1", _note(article, quotes)), ("ER", "")]
        made += [f"{tag}  - {one_line(value)}" for tag, value in lines if value.strip() or tag == "ER"]
    return "".join(f"{line}\r\n" for line in made)


def csl_json(document: Document) -> str:
    """Return the articles as CSL-JSON: a list of items of its schema, for citation processors."""
    return json.dumps([_csl(*each) for each in _keyed(document)], ensure_ascii=False, indent=1) + "\n"


def _csl(key: str, article: Article, quotes: tuple[Quote, ...]) -> dict[str, Any]:
    when = article.published
    item: dict[str, Any] = {
        "id": key,
        "type": "article-newspaper",
        "title": one_line(article.title or article.id),
        "author": [{"literal": one_line(name)} for name in article.authors],
        "container-title": one_line(article.publisher or ""),
        "section": one_line(article.section or ""),
        "issued": {"date-parts": [[when.year, when.month, when.day]]} if when else {},
        "URL": web_address(article.url) or "",
        "language": one_line(article.language),
        "annote": _note(article, quotes),
    }
    return {name: value for name, value in item.items() if value}


def _note(article: Article, quotes: tuple[Quote, ...]) -> str:
    return one_line(" ".join([*(f"“{quote.text}”" for quote in quotes), f"({date_origin(article)})"]))


def _tex(text: str) -> str:
    return one_line(text).translate(_TEX)


def _keyed(document: Document) -> Iterator[tuple[str, Article, tuple[Quote, ...]]]:
    """Yield each article with a key of plain letters and its quotes: publisher, day, first long word of the title."""
    seen: set[str] = set()
    for article, quotes in document.by_article:
        when = f"{article.published:%Y%m%d}" if article.published else "nd"
        words = [_ascii(word) for word in article.title.split()]
        word = next((each for each in words if len(each) > 3), "".join(words)[:12])
        base = f"{_ascii(article.publisher or '')[:20] or 'article'}-{when}-{word[:20] or 'untitled'}"
        key, number = base, 1
        while key in seen:
            number += 1
            key = f"{base}-{number}"
        seen.add(key)
        yield key, article, quotes


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())
