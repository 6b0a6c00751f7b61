"""Answers that a model writes, over any OpenAI-compatible endpoint, each sentence proved by quotes.

The model reads numbered sentences and cites their numbers, so that a quote is a place in an article by construction.
The client library is loaded when a question is asked.
"""

from rag.llm.endpoint import endpoint_of
from rag.llm.writer import LLMWriter
from rag.settings import Settings
from rag.write import ExtractiveWriter, Writer


def writer_of(settings: Settings) -> Writer:
    """Return the writer that is set: a model's where there is an endpoint, else the articles' own sentences.

    Raises:
        SettingsError: an endpoint is set, but not all that it needs.
    """
    own = ExtractiveWriter(settings.quotes, settings.refuse_below)
    if not settings.llm_url:
        return own
    return LLMWriter(endpoint_of(settings), own, settings.writer_tokens)
