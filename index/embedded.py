"""What is embedded for a passage. Apart from the builder, so that asking loads nothing that only building needs."""

from index.article import Article
from index.embed import Embedder
from index.passage import Span

TITLE_PIECES = 40  # a longer title is cut for the embedder; two of the pieces set aside for it hold the date


def embedded_text(article: Article, span: Span, embedder: Embedder) -> str:
    """Return the text that stands for a passage when it is embedded: title and date, then its words."""
    return heading(article, embedder) + article.text[span.start : span.end]


def heading(article: Article, embedder: Embedder) -> str:
    """Return what stands before the words of each passage of an article."""
    title, [pieces] = article.title, embedder.pieces([article.title])
    if len(pieces) > TITLE_PIECES:
        title = title[: pieces[TITLE_PIECES - 1].end]
    day = f" ({article.published.day} {article.published:%B %Y})" if article.published else ""
    return f"{title}{day}\n"
