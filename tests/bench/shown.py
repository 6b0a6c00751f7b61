"""Awkward strings on the page, in a real browser: shown as they are, with nothing run and nothing loaded.

    python -m tests.bench.shown FILE.jsonl [--every 8]    each line of FILE has a "text"

Each string is the title, the text, the publisher and the author of an article, and is searched for in the archive, read
there, and asked as a question; the answer's headings, cards and opened article are compared with what the index holds.
A script and an image stand beside each string: the browser tells if one of them is ever run or asked for.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect

from index.builder import build_index
from rag import Retriever, Settings, list_articles, show_article
from tests.browser import Visit, chromium, serving_here, visiting
from tests.test_page_kept import view
from tests.tiny import TinyEmbedder

CANARY = "<script>window.hit = 1</script><img src=/canary.png onerror='window.hit = 1'>"


def as_shown(text: str) -> str:
    """Return a text as a browser can hold it: NUL and lone surrogates are in no document (see `ui.words`)."""
    return "".join("\ufffd" if each == "\0" or "\ud800" <= each <= "\udfff" else each for each in text)


def listed(page: Page, data: Path) -> Iterator[str]:
    """Go through the archive's page, and yield each title that is not shown as the index has it."""
    view(page, "Archive")
    held = list_articles("", data)
    expect(page.locator("#library .count")).to_contain_text(str(len(held)))
    while (more := page.locator("#library [data-act=more]")).count():
        before = page.locator("#library .shelf li").count()
        more.click()
        page.wait_for_function("n => document.querySelectorAll('#library .shelf li').length > n", arg=before)
    shown = page.locator("#library .shelf button").all_text_contents()
    wanted = [as_shown(each.title if each.title.strip() else each.id) for each in held]
    yield from (f"listed {want!r} as {got!r}" for want, got in zip(wanted, shown, strict=True) if want != got)


def read(page: Page, data: Path, key: str) -> Iterator[str]:
    """Read an article on the archive's page, and yield what of it is not shown as the index has it."""
    article = show_article(key, data).article
    page.locator(f"#library .shelf [data-id={json.dumps(key)}]").click()
    expect(page.locator("#library .id")).to_have_text(key)
    for selector, text in ((".headline", article.title or article.id), (".body", article.text)):
        if (got := page.locator(f"#library {selector}").text_content()) != as_shown(text):
            yield f"read {text!r} as {got!r}"
    page.locator("#library [data-act=back]").click()
    page.locator("#library .shelf").wait_for()


def asked(visit: Visit, text: str) -> Iterator[str]:
    """Ask it, and yield what is not shown as it was typed."""
    page = visit.page
    box = page.locator("#question textarea")
    box.fill(text)
    typed = box.input_value()  # as the browser holds it
    box.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.turn [data-again], #status .problem') && !document.querySelector('.waiting')"
    )
    visit.quiet()
    heads = page.locator(".turn h2").all_text_contents()
    if heads and heads[-1] != typed:
        yield f"asked {typed!r}, shown {heads[-1]!r}"
    cards = page.locator("#sources .card")
    if heads and cards.count():
        cards.first.locator("[data-open]").click()
        opened = page.locator("#sources .reader .body")
        opened.wait_for()
        if CANARY not in (opened.text_content() or ""):
            yield f"asked {typed!r}, opened {opened.text_content()!r}"
    if heads:
        page.locator("#new").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


def main() -> int:
    """Print what is not shown as it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    with given.file.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
    texts = [each for each in texts if each.strip()][:: given.every]
    wrong: list[str] = []
    with TemporaryDirectory() as apart:
        data = Path(apart) / "data"
        rows = [
            {"id": f"n{at}", "title": each, "text": f"{each} {CANARY} geese", "publisher": each, "author": each}
            for at, each in enumerate(texts)
        ]
        (Path(apart) / "n.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        build_index([Path(apart) / "n.jsonl"], data, TinyEmbedder())
        retriever = Retriever(Settings.load(data=data, refuse_below=0), TinyEmbedder())
        with chromium() as browser, serving_here(retriever) as url, visiting(browser, url) as visit:
            page = visit.page
            expect(page.locator(".scope")).to_be_visible()
            wrong += listed(page, data)
            for each in list_articles("", data):
                wrong += read(page, data, each.id)
            view(page, "Questions")
            for text in texts:
                wrong += asked(visit, text)
            if page.evaluate("'hit' in window") or page.title() != "Pullquote":
                wrong.append("something ran")
            wrong += [each for each in visit.requests if "canary" in each]
    print(f"{len(texts)} strings, {len(wrong)} not shown as they are", *wrong, sep="\n")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
