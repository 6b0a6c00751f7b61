"""The command check: is this quotation in the archive, verbatim, by whom, and where."""

import sys
from argparse import Namespace
from typing import Any

from index.errors import ArticleUnknown, QuestionError
from index.reader import open_version
from rag.answer import span_json
from rag.quotes import Quote
from rag.settings import Settings
from rag.terminal import print_json, say
from rag.verdicts import Checked, Verdict, check
from rag.verdicts.archive import finder
from rag.verdicts.pieces import sentence_of

_FALSE = 3
_MOST_CHARS = 20_000
_ALSO_SHOWN = 5
_NAMES = {
    Verdict.EXACT: "EXACT",
    Verdict.TYPOGRAPHY: "EXACT BUT FOR TYPOGRAPHY",
    Verdict.MISATTRIBUTED: "MISATTRIBUTED",
    Verdict.STITCHED: "STITCHED",
    Verdict.NOT_FOUND: "NOT FOUND",
}


def check_words(arguments: Namespace) -> int:
    """Look words up in the archive, print the verdict and the place; exit with 3 unless they may be quoted so."""
    words = sys.stdin.read() if arguments.words == "-" else str(arguments.words)
    if len(words) > _MOST_CHARS or not any(character.isalnum() for character in words):
        raise QuestionError(
            f"{words.strip()[:40]!r} ({len(words):,} characters) is no quotation that can be looked up. "
            f"Give the words between the marks, at most {_MOST_CHARS:,} characters."
        )
    # Without the model, which takes seconds to load: words are looked up, not what they mean.
    index = open_version(Settings.load(data=arguments.data).data)
    find = finder(index)
    if arguments.article:
        article = index.article(arguments.article)
        if article is None:
            raise ArticleUnknown(f"There is no article {arguments.article!r}. `pullquote search` shows the ids.")
        cited = [article]
    else:
        cited = list(find(words))
    checked = check(words, cited, find, arguments.speaker)
    if arguments.json:
        print_json(_to_json(checked))
    else:
        _print(checked)
    return 0 if checked.shown else _FALSE


def _print(checked: Checked) -> None:
    say(f"{_NAMES[checked.verdict]}  {checked.says}")
    for caution in checked.cautions:
        say(f"    caution: {caution}")
    if checked.quote:
        say(f"    {_place(checked.quote)}\n    {_in_its_sentence(checked.quote)}")
    for piece in checked.pieces:
        say(f"    piece: “{piece.text}”\n        {_place(piece)}\n        {_in_its_sentence(piece)}")
    if checked.nearest:
        say(f"    nearest: {_place(checked.nearest)}\n    {_in_its_sentence(checked.nearest)}")
    for quote in checked.also[:_ALSO_SHOWN]:
        say(f"    also: {_place(quote)}")
    if checked.also[_ALSO_SHOWN:]:
        say(f"    and {len(checked.also) - _ALSO_SHOWN:,} more places")


def _place(quote: Quote) -> str:
    return f"{quote.source_line}: {quote.article.title}  {quote.article.id} [{quote.start}, {quote.end})"


def _in_its_sentence(quote: Quote) -> str:
    """Return the sentence around a quote, on one line, with the quote between arrows."""
    text, span = quote.article.text, sentence_of(quote)
    before, after = text[span.start : quote.start], text[quote.end : span.end]
    return " ".join(f"{before}»{quote.text}«{after}".split())


def _to_json(checked: Checked) -> dict[str, Any]:
    return {
        "words": checked.words,
        "verdict": checked.verdict.value,
        "says": checked.says,
        "cautions": list(checked.cautions),
        "speaker": checked.speaker,
        "quote": _span(checked.quote),
        "pieces": [_span(piece) for piece in checked.pieces],
        "also": [_span(quote) for quote in checked.also],
        "nearest": _span(checked.nearest),
    }


def _span(quote: Quote | None) -> dict[str, Any] | None:
    """Return a place with the sentence around it."""
    if quote is None:
        return None
    span = sentence_of(quote)
    return span_json(quote.article, quote.start, quote.end) | {
        "sentence": quote.article.text[span.start : span.end],
    }
