"""An answer as markup: its quotes, its refusals, and what is said of them."""

from dataclasses import replace
from datetime import date

from rag import (
    Claim,
    Filters,
    Quote,
)
from tests.rendered import EN, SUMMARY, Page, answer, article, hit
from ui import cards, render


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
    clicked = Filters(publishers="Lantern").also(Filters(articles=("-a-1", "-a-2"))).also(Filters(articles="a-3"))
    asked = Page(render.answer_html(EN, answer(filters=clicked))).check().text("p", class_="asked")
    assert "Searched only: publisher:Lantern, only 1 article, without 2 articles" in asked


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


def test_what_is_unknown_is_said_to_be() -> None:
    of = article(published=None, publisher=None, title="", authors=())
    page = Page(cards.sources_html(EN, answer(Quote(of, 0, 4)))).check()
    assert page.text("p", class_="kicker") == "1 a-1, date unknown"
    assert page.text("h3") == "a-1"


def test_values_that_differ_stand_beside_each_other() -> None:
    of = article()
    made = answer(Quote(of, 0, 4), Quote(of, 5, 9), lead="The sources differ on this; the newest comes first:")
    page = Page(render.answer_html(EN, made)).check()
    assert made.compares
    assert page.text("ol", class_="beside").count("12 Feb 2025") == 2
    assert page.text("p", class_="lead") == made.lead
    assert "also" not in render.answer_html(EN, made)


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
