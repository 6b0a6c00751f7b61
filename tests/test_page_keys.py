"""Reading and asking on the page by keyboard and pointer: quotes, marks, days, sources, languages."""

import re

from playwright.sync_api import Browser, expect

from tests.browser import ANSWERED, QUOTED, UNANSWERED, Visit, visiting

COST = "How much did the repair of the Tallow Bridge cost?"


def test_a_number_its_quote_and_its_card_light_up_together(visit: Visit) -> None:
    page = visit.page
    visit.ask(COST)
    lit = re.compile(r"\blit\b")
    page.locator(".marker").nth(1).hover()
    expect(page.locator("#card-0-2")).to_have_class(lit)
    expect(page.locator("#card-0-1")).not_to_have_class(lit)
    page.locator("#card-0-1").hover()
    expect(page.locator(".marker").first).to_have_class(lit)
    expect(page.locator(".pull").first).to_have_class(lit)
    expect(page.locator("#card-0-2")).not_to_have_class(lit)
    page.locator(".marker").nth(1).focus()
    page.mouse.move(0, 0)
    page.locator(".marker").first.focus()
    expect(page.locator("#card-0-1")).to_have_class(lit)


def test_one_goes_from_quote_to_quote_in_an_article(visit: Visit) -> None:
    page = visit.page
    visit.ask("What is the name of the dog that was hired to chase the geese away?")
    for card in page.locator(".card").all():
        card.get_by_role("button", name="Open article").click()
        expect(page.locator("#opened")).to_be_in_viewport()
        if page.locator(".steps").count():
            break
        page.keyboard.press("Escape")
        expect(page.locator("#card-0-1")).to_be_visible()
    steps = page.locator(".steps")
    expect(steps).to_be_visible()
    first = page.locator("mark.opened").first.text_content()
    page.keyboard.press("n")
    expect(page.locator("mark.opened").first).not_to_have_text(first or "")
    expect(page.locator("mark.opened").first).to_be_in_viewport()
    page.keyboard.press("p")
    expect(page.locator("mark.opened").first).to_have_text(first or "")
    steps.get_by_role("button", name="Next quote").click()
    expect(page.locator("mark.opened").first).not_to_have_text(first or "")


def test_all_of_it_works_from_the_keyboard(visit: Visit) -> None:
    page = visit.page
    visit.ask(COST)
    page.keyboard.press("Tab")
    expect(page.locator("#send")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#card-0-1")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#card-0-2")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page.locator(".reader .headline")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#card-0-1")).to_be_focused()
    page.keyboard.press("g")
    expect(page.locator(".picture")).to_have_count(3)
    page.keyboard.press("f")
    expect(page.locator("#since input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#choose")).to_be_hidden()
    page.locator("#sources h2").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("next source")
    dialog.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    dialog.get_by_label("Single keys work").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("jk?/n")
    expect(page.get_by_label("Your question")).to_have_value("jk?/n")


def test_a_question_is_changed_and_asked_again(visit: Visit) -> None:
    page = visit.page
    visit.ask("Who won the Coastal Cup?")
    visit.ask(COST)
    page.locator("#turn-0").get_by_text("Change the question").click()
    page.locator("#turn-0").get_by_label("The question").fill(ANSWERED)
    page.locator("#turn-0").get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn h2")).to_have_text([ANSWERED])
    visit.answered(1)
    expect(page.locator(".pull blockquote").first).to_contain_text(QUOTED)
    page.locator(".next [data-ask]").first.click()
    visit.answered(2)


def test_days_are_chosen_across_the_bars_or_typed(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Choose articles").click()
    bars = page.locator(".histogram svg")
    box = bars.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 10, steps=3)
    page.mouse.up()
    expect(page.get_by_label("From")).to_have_value(re.compile(r"^20\d\d-\d\d-01$"))
    expect(page.locator(".scope")).to_contain_text("of 86 articles")
    assert page.locator(".histogram g.out").count() > 5
    page.get_by_label("From").fill("2026-03-01")
    page.get_by_label("To", exact=True).fill("2026-03-31")
    page.get_by_label("Fulmar Wire").check()
    expect(page.locator(".scope")).to_contain_text(re.compile(r"^[1-9] of 86 articles"))
    turn = visit.ask(ANSWERED)
    expect(turn.locator(".asked")).to_contain_text("since:2026-03-01 until:2026-03-31")


def test_a_source_is_left_out_and_asked_again(visit: Visit) -> None:
    page = visit.page
    visit.ask(ANSWERED)
    page.locator("#card-0-1").get_by_role("button", name="Leave out").click()
    expect(page.locator(".scope")).to_contain_text("85 of 86 articles")
    turn = visit.ask(ANSWERED)
    expect(turn.locator(".asked")).to_contain_text("without 1 article")
    page.get_by_role("button", name=re.compile("as before")).click()
    expect(page.locator(".scope")).to_contain_text("86 articles are asked")


def test_the_page_speaks_the_language_asked_for(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/?lang=de") as visit:
        page = visit.page
        expect(page.get_by_label("Ihre Frage")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        turn = visit.ask("What colour was the Tallow Bridge painted for its reopening?")
        expect(turn).to_contain_text("Die Artikel sagen es nicht.")
        expect(page.get_by_role("button", name="Fragen", exact=True)).to_be_visible()
    with visiting(browser, site, locale="de-AT") as visit:
        expect(visit.page.get_by_role("heading", name="Fragen Sie das Archiv")).to_be_visible()


def test_what_is_asked_while_an_answer_still_comes_is_asked_next(visit: Visit) -> None:
    page = visit.page
    field = page.locator("#question textarea")
    field.fill(ANSWERED)
    field.press("Enter")
    expect(page.locator("#turn-0")).to_be_visible()
    expect(field).to_have_value("")
    field.fill(UNANSWERED)
    field.press("Enter")
    visit.answered(2)
    expect(page.locator("#turn-1 h2")).to_contain_text(UNANSWERED)
    field.press("Enter")
    field.press("Enter")  # of an empty field, twice: nothing is asked, and nothing said
    expect(page.locator("#status")).to_have_text("")
    assert page.locator(".turn").count() == 2
