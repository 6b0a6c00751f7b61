"""JSON-LD: what a page says of its article in the vocabulary of schema.org. Knows nothing of the page's text.

JSON that is broken in the usual ways (comments, line breaks in strings, commas too many, several objects in
a row) is read; of what is broken further, headline and days are taken where they are stated once.
"""

import json
import re
from collections.abc import Iterator

_MAX_CHARS = 5_000_000
_MAX_NODES = 20_000
_WRAPPED = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\]\]>\*/)\s*\Z"
)
_COMMA = re.compile(r",(\s{0,200}[}\]])")
_STRING = r'"((?:[^"\\]|\\.){1,2000})"'
_ARTICLE = re.compile(
    r"(?:News|Blog|Scholarly|Tech)?(?:Article|Posting)|Report|.*NewsArticle|LiveBlogPosting|Review", re.IGNORECASE
)


def linked_articles(scripts: list[str]) -> list[dict[str, object]]:
    """Return the articles among the objects of a page's JSON-LD scripts, in order, references to others resolved."""
    nodes: list[dict[str, object]] = []
    for script in scripts:
        for value in _values(script):
            nodes.extend(_nodes(value))
    named = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    return [{key: _resolved(value, named) for key, value in node.items()} for node in nodes if _is_article(node)]


def _is_article(node: dict[str, object]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and _ARTICLE.fullmatch(name.rpartition("/")[2]) for name in names)


def _values(script: str) -> Iterator[object]:
    text = _WRAPPED.sub("", script[:_MAX_CHARS]).strip().rstrip(";")
    decoder = json.JSONDecoder(strict=False)
    for attempt in (text, _COMMA.sub(r"\1", text)):
        values: list[object] = []
        place = 0
        try:
            while place < len(attempt):
                value, place = decoder.raw_decode(attempt, place)
                values.append(value)
                while place < len(attempt) and attempt[place] in " \t\r\n,;":
                    place += 1
        except (ValueError, RecursionError):
            pass
        if place and place >= len(attempt):
            yield from values
            return
    salvaged: dict[str, object] = {"@type": "Article"}
    for key in ("headline", "datePublished", "dateModified"):
        found = set(re.findall(rf'"{key}"\s{{0,9}}:\s{{0,9}}{_STRING}', text))
        if len(found) == 1:
            salvaged[key] = found.pop()
    if len(salvaged) > 1:
        yield salvaged


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """Yield every object, outermost first; what only lists or mentions other articles is not looked into."""
    waiting, seen = [value], 0
    while waiting and seen < _MAX_NODES:
        each = waiting.pop(0)
        seen += 1
        if isinstance(each, list):
            waiting = each + waiting
        elif isinstance(each, dict):
            yield each
            inner = ("@graph", "mainEntity", "mainEntityOfPage", "author", "publisher", "isPartOf")
            waiting += [each[key] for key in inner if isinstance(each.get(key), list | dict)]


def _resolved(value: object, named: dict[str, dict[str, object]]) -> object:
    if isinstance(value, list):
        return [_resolved(each, named) for each in value[:_MAX_NODES]] if all(map(_is_flat, value)) else value
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return named.get(str(value.get("@id")), value)
    return value


def _is_flat(value: object) -> bool:
    return not isinstance(value, list)
