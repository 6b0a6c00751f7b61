"""Words of claims and quotes, reduced so that forms of one word are alike. English; pure functions."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.english import AUXILIARIES, PASTS
from rag.question import STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FORMS = {
    "won": "win", "lost": "lose", "rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "men": "man",
    "women": "woman", "children": "child", "people": "person", "died": "die", "dead": "die", "lying": "lie",
    "gone": "go", "went": "go", "came": "come", "knew": "know", "thought": "think", "felt": "feel", "stood": "stand",
    "hurt": "injure", "wounded": "injure", "shut": "close",
}  # fmt: skip
_SMALL = STOP_WORDS | AUXILIARIES | {"not", "never", "would", "been", "also", "still", "yet", "one", "ever"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, in its place."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Tell whether it carries content."""
        return self.text not in _SMALL and len(self.stem) > 1


@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in lower case, in order."""
    return tuple(
        Word(lower := match.group().lower().replace("’", "'"), stem(lower), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def content(text: str) -> frozenset[str]:
    """Return the stems of the words that carry content."""
    return frozenset(word.stem for word in words(text) if word.content)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the forms of a word in lower case have in common: "reopened", "reopens", "reopening"."""
    word = re.sub(r"'s?$", "", word)
    word = _FORMS.get(word) or PASTS.get(word) or word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                break
            word = word[: -len(ending)] + instead
            if ending in ("ing", "ed") and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word
