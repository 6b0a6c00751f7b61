"""What is kept as HTML: conversations, clippings, judgements, downloads. Knows nothing of Gradio."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from rag import Conversation, Document, Mention, Opinion, ShownClipping, citation, export_file, live_link
from ui.forms import button, copy_html, form
from ui.wording import Wording
from ui.words import link, tongue, words

FORMATS = {
    "markdown": "Markdown",
    "html": "HTML",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl-json": "CSL-JSON",
}  # names that are the same in every language


# Drawn, for not every machine has a font with the sign: Feather's "thumbs-up" (MIT); the other is turned round.
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 9V5a3 3 0 0 0-3-3l-4 9v11h11.3a2 2 0 0 0 2-1.7l1.4-9a2 2 '
    '0 0 0-2-2.3zM7 22H4a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2h3"/></svg>'
)


def shelf_html(say: Wording, conversations: Sequence[Conversation], current: str | None = None) -> str:
    """Return the conversations that are kept, with a field to search them."""
    rows = "".join(_row(say, each, each.id == current) for each in conversations)
    listed = f'<ol class="shelf">{rows}</ol>' if rows else f'<p class="hint">{say("kept_none")}</p>'
    return _section(say, "kept", "conversations", f"{_search(say)}{listed}")


def _search(say: Wording, value: str = "") -> str:
    return form(say, "search", "kept_search", "search", value=value)


def _section(say: Wording, title: str, at: str, inside: str) -> str:
    """Return a part of the panel, under the way to its two halves."""
    tabs = "".join(
        button(action, say(key), pressed=at == key)
        for action, key in (("list", "conversations"), ("board", "clippings"))
    )
    heading = f'<h2 tabindex="-1">{say(title)}</h2>'
    return f'<section class="kept"><div class="bar">{heading}<p class="ways">{tabs}</p></div>{inside}</section>'


def _row(say: Wording, each: Conversation, current: bool) -> str:
    mark = ' aria-current="true"' if current else ""
    count = say.count("answers", each.turns)
    return (
        f'<li{mark}><div class="line">{button("open", words(each.title), each.id)}'
        f'<span class="when">{say.day(each.changed.date())} · {count}</span></div>'
        f'<div class="ways"><details><summary>{say("rename")}</summary>'
        f"{form(say, 'rename', 'another_title', 'rename', each.id, each.title)}</details>"
        f"{button('export', say('export'), each.id)}"
        f"{button('delete', say('delete'), each.id, sure=say.plain('delete_sure', title=each.title))}</div></li>"
    )


def found_html(say: Wording, mentions: Sequence[Mention], wanted: str) -> str:
    """Return the questions in which words were found."""
    rows = "".join(
        f'<li><div class="line">{button("open", words(each.question), each.conversation, each.answer)}'
        f'<span class="when">{say.day(each.asked.date())}</span></div></li>'
        for each in mentions
    )
    said = f'<ol class="shelf">{rows}</ol>' if rows else f'<p class="hint">{say("found_none")}</p>'
    return _section(say, "found", "", f"{_search(say, wanted)}{said}")


def board_html(say: Wording, clippings: Sequence[ShownClipping]) -> str:
    """Return the board: each clipping with its words, where they are from, and how they stand in the archive now."""
    cards = "".join(_card(say, each) for each in clippings)
    if not cards:
        return _section(say, "clippings", "clippings", f'<p class="hint">{say("clippings_none")}</p>')
    export = f'<p class="ways">{button("export-board", say("export"))}</p>'
    return _section(say, "clippings", "clippings", f'<ol class="board">{cards}</ol>{export}')


def _card(say: Wording, each: ShownClipping) -> str:
    key, quote = each.clipping.id, each.quote
    parts, ways = [], []
    if quote is None or each.standing.value != "there":
        parts.append(f'<p class="doubt">{words(each.clipping.article_id)}: {say.said(each.says)}.</p>')
    if quote is not None:
        tongues = tongue(quote.article.language)
        parts.append(
            f'<blockquote {tongues}>{words(quote.text)}</blockquote><p class="from">'
            f"<bdi>{words(quote.article.publisher or quote.article.id)}</bdi>, {say.day(quote.article.published)}</p>"
        )
        ways.append(copy_html(say, citation(quote)))
        ways.append(link(live_link(quote), say.plain("at_words")))
    if each.clipping.note:
        parts.append(f'<p class="note" dir="auto">{words(each.clipping.note)}</p>')
    if each.clipping.tags:
        parts.append(f'<p class="tags" dir="auto">{words(", ".join(each.clipping.tags))}</p>')
    tags = ", ".join(each.clipping.tags)
    ways.append(
        f"<details><summary>{say('note_tags')}</summary>"
        f"{form(say, 'note', 'note', 'note_keep', key, each.clipping.note, lines=True)}"
        f"{form(say, 'tags', 'tags', 'tags_keep', key, tags)}</details>"
    )
    ways += [button("move", say(way), key, way) for way in ("up", "down")]
    ways.append(button("remove", say("remove"), key, sure=say.plain("clipping_sure")))
    return f'<li>{"".join(parts)}<div class="ways">{"".join(ways)}</div></li>'


def judged_html(say: Wording, turn: int, opinion: Opinion | None) -> str:
    """Return the thumbs of an answer, with reasons to choose from where it was said to be bad."""
    up, down = (opinion is not None and opinion.up is way for way in (True, False))
    at = f'data-turn="{turn}"'
    thumbs = "".join(
        f'<button type="button" data-judge="{way}" {at} aria-label="{say(label)}" aria-pressed="{str(on).lower()}">'
        f"{_THUMB}</button>"
        for way, label, on in (("good", "good_answer", up), ("bad", "bad_answer", down))
    )
    if down and opinion is not None:
        why = "".join(
            f'<button type="button" data-judge="bad" {at} data-reason="{words(each)}" '
            f'aria-pressed="{str(opinion.reason == each).lower()}">{say.said(each)}</button>'
            for each in Opinion.REASONS
        )
        thumbs += f'<span class="why" role="group" aria-label="{say("what_was_bad")}">{why}</span>'
    return f'<div class="judge" role="group" aria-label="{say("judge")}">{thumbs}</div>'


def downloads_html(say: Wording, document: Document, receipt: Mapping[str, Any] | None = None) -> str:
    """Return a link to download a document in each format, and the receipt of an answer; all stand in the links."""
    links = []
    for name, label in FORMATS.items():
        made = export_file(document, name)
        links.append(_download(made.name, made.mime, made.text, label))
    if receipt:
        text = json.dumps(receipt, indent=1, ensure_ascii=True) + "\n"
        links.append(_download("receipt.json", "application/json", text, say.plain("receipt")))
    hint = f'<p class="hint">{say("receipt_hint")}</p>' if receipt else ""
    return f'<h3 dir="auto">{words(document.title)}</h3><ul class="downloads">{"".join(links)}</ul>{hint}'


def exported_html(say: Wording, document: Document) -> str:
    """Return the panel with the downloads of a conversation, or of all clippings."""
    return _section(say, "export", "", downloads_html(say, document))


def _download(name: str, mime: str, text: str, label: str) -> str:
    # Lone surrogates are in no export (see rag.exports); a server that must not fail replaces them all the same.
    data = b64encode(text.encode("utf-8", "replace")).decode()
    url = f"data:{mime.replace(' ', '')};base64,{data}"
    return f'<li><a download="{words(name)}" href="{words(url)}">{words(label)}</a></li>'
