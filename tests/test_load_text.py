from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from index.load.text import as_date, as_names, as_text, opening

PROSE = "The ferry crews voted on Friday to end their strike after eleven weeks, the union said in a statement."


def loaded(content: str | bytes, name: str = "a.txt") -> Article | LoadError:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [found] = load(SourceFile(path, name))
    return found


def article(content: str | bytes, name: str = "a.txt") -> Article:
    found = loaded(content, name)
    assert isinstance(found, Article), found
    return found


FRONT = """---
title: "Ferry: strike over"
date: 2026-03-28
authors: [Ann Tey, Bo Rusk]
publisher: Courier
url: https://courier.example/ferry
Section: Harbour
language: fr
unknown: 1
---

Text stands here.
"""


@pytest.mark.parametrize("name", ["a.txt", "b.md"])
def test_front_matter_gives_every_field(name: str) -> None:
    assert article(FRONT, name) == Article(
        name, "Ferry: strike over", "Text stands here.", name, date(2026, 3, 28), ("Ann Tey", "Bo Rusk"),
        "https://courier.example/ferry", "Courier", "Harbour", "fr", published_from="front matter",
    )  # fmt: skip


def test_a_heading_that_repeats_the_title_is_not_text() -> None:
    assert article("---\ntitle: Ferry\n---\n# Ferry\n\nText.\n", "a.md").text == "Text."
    assert article("---\ntitle: Ferry\n---\n# Other\n\nText.\n", "a.md").text == "Other\n\nText."


def test_a_markdown_heading_is_the_title_and_others_lose_their_marks() -> None:
    found = article("# Bridge *shut*\n\nText.\n\n## Why #\n\nMore #text.\n", "a.md")
    assert (found.title, found.text) == ("Bridge *shut*", "Text.\n\nWhy\n\nMore #text.")


@pytest.mark.parametrize(
    ("block", "reason"),
    [("title: Ferry: strike", "its front matter is not YAML"), ("date: 2026-13-45", "its front matter is not YAML"),
     ("a: [", "its front matter is not YAML"), ("- {", "its front matter is not YAML")],
)  # fmt: skip
def test_front_matter_that_cannot_be_read_is_refused_with_the_way_out(block: str, reason: str) -> None:
    found = loaded(f"---\n{block}\n---\nText.\n")
    assert isinstance(found, LoadError)
    assert str(found).startswith(f"a.txt: {reason}")
    assert "Mend it, or remove the lines of ---." in str(found)


def test_text_between_rules_is_not_lost_as_front_matter() -> None:
    assert "Breaking news tonight" in article("---\nBreaking news tonight\n---\n\nBody text here.\n", "a.md").text


@pytest.mark.parametrize("value", ["no", "false", "on", "12"])
def test_a_language_that_yaml_takes_for_something_else_is_no_python_value(value: str) -> None:
    assert article(f"---\nlanguage: {value}\n---\nText.\n").language in {"en", value}


def test_a_first_line_of_its_own_is_the_title() -> None:
    found = article(f"Ferry strike over\n\n{PROSE}\n")
    assert (found.title, found.text, found.published, found.authors, found.publisher) == (
        "Ferry strike over", PROSE, None, (), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "first",
    [
        PROSE,
        "PIKEHITHE, March 26 — A tuba stolen in December has been found at a garden centre.",
        "VARROWMOUTH (Fulmar) - The bridge stays shut, the council said on Monday:",
        "“We will rebuild,” said the mayor, “and we will do it together.”",
        'He said: "It is over."',
        "x" * 201,
    ],
)
def test_a_sentence_is_not_taken_for_a_title_and_is_not_lost(first: str) -> None:
    found = article(f"{first}\n\nMore text.\n")
    assert found.text == f"{first}\n\nMore text."
    assert found.title.startswith(first[:20])


def test_a_first_line_that_runs_on_is_not_a_title() -> None:
    assert article("Ferry strike\nover at last\n\nText.\n").text == "Ferry strike\nover at last\n\nText."


@pytest.mark.parametrize(
    ("line", "authors", "publisher"),
    [("By Ann Tey", ("Ann Tey",), None), ("By Ann Tey, The Courier", ("Ann Tey",), "The Courier"),
     ("By Ann Tey and Bo Rusk, Courier", ("Ann Tey", "Bo Rusk"), "Courier"),
      ("By J. R. O’Neill-Tey", ("J. R. O’Neill-Tey",), None)],
)  # fmt: skip
def test_a_byline_under_the_title_gives_authors_and_publisher(
    line: str, authors: tuple[str, ...], publisher: str | None
) -> None:
    found = article(f"Ferry strike over\n\n{line}\n\n{PROSE}\n")
    assert (found.authors, found.publisher, found.text) == (authors, publisher, PROSE)


@pytest.mark.parametrize(
    "line",
    ["By Tuesday morning the water had reached the bridge.", "By noon, the square was full", "By Friday it was over",
     "By the time help came, it was too late.", "By a vote of 6 to 5, the bridge was saved"],
)  # fmt: skip
def test_a_sentence_that_starts_with_by_is_no_byline_and_is_not_lost(line: str) -> None:
    found = article(f"Flood\n\n{line}\n\n{PROSE}\n")
    assert found.authors == ()
    assert found.text == f"{line}\n\n{PROSE}"


@pytest.mark.parametrize(
    ("name", "day"),
    [("2026-03-28-ferry.txt", date(2026, 3, 28)), ("ferry 2026-03-28.md", date(2026, 3, 28)), ("2026-13-28.txt", None),
     ("12026-03-28.txt", None), ("ferry.txt", None)],
)  # fmt: skip
def test_a_date_in_the_name_is_the_date_and_else_it_is_not_known(name: str, day: date | None) -> None:
    assert article("Title\n\nText.\n", name).published == day


def test_text_that_was_wrapped_at_a_width_is_unwrapped() -> None:
    words = PROSE.split()
    lines = [" ".join(words[:10]), " ".join(words[10:])]
    found = article("Title\n\n" + "\n\n".join("\n".join(lines) for _ in range(3)) + "\n")
    assert found.text == "\n\n".join([PROSE] * 3)


@pytest.mark.parametrize(
    "text",
    ["Roses are red,\nviolets blue,\n\nsugar is sweet,\nand so are you.", f"{PROSE}\n{PROSE}\n\n{PROSE}\n{PROSE}",
     "1-0 Carraw\n2-0 Holt\n\n2-1 Rusk"],
)  # fmt: skip
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert article(f"Title\n\n{text}\n").text == text


TEXT = "Café\n\nNaïve “quotes” – and 市長.\n\nEnd."


@pytest.mark.parametrize(
    "raw",
    [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"),
     "\ufeff".encode("utf-16-be") + TEXT.encode("utf-16-be"),
     TEXT.replace("\n", "\r\n").encode(), TEXT.replace("\n", "\r").encode(), TEXT.replace("\n",
     "\r\n").encode("utf-16")],
    ids=["utf-8", "bom", "utf-16-le", "utf-16-be", "crlf", "cr", "utf-16 crlf"],
)  # fmt: skip
def test_the_same_text_comes_of_every_encoding_and_line_end(raw: bytes) -> None:
    found = article(raw)
    assert (found.title, found.text) == ("Café", "Naïve “quotes” – and 市長.\n\nEnd.")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café était fermé à Brévignac. La maire a déclaré qu'il n'y aurait pas d'élection cet été.", "latin-1"),
        ("The mayor said: “We will not pay.” The £5m strike – now in its third week – goes on.", "cp1252"),
        ("El alcalde dijo que la elección será en otoño, según la señora Núñez.", "latin-1"),
        ("Der Bürgermeister sagte, die Brücke bleibe geschlossen. Das kostet die Stadt fünf Millionen.", "latin-1"),
        ("Мэр города сообщил, что мост будет закрыт до осени. Об этом стало известно в пятницу.", "cp1251"),
        ("Burmistrz powiedział, że most będzie zamknięty do jesieni, ponieważ źle go zbudowano.", "cp1250"),
        ("市長は金曜日、橋を秋まで閉鎖すると発表した。住民は困っている。", "shift_jis"),
    ],
)
def test_old_encodings_are_told(text: str, encoding: str) -> None:
    assert article(text.encode(encoding)).text == text


def test_utf_8_with_a_broken_place_shows_it_and_keeps_the_rest() -> None:
    text = article(b"Title\n\n" + "é".encode() * 20 + b"\xff" + b" end.").text
    assert text == "é" * 20 + "\ufffd end."


@pytest.mark.parametrize("raw", [b"Text\x00\x00", b"\x89PNG\r\n\x1a\n\x00\x00", "Text".encode("utf-16-le")])
def test_what_holds_zero_bytes_is_not_text(raw: bytes) -> None:
    assert str(loaded(raw)) == "a.txt: not text (it holds zero bytes)."


@pytest.mark.parametrize("content", ["", " \n\t\n", "---\ntitle: X\n---\n", "\ufeff", "\u00a0\u2003"])
def test_a_file_without_text_is_refused(content: str) -> None:
    assert str(loaded(content)) == "a.txt: no text found in it."


@given(st.one_of(st.text(max_size=40), st.integers(), st.lists(st.text(max_size=3)), st.none(), st.floats()))
def test_any_value_can_be_asked_for_a_date_a_text_or_names(value: object) -> None:
    assert isinstance(as_date(value), date | None)
    assert as_text(value) is None or str(as_text(value)) == str(value).strip()
    assert all(name == name.strip() != "" for name in as_names(value))


@pytest.mark.parametrize(
    ("value", "day"),
    [("2026-03-28", date(2026, 3, 28)), ("2026-03-28T23:30:00Z", date(2026, 3, 28)),
     (" 2026-03-28 10:00 CET", date(2026, 3, 28)),
     ("Sat, 28 Mar 2026 10:00:00 +0100", date(2026, 3, 28)), (date(2026, 3, 28), date(2026, 3, 28)), ("", None),
      ("soon", None),
     ("2026", None), (1774656000, None)],
)  # fmt: skip
def test_dates_are_read_in_the_usual_forms(value: object, day: date | None) -> None:
    assert as_date(value) == day


def test_names_are_parted() -> None:
    assert as_names("Ann Tey; Bo Rusk and Cy") == ("Ann Tey", "Bo Rusk", "Cy")
    assert as_names([{"name": "Ann"}, "Bo", " ", None]) in {("Ann", "Bo"), ("Ann", "Bo", "None")}
    assert as_names("Roland Anders") == ("Roland Anders",)


@given(st.text(max_size=300))
def test_an_opening_is_short_and_made_of_the_text(text: str) -> None:
    found = opening(text)
    assert len(found) <= 92
    assert "\n" not in found
    assert " ".join(text.split()).startswith(found.removesuffix(" …"))


@pytest.mark.parametrize(
    "front",
    [
        "---\nTitle: Ferry\npubDate: 2026-03-28\nlastmod: 2026-03-29\nbyline: By Ann Tey\nsite: Courier\n"
        "link: https://c.example/f\n---\n",
        "---\ntitle: Ferry\npublished: March 28, 2026\nupdated: 29 March 2026\nauthor: '[[Ann Tey]]'\n"
        "source: https://c.example/f\npublication: Courier\n---\n",
        "+++\ntitle = 'Ferry'\ndate = 2026-03-28T10:00:00Z\nlastmod = 2026-03-29\nauthors = ['Ann Tey']\n"
        "url = 'https://c.example/f'\npublisher = 'Courier'\n+++\n",
        "---\ntitle: Ferry\ncreated: 2026-06-01\ndate: 20260328\nlast_modified: 2026-03-29\nby: [[Ann Tey]]\n"
        "url: https://c.example/f\nsource: Courier\n---\n",
    ],
)  # fmt: skip
def test_front_matter_is_read_by_its_common_names(front: str) -> None:
    found = article(f"{front}\n{PROSE}\n", "a.md")
    assert (found.title, found.text, found.published, found.modified, found.authors, found.publisher, found.url) == (
        "Ferry", PROSE, date(2026, 3, 28), date(2026, 3, 29), ("Ann Tey",), "Courier", "https://c.example/f",
    )  # fmt: skip


def test_toml_that_cannot_be_read_is_refused_with_the_way_out() -> None:
    assert str(loaded("+++\ntitle = \n+++\nText.\n")).startswith("a.txt: its front matter is not TOML")


@pytest.mark.parametrize(
    ("lines", "authors", "publisher", "published", "modified"),
    [
        ("Ann Tey | Courier", ("Ann Tey",), "Courier", None, None),
        ("Story by Ann Tey", ("Ann Tey",), None, None, None),
        ("Von Anna Thal und Bernd Rau", ("Anna Thal", "Bernd Rau"), None, None, None),
        ("Par Anne Thal\nPublié le 12 février 2026", ("Anne Thal",), None, date(2026, 2, 12), None),
        ("By Ann Tey, Staff Writer\n\nPublished 12 February 2026\n"
         "Updated Feb 13, 2026 9:40 AM EST", ("Ann Tey",), None, date(2026, 2, 12), date(2026, 2, 13)),
        ("Thursday, February 12, 2026", (), None, date(2026, 2, 12), None),
        ("By Ann Tey February 12, 2026 3:46 PM", ("Ann Tey",), None, date(2026, 2, 12), None),
    ],
)  # fmt: skip
def test_lines_under_the_title_say_who_and_when(
    lines: str, authors: tuple[str, ...], publisher: str | None, published: date | None, modified: date | None
) -> None:
    for gap in ("\n", "\n\n"):
        found = article(f"Ferry strike over{gap}{lines}\n\n{PROSE}\n")
        assert (found.title, found.text) == ("Ferry strike over", PROSE)
        assert (found.authors, found.publisher, found.published, found.modified) == (
            authors,
            publisher,
            published,
            modified,
        )
        assert (found.published_from == "byline") is (published is not None)


@pytest.mark.parametrize(
    "line", ["Von Anfang an war der Hafen zu.", "Por la tarde llegó el agua.", "Par temps calme, le bac part.",
             "On February 12, 2026 the bridge was shut.", "12 boats were lost in February 2026"],
)  # fmt: skip
def test_a_sentence_is_no_byline_in_any_language(line: str) -> None:
    found = article(f"Flood\n\n{line}\n\n{PROSE}\n")
    assert (found.text, found.authors, found.published) == (f"{line}\n\n{PROSE}", (), None)


def test_a_dateline_gives_a_day_only_with_a_year() -> None:
    text = f"BRUSSELS, Feb. 12 (Reuters) — {PROSE}"
    assert (article(text).published, article(text).authors) == (None, ("Reuters",))
    assert article(text, "2025-02-13-a.txt").published == date(2025, 2, 12)
    assert article(text, "2025-09-13-a.txt").published == date(2025, 9, 13)
    full = article(text.replace("12", "12, 2025"))
    assert (full.published, full.published_from) == (date(2025, 2, 12), "dateline")
    new_year = article(text.replace("Feb. 12", "Dec. 31"), "2026-01-01-a.txt")
    assert new_year.published == date(2025, 12, 31)


@pytest.mark.parametrize(
    "text", ["Les équipages ont voté vendredi la fin de la grève qui avait fermé le port pendant onze semaines.",
             "Die Besatzungen haben am Freitag beschlossen, den Streik nach elf Wochen zu beenden, sagte die Union."],
)  # fmt: skip
def test_the_language_of_a_text_is_told_from_its_words(text: str) -> None:
    assert article(text).language in {"fr", "de"}
    assert article(PROSE).language == "en"


@pytest.mark.parametrize(
    "text", ["A" * 100_000, "By " + "A " * 50_000, "A, " * 33_000, "1 " * 50_000, "A.'-" * 25_000, "(a/" * 33_000]
)
def test_a_long_line_of_anything_is_text(text: str) -> None:
    assert article(text).text == text.strip()
