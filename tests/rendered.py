"""What is rendered in the tests, and how its markup is read back: tags, text, and what of it could run."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from rag import (
    Answer,
    Article,
    Claim,
    Days,
    Hit,
    Passage,
    Quote,
    Summary,
    Why,
)
from ui.wording import wording

EN = wording("en")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></blockquote></li></article><h1>Out</h1>",
    "<!-- a comment that never ends",
    "<![CDATA[ x ]]>",
    "<style>body{display:none}</style>",
    "&lt;b&gt; &amp; &#60;i&#62; &NotAnEntity;",
    "${value} {{value}} {{{value}}} `${alert(1)}`",
    "{% raw %} {0} %s %(x)s \\ \\u003c",
    "javascript:alert(1)",
    "nul\x00 and a lone surrogate \ud800 and a bell \x07",
    "\u202eright to left override\u2066 unclosed",
    "e\u0301 👩‍👩‍👧 ﷽ ​zero width",
    "a\r\nb\u2028c\u2029d\x0b\x0ce",
    "[1](javascript:alert(1)) **bold** <https://x.example>",
]


TAGS = {
    *("a", "article", "bdi", "blockquote", "br", "button", "cite", "dd", "details", "dialog", "div", "dl", "dt"),
    *("figcaption", "figure", "form", "g", "h1", "h2", "h3", "header", "input", "kbd", "label", "li", "mark", "ol"),
    *(
        "nav",
        "p",
        "path",
        "q",
        "rect",
        "section",
        "span",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "tr",
        "ul",
    ),
}


ATTRIBUTES = {
    *("aria-controls", "aria-expanded", "aria-hidden", "aria-keyshortcuts", "aria-label", "aria-labelledby", "checked"),
    *("class", "colspan", "datetime", "dir", "height", "href", "id", "lang", "name", "preserveaspectratio", "rel"),
    *("role", "scope", "tabindex", "target", "title", "type", "value", "viewbox", "width", "x", "y"),
    *("data-again", "data-ask", "data-at", "data-away", "data-back", "data-brush", "data-choose", "data-cites"),
    *("data-close", "data-correct", "data-first", "data-free", "data-help", "data-lang", "data-last", "data-mark"),
    *("data-act", "data-id"),
    *("data-number", "data-open", "data-pictures", "data-single", "data-source", "data-step", "data-steps"),
    *(
        "data-act",
        "data-id",
        "data-talk",
        "data-turn",
        "data-clip",
        "data-copy",
        "data-done",
        "data-export",
        "data-failed",
        "data-view",
    ),
}


class Page(HTMLParser):
    """What a browser would make of the markup: elements, and the text within those of a tag or class."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[tuple[tuple[tuple[str, dict[str, str]], ...], str]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(markup)
        self.close()
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in ("br", "input"):
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.pieces.append((tuple(self._open), data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def text(self, tag: str, **attributes: str) -> str:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return "".join(
            data
            for within, data in self.pieces
            if any(t == tag and all(v in a.get(n, "").split() for n, v in wanted.items()) for t, a in within)
        )

    def check(self) -> "Page":
        for tag, attributes in self.elements:
            assert tag in TAGS
            assert set(attributes) <= ATTRIBUTES
            assert attributes.get("href", "#card-").startswith(("http://", "https://", "#card-"))
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        return self


def article(text: str = "One. Two.\n\nThree four.", **fields: object) -> Article:
    made = Article(
        id="a-1",
        title="A title",
        text=text,
        published=date(2025, 2, 12),
        publisher="The Lantern",
        url="https://news.example/a?b=1&c=2",
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # the fields of an Article, by name


def answer(*quotes: Quote, **fields: object) -> Answer:
    claims = tuple(Claim(quote.text, (quote,), supported=True) for quote in quotes)
    made = Answer("Why?", "Why?", None, refused=not quotes, confidence=0.9, claims=claims, articles_searched=1086)
    return replace(made, **fields)  # type: ignore[arg-type]  # the fields of an Answer, by name


WHY = Why(1, None, (), cosine=0.5, bm25=0.0, coverage=0.0, proximity=0.0, position=0, date_factor=1.0)


def hit(of: Article, start: int, end: int) -> Hit:
    return Hit(Passage(of.id, start, end), of, 1.0, WHY)


def shown(text: str) -> str:
    """Return `text` as a browser can hold it."""
    return "".join(
        "\ufffd" if character == "\x00" or "\ud800" <= character <= "\udfff" else character for character in text
    )


SUMMARY = Summary(articles=86, passages=400, first=date(2025, 9, 1), last=date(2026, 9, 30), version="v")


DAYS = (Days(date(2026, 1, 1), date(2026, 1, 31), 3), Days(date(2026, 2, 1), date(2026, 2, 28), 0))
