import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from index.builder import build_index
from index.errors import ReceiptError, SettingsError
from rag.answer import Answer, Claim, Reach
from rag.filters import Filters
from rag.quotes import Quote
from rag.receipts import SEAL, Receipt, read_receipt, receipt_of, seal, sha256, write_receipt
from rag.receipts.check import Standing, Verification, verify
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.conftest import Run
from tests.tiny import TinyEmbedder, write

WORDS = "The bridge will reopen on 15 December, the council said."
OTHER = "A goose bit the mayor twice."
ASKED = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


class Desk:
    """A small archive that can be changed, and the receipt of an answer that quotes two of its articles."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder / "articles", folder / "data"
        self.write("bridge.txt", f"Nine weeks ago it cracked. {WORDS} Nobody believed it.")
        self.write("goose.txt", f"{OTHER} It was led away.")
        self.write("ferry.txt", "The ferry sailed on time.")
        self.retriever = self.built()
        quotes = [self.quote("bridge.txt", WORDS), self.quote("goose.txt", OTHER)]
        self.answer = Answer(
            question="When?",
            searched="When will the bridge reopen?",
            as_of=date(2026, 4, 30),
            refused=False,
            confidence=0.75,
            claims=(Claim(WORDS, (quotes[0],), supported=True), Claim("Geese bite.", tuple(quotes), supported=False)),
            articles_searched=3,
            filters=Filters(publishers=("courier",), since=date(2026, 1, 1)),
            asked_at=ASKED,
            reach=Reach(date(2026, 1, 2), date(2026, 4, 3), 1, ("bridge", "reopen"), ("reopen",)),
        )
        self.receipt = receipt_of(self.answer, self.retriever)

    def write(self, name: str, text: str) -> Path:
        return write(self.folder, name, text, title=f"About {name}")

    def quote(self, key: str, words: str) -> Quote:
        article = self.retriever.article(key)
        assert article
        start = article.text.index(words)
        return Quote(article, start, start + len(words))

    def built(self) -> Retriever:
        build_index([self.folder], self.data, TinyEmbedder())
        return Retriever(Settings.load(data=self.data), TinyEmbedder())

    def verified(self, receipt: Receipt | None = None) -> Verification:
        return verify(receipt or self.receipt, self.built().index)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_receipt_says_what_an_answer_was_made_of(desk: Desk) -> None:
    made = desk.receipt.to_json()
    assert made["receipt"] == 1
    assert made["program"].startswith("pullquote ")
    assert made["asked_at"] == "2026-05-01T12:30:00Z"
    assert made["question"] == "When?"
    assert made["searched"] == {
        "question": "When will the bridge reopen?",
        "filters": "publisher:courier since:2026-01-01",
        "as_of": "2026-04-30",
        "articles": 3,
        "first": "2026-01-02",
        "last": "2026-04-03",
        "words": ["bridge", "reopen"],
        "words_in_no_article": ["reopen"],
    }
    manifest = desk.retriever.index.manifest
    assert (made["index"]["version"], made["index"]["articles_sha256"]) == (manifest.name, manifest.digest)
    assert made["index"]["model"] == "tiny@1"
    assert (made["refused"], made["confidence"], made["refuse_below"]) == (False, 0.75, 0.5)
    first, second = made["quotes"]  # each once, though two claims have the first
    article = desk.retriever.article("bridge.txt")
    assert article
    assert article.text[first["start"] : first["end"]] == first["text"] == WORDS
    assert (first["article_sha256"], first["text_sha256"]) == (article.digest, sha256(WORDS))
    assert second["text"] == OTHER
    assert [claim["quotes"] for claim in made["claims"]] == [[0], [0, 1]]
    assert [claim["supported"] for claim in made["claims"]] == [True, False]


def test_an_answer_of_the_archive_gives_a_receipt_that_holds(quick: Retriever, tmp_path: Path) -> None:
    from rag.chat import Chat

    answer = Chat(quick).ask("When will the Tallow Bridge reopen?")
    receipt = receipt_of(answer, quick)
    assert len(receipt.passages) == len(answer.hits) > 0
    assert [each.article_sha256 for each in receipt.passages] == [hit.article.digest for hit in answer.hits]
    assert abs((receipt.asked_at - datetime.now(UTC)).total_seconds()) < 600
    write_receipt(tmp_path / "r.json", receipt)
    read, sealed = read_receipt(tmp_path / "r.json")
    assert (read, sealed) == (receipt, True)
    found = verify(read, quick.index, sealed=sealed)
    assert found.holds
    assert found.same_archive is True
    assert len(found.checks) == len(answer.quotes) > 0
    assert all(each.now and each.now.text == each.quoted.text for each in found.checks)


def test_no_user_password_or_key_gets_into_a_receipt(desk: Desk) -> None:
    secret = replace(
        desk.answer,
        written_by="https://me:hunter2@llm.example/v1?key=sk-1#sk-2",
        fallback="http://me:hunter2@127.0.0.1:8080/v1?api_key=sk-1 did not answer",
    )
    made = receipt_of(secret, desk.retriever)
    assert (made.written_by, made.fallback) == ("https://llm.example/v1", "http://127.0.0.1:8080/v1 did not answer")
    said = json.dumps(made.to_json())
    assert not any(each in said for each in ("hunter2", "sk-1", "sk-2"))


def test_a_version_that_is_gone_is_named_all_the_same(desk: Desk) -> None:
    made = receipt_of(replace(desk.answer, version="20200101T000000000000-aaaaaa"), desk.retriever)
    assert (made.index.version, made.index.articles_sha256) == ("20200101T000000000000-aaaaaa", None)
    assert desk.verified(made).same_archive is None


def test_where_nothing_changed_every_quote_is_there(desk: Desk) -> None:
    found = desk.verified()
    assert found.holds
    assert found.counts == {"there": 2, "moved": 0, "changed": 0, "gone": 0, "altered": 0}


def test_words_that_still_stand_in_a_changed_article_have_moved(desk: Desk) -> None:
    desk.write("bridge.txt", f"Correction: it was ten weeks ago. {WORDS} Nobody believed it.")
    found = desk.verified()
    first, second = found.checks
    assert (first.standing, second.standing) == (Standing.MOVED, Standing.THERE)
    assert first.now
    assert first.now.text == WORDS
    assert first.now.start != first.quoted.start
    assert f"at [{first.now.start}, {first.now.end})" in first.says
    assert first.kept
    assert not found.holds
    assert found.same_archive is False


def test_of_several_places_the_nearest_is_where_words_have_moved_to(desk: Desk) -> None:
    desk.write("bridge.txt", f"{'It was late. ' * 40}{WORDS} Nine weeks. {WORDS}")
    start = desk.receipt.quotes[0].start
    [first, _] = desk.verified().checks
    assert first.now
    places = [520, 520 + len(f"{WORDS} Nine weeks. ")]
    assert first.now.start == min(places, key=lambda place: abs(place - start)) == places[0]


@pytest.mark.parametrize(
    ("now", "nearest"),
    [
        ("The bridge will reopen on 16 December, the council said.", "The bridge will reopen on 16 December"),
        ("Geese.", None),
    ],
)
def test_words_that_are_not_there_any_more_have_changed(desk: Desk, now: str, nearest: str | None) -> None:
    desk.write("bridge.txt", f"Nine weeks ago it cracked. {now} Nobody believed it.")
    first = desk.verified().checks[0]
    assert first.standing is Standing.CHANGED
    assert first.kept
    if nearest is None:
        assert first.now is None
        assert "nothing like these words" in first.says
    else:
        assert first.now
        assert first.now.text.startswith(nearest)


def test_a_number_within_a_longer_one_is_not_the_same_words(desk: Desk) -> None:
    desk.write("count.txt", "5 per cent voted.")
    desk.retriever = desk.built()
    quote = desk.quote("count.txt", "5 per cent voted")
    receipt = receipt_of(replace(desk.answer, claims=(Claim("x", (quote,), supported=True),)), desk.retriever)
    desk.write("count.txt", "In all 15 per cent voted.")
    assert desk.verified(receipt).checks[0].standing is Standing.CHANGED


def test_other_typography_is_a_change_that_is_said_to_be_one(desk: Desk) -> None:
    desk.write("goose.txt", "A goose bit the\u00a0mayor twice. It was led away.")
    second = desk.verified().checks[1]
    assert (second.standing, second.now is not None) == (Standing.CHANGED, True)
    assert "typography" in second.says


def test_an_article_that_is_gone_is_told_from_its_words(desk: Desk) -> None:
    (desk.folder / "bridge.txt").unlink()
    (desk.folder / "goose.txt").rename(desk.folder / "renamed.txt")
    first, second = desk.verified().checks
    assert (first.standing, second.standing) == (Standing.GONE, Standing.GONE)
    assert first.kept
    assert second.kept
    assert first.elsewhere == ()
    assert [(each.article.id, each.text) for each in second.elsewhere] == [("renamed.txt", OTHER)]
    assert "renamed.txt" in second.says


def test_another_archive_says_that_it_never_had_the_text(desk: Desk, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "a.txt", "Nothing to see.")
    build_index([tmp_path / "elsewhere"], tmp_path / "other", TinyEmbedder())
    other = Retriever(Settings.load(data=tmp_path / "other"), TinyEmbedder())
    found = verify(desk.receipt, other.index)
    assert [(each.standing, each.kept) for each in found.checks] == [(Standing.GONE, False)] * 2
    assert "does not have the text" in found.checks[0].says


def _forged(receipt: Receipt, place: int, *, sums: bool, **changed: object) -> Receipt:
    """Return a receipt with a quote changed; with `sums`, all sums are made anew, as a forger would."""
    made = receipt.to_json()
    made["quotes"][place] |= changed
    if sums:
        made["quotes"][place]["text_sha256"] = sha256(made["quotes"][place]["text"])
        made[SEAL] = seal(made)
    return Receipt.model_validate(made)


FORGED = WORDS.replace("15", "16")


@pytest.mark.parametrize("sums", [False, True])
@pytest.mark.parametrize(
    "changed",
    [{"text": FORGED}, {"start": 1}, {"start": 1, "end": 1 + len(WORDS)}, {"publisher": "The Times"},
     {"published": "2020-01-01"}, {"title": "Another"}],
    ids=lambda changed: "+".join(changed),
)  # fmt: skip
def test_a_receipt_that_was_tampered_with_is_found_out(
    desk: Desk, tmp_path: Path, *, sums: bool, changed: dict[str, object]
) -> None:
    write_receipt(tmp_path / "forged.json", _forged(desk.receipt, 0, sums=sums, **changed))
    receipt, sealed = read_receipt(tmp_path / "forged.json")
    found = verify(receipt, desk.built().index, sealed=sealed)
    assert sealed == sums
    assert [each.standing for each in found.checks] == [Standing.ALTERED, Standing.THERE]
    assert not found.holds


def test_a_quote_from_a_text_that_never_was_does_not_stand(desk: Desk) -> None:
    forged = _forged(desk.receipt, 0, sums=True, text=FORGED, article_sha256="0" * 64)
    first = desk.verified(forged).checks[0]
    assert (first.standing, first.kept) == (Standing.CHANGED, False)


def test_any_other_change_of_the_file_breaks_its_seal(desk: Desk, tmp_path: Path) -> None:
    for key in ("question", "confidence", "refused", "program"):
        made = desk.receipt.to_json()
        made[key] = {"confidence": 0.99, "refused": True}.get(key, "Something else")
        (tmp_path / "r.json").write_text(json.dumps(made), "utf-8")
        receipt, sealed = read_receipt(tmp_path / "r.json")
        assert not sealed, key
        assert not verify(receipt, desk.retriever.index, sealed=sealed).holds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "not a receipt"),
        ("\udcff", "not a receipt"),
        ("[1]", "no receipt of Pullquote"),
        ('{"question": "Who?"}', "no receipt of Pullquote"),
        ('{"receipt": 2, "program": "pullquote 9"}', "schema '2'; this program reads schema 1.*pullquote 9"),
        ('{"receipt": 1}', "a damaged receipt .*program"),
    ],
)
def test_what_is_no_receipt_gives_one_clear_error(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "r.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReceiptError, match=says) as error:
        read_receipt(file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "change",
    [lambda made: made.update(extra=1), lambda made: made["quotes"][0].pop("text"),
     lambda made: made.update(confidence="high"), lambda made: made.update(quotes={})],
)  # fmt: skip
def test_a_receipt_with_other_fields_is_damaged(
    desk: Desk, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    made = desk.receipt.to_json()
    change(made)
    (tmp_path / "r.json").write_text(json.dumps(made), "utf-8")
    with pytest.raises(ReceiptError, match="a damaged receipt"):
        read_receipt(tmp_path / "r.json")


def test_a_receipt_is_written_whole_or_not_at_all(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.json"
    file.write_text("before", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SettingsError, match="the receipt cannot be written there"):
        write_receipt(file, desk.receipt)
    assert file.read_text("utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir() if "r.json" in each.name] == ["r.json"]


# The commands


def test_ask_writes_a_receipt_that_verify_checks(archive: Path, run: Run, tmp_path: Path) -> None:
    question = "Where was the stolen tuba found?"
    code, out, _ = run("ask", question, "--data", archive, "--as-of", "2026-10-01", "--receipt", "r.json")
    assert code == 0
    assert "garden centre" in out
    code, out, err = run("verify", "r.json", "--data", archive)
    assert (code, err) == (0, "")
    assert "holds: " in out
    assert "there" in out
    made = json.loads(Path("r.json").read_text("utf-8"))
    made["quotes"][0]["text"] = made["quotes"][0]["text"].replace("tuba", "harp")
    Path("forged.json").write_text(json.dumps(made), "utf-8")
    Path("none.json").write_text("{}", "utf-8")
    code, out, err = run("verify", "r.json", "forged.json", "none.json", "--data", archive, "--json")
    assert code == 1
    assert err.startswith("error: none.json: JSON, but no receipt")
    found = json.loads(out)
    assert [each["holds"] for each in found] == [True, False, False]
    assert found[0]["quotes"][0]["standing"] == "there"
    assert found[1]["quotes"][0]["standing"] == "altered"
    assert not found[1]["sealed"]


def test_a_place_that_no_receipt_can_be_written_to_is_said_before_asking(quick: Retriever, run: Run) -> None:
    code, out, err = run("ask", "Who?", "--data", quick.settings.data, "--receipt", "nowhere/r.json")
    assert (code, out) == (1, "")
    assert err == "error: nowhere/r.json: cannot be written: its folder is not there.\n"
