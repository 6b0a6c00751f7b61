"""Takes what was kept out of Pullquote: to read and print (Markdown, HTML), and to cite (BibTeX, RIS, CSL-JSON).

Every quote is a place in an article here, too, and its words are read from the article. Reading formats say of
themselves that they are no articles (`index.load.own`), so that they are not taken for some when they lie among them.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from index.errors import SettingsError
from rag.exports.citations import bibtex, csl_json, ris
from rag.exports.document import Document, citation, document_of
from rag.exports.html import html
from rag.exports.links import live_link
from rag.exports.markdown import markdown

__all__ = ["FORMATS", "Document", "Exported", "Format", "citation", "document_of", "export", "export_file", "live_link"]


class Format(NamedTuple):
    """A way to write a document."""

    ending: str
    """Of a file's name."""
    mime: str
    write: Callable[[Document], str]


FORMATS: dict[str, Format] = {
    "markdown": Format(".md", "text/markdown; charset=utf-8", markdown),
    "html": Format(".html", "text/html; charset=utf-8", html),
    "bibtex": Format(".bib", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": Format(".ris", "application/x-research-info-systems; charset=utf-8", ris),
    "csl-json": Format(".json", "application/vnd.citationstyles.csl+json", csl_json),
}


def export(document: Document, form: str) -> str:
    """Return a document in a format.

    Raises:
        SettingsError: there is no such format.
    """
    if form not in FORMATS:
        raise SettingsError(f"{form!r}: no such format. There are: {', '.join(FORMATS)}.")
    return FORMATS[form].write(document)


class Exported(NamedTuple):
    """A document in a format, with what a file or a download is to be called."""

    name: str
    mime: str
    text: str


def export_file(document: Document, form: str) -> Exported:
    """Return a document in a format, with a plain name for its file.

    Raises:
        SettingsError: there is no such format.
    """
    text = export(document, form)
    name = re.sub(r"[^\w]+", "-", document.title.lower())[:60].strip("-") or "export"
    return Exported(f"{name}{FORMATS[form].ending}", FORMATS[form].mime, text)
