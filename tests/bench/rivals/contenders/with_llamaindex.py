"""LlamaIndex as its starter with local models shows, its defaults for all else: chunks of 1,024 of its own tokens."""

from typing import Any

from contest import Passage, main, rows, whole
from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class LlamaIndex:
    """`VectorStoreIndex.from_documents`. The model reads 256 word pieces of each chunk, as much as it can."""

    def prepare(self, model: str) -> None:
        """Load the model."""
        Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")
        Settings.llm = None
        Settings.embed_model.get_query_embedding("warm up")

    def build(self, articles: str, store: str) -> int:
        """Cut, embed, index, save."""
        documents = [Document(text=whole(each), metadata={"article_id": each["id"]}) for each in rows(articles)]
        index = VectorStoreIndex.from_documents(documents)
        index.storage_context.persist(store)
        return len(index.index_struct.nodes_dict)

    def open(self, store: str) -> None:
        """Load what was saved."""
        self.index = load_index_from_storage(StorageContext.from_defaults(persist_dir=store))
        self.retrievers: dict[int, Any] = {}

    def search(self, question: dict[str, Any], k: int) -> list[Passage]:
        """Search by likeness."""
        retriever = self.retrievers.setdefault(k, self.index.as_retriever(similarity_top_k=k))
        found = retriever.retrieve(question["question"])
        return [Passage(each.node.metadata["article_id"], each.node.get_content()) for each in found]

    def answer(self, question: dict[str, Any]) -> bool:
        """Without a language model there is none."""
        return False


if __name__ == "__main__":
    main(LlamaIndex())
