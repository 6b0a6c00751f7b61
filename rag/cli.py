"""The command `pullquote`: reads the arguments and calls the command. Loads nothing heavy by itself.

Exit codes: 0 done; 1 it could not be done, the reason is on stderr; 2 the arguments are wrong;
3 the articles do not answer (only with `ask --exit-code`), or do not have the words of `check`; 130 interrupted.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from datetime import date

from index.errors import PullquoteError
from rag import __version__
from rag.arguments import add_arguments

_TOP = """\
Answers questions from your own news articles, and proves each answer with their exact words.

examples:
  pullquote build ~/articles             make or update the index of a folder
  pullquote ask "Who won the election?"  answer from it
  pullquote serve                        open the chat page on it
"""

_COMMANDS: dict[str, tuple[str, str]] = {
    "build": (
        "bring the index up to date with files and folders of articles, links, feeds and sitemaps",
        "pullquote build ~/articles\npullquote build            # the same sources as last time\n"
        "pullquote build a/ b.jsonl --data my-index --json\n"
        "pullquote build ~/articles https://example.org/story.html https://example.org/feed.xml\n"
        "pullquote build news.csv --map title=Headline,text=Body",
    ),
    "watch": (
        "keep the index fresh: build again when files change, and at intervals from feeds and links, until stopped",
        "pullquote watch ~/articles\npullquote watch https://example.org/feed.xml --every 30m\n"
        "pullquote watch           # the sources of the last build",
    ),
    "search": (
        "list the passages nearest to a question",
        'pullquote search "harbour accident" --k 5\npullquote search "latest poll" --as-of 2026-05-01 --explain\n'
        "pullquote search 'publisher:cnn.com after:2023-03-01 \"exact words\" -word'",
    ),
    "ask": (
        "answer one question, with quotes, or say that the articles do not",
        'pullquote ask "How many people were injured?"\npullquote ask "Who won?" --as-of 2026-05-12 --json\n'
        'pullquote ask "Who won?" --publisher courier --after 2026-05',
    ),
    "articles": (
        "list what is in the index; show an article with all that is known of it; remove some, or restore them",
        "pullquote articles ferry --publisher courier --after 2026-03\npullquote articles show wire-0004\n"
        "pullquote articles remove wire-0004     # no build brings it back until\n"
        "pullquote articles restore wire-0004\npullquote articles --removed --json",
    ),
    "related": (
        "list the articles related to an article, or to one passage of it",
        "pullquote related wire-0004\npullquote related news/ferry.txt --at 1200   # the passage at this character",
    ),
    "timeline": (
        "print a story's articles by date, each with what was new in it",
        'pullquote timeline wire-0004\npullquote timeline "ferry collision" --json',
    ),
    "quotes": (
        "list what somebody said, in their own words, with where it stands; or who is quoted at all",
        "pullquote quotes --speaker Holt --about bridge\npullquote quotes --speakers --publisher courier",
    ),
    "check": (
        "say whether a quotation is in the archive, word for word, by whom and where; exit with 3 where it is not",
        'pullquote check "We have caught more fish in order to stand still"\n'
        'pullquote check "We will not pay" --speaker Holt --article wire-0004 --json',
    ),
    "chat": (
        "ask in the terminal, with follow-ups; /help lists what else it does",
        "pullquote chat --data my-index\npullquote chat --as-of 2026-05-12 --publisher courier",
    ),
    "conversations": (
        "list, show, search, rename, delete or export the conversations that were kept",
        "pullquote conversations\npullquote conversations search 'bridge \"not reopen\"'\n"
        "pullquote conversations export 3f9c2b7a10e4d586 --format html --out bridge.html   # or one answer's id",
    ),
    "clippings": (
        "list, add, edit, move, remove or export the quotes that were put aside",
        'pullquote clippings\npullquote clippings add wire-0004 "We will not pay" --note "for the lead" --tag bridge\n'
        "pullquote clippings export --format bibtex --out bridge.bib",
    ),
    "users": (
        "add, remove or list those who may use the page; without any, it is for this machine alone",
        "pullquote users add ada\npullquote users remove ada\npullquote users --json",
    ),
    "serve": ("open the chat page", "pullquote serve\npullquote serve --host 127.0.0.1 --port 8080"),
    "eval": (
        "ask a set of questions with known answers and measure, or draft such a set",
        "pullquote eval seeds seeds/questions.jsonl --run run.jsonl --report report.html\n"
        "pullquote eval seeds seeds/questions.jsonl --against run.jsonl   # better or worse than then?\n"
        "pullquote eval --make drafts.jsonl ~/articles --count 80         # no questions yet: draft some\n"
        "pullquote eval --from-feedback questions.jsonl                   # of answers that people judged",
    ),
    "versions": (
        "list the index versions, or go back to one",
        "pullquote versions\npullquote versions --use 20260901T101500000000-a1b2c3",
    ),
    "calibrate": (
        "fit to the archive how sure an answer must be, by questions drafted from it",
        "pullquote calibrate                # at most one answer in ten wrong\n"
        "pullquote calibrate --risk 0.05 --count 200 --report calibration.html\n"
        "pullquote calibrate --show         # what is kept; --reset goes back to the default",
    ),
    "verify": (
        "check whether what receipts quote still stands in the articles",
        'pullquote ask "Who won?" --receipt won.json\npullquote verify won.json\n'
        "pullquote verify receipts/*.json --json   # exits with 1 if any quote is not as it was",
    ),
    "doctor": ("say what is installed, which model, and whether the index is sound", "pullquote doctor --json"),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="pullquote", description=_TOP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"pullquote {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    made = {}
    for name, (says, examples) in _COMMANDS.items():
        made[name] = commands.add_parser(
            name,
            help=says,
            description=says[0].upper() + says[1:] + ".",
            epilog="examples:\n" + "".join(f"  {line}\n" for line in examples.splitlines()),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        kept = ".pullquote-eval" if name == "eval" else ".pullquote"
        made[name].add_argument("--data", metavar="DIR", help=f"folder of the index (default: {kept})")
        made[name].add_argument("--model", metavar="NAME", help="embedding model (default: all-MiniLM-L6-v2)")
        if name not in {"chat", "serve"}:
            made[name].add_argument("--json", action="store_true", help="print JSON on stdout")
    _arguments(made)
    return top


def _arguments(made: dict[str, argparse.ArgumentParser]) -> None:
    made["build"].add_argument(
        "sources", nargs="*", metavar="SOURCE", help="files, folders, or addresses of pages, feeds and sitemaps"
    )
    made["build"].add_argument("--rebuild", action="store_true", help="read every file again; embeddings are kept")
    made["watch"].add_argument(
        "sources", nargs="*", metavar="SOURCE", help="as for build; without any, those of last time"
    )
    made["watch"].add_argument(
        "--every",
        metavar="TIME",
        type=_seconds,
        default=900.0,
        help="between two looks at feeds and links (default: 15m)",
    )
    made["build"].add_argument(
        "--map", metavar="FIELD=COLUMN,…", type=_columns,
        help="what CSV and JSON records call our fields, e.g. title=Headline,text=Body; remembered with the sources",
    )  # fmt: skip
    for name in ("search", "ask"):
        made[name].add_argument("question", metavar="QUESTION", help="what you want to know; - reads it from stdin")
    for name in ("search", "ask", "chat", "quotes"):
        made[name].add_argument(
            "--as-of",
            metavar="DATE",
            type=_day,
            help='ask as if it were this day, e.g. 2026-05-01: what "latest" means',
        )
        _filters(made[name])
    made["search"].add_argument("--k", type=_positive, default=10, metavar="N", help="most passages (default: 10)")
    made["search"].add_argument("--explain", action="store_true", help="say why each passage came")
    made["articles"].add_argument(
        "words", nargs="*", metavar="WORD", help="of title, publisher, date or id; or show, remove, restore, then ids"
    )
    made["articles"].add_argument(
        "--publisher", metavar="NAME", action="append", default=[], help="words of the publisher's name"
    )
    made["articles"].add_argument("--after", metavar="DATE", type=_days, help="published on this day or later")
    made["articles"].add_argument("--removed", action="store_true", help="list those that were removed")
    made["related"].add_argument("article", metavar="ARTICLE_ID", help="as `pullquote search --json` gives it")
    made["related"].add_argument("--at", type=_count, metavar="OFFSET", help="only the passage at this character")
    made["related"].add_argument("--k", type=_positive, default=10, metavar="N", help="most articles (default: 10)")
    made["timeline"].add_argument("about", metavar="QUESTION|ARTICLE_ID", help="a topic or question, or an article")
    made["timeline"].add_argument("--k", type=_positive, default=20, metavar="N", help="most articles (default: 20)")
    made["ask"].add_argument(
        "--receipt", metavar="FILE", help="write the answer's receipt here; `pullquote verify` checks it"
    )
    _calibration(made["calibrate"])
    made["verify"].add_argument(
        "receipts", nargs="+", metavar="RECEIPT", help="a file that `pullquote ask --receipt` wrote"
    )
    made["quotes"].add_argument("--speaker", metavar="NAME", help="whose words; a surname is enough")
    made["quotes"].add_argument("--about", metavar="TOPIC", help="about what, best first; without it the newest first")
    made["quotes"].add_argument("--speakers", action="store_true", help="list who is quoted, and how often")
    made["quotes"].add_argument("--k", type=_positive, default=20, metavar="N", help="most quotations (default: 20)")
    made["check"].add_argument("words", metavar="WORDS", help="what stands between the marks; - reads it from stdin")
    made["check"].add_argument("--article", metavar="ARTICLE_ID", help="the article that it is said to be from")
    made["check"].add_argument("--speaker", metavar="NAME", help="who is said to have said it")
    made["ask"].add_argument("--exit-code", action="store_true", help="exit with 3 if the articles do not answer")
    made["serve"].add_argument("--host", metavar="H", help="address to listen on (default: 127.0.0.1)")
    made["serve"].add_argument("--port", metavar="P", type=_port, help="port to listen on (default: 7860)")
    made["serve"].add_argument("--open", action="store_true", help="open the page in the browser")
    add_arguments(made)
    made["eval"].add_argument(
        "corpus", metavar="CORPUS", nargs="?", help="articles: a folder, or a .jsonl or .jsonl.gz file"
    )
    made["eval"].add_argument(
        "queries", metavar="QUERIES", nargs="?", help="questions with known answers (.jsonl or .jsonl.gz)"
    )
    made["eval"].add_argument("--run", metavar="FILE", help="write the run file here")
    made["eval"].add_argument("--replay", metavar="RUN", help="measure this earlier run file instead of asking")
    made["eval"].add_argument("--against", metavar="RUN", help="compare with an earlier run file, question by question")
    made["eval"].add_argument("--report", metavar="FILE", help="write a report here, one HTML file")
    made["eval"].add_argument("--floors", metavar="FILE", help="JSON of least figures; below one, exit with 1")
    made["eval"].add_argument(
        "--make", metavar="FILE", help="instead draft questions about the articles of CORPUS into this file"
    )
    made["eval"].add_argument(
        "--from-feedback", metavar="FILE", help="instead write a question set of the answers that people judged"
    )
    made["eval"].add_argument("--user", metavar="NAME", default="", help="whose judgements; see conversations")
    made["eval"].add_argument("--count", type=_positive, default=50, metavar="N", help="most drafts (default: 50)")
    made["versions"].add_argument("--use", metavar="NAME", help="serve this version from now on")


def _calibration(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--risk", type=_share, default=0.1, metavar="R", help="largest share of wrong answers (default: 0.1)"
    )
    command.add_argument(
        "--count", type=_positive, default=100, metavar="N", help="most questions, each asked twice (default: 100)"
    )
    command.add_argument("--report", metavar="FILE", help="write a report here, one HTML file")
    command.add_argument(
        "--allow-lower", action="store_true", help="let the threshold go below the default, though drafts are easy"
    )
    command.add_argument("--show", action="store_true", help="only say what is kept")
    command.add_argument("--reset", action="store_true", help="only forget what is kept: the default holds again")


def _filters(command: argparse.ArgumentParser) -> None:
    """Add what can be typed into a question, too: publisher:NAME after:DATE "exact words" -word."""
    chosen = command.add_argument_group(
        "which articles", 'also typed into the question: publisher:NAME after:2026-05 "exact words" -word'
    )
    for name, says in (
        ("publisher", "words of the publisher's name, or the host of its address"),
        ("author", "words of an author's name"),
        ("section", "words of the section's name"),
        ("language", "language, e.g. en"),
        ("article", "id of an article"),
    ):
        says += "; may be given again" if name == "article" else f"; --{name}=-NAME excludes it; may be given again"
        chosen.add_argument(f"--{name}", metavar="NAME", action="append", default=[], help=says)
    chosen.add_argument("--after", metavar="DATE", type=_days, help="published on this day, or in this month, or later")
    chosen.add_argument("--before", metavar="DATE", type=_days, help="published before this day or month")


def _columns(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.split(",")]
    if not all(field.strip() and column.strip() for field, _, column in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is not like title=Headline,text=Body")
    return {field.strip(): column.strip() for field, _, column in pairs}


def _whole(arguments: argparse.Namespace) -> bool:
    """Tell whether what eval was given is one of the three things that it does."""
    given = (arguments.corpus is not None, arguments.queries is not None, arguments.make is not None)
    if arguments.from_feedback is not None:
        return given == (False, False, False)
    return given in {(True, True, False), (True, False, True)}


def _days(text: str) -> tuple[date, date]:
    from rag.filters import day_range

    try:
        return day_range(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-05-01, 2026-05 or 2026") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-05-01") from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    import re

    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip().lower())
    seconds = float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]] if match else 0.0
    if seconds < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time like 15m, 2h or 90s, of at least one second")
    return seconds


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return share


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 up")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show is no reason to stop
            stream.reconfigure(errors="replace")
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.command == "eval" and not _whole(arguments):
        top.error(
            "eval needs CORPUS and QUERIES, --make FILE and CORPUS, or --from-feedback FILE: pullquote eval --help"
        )
    from rag import commands

    try:
        return commands.COMMANDS[arguments.command](arguments)
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        sys.stderr.close()
        return 0
    except (PullquoteError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; what was computed is kept", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
