"""A conversation: questions, what was searched for, answers. Knows nothing of pages or command lines."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from index.errors import ChatError, QuestionError
from rag.answer import Answer
from rag.budget import within
from rag.filters import Filters, parse, without_phrases
from rag.followups import Earlier, standalone, with_last
from rag.llm import writer_of
from rag.llm.rewrite import rewriter_of
from rag.llm.writer import LLMWriter
from rag.prints import completed
from rag.question import checked, content_words
from rag.retrieve import EVERYTHING, Retriever
from rag.saved import load, save
from rag.sources import Sources, check
from rag.write import ExtractiveWriter, Writer

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    searched: str
    answer: Answer


Rewriter = Callable[[Sequence[Turn], str], str]
"""Makes a follow-up stand alone: is given the turns so far and the question, and returns what is to be searched for."""


class Chat:
    """A conversation over one archive. `turns` and `sources` are all of its state: it can be saved and branched."""

    def __init__(
        self,
        retriever: Retriever,
        writer: Writer | None = None,
        turns: Sequence[Turn] = (),
        *,
        sources: Sources | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        """Start a conversation, or go on with `turns`.

        Without a writer or a rewriter, those that the settings name: a model's, else the articles' own sentences and
        rules. Where a rewriter fails, too, rules make a follow-up stand alone.
        """
        self.retriever = retriever
        self.writer = writer or writer_of(retriever.settings)
        # Sentences are quoted from any number of passages; a model reads few, of which its writer takes care itself.
        self._bounded = not isinstance(self.writer, ExtractiveWriter | LLMWriter)
        self.rewriter = rewriter or rewriter_of(retriever.settings)
        self.turns = tuple(turns)
        self.sources = sources or Sources()
        self.missing: tuple[str, ...] = ()
        """Of a conversation that was loaded: the articles that can no longer be quoted, and why."""

    def ask(
        self,
        question: str,
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
        *,
        searched: str | None = None,
    ) -> Answer:
        """Return the whole answer. `searched` is looked up instead of what would be made of the question.

        To correct what was searched for, ask a branch from before that turn: `chat.branch(len(chat.turns) - 1)`.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        *_, answer = self.stream(question, as_of, filters, searched=searched)
        return answer

    def stream(
        self,
        question: str,
        as_of: date | None = None,
        filters: Filters = EVERYTHING,
        *,
        searched: str | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole, and is then part of `turns`. See `ask`.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        question = checked(question, self.retriever.settings.max_question_chars)
        text, typed = parse(question)
        alone = self._standalone(text, as_of) if searched is None else searched
        if alone != text and not without_phrases(typed):  # a follow-up looks where the question before it did
            typed = self._typed().also(typed)
        chosen = filters.also(without_phrases(typed)).also(self.sources.filters)
        context = with_last(text, [_said(turn) for turn in self.turns]) if searched is None and alone == text else None
        found = self.retriever.find(alone, as_of=as_of, filters=chosen, context=context)
        if self._bounded:
            found = replace(found, hits=tuple(within(found.hits, self.retriever.settings.writer_tokens)))
        answer: Answer | None = None
        for answer in self.writer.write(question, found):
            answer = completed(answer, found.prints)
            yield answer
        if answer is not None:
            self.turns = (*self.turns, Turn(question, found.question, answer))

    def pin(self, *sources: str) -> None:
        """Ask only these sources, and others pinned before, until they are freed: article ids, or `publisher:NAME`.

        They stay pinned when the subject changes: whoever pins a source says so, and every answer shows it.

        Raises:
            ArticleUnknown: an id that no article has.
            ChatError: a publisher that no article has, or articles and publishers together.
        """
        check(self.retriever, sources)
        self.sources = self.sources.pin(*sources)

    def exclude(self, *sources: str) -> None:
        """Leave these sources out until they are freed: article ids, or `publisher:NAME`.

        Raises:
            ArticleUnknown: an id that no article has.
            ChatError: a publisher that no article has.
        """
        check(self.retriever, sources)
        self.sources = self.sources.exclude(*sources)

    def free(self, *sources: str) -> None:
        """Neither pin these sources any more nor leave them out; all of them where none are named."""
        self.sources = self.sources.free(*sources)

    def branch(self, at: int | None = None) -> "Chat":
        """Return another conversation that goes on from the first `at` turns of this one, which stays as it is.

        Raises:
            ChatError: there are not so many turns.
        """
        at = len(self.turns) if at is None else at
        if not 0 <= at <= len(self.turns):
            raise ChatError(f"{at}: no place to branch at. This conversation has {len(self.turns)} turns.")
        return Chat(self.retriever, self.writer, self.turns[:at], sources=self.sources, rewriter=self.rewriter)

    def save(self, file: Path | str) -> None:
        """Write the conversation into a file; spans as article ids, digests and offsets, without their words.

        Raises:
            ChatError: there is a file already that is no saved conversation; it is left alone.
            SettingsError: it cannot be written there.
        """
        save(Path(file), self.turns, self.sources, self.retriever.summary.version)

    @classmethod
    def load(
        cls,
        file: Path | str,
        retriever: Retriever,
        writer: Writer | None = None,
        *,
        rewriter: Rewriter | None = None,
    ) -> "Chat":
        """Return the conversation in a file; `missing` says which of its articles can no longer be quoted.

        Raises:
            ChatError: the file cannot be read, is no conversation, or of another schema.
        """
        turns, sources, missing = load(Path(file), retriever, Turn)
        made = cls(retriever, writer, turns, sources=sources, rewriter=rewriter)
        made.missing = missing
        return made

    def _standalone(self, text: str, as_of: date | None) -> str:
        """Return what to search for: by the rewriter, by rules where there is none or it fails."""
        most = self.retriever.settings.max_question_chars
        if self.turns and self.rewriter:
            try:
                made = checked(self.rewriter(self.turns, text), most)
                if self._plausible(made, text):
                    return made
                _LOG.warning("the rewriter's question is passed over: it has other words than the conversation")
            # Whatever goes wrong with somebody's model or network, the rules make the question stand alone.
            except Exception as error:
                _LOG.warning("the rewriter failed (%s): rules instead", type(error).__name__)
        made = standalone(text, [_said(turn) for turn in self.turns], as_of or datetime.now(UTC).astimezone().date())
        return text if len(made) > most else made

    def _plausible(self, made: str, text: str) -> bool:
        """Tell whether a rewritten question is of words that were said, and types no filter."""
        try:
            if parse(made)[1]:
                return parse(made)[1] == parse(text)[1]
        except QuestionError:
            return False
        said = [text, *(f"{turn.searched} {turn.answer.text}" for turn in self.turns)]
        known = {word.lower() for each in said for word in content_words(each)}
        words = [word.lower() for word in content_words(made)]
        return 2 * sum(word in known for word in words) >= len(words)

    def _typed(self) -> Filters:
        """Return the filters typed into the last question that had any, back to the first that did not lean."""
        for turn in reversed(self.turns):
            text, typed = parse(turn.question)
            if without_phrases(typed) or turn.searched == text:
                return without_phrases(typed)
        return Filters()


def _said(turn: Turn) -> Earlier:
    """Return what a follow-up may lean on in a turn."""
    quotes = turn.answer.quotes[:1]
    return Earlier(
        parse(turn.question)[0],
        turn.searched,
        " ".join(quote.text for quote in quotes),
        tuple(dict.fromkeys(hit.article.text for hit in turn.answer.hits)),
        next((quote.article.published for quote in quotes), None),
    )
