"""A whole article as HTML, with the quotes of an answer marked in it."""

from collections.abc import Sequence

from rag import Answer, Article
from ui.cards import close_html, dated_html, near, numbers, title_html
from ui.wording import Wording
from ui.words import Span, link, paragraphs, tongue, words


def opened_html(say: Wording, answer: Answer, number: int, turn: int = 0) -> str | None:
    """Return the article of a numbered card, opened at its words; None where there is no such card."""
    if answer.refused:
        found = [each.hit for place, each in enumerate(near(answer), 1) if place == number]
        if not found:
            return None
        [hit] = found
        return article_html(say, hit.article, [], (hit.passage.start, hit.passage.end), turn)
    quote = next((each for each, own in numbers(answer).items() if own == number), None)
    if quote is None:
        return None
    marks = [(each.start, each.end) for each in numbers(answer) if each.article == quote.article]
    return article_html(say, quote.article, marks, (quote.start, quote.end), turn)


def article_html(
    say: Wording, article: Article, spans: Sequence[Span], opened: Span | None, turn: int = 0, back: str = ""
) -> str:
    """Return a whole article with the quotes in it marked, and the opened span as the place to scroll to.

    `back` is the button that leads back from it, as HTML; else it is the one to the sources.
    """
    kicker = " · ".join(words(part) for part in (article.publisher, article.section) if part)
    by = f"{say('by', authors=words(', '.join(article.authors)))} · " if article.authors else ""
    back = back or f'<button type="button" data-back data-turn="{turn}">{say("back")}</button>'
    body = paragraphs(article.text, (0, len(article.text)), spans, opened)
    return (
        f'<article class="reader"><div class="bar">'
        f"{back}{_steps(say, spans, opened)}"
        f'{close_html(say)}</div><p class="kicker" dir="auto">{kicker}</p>'
        f'<h2 class="headline" tabindex="-1" {tongue(article.language)}>{title_html(article)}</h2>'
        f'<p class="byline">{by}{dated_html(say, article, fully=True)}</p>'
        f'<div class="body" {tongue(article.language)}>{body}</div>'
        f"{link(article.url, say.plain('published_at'))}</article>"
    )


def _steps(say: Wording, spans: Sequence[Span], opened: Span | None) -> str:
    """Return the way from quote to quote, in their order in the article; nothing where there is one at most."""
    if len(spans) < 2:
        return ""
    order = sorted(range(len(spans)), key=lambda place: spans[place])
    marks = " ".join(str(place + 1) for place in order)
    at = next((number for number, place in enumerate(order, 1) if spans[place] == opened), 1)
    count = say("quote_of", number=f'<span class="at">{at}</span>', all=str(len(spans)))
    return (
        f'<div class="steps" data-steps="{marks}" data-at="{at}">'
        f'<button type="button" data-step="-1" aria-label="{say("previous_quote")}" aria-keyshortcuts="p">←</button>'
        f'<span role="status">{count}</span>'
        f'<button type="button" data-step="1" aria-label="{say("next_quote")}" aria-keyshortcuts="n">→</button></div>'
    )
