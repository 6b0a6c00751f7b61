import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.builder import build_index, leave_out, restore
from index.copies.links import LINKS, Links, Newer
from index.copies.near import near_pairs
from index.copies.signed import canonical, marker
from index.copies.texts import same_words, signature
from index.errors import ArticleUnknown, IndexDamaged, NothingToIndex
from index.reader import open_version
from index.report import BuildReport
from rag.answer import Answer, Claim
from rag.chat import Chat
from rag.prints import Prints, completed
from rag.quotes import Quote, locate
from rag.receipts import receipt_of
from rag.receipts.check import Standing, verify
from rag.retrieve import Retriever
from rag.settings import Settings
from tests.tiny import TinyEmbedder

PARTS = [
    "The ferry Kestrel struck the north pier of the harbour on Saturday evening in thick fog, the harbour master said.",
    "Six passengers were taken to the hospital with cuts and broken bones, and one of them was kept there overnight.",
    "The crossing stays closed until divers have looked at the hull, which the company expects to take four days.",
    "It was the third accident at the pier this year, and the crews have asked for a light on it since the spring.",
    "The company runs nine boats on the estuary and carries about two million people every year, most of them to work.",
]  # fmt: skip
OTHER = [
    "The council met on Monday to talk about the pier where the ferry Kestrel had its accident on the weekend.",
    "Members were told that a light on the north pier would cost forty thousand crowns, and agreed to none of it.",
    "Two of them walked out when the chairman called the accident an act of God, and the meeting ended early.",
]  # fmt: skip
Build = Callable[..., BuildReport]


def record(key: str, parts: list[str], **more: object) -> dict[str, object]:
    made = {"id": key, "title": "Ferry strikes pier", "text": "\n\n".join(parts), "date": "2026-02-10"}
    return made | {"publisher": "Courier"} | more


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that builds an index of records, each in a file of its own."""

    def made(*records: dict[str, object]) -> BuildReport:
        folder = tmp_path / "news"
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for number, each in enumerate(records):
            (folder / f"{number}.jsonl").write_text(json.dumps(each) + "\n", "utf-8")
        return build_index([folder], tmp_path / "data", TinyEmbedder(max_pieces=254))

    return made


def archive(tmp_path: Path) -> Retriever:
    return Retriever(Settings.load(data=tmp_path / "data", refuse_below=0), TinyEmbedder(max_pieces=254))


def quoted(retriever: Retriever, key: str, words: str) -> Answer:
    """Return an answer that rests on words of one article, as a writer would give it."""
    article = retriever.article(key)
    assert article
    quote = locate(article, words)
    assert quote
    claim = Claim(quote.text, (quote,), supported=True)
    made = Answer("q", "q", None, refused=False, confidence=1.0, claims=(claim,))
    return completed(made, Prints(retriever.index))


# The same article again


def test_the_same_text_by_one_publisher_is_no_second_article(build: Build, tmp_path: Path) -> None:
    curly = [part.replace(" the ", "  the\n") for part in PARTS]
    report = build(record("a", PARTS), record("b", curly, title="Other headline"), record("c", PARTS, publisher="Post"))
    assert (report.articles, report.new) == (2, 2)
    assert report.copies == [f"{tmp_path / 'news/1.jsonl'}:1: the same article as 'a'"]
    again = build(record("a", PARTS), record("b", curly, title="Other headline"), record("c", PARTS, publisher="Post"))
    assert (again.published, again.unchanged, again.removed, again.copies) == (False, 2, 0, report.copies)


def test_of_the_same_articles_the_one_stays_that_tells_most(build: Build) -> None:
    bare = {"id": "bare", "text": "\n\n".join(PARTS)}
    assert build(bare, record("full", PARTS)).copies[0].endswith("the same article as 'full'")


def test_another_day_another_publisher_or_a_short_text_make_two(build: Build) -> None:
    short = {"id": "s1", "title": "Fire in town", "text": "Watch the video."}
    report = build(record("a", PARTS), record("b", PARTS, date="2026-02-11"), record("c", PARTS, publisher="Post"),
                   short, short | {"id": "s2", "title": "Flood in town"})  # fmt: skip
    assert (report.articles, report.copies) == (5, [])


def test_the_same_record_in_two_files_is_a_copy(build: Build, tmp_path: Path) -> None:
    report = build(record("a", PARTS), record("a", PARTS))
    assert report.copies == [f"{tmp_path / 'news/1.jsonl'}: the same article as 'a'"]


# Near-copies


def test_a_wire_story_in_two_papers_is_one_report(build: Build, tmp_path: Path) -> None:
    build(record("wire", PARTS, publisher="Wire", date="2026-02-09"),
          record("herald", PARTS[:4], publisher="Herald", title="Fog!"),
          record("post", [PARTS[0].replace("evening", "night"), *PARTS[1:]], publisher="Post"),
          record("council", OTHER))  # fmt: skip
    found = archive(tmp_path)
    assert [[found.index.members[place].id for place in each] for each in found.index.links.reports] == [
        ["wire", "herald", "post"]
    ]
    answer = quoted(found, "herald", PARTS[1])
    assert [each.id for each in answer.also_in] == ["wire", "post"]
    assert "Also in: Wire, Post (3 articles, 1 report)" in answer.text
    assert [each["article_id"] for each in answer.to_json()["claims"][0]["also_in"]] == ["wire", "post"]
    assert [each.id for each in quoted(found, "wire", PARTS[4]).also_in] == ["post"]  # the Herald had cut it
    assert quoted(found, "council", OTHER[1]).also_in == ()


def test_what_was_not_searched_is_not_named(build: Build, tmp_path: Path) -> None:
    build(record("a", PARTS), record("b", PARTS, publisher="Post"))
    found = archive(tmp_path)
    chat = Chat(found)
    both = chat.ask("How many passengers were taken to the hospital?")
    assert {each.id for each in both.also_in} | {both.quotes[0].article.id} == {"a", "b"}
    assert len({quote.text for quote in both.quotes}) == len(both.quotes)
    only = Chat(found).ask("How many passengers were taken to the hospital? publisher:post")
    assert (only.quotes[0].article.id, only.also_in) == ("b", ())


def test_hits_of_one_report_share_its_name(build: Build, tmp_path: Path) -> None:
    build(record("a", PARTS), record("b", PARTS[:4], publisher="Post"), record("c", OTHER))
    hits = archive(tmp_path).search("ferry pier accident", k=10)
    assert {hit.article.id: hit.printed for hit in hits}["c"] == "c"
    assert {hit.printed for hit in hits} == {"a", "c"}


def test_a_frame_around_two_articles_does_not_make_them_one(build: Build, tmp_path: Path) -> None:
    frame = [
        f"Caption {number} of the gallery shows player {number * 7} in game {number * 13}." for number in range(90)
    ]
    own = [[f"{word} {number} {word} {number * 3} {word} {number * 7} {word}." for number in range(20)]
           for word in ("say", "ask")]  # fmt: skip
    build(record("a", [*own[0], *frame]), record("b", [*own[1], *frame]))
    assert archive(tmp_path).index.links.reports == ()


def test_near_pairs_finds_cuts_and_changes_and_nothing_else() -> None:
    texts = ["\n".join(each) for each in (PARTS, PARTS[:3], OTHER, PARTS[4:] + OTHER[2:])]
    made = [signature(Article(str(number), "", text)) for number, text in enumerate(texts)]
    pairs = near_pairs([each.minima for each in made], [each.shingles for each in made], texts.__getitem__)
    assert [(pair.one, pair.other) for pair in pairs] == [(0, 1)]


# Corrections and updates

FIXED = [PARTS[0], PARTS[1].replace("Six", "Seven"), *PARTS[2:]]


def test_a_correction_is_cited_before_what_it_corrects(build: Build, tmp_path: Path) -> None:
    note = "Correction: An earlier version of this article gave a wrong number of passengers."
    report = build(record("old", PARTS), record("new", [*FIXED, note], date="2026-02-12", title="Ferry hits a pier"))
    assert report.superseded == ["old: corrected on 12 Feb 2026 by new"]
    answer = quoted(archive(tmp_path), "old", PARTS[1])
    assert [claim.text for claim in answer.claims] == [FIXED[1], PARTS[1]]
    assert [claim.superseded for claim in answer.claims] == ["", "corrected on 12 Feb 2026"]
    assert "was corrected on 12 Feb 2026: what the newer text says comes first" in answer.text
    instead = quoted(archive(tmp_path), "old", PARTS[2])
    assert [quote.article.id for quote in instead.quotes] == ["new"]
    assert "the newer text is quoted" in instead.text


def test_an_article_asked_for_is_followed_in_chat(build: Build, tmp_path: Path) -> None:
    build(record("old", PARTS), record("new", FIXED, date="2026-02-12"))
    answer = Chat(archive(tmp_path)).ask("How many passengers were taken to the hospital with cuts?")
    assert "new" in {quote.article.id for quote in answer.quotes}
    assert all(claim.superseded or claim.quotes[0].article.id != "old" for claim in answer.claims)


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ({"date": "2026-02-12"}, "updated"),  # one publisher, one title, most of the text, a later day
        ({"date": "2026-02-10"}, ""),  # not later
        ({"date": "2026-02-12", "publisher": "Post"}, ""),  # another paper's print of it
        ({"date": "2026-02-12", "title": "Quiet Sunday on the estuary"}, ""),
        ({"date": "2026-02-12", "title": "Correction: ferry accident"}, "corrected"),
        ({"date": "2026-02-12", "publisher": "Post", "title": "Updated: Ferry strikes pier"}, "updated"),
    ],
)
def test_what_stands_for_an_article(build: Build, more: dict[str, str], how: str) -> None:
    report = build(record("old", PARTS), record("new", FIXED, **more))
    assert [line.split()[1] for line in report.superseded] == ([how] if how else [])


def test_one_topic_is_no_update(build: Build) -> None:
    report = build(record("old", PARTS), record("new", OTHER, date="2026-02-12", title="Updated: Ferry strikes pier"))
    assert report.superseded == []


def test_an_article_at_the_same_address_stands_for_the_older_one(build: Build, tmp_path: Path) -> None:
    url = "https://www.courier.example/2026/ferry"
    report = build(record("old", PARTS, url=url),
                   record("new", [*OTHER, *PARTS[:2]], url=f"{url}?utm_source=x#top", date="2026-02-13"))  # fmt: skip
    assert report.superseded == ["old: updated on 13 Feb 2026 by new"]
    elsewhere = build(record("old", PARTS, url="https://courier.example/"),
                      record("new", OTHER, url="https://courier.example/", date="2026-02-13"))  # fmt: skip
    assert elsewhere.superseded == []
    assert archive(tmp_path).index.links == Links()


def test_a_renewed_file_of_one_address_is_changed_and_embeds_what_changed(build: Build, tmp_path: Path) -> None:
    url = "https://courier.example/2026/ferry"
    long = [part for part in PARTS for _ in range(3)]
    build(record("a", long, url=url))
    receipt = receipt_of(quoted(archive(tmp_path), "a", PARTS[1]), archive(tmp_path))
    report = build(record("b", [*long[:-1], "A light was promised for the spring."], url=url))
    assert (report.new, report.changed, report.removed) == (0, 1, 0)
    assert 0 < report.embedded < report.passages
    [check] = verify(receipt, open_version(tmp_path / "data")).checks
    assert check.standing is Standing.MOVED
    assert check.now is not None
    assert check.now.article.id == "b"
    digest = receipt.quotes[0].article_sha256
    assert f"(revision {digest[:12]}, first read on " in check.says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Correction: the bridge cost 1.4 million.", "corrected"),
        ("x" * 900 + "\nThis story has been corrected to say that it was Monday.", "corrected"),
        ("Updated 5:00 p.m. The bridge is closed.", "updated"),
        ("This article was updated on Friday with a statement.", "updated"),
        ("The corrections officer updated her colleagues.", ""),
        ("He made a correction to the map; the update of the software failed.", ""),
    ],
)
def test_markers_are_what_a_newsroom_says_of_its_article(text: str, says: str) -> None:
    assert marker(Article("a", "Bridge", text)) == says


def test_addresses_have_one_way_of_writing() -> None:
    one = canonical("http://www.Courier.example/a/ferry/?utm_source=mail#top")
    assert one == canonical("https://courier.example/a/ferry") == "courier.example/a/ferry"
    assert canonical("https://courier.example/?p=12") != canonical("https://courier.example/?p=13")
    assert [canonical(each) for each in (None, "", "https://courier.example/", "http://[bad")] == 4 * [""]


def test_typography_is_no_difference() -> None:
    assert same_words("“It’s  late” — he said…") == same_words('"It\'s late" - he said...')
    assert same_words("1.5 million") != same_words("15 million")


# The version's file


def test_a_version_without_links_opens_and_the_next_build_makes_them(build: Build, tmp_path: Path) -> None:
    both = (record("a", PARTS), record("b", PARTS, publisher="Post"))
    first = build(*both)
    folder = tmp_path / "data/versions" / first.version
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][LINKS]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / LINKS).unlink()
    assert open_version(tmp_path / "data").links == Links()
    second = build(*both)
    assert (second.published, second.embedded) == (True, 0)
    assert len(open_version(tmp_path / "data").links.reports) == 1
    (tmp_path / "data/versions" / second.version / LINKS).write_text("{}")
    with pytest.raises(IndexDamaged, match="changed since it was written"):
        open_version(tmp_path / "data")


def test_links_come_back_as_they_were_written(tmp_path: Path) -> None:
    made = Links(((0, 2),), {1: Newer(0, "updated", date(2026, 1, 2)), 3: Newer(2, "corrected", None)})
    made.write(tmp_path)
    assert Links.read(tmp_path) == made


# Left out


def test_a_removed_article_stays_out_until_it_is_restored(build: Build, tmp_path: Path) -> None:
    data, embedder = tmp_path / "data", TinyEmbedder(max_pieces=254)
    three = [record("a", PARTS), record("b", OTHER), record("c", PARTS[3:], title="Light")]
    first = build(*three)
    report = leave_out(["b"], data, embedder)
    assert (report.published, report.embedded, report.articles, embedder.embedded) == (True, 0, 2, [])
    assert open_version(data).article("b") is None
    renamed = record("other", OTHER)
    again = build(three[0], renamed, three[2])
    assert (again.articles, again.left_out, again.published) == (2, 1, False)  # by its words, under another id
    back = restore(["b"], data, embedder)
    assert (back.articles, back.embedded) == (3, 0)
    assert [each.id for each in open_version(data).members] == ["a", "b", "c"]
    assert (build(*three).published, first.articles) == (False, 3)


def test_what_cannot_be_removed_or_restored_changes_nothing(build: Build, tmp_path: Path) -> None:
    version = build(record("a", PARTS)).version
    data, embedder = tmp_path / "data", TinyEmbedder(max_pieces=254)
    with pytest.raises(ArticleUnknown, match="'nope': no article here"):
        leave_out(["a", "nope"], data, embedder)
    with pytest.raises(ArticleUnknown, match="no article of this id is left out"):
        restore(["a"], data, embedder)
    with pytest.raises(NothingToIndex, match="No article would be left"):
        leave_out(["a"], data, embedder)
    assert build(record("a", PARTS)).version == version
    assert open_version(data).article("a")


def test_a_quote_of_a_model_keeps_what_it_is_compared_with(build: Build, tmp_path: Path) -> None:
    build(record("old", PARTS), record("new", FIXED, date="2026-02-12"))
    found = archive(tmp_path)
    old = found.article("old")
    assert old
    quote = locate(old, PARTS[1])
    assert quote
    claim = Claim("Six people were hurt.", (quote,), supported=True)
    answer = Answer("q", "q", None, refused=False, confidence=1.0, claims=(claim,), written_by="m")
    [made] = completed(answer, Prints(found.index)).claims
    assert [each.article.id for each in made.quotes] == ["new", "old"]
    assert isinstance(made.quotes[0], Quote)
    assert made.superseded == "updated on 12 Feb 2026"
