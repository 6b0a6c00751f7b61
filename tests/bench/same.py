"""Whether two states of the program, or two indexes, answer the same.

    python -m tests.bench.same DATA QUESTIONS > before.jsonl     and again, after a change
    python -m tests.bench.same before.jsonl after.jsonl          how many answers differ, and which

An answer is its refusal, lead, quotes and first five passages, as places in articles.
"""

import json
import sys
from itertools import zip_longest
from pathlib import Path

from rag import open_index
from rag.chat import Chat
from rag.evaluation.evaluate import read_questions


def main() -> int:
    """Ask, or compare."""
    one, other = map(Path, sys.argv[1:3])
    if one.is_dir():
        retriever = open_index(one)
        for each in read_questions(other):
            answer = Chat(retriever).ask(each.question, each.asked)
            quotes = [[quote.article.id, quote.start, quote.end] for claim in answer.claims for quote in claim.quotes]
            passages = [[hit.passage.article_id, hit.passage.start] for hit in answer.hits[:5]]
            row = {"id": each.id, "refused": answer.refused, "lead": answer.lead, "quotes": quotes, "hits": passages}
            sys.stdout.write(json.dumps(row | {"confidence": round(answer.confidence, 3)}) + "\n")
        return 0
    before, after = ([json.loads(line) for line in file.read_text("utf-8").splitlines()] for file in (one, other))
    for part in ("refused", "lead", "quotes", "hits"):
        differ = [a["id"] for a, b in zip_longest(before, after, fillvalue={}) if a.get(part) != b.get(part)]
        sys.stdout.write(f"{part:8s} {len(differ)} of {len(before)} differ {differ[:12]}\n")
    moved = [abs(a["confidence"] - b["confidence"]) for a, b in zip(before, after, strict=False)]
    sys.stdout.write(f"confidence moves by {sum(moved) / len(moved):.4f} on average, {max(moved):.3f} at most\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
