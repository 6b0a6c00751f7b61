"""The command `pullquote users`."""

import getpass
import sys
from argparse import Namespace

from index.errors import SettingsError
from rag.settings import Settings
from rag.terminal import print_json, say
from rag.users import SHORTEST, Users, users_of


def users(arguments: Namespace) -> int:
    """Add, remove or list those who may use the page."""
    known = users_of(Settings.load(data=arguments.data))
    if arguments.action == "add":
        return _add(known, arguments)
    if arguments.action == "remove":
        known.remove(arguments.name)
        say(f"{arguments.name} is let in no more, and signed out wherever the page is open.")
        return 0
    if arguments.json:
        print_json(list(known.names))
        return 0
    for name in known.names:
        say(name)
    if not known.names:
        say("No users: nobody is asked for a password, and the page is for this machine alone.", error=True)
    return 0


def _add(known: Users, arguments: Namespace) -> int:
    new = known.add(arguments.name, _password(arguments.name))
    say(f"{arguments.name} {'may use the page' if new else 'has a new password'}: {known.file}")
    return 0


def _password(name: str) -> str:
    """Ask for a password, twice; where nobody can be asked, take the first line of stdin."""
    if not _asked():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name} ({SHORTEST} characters or more): ")
    if getpass.getpass("The same again: ") != password:
        raise SettingsError("The two are not the same. Nothing was changed.")
    return password


def _asked() -> bool:
    """Tell whether somebody is there to be asked."""
    return sys.stdin.isatty()
