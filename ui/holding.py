"""What one does with the archive on its page: look, add, remove, restore, go back. Knows no components."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rag import (
    BuildReport,
    PullquoteError,
    Retriever,
    add_articles,
    list_articles,
    quotations,
    remove_articles,
    restore_articles,
    show_article,
    state_of,
    take_away,
    use_version,
)
from ui import library, story
from ui.forms import button
from ui.front import error_html
from ui.library import PAGE, Query
from ui.wording import Wording
from ui.work import Does, Progress, Work

MOST_FILES = 200
"""Added at once."""
_STORY = 20  # articles


class Holding:
    """The archive in a data folder, and what is being done to it."""

    def __init__(self, data: Path, model: str | None = None) -> None:
        """Name the folder; nothing is opened."""
        self.data = data
        self.work = Work()
        self._model = model

    def listed(self, say: Wording, query: Query) -> str:
        """Return the list of articles; what goes wrong becomes a sentence."""
        try:
            found = list_articles(query.words, self.data, removed=query.removed)
        except PullquoteError as error:
            return f"{library.list_html(say, [], query)}{error_html(say.said(str(error)))}"
        return library.list_html(say, found, query)

    def state(self, say: Wording) -> str:
        """Return what there is."""
        try:
            return library.state_html(say, state_of(self.data))
        except PullquoteError as error:
            return error_html(say.said(str(error)))

    def read(self, say: Wording, article: str) -> str:
        """Return an article to read.

        Raises:
            PullquoteError: there is none of this id.
        """
        return library.read_html(say, show_article(article, self.data).article)

    def story(self, say: Wording, retriever: Retriever, article: str, topic: str) -> str:
        """Return the story of an article, or of what was searched for.

        Raises:
            PullquoteError: there is no such article, or the words cannot be searched for.
        """
        told = retriever.timeline(article or topic, _STORY)
        said = {each.article.id: quotations(each.article) for each in told.entries}
        title = next((each.article.title for each in told.entries if each.article.id == article), topic or article)
        back = button("read", say("to_article"), article) if article else button("back", say("back_to_articles"))
        return story.story_html(say, told, said, title, back)

    def asked(self, query: Query, action: str, text: str) -> Query:
        """Return which articles are listed after a click."""
        if action == "find":
            return Query(text, query.removed)
        if action in ("all", "removed"):
            return Query(query.words, action == "removed")
        return query._replace(shown=query.shown + PAGE) if action == "more" else query

    def change(self, action: str, key: str) -> Does | None:
        """Return what a click does to the archive, or None where it changes nothing."""
        if action == "remove":
            return lambda progress: remove_articles([key], self.data, model=self._model)
        if action == "restore":
            return lambda progress: restore_articles([key], self.data, model=self._model)
        if action == "take":
            return lambda progress: take_away(key, self.data)
        if action == "use":
            return lambda progress: use_version(key, self.data)
        return None

    def add(self, files: Mapping[str, Path], addresses: Sequence[str]) -> bool:
        """Begin to add articles; return False while something else is being done."""

        def does(progress: Progress) -> BuildReport:
            try:
                return add_articles(files, addresses, self.data, model=self._model, progress=progress)
            finally:
                for file in files.values():  # what was uploaded is copied by then
                    file.unlink(missing_ok=True)

        return self.work.start(does)

    def progress(self, say: Wording) -> str:
        """Return how far it is with what is being done."""
        return library.work_html(say, self.work.now, self.data.resolve())
