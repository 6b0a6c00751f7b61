import pytest

from rag.llm.parse import Cited, Reading, Written

A, B = Cited(1, 1, 1), Cited(2, 3, 3)


def read(text: str, size: int) -> list[Written]:
    reading = Reading()
    found = [each for at in range(0, len(text), size) for each in reading.feed(text[at : at + size])]
    return found + reading.end()


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It reopened in May. [1.1] Then it rained. [2.3]", [("It reopened in May.", (A,)), ("Then it rained.", (B,))]),
        ("It reopened in May [1.1]. Then it rained [2.3].", [("It reopened in May.", (A,)), ("Then it rained.", (B,))]),
        ("[1.1] It reopened. [2.3] It rained.", [("It reopened.", (A,)), ("It rained.", (B,))]),
        ("[1.1] It reopened.\n[2.3] It rained.", [("It reopened.", (A,)), ("It rained.", (B,))]),
        ("It reopened.\n[1.1]\nIt rained.\n[2.3]", [("It reopened.", (A,)), ("It rained.", (B,))]),
        ("It reopened. [1.1][2.3] It rained.", [("It reopened.", (A, B)), ("It rained.", ())]),
        ("It reopened. [1.1, 2.3]", [("It reopened.", (A, B))]),
        ("It reopened [1.1; 2.3 and 1.1].", [("It reopened.", (A, B))]),
        ("It reopened [1.2-4].", [("It reopened.", (Cited(1, 2, 4),))]),
        ("It reopened [1.2–1.4].", [("It reopened.", (Cited(1, 2, 4),))]),
        ("It reopened [passage 2, sentence 3].", [("It reopened.", (Cited(2, None, None), Cited(3, None, None)))]),
        ("It reopened 【2.3】.", [("It reopened.", (B,))]),
        ("It reopened [sic] then. [1.1]", [("It reopened [sic] then.", (A,))]),
        ("Dr. Quill paid $3.5m to the U.S. Navy. [1.1]", [("Dr. Quill paid $3.5m to the U.S. Navy.", (A,))]),
        ("She said “We go. We win.” [1.1] He left.", [("She said “We go. We win.”", (A,)), ("He left.", ())]),
        ('She said "We go. We win." [1.1] He left.', [('She said "We go. We win."', (A,)), ("He left.", ())]),
        ("- It reopened. [1.1]\n- **It** rained. [2.3]", [("It reopened.", (A,)), ("It rained.", (B,))]),
        ("<think>[1.1] Hm. What? </think>It reopened. [2.3]", [("It reopened.", (B,))]),
        ("<think>It never ends. [1.1]", []),
        ("", []),
        (" \n\n [1.1] [", []),
        ("It reopened. [1.1] It", [("It reopened.", (A,)), ("It", ())]),
        ("It reopened [1.", [("It reopened [1.", ())]),
    ],
)  # fmt: skip
def test_sentences_and_what_they_cite_however_the_text_is_cut(text: str, size: int, said: list[object]) -> None:
    assert [(each.text, each.cited) for each in read(text, size)] == said


def test_a_sentence_is_given_out_when_the_next_begins() -> None:
    reading = Reading()
    assert reading.feed("It reopened in May. ") == []
    assert reading.feed("[1.1] ") == []
    assert reading.feed("Then it") == [Written("It reopened in May.", (A,))]


def test_a_quotation_that_never_ends_holds_back_only_so_much() -> None:
    text = "He said “we go. " + "And so it went on for long. " * 100
    reading = Reading()
    assert len(reading.feed(text)) > 10
