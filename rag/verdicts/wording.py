"""How words between quotation marks may be set without being other words, and what was set otherwise than printed.

Typography: the shape of marks, dashes, ellipses and white space; ligatures and composed letters; a comma or full stop
that style puts inside the closing mark; ellipses at the two ends; "[sic]"; the capital of the first letter, bracketed
or not, where it does not make another word. Everything else in brackets is a word of whoever quotes.
"""

import re
from collections.abc import Iterator

from index.article import Article
from rag.quotes import Quote, typographic, verbatim

Places = tuple[list[Quote], tuple[str, ...]]
"""Where words stand in an article, and what in them was set otherwise; nothing where they are the same characters."""

_MOST_PLACES = 50
_OUTER = re.compile(r"\A\s*(?:[“”„«»\"]+\s*)?(.*?)(?:\s*[“”„«»\"]+)?\s*\Z", re.DOTALL)
_SINGLE = re.compile(r"\A\s*['‘‚‹]([^'‘’‚‹›]*)['’›]\s*\Z", re.DOTALL)
DOTS = r"(?:…|\.(?: ?\.){2,}+|[\[(](?:…|\.(?: ?\.){2,}+)[\])])"
"""A pattern: an ellipsis, bracketed or not."""
_EDGES = re.compile(rf"\A(?:\s*{DOTS})++\s*|(?<!…)(?<!…\s)\s*(?:{DOTS}\s*)++\Z")
_RUN = re.compile(r"\s{3,}")  # thousands of spaces would take time without end, and are one in what is compared
_SIC = re.compile(r"\s*\[sic\.?\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\A\[(\w)\](?=\w)")
_FINAL = re.compile(r"(?<=[^\s.,])[.,]\Z")
_STARTS = re.compile(r"(?:\A|[\n.?!:;“”\"‘'(\[–—-])\s*\Z")

_MARKS = {
    "the quotation marks": re.compile("[“”„‟«»″＂‘’‚‛‹›′＇`´\"']"),
    "the dashes": re.compile("[‐‑‒–—―−-]"),
    "an ellipsis": re.compile(r"…|\.{3}"),
    "the white space": re.compile(r"\s+"),
}


def places(article: Article, words: str) -> Places | None:
    """Return where words stand in an article, or None: verbatim before typographic, as given before mended."""
    for wording, notes in wordings(words):
        found = _some(verbatim(article, wording))
        if found and not notes:
            return found, ()
        found = found or _some(typographic(article, wording))
        if "case" in notes:
            found = [each for each in found if _case_is_free(each, wording)]
        if found:
            shown = found[0].text
            return found, (*_reshaped(wording, shown), *(_NOTES[note].format(shown.split()[0]) for note in notes))
    return None


_NOTES = {
    "edges": "the ellipses at the ends are not the article's",
    "sic": "“[sic]” is not the article's",
    "final": "the mark at the end is not the article's",
    "case": "the article writes “{}”, with the other kind of first letter",
    "bracket": "the article writes “{}”, without brackets",
}


def wordings(words: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the words may stand for, with what was mended in each: first as they are, then with ever more."""
    words = words.strip()
    yield words, ()
    words = _RUN.sub(" ", words)
    within = _SINGLE.match(words) or _OUTER.match(words)
    bare = within[1].strip() if within else words
    if bare != words:
        yield bare, ()
    mended: tuple[str, ...] = ()
    for name, pattern in (("edges", _EDGES), ("sic", _SIC)):
        without = pattern.sub("", bare)
        if without != bare:
            bare, mended = without, (*mended, name)
    without = _BRACKETED.sub(r"\1", bare)
    if without != bare:
        bare, mended = without, (*mended, "bracket")
    for ending, final in ((bare, ()), (_FINAL.sub("", bare), ("final",))):
        if final and ending == bare:
            continue
        yield ending, (*mended, *final)
        if swapped := _swapped(ending):
            yield swapped, (*mended, *final, *(() if "bracket" in mended else ("case",)))


def _swapped(words: str) -> str:
    """Return the words with the other kind of first letter, or nothing where there is none."""
    swapped = words[:1].swapcase()
    return swapped + words[1:] if len(swapped) == 1 and swapped != words[:1] else ""


def _case_is_free(quote: Quote, wording: str) -> bool:
    """Tell whether the first letter's case says nothing: raised to begin a quotation, or lowered from a beginning.

    "turkey" does not quote "Turkey", but for the first word of a sentence.
    """
    before = quote.article.text[max(0, quote.start - 4) : quote.start]
    return wording[0].islower() or _STARTS.search(before) is not None


def _some(found: Iterator[Quote]) -> list[Quote]:
    return [each for each, _ in zip(found, range(_MOST_PLACES), strict=False)]


def _reshaped(words: str, text: str) -> list[str]:
    """Name what of the typography differs."""
    names = [name for name, marks in _MARKS.items() if marks.findall(words) != marks.findall(text)]
    for marks in _MARKS.values():
        words, text = marks.sub("", words), marks.sub("", text)
    names += ["how letters are composed"] if words != text else []
    joined = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return [f"{joined} {'differ' if names[1:] or joined.endswith('s') else 'differs'}"] if names else []
