"""The commands conversations and clippings, and what `pullquote eval --from-feedback` does."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.errors import ArticleUnknown, NotebookError, QuestionError
from index.reader import Index, open_version
from rag.answer import span_json
from rag.exports import document_of, export
from rag.files import check_place, write_whole
from rag.notebook import Clippings, KeptTurn, Notebook, ShownClipping, open_notebook, question_set, shown
from rag.notebook.feedback import write_questions
from rag.quotes import locate
from rag.settings import Settings
from rag.terminal import print_json, say


def conversations(arguments: Namespace) -> int:
    """List, show, search, rename, delete or export conversations."""
    settings = Settings.load(data=arguments.data)
    with open_notebook(owner=arguments.user, settings=settings) as notebook:
        return _conversations(arguments, notebook, settings)


def _conversations(arguments: Namespace, notebook: Notebook, settings: Settings) -> int:
    kept = notebook.conversations
    match arguments.action:
        case "list":
            _print(
                arguments,
                [{"id": each.id, "title": each.title, "questions": each.turns, "created": each.created.isoformat(),
                  "changed": each.changed.isoformat()} for each in kept.recent()],
                lambda row: f"{row['id']}  {row['changed'][:10]}  {row['questions']:3d}  {row['title']}",
            )  # fmt: skip
        case "search":
            _print(
                arguments,
                [{"answer": each.answer, "conversation": each.conversation, "title": each.title,
                  "question": each.question, "asked": each.asked.isoformat()} for each in kept.search(arguments.words)],
                lambda row: f"{row['answer']}  {row['asked'][:10]}  {row['question']}  (in {row['conversation']})",
            )  # fmt: skip
        case "rename":
            kept.rename(arguments.id, arguments.title)
        case "delete":
            kept.delete(arguments.id)
        case _:
            title, turns = _turns(arguments.id, notebook, settings)
            if arguments.action == "export":
                return _export(arguments, title, turns)
            _print(
                arguments,
                [{"id": each.id, "asked": each.turn.question, "receipt": each.receipt_id,
                  "missing": list(each.missing)} | each.turn.answer.to_json() for each in turns],
                lambda row: f"{row['asked']}\n\n{row['answer']}\n\n[{row['id']}]\n",
            )  # fmt: skip
    return 0


def _turns(key: str, notebook: Notebook, settings: Settings) -> tuple[str, Sequence[KeptTurn]]:
    """Return a conversation, or the one answer of this id, with a title."""
    articles = open_version(settings.data).article
    try:
        return notebook.conversations.title(key), notebook.conversations.turns(key, articles)
    except NotebookError:
        with suppress(NotebookError):
            one = notebook.conversations.answer(key, articles)
            return one.turn.question, (one,)
        raise


def clippings(arguments: Namespace) -> int:
    """List, add, edit, move, remove or export clippings."""
    settings = Settings.load(data=arguments.data)
    with open_notebook(owner=arguments.user, settings=settings) as notebook:
        return _clippings(arguments, notebook.clippings, settings)


def _clippings(arguments: Namespace, board: Clippings, settings: Settings) -> int:
    match arguments.action:
        case "add":
            made = board.add(_quote(open_version(settings.data), arguments), arguments.note, arguments.tag)
            say(made.id)
        case "edit":
            board.edit(arguments.id, note=arguments.note, tags=arguments.tag)
        case "move":
            board.move(arguments.id, arguments.place - 1)
        case "remove":
            board.remove(arguments.id)
        case action:
            chosen = board.board(arguments.tag)
            found = shown(chosen, open_version(settings.data)) if chosen else []
            if action == "export":
                return _export(arguments, "Clippings", found)
            _print(arguments, [_row(each) for each in found], _line)
    return 0


def _quote(index: Index, arguments: Namespace) -> Any:  # noqa: ANN401 - a Quote
    article = index.article(arguments.article)
    if article is None:
        raise ArticleUnknown(f"{arguments.article!r}: no article of this id. `pullquote search … --json` gives ids.")
    quote = locate(article, arguments.words)
    if quote is None:
        raise QuestionError(f"{arguments.article}: does not have these words: {arguments.words[:80]!r}.")
    return quote


def _row(each: ShownClipping) -> dict[str, Any]:
    clipping, quote = each.clipping, each.quote
    where = span_json(quote.article, quote.start, quote.end) if quote else {"article_id": clipping.article_id}
    noted = {"id": clipping.id, "note": clipping.note, "tags": list(clipping.tags), "added": clipping.added.isoformat()}
    return noted | {"standing": each.standing.value, "says": each.says} | where


def _line(row: dict[str, Any]) -> str:
    where = f"{row.get('publisher') or row['article_id']}, {row.get('published') or 'date unknown'}"
    said = [f"{row['id']}  “{row['text']}” — {where}" if "text" in row else f"{row['id']}  {row['article_id']}"]
    said += [] if row["standing"] == "there" else [f"    {row['standing'].upper()}: {row['says']}"]
    said += [f"    {row['note']}"] if row["note"] else []
    return "\n".join([*said, *([f"    #{' #'.join(row['tags'])}"] if row["tags"] else [])])


def from_feedback(arguments: Namespace) -> int:
    """Make a question set of what was said of answers; what is to be labelled goes into a file beside it."""
    file = Path(arguments.from_feedback)
    check_place(file)
    settings = Settings.load(data=arguments.data)
    with open_notebook(owner=arguments.user, settings=settings) as notebook:
        made = question_set(notebook.feedback, notebook.conversations, open_version(settings.data).article)
    beside = file.with_name(f"{file.name.removesuffix('.jsonl')}-to-label.jsonl")
    write_questions(file, made.known)
    if made.to_label:
        write_questions(beside, made.to_label)
    if arguments.json:
        print_json({"file": str(file), "questions": len(made.known), "to_label": len(made.to_label)})
        return 0
    say(f"{len(made.known)} questions with known answers in {file}.")
    if made.to_label:
        say(f"{len(made.to_label)} whose right answer nobody has said in {beside}: add answers, answerable, evidence.")
    return 0


def _export(arguments: Namespace, title: str, kept: Sequence[KeptTurn | ShownClipping]) -> int:
    made = export(document_of(title, kept), arguments.format)
    if arguments.out:
        write_whole(Path(arguments.out), made, "the export")
    else:
        sys.stdout.write(made)
    return 0


def _print(arguments: Namespace, rows: Sequence[dict[str, Any]], line: Callable[[dict[str, Any]], str]) -> None:
    if arguments.json:
        print_json(rows)
        return
    for row in rows:
        say(line(row))
