"""The writer that lets a model write, and proves each sentence by what it cites; else the articles' own sentences."""

import math
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rag.answer import Answer
from rag.llm.draft import Draft
from rag.llm.endpoint import BEAT_S, Endpoint, Unanswered
from rag.llm.prompt import messages
from rag.llm.sheet import sheet_of
from rag.retrieve import Found
from rag.write import ExtractiveWriter

_DECLINED = "The model that was asked to write found no answer in the passages."


@dataclass(frozen=True, slots=True)
class LLMWriter:
    """Lets a model write where the articles' own sentences would answer; where these refuse, it is not asked."""

    endpoint: Endpoint
    own: ExtractiveWriter = field(default_factory=ExtractiveWriter)
    tokens: int = 6000
    """Most tokens (cl100k_base) of sentences that the model is given."""

    def write(self, question: str, found: Found) -> Iterator[Answer]:
        """Yield the answer, sentence by sentence, and as it stands while none comes: the caller may want to stop.

        Where the model gives no whole answer that holds, the last one is the articles' own, and says why.
        """
        *_, own = self.own.write(question, found)
        if own.refused:
            yield own
            return
        delimiter = secrets.token_hex(8)
        sheet = sheet_of(found.hits, self.tokens, delimiter)
        draft = Draft(sheet, found.question)
        answer = replace(own, claims=(), lead="", written_by=self.endpoint.model)
        yield answer
        try:
            with self.endpoint.pieces(messages(found.question, sheet, delimiter, found.as_of)) as pieces:
                shown = time.monotonic()
                for piece in pieces:
                    if piece and draft.feed(piece):
                        answer = _as_drafted(answer, draft, own)
                    elif time.monotonic() - shown < BEAT_S:
                        continue
                    yield answer
                    shown = time.monotonic()
        except Unanswered as error:
            yield self._instead(own, str(error))
            return
        draft.end()
        if draft.declined and not draft.claims:
            *_, refusal = replace(self.own, refuse_below=math.inf).write(question, found)
            yield replace(refusal, written_by=self.endpoint.model, notes=(*own.notes, _DECLINED))
        elif not any(claim.supported for claim in draft.claims):
            yield self._instead(own, "wrote nothing that the articles bear out" if draft.claims else "wrote nothing")
        else:
            yield _as_drafted(answer, draft, own)

    def _instead(self, own: Answer, why: str) -> Answer:
        says = f"{self.endpoint.model} at {self.endpoint.place} {why}. These are the articles' own sentences."
        return replace(own, fallback=says)


def _as_drafted(answer: Answer, draft: Draft, own: Answer) -> Answer:
    return replace(answer, claims=tuple(draft.claims), dropped=tuple(draft.dropped), notes=(*own.notes, *draft.notes))
