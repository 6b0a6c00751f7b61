"""A document as one HTML page that needs nothing else, and prints well: a browser's "Save as PDF" makes the PDF."""

from html import escape

from index.load.own import MARK, STATEMENT
from rag.exports.document import Document, Entry, clean, date_origin, day, reference
from rag.exports.links import live_link
from rag.quotes import Quote

_STYLE = """
@page { size: A4; margin: 22mm 20mm 24mm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1d1b18; background: #fff;
  font: 1.05rem/1.55 Georgia, "Times New Roman", serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; break-after: avoid; }
.own, dl, footer, figcaption { font: .85rem/1.45 system-ui, sans-serif; color: #55504a; }
figure { margin: 1rem 0 1.3rem; break-inside: avoid; }
blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid #8c2f1b; white-space: pre-wrap; }
figcaption { margin: .4rem 0 0 1rem; }
figcaption a { color: inherit; overflow-wrap: anywhere; }
.note { white-space: pre-wrap; background: #f6f2ea; padding: .6rem .8rem; }
.said { white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
section + section { border-top: 1px solid #ddd6ca; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html(document: Document) -> str:
    """Return a document as an HTML page."""
    title = words(document.title)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="generator" content="{MARK}">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header><h1 dir="auto">{title}</h1>'
        f'<p class="own">{words(STATEMENT)}</p></header>\n{"".join(map(_entry, document.entries))}'
        f"<footer><p>Made on {day(document.made.date())}.</p></footer>\n</body>\n</html>\n"
    )


def words(text: str) -> str:
    """Return text escaped, for between tags and within double quotes."""
    return escape(clean(text))


def _entry(entry: Entry) -> str:
    parts = [f'<h2 dir="auto">{words(entry.heading)}</h2>'] if entry.heading else []
    parts += [f'<p class="said" dir="auto">{words(each)}</p>' for each in entry.said]
    for claim in entry.claims:
        if not claim.is_quote:
            warning = f" <em>{words(claim.warning)}</em>" if claim.warning else ""
            parts.append(f'<p class="said" dir="auto">{words(claim.text)}{warning}</p>')
        parts += [_figure(quote) for quote in claim.quotes]
    parts += [f'<p class="note" dir="auto">{words(entry.note)}</p>'] if entry.note else []
    facts = "".join(f'<dt>{words(name)}</dt><dd dir="auto">{words(value)}</dd>' for name, value in entry.facts)
    parts += [f"<dl>{facts}</dl>"] if facts else []
    return f"<section>{''.join(parts)}</section>\n"


def _figure(quote: Quote) -> str:
    article, link = quote.article, live_link(quote)
    where = f' <a href="{words(link)}" rel="noopener noreferrer">At the words</a>' if link else ""
    return (
        f'<figure><blockquote lang="{words(article.language)}" dir="auto">{words(quote.text)}</blockquote>'
        f"<figcaption>— <bdi>{words(reference(article))}</bdi> ({words(date_origin(article))}).{where}"
        "</figcaption></figure>"
    )
