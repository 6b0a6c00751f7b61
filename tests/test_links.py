"""Links to the very words: their parts, read as a browser reads them, and by a real browser."""

import re
from urllib.parse import unquote

import pytest

from index.article import Article
from rag.exports.links import live_link, web_address
from rag.quotes import Quote

URL = "https://a.example/x"
LONG = " ".join(f"word{number}" for number in range(100))


def link(text: str, words: str, url: str = URL, title: str = "", nth: int = 0) -> str:
    starts = [match.start() for match in re.finditer(re.escape(words), text)]
    made = live_link(Quote(Article("a", title, text, url=url), starts[nth], starts[nth] + len(words)))
    assert made is not None
    return made


def parts(made: str) -> list[str]:
    """Return the parts of the directive as a browser decodes them; a dash shows which is prefix or suffix."""
    page, _, directive = made.partition(":~:text=")
    assert page == f"{URL}#"
    assert "&" not in directive
    return [unquote(part) for part in directive.split(",")]


def test_words_that_stand_once_are_named_alone() -> None:
    assert link("We will not pay. They said so.", "We will not pay.") == f"{URL}#:~:text=We%20will%20not%20pay."


def test_what_means_something_in_a_directive_is_encoded() -> None:
    made = link("He is well-known, rich & “free” – 100 %.", "well-known, rich & “free” – 100 %")
    assert made == f"{URL}#:~:text=well%2Dknown%2C%20rich%20%26%20%E2%80%9Cfree%E2%80%9D%20%E2%80%93%20100%20%25"


def test_words_that_stand_twice_have_what_is_beside_them() -> None:
    text = "First she said no. Then he said no. At last they said no"
    assert parts(link(text, "said no", nth=1)) == ["he-", "said no"]
    assert parts(link(text, "said no", nth=2)) == ["they-", "said no"]
    assert parts(link("Said no, twice. Said no, once.", "Said no", nth=0)) == ["Said no", "-, twice."]
    assert parts(link("It rained. It rained.", "It rained.", nth=1)) == ["rained.-", "It rained."]


def test_a_headline_with_the_same_words_counts() -> None:
    assert parts(link("On Friday it rained.", "it rained", title="Again It Rained")) == ["Friday-", "it rained"]


def test_long_words_are_named_by_their_ends() -> None:
    text = f"Before. {LONG} After."
    assert parts(link(text, LONG)) == ["word0 word1 word2 word3", "word96 word97 word98 word99"]
    same = f"word0 word1 word2 word3 other. {LONG}"
    assert parts(link(same, LONG)) == ["word0 word1 word2 word3 word4", "word95 word96 word97 word98 word99"]


def test_words_over_paragraphs_are_named_by_their_ends() -> None:
    text = "One two three four five.\n\nSix seven eight nine ten."
    assert parts(link(text, text)) == ["One two three four", "seven eight nine ten."]
    assert parts(link("Yes.\n\nNo.", "Yes.\n\nNo.")) == ["Yes.", "No."]


def test_a_cut_word_is_made_whole_and_space_is_left_out() -> None:
    assert parts(link("The harbour was closed.", "rbour was clos")) == ["harbour was closed"]
    assert parts(link("It was  \t closed again.", " was  \t closed ")) == ["was closed"]


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://a.example/x#part", "https://a.example/x#part:~:text=Words"),
        ("https://a.example/x#:~:text=old", "https://a.example/x#:~:text=Words"),
        ("https://a.example/x#part:~:text=old", "https://a.example/x#part:~:text=Words"),
        ("http://ann:secret@a.example/x?b=1&c=%20", "http://a.example/x?b=1&c=%20#:~:text=Words"),
        ("HTTPS://a.example/ü<>\"'", "HTTPS://a.example/%C3%BC%3C%3E%22'#:~:text=Words"),
    ],
)
def test_the_address_stays_what_it_was(url: str, made: str) -> None:
    assert link("Words", "Words", url=url) == made


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.example/x", "x", "", None, "https://", "http://[",
     "https://a.example/\nx", "https://a.example/ x", "java\tscript:x", "ftp://a.example/x", "https:///x"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_linked(url: str | None) -> None:
    assert web_address(url) is None
    assert live_link(Quote(Article("a", "", "Words", url=url), 0, 5)) is None


def test_words_of_no_proper_text_are_no_crash() -> None:
    for text in ("\ud800 half", "a\x00b", "   ", "\n", "中文字", "🦆", "\u202e", "---", "a" * 5_000):
        made = live_link(Quote(Article("a", text, f"{text} and {text}", url=URL), 0, len(text)))
        assert made
        assert made.isascii()
