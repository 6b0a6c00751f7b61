"""Which articles are asked: what the form says and what was pinned or left out, as filters. Knows no components."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from rag import Facets, Filters, Retriever, Sources, facets
from ui.archive import Archive
from ui.pictures import histogram_html
from ui.wording import Wording
from ui.words import words

_DATE_FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d.%m.%Y")


class Amiss(Exception):
    """What was typed into the form cannot be used; the text is a sentence, as HTML, for whoever typed it."""


class Form(NamedTuple):
    """What the fields of the form hold."""

    as_of: str = ""
    since: str = ""
    until: str = ""
    publishers: Sequence[str] = ()
    sections: Sequence[str] = ()
    languages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The articles to ask, and the day on which it is asked."""

    as_of: date | None = None
    filters: Filters = field(default_factory=Filters)
    sources: Sources = field(default_factory=Sources)


class Chooser(NamedTuple):
    """What the page shows of a choice."""

    scope: str
    """How many articles are asked, with what was pinned or left out."""
    histogram: str | None
    """The articles over time; None where it stays."""


def chosen(retriever: Retriever, say: Wording, form: Form, sources: Sources) -> Choice:
    """Return what the form says.

    Raises:
        Amiss: a date cannot be understood, or the first day comes after the last.
    """
    since, until = _day(say, "since", form.since), _day(say, "until", form.until)
    if since and until and since > until:
        raise Amiss(say("days_reversed", since=words(say.dated(since)), until=words(say.dated(until))))
    known = facets(retriever) if form.publishers or form.sections else None
    filters = Filters(
        publishers=_exactly(form.publishers, known.publishers if known else ()),
        sections=_exactly(form.sections, known.sections if known else ()),
        languages=tuple(form.languages),
        since=since,
        until=until,
    )
    return Choice(_day(say, "as_of", form.as_of), filters, sources)


def shown(archive: Archive, say: Wording, form: Form, sources: Sources) -> Chooser:
    """Return what the page says of a choice.

    Raises:
        PullquoteError: there is no archive.
    """
    retriever = archive.retriever()
    everything = facets(retriever)
    try:
        choice = chosen(retriever, say, form, sources)
    except Amiss as error:
        return Chooser(f'<p class="problem" role="status">{error}</p>{_chooser(say)}', None)
    filters = choice.filters.also(sources.filters)
    left = facets(retriever, filters, choice.as_of) if filters or choice.as_of else everything
    days = histogram_html(say, everything.days, choice.filters.since, choice.filters.until)
    return Chooser(_scope(retriever, say, left, everything, sources), days)


def _scope(retriever: Retriever, say: Wording, left: Facets, everything: Facets, sources: Sources) -> str:
    articles = say.count("articles", everything.articles)
    some = left.articles != everything.articles
    said = (
        say("asked_some", left=say.number(left.articles), articles=articles)
        if some
        else say("asked_all", articles=articles)
    )
    chips = [_chip(retriever, say, "only", source) for source in sources.pinned]
    chips += [_chip(retriever, say, "without", source) for source in sources.excluded]
    listed = f'<ul class="chips">{"".join(chips)}</ul>' if chips else ""
    return f'<p class="scope"><span role="status">{said}</span> {_chooser(say)}</p>{listed}'


def _chooser(say: Wording) -> str:
    """Return the button that opens the panel in which articles are chosen."""
    return (
        '<button type="button" data-choose aria-controls="choose" aria-expanded="false" aria-keyshortcuts="f">'
        f"{say('choose')}</button>"
    )


def _chip(retriever: Retriever, say: Wording, key: str, source: str) -> str:
    article = retriever.article(source)
    title = f"<bdi>{words(article.title if article and article.title.strip() else source)}</bdi>"
    return (
        f'<li><span>{say(key, source=title)}</span> <button type="button" data-free="{words(source)}" '
        f'aria-label="{say("free", source=words(article.title if article else source))}">×</button></li>'
    )


def _exactly(ticked: Sequence[str], known: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return names for `Filters` that let through these only: "Post" alone would let the "Evening Post" through."""
    within = [f" {name.casefold()} " for name in ticked]
    others = [name for name, _ in known if name not in ticked]
    return (*ticked, *(f"-{name}" for name in others if any(each in f" {name.casefold()} " for each in within)))


def _day(say: Wording, field_name: str, text: str) -> date | None:
    written = " ".join(text.split())
    if not written:
        return None
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    raise Amiss(say("not_a_day", field=say(field_name), typed=words(written[:40])))
