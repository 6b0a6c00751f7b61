import io
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from tests.documents import PARAGRAPHS, docx, epub, odt, packed, rtf

TEXT = "\n\n".join(PARAGRAPHS)


def loaded(raw: bytes, name: str) -> list[Article | LoadError]:
    Path(name).write_bytes(raw)
    return list(load(SourceFile(Path(name), name)))


def article(raw: bytes, name: str) -> Article:
    [found] = loaded(raw, name)
    assert isinstance(found, Article), found
    return found


def test_a_word_document_gives_title_author_and_paragraphs() -> None:
    found = article(docx("Ferry strike over"), "a.docx")
    assert (found.title, found.authors, found.text, found.published) == ("Ferry strike over", ("Bo Rusk",), TEXT, None)


def test_a_byline_in_a_document_goes_before_its_account() -> None:
    found = article(
        docx("Ferry strike over", ["By Ann Tey, The Courier", *PARAGRAPHS], author="admin"), "2026-03-28 a.docx"
    )
    assert (found.authors, found.publisher, found.text) == (("Ann Tey",), "The Courier", TEXT)
    assert (found.published, found.published_from) == (date(2026, 3, 28), "file name")


def test_tables_links_and_what_changes_are_tracked_as_inserted_are_text_and_deletions_are_not() -> None:
    from docx import Document
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = Document()
    made.add_paragraph("Votes were counted on Friday.")
    paragraph = made.add_paragraph("The offer was ")._p
    paragraph.append(parse_xml(f'<w:del {space} w:id="1"><w:r><w:delText>three</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins {space} w:id="2"><w:r><w:t>four per cent</w:t></w:r></w:ins>'))
    cells = made.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "Yes", "212"
    out = io.BytesIO()
    made.save(out)
    found = article(out.getvalue(), "a.docx")
    assert found.text == "Votes were counted on Friday.\n\nThe offer was four per cent\n\nYes\n\n212"


def test_an_opendocument_text_gives_its_text_notes_last_and_nothing_that_was_deleted() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:h>Ferry strike over</text:h>"
        "<text:p>It is<text:s/><text:span>over</text:span>, she said<text:note>"
        "<text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>On Friday.</text:p></text:note-body></text:note>.</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>212</text:p></table:table-cell></table:table-row>"
        "</table:table><office:annotation><text:p>Check this!</text:p></office:annotation><text:p/>"
    )
    meta = "<dc:title>untitled</dc:title><meta:initial-creator>Bo Rusk</meta:initial-creator>"
    meta += "<dc:language>fr-FR</dc:language>"
    found = article(odt(body, meta), "a.odt")
    assert (found.title, found.authors, found.language) == ("Ferry strike over", ("Bo Rusk",), "fr")
    assert found.text == "It is over, she said.\n\n212\n\nOn Friday."


def test_an_rtf_document_gives_title_and_paragraphs() -> None:
    found = article(rtf(title="Ferry “strike” over"), "a.rtf")
    assert (found.title, found.text) == ("Ferry “strike” over", TEXT)
    assert article(rtf(["Ferry strike over", *PARAGRAPHS]), "a.rtf").title == "Ferry strike over"


def test_old_rtf_with_bytes_of_its_code_page_is_read_by_that() -> None:
    raw = rb"{\rtf1\ansi\ansicpg1251\pard \'cc\'ee\'f1\'f2 \'e7\'e0\'ea\'f0\'fb\'f2.\par}"
    assert article(raw, "a.rtf").text == "Мост закрыт."


CHAPTERS = {"one.xhtml": f"<h1>The Bridge</h1><p>{TEXT}</p>", "two.xhtml": f"<h2>The Goose</h2><p>{TEXT}</p>",
            "two b.xhtml": "<p>It went on.</p>"}  # fmt: skip


def test_a_book_gives_an_article_for_each_chapter() -> None:
    about = ("<dc:title>Harbour Year</dc:title><dc:creator>Ann Tey</dc:creator><dc:date>2026-03-28T00:00:00Z</dc:date>"
             "<dc:language>en-GB</dc:language>")  # fmt: skip
    first, second = loaded(epub({"cover.xhtml": "<h1>To Bo</h1>", **CHAPTERS}, about), "a.epub")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [each.id for each in (first, second)] == ["a.epub/OEBPS/one.xhtml", "a.epub/OEBPS/two.xhtml"]
    assert [each.title for each in (first, second)] == ["The Bridge", "The Goose"]
    assert first.text.startswith("To Bo\n\n")
    assert second.text.endswith("It went on.")
    assert {(each.publisher, each.published, each.published_from, each.language, each.authors) for each in
            (first, second)} == {("Harbour Year", date(2026, 3, 28), "document", "en", ("Ann Tey",))}  # fmt: skip


def test_a_book_without_chapters_is_one_article() -> None:
    found = article(epub({"a.xhtml": f"<p>{PARAGRAPHS[0]}</p>", "b.xhtml": f"<p>{PARAGRAPHS[1]}</p>"}), "a.epub")
    assert (found.id, found.title) == ("a.epub", "Harbour Year")
    assert found.text == "\n\n".join(PARAGRAPHS[:2])


def test_an_entity_is_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "SECRET"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    content = "<?xml version='1.0'?>" + bomb + (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        "<text:p>One &a; two &f; three.</text:p></office:text></office:body></office:document-content>"
    )  # fmt: skip
    assert article(packed({"content.xml": content}), "a.odt").text == "One &a; two &f; three."


@pytest.mark.parametrize("ending", [".docx", ".odt", ".epub", ".rtf"])
@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 old", packed({"a": "b"}), b"{\\rtf1 }"])
def test_what_is_no_document_is_refused(ending: str, raw: bytes) -> None:
    [found] = loaded(raw, f"a{ending}")
    assert isinstance(found, LoadError)
    assert str(found).startswith(f"a{ending}: ")
    assert len(str(found)) < 250


def test_an_empty_document_is_refused() -> None:
    assert str(loaded(odt(""), "a.odt")[0]) == "a.odt: no text in it."
