import pytest

from index.article import Article
from rag.llm.quoted import looked_up
from rag.verdicts import Verdict
from tests.rendered import article

ONE = article(
    id="one",
    text="“The bridge will not reopen before June,” Edda Quill said. “It is a matter of steel.” "
    "Geese watched the Navy’s tug.",
)
OTHER = article(id="other", text="The ferry sank in the fog, and nobody was hurt by it.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Quill said "It is a matter of steel."', "Quill said “It is a matter of steel.”"),
        ('Quill said: "it is a matter of steel", and left.', "Quill said: “It is a matter of steel”, and left."),
        ("Geese watched ‘the Navy's tug’.", "Geese watched ‘the Navy’s tug’."),
        ("Geese watched 'the Navy's tug'.", "Geese watched ‘the Navy’s tug’."),
        ("The workers' and the miners' tug: no quotation", "The workers' and the miners' tug: no quotation"),
        ('Quill said "It is a matter of steel," and left.', "Quill said “It is a matter of steel”, and left."),
        ("No marks at all.", "No marks at all."),
    ],
)
def test_what_the_article_has_is_set_as_it_has_it(text: str, shown: str) -> None:
    said, found = looked_up(text, [ONE], [ONE, OTHER])
    assert said == shown
    assert not found.refused
    assert all(quote.text in ONE.text and quote.text in said for quote in found.shown)


@pytest.mark.parametrize(
    ("words", "verdict", "cited"),
    [
        ("The bridge will reopen before June", Verdict.NOT_FOUND, [ONE]),
        ("The bridge will not reopen before July", Verdict.NOT_FOUND, [ONE]),
        ("The bridge … is a matter of steel", Verdict.STITCHED, [ONE]),
        ("The ferry sank in the fog", Verdict.MISATTRIBUTED, [ONE]),
        ("Bananas for everyone", Verdict.NOT_FOUND, [ONE, OTHER]),
    ],
)
@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’"])
def test_what_it_has_not_loses_its_marks(words: str, verdict: Verdict, cited: list[Article], marks: str) -> None:
    said, found = looked_up(f"She said {marks.format(words)} then.", cited, [ONE, OTHER])
    assert said == f"She said {words} then."
    assert [each.verdict for each in found.refused] == [verdict]
    assert found.shown == []


def test_words_of_another_speaker_lose_their_marks() -> None:
    said, found = looked_up("Tom Holt said “It is a matter of steel.”", [ONE], [ONE], "Tom Holt")
    assert [each.verdict for each in found.refused] == [Verdict.MISATTRIBUTED]
    assert "“" not in said


def test_a_true_quotation_within_a_false_one_keeps_its_own_marks() -> None:
    said, found = looked_up("“She said ‘It is a matter of steel’ to all of us here”", [ONE], [ONE])
    assert said == "She said ‘It is a matter of steel’ to all of us here"
    assert len(found.refused) == len(found.shown) == 1


@pytest.mark.parametrize("text", ["He said “we go", 'He said "we go', "we go” he said", "«", '"" “”', "‘we go"])
def test_a_mark_without_its_fellow_is_taken_out(text: str) -> None:
    said, found = looked_up(text, [ONE], [ONE])
    assert not set(said) & set('“”«"‘')
    assert found.shown == []
