"""What each command of the command line does. Each takes the parsed arguments and returns an exit code."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import IndexDamaged, QuestionError, SettingsError
from rag.facade import build_index, open_index
from rag.quotes import Quote
from rag.settings import Settings

if TYPE_CHECKING:
    from index.builder import BuildReport
    from rag.answer import Hit

REFUSED = 3
EVAL_DATA = ".pullquote-eval"


def build(arguments: Namespace) -> int:
    """Build or update the index."""
    with _Bar() as bar:
        report = build_index(
            arguments.sources,
            arguments.data,
            model=arguments.model,
            rebuild=arguments.rebuild,
            progress=bar.show,
        )
    if arguments.json:
        _print_json(asdict(report))
    else:
        for line in report.refused:
            _say(f"refused: {line}", error=True)
        for line in report.notes:
            _say(f"note: {line}", error=True)
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
    refused = f"; {len(report.refused):,} refused" if report.refused else ""
    return f"{said}{refused} ({report.seconds:.1f} s)."


def search(arguments: Namespace) -> int:
    """List passages."""
    retriever = open_index(arguments.data, model=arguments.model)
    hits = retriever.search(_question(arguments), k=arguments.k, as_of=arguments.as_of)
    if arguments.json:
        from rag.answer import span_json

        spans = [span_json(hit.article, hit.passage.start, hit.passage.end) for hit in hits]
        _print_json(
            [span | {"score": hit.score, "why": asdict(hit.why)} for span, hit in zip(spans, hits, strict=True)]
        )
        return 0
    for number, hit in enumerate(hits, 1):
        _say(f"{number:2d}  {hit.article.title}\n    {_source(hit)}")
        if arguments.explain:
            _say(f"    {_why(hit)}")
        _say(f"    {' '.join(hit.text.split())[:300]}\n")
    return 0


def _source(hit: "Hit") -> str:
    passage = Quote(hit.article, hit.passage.start, hit.passage.end)
    return f"{passage.source_line}  [{passage.start}, {passage.end})"


def _why(hit: "Hit") -> str:
    why = hit.why
    parts = [
        f"vector #{why.dense_rank}" if why.dense_rank else "no near vector",
        f"words #{why.lexical_rank}: {', '.join(why.words)}" if why.lexical_rank else "no word of it",
        f"date × {why.date_factor:.2f}",
    ]
    if why.late_interaction is not None:
        parts.append(f"late interaction {why.late_interaction:.3f}")
    return f"score {hit.score:.3f} = " + "; ".join(parts)


def ask(arguments: Namespace) -> int:
    """Answer one question."""
    from rag.chat import Chat

    answer = Chat(open_index(arguments.data, model=arguments.model)).ask(_question(arguments), arguments.as_of)
    if arguments.json:
        _print_json(answer.to_json())
    else:
        _say(answer.text)
    return REFUSED if answer.refused and arguments.exit_code else 0


def chat(arguments: Namespace) -> int:
    """Converse in the terminal until an empty line or the end of the input."""
    from rag.chat import Chat

    talk = Chat(open_index(arguments.data, model=arguments.model))
    interactive = sys.stdin.isatty()
    while True:
        if interactive:
            print("\n? ", end="", flush=True)
        line = sys.stdin.readline()
        if not line.strip():
            return 0
        try:
            answer = talk.ask(line, arguments.as_of)
        except QuestionError as error:
            _say(f"error: {error}", error=True)
            continue
        if answer.searched != answer.question:
            _say(f"Searching for: {answer.searched}")
        _say(answer.text + "\n")


def serve(arguments: Namespace) -> int:
    """Serve the chat page until interrupted."""
    settings = Settings.load(data=arguments.data, model=arguments.model, host=arguments.host, port=arguments.port)
    from ui.app import serve as serve_page

    serve_page(
        settings.data,
        host=settings.host,
        port=settings.port,
        model=settings.model,
        open_browser=arguments.open,
        announce=_say,
    )
    return 0


def evaluate(arguments: Namespace) -> int:
    """Ask a question set, write its run file, print the figures, and compare them with floors."""
    from rag.evaluate import measure, read_questions, run

    questions = read_questions(Path(arguments.queries))
    # Never the index that is asked every day: its sources would be replaced by the corpus.
    settings = Settings.load(data=arguments.data or EVAL_DATA, model=arguments.model)
    with _Bar() as bar:
        build_index([arguments.corpus], settings.data, model=settings.model, progress=bar.show)
        retriever = open_index(settings.data, model=settings.model)
        rows = list(run(retriever, questions, progress=lambda done, total: bar.show("asking", done, total)))
    if arguments.run:
        _write_run(Path(arguments.run), rows)
    figures = measure(questions, rows)
    if arguments.json:
        _print_json({name: None if isnan(value) else value for name, value in figures.items()})
    else:
        for name, value in figures.items():
            _say(f"{name:22s} {value}")
    return _below(figures, arguments.floors) if arguments.floors else 0


def _write_run(file: Path, rows: list[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        file.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise SettingsError(f"{file}: the run cannot be written there ({error.strerror}).") from error


def _below(figures: dict[str, float], file: str) -> int:
    try:
        floors: dict[str, float] = dict(json.loads(Path(file).read_text("utf-8")))
        if not all(isinstance(floor, int | float) for floor in floors.values()):
            raise TypeError("each floor is a number")
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"{file}: no floors can be read from it ({error}).") from error
    code = 0
    for name, floor in floors.items():
        if name not in figures:
            raise SettingsError(f"{file}: {name!r} is no figure. There are: {', '.join(figures)}.")
        ceiling = name == "refused answerable"  # the one figure that is better when lower
        if (figures[name] > floor) if ceiling else not figures[name] >= floor:
            _say(f"{name} is {figures[name]}, {'above' if ceiling else 'below'} {floor}", error=True)
            code = 1
    return code


def versions(arguments: Namespace) -> int:
    """List the versions, or serve another one."""
    from index.versions import Data

    data = Data(Settings.load(data=arguments.data).data)
    if arguments.use:
        with data.locked():  # a build must not sweep it away meanwhile
            data.use(arguments.use)
    try:
        current = data.current_name()
    except IndexDamaged as error:
        _say(f"damaged: {error} Serve one of these with --use.", error=True)
        current = ""
    found = []
    for name in data.names():
        try:
            manifest = data.manifest(name)
        except IndexDamaged as error:
            _say(f"damaged: {error}", error=True)
            continue
        found.append(
            {
                "name": name,
                "current": name == current,
                "created": manifest.created,
                "articles": manifest.articles,
                "passages": manifest.passages,
                "model": manifest.model,
            }
        )
    if arguments.json:
        _print_json(found)
        return 0
    for each in found:
        mark = "*" if each["current"] else " "
        _say(f"{mark} {each['name']}  {each['articles']:,} articles, {each['passages']:,} passages, {each['model']}")
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
    "search": search,
    "ask": ask,
    "chat": chat,
    "serve": serve,
    "eval": evaluate,
    "versions": versions,
    "doctor": doctor,
}


def _question(arguments: Namespace) -> str:
    return sys.stdin.read() if arguments.question == "-" else str(arguments.question)


def _say(text: str, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout)


def _print_json(value: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    print(json.dumps(value, ensure_ascii=False, indent=2))


class _Bar:
    """One progress bar on stderr where that is a terminal; nothing elsewhere."""

    def __enter__(self) -> "_Bar":
        from tqdm import tqdm

        self._bar = tqdm(disable=None, file=sys.stderr, leave=False, dynamic_ncols=True)
        self._stage = ""
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, stage: str, done: int, total: int) -> None:
        """Draw how much of a stage is done; what a build calls as it goes on."""
        if self._stage != stage:
            self._stage = stage
            self._bar.set_description(stage, refresh=False)
            self._bar.reset(total=total)
        self._bar.update(done - self._bar.n)
