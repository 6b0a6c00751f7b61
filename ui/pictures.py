"""What can be seen of an answer, as SVG with its numbers as a table: articles over time, its story, who is quoted.

Bars alone are drawn, stretched to the width there is; all that is read stands beside them as text, so that it keeps its
size on a telephone and can be read aloud.
"""

from collections.abc import Sequence
from datetime import date

from rag import Days, Timeline, Voices
from ui.cards import close_html
from ui.wording import Wording
from ui.words import tongue, words

_HIGH = 40
_LEAST_HIGH = 1.5  # a bar of one article beside one of hundreds can still be seen
_VOICES = 10


def histogram_html(say: Wording, days: Sequence[Days], since: date | None, until: date | None) -> str:
    """Return the articles of an archive over time; `page.js` lets one choose days by drawing across it."""
    if len(days) < 2:
        return ""
    bars = _bars(say, days, since, until)
    label = say("histogram")
    scale = _scale(say, days[0].first, days[-1].last)
    return f'<div class="histogram" data-brush title="{label}">{_svg(bars, len(days), label)}{scale}</div>'


def drawing_html(say: Wording) -> str:
    """Return what is shown while pictures are being drawn."""
    return f'<section class="pictures"><p class="waiting" role="status">{say("drawing")}</p></section>'


def pictures_html(
    say: Wording,
    question: str,
    days: Sequence[Days],
    story: Timeline | None,
    voices: Sequence[Voices],
    read: int,
    turn: int = 0,
) -> str:
    """Return the pictures of an answer; `read` is the number of articles in which the `voices` were counted."""
    return (
        f'<section class="pictures"><div class="bar"><button type="button" data-back data-turn="{turn}">'
        f'{say("pictures_back")}</button>{close_html(say)}</div><h2 tabindex="-1">{say("pictures")}</h2>'
        f'<p class="for" dir="auto">{words(question)}</p>{_over_time(say, days)}{_story(say, story)}'
        f"{_voices(say, voices, read)}</section>"
    )


def _over_time(say: Wording, days: Sequence[Days]) -> str:
    if not days:
        return _figure(say("over_time"), say("over_time_none"))
    most = max(days, key=lambda each: each.articles)
    says = say(
        "over_time_says",
        articles=say.count("articles", sum(each.articles for each in days)),
        most=say.number(most.articles),
        days=say.days(most.first, most.last),
    )
    drawn = _svg(_bars(say, days, None, None), len(days), say("over_time")) + _scale(say, days[0].first, days[-1].last)
    rows = [(say.days(each.first, each.last), say.number(each.articles)) for each in days if each.articles]
    return _figure(say("over_time"), says, drawn + _table(say, ("column_days", "column_articles"), rows))


def _story(say: Wording, story: Timeline | None) -> str:
    entries = story.entries if story else ()
    known = [each.article.published for each in entries if each.article.published]
    if not known:
        return _figure(say("story"), say("story_none"))
    first, last = min(known), max(known)
    says = say("story_says", articles=say.count("articles", len(entries)), days=say.days(first, last))
    wide = max((last - first).days, 1)
    ticks = "".join(
        f'<rect x="{round(99 * (day - first).days / wide, 2)}" y="8" width="1" height="{_HIGH - 8}"/>' for day in known
    )
    drawn = _svg(ticks, 100, say("story")) + _scale(say, first, last)
    rows = [
        (
            say.day(each.article.published),
            f"<span {tongue(each.article.language)}>{words(each.article.title)}</span>",
            "<br>".join(f"<q {tongue(each.article.language)}>{words(line.quote.text)}</q>" for line in each.new[:1]),
        )
        for each in entries
    ]
    return _figure(say("story"), says, drawn + _table(say, ("column_day", "column_article", "column_new"), rows))


def _voices(say: Wording, voices: Sequence[Voices], read: int) -> str:
    if not voices:
        return _figure(say("voices"), say("voices_none"))
    first = voices[0]
    says = say(
        "voices_says",
        articles=say.count("articles", read),
        name=f"<bdi>{words(str(first.speaker))}</bdi>",
        quotations=say.count("quotations", first.quotations),
    )
    rows = "".join(
        f'<tr><th scope="row"><bdi>{words(str(each.speaker))}</bdi></th><td>{say.number(each.quotations)}</td>'
        f'<td class="drawn"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect '
        f'width="{round(100 * each.quotations / first.quotations, 1)}" height="10"/></svg></td></tr>'
        for each in voices[:_VOICES]
    )
    head = (
        f'<tr><th scope="col">{say("column_name")}</th><th scope="col" colspan="2">{say("column_quotations")}</th></tr>'
    )
    return _figure(say("voices"), says, f'<table class="voices"><thead>{head}</thead><tbody>{rows}</tbody></table>')


def _figure(title: str, says: str, body: str = "") -> str:
    return f'<section class="picture"><h3>{title}</h3><p>{says}</p>{body}</section>'


def _bars(say: Wording, days: Sequence[Days], since: date | None, until: date | None) -> str:
    most = max(each.articles for each in days) or 1
    parts = []
    for place, each in enumerate(days):
        high = round(max(_HIGH * each.articles / most, _LEAST_HIGH), 2) if each.articles else 0
        chosen = (since is None or each.last >= since) and (until is None or each.first <= until)
        kind = "" if chosen else ' class="out"'
        parts.append(
            f'<g{kind} data-first="{each.first}" data-last="{each.last}">'
            f'<rect class="field" x="{place}" y="0" width="1" height="{_HIGH}"/>'
            f'<rect x="{place + 0.1:.1f}" y="{round(_HIGH - high, 2)}" width="0.8" height="{high}"/></g>'
        )
    return "".join(parts)


def _svg(inside: str, wide: int, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {wide} {_HIGH}" preserveAspectRatio="none" role="img" aria-label="{label}">{inside}</svg>'
    )


def _scale(say: Wording, first: date, last: date) -> str:
    return f'<p class="scale"><span>{say.day(first)}</span><span>{say.day(last)}</span></p>'


def _table(say: Wording, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{say(column)}</th>' for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<details class="numbers"><summary>{say("as_table")}</summary><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></details>"
    )
