"""Pullquote: answers from your own news articles, proved with their exact words.

    from rag import Chat, build_index, open_index

    build_index(["articles/"], data=".pullquote")
    answer = Chat(open_index(".pullquote")).ask("Who won the election?")
    for quote in answer.quotes:
        print(quote.text, quote.source_line)

Importing this module loads nothing heavy: each name is fetched from its module when first used.
"""

import logging
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.article import Article
    from index.errors import (
        ArticleUnknown,
        BuildLocked,
        ChatError,
        FetchError,
        FetchLater,
        IndexDamaged,
        IndexMissing,
        LoadError,
        ModelError,
        ModelMismatch,
        NotebookError,
        NothingToIndex,
        PullquoteError,
        QuestionError,
        ReceiptError,
        SettingsError,
        SpanError,
    )
    from index.reader import Passage
    from index.report import BuildReport
    from rag.adding import State, Version, add_articles, kinds, state_of, take_away, use_version
    from rag.answer import Answer, Claim, Hit, NearMiss, Reach, Why
    from rag.articles import (
        ArticleRecord,
        ListedArticle,
        list_articles,
        remove_articles,
        restore_articles,
        show_article,
    )
    from rag.chat import Chat, Turn
    from rag.exports import Exported, export, export_file
    from rag.exports.document import Document, citation, document_of
    from rag.exports.links import live_link
    from rag.facade import build_index, open_index
    from rag.filters import Filters
    from rag.holdings import Days, Facets, facets, written_of
    from rag.notebook import Notebook, open_notebook
    from rag.notebook.clippings import Clipping, ShownClipping, shown
    from rag.notebook.conversations import Conversation, KeptTurn, Mention
    from rag.notebook.feedback import Opinion
    from rag.quotes import Quote, locate
    from rag.receipts import Receipt, read_receipt, receipt_of, write_receipt
    from rag.receipts.check import QuoteCheck, Standing, Verification, verify
    from rag.retrieve import Retriever, Summary
    from rag.settings import Settings
    from rag.sources import Sources
    from rag.speech import Quotation, Speaker, Voice, quotations, voice
    from rag.speech.said import Said, Voices, said, speakers
    from rag.stories.related import Related, Relations
    from rag.stories.timeline import NewSentence, Timeline, TimelineEntry
    from rag.suggest import suggestions
    from rag.users import Users, users_of
    from rag.verdicts import Checked, Verdict, check
    from rag.write import ExtractiveWriter, Writer

__version__ = "0.1.0"

_HOME = {
    "Answer": "rag.answer",
    "Article": "index.article",
    "ArticleRecord": "rag.articles",
    "ArticleUnknown": "index.errors",
    "BuildLocked": "index.errors",
    "BuildReport": "index.report",
    "Chat": "rag.chat",
    "Checked": "rag.verdicts",
    "ChatError": "index.errors",
    "Claim": "rag.answer",
    "Days": "rag.holdings",
    "ExtractiveWriter": "rag.write",
    "Facets": "rag.holdings",
    "FetchError": "index.errors",
    "FetchLater": "index.errors",
    "Filters": "rag.filters",
    "Hit": "rag.answer",
    "IndexDamaged": "index.errors",
    "IndexMissing": "index.errors",
    "ListedArticle": "rag.articles",
    "LoadError": "index.errors",
    "ModelError": "index.errors",
    "ModelMismatch": "index.errors",
    "NearMiss": "rag.answer",
    "NewSentence": "rag.stories.timeline",
    "Clipping": "rag.notebook.clippings",
    "Conversation": "rag.notebook.conversations",
    "KeptTurn": "rag.notebook.conversations",
    "Mention": "rag.notebook.conversations",
    "Notebook": "rag.notebook",
    "NotebookError": "index.errors",
    "NothingToIndex": "index.errors",
    "Opinion": "rag.notebook.feedback",
    "ShownClipping": "rag.notebook.clippings",
    "open_notebook": "rag.notebook",
    "shown": "rag.notebook.clippings",
    "Passage": "index.reader",
    "PullquoteError": "index.errors",
    "QuestionError": "index.errors",
    "Quotation": "rag.speech.speakers",
    "QuoteCheck": "rag.receipts.check",
    "Reach": "rag.answer",
    "Receipt": "rag.receipts",
    "ReceiptError": "index.errors",
    "Quote": "rag.quotes",
    "Related": "rag.stories.related",
    "Relations": "rag.stories.related",
    "Retriever": "rag.retrieve",
    "Settings": "rag.settings",
    "SettingsError": "index.errors",
    "Sources": "rag.sources",
    "SpanError": "index.errors",
    "Summary": "rag.retrieve",
    "Timeline": "rag.stories.timeline",
    "TimelineEntry": "rag.stories.timeline",
    "Said": "rag.speech.said",
    "Speaker": "rag.speech.speakers",
    "Standing": "rag.receipts.check",
    "Turn": "rag.chat",
    "Verification": "rag.receipts.check",
    "Verdict": "rag.verdicts",
    "Voice": "rag.speech.voices",
    "Voices": "rag.speech.said",
    "Why": "rag.answer",
    "Writer": "rag.write",
    "Document": "rag.exports.document",
    "State": "rag.adding",
    "Version": "rag.adding",
    "add_articles": "rag.adding",
    "kinds": "rag.adding",
    "state_of": "rag.adding",
    "take_away": "rag.adding",
    "use_version": "rag.adding",
    "build_index": "rag.facade",
    "citation": "rag.exports.document",
    "document_of": "rag.exports.document",
    "Exported": "rag.exports",
    "Users": "rag.users",
    "export": "rag.exports",
    "export_file": "rag.exports",
    "users_of": "rag.users",
    "live_link": "rag.exports.links",
    "check": "rag.verdicts",
    "facets": "rag.holdings",
    "list_articles": "rag.articles",
    "locate": "rag.quotes",
    "open_index": "rag.facade",
    "quotations": "rag.speech",
    "read_receipt": "rag.receipts",
    "receipt_of": "rag.receipts",
    "remove_articles": "rag.articles",
    "restore_articles": "rag.articles",
    "said": "rag.speech.said",
    "show_article": "rag.articles",
    "speakers": "rag.speech.said",
    "suggestions": "rag.suggest",
    "verify": "rag.receipts.check",
    "voice": "rag.speech.voices",
    "write_receipt": "rag.receipts",
    "written_of": "rag.holdings",
}

__all__ = [  # noqa: RUF022 - as grouped in the README; a test compares them with _HOME
    # Build and open
    "build_index", "open_index", "BuildReport", "Settings",
    # What is in it
    "list_articles", "show_article", "remove_articles", "restore_articles", "ListedArticle", "ArticleRecord",
    "add_articles", "kinds", "state_of", "take_away", "use_version", "State", "Version",
    # Ask
    "Chat", "Filters", "Retriever", "Sources", "Summary", "Turn", "Writer", "ExtractiveWriter",
    # What comes back
    "Answer", "Article", "Claim", "Hit", "NearMiss", "Passage", "Quote", "Reach", "Why", "locate",
    "Relations", "Related", "Timeline", "TimelineEntry", "NewSentence",
    # What there is to ask
    "facets", "written_of", "suggestions", "Facets", "Days",
    # Who says what, and is a quotation true
    "said", "speakers", "quotations", "voice", "Said", "Voices", "Quotation", "Speaker", "Voice",
    "check", "Checked", "Verdict",
    # Check an answer later
    "receipt_of", "write_receipt", "read_receipt", "verify", "Receipt", "QuoteCheck", "Standing", "Verification",
    # Keep
    "open_notebook", "Notebook", "Conversation", "KeptTurn", "Mention", "Clipping", "ShownClipping", "shown", "Opinion",
    "document_of", "export", "export_file", "Document", "Exported", "citation", "live_link", "users_of", "Users",
    # Errors
    "PullquoteError", "ArticleUnknown", "BuildLocked", "ChatError", "FetchError", "FetchLater", "IndexDamaged",
    "IndexMissing", "LoadError", "ModelError", "ModelMismatch", "NotebookError", "NothingToIndex", "QuestionError",
    "ReceiptError", "SettingsError", "SpanError",
]  # fmt: skip

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562: whatever the name stands for
    if name not in _HOME:
        raise AttributeError(f"module 'rag' has no attribute {name!r}; it has {', '.join(sorted(_HOME))}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def _check_neighbour() -> None:
    """Say so clearly when another distribution has put its own `index` over ours: the name is a common one."""
    here = Path(__file__).resolve().parent.parent
    spec = find_spec("index")
    found = Path(spec.origin).resolve() if spec and spec.origin else None
    if found != here / "index" / "__init__.py":
        raise ImportError(
            f"Pullquote needs its own package 'index' beside {here / 'rag'}, but Python finds {found}. "
            "Another distribution, or a folder on the path, has the same name: install pullquote into an "
            "environment of its own."
        )


_check_neighbour()
