"""Who says what in an article: direct quotations with their speakers, and what is merely attributed. By rules.

The rules read English; in other languages quotations are found, and speakers are not.
"""

from index.article import Article
from rag.speech.speakers import Quotation, Speaker, speech
from rag.speech.voices import Kind, Voice, speaker_of, voice

__all__ = ["Kind", "Quotation", "Speaker", "Voice", "quotations", "speaker_of", "voice"]


def quotations(article: Article) -> tuple[Quotation, ...]:
    """Return what an article quotes directly, in order, each with its speaker where the article tells."""
    return speech(article).quotations
