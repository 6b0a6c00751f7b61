"""Links to the live page at the very words, by text fragments.

`#:~:text=[prefix-,]start[,end][,-suffix]` (https://wicg.github.io/scroll-to-text-fragment/): browsers look for the
words, compared without regard to case and white space, and mark the first place where they stand as whole words.
"""

import re
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from rag.quotes import Quote

_EXACT_CHARS = 300  # as Google's fragment-generation-utils has it: longer ones are named by their ends
_ENDS, _MOST_ENDS = 4, 24  # words of each end, and the most where fewer stand elsewhere, too
_MOST_AROUND = 12  # words before or after
_USER = re.compile(r"(?<=://)[^/@\s?#]*@")


def web_address(url: str | None) -> str | None:
    """Return an address of the web, without the user and password that may stand in it; None for anything else."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    return percent_encoded(_USER.sub("", url), safe="/:?#[]@!$&'()*+,;=%~-._")


def live_link(quote: Quote) -> str | None:
    """Return a link to the page that a quote is from, at its words; None where the article has no address."""
    address = web_address(quote.article.url)
    if address is None:
        return None
    page = address.partition(":~:")[0]
    return f"{page}{'' if '#' in page else '#'}:~:text={_directive(quote)}"


def _directive(quote: Quote) -> str:
    text, start, end = _whole_words(quote)
    head = f"{quote.article.title}\n"  # it stands on the page, too
    page, start, end = _Page(head + text), start + len(head), end + len(head)
    words = page.text[start:end]
    if len(words) <= _EXACT_CHARS and "\n" not in words:
        shown = _encoded(words)
        pattern = words
    else:
        first, last = _ends(page, start, end)
        if not last:
            shown, pattern = _encoded(first), first
        else:
            shown, pattern = f"{_encoded(first)},{_encoded(last)}", first
    if page.count(pattern) < 2:
        return shown
    before, after = _around(page, start, end, pattern, alone="," not in shown)
    return f"{f'{_encoded(before)}-,' if before else ''}{shown}{f',-{_encoded(after)}' if after else ''}"


class _Page:
    """A text in which words are counted as a browser compares them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = _plain(text)

    def count(self, words: str) -> int:
        wanted = re.escape(_plain(words))
        return len(re.findall(rf"(?<!\w){wanted}(?!\w)", self._plain)) if wanted else 0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _whole_words(quote: Quote) -> tuple[str, int, int]:
    """Return the article's text and the quote's place in it, without white space around, widened to whole words."""
    text, start, end = quote.article.text, quote.start, quote.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < len(text) and _letter(text[start]) and _letter(text[start - 1]):
        start -= 1
    while 0 < end < len(text) and _letter(text[end - 1]) and _letter(text[end]):
        end += 1
    return text, start, end


def _letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _ends(page: _Page, start: int, end: int) -> tuple[str, str]:
    """Return the first and the last words of a span: as few as stand nowhere else, each within its paragraph."""
    spans = [(match.start(), match.end()) for match in re.finditer(r"\S+", page.text[start:end])]
    first = last = ""
    for size in range(_ENDS, _MOST_ENDS + 1):
        head, tail = spans[:size], spans[-size:]
        if size * 2 > len(spans):
            break
        first = page.text[start : start + head[-1][1]].partition("\n")[0].rstrip()
        last = page.text[start + tail[0][0] : end].rpartition("\n")[2].lstrip()
        if page.count(first) == page.count(last) == 1:
            break
    if not first:  # few words, over several lines
        half = max(1, len(spans) // 2)
        first = page.text[start : start + spans[half - 1][1]].partition("\n")[0].rstrip()
        last = page.text[start:end].rpartition("\n")[2].strip() if spans[half:] else ""
    return first, last


def _around(page: _Page, start: int, end: int, words: str, *, alone: bool) -> tuple[str, str]:
    """Return words before and after that tell this place from others; either may be empty."""
    before = [match.start() for match in re.finditer(r"\S+", page.text[:start])]
    after = [match.end() for match in re.finditer(r"\S+", page.text[end:])]
    lead = trail = ""
    for size in range(1, _MOST_AROUND + 1):
        if before[-size:]:
            lead = page.text[before[-size:][0] : start]
            if page.count(lead + words) == 1:
                return lead.strip(), ""
        if alone and after[:size]:
            trail = page.text[end : end + after[:size][-1]]
            if page.count(words + trail) == 1:
                return "", trail.strip()
            if lead and page.count(lead + words + trail) == 1:
                return lead.strip(), trail.strip()
    return lead.strip(), trail.strip()


def _encoded(words: str) -> str:
    """Return words as a directive has them: its own marks, the dash, the comma and the ampersand, as well."""
    plain = " ".join(words.split())
    return percent_encoded(plain, safe="", errors="replace").replace("-", "%2D")
