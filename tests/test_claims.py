from datetime import date

import pytest

from index.article import Article
from rag.claims import doubts
from rag.quotes import Quote

TEXT = (
    "Ada Quill, the mayor, opened the fair on Friday.\n\n"
    "The bridge did not reopen in March. It cost 1.4 million crowns, 12 percent more than planned.\n\n"
    "“The ferry is fine,” Quill said. Sales rose to 300 tonnes."
)
ARTICLE = Article(id="one", title="Fair", text=TEXT, publisher="Paper", published=date(2026, 3, 30))


def quote(words: str) -> Quote:
    start = TEXT.index(words)
    return Quote(ARTICLE, start, start + len(words))


@pytest.mark.parametrize(
    ("claim", "words", "sound"),
    [
        ("The bridge did not reopen in March.", "The bridge did not reopen in March.", True),
        ("The bridge reopened in March.", "The bridge did not reopen in March.", False),
        ("The bridge cost 1.4 million crowns.", "It cost 1.4 million crowns, 12 percent more than planned.", True),
        ("The bridge cost 1,400,000 crowns.", "It cost 1.4 million crowns, 12 percent more than planned.", True),
        ("The bridge cost 1.6 million crowns.", "It cost 1.4 million crowns, 12 percent more than planned.", False),
        ("It cost 12 crowns more.", "It cost 1.4 million crowns, 12 percent more than planned.", False),
        ("Ada Quill opened the fair.", "Ada Quill, the mayor, opened the fair on Friday.", True),
        ("Oscar Venn opened the fair.", "Ada Quill, the mayor, opened the fair on Friday.", False),
        ("The mayor opened the fair on 27 March.", "Ada Quill, the mayor, opened the fair on Friday.", True),
        ("The mayor opened the fair on 3 May.", "Ada Quill, the mayor, opened the fair on Friday.", False),
        ("Sales fell to 300 tonnes.", "Sales rose to 300 tonnes.", False),
        ("Sales rose to 300 tonnes.", "Sales rose to 300 tonnes.", True),
        ("Sales rose to 300 crowns.", "Sales rose to 300 tonnes.", False),
    ],
)
def test_what_the_quotes_do_not_bear_out_is_named(claim: str, words: str, sound: bool) -> None:
    found = doubts(claim, [quote(words)])
    assert (not found) == sound, found
    assert all(each.strip() for each in found)


def test_a_claim_without_quotes_or_words_is_no_error() -> None:
    assert isinstance(doubts("", [quote("The ferry is fine")]), tuple)
    assert isinstance(doubts("It cost 5 crowns.", []), tuple)
