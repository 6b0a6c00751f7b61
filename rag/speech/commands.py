"""The command quotes: what somebody said, and who is quoted at all."""

from argparse import Namespace
from typing import TYPE_CHECKING

from index.errors import QuestionError
from rag.facade import open_index
from rag.terminal import print_json, say

if TYPE_CHECKING:
    from rag.filters import Filters
    from rag.speech.said import Said


def quotes(arguments: Namespace, filters: "Filters") -> int:
    """Print quotations of a speaker, about a topic, or the list of those who are quoted."""
    from rag.speech.said import said, speakers

    if not (arguments.speakers or arguments.speaker or arguments.about):
        raise QuestionError("Say whose quotations are wanted: --speaker NAME, --about TOPIC, or --speakers for a list.")
    retriever = open_index(arguments.data, model=arguments.model)
    if arguments.speakers:
        voices = speakers(retriever, as_of=arguments.as_of, filters=filters)
        if arguments.json:
            print_json(
                [
                    {"speaker": each.speaker.name, "title": each.speaker.title, "quotations": each.quotations,
                     "articles": each.articles}
                    for each in voices
                ]
            )  # fmt: skip
            return 0
        for each in voices:
            title = f", {each.speaker.title}" if each.speaker.title else ""
            say(f"{each.quotations:5d} in {each.articles:3d}  {each.speaker.name}{title}")
        return 0
    found = said(
        retriever, arguments.speaker or "", arguments.about or "", k=arguments.k, as_of=arguments.as_of, filters=filters
    )
    if arguments.json:
        print_json([each.to_json() for each in found])
        return 0
    for one in found:
        _print(one)
    if not found:
        whose = f" of {arguments.speaker}" if arguments.speaker else ""
        say(f"No quotation{whose} was found{' on this' if arguments.about else ''}. --speakers lists who is quoted.")
    return 0


def _print(found: "Said") -> None:
    quote, speaker = found.quotation.quote, found.quotation.speaker
    named = f"{speaker.name}{f', {speaker.title}' if speaker.title else ''}" if speaker else "speaker not plain"
    say(f"{' '.join(quote.text.split())}")
    say(f"    — {named}  ({quote.source_line}, “{quote.article.title}”)")
    say(f"    {quote.article.id} {quote.start}-{quote.end}\n")
