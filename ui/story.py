"""A story of the archive as HTML: its articles by date, what was new in each, and who said what in it.

Knows nothing of Gradio.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from rag import Article, NewSentence, Quotation, Quote, Timeline, TimelineEntry
from ui.cards import dated_html, source_html, title_html
from ui.forms import button
from ui.wording import Wording
from ui.words import tongue, words

_SAID = 12  # quotations of one article; the article has the others


def gathering_html(say: Wording) -> str:
    """Return what is shown while a story is being put together."""
    return f'<section class="library"><p class="waiting" role="status">{say("story_gathering")}</p></section>'


def story_html(say: Wording, story: Timeline, said: Mapping[str, Sequence[Quotation]], title: str, back: str) -> str:
    """Return a story; `said` has the quotations by the article's id, and `back` is a button, as HTML."""
    days = [each.article.published for each in story.entries if each.article.published]
    held = say.count("articles", len(story.entries))
    reach = f"{held}, {say.days(min(days), max(days))}" if days else held
    rows = "".join(_entry(say, each, said.get(each.article.id, ())) for each in story.entries)
    listed = f'<ol class="story">{rows}</ol>' if rows else f'<p class="hint">{say("story_none")}</p>'
    return (
        f'<section class="library"><div class="bar">{back}</div><h2 tabindex="-1">'
        f'{say("story_of", title=f"<bdi>{words(title)}</bdi>")}</h2><p class="count" role="status">{reach}</p>'
        f"{listed}</section>"
    )


def _entry(say: Wording, entry: TimelineEntry, said: Sequence[Quotation]) -> str:
    article = entry.article
    new = "".join(f"<li>{_new(say, each)}</li>" for each in entry.new)
    fresh = f'<ul class="fresh">{new}</ul>' if new else f'<p class="hint">{say("story_nothing_new")}</p>'
    copies = ""
    if entry.copies:
        names = "; ".join(f"<bdi>{words(each.publisher or each.id)}</bdi>" for each in entry.copies)
        copies = f'<p class="hint">{say("also_in", names=names)}</p>'
    return (
        f'<li><p class="kicker">{source_html(say, article)}</p><h3 {tongue(article.language)}>'
        f"{button('read', title_html(article), article.id)}</h3>{fresh}{copies}{_voices(say, article, said)}</li>"
    )


def _new(say: Wording, line: NewSentence) -> str:
    earlier = ""
    if line.before:
        was = line.before.article
        earlier = f'<p class="hint">{say("story_before", source=dated_html(say, was))} {_quoted(line.before)}</p>'
    return f"{_quoted(line.quote)}{earlier}"


def _quoted(quote: Quote) -> str:
    return f"<q {tongue(quote.article.language)}>{words(quote.text)}</q>"


def _voices(say: Wording, article: Article, said: Sequence[Quotation]) -> str:
    """Return who says what in an article; where it is not plain who speaks, nobody is named."""
    if not said:
        return ""
    rows = "".join(
        f"<dt><bdi>{words(who) if who else say('story_nobody')}</bdi></dt>"
        + "".join(f"<dd>{_quoted(each.quote)}</dd>" for each in together)
        for who, together in groupby(said[:_SAID], lambda each: str(each.speaker or ""))
    )
    return (
        f"<details><summary>{say('story_said', quotations=say.count('quotations', len(said)))}</summary>"
        f'<dl class="said">{rows}</dl></details>'
    )
