"""The sources as markup: cards, marks, whole articles, links."""

from dataclasses import replace
from datetime import date

import pytest

from rag import (
    NearMiss,
    Quote,
    Reach,
)
from tests.rendered import EN, SUMMARY, Page, answer, article, hit
from ui import cards, reader, render, words


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
