"""The words of a text with where they stand, without their endings; and whether a quotation is open."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.lexical import stems as stems_of
from rag.english import PASTS
from rag.question import STOP_WORDS

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENS, _CLOSES = "“„«", "”»"
_ALIKE = {
    "hurt": "injur",
    "wound": "injur",
    "percentag": "percent",
    "kill": "die",
    "dead": "die",
    "death": "die",
    "collis": "collid",
}
_IRREGULAR = """
withdrew:withdraw withdrawn:withdraw spoke:speak spoken:speak taken:take broken:break given:give stolen:steal
driven:drive fallen:fall known:know knew:know grown:grow seen:see saw:see swore:swear sworn:swear chose:choose
chosen:choose told:tell said:say says:say has:have had:have got:get went:go gone:go came:come become:become
became:become begun:begin drawn:draw born:bear bore:bear shown:show thrown:throw torn:tear woken:wake woke:wake
worn:wear felt:feel meant:mean sang:sing drank:drink ate:eat eaten:eat forgot:forget hid:hide hidden:hide rang:ring
rung:ring risen:rise rode:ride sat:sit stood:stand slept:sleep understood:understand swam:swim
"""
_BASES = dict(pair.split(":") for pair in _IRREGULAR.split())


class Token(NamedTuple):
    """A word or number, where it stands, and what is left of it without its ending."""

    start: int
    end: int
    text: str
    stem: str


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word without its ending, a past form as its base; words of near the same meaning as one."""
    lower = re.sub(r"['’]s?$", "", word.lower())
    if lower[:1].isdigit():
        return lower.replace(",", "")
    lower = PASTS.get(lower) or _BASES.get(lower, lower)
    found = stems_of(lower, "en")
    base = found[0] if found else lower
    return _ALIKE.get(base, base)


def tokens(text: str) -> list[Token]:
    """Return the words and numbers of a text, in order."""
    return [Token(*match.span(), match.group(), stem(match.group())) for match in _TOKEN.finditer(text)]


def content(found: Sequence[Token]) -> list[Token]:
    """Return those of the words that carry content."""
    return [
        each for each in found if each.text.lower() not in STOP_WORDS and len(each.text) > (not each.text.isdigit())
    ]


def stems(text: str) -> list[str]:
    """Return the words of a text that carry content, without their endings."""
    return [each.stem for each in content(tokens(text))]


def balance(text: str) -> int:
    """Return how many quotations are open at the end of a text that begins outside of one."""
    opened = 0
    for mark in text:
        if mark in _OPENS:
            opened += 1
        elif mark in _CLOSES:
            opened -= 1
    return opened + text.count('"') % 2
