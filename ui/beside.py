"""What one click shows beside the answers: sources, an article, pictures. Knows nothing of Gradio's components.

The browser may name any turn and any card: where there is none, nothing is shown.
"""

from collections.abc import Iterator

from rag import Filters, Notebook, Sources, speakers, written_of
from ui import cards, front, keeping, pictures, reader
from ui.archive import Archive
from ui.talk import Talk, in_words
from ui.wording import Wording

_STORY = 20


def sources(say: Wording, talk: Talk, turn: object) -> str | None:
    """Return the sources of a turn's answer, or None where there is no such turn."""
    answer = talk.answer(turn)
    return cards.sources_html(say, answer, int(str(turn))) if answer else None


def article(say: Wording, talk: Talk, turn: object, number: object) -> str | None:
    """Return the article of a numbered card, opened at its mark, or None where there is no such card."""
    answer = talk.answer(turn)
    if answer is None or not isinstance(number, int):
        return None
    return reader.opened_html(say, answer, number, int(str(turn)))


def source(talk: Talk, kept: Sources, way: str, turn: object, number: object) -> Sources | None:
    """Return the sources with the article of a card pinned, or left out; None where there is no such card."""
    answer = talk.answer(turn)
    found = cards.article_at(answer, number) if answer and isinstance(number, int) else None
    if found is None:
        return None
    return kept.pin(found.id) if way == "pin" else kept.exclude(found.id)


def export(archive: Archive, say: Wording, notebook: Notebook, talk: Talk, turn: object) -> str | None:
    """Return the downloads of a turn's answer, or what is wrong with them; None where there is no such turn."""
    if talk.answer(turn) is None or not isinstance(turn, int) or turn >= len(talk.turns):
        return None
    try:
        listed = keeping.downloads(say, notebook, archive.retriever(), talk.kept, turn, talk.turns[turn])
    # As in `greet`.
    except Exception as error:
        return front.error_html(in_words(say, error))
    back = f'<button type="button" data-back data-turn="{turn}">{say("back")}</button>'
    return (
        f'<section class="export"><div class="bar"><h2 tabindex="-1">{say("export")}</h2>{back}{cards.close_html(say)}'
        f"</div>{listed}</section>"
    )


def draw(archive: Archive, say: Wording, talk: Talk, turn: object) -> Iterator[str]:
    """Yield that pictures of an answer are being drawn, and then the pictures; nothing where there is no answer."""
    answer = talk.answer(turn)
    if answer is None:
        return
    yield pictures.drawing_html(say)
    try:
        retriever = archive.retriever()
        near = [hit.article for hit in answer.hits]
        about = answer.quotes[0] if answer.quotes else next(iter(answer.hits), None)
        story = retriever.timeline(about, _STORY) if about and not answer.refused else None
        ids = tuple(dict.fromkeys(each.id for each in near))
        voices = speakers(retriever, filters=Filters(articles=ids)) if ids else []
        days = written_of(retriever, answer)
        yield pictures.pictures_html(say, answer.question, days, story, voices, len(ids), int(str(turn)))
    # As in `greet`.
    except Exception as error:
        yield front.error_html(in_words(say, error))
