"""A conversation in the terminal: questions, and commands that begin with a slash."""

import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from index.errors import ChatError, PullquoteError
from rag.filters import Filters
from rag.sources import PUBLISHER
from rag.terminal import say

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.chat import Chat

HELP = """\
Type a question; a follow-up may lean on what was asked before ("why?", "and the year before?"). An empty line ends.
/for QUESTION   correct what the last question was searched for: it is asked again, with this
/sources        list the sources of the last answer, and those pinned or left out
/pin N ...      from now on ask only these sources: numbers of /sources, article ids, publisher:NAME
/exclude N ...  from now on leave these sources out
/free N ...     neither any more; /free alone frees all
/as-of DATE     ask as if it were this day, e.g. 2026-05-01; /as-of alone is today again
/turns          list what was asked
/branch N       go on from turn N, as if what came after had not been asked
/save FILE      keep the conversation in a file
/load FILE      go on with one that was kept
/help           this"""


class Console:
    """One person's conversation, and the day and the filters with which each question is asked."""

    def __init__(self, chat: "Chat", as_of: date | None, filters: Filters) -> None:
        """Begin with an empty conversation, or one that has turns."""
        self.chat = chat
        self.as_of = as_of
        self.filters = filters

    def run(self) -> None:
        """Read lines from stdin until an empty one or the end of the input."""
        interactive = sys.stdin.isatty()
        if interactive:
            say("Ask a question, or type /help. An empty line ends.")
        while True:
            if interactive:
                sys.stdout.write("\n? ")
                sys.stdout.flush()
            line = sys.stdin.readline().strip()
            if not line:
                return
            try:
                self.take(line)
            except PullquoteError as error:
                say(f"error: {error}", error=True)

    def take(self, line: str) -> None:
        """Do what one line says.

        Raises:
            PullquoteError: it cannot be done; the message says why.
        """
        if not line.startswith("/"):
            self._show(self.chat.ask(line, self.as_of, self.filters))
            return
        command, _, rest = line[1:].partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "for": self._search_for, "sources": self._list_sources, "pin": self._pin, "exclude": self._exclude,
            "free": self._free, "as-of": self._set_day, "turns": self._list_turns, "branch": self._branch,
            "save": self._save, "load": self._load, "help": lambda _: say(HELP),
        }  # fmt: skip
        if command not in commands:
            raise ChatError(f"/{command}: no such command. There are: {', '.join(f'/{each}' for each in commands)}.")
        commands[command](rest.strip())

    def _show(self, answer: "Answer") -> None:
        if answer.searched != answer.question:
            say(f"Searching for: {answer.searched}")
        if self.chat.sources:
            say(_kept(self.chat))
        say(answer.text + "\n")

    def _search_for(self, words: str) -> None:
        if not self.chat.turns or not words:
            raise ChatError("/for QUESTION: asks the last question again with these words; there must be one.")
        before = self.chat.branch(len(self.chat.turns) - 1)
        answer = before.ask(self.chat.turns[-1].question, self.as_of, self.filters, searched=words)
        self.chat = before
        self._show(answer)

    def _list_sources(self, _: str) -> None:
        for number, key in enumerate(self._shown(), 1):
            article = self.chat.retriever.article(key)
            title = f"{article.title} ({article.publisher or 'publisher unknown'})" if article else ""
            say(f"{number:2d}  {key}  {title}")
        say(_kept(self.chat) if self.chat.sources else "Every source is asked.")

    def _pin(self, words: str) -> None:
        self.chat.pin(*self._sources(words, "/pin"))
        say(_kept(self.chat))

    def _exclude(self, words: str) -> None:
        self.chat.exclude(*self._sources(words, "/exclude"))
        say(_kept(self.chat))

    def _free(self, words: str) -> None:
        self.chat.free(*(self._sources(words, "/free") if words else ()))
        say(_kept(self.chat) if self.chat.sources else "Every source is asked again.")

    def _set_day(self, words: str) -> None:
        try:
            self.as_of = date.fromisoformat(words) if words else None
        except ValueError:
            raise ChatError(f"/as-of {words}: not a date like 2026-05-01.") from None
        say(f"Asked as of {self.as_of}." if self.as_of else "Asked as of today.")

    def _list_turns(self, _: str) -> None:
        for number, turn in enumerate(self.chat.turns, 1):
            say(f"{number:2d}  {turn.question}{' (not answered)' if turn.answer.refused else ''}")
        if not self.chat.turns:
            say("Nothing was asked yet.")

    def _branch(self, words: str) -> None:
        if not words.isdecimal():
            raise ChatError(f"/branch {words}: not the number of a turn; /turns lists them.")
        self.chat = self.chat.branch(int(words))
        say(f"Going on from turn {words}." if int(words) else "Going on from the beginning.")

    def _save(self, words: str) -> None:
        if not words:
            raise ChatError("/save FILE: name a file.")
        self.chat.save(words)
        say(f"Saved {len(self.chat.turns)} turns in {words}.")

    def _load(self, words: str) -> None:
        if not words:
            raise ChatError("/load FILE: name a file that /save wrote.")
        old = self.chat
        self.chat = old.load(words, old.retriever, old.writer, rewriter=old.rewriter)
        for line in self.chat.missing:
            say(f"missing: {line}", error=True)
        self._list_turns("")
        if self.chat.sources:
            say(_kept(self.chat))

    def _shown(self) -> list[str]:
        """Return the ids of the articles of the last answer, as /sources numbers them."""
        if not self.chat.turns:
            return []
        answer = self.chat.turns[-1].answer
        articles = [quote.article for quote in answer.quotes] or [hit.article for hit in answer.hits]
        return list(dict.fromkeys(article.id for article in articles))

    def _sources(self, words: str, command: str) -> list[str]:
        """Return the sources that numbers, ids and publishers name."""
        shown = self._shown()
        found: list[str] = []
        kept = self.chat.sources
        for word in _parts(words):
            if word.startswith(PUBLISHER) or word in (*kept.pinned, *kept.excluded):
                found.append(word)
            elif word.isdecimal() and 1 <= int(word) <= len(shown):
                found.append(shown[int(word) - 1])
            elif word.isdecimal() and self.chat.retriever.article(word) is None:
                raise ChatError(f"{command} {word}: the last answer has {len(shown)} sources; /sources lists them.")
            else:
                found.append(word)
        if not found:
            raise ChatError(f"{command} N: name a number of /sources, an article's id, or publisher:NAME.")
        return found


def _parts(words: str) -> list[str]:
    """Return words at spaces, but for those within quotation marks: publisher:"The Lantern"."""
    import shlex

    try:
        return shlex.split(words)
    except ValueError:
        return words.split()


def _kept(chat: "Chat") -> str:
    """Return in a line which sources are asked."""
    kept = chat.sources
    parts = [f"only {', '.join(kept.pinned)}"] if kept.pinned else []
    parts += [f"not {', '.join(kept.excluded)}"] if kept.excluded else []
    return f"Asking {'; '.join(parts)}."
