"""The arguments of the commands conversations, clippings and users. Loads nothing else."""

import argparse
from collections.abc import Mapping

FORMATS = ("markdown", "html", "bibtex", "ris", "csl-json")
"""As `rag.exports.FORMATS` has them; a test compares the two."""


def add_arguments(made: Mapping[str, argparse.ArgumentParser]) -> None:
    """Add what each of the commands takes."""
    _conversations(made["conversations"])
    _clippings(made["clippings"])
    users = _Actions(made["users"], "list", owned=False)
    users.add("list", "list those who may use the page")
    users.add("add", "add a user, or set another password", name="who; the password is asked for, or read from stdin")
    users.add("remove", "take a user out; what that person kept stays", name="who")


def _conversations(command: argparse.ArgumentParser) -> None:
    actions = _Actions(command, "list")
    actions.add("list", "list them, the one that changed last first")
    actions.add("show", "print one with its answers", id="of a conversation or an answer")
    actions.add("search", "find questions and quotes by their words", words='words, or "several in a row"')
    actions.add("rename", "give one another title", id="of a conversation", title="its new title")
    actions.add("delete", "delete one with all of its answers", id="of a conversation")
    _exporting(actions.add("export", "write one, or one answer, in a format", id="of a conversation or an answer"))


def _clippings(command: argparse.ArgumentParser) -> None:
    actions = _Actions(command, "list")
    _tagged(actions.add("list", "print the board"))
    adding = actions.add("add", "put a quote aside", article="id of an article")
    adding.add_argument("words", metavar="WORDS", help="what it says there, word for word")
    adding.add_argument("--note", metavar="TEXT", default="", help="what to remember of it")
    adding.add_argument("--tag", metavar="TAG", action="append", default=[], help="may be given again")
    editing = actions.add("edit", "change a note or tags", id="of a clipping")
    editing.add_argument("--note", metavar="TEXT", help="the new note")
    editing.add_argument("--tag", metavar="TAG", action="append", help="the new tags; may be given again")
    moving = actions.add("move", "put one at another place", id="of a clipping")
    moving.add_argument("place", metavar="PLACE", type=_place, help="its new place, from 1")
    actions.add("remove", "take one off the board", id="of a clipping")
    exporting = actions.add("export", "write the board in a format")
    _exporting(exporting)
    _tagged(exporting)


class _Actions:
    """What a command can do: the first word after it. The options of the command may stand after that, too."""

    def __init__(self, command: argparse.ArgumentParser, default: str, *, owned: bool = True) -> None:
        self._shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
        self._shared.add_argument("--data", metavar="DIR", help="folder of the index")
        self._shared.add_argument("--json", action="store_true", help="print JSON on stdout")
        if owned:
            self._shared.add_argument("--user", metavar="NAME", help="whose; without it, of the page without users")
            command.add_argument(
                "--user", metavar="NAME", default="", help="whose; without it, of a page without users"
            )
        self._actions = command.add_subparsers(dest="action", metavar="ACTION", title="actions")
        command.set_defaults(action=default, tag=None)  # where no action is named

    def add(self, name: str, says: str, /, **positionals: str) -> argparse.ArgumentParser:
        """Add an action with its positional arguments, each with its help."""
        made = self._actions.add_parser(name, help=says, description=says, parents=[self._shared])
        for positional, helps in positionals.items():
            made.add_argument(positional, metavar=positional.upper(), help=helps)
        return made


def _exporting(action: argparse.ArgumentParser) -> None:
    action.add_argument("--format", choices=FORMATS, default="markdown", help="default: %(default)s")
    action.add_argument("--out", metavar="FILE", help="write it here; without it, on stdout")


def _tagged(action: argparse.ArgumentParser) -> None:
    action.add_argument("--tag", metavar="TAG", help="only those with this tag")


def _place(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a place from 1 up")
    return int(text)
