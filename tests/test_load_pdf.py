from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from index.load.parsed import plausible_author, plausible_title
from tests.documents import PARAGRAPHS, Line, pdf, prose

A = "The ferry crews voted on Friday to end a strike that had kept the harbour of this town shut for eleven long weeks."
B = "Boats will leave again from Monday morning, the company said, and fares will stay exactly what they always were."


def loaded(raw: bytes, name: str = "a.pdf") -> Article | LoadError:
    Path(name).write_bytes(raw)
    [found] = load(SourceFile(Path(name), name))
    return found


def article(raw: bytes, name: str = "a.pdf") -> Article:
    found = loaded(raw, name)
    assert isinstance(found, Article), found
    return found


def below(*paragraphs: list[Line], gap: float = 8) -> list[Line]:
    """Set paragraphs under each other."""
    lines: list[Line] = []
    y = 520.0
    for each in paragraphs:
        lines += [(x, y - (each[0][1] - at), size, text) for x, at, size, text in each]
        y = lines[-1][1] - 13 - gap
    return lines


def test_lines_are_paragraphs_again() -> None:
    assert article(pdf([below(prose(A), prose(B))])).text == f"{A}\n\n{B}"


def test_an_indented_line_starts_a_paragraph_without_a_gap() -> None:
    lines = below(*(prose(each, indent=14) for each in (A, B, A, B)), gap=0)
    assert article(pdf([lines])).text == "\n\n".join([A, B, A, B])


def test_a_last_line_that_is_short_ends_a_paragraph_without_a_gap_or_an_indent() -> None:
    assert article(pdf([below(prose(A), prose(B), gap=0)])).text == f"{A}\n\n{B}"


def test_columns_are_read_one_after_the_other_and_a_paragraph_goes_on_in_the_next() -> None:
    first, second = prose(A, width=28)[:3], prose(A, width=28)[3:]
    right = [(240.0, 500 - 13 * row, size, text) for row, (_, _, size, text) in enumerate(second)]
    assert article(pdf([[*first, *right]])).text == A


def test_a_paragraph_goes_on_on_the_next_page_without_the_running_heads_between() -> None:
    lines = prose(" ".join([A] * 4), y=520)
    pages = [
        [(60.0, 560.0, 8.0, "THE HARBOUR LANTERN"), *lines[row : row + 4], (200.0, 40.0, 8.0, str(row // 4 + 3))]
        for row in range(0, len(lines), 4)
    ]
    assert len(pages) > 2
    assert article(pdf(pages)).text == " ".join([A] * 4)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The harbour was re-", "opened by the mayor."], "The harbour was reopened by the mayor."),
        (["A well-known and well-", "known boat."], "A well-known and well-known boat."),
        (["It was the Anglo-", "Saxon boat."], "It was the Anglo-Saxon boat."),
        (["Between 2024-", "2025 it was shut."], "Between 2024-2025 it was shut."),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_only_where_the_word_has_it(lines: list[str], text: str) -> None:
    assert article(pdf([[(60, 500 - 13 * row, 10, line) for row, line in enumerate(lines)]])).text == text


def test_what_is_set_largest_on_the_first_page_is_the_title() -> None:
    lines = [
        (60, 550, 20, "Ferry strike"),
        (60, 526, 20, "over at last"),
        (60, 505, 10, "By Ann Tey, Courier"),
        *prose(A, y=480),
    ]
    found = article(pdf([lines], {"Title": "Microsoft Word - strike_v3.doc", "Author": "admin"}))
    assert (found.title, found.authors, found.publisher, found.text) == (
        "Ferry strike over at last", ("Ann Tey",), "Courier", A,
    )  # fmt: skip


def test_metadata_give_title_author_and_day_and_where_the_day_is_from() -> None:
    about = {"Title": "The strike: an account", "Author": "Bo Rusk", "CreationDate": "D:20260328101500+01'00'"}
    found = article(pdf([prose(A)], about))
    assert (found.title, found.authors, found.published, found.published_from) == (
        "The strike: an account", ("Bo Rusk",), date(2026, 3, 28), "document",
    )  # fmt: skip
    named = article(pdf([prose(A)], about), "2026-03-20-strike.pdf")
    assert (named.published, named.published_from) == (date(2026, 3, 20), "file name")


@pytest.mark.parametrize("made", ["D:20269999", "D:", "yesterday", "D:00000000000000"])
def test_a_day_that_is_none_is_not_known(made: str) -> None:
    found = article(pdf([prose(A)], {"CreationDate": made}))
    assert (found.published, found.published_from) == (None, "unknown")


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - x.doc", "untitled", "Untitled-1", "Document1", "Slide 1", "report_final.indd", "", "12345",
     "http://a.b/c", "Adobe Photoshop PDF", "scan0001"],
)  # fmt: skip
def test_what_programs_write_is_no_title(title: str) -> None:
    assert plausible_title(title) is None


@pytest.mark.parametrize(
    "title", ["Document shows mayor knew", "Untitled works fetch millions", "Scan", "1984 and all that"]
)
def test_a_title_that_only_begins_so_is_one(title: str) -> None:
    assert plausible_title(title) == (None if title == "Scan" else title)


def test_accounts_are_no_authors() -> None:
    assert not any(
        map(plausible_author, ["admin", "User", "jdoe42", "a@b.c", "Microsoft Office User", "", None, "C:\\x"])
    )
    assert all(map(plausible_author, ["Ann Tey", "J. R. O’Neill-Tey", "市長の人"]))


def test_a_scan_is_refused_with_what_to_do() -> None:
    found = loaded(pdf([[]]))
    assert str(found) == "a.pdf: no text in it (pages: 1, a scan? Run OCR on it first)."


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"\x00" * 100, b"no PDF at all", pdf([prose(A)])[:300]])
def test_what_is_no_pdf_is_refused(raw: bytes) -> None:
    assert str(loaded(raw)).startswith(("a.pdf: not a PDF that can be read", "a.pdf: no text in it"))


def test_a_broken_table_of_its_objects_loses_no_text() -> None:
    raw = pdf([prose(PARAGRAPHS[0])])
    assert article(raw.replace(b"startxref\n", b"startxref\n9")).text == PARAGRAPHS[0]
