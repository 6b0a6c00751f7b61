"""What is exported, before it has a format: entries, each with its quotes and what is known of where they are from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.article import Article
from rag.answer import Answer, Claim
from rag.exports.links import live_link
from rag.notebook.clippings import ShownClipping
from rag.notebook.conversations import KeptTurn
from rag.quotes import Quote
from rag.receipts.check import Standing

NO_DATE = "n.d."
"""What stands in a citation for a date that nothing states."""
# No document of any format has these: what is below a space, but tab and line ends, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer or a clipping."""

    heading: str
    """The question; empty for a clipping."""
    said: tuple[str, ...] = ()
    """What the program says before the quotes, in paragraphs; of a refusal, all there is."""
    claims: tuple[Claim, ...] = ()
    """Statements with their quotes; one that is its quote itself is shown by the quote alone."""
    note: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """What is known of it, as names and values: when it was asked, the receipt's id."""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Return its quotes, each once, in order."""
        return tuple(dict.fromkeys(quote for claim in self.claims for quote in claim.quotes))


@dataclass(frozen=True, slots=True)
class Document:
    """What is exported at once."""

    title: str
    entries: tuple[Entry, ...]
    made: datetime

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Return the quotes of all entries, each once, in order."""
        return tuple(dict.fromkeys(quote for entry in self.entries for quote in entry.quotes))

    @property
    def by_article(self) -> tuple[tuple[Article, tuple[Quote, ...]], ...]:
        """Return the articles that are quoted, each with its quotes, in the order in which they first come."""
        found: dict[tuple[str, str], list[Quote]] = {}
        for quote in self.quotes:
            found.setdefault((quote.article.id, quote.article.digest), []).append(quote)
        return tuple((quotes[0].article, tuple(quotes)) for quotes in found.values())


def document_of(title: str, kept: Iterable[KeptTurn | ShownClipping], made: datetime | None = None) -> Document:
    """Return a document of answers or clippings, in their order."""
    entries = (_clipped(each) if isinstance(each, ShownClipping) else _answered(each) for each in kept)
    return Document(title, tuple(entries), made or datetime.now(UTC))


def citation(quote: Quote) -> str:
    """Return a quote with its citation, to be pasted: the words as the article has them, and where they are from."""
    return f"“{quote.text}” — {reference(quote.article)}{_at(live_link(quote))}"


def reference(article: Article) -> str:
    """Return where words are from, in one line: authors, title, publisher, date."""
    title = " ".join(article.title.split())
    parts = [", ".join(article.authors), f"“{title}”" if title else "", article.publisher or article.id]
    return clean(", ".join(" ".join(part.split()) for part in [*filter(str.strip, parts), day(article.published)]))


def day(when: date | None) -> str:
    """Return a date in words; an unknown one is said to be."""
    return f"{when.day} {when:%B} {when.year}" if when else NO_DATE


def date_origin(article: Article) -> str:
    """Say where an article's date comes from, when it was updated, and of one without a date that there is none."""
    if article.published is None:
        said = "no date is stated"
    elif article.published_from == "unknown":
        said = "where the date is from is not known"
    else:
        said = f"date from the {'meta tags' if article.published_from == 'meta' else article.published_from}"
    updated = article.modified and article.modified != article.published
    return f"{said}; updated {day(article.modified)}" if updated else said


def clean(text: str) -> str:
    """Return text with each character that no document can hold as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return text in one line, with single spaces."""
    return " ".join(clean(text).split())


def _at(link: str | None) -> str:
    return f", {link}" if link else ""


def _answered(kept: KeptTurn) -> Entry:
    answer = kept.turn.answer
    facts = [("Asked", f"{answer.asked_at:%Y-%m-%d %H:%M} UTC")] if answer.asked_at else []
    facts += [("As of", answer.as_of.isoformat())] if answer.as_of else []
    searched = answer.searched.strip()
    facts += [("Searched for", searched)] if searched != answer.question.strip() else []
    facts += [("Searched only", str(answer.filters))] if answer.filters else []
    facts += [("Written by", answer.written_by)] if answer.written_by else []
    facts += [("Answer", kept.id), ("Receipt", kept.receipt_id)]
    return Entry(answer.question, tuple(_said(answer, kept.missing)), answer.claims, facts=tuple(facts))


def _said(answer: Answer, missing: Sequence[str]) -> list[str]:
    said = [answer.lead] if answer.lead else []
    if answer.refused:
        said = answer.text.split("\n\n")
    else:
        said += [*answer.notes, *([answer.fallback] if answer.fallback else [])]
    return said + [f"No longer as it was: {each}." for each in missing]


def _clipped(shown: ShownClipping) -> Entry:
    clipping = shown.clipping
    facts = [("Tags", ", ".join(clipping.tags))] if clipping.tags else []
    facts += [("Clipped", f"{clipping.added:%Y-%m-%d %H:%M} UTC"), ("Clipping", clipping.id)]
    said = [] if shown.standing is Standing.THERE else [f"{clipping.article_id}: {shown.says}."]
    claims = (Claim(shown.quote.text, (shown.quote,), True),) if shown.quote else ()
    return Entry("", tuple(said), claims, clipping.note, tuple(facts))
