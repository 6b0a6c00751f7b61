"""A conversation: questions, what was searched for, answers. Knows nothing of pages or command lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answer import Answer
from rag.budget import within
from rag.filters import Filters, parse, without_phrases
from rag.llm import writer_of
from rag.question import checked, standalone
from rag.retrieve import EVERYTHING, Retriever
from rag.write import Writer


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    searched: str
    answer: Answer


class Chat:
    """A conversation over one archive. `turns` is all of its state: hand it to a new Chat to go on from there."""

    def __init__(self, retriever: Retriever, writer: Writer | None = None, turns: Sequence[Turn] = ()) -> None:
        """Start a conversation, or go on with `turns`; without a writer, the articles' own sentences answer."""
        self.retriever = retriever
        self.writer = writer or writer_of(retriever.settings)
        self._bounded = writer is not None  # sentences are quoted from any number of passages; a model reads few
        self.turns = tuple(turns)

    def ask(self, question: str, as_of: date | None = None, filters: Filters = EVERYTHING) -> Answer:
        """Return the whole answer.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        *_, answer = self.stream(question, as_of, filters)
        return answer

    def stream(self, question: str, as_of: date | None = None, filters: Filters = EVERYTHING) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole, and is then part of `turns`.

        Raises:
            QuestionError: the question cannot be searched for, or a filter typed into it not be understood.
        """
        question = checked(question, self.retriever.settings.max_question_chars)
        text, typed = parse(question)
        searched = standalone(text, [parse(turn.question)[0] for turn in self.turns], self._answered())
        if len(searched) > self.retriever.settings.max_question_chars:
            searched = text
        if searched != text and not without_phrases(typed):  # a follow-up looks where the question before it did
            typed = self._typed().also(typed)
        found = self.retriever.find(searched, as_of=as_of, filters=filters.also(without_phrases(typed)))
        if self._bounded:
            found = replace(found, hits=tuple(within(found.hits, self.retriever.settings.writer_tokens)))
        answer: Answer | None = None
        for answer in self.writer.write(question, found):
            yield answer
        if answer is not None:
            self.turns = (*self.turns, Turn(question, found.question, answer))

    def _typed(self) -> Filters:
        """Return the filters typed into the last question that had any, back to the first that did not lean."""
        for turn in reversed(self.turns):
            text, typed = parse(turn.question)
            if without_phrases(typed) or turn.searched == text:
                return without_phrases(typed)
        return Filters()

    def _answered(self) -> str:
        """Return what the last question was answered with."""
        last = self.turns[-1].answer.quotes[:1] if self.turns else ()
        return last[0].text if last else ""
