import pytest

from index.article import Article
from index.reader import Passage
from rag.answer import Hit, Why
from rag.budget import encoding, tokens, within

WHY = Why(None, None, (), cosine=0.5, bm25=0.0, coverage=0.0, proximity=0.0, position=0, date_factor=1.0)


def hit(text: str) -> Hit:
    return Hit(Passage("a", 0, len(text)), Article("a", "T", text), 1.0, WHY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("hello world", [15339, 1917]), ("tiktoken is great!", [83, 1609, 5963, 374, 2294, 0]), ("", []),
     ("<|endoftext|>", None)],
)  # fmt: skip
def test_the_encoding_is_cl100k_base(text: str, numbers: list[int] | None) -> None:
    found = encoding().encode_ordinary(text)
    assert encoding().decode(found) == text
    assert numbers in (None, found)


def test_a_special_token_in_an_article_is_plain_text() -> None:
    assert tokens("<|endoftext|>") > 1


def test_hits_are_kept_whole_as_long_as_they_fit_together() -> None:
    hits = [hit("word " * 100), hit("word " * 50), hit("x")]
    sizes = [tokens(each.text) for each in hits]
    assert within(hits, sum(sizes)) == hits
    assert within(hits, sum(sizes) - 1) == hits[:2]
    assert within(hits, sizes[0]) == hits[:1]
    assert within(hits, sizes[0] - 1) == hits[:1]  # with nothing to read, a writer could only refuse
    assert within([], 10) == []
