"""The commands that go from an article to its story: related, timeline."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.facade import open_index
from rag.terminal import print_json, say

if TYPE_CHECKING:
    from index.article import Article
    from rag.quotes import Quote
    from rag.stories.related import Related

_SHOWN_CHARS = 200


def related(arguments: Namespace) -> int:
    """List the articles related to an article, or to a passage of it."""
    found = open_index(arguments.data, model=arguments.model).related(arguments.article, arguments.k, arguments.at)
    if arguments.json:
        print_json(found.to_json())
        return 0
    say(f"Related to {_named(found.article)}")
    if found.passage:
        say(f"    at {_shown(found.passage)}")
    if found.copies:
        say(f"    the same text: {'; '.join(_named(copy) for copy in found.copies)}")
    say("")
    for number, each in enumerate(found.related, 1):
        say(f"{number:2d}  {each.article.title}")
        say(f"    {_source(each.article)}{_apart(each)}  [{each.article.id}]")
        if each.copies:
            say(f"    also in {_prints(each.copies)}")
        say(f"    {each.score:.2f} like it, passages {each.cosine:.2f}; both: {', '.join(each.words)}")
        say(f"    there {_shown(each.theirs)}")
        if not found.passage:
            say(f"    here  {_shown(each.ours)}")
        say("")
    return 0


def timeline(arguments: Namespace) -> int:
    """Print a story's articles by date, each with what was new in it."""
    found = open_index(arguments.data, model=arguments.model).timeline(arguments.about, arguments.k)
    if arguments.json:
        print_json(found.to_json())
        return 0
    count = len(found.entries)
    say(f"{count} article{'s' * (count != 1)}.   + new   ~ new, and to be compared with an earlier number\n")
    for entry in found.entries:
        say(f"{_day(entry.article):12s} {entry.article.title}")
        also = f"; also in {_prints(entry.copies)}" if entry.copies else ""
        say(f"{'':12s} {entry.article.publisher or 'publisher unknown'}  [{entry.article.id}]{also}")
        for line in entry.new:
            say(f"{'':10s} {'~' if line.before else '+'} {_quoted(line.quote)}")
            if line.before:
                say(f"{'':14s} compare: {_quoted(line.before)} — {line.before.source_line}")
        if not entry.new:
            say(f"{'':12s} nothing that earlier articles did not say")
        say("")
    return 0


def _named(article: "Article") -> str:
    return f"{article.title} ({_source(article)})"


def _source(article: "Article") -> str:
    return f"{article.publisher or article.id}, {_day(article)}"


def _day(article: "Article") -> str:
    day = article.published
    return f"{day.day} {day:%b %Y}" if day else "date unknown"


def _prints(copies: "Sequence[Article]") -> str:
    return ", ".join(f"{copy.publisher or copy.id} ({_day(copy)})" for copy in copies)


def _apart(each: "Related") -> str:
    if each.days is None:
        return ""
    if each.days == 0:
        return ", the same day"
    count = abs(each.days)
    return f", {count} day{'s' * (count != 1)} {'later' if each.days > 0 else 'earlier'}"


def _shown(quote: "Quote") -> str:
    text = " ".join(quote.text.split())
    return f"[{quote.start}, {quote.end}) {text[:_SHOWN_CHARS]}{'…' * (len(text) > _SHOWN_CHARS)}"


def _quoted(quote: "Quote") -> str:
    text = " ".join(quote.text.split())
    return text if text.startswith(("“", '"')) else f"“{text}”"
