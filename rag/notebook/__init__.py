"""What people keep: conversations, clippings, and what they say of answers, each person's apart from all others'.

notebook = open_notebook(".pullquote")
conversation, answers = notebook.conversations.save(chat)  # after each turn, with the id of the first time
notebook.clippings.add(answer.quotes[0], "for the lead", ["bridge"])
"""

from pathlib import Path

from rag.notebook.clippings import Clipping, Clippings, ShownClipping, shown
from rag.notebook.conversations import Conversation, Conversations, KeptTurn, Mention
from rag.notebook.feedback import Feedback, Opinion, question_set
from rag.notebook.store import Store
from rag.settings import Settings

__all__ = [
    "Clipping",
    "Clippings",
    "Conversation",
    "Conversations",
    "Feedback",
    "KeptTurn",
    "Mention",
    "Notebook",
    "Opinion",
    "ShownClipping",
    "open_notebook",
    "question_set",
    "shown",
]

_FILE = "notebook.db"


class Notebook:
    """All that one person keeps. `of` gives that of another, over the same open file."""

    def __init__(self, store: Store, owner: str = "") -> None:
        """Look at what `owner` keeps; "" is whoever uses a page without users."""
        self.owner = owner
        self.conversations = Conversations(store, owner)
        self.clippings = Clippings(store, owner)
        self.feedback = Feedback(store, owner)
        self._store = store

    def of(self, owner: str) -> "Notebook":
        """Return what somebody else keeps."""
        return Notebook(self._store, owner)

    def __enter__(self) -> "Notebook":
        """Use it in a block, at whose end its file is closed."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()


def open_notebook(data: Path | str | None = None, *, owner: str = "", settings: Settings | None = None) -> Notebook:
    """Return what `owner` keeps beside the index in `data`; the file is opened when something is first looked up.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = settings or Settings.load(data=data)
    return Notebook(Store(Path(settings.notebook).expanduser() if settings.notebook else settings.data / _FILE), owner)
