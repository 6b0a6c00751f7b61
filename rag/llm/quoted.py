"""Looks up whatever a model puts between quotation marks; what no article has loses its marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.article import Article
from rag.quotes import Quote
from rag.verdicts import Checked, Verdict, check

_QUOTED = re.compile(
    r"“(?P<a>[^“”]+)”|„(?P<b>[^“”„]+)[“”]|\"(?P<c>[^\"]+)\"|«(?P<d>[^«»]+)»|"
    r"(?<!\w)‘(?P<e>(?:[^‘’]|(?<=\w)’(?=\w))+)’(?!\w)|(?<!\w)'(?=\w)(?P<f>(?:[^']|(?<=\w)'(?=\w))+)'(?!\w)"
)
_STRAY = re.compile(r"[“”„‟«»\"‘]")
_SINGLE = {"e", "f"}
_POINTS = ",.!?;:"


@dataclass(slots=True)
class Quotations:
    """What became of the quotations of one sentence."""

    shown: list[Quote] = field(default_factory=list)
    repaired: list[Checked] = field(default_factory=list)
    """Those of `shown` that are set as the article prints them, not as the model did."""
    refused: list[Checked] = field(default_factory=list)


def looked_up(
    text: str, cited: Sequence[Article], others: Sequence[Article], speaker: str | None = None
) -> tuple[str, Quotations]:
    """Return a sentence in which only what stands in an article cited is in quotation marks, and what was found."""
    found = Quotations()
    return _marked(text, cited, others, speaker, found), found


def _marked(
    text: str, cited: Sequence[Article], others: Sequence[Article], speaker: str | None, found: Quotations
) -> str:
    parts, at = [], 0
    for match in _QUOTED.finditer(text):
        words = match[match.lastgroup or 0]
        checked = check(words, cited, others, speaker)
        parts.append(_STRAY.sub("", text[at : match.start()]))
        if checked.shown and checked.quote:
            found.shown.append(checked.quote)
            if checked.verdict is Verdict.TYPOGRAPHY:
                found.repaired.append(checked)
            parts.append(_set(words, checked.quote.text, single=match.lastgroup in _SINGLE))
        else:
            found.refused.append(checked)
            parts.append(_marked(words, cited, others, speaker, found))  # a quotation within it may be a true one
        at = match.end()
    return "".join([*parts, _STRAY.sub("", text[at:])])


def _set(words: str, printed: str, *, single: bool) -> str:
    """Return the article's words in marks; a comma of the model's within them goes behind them."""
    last = words.rstrip()[-1:]
    behind = last if last in _POINTS and not printed.endswith(last) else ""
    return (f"‘{printed}’" if single else f"“{printed}”") + behind
