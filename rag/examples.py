"""Questions that an archive can be asked: from a question set kept with the articles, else from its speakers."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.catalog import Catalog
from index.reader import Index
from index.versions import Data

_READ = 60  # articles looked into for speakers
_SAID = re.compile(
    r"(?:said|says|added|told|warned|asked)\s+((?:[A-Z][\w’'-]+\s+){1,2}[A-Z][\w’'-]+)"
    r"|((?:[A-Z][\w’'-]+\s+){1,2}[A-Z][\w’'-]+)\s+(?:said|says|added|told|warned)\b"
)


def examples(index: Index, data: Data, count: int) -> list[str]:
    """Return up to `count` questions: those marked "example" in a questions.jsonl beside the sources come first."""
    found = list(dict.fromkeys(_kept(data)))[:count]
    if len(found) < count:
        found += [f"What did {name} say?" for name in _speakers(index)][: count - len(found)]
    return found


def _kept(data: Data) -> Iterator[str]:
    catalog = Catalog(data.catalog)
    try:
        sources = catalog.sources()
    finally:
        catalog.close()
    for source in sources:
        try:
            lines = (Path(source) / "questions.jsonl").read_text("utf-8").split("\n")
            rows = [json.loads(line) for line in lines if line.strip()]
        except (OSError, ValueError):
            continue
        yield from (str(row["question"]) for row in rows if isinstance(row, dict) and row.get("example"))


def _speakers(index: Index) -> list[str]:
    counts: Counter[str] = Counter()
    for place in range(min(_READ, len(index.members))):
        for match in _SAID.finditer(index.article_at(place).text):
            counts[match.group(1) or match.group(2)] += 1
    return [name for name, _ in counts.most_common()]
