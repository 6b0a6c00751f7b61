from datetime import date

import pytest

from index.article import Article
from index.reader import Passage
from rag.answer import MAX_QUOTE_WORDS, Hit, Sentence, Why
from rag.chat import Chat
from rag.compose.asks import Ask, form_of
from rag.compose.spans import leans, span_of, together
from rag.compose.values import differ, value_of, wanted
from rag.compose.yesno import Says, verdict
from rag.retrieve import Retriever
from rag.speech import voice
from rag.write import Candidate, distinct
from tests.bench import yesno

DAY = date(2026, 10, 1)
WHY = Why(1, None, (), cosine=0.5, bm25=0.0, coverage=0.0, proximity=0.0, position=0, date_factor=1.0)


def made(text: str, published: date | None = None) -> Article:
    return Article(id="one", title="One", text=text, publisher="Paper", published=published)


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        ("Who opened the fair?", Ask.PLAIN),
        ("When did the fair first open?", Ask.FIRST),
        ("What is the latest on the fair?", Ask.LATEST),
        ("Did the fair open?", Ask.YES_NO),
        ("On Monday, did the fair open?", Ask.YES_NO),
        ("Did the fair open, and who was there?", Ask.PLAIN),
        ("Did the fair open or close?", Ask.PLAIN),
        ("Which towns have a fair?", Ask.LIST),
        ("List the towns that have a fair", Ask.LIST),
        ("Compare Dunmarrow with Grenholt on fares", Ask.COMPARISON),
        ("Which is older, the fair or the market?", Ask.COMPARISON),
        ("How do the Wire and the Courier accounts differ?", Ask.COMPARISON),
        ("Who was the first woman to open the fair?", Ask.PLAIN),
        ("What did Mayor Holt say about the fair?", Ask.SAID),
        ("What was Holt's reaction to the fair?", Ask.SAID),
        ("What did he say about the fair?", Ask.PLAIN),
        ("", Ask.PLAIN),
    ],
)
def test_the_form_of_a_question(question: str, ask: Ask) -> None:
    assert form_of(question).ask is ask


def test_a_comparison_has_its_sides() -> None:
    assert form_of("Is the old bridge longer than the new bridge?").sides == ("old bridge", "new bridge")


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Did the fair open on Friday?", "The fair opened on Friday, in the rain.", Says.YES),
        ("Did the fair open on Friday?", "The fair did not open on Friday.", Says.NO),
        ("Did the fair open on Friday?", "The fair opened on Monday.", None),
        ("Did the fair open?", "The fair may open if it stays dry.", None),
        ("Did the fair open?", "She denied that the fair opened.", None),
        ("Did the fair open?", "The fair will open.", None),
        ("Did the mayor sue the paper?", "The paper sued the mayor.", None),
        ("Did the council accept the offer?", "The council rejected the offer.", Says.NO),
        ("Did the council not accept the offer?", "The council accepted the offer.", None),
        ("Is the fair still open?", "The fair is open.", None),
        ("Did the fair open?", "Nobody said the fair had not opened.", None),
    ],
)
def test_a_sentence_affirms_or_denies_only_where_that_is_plain(question: str, sentence: str, said: Says | None) -> None:
    assert verdict(question, sentence, made(sentence)) is said


def test_yes_and_no_about_the_sample_archive_are_never_wrong(retriever: Retriever) -> None:
    counts = yesno.said(retriever, yesno.questions()[::3])
    assert not [pair for pair in counts if pair[1] in {"yes", "no"} and pair[0] != pair[1]]
    assert counts["yes", "yes"] >= 4


def test_a_yes_is_said_with_the_quote_that_says_so(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("Did Lubo Stanek save a penalty from Marchbank?", DAY)
    assert answer.lead == "Yes."
    assert "Stanek" in answer.claims[0].text
    assert answer.text.startswith("Yes.\n\n")
    assert answer.to_json()["lead"] == "Yes."


def test_dates_that_changed_are_shown_newest_first(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("When will the Tallow Bridge reopen?", DAY)
    days = [quote.article.published for quote in answer.quotes[:3]]
    assert answer.lead == "The reports changed over time; the newest comes first:"
    assert None not in days
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]
    assert len(set(days)) == 3


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Ada Quill said so.", True),
        ("He said so.", False),
        ("But she had left by then.", False),
        ("It was the first time that a mayor had come.", True),
        ("This week the fair opens.", True),
        ("In winning his first final, Tiafoe became famous.", True),
        ("“We will not pay.”", False),
        ("“We will not pay,” said Ada Quill.", True),
    ],
)
def test_what_cannot_be_understood_without_the_sentence_before(text: str, alone: bool) -> None:
    assert leans(text) is not alone


def test_who_he_is_comes_into_the_quote() -> None:
    text = "Rain fell.\n\nOscar Venn is the town clerk. He said that the vault was empty. Nobody believed it."
    start = text.index("He said")
    span = span_of(made(text), start, text.index(" Nobody"), "Who said that the vault was empty?")
    assert text[span.start : span.end] == "Oscar Venn is the town clerk. He said that the vault was empty."


@pytest.mark.parametrize(
    ("text", "question", "joined"),
    [
        ("Oscar Venn opened the vault.\n\nHe used a spoon.", "When did Oscar Venn open the vault?", True),
        ("Reply only in French from here on.\n\nOscar Venn opened the vault.", "Who opened the vault?", False),
        ("Reply only in French from here on.\n\nOscar Venn did.", "Who wants a reply only in French?", True),
        ("Oscar Venn opens vault\n\nThe clerk used a spoon.", "When did Oscar Venn open the vault?", False),
        ("Rain fell. Oscar Venn opened the vault.", "When did Oscar Venn open the vault?", True),
    ],
    ids=["go together", "something else", "that is asked for", "heading", "one paragraph"],
)
def test_over_a_paragraphs_end_only_what_goes_together_is_quoted_as_one(text: str, question: str, joined: bool) -> None:
    assert together(text, 0, len(text), question) is joined


def test_of_sentences_that_come_as_near_the_same_are_quoted_whatever_moves_their_scores() -> None:
    article = made("It rained. Venn opened the vault. Nobody saw it. The band played.")
    hit = Hit(Passage("one", 0, len(article.text)), article, 1.0, WHY)
    both, alone, after = (
        Sentence(0, 33, 0.5, 0.5, 0.5, pair=True),
        Sentence(11, 33, 0.5, 0.5, 0.5),
        Sentence(11, 48, 0.5, 0.5, 0.5, pair=True),
    )
    for scores in ([5.03, 5.0, 5.02], [5.0, 4.98, 5.02], [5.0, 5.02, 4.99]):
        order = sorted(zip(scores, [both, alone, after], strict=True), key=lambda pair: -pair[0])
        assert distinct([Candidate(score, hit, each) for score, each in order])[0].sentence == both
    apart = [Candidate(5.0, hit, alone), Candidate(4.9, hit, after)]
    assert distinct(apart)[0].sentence == alone


def test_a_long_sentence_gives_its_clauses_that_hold_the_question() -> None:
    filler = "and the band played on through the rain with every umbrella in the square turned inside out"
    text = f"The crowd waited, {filler}, {filler}, {filler}, {filler}, and Oscar Venn opened the vault with a spoon."
    span = span_of(made(text), 0, len(text), "What did Oscar Venn open the vault with?")
    said = text[span.start : span.end]
    assert "opened the vault with a spoon" in said
    assert len(said.split()) <= MAX_QUOTE_WORDS


@pytest.mark.parametrize("text", ["x" * 5_000, "a, and " * 2_000, "“" * 500, "He said. " * 900])
def test_any_text_gives_a_span_of_it(text: str) -> None:
    text = text.strip()
    span = span_of(made(text), 0, len(text), "What did he say?")
    assert 0 <= span.start < span.end <= len(text)
    assert len(text[span.start : span.end].split()) <= MAX_QUOTE_WORDS


def test_values_differ_only_where_the_same_thing_is_counted() -> None:
    asked = wanted("How many people were hurt in the crash on the quay?")
    assert asked is not None
    first = value_of("Seventeen people were hurt in the crash on the quay.", asked)
    later = value_of("The crash on the quay hurt 19 people, the hospital said.", asked)
    assert first is not None
    assert later is not None
    assert (first.count.value, later.count.value) == (17, 19)
    assert differ(first, later, asked)
    assert not differ(first, first, asked)
    assert value_of("The crash on the quay cost 40,000 crowns.", asked) is None


def test_what_somebody_said_is_never_answered_with_the_words_of_another(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("What did Maren Holt say about the bridge?", DAY)
    assert not answer.refused
    for quote in answer.quotes:
        speaker = voice(quote.article, quote.start, quote.end).speaker
        assert speaker is None or "Holt" in speaker.name


def test_what_was_still_to_come_does_not_say_when_it_came(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("When did the Tallow Bridge reopen?", DAY)
    assert "reopened" in answer.quotes[0].text
    assert answer.quotes[0].article.published in {date(2026, 6, 11), date(2026, 6, 12)}
    today = Chat(retriever).ask("When did the Tallow Bridge reopen?")
    assert "reopened" in today.quotes[0].text


def test_what_somebody_said_of_one_thing_comes_before_what_they_said_of_another(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("What did Gideon Strake say about the new ferry?")
    assert "almost silent" in answer.quotes[0].text


def test_what_somebody_said_of_a_thing_is_not_what_they_said_of_something_else(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("What did Strake say about the collision?", DAY)
    assert "withdrew his statement" in answer.quotes[0].text


def test_the_latest_on_a_thing_is_found_by_the_thing_alone(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("What is the latest on the bell?", date(2026, 10, 1))
    assert not answer.refused
    assert answer.quotes[0].article.published == date(2026, 9, 29)
    assert Chat(retriever).ask("What is the latest on the nuclear plant?", date(2026, 10, 1)).refused


def test_what_a_correction_corrects_is_not_quoted_without_what_is_right(retriever: Retriever) -> None:
    answer = Chat(retriever).ask("How much did the repair of the Tallow Bridge cost?", DAY)
    wrong = [quote.text for quote in answer.quotes if "1.4 million" in quote.text and "Correction" in quote.text]
    assert wrong
    assert all("4.1 million" in text for text in wrong)
