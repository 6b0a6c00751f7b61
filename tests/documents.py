"""Tiny documents of every kind, made by hand or by the library that makes them: for the tests of loaders."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

PARAGRAPHS = (
    "The ferry crews voted on Friday to end a strike that had kept the harbour shut for eleven weeks.",
    "“It is over,” said Ann Tey of the union, who called the offer of 4.5 per cent “thin, but honest”.",
    "Boats will leave again from Monday morning, the company said, and fares will stay what they were.",
)

Line = tuple[float, float, float, str]
"""x and y of its start, size, text: in points, y upwards; the characters of Latin-1."""


def pdf(pages: Sequence[Sequence[Line]], info: Mapping[str, str] | None = None) -> bytes:
    """Return a PDF of pages of lines, in Helvetica."""
    contents = [
        "".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({_pdf_string(text)}) Tj ET\n" for x, y, size, text in page
        ).encode("latin-1")
        for page in pages
    ]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(stream(content))
    about = "".join(f"/{key} ({_pdf_string(value)}) " for key, value in (info or {}).items())
    return pdf_of([*objects, f"<< {about}>>".encode("latin-1")])


def stream(content: bytes, about: str = "") -> bytes:
    """Return an object that is a stream."""
    return f"<< /Length {len(content)} {about}>>\nstream\n".encode() + content + b"\nendstream"


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of objects numbered from 1: the first is the catalog, the last says what it is about."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{tail}".encode()


def _pdf_string(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def prose(text: str, *, x: float = 60, y: float = 500, size: float = 10, width: int = 48, step: float = 13,
          indent: float = 0) -> list[Line]:  # fmt: skip
    """Return a paragraph wrapped at `width` characters, from top to bottom."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [(x + (indent if not row else 0), y - row * step, size, line) for row, line in enumerate(lines)]


def docx(title: str, paragraphs: Sequence[str] = PARAGRAPHS, *, author: str = "Bo Rusk") -> bytes:
    """Return a Word document, made by python-docx."""
    from docx import Document

    made = Document()
    made.core_properties.title, made.core_properties.author = title, author
    made.add_heading(title, 0)
    for each in paragraphs:
        made.add_paragraph(each)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def odt(body: str, meta: str = "") -> bytes:
    """Return an OpenDocument text of this markup (text:p, text:h …)."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "meta", "table")
    )
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names} {dc}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {names} {dc}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def rtf(paragraphs: Sequence[str] = PARAGRAPHS, title: str = "") -> bytes:
    """Return an RTF document as Word writes it, characters beyond ASCII as \\u escapes."""

    def escaped(text: str) -> str:
        pieces = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
        return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in pieces)

    info = f"{{\\info{{\\title {escaped(title)}}}}}" if title else ""
    body = "".join(f"\\pard {escaped(each)}\\par\n" for each in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Calibri;}}}}{info}\n{body}}}".encode()


def epub(chapters: Mapping[str, str], about: str = "<dc:title>Harbour Year</dc:title>") -> bytes:
    """Return an EPUB of files with these bodies, in this order."""
    items = "".join(f'<item id="c{place}" href="{escape(name)}" media-type="application/xhtml+xml"/>' for place, name in
                    enumerate(chapters))  # fmt: skip
    spine = "".join(f'<itemref idref="c{place}"/>' for place in range(len(chapters)))
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{about}</metadata><manifest>{items}</manifest>'
            f"<spine>{spine}</spine></package>",
            **{
                f"OEBPS/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}'
                "</body></html>"
                for name, body in chapters.items()
            },
        }
    )


def mail(subject: str = "Ferry strike over", *, html: str = "", plain: str = "\n\n".join(PARAGRAPHS)) -> bytes:
    """Return a message as it is sent, made by Python's own library."""
    from email.message import EmailMessage

    made = EmailMessage()
    made["Subject"], made["From"] = subject, "Harbour Lantern <news@lantern.example>"
    made["Date"], made["Message-ID"] = "Sat, 28 Mar 2026 23:30:00 +0100", "<m1@lantern.example>"
    made.set_content(plain)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()
