"""Exports: each format is read back by a parser of its own; hostile words stay words."""

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import bibtexparser
import pytest
import rispy
from markdown_it import MarkdownIt

from index.article import Article
from index.errors import SettingsError
from index.load.own import MARK, is_own_export
from rag.answer import Claim
from rag.chat import Chat
from rag.exports import FORMATS, Document, citation, document_of, export
from rag.exports.document import Entry, date_origin
from rag.notebook import Notebook, shown
from rag.notebook.store import Store
from rag.quotes import Quote
from rag.retrieve import Retriever

HOSTILE = [
    'She said "no" & <b>left</b>.', "</blockquote><script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "a}, url={javascript:alert(1)}, note={b", "{unbalanced", "}unbalanced", "\\input{/etc/passwd} \\",
    "100 % of $5 #1 a_b ^c ~d", "@article{x, title={y}}", "line one\nER  - \nTY  - BOOK\r\nTI  - other",
    "AU  - Nobody", "tab\there\u2028and\u2029there\x85now", "control \x00 \x07 \x1b[31m \x7f \x9b here",
    "half \ud800 pair \udfff", "مرحبا \u202eevil\u202c abc", "e\u0301 ﬁ 🦆 中文", "# no heading", "- no list",
    "1. no list\n2) nor this", "> no quote", "```\nno code\n```", "~~~\nno\n~~~", "    no code",
    "*no* _em_ **ph** `x` ~~y~~ [l](javascript:alert(1)) ![i](x) <http://a.b> &amp; &#60;", "a\n===\nb\n---\nc",
    "| a | b |\n|---|---|", "<!-- comment -->", "]]>", "trailing \\\nbreak  \nnext", "[^1]: footnote", "\\",
    "+ plus", ": def", "<!-- pullquote-export:0",
]  # fmt: skip
DAY = datetime(2026, 5, 12, tzinfo=UTC)


def article(text: str, **more: object) -> Article:
    known = {"id": "a.txt", "title": "A title", "publisher": "The Courier", "published": date(2026, 3, 7)}
    return Article(text=text, **(known | more))  # type: ignore[arg-type]


def document(*quotes: Quote, note: str = "", heading: str = "A question?") -> Document:
    claims = tuple(Claim(quote.text, (quote,), True) for quote in quotes)
    return Document(heading or "Clippings", (Entry(heading, (), claims, note, (("Receipt", "f00"),)),), DAY)


def whole(text: str, **more: object) -> Quote:
    return Quote(article(text, **more), 0, len(text))


def shape(text: str) -> str:
    """Return words as any document can hold them, without regard to white space."""
    return " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text).split())


class Page(HTMLParser):
    """Reads the tags of a page, and the text of those that are asked about."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "link", "input"):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data


@pytest.mark.parametrize("text", HOSTILE)
def test_as_html_it_is_text(text: str) -> None:
    quote = whole(text, title=text, publisher=text, authors=(text,), language=text)
    page = Page(export(document(quote, note=text, heading=text), "html"))
    plain = Page(export(document(whole("x"), note="x"), "html"))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert page.texts["blockquote"] == [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)]
    assert shape(page.texts["h1"][0]) == shape(page.texts["h2"][0]) == shape(text)
    assert shape(text) in shape("".join(page.texts["p"]))
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_the_page_prints_and_fetches_nothing() -> None:
    quote = whole("Some words.", url="https://courier.example/a?b=1&c=2")
    made = export(document(quote), "html")
    assert "@page" in made
    assert "default-src 'none'" in made
    page = Page(made)
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == [
        "https://courier.example/a?b=1&c=2#:~:text=Some%20words."
    ]
    assert not [tag for tag, _ in page.tags if tag in ("script", "img", "link", "iframe")]
    assert "Receipt" in made
    assert "7 March 2026" in made


@pytest.mark.parametrize("text", HOSTILE)
def test_as_markdown_it_is_text(text: str) -> None:
    quote = whole(text, title=text, publisher=text, authors=(text,))
    made = export(document(quote, note=text, heading=text), "markdown")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(made)
    assert {token.type.removesuffix("_open") for token in tokens if token.nesting == 1} == {
        "heading", "paragraph", "blockquote", "bullet_list", "list_item",
    }  # fmt: skip
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == [f"<!-- {MARK} -->"]
    assert not [token for token in tokens if token.type in ("fence", "code_block", "hr")]
    inline = [token for token in tokens if token.type == "inline"]
    kinds = {child.type for token in inline for child in token.children or ()}
    assert kinds <= {"text", "text_special", "softbreak", "em_open", "em_close"}  # the one emphasis is the statement's
    said = [
        shape("".join("\n" if child.type == "softbreak" else child.content for child in token.children or ()))
        for token in inline
    ]
    assert said[0] == said[2] == shape(text)
    assert shape(text) in shape(" ".join(said[3:-1]))


def test_as_bibtex_hostile_words_are_one_field_each() -> None:
    for text in HOSTILE:
        quote = whole(
            text, title=text, publisher=text, authors=(text, "Ann Blom"), url="https://a.example/{x}\\y_z#q%20"
        )
        made = export(document(quote), "bibtex")
        library = bibtexparser.parse_string(made)
        assert library.failed_blocks == [], text
        [entry] = library.entries
        assert set(entry.fields_dict) == {"title", "author", "journal", "year", "date", "url", "annote"}, text
        assert re.fullmatch(r"[a-z0-9-]+", entry.key)
        assert entry["date"] == "2026-03-07"
        assert entry["url"] == "https://a.example/%7Bx%7D%5Cy_z#q%20"
        assert not re.search(r"(?<!\\)[&%$#_](?![^{]*url)", entry["title"])
        assert set(re.findall(r"\\[a-z]+", entry["title"])) <= {
            "\\textbackslash", "\\textbraceleft", "\\textbraceright", "\\textasciitilde", "\\textasciicircum",
            "\\textquotedbl",
        }  # fmt: skip
        assert untexed(entry["title"]) == shape(text)


def untexed(value: str) -> str:
    named = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
             "textasciicircum": "^", "textquotedbl": '"'}  # fmt: skip
    inner = value.removeprefix("{").removesuffix("}") if value.startswith("{") else value
    return re.sub(r"\\(\w+)\{\}|\\(.)", lambda found: named[found[1]] if found[1] else found[2], inner)


def test_as_ris_hostile_words_are_one_field_each() -> None:
    for text in HOSTILE:
        quote = whole(text, title=text, publisher=text, authors=(text, "Ann Blom"), url="https://a.example/x")
        made = export(document(quote), "ris")
        assert made.endswith("ER  - \r\n")
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in made.split("\r\n")[:-1]), text
        [entry] = rispy.loads(made)
        assert (entry["type_of_reference"], entry["title"]) == ("NEWS", shape(text))
        assert entry["authors"] == [shape(text), "Ann Blom"]
        assert entry["date"] == "2026/03/07/"
        assert shape(text) in entry["notes"][0]


def test_as_csl_json_it_has_the_fields_of_its_schema() -> None:
    for text in HOSTILE:
        quote = whole(text, title=text, publisher=text, authors=(text,), url="https://a.example/x", section="News")
        [item] = json.loads(export(document(quote), "csl-json"))
        assert set(item) == {
            "id", "type", "title", "author", "container-title", "section", "issued", "URL", "language", "annote",
        }  # fmt: skip
        assert item["type"] == "article-newspaper"
        assert item["issued"] == {"date-parts": [[2026, 3, 7]]}
        assert (item["title"], item["author"]) == (shape(text), [{"literal": shape(text)}])


def test_a_date_that_nothing_states_is_no_date() -> None:
    quote = whole("Words.", published=None, publisher=None)
    made = {form: export(document(quote), form) for form in FORMATS}
    [entry] = bibtexparser.parse_string(made["bibtex"]).entries
    assert (entry["year"], "date" in entry.fields_dict) == ("n.d.", False)
    [item] = json.loads(made["csl-json"])
    assert "issued" not in item
    [ris] = rispy.loads(made["ris"])
    assert not {"year", "date"} & set(ris)
    for form in ("markdown", "html"):
        assert "n.d. (no date is stated)" in re.sub("<[^>]+>", "", made[form])
    assert citation(quote) == "“Words.” — “A title”, a.txt, n.d."
    assert "2026" not in made["ris"] + made["csl-json"] + made["bibtex"]


def test_where_a_date_is_from_is_said() -> None:
    assert date_origin(article("x", published_from="file name")) == "date from the file name"
    assert date_origin(article("x", published_from="meta")) == "date from the meta tags"
    assert date_origin(article("x")) == "where the date is from is not known"
    changed = article("x", published_from="json-ld", modified=date(2026, 3, 9), modified_from="json-ld")
    assert date_origin(changed) == "date from the json-ld; updated 9 March 2026"
    assert "(date from the json-ld; updated 9 March 2026)" in export(
        document(Quote(changed, 0, 1)), "markdown"
    ).replace("\\", "")


def test_each_article_is_cited_once_with_all_its_quotes_and_keys_differ() -> None:
    one, other = article("First words. Second words."), article("Other.", id="b.txt")
    quotes = (Quote(one, 0, 12), Quote(other, 0, 6), Quote(one, 13, 26), Quote(one, 0, 12))
    items = json.loads(export(document(*quotes), "csl-json"))
    assert [item["id"] for item in items] == ["thecourier-20260307-title", "thecourier-20260307-title-2"]
    assert items[0]["annote"].startswith("“First words.” “Second words.”")


def test_what_is_exported_is_no_article_and_articles_are_no_exports() -> None:
    quote = whole("Some words.")
    for form in ("markdown", "html", "bibtex"):
        made = export(document(quote), form)
        assert is_own_export(made)
    tree = Page(export(document(quote), "html"))
    assert is_own_export("".join(tree.texts["body"]))  # printed, copied or converted
    assert not is_own_export("An article.\n" + "Words. " * 400 + MARK)  # a comment under it
    assert not is_own_export("Pullquote exports quotations.")


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"'pdf': no such format\. There are: markdown, html, bibtex, ris, csl-json"
    ):
        export(document(whole("x")), "pdf")


def test_conversations_and_clippings_go_out_with_receipts_and_sources(quick: Retriever) -> None:
    notebook = Notebook(Store(Path("n.db")))
    chat = Chat(quick)
    chat.ask("Where was the stolen tuba found?", date(2026, 10, 1))
    key, (answer,) = notebook.conversations.save(chat)
    kept = notebook.conversations.turns(key, quick.article)
    made = export(document_of("My title", kept), "markdown")
    for expected in (kept[0].receipt_id, answer, "Where was the stolen tuba found?", "# My title"):
        assert expected in made
    clip = notebook.clippings.add(chat.turns[0].answer.quotes[0], "For the lead", ["tuba"])
    made = export(document_of("Clippings", shown([clip], quick.index)), "html")
    assert Page(made).texts["blockquote"] == [chat.turns[0].answer.quotes[0].text]
    assert "For the lead" in made
