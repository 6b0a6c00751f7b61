"""The sources beside an answer as HTML: a card for each quote, or for each passage that merely came near."""

from rag import Answer, Article, Hit, NearMiss, Quote, citation, live_link
from ui.forms import copy_html
from ui.wording import Wording
from ui.words import Span, link, paragraph_around, paragraphs, tongue, words

_NEAREST = 5
# Where a date is found that the article does not state as its own.
_DOUBTFUL = frozenset({"file name", "address", "document", "dateline"})
# An article without line breaks is one paragraph; its card shows this much of it on each side.
_CONTEXT_CHARS = 1_200


def sources_html(say: Wording, answer: Answer, turn: int = 0) -> str:
    """Return a card for each quote, or after a refusal for each of the nearest passages."""
    kind = "near" if answer.refused else "quote"
    if answer.refused:
        cards = [
            _card(say, each.hit.article, _passage(each.hit), number, kind=kind, turn=turn, lacks=each.lacks)
            for number, each in enumerate(near(answer), 1)
        ]
    else:
        cards = [
            _card(say, quote.article, (quote.start, quote.end), number, kind=kind, turn=turn, quote=quote)
            for quote, number in numbers(answer).items()
        ]
    if not cards:
        return ""
    title = say("near" if answer.refused else "sources")
    return (
        f'<section class="sources {kind}"><div class="bar"><h2 tabindex="-1">{title}</h2>{close_html(say)}</div>'
        f'<p class="for" dir="auto">{words(answer.question)}</p><ol class="cards">{"".join(cards)}</ol></section>'
    )


def no_sources_html(say: Wording) -> str:
    """Return what stands in the place of the sources before there is an answer."""
    return f'<p class="hint">{say("no_sources")}</p>'


def close_html(say: Wording) -> str:
    """Return the button that closes the column of sources where it lies over the page, as on a telephone."""
    return f'<button type="button" class="close" data-away>{say("close")}</button>'


def near(answer: Answer) -> tuple[NearMiss, ...]:
    """Return what stands beside a refusal: what came nearest, each with what it lacks where that is known."""
    return answer.near or tuple(NearMiss(hit, "") for hit in answer.hits[:_NEAREST])


def numbers(answer: Answer) -> dict[Quote, int]:
    """Return each quote once, with its number on the page; two claims may share a quote."""
    return {quote: number for number, quote in enumerate(dict.fromkeys(answer.quotes), 1)}


def article_at(answer: Answer, number: int) -> Article | None:
    """Return the article of the card that carries a number, or None where there is no such card."""
    if answer.refused:
        return next((each.hit.article for place, each in enumerate(near(answer), 1) if place == number), None)
    return next((quote.article for quote, each in numbers(answer).items() if each == number), None)


def source_html(say: Wording, article: Article) -> str:
    """Return where an article is from and when; what is unknown is said to be."""
    return f'<bdi class="publisher">{words(article.publisher or article.id)}</bdi>, {dated_html(say, article)}'


def dated_html(say: Wording, article: Article, *, fully: bool = False) -> str:
    """Return an article's date, and where it is from unless the article itself says it; when it was changed or read.

    Without `fully`, only what a reader may doubt is added.
    """
    origin = article.published_from if article.published else ""
    notes = [say.origin(origin)] if origin in _DOUBTFUL or (fully and origin not in ("", "unknown")) else []
    if fully and article.modified and article.modified != article.published:
        notes.append(say("updated", day=say.day(article.modified)))
    if fully and not article.published and article.read:
        notes.append(say("read", day=say.day(article.read)))
    noted = f' <span class="origin">({"; ".join(notes)})</span>' if notes else ""
    return f"{say.day(article.published)}{noted}"


def title_html(article: Article) -> str:
    """Return an article's title, or its id where it has none."""
    return words(article.title if article.title.strip() else article.id)


def _passage(hit: Hit) -> Span:
    return hit.passage.start, hit.passage.end


def _card(
    say: Wording,
    article: Article,
    span: Span,
    number: int,
    *,
    kind: str,
    turn: int,
    lacks: str = "",
    quote: Quote | None = None,
) -> str:
    start, end = paragraph_around(article.text, span)
    shown = max(start, span[0] - _CONTEXT_CHARS), min(end, span[1] + _CONTEXT_CHARS)
    excerpt = paragraphs(article.text, shown, [span] if kind == "quote" else [])
    cut = "".join(
        f" cut-{side}" for side, is_cut in (("before", shown[0] > start), ("after", shown[1] < end)) if is_cut
    )
    marker = f'<span class="number">{number}</span> ' if kind == "quote" else ""
    said = f'<p class="lacks">{say.said(lacks[:1].upper() + lacks[1:])}.</p>' if lacks else ""
    at = f'data-turn="{turn}" data-number="{number}"'
    out = link(article.url, say.plain("original"))
    if quote:
        out = f'<button type="button" data-clip {at}>{say("clip")}</button>{copy_html(say, citation(quote))}'
        out += link(live_link(quote), say.plain("at_words"))
    return (
        f'<li class="card" id="card-{turn}-{number}" data-cites="{turn}-{number}" tabindex="-1">'
        f'<p class="kicker">{marker}{source_html(say, article)}</p>'
        f'<h3 class="headline" {tongue(article.language)}>{title_html(article)}</h3>{said}'
        f'<div class="excerpt{cut}" {tongue(article.language)}>{excerpt}</div><p class="ways">'
        f'<button type="button" class="main" data-open="{kind}" {at}>{say("open")}</button>'
        f'<button type="button" data-source="pin" {at}>{say("ask_only")}</button>'
        f'<button type="button" data-source="exclude" {at}>{say("leave_out")}</button>'
        f"{out}</p></li>"
    )
