import pytest

from index.article import Article
from index.errors import QuestionError
from rag.filters import Filters
from rag.retrieve import Retriever
from rag.speech import quotations, speaker_of, voice
from rag.speech.marks import marked
from rag.speech.said import said as said_by
from rag.speech.said import speakers
from tests.conftest import Run


def made(text: str) -> Article:
    return Article(id="one", title="One", text=text, publisher="Paper", published=None)


def said(text: str) -> list[tuple[str, str | None]]:
    return [(each.quote.text, each.speaker.name if each.speaker else None) for each in quotations(made(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will not pay for the old bridge,” said Ada Quill.", "Ada Quill"),
        ("“We will not pay for the old bridge,” Ada Quill said on Monday.", "Ada Quill"),
        ("“We will not pay for the old bridge,” said Mayor Ada Quill, who was elected in May.", "Ada Quill"),
        ("“We will not pay for the old bridge,” Ada Quill, the mayor, told reporters.", "Ada Quill"),
        ("In a letter on Monday, Ada Quill, the mayor, wrote: “We will not pay for the old bridge.”", "Ada Quill"),
        ("Ada Quill said that “we will not pay for the old bridge” and left.", "Ada Quill"),
        ("According to Ada Quill, “the old bridge is not worth a paint”.", "Ada Quill"),
        ("Ada Quill spoke last. Quill, 46, was calm. “We will not pay for the bridge,” she said.", "Ada Quill"),
        ("“We will not pay for the bridge,” said the town’s mayor, Ada Quill.", "Ada Quill"),
        ("“We will not pay for the bridge,” said Dr. Ada Quill, M.D.", "Ada Quill"),
        ("“We will not pay for the bridge,” a spokesman for Ada Quill said.", "a spokesman for Ada Quill"),
        ("“We will not pay for the bridge,” said Dr Ada May, a surgeon.", "Ada May"),
        ("The deal, dubbed Project Quill, would leave money “in the hands of the old council”.", None),
        (
            "Foreign minister Ada Quill came. Prime Minister Oscar Venn spoke. The prime minister said that "
            "“we will not pay for the old bridge”.",
            "Oscar Venn",
        ),
        (
            "Vera Venn met Oscar Quill and Ada Quill.\n\n“We will pay,” Quill said.\n\n“But not for the bridge,” "
            "she continued.",
            "Quill",
        ),
        ("“We will not pay for the bridge.”", None),
        ("Those who said “we will not pay for the bridge” went home.", None),
    ],
)
def test_who_speaks(text: str, expected: str | None) -> None:
    found = said(text)
    assert found
    assert found[-1][1] == expected


def test_a_heading_in_marks_is_nobodys() -> None:
    assert said("“We will pay for the bridge,” said Ada Quill.\n\n‘A star of the council’\n\nRain fell.")[1:] in (
        [],
        [("A star of the council", None)],
    )


def test_a_split_quotation_has_one_speaker() -> None:
    found = said("“We will not pay,” said Ada Quill, “and we will not be asked again.” “That is all I have to say.”")
    assert [name for _, name in found] == ["Ada Quill"] * 3


def test_a_quotation_goes_on_over_paragraphs_that_open_its_mark_again() -> None:
    found = said("“We will not pay for the bridge,” said Ada Quill. “It fell down.\n\n“And it will fall down again.”")
    assert found[1:] == [("It fell down.", "Ada Quill"), ("And it will fall down again.", "Ada Quill")]


def test_two_people_of_one_surname_are_told_apart() -> None:
    text = (
        "Mr Marten Holt met Mrs Maren Holt.\n\nMr Holt was late. “I gave two long blasts,” he said.\n\n"
        "“I heard nothing of the kind,” Mrs Holt said. “I was asleep,” she said."
    )
    assert [name for _, name in said(text)] == ["Marten Holt", "Maren Holt", "Maren Holt"]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “goose programme” goes on.",
        "She read “The Old Man and the Sea” on the ferry.",
        "The dogs' owners' club met at 5 o'clock in '98.",
        'An inch is 1" and a foot is 12".',
    ],
)
def test_not_everything_between_marks_is_said(text: str) -> None:
    assert not [name for _, name in said(text) if name]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("«Nous avons attendu huit mois», a-t-elle dit.", ["Nous avons attendu huit mois"]),
        ("„Wir haben acht Monate gewartet“, sagte sie.", ["Wir haben acht Monate gewartet"]),
        ("‘We won’t pay for it,’ she said.", ["We won’t pay for it,"]),
        ("She said “he told me ‘never’ twice” and left.", ["he told me ‘never’ twice"]),
        ("A mark “that is never closed", []),
    ],
)
def test_marks_of_all_shapes(text: str, inside: list[str]) -> None:
    assert [text[each.start : each.end] for each in marked(text)] == inside


def test_what_is_stated_attributed_and_quoted_are_told_apart() -> None:
    text = (
        "The bridge is safe. Ada Quill said the bridge was safe. “The bridge is as safe as a house,” said Oscar Venn."
    )
    article = made(text)
    starts = [text.index("The bridge is safe"), text.index("Ada"), text.index("The bridge is as")]
    ends = [starts[0] + 19, text.index(" “"), text.index(",”")]
    kinds = [voice(article, start, end) for start, end in zip(starts, ends, strict=True)]
    assert [each.kind for each in kinds] == ["stated", "attributed", "quoted"]
    assert [each.speaker.name if each.speaker else None for each in kinds] == [None, "Ada Quill", "Oscar Venn"]
    assert speaker_of(article, starts[2], ends[2]) == "Oscar Venn"
    assert speaker_of(article, starts[0], ends[0]) is None


def test_each_quotation_of_the_sample_archive_is_a_place_between_marks(retriever: Retriever) -> None:
    for each in ("wire-0001", "wire-0015"):
        article = retriever.article(each)
        assert article is not None
        found = quotations(article)
        assert found
        for quotation in found:
            assert article.text[quotation.quote.start - 1] in "“\"'‘"
            assert quotation.sentence[0] <= quotation.quote.start


@pytest.mark.parametrize(
    "text",
    [
        "“" * 20_000,
        "said " * 50_000,
        "“No, we will not pay,” she said. Ada Quill left. " * 2_000,
        "'" * 20_000,
        "A. B. C. " * 20_000,
        "",
    ],
)
def test_no_text_takes_long_or_fails(text: str) -> None:
    assert isinstance(quotations(made(text)), tuple)


def test_what_somebody_said_is_in_their_words_and_newest_first(retriever: Retriever) -> None:
    found = said_by(retriever, "Strake", k=50)
    assert len(found) >= 8
    assert {each.quotation.speaker.name for each in found if each.quotation.speaker} == {"Gideon Strake"}
    days = [each.quotation.quote.article.published for each in found]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]
    fewer = said_by(retriever, "Strake", k=50, filters=Filters(publishers=("fulmar",)))
    assert {each.quotation.quote.article.publisher for each in fewer} == {"Fulmar Wire"}


def test_what_somebody_said_about_something_comes_best_first(retriever: Retriever) -> None:
    [first, *_] = said_by(retriever, "Gideon Strake", "the horn of the new ferry")
    assert "loudest horn" in first.quotation.quote.text
    assert first.to_json()["speaker"] == "Gideon Strake"
    assert said_by(retriever, "Gideon Strake", "pumpkins") == []
    with pytest.raises(QuestionError, match="a speaker, a topic, or both"):
        said_by(retriever)


def test_who_is_quoted(retriever: Retriever) -> None:
    found = speakers(retriever)
    assert len(found) >= 30
    assert found[0].speaker.name == "Maren Holt"
    assert [each.quotations for each in found] == sorted((each.quotations for each in found), reverse=True)


def test_the_command_quotes(run: Run, archive: object) -> None:
    code, out, _ = run("quotes", "--speaker", "Finn", "--data", archive)
    assert code == 0
    assert "We have caught more fish in order to stand still," in out
    assert "Harald Finn" in out
    code, out, _ = run("quotes", "--speaker", "Nobody Atall", "--data", archive)
    assert (code, "--speakers lists who" in out) == (0, True)
    assert run("quotes", "--data", archive)[0] == 1
