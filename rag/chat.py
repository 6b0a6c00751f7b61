"""A conversation: questions, what was searched for, answers. Knows nothing of pages or command lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answer import Answer
from rag.budget import within
from rag.question import checked, standalone
from rag.retrieve import Retriever
from rag.write import ExtractiveWriter, Writer


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
        settings = retriever.settings
        self.writer = writer or ExtractiveWriter(settings.quotes, settings.refuse_below)
        self._bounded = writer is not None  # sentences are quoted from any number of passages; a model reads few
        self.turns = tuple(turns)

    def ask(self, question: str, as_of: date | None = None) -> Answer:
        """Return the whole answer.

        Raises:
            QuestionError: the question cannot be searched for.
        """
        *_, answer = self.stream(question, as_of)
        return answer

    def stream(self, question: str, as_of: date | None = None) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole, and is then part of `turns`.

        Raises:
            QuestionError: the question cannot be searched for.
        """
        question = checked(question, self.retriever.settings.max_question_chars)
        last = self.turns[-1].answer.quotes[:1] if self.turns else ()
        answered = last[0].text if last else ""
        searched = standalone(question, [turn.question for turn in self.turns], answered)
        if len(searched) > self.retriever.settings.max_question_chars:
            searched = question
        found = self.retriever.find(searched, as_of=as_of)
        if self._bounded:
            found = replace(found, hits=tuple(within(found.hits, self.retriever.settings.writer_tokens)))
        answer: Answer | None = None
        for answer in self.writer.write(question, found):
            yield answer
        if answer is not None:
            self.turns = (*self.turns, Turn(question, found.question, answer))
