"""Pullquote."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from contest import Passage, main

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))  # the checkout

from index.embed import SentenceTransformerEmbedder
from rag import Chat, build_index, open_index


class Pullquote:
    """Asks as of the question's day where it has one."""

    def prepare(self, model: str) -> None:
        """Load what runs the model; it is found by itself."""
        SentenceTransformerEmbedder().passages(["warm", "up", "please"])

    def build(self, articles: str, store: str) -> int:
        """Build an index."""
        return build_index([articles], store).passages

    def open(self, store: str) -> None:
        """Open it."""
        self.retriever = open_index(store)

    def search(self, question: dict[str, Any], k: int) -> list[Passage]:
        """Search, passages only."""
        hits = self.retriever.search(question["question"], k=k, as_of=_day(question))
        return [Passage(hit.article.id, hit.text) for hit in hits]

    def answer(self, question: dict[str, Any]) -> bool:
        """Answer with quotes."""
        Chat(self.retriever).ask(question["question"], _day(question))
        return True


def _day(question: dict[str, Any]) -> date | None:
    return date.fromisoformat(question["date"]) if question["date"] else None


if __name__ == "__main__":
    main(Pullquote())
