"""How well PDFs are read: `python -m tests.bench.pdfs DIR [--print ARTICLES] [--also pypdf,pdfminer,kreuzberg]`.

DIR holds awkward PDFs with `index.jsonl`, what another reader makes of each: its count of characters, or its error.
Each must end in text or in one error. With `--print`, the articles of a folder are printed by Chromium in three
layouts (one column; two justified columns with hyphens and running heads; indented paragraphs), and what is read from
the prints is compared with what was printed: F1 of the words, and the share of paragraphs found word for word. Other
readers, where they are installed, are measured beside ours.
"""

import argparse
import html
import io
import json
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, find, load
from index.load.process import Worker

LAYOUTS = {
    "plain": "body { font: 11pt/1.4 serif } p { margin: 0 0 .8em }",
    "columns": "main { columns: 2 } body { font: 9.5pt/1.25 serif } p { margin: 0; text-indent: 1.2em; "
    "text-align: justify; hyphens: auto } h1 { column-span: all }",
    "indented": "body { font: 12pt/1.3 sans-serif } p { margin: 0; text-indent: 2em }",
}
FOOT = "Page <span class=pageNumber></span> of <span class=totalPages></span>"
HEAD = "<div style='font-size:8px; width:100%; text-align:center'>{}</div>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--print", dest="articles", type=Path)
    parser.add_argument("--also", default="", help="other readers to compare with, by comma")
    arguments = parser.parse_args()
    awkward(arguments.folder)
    if arguments.articles:
        printed(arguments.articles, [each for each in arguments.also.split(",") if each])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def awkward(folder: Path) -> None:
    lines = (folder / "index.jsonl").read_text("utf-8").splitlines()
    known = {row["file"]: row for row in map(json.loads, lines)}
    worker, peaks, times = Worker(), [], []
    outcomes: Counter[str] = Counter()
    agreement: list[float] = []
    for file in sorted(folder.glob("*.pdf")):
        started = time.monotonic()
        try:
            text = "\n".join(each.text for each in worker.parse(".pdf", file.name, file.read_bytes()))
            outcomes["text"] += 1
        except LoadError as error:
            text = ""
            outcomes["broke down" if "broke down" in str(error) or "given up" in str(error) else "one error"] += 1
        times.append(time.monotonic() - started)
        peaks.append(worker.peak_bytes)
        worker.close()  # a fresh one each time: its peak is this file's own
        theirs = int(known.get(file.name, {}).get("chars") or 0)
        mine = len(text)
        if theirs or mine:
            agreement.append(2 * min(theirs, mine) / (theirs + mine))
            if agreement[-1] < 0.9:
                say(f"  {file.name}: {mine} characters, the other reader {known.get(file.name)}")
    say(f"{sum(outcomes.values())} PDFs: {dict(outcomes)}; slowest {max(times):.2f} s, with a fresh process each;")
    say(f"most memory of a worker {max(peaks) / 1e6:.0f} MB; agreement in characters with the other reader, of those")
    say(f"that have any by one of the two: {sum(agreement) / len(agreement):.3f} ({len(agreement)} files)")


def printed(folder: Path, others: list[str]) -> None:
    articles = [
        each
        for file in find([folder])
        if isinstance(file, SourceFile)
        for each in load(file)
        if isinstance(each, Article)
    ]
    readers = {"ours": ours, **{name: OTHERS[name] for name in others}}
    scores: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for article, layout, raw in prints(articles[:: max(1, len(articles) // 40)]):
        for name, read in readers.items():
            started = time.monotonic()
            text = read(raw)
            took = time.monotonic() - started
            scores.setdefault((layout, name), []).append((*compared(article, text), took))
    for (layout, name), rows in sorted(scores.items()):
        f1, whole, took = (sum(column) / len(rows) for column in zip(*rows, strict=True))
        say(f"{layout:9} {name:10} {len(rows)} prints: words F1 {f1:.4f}, paragraphs word for word {whole:.3f}, "
              f"{took * 1000:.0f} ms each")  # fmt: skip


def prints(articles: list[Article]) -> Iterator[tuple[Article, str, bytes]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for article in articles:
            paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in re.split(r"\n+", article.text))
            for layout, style in LAYOUTS.items():
                page.set_content(
                    f"<html lang={article.language}><style>{style}</style><h1>{html.escape(article.title)}</h1>"
                    f"<main>{paragraphs}</main></html>"
                )
                yield article, layout, page.pdf(
                    format="A5", margin=dict.fromkeys(("top", "bottom", "left", "right"), "18mm"),
                    display_header_footer=True, header_template=HEAD.format(html.escape(article.publisher or "News")),
                    footer_template=HEAD.format(FOOT),
                )  # fmt: skip
        browser.close()


def compared(article: Article, text: str) -> tuple[float, float]:
    """Return F1 of the words, and the share of paragraphs that stand in `text` word for word as a paragraph."""
    wanted, got = (Counter(re.findall(r"\w+", each)) for each in (f"{article.title}\n{article.text}", text))
    both = sum((wanted & got).values())
    paragraphs = [plain(each) for each in re.split(r"\n+", article.text) if each.strip()]
    found = {plain(each) for each in text.split("\n\n")}
    whole = sum(each in found for each in paragraphs) / len(paragraphs)
    return 2 * both / max(1, wanted.total() + got.total()), whole


def plain(text: str) -> str:
    return " ".join(text.split())


def ours(raw: bytes) -> str:
    from index.load.pdf import parse

    return "\n\n".join(each.text for each in parse(raw, ""))


def by_pypdf(raw: bytes) -> str:
    from pypdf import PdfReader

    return "\n\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)


def by_pdfminer(raw: bytes) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(raw)))


def by_pdfium(raw: bytes) -> str:
    import pypdfium2

    return "\n\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(raw))


def by_kreuzberg(raw: bytes) -> str:
    import kreuzberg

    return str(kreuzberg.extract_bytes_sync(raw, "application/pdf").content)


OTHERS: dict[str, Callable[[bytes], str]] = {
    "pypdf": by_pypdf, "pdfminer": by_pdfminer, "pdfium": by_pdfium, "kreuzberg": by_kreuzberg,
}  # fmt: skip

if __name__ == "__main__":
    main()
