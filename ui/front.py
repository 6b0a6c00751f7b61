"""What stands around the answers, as HTML: masthead, welcome, help, messages. Knows nothing of Gradio."""

import re
from collections.abc import Sequence

from rag import Summary
from ui.wording import Wording
from ui.words import words

_COMMAND = re.compile(r"`([^`\n]+)`")
KEYS = {
    "/": "key_ask",
    "f": "key_choose",
    "j": "key_next_source",
    "k": "key_previous_source",
    "o": "key_open",
    "n": "key_next_quote",
    "p": "key_previous_quote",
    "g": "key_pictures",
    "e": "key_edit",
    "Esc": "key_escape",
    "?": "key_help",
}
"""What one can press, and the name of what it does; `page.js` does it."""


VIEWS = {"ask": "view_ask", "kept": "view_kept", "archive": "view_archive"}
"""The parts of the page, and the name of each."""


def masthead_html(say: Wording, summary: Summary | None, user: str = "") -> str:
    """Return the name of the page, the ways to its parts, the help, and, once an archive is open, what it holds.

    `user` is who has signed in.
    """
    held_here = f"<p>{held(say, summary)}</p>" if summary else ""
    out = f'<a class="out" href="logout">{say("sign_out", user=f"<bdi>{words(user)}</bdi>")}</a> ' if user else ""
    views = "".join(
        f'<li><button type="button" data-view="{key}">{say(name)}</button></li>' for key, name in VIEWS.items()
    )
    return (
        f'<header class="masthead" data-lang="{say.code}" data-talk="{say("talk_region")}"><h1>Pullquote</h1>'
        f'<div class="dateline"><p>{say("motto")}</p>{held_here}'
        f'<p>{out}<button type="button" data-help aria-keyshortcuts="?">{say("keys")} <kbd>?</kbd></button></p></div>'
        f'<nav aria-label="{say("views")}"><ul class="views">{views}</ul></nav>{_help(say)}</header>'
    )


def welcome_html(say: Wording, summary: Summary, examples: Sequence[str] = ()) -> str:
    """Return what this archive holds, that one can ask it, and questions to begin with."""
    return (
        f'<section class="welcome"><h2>{say("welcome")}</h2>'
        f"<p>{say('welcome_text', held=held(say, summary))}</p>{questions_html(say('examples'), examples)}</section>"
    )


def questions_html(title: str, questions: Sequence[str]) -> str:
    """Return questions that one click asks, under a title that is HTML already; nothing where there are none."""
    buttons = "".join(
        f'<li><button type="button" data-ask dir="auto">{words(each)}</button></li>' for each in questions
    )
    return f'<h3>{title}</h3><ul class="examples">{buttons}</ul>' if buttons else ""


def no_index_html(say: Wording, message: str) -> str:
    """Return why nothing can be asked yet; commands between backticks are set as such."""
    said = _COMMAND.sub(r"<code>\1</code>", say.said(message))
    return f'<section class="welcome"><h2>{say("nothing_yet")}</h2><p class="reason">{said}</p></section>'


def opening_html(say: Wording) -> str:
    """Return what is shown while the archive is being opened."""
    return f'<p class="waiting">{say("opening")}</p>'


def error_html(message: str) -> str:
    """Return a sentence, which is HTML already, about what went wrong."""
    return f'<p class="problem" role="alert">{message}</p>'


def notice_html(message: str) -> str:
    """Return a sentence, which is HTML already, about what is going on."""
    return f'<p class="notice" role="status">{message}</p>'


def held(say: Wording, summary: Summary) -> str:
    """Return how many articles an archive holds, and of which days."""
    count = say.count("articles", summary.articles)
    return f"{count}, {say.days(summary.first, summary.last)}" if summary.first and summary.last else count


def _help(say: Wording) -> str:
    rows = "".join(f"<dt><kbd>{words(key)}</kbd></dt><dd>{say(does)}</dd>" for key, does in KEYS.items())
    return (
        f'<dialog class="help" aria-labelledby="help-title"><h2 id="help-title">{say("keys_title")}</h2><dl>{rows}</dl>'
        f'<p><label><input type="checkbox" data-single checked> {say("keys_single")}</label></p>'
        f'<p><button type="button" data-close>{say("keys_close")}</button></p></dialog>'
    )
