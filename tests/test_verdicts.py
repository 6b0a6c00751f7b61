import pytest

from index.article import Article
from index.reader import open_version
from rag.verdicts import Verdict, check
from rag.verdicts.archive import finder
from rag.verdicts.speakers import Same, same_speaker
from tests.conftest import Run

TEXT = (
    "The bridge will not reopen in May, the council said. It cost 1,250 crowns.\n\n"
    "“We won’t pay for it – not ever,” said Ada Quill, the mayor. “The ferry is fine.”\n\n"
    "Oscar Venn laughed. “I would pay for a better bridge at once,” he said."
)


def made(text: str, key: str = "one") -> Article:
    return Article(id=key, title=key.title(), text=text, publisher="Paper", published=None)


HERE = made(TEXT)
THERE = made("The geese left the pond in April, and nobody saw where they went.", "two")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("The bridge will not reopen in May", Verdict.EXACT),
        ("We won't pay for it - not ever", Verdict.TYPOGRAPHY),
        ("the bridge will not reopen in May", Verdict.TYPOGRAPHY),
        ("The bridge will reopen in May", Verdict.NOT_FOUND),
        ("It cost 250 crowns", Verdict.NOT_FOUND),
        ("It cost 1,251 crowns", Verdict.NOT_FOUND),
        ("250 crowns", Verdict.NOT_FOUND),
        ("The bridge will not reopen … The ferry is fine", Verdict.STITCHED),
        ("The geese left the pond in April", Verdict.MISATTRIBUTED),
        ("Nobody has ever said this about anything", Verdict.NOT_FOUND),
        ("", Verdict.NOT_FOUND),
        ("…!?", Verdict.NOT_FOUND),
    ],
)
def test_each_verdict(words: str, verdict: Verdict) -> None:
    found = check(words, [HERE], [THERE])
    assert found.verdict is verdict
    assert found.shown == (verdict in {Verdict.EXACT, Verdict.TYPOGRAPHY})
    assert found.says
    if found.quote:
        assert found.quote.text in found.quote.article.text


def test_typography_is_repaired_to_the_articles_own_characters() -> None:
    found = check("We won't pay for it - not ever", [HERE])
    assert found.quote is not None
    assert found.quote.text == "We won’t pay for it – not ever"


def test_another_speaker_is_misattributed() -> None:
    words = "I would pay for a better bridge at once"
    assert check(words, [HERE], speaker="Oscar Venn").verdict is Verdict.EXACT
    assert check(words, [HERE], speaker="Venn").verdict is Verdict.EXACT
    found = check(words, [HERE], speaker="Ada Quill")
    assert found.verdict is Verdict.MISATTRIBUTED
    assert "Oscar Venn" in found.says


@pytest.mark.parametrize("part", [" ", ". ", "…", ".", "[", '"', "a", "the ", " [sic]", "… "])
def test_long_awkward_words_are_judged_all_the_same(part: str) -> None:
    assert check(f"a{part * 4_000}b", [HERE], [THERE]).verdict is Verdict.NOT_FOUND


def test_the_pieces_of_stitched_words_come_with_them() -> None:
    found = check("The bridge will not reopen … The ferry is fine", [HERE])
    assert [each.text for each in found.pieces] == ["The bridge will not reopen", "The ferry is fine"]


def test_a_cut_that_turns_the_meaning_is_warned_of() -> None:
    assert check("reopen in May, the council said", [HERE]).cautions
    assert not check("The bridge will not reopen in May, the council said", [HERE]).cautions


def test_what_comes_nearest_is_given_for_words_not_found() -> None:
    found = check("The bridge will reopen in May", [HERE])
    assert found.nearest is not None
    assert "will not reopen in May" in found.nearest.text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Quill", "Mayor Ada Quill", Same.YES),
        ("Ada Quill", "Edda Quill", Same.NO),
        ("A. Quill", "Ada Quill", Same.YES),
        ("Venn", "Quill", Same.NO),
        ("the mayor", "Ada Quill", Same.UNKNOWN),
        ("Quill", None, Same.UNKNOWN),
    ],
)
def test_names_of_speakers(one: str, other: str | None, same: Same) -> None:
    assert same_speaker(one, other) is same


def test_a_whole_archive_is_looked_through(run: Run, archive: object) -> None:
    words = "We have caught more fish in order to stand still"
    find = finder(open_version(archive))  # type: ignore[arg-type]
    assert [each.id for each in find(words)] == ["wire-0001"]
    code, said, _ = run("check", words, "--data", archive)
    assert code == 0
    assert said.startswith("EXACT ")
    assert "Harald Finn" in said
    code, said, _ = run("check", words, "--speaker", "Gideon Strake", "--data", archive, "--json")
    assert code == 3
    assert '"misattributed"' in said
    code, said, _ = run("check", "We have caught less fish in order to stand still", "--data", archive)
    assert code == 3
    assert said.startswith("NOT FOUND")
    assert run("check", "…", "--data", archive)[0] == 1
