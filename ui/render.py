"""A question and its answer as HTML: Answer in, escaped markup out. Knows nothing of Gradio.

What one can click is named by `data-` attributes and card ids only; `page.js` turns clicks into events.
"""

from collections.abc import Sequence
from dataclasses import replace

from rag import Answer, Claim, Filters, Opinion, Quote, Summary
from ui.cards import near, numbers, source_html, title_html
from ui.front import questions_html
from ui.kept import judged_html
from ui.wording import Wording
from ui.words import tongue, words


def turn_html(say: Wording, number: int, question: str, answer: str | None, kept: str = "") -> str:
    """Return a question and its answer, which is HTML already; None where it is still to come. `kept` is its id."""
    answer = answer or _waiting(say)
    named = f' data-answer="{words(kept)}"' if kept else ""
    return f'<article class="turn" id="turn-{number}"{named}><h2 dir="auto">{words(question)}</h2>{answer}</article>'


def answer_html(
    say: Wording,
    answer: Answer,
    summary: Summary | None = None,
    turn: int = 0,
    *,
    can_correct: bool = False,
    whole: bool = True,
    suggestions: Sequence[str] = (),
    kept: str = "",
    opinion: Opinion | None = None,
) -> str:
    """Return an answer: its first quote large and the others below, or the statement that there is none.

    One that is not `whole` yet offers nothing to do with it. One that is `kept` under an id has a link, and can be
    said to be good or bad.
    """
    parts = [_asked(say, answer), _correction(say, answer) if can_correct else ""]
    if answer.refused:
        parts.append(_refusal(say, answer, summary))
    else:
        parts += _quoted(say, answer, turn) if answer.begun else [_waiting(say)]
    parts.append(_made(say, answer))
    if whole:
        parts.append(_ways(say, answer, turn, kept))
    if whole and kept:
        parts.append(judged_html(say, turn, opinion))
    if suggestions:
        parts.append(f'<div class="next">{questions_html(say("next"), suggestions)}</div>')
    return f'<div class="answer">{"".join(parts)}</div>'


def _waiting(say: Wording) -> str:
    return f'<p class="waiting">{say("waiting")}</p>'


def _quoted(say: Wording, answer: Answer, turn: int) -> list[str]:
    """Return the quotes: one large and the others below, or beside each other where they are to be compared."""
    numbered = numbers(answer)
    parts = [f'<p class="lead">{say.said(answer.lead)}</p>'] if answer.lead else []
    if any(not claim.is_quote for claim in answer.claims):
        parts += [_claim(say, claim, numbered, turn) for claim in answer.claims]
    beside = _beside(say, answer)
    figures = [_figure(say, quote, number, turn, beside.get(quote, "")) for quote, number in numbered.items()]
    if answer.compares and len(figures) > 1:
        return [*parts, f'<ol class="beside">{_items(figures)}</ol>']
    parts += figures[:1]
    return [*parts, f'<h3>{say("also")}</h3><ol class="also">{_items(figures[1:])}</ol>'] if figures[1:] else parts


def _items(figures: Sequence[str]) -> str:
    return "".join(f"<li>{figure}</li>" for figure in figures)


def _ways(say: Wording, answer: Answer, turn: int, kept: str) -> str:
    """Return what one can do with an answer: see its sources or pictures of it, take it along, change its question."""
    sources = (say("show_near") if near(answer) else "") if answer.refused else say("show_sources")
    shown = f'<button type="button" data-back data-turn="{turn}">{sources}</button>' if sources else ""
    address = f'<a class="out" href="?answer={words(kept)}">{say("link_here")}</a>' if kept else ""
    return (
        f'<div class="ways">{shown}<button type="button" data-pictures data-turn="{turn}" aria-keyshortcuts="g">'
        f"{say('pictures')}</button>"
        f'<button type="button" data-export data-turn="{turn}">{say("export")}</button>{address}'
        f"{_edit(say, turn, answer.question)}</div>"
    )


def _made(say: Wording, answer: Answer) -> str:
    """Return who wrote the answer, why a model did not, and which of its quotations are none."""
    said = [say("written_by", model=words(answer.written_by))] if answer.written_by else []
    said += [say.said(answer.fallback)] if answer.fallback else []
    made = f'<p class="made" dir="auto">{"<br>".join(said)}</p>' if said and answer.begun else ""
    if not answer.dropped:
        return made
    unshown = "; ".join(say("quote", words=f"<bdi>{words(each)}</bdi>") for each in answer.dropped)
    return f'{made}<p class="dropped">{say("dropped", words=unshown)}</p>'


def _asked(say: Wording, answer: Answer) -> str:
    searched = answer.searched.strip() if answer.searched.strip() != answer.question.strip() else ""
    said = [say("searching", searched=f'<q dir="auto">{words(searched)}</q>')] if searched else []
    said += [say("as_of_day", day=say.day(answer.as_of))] if answer.as_of else []
    said += [say("searched_only", filters=_chosen(say, answer.filters))] if answer.filters else []
    said += [say.said(note) for note in answer.notes]
    return f'<p class="asked">{"<br>".join(said)}</p>' if said else ""


def _chosen(say: Wording, filters: Filters) -> str:
    """Return the filters as one types them; articles chosen by a click are counted, for nobody knows their ids."""
    typed = " ".join(filter(None, (str(replace(part, articles=())) for part in filters.parts)))
    parts = [f'<span dir="auto">{words(typed)}</span>'] if typed else []
    ids = {each for part in filters.parts for each in part.articles}
    out = sum(each.startswith("-") for each in ids)
    for key, some in (("only", len(ids) - out), ("without", out)):
        parts += [say(key, source=say.count("articles", some))] if some else []
    return ", ".join(parts)


def _edit(say: Wording, turn: int, question: str) -> str:
    return (
        f'<details class="edit"><summary>{say("edit")}</summary><form data-again data-turn="{turn}">'
        f'<input name="question" dir="auto" aria-label="{say("edit_label")}" value="{words(question)}">'
        f"<button>{say('edit_again')}</button></form><p>{say('edit_note')}</p></details>"
    )


def _correction(say: Wording, answer: Answer) -> str:
    """Return a field to correct what was searched for, where that was not what was asked."""
    searched = answer.searched.strip()
    if searched == answer.question.strip():
        return ""
    return (
        f'<details class="correct"><summary>{say("correct")}</summary><form data-correct>'
        f'<input name="searched" dir="auto" aria-label="{say("correct_label")}" value="{words(searched)}">'
        f"<button>{say('correct_again')}</button></form></details>"
    )


def _refusal(say: Wording, answer: Answer, summary: Summary | None) -> str:
    reach = answer.reach
    articles = say.count("articles", answer.articles_searched)
    # The dates of the whole archive say nothing of those that a filter chose.
    known = reach or (summary if not answer.filters else None)
    if known is None or not (known.first and known.last):
        said = say("reach", articles=articles)
    else:
        days = say.days(known.first, known.last)
        undated = say.number(reach.undated) if reach and reach.undated else ""
        key = "reach_undated" if undated else "reach_days"
        said = say(key, articles=articles, days=days, **({"undated": undated} if undated else {}))
    if reach and reach.unheld:
        unheld = ", ".join(say("quote", words=f"<bdi>{words(word)}</bdi>") for word in reach.unheld)
        said += f" {say('unheld', words=unheld)}"
    return f'<div class="refusal"><p>{say("no_answer")}</p><p>{said}</p></div>'


def _claim(say: Wording, claim: Claim, numbered: dict[Quote, int], turn: int) -> str:
    markers = "".join(_marker(say, numbered[quote], turn) for quote in dict.fromkeys(claim.quotes))
    if not claim.warning:
        return f'<p class="claim" dir="auto">{words(claim.text)} {markers}</p>'
    return (
        f'<p class="claim unsupported" dir="auto"><span class="written">{words(claim.text)}</span> {markers} '
        f'<span class="doubt">{say.said(claim.warning)}</span></p>'
    )


def _beside(say: Wording, answer: Answer) -> dict[Quote, str]:
    """Return for quotes who else printed them, and what became of their article since."""
    found: dict[Quote, str] = {}
    for claim in answer.claims:
        if claim.also_in:
            names = "; ".join(f"<bdi>{words(each.publisher or each.id)}</bdi>" for each in claim.also_in)
            found[claim.quotes[0]] = f'<p class="others">{say("also_in", names=names)}</p>'
        if claim.superseded:
            said = say.said(f"The article was {claim.superseded} since.")
            found[claim.quotes[-1]] = f'<p class="others">{said}</p>'
    return found


def _figure(say: Wording, quote: Quote, number: int, turn: int, beside: str = "") -> str:
    article = quote.article
    return (
        f'<figure class="pull" data-cites="{turn}-{number}">'
        f"<blockquote {tongue(article.language)}>{words(quote.text)}</blockquote>"
        f'<figcaption>{_marker(say, number, turn)} <span class="source">{source_html(say, article)}</span> '
        f"<cite {tongue(article.language)}>{title_html(article)}</cite>{beside}</figcaption></figure>"
    )


def _marker(say: Wording, number: int, turn: int) -> str:
    label = say("source", number=str(number))
    return (
        f'<a class="marker" href="#card-{turn}-{number}" data-cites="{turn}-{number}" aria-label="{label}">{number}</a>'
    )
