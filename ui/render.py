"""Answers, articles and messages as HTML: Answer in, escaped markup out. Knows nothing of Gradio.

What one can click is named by `data-` attributes and card ids only; `page.js` turns clicks into events.
"""

import re
from collections.abc import Sequence

from rag import Answer, Article, Claim, Hit, NearMiss, Quote, Summary
from ui.words import Span, day, link, paragraph_around, paragraphs, tongue, words

_NEAREST = 5
# An article without line breaks is one paragraph; its card shows this much of it on each side.
_CONTEXT_CHARS = 1_200
_WAITING = '<p class="waiting">Reading the articles…</p>'
_COMMAND = re.compile(r"`([^`\n]+)`")


def masthead_html(summary: Summary | None) -> str:
    """Return the name of the page and, once an archive is open, what it holds."""
    held = f"<p>{_held(summary)}</p>" if summary else ""
    return (
        '<header class="masthead"><h1>Pullquote</h1>'
        f'<div class="dateline"><p>The articles, in their own words</p>{held}</div></header>'
    )


def welcome_html(summary: Summary, examples: Sequence[str] = ()) -> str:
    """Return what this archive holds, that one can ask it, and questions to begin with."""
    buttons = "".join(f'<li><button type="button" data-ask dir="auto">{words(each)}</button></li>' for each in examples)
    return (
        '<section class="welcome"><h2>Ask the archive</h2>'
        f"<p>It holds {_held(summary)}. An answer is a quotation, word for word, with its article beside it. "
        "Where the articles do not say, you are told so.</p>"
        + (f'<h3>For example</h3><ul class="examples">{buttons}</ul>' if buttons else "")
        + "</section>"
    )


def no_index_html(message: str) -> str:
    """Return why nothing can be asked yet; commands between backticks are set as such."""
    said = _COMMAND.sub(r"<code>\1</code>", words(message))
    return f'<section class="welcome"><h2>Nothing to ask yet</h2><p class="reason">{said}</p></section>'


def opening_html() -> str:
    """Return what is shown while the archive is being opened."""
    return '<p class="waiting">Opening the archive…</p>'


def error_html(message: str) -> str:
    """Return a plain sentence about what went wrong."""
    return f'<p class="problem" role="alert">{words(message)}</p>'


def notice_html(message: str) -> str:
    """Return a plain sentence about what is going on."""
    return f'<p class="notice" role="status">{words(message)}</p>'


def turn_html(number: int, question: str, answer: str | None) -> str:
    """Return a question and its answer, which is HTML already; None where it is still to come."""
    answer = answer or _WAITING
    return f'<article class="turn" id="turn-{number}"><h2 dir="auto">{words(question)}</h2>{answer}</article>'


def answer_html(answer: Answer, summary: Summary | None = None, turn: int = 0, *, can_correct: bool = False) -> str:
    """Return an answer: its first quote large and the others below, or the statement that there is none."""
    parts = [_asked(answer), _correction(answer) if can_correct else ""]
    if answer.refused:
        parts.append(_refusal(answer, summary))
    elif not answer.begun:
        parts.append(_WAITING)
    else:
        numbers = _numbers(answer)
        if answer.lead:
            parts.append(f'<p class="lead" dir="auto">{words(answer.lead)}</p>')
        if any(not claim.is_quote for claim in answer.claims):
            parts += [_claim(claim, numbers, turn) for claim in answer.claims]
        figures = [_figure(quote, number, turn) for quote, number in numbers.items()]
        parts += figures[:1]
        if figures[1:]:
            also = "".join(f"<li>{figure}</li>" for figure in figures[1:])
            parts.append(f'<h3>Also in the articles</h3><ol class="also">{also}</ol>')
    return f'<div class="answer">{"".join(parts)}{_made(answer)}</div>'


def _made(answer: Answer) -> str:
    """Return who wrote the answer, why a model did not, and which of its quotations are none."""
    said = [f"Written by {words(answer.written_by)}, each sentence with its quotes."] if answer.written_by else []
    said += [words(answer.fallback)] if answer.fallback else []
    made = f'<p class="made" dir="auto">{"<br>".join(said)}</p>' if said and answer.begun else ""
    if not answer.dropped:
        return made
    unshown = "; ".join(f"“<bdi>{words(each)}</bdi>”" for each in answer.dropped)
    return f'{made}<p class="dropped">Not shown as quotations, for nothing cited has these words: {unshown}.</p>'


def sources_html(answer: Answer, turn: int = 0) -> str:
    """Return a card for each quote, or after a refusal for each of the nearest passages."""
    if answer.refused:
        title, kind = "Not an answer, but near", "near"
        cards = [
            _card(each.hit.article, _passage(each.hit), number, kind=kind, turn=turn, lacks=each.lacks)
            for number, each in enumerate(near(answer), 1)
        ]
    else:
        title, kind = "Sources", "quote"
        cards = [
            _card(quote.article, (quote.start, quote.end), number, kind=kind, turn=turn)
            for quote, number in _numbers(answer).items()
        ]
    if not cards:
        return ""
    return (
        f'<section class="sources {kind}" aria-label="{title}"><h2>{title}</h2>'
        f'<p class="for" dir="auto">{words(answer.question)}</p><ol class="cards">{"".join(cards)}</ol></section>'
    )


def near(answer: Answer) -> tuple[NearMiss, ...]:
    """Return what stands beside a refusal: what came nearest, each with what it lacks where that is known."""
    return answer.near or tuple(NearMiss(hit, "") for hit in answer.hits[:_NEAREST])


def no_sources_html() -> str:
    """Return what stands in the place of the sources before there is an answer."""
    return '<p class="hint">The articles behind an answer will stand here, with the quoted words marked.</p>'


def article_html(article: Article, spans: Sequence[Span], opened: Span | None, turn: int = 0) -> str:
    """Return a whole article with the quotes in it marked, and the opened span as the place to scroll to."""
    kicker = " · ".join(words(part) for part in (article.publisher, article.section) if part)
    by = f"By {words(', '.join(article.authors))} · " if article.authors else ""
    body = paragraphs(article.text, (0, len(article.text)), spans, opened)
    return (
        f'<div class="back"><button type="button" data-back data-turn="{turn}">Back to sources</button></div>'
        f'<article class="reader"><p class="kicker">{kicker}</p>'
        f'<h2 class="headline" tabindex="-1" {tongue(article.language)}>{_title(article)}</h2>'
        f'<p class="byline">{by}{day(article.published)}</p>'
        f'<div class="body" {tongue(article.language)}>{body}</div>'
        f"{link(article.url, 'Where it was published')}</article>"
    )


def quote_at(answer: Answer, number: int) -> Quote | None:
    """Return the quote that carries a number on the page, or None."""
    return next((quote for quote, each in _numbers(answer).items() if each == number), None)


def _numbers(answer: Answer) -> dict[Quote, int]:
    """Return each quote once, with its number; two claims may share a quote."""
    return {quote: number for number, quote in enumerate(dict.fromkeys(answer.quotes), 1)}


def _asked(answer: Answer) -> str:
    searched = answer.searched.strip() if answer.searched.strip() != answer.question.strip() else ""
    said = [f'Searching for: <q dir="auto">{words(searched)}</q>'] if searched else []
    said += [f"As of {day(answer.as_of)}"] if answer.as_of else []
    said += [f'Searched only: <span dir="auto">{words(str(answer.filters))}</span>'] if answer.filters else []
    said += [f'<span dir="auto">{words(note)}</span>' for note in answer.notes]
    return f'<p class="asked">{"<br>".join(said)}</p>' if said else ""


def _correction(answer: Answer) -> str:
    """Return a field to correct what was searched for, where that was not what was asked."""
    searched = answer.searched.strip()
    if searched == answer.question.strip():
        return ""
    return (
        '<details class="correct"><summary>Search for something else</summary><form data-correct>'
        f'<input name="searched" dir="auto" aria-label="What to search for" value="{words(searched)}">'
        "<button>Search again</button></form></details>"
    )


def _refusal(answer: Answer, summary: Summary | None) -> str:
    reach = answer.reach
    if reach:
        dates = f", {words(reach.days)}" if reach.days else ""
    else:  # the dates of the whole archive say nothing of those that a filter chose
        dates = f", {_dates(summary)}" if summary and summary.first and summary.last and not answer.filters else ""
    missing = f' <span dir="auto">{words(reach.missing)}</span>' if reach and reach.missing else ""
    return (
        '<div class="refusal"><p>The articles do not say.</p>'
        f"<p>{_count(answer.articles_searched, 'article')} searched{dates}.{missing}</p></div>"
    )


def _claim(claim: Claim, numbers: dict[Quote, int], turn: int) -> str:
    markers = "".join(_marker(numbers[quote], turn) for quote in dict.fromkeys(claim.quotes))
    doubt = f' <span class="doubt">{words(claim.warning)}</span>' if claim.warning else ""
    return f'<p class="claim" dir="auto">{words(claim.text)} {markers}{doubt}</p>'


def _figure(quote: Quote, number: int, turn: int) -> str:
    article = quote.article
    return (
        f'<figure class="pull"><blockquote {tongue(article.language)}>{words(quote.text)}</blockquote>'
        f"<figcaption>{_source(article)}, <cite {tongue(article.language)}>{_title(article)}</cite> "
        f"{_marker(number, turn)}</figcaption></figure>"
    )


def _marker(number: int, turn: int) -> str:
    return f'<a class="marker" href="#card-{turn}-{number}" aria-label="Source {number}">[{number}]</a>'


def _passage(hit: Hit) -> Span:
    return hit.passage.start, hit.passage.end


def _card(article: Article, span: Span, number: int, *, kind: str, turn: int, lacks: str = "") -> str:
    start, end = paragraph_around(article.text, span)
    shown = max(start, span[0] - _CONTEXT_CHARS), min(end, span[1] + _CONTEXT_CHARS)
    excerpt = paragraphs(article.text, shown, [span] if kind == "quote" else [])
    cut = "".join(
        f" cut-{side}" for side, is_cut in (("before", shown[0] > start), ("after", shown[1] < end)) if is_cut
    )
    marker = f'<span class="number">{number}</span>' if kind == "quote" else ""
    said = f'<p class="lacks" dir="auto">{words(lacks[:1].upper() + lacks[1:])}.</p>' if lacks else ""
    return (
        f'<li class="card" id="card-{turn}-{number}" tabindex="-1"><p class="kicker">{marker}{_source(article)}</p>'
        f'<h3 class="headline" {tongue(article.language)}>{_title(article)}</h3>{said}'
        f'<div class="excerpt{cut}" {tongue(article.language)}>{excerpt}</div><p class="ways">'
        f'<button type="button" data-open="{kind}" data-turn="{turn}" data-number="{number}">Open article</button>'
        f"{link(article.url, 'Original')}</p></li>"
    )


def _source(article: Article) -> str:
    return f'<bdi class="publisher">{words(article.publisher or article.id)}</bdi>, {day(article.published)}'


def _title(article: Article) -> str:
    return words(article.title if article.title.strip() else article.id)


def _held(summary: Summary) -> str:
    dates = f", {_dates(summary)}" if summary.first and summary.last else ""
    return f"{_count(summary.articles, 'article')}{dates}"


def _dates(summary: Summary) -> str:
    return day(summary.first) if summary.first == summary.last else f"{day(summary.first)} to {day(summary.last)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
