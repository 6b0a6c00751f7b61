"""txtai's hybrid of BM25 and vectors, on windows of 1,000 characters (it leaves cutting to its user)."""

from typing import Any

from contest import Passage, main, rows, whole, windows
from txtai import Embeddings


class Txtai:
    """`Embeddings(hybrid=True)`, with the texts kept."""

    def prepare(self, model: str) -> None:
        """Load the model."""
        self.embeddings = Embeddings(path=model, hybrid=True, content=True, gpu=False)
        self.embeddings.batchtransform(["warm up"])

    def build(self, articles: str, store: str) -> int:
        """Cut, embed, index, save."""
        passages = [
            (f"{place}\t{each['id']}", text, None) for each in rows(articles)
            for place, text in enumerate(windows(whole(each)))
        ]  # fmt: skip
        self.embeddings.index(passages)
        self.embeddings.save(store)
        return len(passages)

    def open(self, store: str) -> None:
        """Load what was saved."""
        self.embeddings = Embeddings(gpu=False)
        self.embeddings.load(store)

    def search(self, question: dict[str, Any], k: int) -> list[Passage]:
        """Search with both."""
        found = self.embeddings.search(question["question"], k)
        return [Passage(each["id"].split("\t", 1)[1], each["text"]) for each in found]

    def answer(self, question: dict[str, Any]) -> bool:
        """Without a language model there is none."""
        return False


if __name__ == "__main__":
    main(Txtai())
