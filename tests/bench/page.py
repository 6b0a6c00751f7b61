"""The page, timed as a person meets it: from pressing Enter to the first quote, or the refusal, on the screen.

    python -m tests.bench.page DATA QUERIES.jsonl    p50 and p95 of 50 questions in a real browser

The same way through Gradio is timed for an event that does nothing, an empty question: what is left is the answer's.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect  # noqa: A004 - Playwright's own

from rag import Retriever, open_index
from rag.retrieve import Found
from tests.browser import chromium, serving_here, visiting

# Counted in the page itself, from the key to the frame in which it is painted.
_TIMED = """selector => {
    window.pullquoteTook = null;
    const before = document.querySelectorAll(selector).length;
    addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        const began = performance.now();
        const look = () => {
            if (document.querySelectorAll(selector).length > before) window.pullquoteTook = performance.now() - began;
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }, { once: true, capture: true });
}"""


def timed(page: Page, question: str, selector: str) -> float:
    """Return how many milliseconds it takes from Enter until there is one more of `selector`."""
    page.locator("#question textarea").fill(question)
    page.evaluate(_TIMED, selector)
    page.locator("#question textarea").press("Enter")
    try:
        page.wait_for_function("window.pullquoteTook !== null")
    except TimeoutError as error:
        said = page.locator("#talk").inner_text()
        raise AssertionError(f"{question!r} was not answered; the page says: {said[:1500]}") from error
    return float(page.evaluate("window.pullquoteTook"))


def recorded(retriever: Retriever) -> list[float]:
    """Return a list to which each search from now on adds how many milliseconds it took."""
    took: list[float] = []
    find = retriever.find

    def timed_find(*asked: Any, **more: Any) -> Found:  # noqa: ANN401 - as it is called
        began = time.perf_counter()
        found = find(*asked, **more)
        took.append(1000 * (time.perf_counter() - began))
        return found

    retriever.find = timed_find  # type: ignore[method-assign]
    return took


def said(name: str, took: Sequence[float]) -> str:
    """Return p50 and p95 as a line."""
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    return f"{name:<34} p50 {statistics.median(took):6.0f} ms   p95 {cuts[18]:6.0f} ms   n={len(took)}"


def texts(file: Path, name: str) -> Iterator[str]:
    """Yield a field of each line of a file of JSON Lines."""
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line)[name] for line in lines if line.strip())


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    given = parser.parse_args()
    retriever = open_index(given.data)
    retriever.search("warm up")
    searching = recorded(retriever)
    questions = list(texts(given.queries, "question"))
    questions = questions[:: max(1, len(questions) // given.questions)][: given.questions]
    with chromium() as browser, serving_here(retriever) as url:
        with visiting(browser, url) as visit:
            nothing, answers = [], []
            for question in questions:
                visit.page.reload()
                visit.page.locator(".welcome").wait_for()
                expect(visit.page.locator(".scope")).to_be_visible()
                nothing.append(timed(visit.page, " ", "#status .problem"))
                answers.append(timed(visit.page, question, ".pull, .refusal"))
                visit.answered(1)
            visit.complaints.clear()  # the browser's, of what a reload cut off
        print(said("from Enter to the first quote", answers))  # noqa: T201
        print(said("Gradio's own: an event of nothing", nothing))  # noqa: T201
        print(said("searching alone", searching))  # noqa: T201
        beside = [whole - part for whole, part in zip(answers, searching, strict=True)]
        print(said("all but searching", beside))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
