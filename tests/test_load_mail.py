from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from tests.documents import PARAGRAPHS, mail

TEXT = "\n\n".join(PARAGRAPHS)
PAGE = (
    "<html><body><table><tr><td><a href='http://x'>View in browser</a></td></tr><tr><td>"
    + "".join(f"<p>{each}</p>" for each in PARAGRAPHS * 3)
    + "</td></tr><tr><td>Unsubscribe</td></tr></table></body></html>"
)


def loaded(raw: bytes, name: str = "a.eml") -> list[Article | LoadError]:
    Path(name).write_bytes(raw)
    return list(load(SourceFile(Path(name), name)))


def article(raw: bytes) -> Article:
    [found] = loaded(raw)
    assert isinstance(found, Article), found
    return found


def test_a_message_is_an_article_by_its_sender_of_its_day() -> None:
    found = article(mail())
    assert (found.id, found.title, found.text, found.publisher) == (
        "m1@lantern.example", "Ferry strike over", TEXT, "Harbour Lantern",
    )  # fmt: skip
    assert (found.published, found.published_from, found.source) == (date(2026, 3, 28), "mail header", "a.eml")


def test_the_page_in_a_message_goes_before_its_plain_text() -> None:
    found = article(mail(html=PAGE, plain="Open this in a browser."))
    assert all(each in found.text for each in PARAGRAPHS)
    assert "browser" not in found.text.replace("View in browser", "")
    assert "<" not in found.text


def test_a_page_that_is_laid_out_in_ways_that_no_article_is_loses_no_words() -> None:
    short = "<html><body><div>Bridge shut.</div><div>Ferry late.<br>Goose loose.</div></body></html>"
    assert article(mail(html=short, plain="x")).text.replace("\n\n", "\n") == "Bridge shut.\nFerry late.\nGoose loose."


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("=?utf-8?B?TWF5b3Ig4oCcbm/igJ0=?=", "Mayor “no”"), ("=?x-no?Q?a?=", "=?x-no?Q?a?="), ("=?utf-8?B?!!!?= x", None),
     ("Two\n lines", "Two lines"), ("caf\u00e9", "café")],
)  # fmt: skip
def test_subjects_are_read_in_any_coding(subject: str, shown: str | None) -> None:
    found = article(f"Subject: {subject}\n\n{TEXT}".encode())
    assert found.title == shown or (shown is None and found.title)


def test_attachments_are_not_text() -> None:
    raw = mail().replace(
        b"Content-Type: text/plain", b'Content-Disposition: attachment; filename="a.txt"\nContent-Type: text/plain'
    )
    assert str(loaded(raw)[0]) == "a.eml: no text in this message."


@pytest.mark.parametrize("encoding", ["cp1252", "nonsense", "utf-16"])
def test_a_wrong_character_set_loses_no_message(encoding: str) -> None:
    raw = (
        b"Content-Type: text/plain; charset=" + encoding.encode() + b"\nSubject: S\n\ncaf\xe9 and \x93quotes\x94 here\n"
    )
    assert article(raw).title == "S"


def test_a_mailbox_gives_each_message_and_lines_that_begin_with_from() -> None:
    body = b"Subject: %s\n\nOne line.\n\n>From the start it was so.\n\nFromage is no separator.\n\n"
    raw = b"".join(b"From a@b Sat Mar 28 10:00:00 2026\n" + body % name for name in (b"A", b"B"))
    first, second = loaded(raw, "a.mbox")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert [each.id for each in (first, second)] == ["a.mbox:1", "a.mbox:2"]
    assert [each.title for each in (first, second)] == ["A", "B"]
    assert first.text == second.text == "One line.\n\nFrom the start it was so.\n\nFromage is no separator."


def test_what_is_no_mailbox_is_refused() -> None:
    assert str(loaded(b"Subject: x\n\ny", "a.mbox")[0]) == (
        "a.mbox: not a mailbox (mbox): it does not begin with a line “From …”."
    )
    assert loaded(b"", "a.mbox") == []


@pytest.mark.parametrize("raw", [b"", b"\0\0", b"Subject: x\n", b"Content-Type: multipart/mixed\n\nx", b"\xff" * 99])
def test_what_has_no_text_or_is_no_message_gives_one_error_or_its_words(raw: bytes) -> None:
    [found] = loaded(raw)
    assert isinstance(found, LoadError) or found.text.strip()


def test_parts_nested_a_thousand_deep_do_not_stop_it() -> None:
    raw = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth) for depth in range(3000))
    [found] = loaded(raw + b"\nText.\n")
    assert isinstance(found, LoadError) or "Text." in found.text


def test_parameters_without_end_are_not_read() -> None:
    many = "".join(f';\n p{number}="' for number in range(200_000))  # read by Python, they would take minutes
    found = article(f"Subject: Ferry\nContent-Type: text/plain{many}\nFrom: a@b.example\n\n{TEXT}".encode())
    assert (found.title, found.text, found.publisher) == ("Ferry", TEXT, "a@b.example")
    [error] = loaded(f"Content-Type: multipart/mixed; boundary=b{many}\n\n--b\n\n{TEXT}\n--b--\n".encode())
    assert isinstance(error, LoadError)
