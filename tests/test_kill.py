"""kill -9 in the middle of a build: what was served is still served, and what was computed is not computed again."""

import shutil
from pathlib import Path

import pytest

from index.builder import build_index
from index.reader import open_version
from index.versions import Data
from tests.process import Child
from tests.tiny import TinyEmbedder, write

CODE = """
import os, sys
from pathlib import Path
from index.builder import build_index
from tests.process import step
from tests.tiny import TinyEmbedder

def synced(descriptor, sync=os.fsync):
    try:
        step(f"sync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")
    except OSError:
        step("sync")
    sync(descriptor)

os.fsync = synced
embedder = TinyEmbedder(max_pieces=58, before=lambda texts: step(f"embed {len(texts)}"))
report = build_index([sys.argv[1]], sys.argv[2], embedder, progress=lambda *each: step(" ".join(map(str, each))))
step(f"built {report.version}")
"""
ARTICLES, SENTENCES = 5, 520  # each sentence is a passage: more than are embedded in one go


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an index of one article, and that article beside many that are not indexed yet."""
    folder = tmp_path_factory.mktemp("kill")
    write(folder / "news", "old.txt", "The ferry crews voted to end their strike.", title="Ferry")
    build_index([folder / "news"], folder / "data", TinyEmbedder(max_pieces=58))
    for number in range(ARTICLES):
        lines = (f"Line {line} of {number} tells of geese and ponds." for line in range(SENTENCES))
        write(folder / "news", f"new{number}.txt", *lines, title=f"Geese {number}")
    return folder


def found(data: Path, word: str) -> list[str]:
    index = open_version(data)
    rows = index.lexical(index.terms(word), 3).rows.tolist()
    ids = [index.article_of(row).id for row in rows]
    index.close()
    return ids


@pytest.mark.parametrize(
    ("moment", "embedded", "published"),
    [
        ("reading 0", 0, False),
        ("reading 3", 0, False),
        ("embed 2", 0, False),  # nothing is kept yet
        ("embed 2, then embed 5", 2_080, False),  # the first group is kept, the second is being computed
        ("writing 0", 2_600, False),
        ("writing 1", 2_600, False),  # vectors are written, words are not
        ("writing 2", 2_600, False),
        ("sync manifest.json", 2_600, False),
        ("sync versions", 2_600, False),  # the new version stands there, and is not served yet
        ("sync .CURRENT", 2_600, False),
        ("sync data", 2_600, True),  # it is served, and old versions are not swept yet
        ("built", 2_600, True),
    ],
)
def test_a_build_that_was_killed_leaves_a_sound_index_and_is_taken_up_again(
    before: Path, tmp_path: Path, moment: str, embedded: int, published: bool
) -> None:
    data = tmp_path / "data"
    shutil.copytree(before / "data", data)
    served = Data(data).current_name()
    with Child(CODE, str(before / "news"), str(data)) as child:
        for name in moment.split(", then "):
            child.run_to(name)
            if name != moment:
                child.go_on()
        child.kill()
    assert (Data(data).current_name() != served) == published
    assert found(data, "ferry") == ["old.txt"]
    assert bool(found(data, "geese")) == published
    embedder = TinyEmbedder(max_pieces=58)
    report = build_index([before / "news"], data, embedder)
    assert report.articles == ARTICLES + 1
    assert len(embedder.embedded) == ARTICLES * SENTENCES - embedded
    assert report.published == (not published)
    assert found(data, "geese")
    assert {each.name for each in data.iterdir()} <= {
        "tokens.db",
        "tokens.db-shm",
        "tokens.db-wal",
        "CURRENT",
        "versions",
        "build.lock",
        "catalog.db",
        "catalog.db-wal",
        "catalog.db-shm",
    }
    assert [each.name for each in (data / "versions").iterdir() if each.name not in Data(data).names()] == []
    assert Data(data).current_name() == report.version
