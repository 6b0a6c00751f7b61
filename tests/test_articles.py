import json
from datetime import date
from pathlib import Path

import pytest

import rag
from index.errors import ArticleUnknown
from rag.articles import list_articles, show_article
from rag.retrieve import Retriever
from tests.conftest import Run


@pytest.fixture
def data(quick: Retriever) -> Path:
    """Return the folder of the sample archive, which these tests only read."""
    return quick.settings.data


def test_articles_are_listed_newest_first_and_searched(data: Path, quick: Retriever) -> None:
    every = list_articles(data=data)
    assert len(every) == quick.summary.articles
    days = [each.published or date.min for each in every]
    assert days == sorted(days, reverse=True)
    ferry = list_articles("FERRY", data, publishers=["courier"], since=date(2026, 3, 28))
    assert [each.id for each in ferry] == [
        each.id for each in every if "ferry" in f"{each.title} {each.id}".lower()
        and "Courier" in (each.publisher or "") and (each.published or date.min) >= date(2026, 3, 28)
    ]  # fmt: skip
    assert ferry
    assert list_articles("no such words", data) == []
    assert list_articles(data=data, removed=True) == []


def test_an_article_is_shown_with_all_that_is_known(data: Path, quick: Retriever) -> None:
    shown = show_article("wire-0004", data)
    assert shown.article == quick.article("wire-0004")
    assert shown.passages == (quick.index.rows[:, 0] == quick.index.places["wire-0004"]).sum()
    assert [each.current for each in shown.revisions] == [True]
    with pytest.raises(ArticleUnknown, match="wire-0004"):
        show_article("wire-004", data)


def test_the_command_lists_and_shows(run: Run, data: Path) -> None:
    code, out, err = run("articles", "bridge", "--publisher", "courier", "--data", data)
    assert (code, "[varrowmouth-courier/2026-02-10-bridge-april-cost.md]" in out) == (0, True)
    assert err.endswith("articles.\n")
    code, out, _ = run("articles", "show", "wire-0004", "--data", data)
    assert code == 0
    assert "\n  published   2025-11-2" in out
    [shown] = json.loads(run("articles", "show", "wire-0004", "--data", data, "--json")[1])
    assert shown["article_id"] == "wire-0004"
    assert shown["revisions"][0]["sha256"] == shown["sha256"]
    assert run("articles", "show", "nope", "--data", data)[0] == 1


def test_the_command_removes_durably_and_restores(run: Run, news: Path) -> None:
    run("build", news, "--data", "d")
    code, out, _ = run("articles", "remove", "geese.txt", "--data", "d")
    assert (code, "1 removed" in out, "The index holds 1 articles" in out) == (0, True, True)
    assert "1 left out" in run("build", "--data", "d")[1]
    assert [each.id for each in rag.list_articles(data="d")] == ["2026-03-28-ferry.txt"]
    [left] = json.loads(run("articles", "--removed", "--data", "d", "--json")[1])
    assert (left["article_id"], bool(left["removed"])) == ("geese.txt", True)
    done = json.loads(run("articles", "restore", "geese.txt", "--data", "d", "--json")[1])
    assert (done["articles"], done["embedded"]) == (2, 0)
    code, out, _ = run("build", "--data", "d")
    assert out.startswith("Nothing changed: 2 articles")
    (news / "geese.txt").unlink()
    assert json.loads(run("build", "--data", "d", "--json")[1])["removed"] == 1


def test_build_names_copies_and_what_is_superseded(run: Run, tmp_path: Path) -> None:
    text = " ".join(f"Sentence {number} tells of the pier and of boat {number * 7}." for number in range(20))
    lines = [{"id": "a", "title": "Pier", "text": text, "date": "2026-01-01", "publisher": "Courier"}]
    lines += [lines[0] | {"id": "b"}, lines[0] | {"id": "c", "date": "2026-01-03", "text": f"{text} Correction: none."}]
    (tmp_path / "n.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    _, out, err = run("build", tmp_path / "n.jsonl", "--data", "d")
    assert f"copy: {tmp_path / 'n.jsonl'}:2: the same article as 'a'\n" in err
    assert "superseded: a: updated on 3 Jan 2026 by c\n" in err
    assert "; 1 copies; 1 superseded (" in out
