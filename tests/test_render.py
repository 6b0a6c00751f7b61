from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from rag import (
    Answer,
    Article,
    Claim,
    Days,
    Filters,
    Hit,
    NearMiss,
    NewSentence,
    Passage,
    Quote,
    Reach,
    Speaker,
    Summary,
    Timeline,
    TimelineEntry,
    Voices,
    Why,
)
from ui import cards, front, pictures, reader, render, words
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
    *("data-number", "data-open", "data-pictures", "data-single", "data-source", "data-step", "data-steps"),
    *("data-talk", "data-turn", "data-clip", "data-copy", "data-done", "data-export", "data-failed", "data-view"),
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


def test_hostile_strings_are_only_text() -> None:
    count = 0
    for text in filter(str.strip, HOSTILE):
        of = article(
            text=text, title=text, publisher=text, authors=(text,), section=text, url=text, language=text, id=text
        )
        quote = Quote(of, 0, len(text))
        made = answer(quote, question=text, searched=text + "!", dropped=(text,))
        page = Page(render.turn_html(EN, 0, text, render.answer_html(EN, made, SUMMARY))).check()
        assert page.text("blockquote") == shown(text)
        assert page.text("h2") == shown(text)
        assert page.text("cite") == shown(text)
        assert page.text("q") == shown((text + "!").strip())
        page = Page(cards.sources_html(EN, made)).check()
        assert page.text("mark") == shown(text)
        assert page.text("h3") == shown(text)
        page = Page(reader.article_html(EN, of, [(0, len(text))], (0, len(text)))).check()
        assert page.text("mark") == page.text("div", class_="body") == shown(text)
        assert Page(front.error_html(EN.said(text))).check().text("p") == shown(text)
        assert Page(front.welcome_html(EN, SUMMARY, [text])).check().text("button") == shown(text)
        # Backticks become an element of their own, so only what is left of the text can be compared.
        assert Page(front.no_index_html(EN, text)).text("p").replace("`", "") == shown(text).replace("`", "")
        count += 1
    assert count >= len(HOSTILE)


def test_the_first_quote_is_large_and_the_others_follow() -> None:
    of = article()
    page = Page(render.answer_html(EN, answer(Quote(of, 0, 4), Quote(of, 5, 9)), turn=3)).check()
    assert [tag for tag, _ in page.elements].count("blockquote") == 2
    assert page.text("h3") == "Also in the articles"
    assert page.text("ol", class_="also").startswith("Two.")
    assert "1 The Lantern, 12 Feb 2025 A title" in page.text("figcaption")
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == ["#card-3-1", "#card-3-2"]
    beside = Page(cards.sources_html(EN, answer(Quote(of, 0, 4), Quote(of, 5, 9)), turn=3)).check()
    assert [a["id"] for t, a in beside.elements if t == "li"] == ["card-3-1", "card-3-2"]


def test_a_quote_is_marked_within_its_whole_paragraph() -> None:
    of = article("Before.\nOne. Two. Three.\nAfter.")
    page = Page(cards.sources_html(EN, answer(Quote(of, 13, 17)))).check()
    assert page.text("mark") == "Two."
    assert page.text("div", class_="excerpt") == "One. Two. Three."


def test_the_paragraph_of_an_article_without_line_breaks_is_cut() -> None:
    of = article("x " * 5_000 + "Here. " + "y " * 5_000)
    page = Page(cards.sources_html(EN, answer(Quote(of, 10_000, 10_005)))).check()
    assert page.text("mark") == "Here."
    assert 2_000 < len(page.text("div", class_="excerpt")) < 3_000
    assert "cut-before cut-after" in cards.sources_html(EN, answer(Quote(of, 10_000, 10_005)))


def test_a_quote_may_cross_paragraphs() -> None:
    of = article("One two.\n\nThree four.\n\nFive.")
    quote = Quote(of, 4, 15)
    for markup in (cards.sources_html(EN, answer(quote)), reader.article_html(EN, of, [(4, 15)], (4, 15))):
        page = Page(markup).check()
        assert page.text("mark") == quote.text == "two.\n\nThree"
        assert [tag for tag, _ in page.elements].count("mark") == 2
    assert page.text("div", class_="body") == of.text


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 8), (4, 12)],
        [(0, 12), (4, 8)],
        [(0, 4), (4, 8)],
        [(0, 8), (0, 8)],
        [(2, 30), (10, 20), (15, 40)],
        [(0, 41)],
    ],
)
def test_marks_may_touch_and_overlap(spans: list[tuple[int, int]]) -> None:
    of = article("Nobody had heard\n\nof it; then it rained.\n")
    for opened in spans:
        page = Page(reader.article_html(EN, of, spans, opened)).check()
        assert page.text("div", class_="body") == of.text
        for number, (start, end) in enumerate(spans, 1):
            assert page.text("mark", data_mark=str(number)) == of.text[start:end]
        assert page.text("mark", class_="opened") == of.text[slice(*opened)]
        [place] = [tag for tag, attributes in page.elements if attributes.get("id") == "opened"]
        assert place == "mark"


def test_a_passage_is_opened_without_being_marked_as_a_quote() -> None:
    page = Page(reader.article_html(EN, article(), [], (5, 9))).check()
    assert page.text("span", class_="near") == "Two."
    assert page.text("mark") == ""
    assert any(attributes.get("id") == "opened" for _, attributes in page.elements)


def test_a_refusal_has_no_quotes() -> None:
    of = article()
    made = answer(hits=(hit(of, 0, 4), hit(of, 11, 22)))
    page = Page(render.answer_html(EN, made, SUMMARY)).check()
    assert page.text("div", class_="refusal") == (
        "The articles do not say.1,086 articles searched, 1 Sep 2025 to 30 Sep 2026."
    )
    assert "blockquote" not in {tag for tag, _ in page.elements}
    near = Page(cards.sources_html(EN, made)).check()
    assert near.text("h2") == "Not an answer, but near"
    assert near.text("div", class_="excerpt") == "One. Two.Three four."
    assert not {"mark", "blockquote"} & {tag for tag, _ in near.elements}
    assert cards.sources_html(EN, replace(made, hits=())) == ""


def test_beside_a_refusal_stands_what_came_near_and_what_it_lacks() -> None:
    of = article()
    made = answer(
        hits=(hit(of, 0, 4), hit(of, 11, 22)),
        near=(NearMiss(hit(of, 11, 22), "mentions <b>, but not “ferry”"),),
        reach=Reach(date(2025, 9, 1), date(2025, 9, 30), 2, ("ferry", "<i>"), ("ferry", "<i>")),
    )
    page = Page(render.answer_html(EN, made, SUMMARY)).check()
    assert page.text("div", class_="refusal") == (
        "The articles do not say.1,086 articles searched, 1 Sep 2025 to 30 Sep 2025, 2 of no known date. "
        "In no article searched: “ferry”, “<i>”."
    )
    near = Page(cards.sources_html(EN, made)).check()
    assert near.text("p", class_="lacks") == "Mentions <b>, but not “ferry”."
    assert near.text("div", class_="excerpt") == "Three four."
    assert not {"mark", "blockquote"} & {tag for tag, _ in near.elements}
    assert [each.hit for each in cards.near(made)] == [hit(of, 11, 22)]
    assert [each.hit for each in cards.near(replace(made, near=()))] == list(made.hits)


def test_what_was_searched_and_what_is_not_there_are_said_escaped() -> None:
    made = replace(
        answer(), filters=Filters(publishers=("<b>Lantern",)), notes=("No article has the publisher '<b>'.",)
    )
    page = Page(render.answer_html(EN, made, SUMMARY)).check()
    asked = page.text("p", class_="asked")
    assert "Searched only: publisher:<b>Lantern" in asked
    assert "No article has the publisher '<b>'." in asked
    # The dates of the whole archive say nothing of the articles that were chosen.
    assert page.text("div", class_="refusal") == "The articles do not say.1,086 articles searched."


def test_a_statement_about_quotes_is_shown_above_them() -> None:
    of = article()
    quote = Quote(of, 0, 4)
    claims = (Claim("They say one.", (quote,), supported=True), Claim("It was 12.", (quote,), supported=False))
    page = Page(render.answer_html(EN, replace(answer(quote), claims=claims, dropped=("never said",)))).check()
    assert page.text("p", class_="claim") == "They say one. 1It was 12. 1 Not borne out by the quotes."
    assert page.text("blockquote") == "One."
    assert (
        page.text("p", class_="dropped") == "Not shown as quotations, for nothing cited has these words: “never said”."
    )
    assert "claim" not in render.answer_html(EN, answer(quote)), "a claim that is its quote is said once"


def test_who_else_ran_it_and_what_became_of_it_stands_below_the_quote() -> None:
    newer, older = Quote(article(), 0, 4), Quote(article(text="One. Two, once."), 0, 4)
    others = (article(publisher="Post"), article(publisher="<b>Herald"))
    claims = (
        Claim("One.", (newer,), supported=True, also_in=others),
        Claim("One.", (newer, older), supported=True, superseded="corrected on 12 Feb 2026"),
    )
    page = Page(render.answer_html(EN, replace(answer(newer), claims=claims))).check()
    assert page.text("p", class_="others") == (
        "Also in: Post; <b>Herald (one report)The article was corrected on 12 Feb 2026 since."
    )


def test_what_was_searched_for_and_when_is_said_only_where_it_differs() -> None:
    quote = Quote(article(), 0, 4)
    assert "asked" not in render.answer_html(EN, answer(quote))
    made = answer(quote, question="And he?", searched="And Holt?", as_of=date(2026, 5, 1))
    assert (
        Page(render.answer_html(EN, made)).check().text("p", class_="asked")
        == "Searching for: And Holt?As of 1 May 2026"
    )


def test_what_was_searched_for_can_be_corrected_only_where_it_differs() -> None:
    quote = Quote(article(), 0, 4)
    assert "data-correct" not in render.answer_html(EN, answer(quote), can_correct=True)
    made = answer(quote, question="And he?", searched='And "Holt"> <b>?')
    assert "data-correct" not in render.answer_html(EN, made)
    html = render.answer_html(EN, made, can_correct=True)
    Page(html).check()
    assert 'value="And &quot;Holt&quot;&gt; &lt;b&gt;?"' in html


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("en", "auto"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("ur_PK", "rtl"),
        ("az-Arab", "rtl"),
        ("az", "auto"),
        ("", "auto"),
    ],
)
def test_languages_have_a_direction(language: str, direction: str) -> None:
    of = article("كلمة أولى. كلمة ثانية.", title="عنوان", language=language)
    made = answer(Quote(of, 0, 10))
    for markup, tags in (
        (render.answer_html(EN, made), {"blockquote", "cite"}),
        (cards.sources_html(EN, made), {"h3", "div"}),
        (reader.article_html(EN, of, [], None), {"h2", "div"}),
    ):
        of_article = [a for tag, a in Page(markup).check().elements if tag in tags and "lang" in a]
        assert {(a["lang"], a["dir"]) for a in of_article} == {(language, direction)}


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//x.example",
        ),
        *(
            "/local",
            "http:",
            "https://",
            "http://[",
            " https://x.example",
            "java\nscript:x",
            "https://x.example/\u202e",
            "",
        ),
    ],
)
def test_only_pages_of_the_web_are_linked(url: str) -> None:
    assert words.link(url, "Original") == ""
    assert 'class="out"' not in cards.sources_html(EN, answer(Quote(article(url=url), 0, 4)))


def test_an_address_is_linked_without_telling_it_where_from() -> None:
    [link] = [
        a for t, a in Page(cards.sources_html(EN, answer(Quote(article(), 0, 4)))).elements if a.get("class") == "out"
    ]
    assert link["href"] == "https://news.example/a?b=1&c=2#:~:text=One."
    assert link["rel"] == "noopener noreferrer"


def test_what_is_unknown_is_said_to_be() -> None:
    of = article(published=None, publisher=None, title="", authors=())
    page = Page(cards.sources_html(EN, answer(Quote(of, 0, 4)))).check()
    assert page.text("p", class_="kicker") == "1 a-1, date unknown"
    assert page.text("h3") == "a-1"


def test_the_archive_is_summed_up() -> None:
    assert "86 articles, 1 Sep 2025 to 30 Sep 2026" in Page(front.masthead_html(EN, SUMMARY)).text("p")
    assert Page(front.masthead_html(EN, None)).check().text("h1") == "Pullquote"
    one = Summary(articles=1, passages=1, first=date(2025, 9, 1), last=date(2025, 9, 1), version="v")
    assert "1 article, 1 Sep 2025." in Page(front.welcome_html(EN, one)).check().text("p")
    undated = Summary(articles=1_000, passages=1, first=None, last=None, version="v")
    assert "holds 1,000 articles." in Page(front.welcome_html(EN, undated)).check().text("p")


def test_commands_in_a_message_are_set_as_such() -> None:
    markup = front.no_index_html(EN, "No index. Run `pullquote build DIR`.")
    assert "Run <code>pullquote build DIR</code>." in markup


def test_values_that_differ_stand_beside_each_other() -> None:
    of = article()
    made = answer(Quote(of, 0, 4), Quote(of, 5, 9), lead="The sources differ on this; the newest comes first:")
    page = Page(render.answer_html(EN, made)).check()
    assert made.compares
    assert page.text("ol", class_="beside").count("12 Feb 2025") == 2
    assert page.text("p", class_="lead") == made.lead
    assert "also" not in render.answer_html(EN, made)


def test_an_article_tells_which_of_its_quotes_one_is_at() -> None:
    of = article("One. Two. Three.")
    made = answer(Quote(of, 10, 16), Quote(of, 0, 4), Quote(article(id="b"), 0, 4))
    opened = reader.opened_html(EN, made, 1)
    assert opened
    page = Page(opened).check()
    assert page.text("div", class_="steps") == "←Quote 2 of 2→"
    [steps] = [attributes for _, attributes in page.elements if "data-steps" in attributes]
    assert (steps["data-steps"], steps["data-at"]) == ("2 1", "2"), "in the order of the text"
    assert "data-steps" not in (reader.opened_html(EN, made, 3) or "")
    assert reader.opened_html(EN, made, 4) is None


def test_a_quote_its_number_and_its_card_name_each_other() -> None:
    made = answer(Quote(article(), 0, 4))
    for markup in (render.answer_html(EN, made, turn=2), cards.sources_html(EN, made, 2)):
        assert 'data-cites="2-1"' in markup


def test_only_an_answer_that_is_whole_can_be_worked_with() -> None:
    made = answer(Quote(article(), 0, 4))
    assert "data-again" in render.answer_html(EN, made)
    assert "data-again" not in render.answer_html(EN, made, whole=False)


def test_a_sentence_that_is_not_borne_out_is_marked() -> None:
    quote = Quote(article(), 0, 4)
    claims = (Claim("They say one.", (quote,), supported=True), Claim("It was 12.", (), supported=False))
    page = Page(render.answer_html(EN, replace(answer(quote), claims=claims))).check()
    assert page.text("p", class_="unsupported") == "It was 12.  No quote bears this out."
    assert page.text("span", class_="written") == "It was 12."


DAYS = (Days(date(2026, 1, 1), date(2026, 1, 31), 3), Days(date(2026, 2, 1), date(2026, 2, 28), 0))


def test_pictures_have_their_numbers_as_tables() -> None:
    for text in ("Tuba?", *filter(str.strip, HOSTILE)):
        of = article(title=text, text=text)
        entry = TimelineEntry(of, (NewSentence(Quote(of, 0, len(text))),), (), 1.0)
        voices = [Voices(Speaker(text, "Mayor"), 4, 2), Voices(Speaker("Holt"), 1, 1)]
        page = Page(pictures.pictures_html(EN, text, DAYS, Timeline("x", (entry,)), voices, 10)).check()
        tables = page.text("table")
        assert "1 Jan 2026 to 31 Jan 2026" in tables
        assert "3" in tables
        assert shown(text) in tables
        assert f"Mayor {shown(text)}4" in page.text("table", class_="voices")
    empty = Page(pictures.pictures_html(EN, "Tuba?", (), None, [], 0)).check()
    assert empty.text("section", class_="picture").count("No") == 3
    assert "svg" not in {tag for tag, _ in empty.elements}


def test_the_bars_of_the_days_not_chosen_are_set_off() -> None:
    page = Page(pictures.histogram_html(EN, DAYS, date(2026, 2, 1), None)).check()
    bars = [attributes for tag, attributes in page.elements if tag == "g"]
    assert [bar.get("class") for bar in bars] == ["out", None]
    assert (bars[0]["data-first"], bars[0]["data-last"]) == ("2026-01-01", "2026-01-31")
    assert pictures.histogram_html(EN, DAYS[:1], None, None) == "", "one bar chooses nothing"
