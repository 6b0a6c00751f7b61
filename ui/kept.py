"""What is kept as HTML: conversations, clippings, judgements, downloads. Knows nothing of Gradio.

What a click means is named by `data-keep`, `data-id` and `data-text`; `keeping.js` turns clicks into events.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from rag import Conversation, Document, Mention, Opinion, ShownClipping, citation, export_file, live_link
from ui.words import day, link, tongue, words

FORMATS = {"markdown": "Markdown", "html": "Page to print", "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"}


def shelf_html(conversations: Sequence[Conversation], current: str | None = None) -> str:
    """Return the conversations that are kept, with a field to search them."""
    rows = "".join(_row(each, each.id == current) for each in conversations)
    listed = f'<ol class="shelf">{rows}</ol>' if rows else '<p class="hint">What you ask is kept, and stands here.</p>'
    return (
        f'<section class="kept" aria-label="Kept"><h2>Kept</h2>{_form("search", "", "Search what was asked", "Search")}'
        f"{listed}{_button('board', '', 'Clippings')}</section>"
    )


def _row(each: Conversation, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    sure = f"Delete “{each.title}” and its answers?"
    return (
        f"<li{mark}>{_button('open', each.id, each.title)} {_when(each.changed)}"
        f"{_form('rename', each.id, 'Another title', 'Rename', each.title)}{_button('export', each.id, 'Export')}"
        f"{_button('delete', each.id, 'Delete', sure=sure)}</li>"
    )


def found_html(mentions: Sequence[Mention], wanted: str) -> str:
    """Return the questions in which words were found."""
    rows = "".join(
        f"<li>{_button('open', each.conversation, each.question)} {_when(each.asked)}</li>" for each in mentions
    )
    said = f'<ol class="shelf">{rows}</ol>' if rows else '<p class="hint">Nothing that was asked has these words.</p>'
    form = _form("search", "", "Search what was asked", "Search", wanted)
    return f'<section class="kept" aria-label="Found"><h2>Found</h2>{form}{said}{_button("list", "", "All")}</section>'


def board_html(clippings: Sequence[ShownClipping]) -> str:
    """Return the board: each clipping with its words, where they are from, and how they stand in the archive now."""
    cards = "".join(_card(each) for each in clippings)
    more = _button("export-board", "", "Export") if cards else '<p class="hint">No quote is put aside yet.</p>'
    board = f'<ol class="board">{cards}</ol>' if cards else ""
    back = _button("list", "", "Back")
    return f'<section class="kept" aria-label="Clippings"><h2>Clippings</h2>{board}{more}{back}</section>'


def _card(each: ShownClipping) -> str:
    key, quote = each.clipping.id, each.quote
    parts = []
    if quote is None or each.standing.value != "there":
        parts.append(f'<p class="doubt">{words(each.clipping.article_id)}: {words(each.says)}.</p>')
    if quote is not None:
        tongues = tongue(quote.article.language)
        parts.append(
            f'<blockquote {tongues}>{words(quote.text)}</blockquote><p class="from">'
            f"<bdi>{words(quote.article.publisher or quote.article.id)}</bdi>, {day(quote.article.published)} "
            f"{link(live_link(quote), 'At the words')}</p>"
            '<textarea class="citation" readonly aria-label="Quote with its citation">\n'
            f"{words(citation(quote))}</textarea>"
        )
    parts.append(_form("note", key, "Note", "Keep note", each.clipping.note, lines=True))
    parts.append(_form("tags", key, "Tags, with commas between", "Keep tags", ", ".join(each.clipping.tags)))
    parts += [_button("move", key, "Up", "up"), _button("move", key, "Down", "down"), _button("remove", key, "Remove")]
    return f"<li>{''.join(parts)}</li>"


def judged_html(answer: str, opinion: Opinion | None, reasons: Sequence[str]) -> str:
    """Return the thumbs of an answer, with reasons to choose from where it was said to be bad."""
    up, down = (opinion is not None and opinion.up is way for way in (True, False))
    thumbs = _button("good", answer, "👍", label="A good answer", pressed=up)
    thumbs += _button("bad", answer, "👎", label="A bad answer", pressed=down)
    if down and opinion is not None:
        thumbs += "".join(_button("bad", answer, each, each, pressed=opinion.reason == each) for each in reasons)
    return f'<p class="judge">{thumbs}</p>'


def downloads_html(document: Document) -> str:
    """Return a link to download a document in each format; the files are in the links themselves."""
    links = []
    for form, label in FORMATS.items():
        made = export_file(document, form)
        # Lone surrogates are in no export (see rag.exports); a server that must not fail replaces them all the same.
        data = b64encode(made.text.encode("utf-8", "replace")).decode()
        url = f"data:{made.mime.replace(' ', '')};base64,{data}"
        links.append(f'<li><a download="{words(made.name)}" href="{words(url)}">{label}</a></li>')
    title = words(document.title)
    listed, back = f"<ul>{''.join(links)}</ul>", _button("list", "", "Back")
    return f'<section class="kept" aria-label="Export"><h2 dir="auto">{title}</h2>{listed}{back}</section>'


def _button(
    action: str, key: str, says: str, text: str = "", *, sure: str = "", label: str = "", pressed: bool | None = None
) -> str:
    given = {"data-id": key, "data-text": text, "data-sure": sure, "aria-label": label}
    given["aria-pressed"] = "" if pressed is None else str(pressed).lower()
    more = "".join(f' {name}="{words(value)}"' for name, value in given.items() if value)
    return f'<button type="button" dir="auto" data-keep="{action}"{more}>{words(says)}</button>'


def _form(action: str, key: str, label: str, says: str, value: str = "", *, lines: bool = False) -> str:
    named = f'name="text" dir="auto" maxlength="20000" aria-label="{words(label)}" placeholder="{words(label)}"'
    # The first line end within a textarea is none of its text.
    field = f"<textarea {named}>\n{words(value)}</textarea>" if lines else f'<input {named} value="{words(value)}">'
    return f'<form data-keep="{action}" data-id="{words(key)}">{field}<button>{words(says)}</button></form>'


def _when(moment: datetime) -> str:
    return f'<span class="when">{day(moment.date())}</span>'
