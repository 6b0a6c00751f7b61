"""Pullquote's own exports, told from articles: else they would be quoted as if a paper had printed them."""

import re

MARK = "pullquote-export:1"
"""Stands at the head of everything that Pullquote exports for people to read."""
STATEMENT = f"Exported by Pullquote ({MARK}): quotations from articles, and no article itself."
"""The same in words, on the page: it is still there when the export was printed, copied or converted."""
_HEAD_CHARS = 2_000
_MARKED = re.compile(r"pullquote-export:\d")


def is_own_export(text: str) -> bool:
    """Tell whether a file's text, or the text made of it, is an export of Pullquote.

    Only the head counts: what stands further down in an article, a reader's comment perhaps, keeps no article out.
    """
    return bool(_MARKED.search(text[:_HEAD_CHARS]))
