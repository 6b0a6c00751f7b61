"""What readers of Word documents leave out: `python -m tests.bench.office [--also kreuzberg,docx2txt,docx]`.

One document has each thing that news drafts have (a link, a tracked insertion and deletion, a footnote, a text box, a
table, a list, a comment), with a word of its own. Ours is what `pullquote build` would read. Other readers, where they
are installed, are measured beside it.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Callable

from index.load.office import parse_docx
from tests.documents import docx

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RUN = "<w:r><w:t>{}</w:t></w:r>"
_BOX = (
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>'
    "<w:r><w:t>textbox</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
_PARTS = {
    "plain": f"<w:p>{_RUN.format('plain')}</w:p>",
    "link": f'<w:p><w:hyperlink w:anchor="x">{_RUN.format("link")}</w:hyperlink></w:p>',
    "inserted": f'<w:p><w:ins w:id="1" w:author="a">{_RUN.format("inserted")}</w:ins></w:p>',
    "footnote": '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
    "textbox": f"<w:p>{_BOX}</w:p>",
    "cell": f"<w:tbl><w:tr><w:tc><w:p>{_RUN.format('cell')}</w:p></w:tc></w:tr></w:tbl>",
    "field": f'<w:p><w:fldSimple w:instr="DATE">{_RUN.format("field")}</w:fldSimple></w:p>',
    "control": f"<w:sdt><w:sdtContent><w:p>{_RUN.format('control')}</w:p></w:sdtContent></w:sdt>",
    "smart": f'<w:p><w:smartTag w:element="x">{_RUN.format("smart")}</w:smartTag></w:p>',
}
_DELETED = '<w:p><w:del w:id="3"><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>'
_NOTES = f'<w:footnotes {_SPACE}><w:footnote w:id="2"><w:p>{_RUN.format("footnote")}</w:p></w:footnote></w:footnotes>'


def document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx("x", ["x"]))) as base, zipfile.ZipFile(made, "w") as packed:
        for info in base.infolist():
            raw = base.read(info)
            if info.filename == "word/document.xml":
                raw = (
                    f"<w:document {_SPACE}><w:body>{''.join(_PARTS.values())}{_DELETED}</w:body></w:document>".encode()
                )
            if info.filename == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                raw = raw.replace(
                    b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
                )
            if info.filename == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                raw = raw.replace(
                    b"</Relationships>",
                    f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
                )
            packed.writestr(info.filename, raw)
        packed.writestr("word/footnotes.xml", _NOTES)
    return made.getvalue()


def ours(raw: bytes) -> str:
    return "\n".join(each.text for each in parse_docx(raw, ""))


def by_docx(raw: bytes) -> str:
    from docx import Document

    opened = Document(io.BytesIO(raw))
    cells = (cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in opened.paragraphs), *cells])


def by_docx2txt(raw: bytes) -> str:
    import docx2txt

    return str(docx2txt.process(io.BytesIO(raw)))


def by_kreuzberg(raw: bytes) -> str:
    import kreuzberg

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return str(kreuzberg.extract_bytes_sync(raw, kind).content)


OTHERS: dict[str, Callable[[bytes], str]] = {"docx": by_docx, "docx2txt": by_docx2txt, "kreuzberg": by_kreuzberg}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--also", default="", help="other readers to compare with, by comma")
    raw = document()
    for name in ["ours", *filter(None, parser.parse_args().also.split(","))]:
        text = (OTHERS.get(name) or ours)(raw)
        lost = [part for part in _PARTS if part not in text]
        kept = "; keeps what was deleted" if "deleted" in text else ""
        sys.stdout.write(f"{name:10} {len(_PARTS) - len(lost)} of {len(_PARTS)} kinds of text, not {lost}{kept}\n")


if __name__ == "__main__":
    main()
