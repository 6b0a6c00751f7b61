"""Masthead, messages and pictures as markup; and that hostile words are only text everywhere."""

from datetime import date

from rag import (
    NewSentence,
    Quotation,
    Quote,
    Speaker,
    Summary,
    Timeline,
    TimelineEntry,
    Voices,
)
from tests.rendered import DAYS, EN, HOSTILE, SUMMARY, Page, answer, article, shown
from ui import cards, front, pictures, reader, render, story


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


def test_a_story_tells_what_was_new_and_who_said_what() -> None:
    for text in ("Tuba?", *filter(str.strip, HOSTILE)):
        of, was = article(title=text, text=text, publisher=text, id=text), article(text=text, id="was")
        quote = Quote(of, 0, len(text))
        line = NewSentence(quote, Quote(was, 0, len(text)))
        told = Timeline("x", (TimelineEntry(of, (line,), (was,), 1.0), TimelineEntry(was, (), (), 1.0)))
        said = [
            Quotation(quote, (0, len(text)), Speaker(text, "Mayor")),
            Quotation(quote, (0, len(text)), Speaker(text, "Mayor")),
            Quotation(quote, (0, len(text)), None),
        ]
        page = Page(story.story_html(EN, told, {text: said}, text, "")).check()
        assert page.text("h2") == f"The story of “{shown(text)}”"
        assert page.text("h3") == f"{shown(text)}A title"
        assert page.text("ul", class_="fresh").count(shown(text)) == 2, "the sentence, and the one before"
        assert page.text("dt") == f"Mayor {shown(text)}not plain who", "named once for what they said in a row"
        assert page.text("dd") == shown(text) * 3
        assert "Nothing that the earlier ones did not say." in page.text("li")
    assert "No story was found." in story.story_html(EN, Timeline("x", ()), {}, "x", "")


def test_the_bars_of_the_days_not_chosen_are_set_off() -> None:
    page = Page(pictures.histogram_html(EN, DAYS, date(2026, 2, 1), None)).check()
    bars = [attributes for tag, attributes in page.elements if tag == "g"]
    assert [bar.get("class") for bar in bars] == ["out", None]
    assert (bars[0]["data-first"], bars[0]["data-last"]) == ("2026-01-01", "2026-01-31")
    assert pictures.histogram_html(EN, DAYS[:1], None, None) == "", "one bar chooses nothing"


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
