"""What each command of the command line does. Each takes the parsed arguments and returns an exit code."""

import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rag.articles_commands import articles
from rag.facade import build_index, open_index
from rag.quotes import Quote
from rag.settings import Settings
from rag.speech.commands import quotes
from rag.stories.commands import related, timeline
from rag.terminal import Bar as _Bar
from rag.terminal import print_json as _print_json
from rag.terminal import say as _say
from rag.verdicts.commands import check_words
from rag.watch import watch

if TYPE_CHECKING:
    from index.report import BuildReport
    from rag.answer import Hit
    from rag.filters import Filters
    from rag.retrieve import Found

REFUSED = 3
_LINES = 20
"""Most lines that a build prints of what is no trouble."""


def build(arguments: Namespace) -> int:
    """Build or update the index."""
    with _Bar() as bar:
        report = build_index(
            arguments.sources,
            arguments.data,
            model=arguments.model,
            rebuild=arguments.rebuild,
            columns=arguments.map,
            progress=bar.show,
        )
    if arguments.json:
        _print_json(asdict(report))
    else:
        for line in report.refused:
            _say(f"refused: {line}", error=True)
        for line in report.notes:
            _say(f"note: {line}", error=True)
        for name, lines in (("copy", report.copies), ("superseded", report.superseded)):
            for line in lines[:_LINES]:
                _say(f"{name}: {line}", error=True)
            if len(lines) > _LINES:
                _say(f"{name}: … and {len(lines) - _LINES:,} more (--json lists all)", error=True)
        _say(_summary(report))
    return 0


def _summary(report: "BuildReport") -> str:
    if not report.published:
        said = f"Nothing changed: {report.articles:,} articles, {report.passages:,} passages"
    else:
        said = (
            f"{report.articles:,} articles, {report.passages:,} passages: {report.new:,} new, {report.changed:,} "
            f"changed, {report.unchanged:,} unchanged, {report.removed:,} gone; {report.embedded:,} passages embedded"
        )
    counts = (
        (len(report.copies), "copies"),
        (len(report.superseded), "superseded"),
        (report.left_out, "left out"),
        (len(report.refused), "refused"),
    )
    rest = "".join(f"; {count:,} {name}" for count, name in counts if count)
    return f"{said}{rest} ({report.seconds:.1f} s)."


def search(arguments: Namespace) -> int:
    """List passages."""
    retriever = open_index(arguments.data, model=arguments.model)
    found = retriever.find(_question(arguments), k=arguments.k, as_of=arguments.as_of, filters=_filters(arguments))
    hits = found.hits
    if arguments.json:
        from rag.answer import span_json

        spans = [span_json(hit.article, hit.passage.start, hit.passage.end) for hit in hits]
        for note in found.notes:
            _say(note, error=True)
        _print_json(
            [
                span | {"score": hit.score, "why": asdict(hit.why), "copies": [copy.id for copy in hit.copies]}
                for span, hit in zip(spans, hits, strict=True)
            ]
        )
        return 0
    if arguments.explain:
        _say(_searched(found))
    for note in found.notes:
        _say(note)
    if not hits and not found.notes:
        _say(f"No passage found in the {found.articles:,} articles searched.")
    for number, hit in enumerate(hits, 1):
        _say(f"{number:2d}  {hit.article.title}\n    {_source(hit)}")
        if arguments.explain:
            _say(f"    {_why(hit)}")
        _say(f"    {' '.join(hit.text.split())[:300]}\n")
    return 0


def _searched(found: "Found") -> str:
    parts = [f"{found.articles:,} articles searched", *([str(found.filters)] if found.filters else [])]
    parts += [f"as of {found.as_of}"] if found.as_of else []
    parts += [f"“{each.words}” = {each.first or '…'} to {each.last or '…'}" for each in found.periods]
    return f"{'; '.join(parts)} ({sum(found.seconds.values()):.1f} s)\n"


def _source(hit: "Hit") -> str:
    passage = Quote(hit.article, hit.passage.start, hit.passage.end)
    return f"{passage.source_line}  {hit.article.id} [{passage.start}, {passage.end})"


def _why(hit: "Hit") -> str:
    why = hit.why
    parts = [
        f"vector #{why.dense_rank or '–'} ({why.cosine:.2f})",
        f"words #{why.lexical_rank or '–'} ({', '.join(why.words) or 'none'}: {why.coverage:.0%} of the question, "
        f"{why.proximity:.0%} close together)",
        f"passage {why.position + 1} of its article",
        f"date × {why.date_factor:.2f}",
    ]
    if why.late_interaction is not None:
        parts.append(f"late interaction {why.late_interaction:.3f}")
    if why.sentence is not None:
        parts.append(f"best sentence {why.sentence:.2f}")
    if why.cross_encoder is not None:
        parts.append(f"cross-encoder {why.cross_encoder:.3f}")
    if hit.copies:
        parts.append(f"also in {', '.join(copy.publisher or copy.id for copy in hit.copies)}")
    return f"score {hit.score:.3f} = " + "; ".join(parts)


def _filters(arguments: Namespace) -> "Filters":
    from datetime import timedelta

    from rag.filters import Filters

    return Filters(
        publishers=tuple(arguments.publisher),
        authors=tuple(arguments.author),
        sections=tuple(arguments.section),
        languages=tuple(arguments.language),
        articles=tuple(arguments.article),
        since=arguments.after[0] if arguments.after else None,
        until=arguments.before[0] - timedelta(days=1) if arguments.before else None,
    )


def ask(arguments: Namespace) -> int:
    """Answer one question."""
    from rag.chat import Chat
    from rag.files import check_place

    if arguments.receipt:
        check_place(Path(arguments.receipt))
    chat = Chat(open_index(arguments.data, model=arguments.model))
    answer = chat.ask(_question(arguments), arguments.as_of, _filters(arguments))
    if arguments.receipt:
        from rag.receipts import receipt_of, write_receipt

        write_receipt(Path(arguments.receipt), receipt_of(answer, chat.retriever))
    if arguments.json:
        _print_json(answer.to_json())
    else:
        _say(answer.text)
    return REFUSED if answer.refused and arguments.exit_code else 0


def chat(arguments: Namespace) -> int:
    """Converse in the terminal until an empty line or the end of the input."""
    from rag.chat import Chat
    from rag.console import Console

    talk = Chat(open_index(arguments.data, model=arguments.model))
    Console(talk, arguments.as_of, _filters(arguments)).run()
    return 0


def serve(arguments: Namespace) -> int:
    """Serve the chat page until interrupted."""
    from rag.users import check_address, users_of

    settings = Settings.load(data=arguments.data, model=arguments.model, host=arguments.host, port=arguments.port)
    users = users_of(settings)
    check_address(settings.host, users)
    from ui.app import serve as serve_page

    serve_page(
        settings.data,
        host=settings.host,
        port=settings.port,
        model=settings.model,
        language=settings.language,
        root_path=settings.root_path,
        users=users,
        open_browser=arguments.open,
        announce=_say,
    )
    return 0


def evaluate(arguments: Namespace) -> int:
    """Ask a question set and measure, draft one, or make one of what people said of answers."""
    if arguments.from_feedback:
        from rag.notebook.commands import from_feedback

        return from_feedback(arguments)
    from rag.evaluation import command

    return command.make(arguments) if arguments.make else command.evaluate(arguments)


def conversations(arguments: Namespace) -> int:
    """Do something with the conversations that were kept."""
    from rag.notebook import commands

    return commands.conversations(arguments)


def clippings(arguments: Namespace) -> int:
    """Do something with the quotes that were put aside."""
    from rag.notebook import commands

    return commands.clippings(arguments)


def users(arguments: Namespace) -> int:
    """Add, remove or list users."""
    from rag.users import commands

    return commands.users(arguments)


def calibrate(arguments: Namespace) -> int:
    """Fit the threshold of refusal to the archive."""
    from rag.calibration import commands

    return commands.calibrate(arguments)


def verify(arguments: Namespace) -> int:
    """Check receipts."""
    from rag.receipts import commands

    return commands.verify(arguments)


def versions(arguments: Namespace) -> int:
    """List the versions, or serve another one."""
    from index.errors import IndexMissing
    from rag.adding import state_of, use_version

    if arguments.use:
        use_version(arguments.use, arguments.data)
    state = state_of(arguments.data)
    if not state.versions and not state.problems:
        raise IndexMissing(
            f"{arguments.data or 'The data folder'}: no index here yet. Build one: `pullquote build FOLDER`"
        )
    for problem in state.problems:
        _say(f"damaged: {problem}", error=True)
    if arguments.json:
        _print_json([asdict(each) for each in state.versions])
        return 0
    for each in state.versions:
        mark = "*" if each.current else " "
        _say(f"{mark} {each.name}  {each.articles:,} articles, {each.passages:,} passages, {each.model}")
    return 0


def doctor(arguments: Namespace) -> int:
    """Report what is installed and whether the index is sound; exit with 1 if something is wrong."""
    from rag.doctor import examine

    settings = Settings.load(data=arguments.data, model=arguments.model)
    findings = examine(settings)
    if arguments.json:
        _print_json([asdict(each) for each in findings])
    else:
        for each in findings:
            _say(f"{'ok ' if each.ok else 'BAD'}  {each.what:14s} {each.says}")
    return 0 if all(each.ok for each in findings) else 1


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "build": build,
    "watch": watch,
    "search": search,
    "ask": ask,
    "articles": articles,
    "related": related,
    "timeline": timeline,
    "check": check_words,
    "quotes": lambda arguments: quotes(arguments, _filters(arguments)),
    "chat": chat,
    "conversations": conversations,
    "clippings": clippings,
    "users": users,
    "serve": serve,
    "eval": evaluate,
    "calibrate": calibrate,
    "verify": verify,
    "versions": versions,
    "doctor": doctor,
}


def _question(arguments: Namespace) -> str:
    return sys.stdin.read() if arguments.question == "-" else str(arguments.question)
