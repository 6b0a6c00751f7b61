"""LangChain as its guide to FAISS and sentence-transformers shows."""

from typing import Any

from contest import CHUNK_CHARS, OVERLAP_CHARS, Passage, main, rows, whole
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


class LangChain:
    """Chunks of 1,000 characters, vectors only."""

    def prepare(self, model: str) -> None:
        """Load the model."""
        self.embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
        self.embeddings.embed_query("warm up")

    def build(self, articles: str, store: str) -> int:
        """Chunk, embed, index, save."""
        documents = [Document(whole(each), metadata={"article_id": each["id"]}) for each in rows(articles)]
        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
        chunks = splitter.split_documents(documents)
        FAISS.from_documents(chunks, self.embeddings).save_local(store)
        return len(chunks)

    def open(self, store: str) -> None:
        """Load what was saved."""
        # Its docstore is a pickle; this one was written a moment ago by the process before.
        self.found = FAISS.load_local(store, self.embeddings, allow_dangerous_deserialization=True)

    def search(self, question: dict[str, Any], k: int) -> list[Passage]:
        """Search by likeness."""
        documents = self.found.similarity_search(question["question"], k=k)
        return [Passage(each.metadata["article_id"], each.page_content) for each in documents]

    def answer(self, question: dict[str, Any]) -> bool:
        """Without a language model there is none."""
        return False


if __name__ == "__main__":
    main(LangChain())
