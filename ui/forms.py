"""Buttons and fields that name what a click does: `page.js` turns each into one event, "act".

`data-act` names what is to be done, `data-id` to what, `data-text` with which words; `data-sure` asks before.
"""

from ui.wording import Wording
from ui.words import words


def button(
    action: str,
    says: str,
    key: str = "",
    text: str = "",
    *,
    sure: str = "",
    label: str = "",
    pressed: bool | None = None,
) -> str:
    """Return a button; `says` is HTML already, the rest is not."""
    given = {"data-id": key, "data-text": text, "data-sure": sure, "aria-label": label}
    given["aria-pressed"] = "" if pressed is None else str(pressed).lower()
    more = "".join(f' {name}="{words(value)}"' for name, value in given.items() if value)
    return f'<button type="button" dir="auto" data-act="{action}"{more}>{says}</button>'


def form(
    say: Wording, action: str, label: str, says: str, key: str = "", value: str = "", *, lines: bool = False
) -> str:
    """Return a field with its button; `label` and `says` name texts of the page."""
    named = f'name="text" dir="auto" maxlength="20000" aria-label="{say(label)}" placeholder="{say(label)}"'
    # The first line end within a textarea is none of its text.
    field = f"<textarea {named}>\n{words(value)}</textarea>" if lines else f'<input {named} value="{words(value)}">'
    return f'<form data-act="{action}" data-id="{words(key)}">{field}<button>{say(says)}</button></form>'


def copy_html(say: Wording, text: str) -> str:
    """Return a button that copies a text; the browser does it."""
    done = f'data-done="{say("copied")}" data-failed="{say("copy_failed")}"'
    return f'<button type="button" data-copy="{words(text)}" {done}>{say("copy_quote")}</button>'
