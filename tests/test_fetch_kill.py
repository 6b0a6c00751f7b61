"""kill -9 while fetching: what came is kept whole, and is not asked for again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.builder import build_index
from index.fetch.store import Record, Store
from tests.process import Child
from tests.site import Site, serving
from tests.test_fetch import many
from tests.tiny import TinyEmbedder

CODE = """
import os, sys
from pathlib import Path
from index.builder import build_index
from index.fetch.policy import Policy
from tests.process import step
from tests.tiny import TinyEmbedder

def synced(descriptor, sync=os.fsync):
    step(f"sync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")
    sync(descriptor)

os.fsync = synced
policy = Policy(delay_s=0.0, retries=0, allow_hosts=("127.0.0.1",))
embedder = TinyEmbedder(before=lambda texts: step("embed"))
build_index([sys.argv[1]], sys.argv[2], embedder, progress=lambda *each: step(" ".join(map(str, each))), policy=policy)
step("built")
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        many(site, 6)
        yield site


def stories(site: Site) -> int:
    return len([path for path in site.asked if path.startswith("/story")])


@pytest.mark.parametrize(
    ("moments", "kept"),
    [
        (["sync .round.json"], 0),
        (["fetching 0"], 0),
        (["fetching 3"], 3),
        (["fetching 3", "sync"], 3),  # the content of the fourth is written, but not under its name
        (["fetching 3", "sync", "sync"], 3),  # its record is not
        (["fetching 6"], 6),
        (["embed"], 6),
        (["writing 2"], 6),
    ],
)
def test_a_build_that_was_killed_asks_only_for_the_rest(
    site: Site, tmp_path: Path, moments: list[str], kept: int
) -> None:
    data = tmp_path / "data"
    with Child(CODE, site.url("/feed.xml"), str(data)) as child:
        for place, moment in enumerate(moments):
            if place:
                child.go_on()
            child.run_to(moment)
        child.kill()
    for file in (data / "fetched").rglob("*.json"):  # each record is whole, and what it names is there
        found = json.loads(file.read_text("utf-8"))
        if "etag" in found:
            assert not found["file"] or Store(data).content(Record(**found))
    asked = stories(site)
    assert asked >= kept
    site.asked.clear()
    report = build_index([site.url("/feed.xml")], data, TinyEmbedder(), policy=site.policy())
    assert (report.articles, report.refused, report.notes) == (6, [], [])
    assert stories(site) == 6 - kept
    site.asked.clear()
    build_index([], data, TinyEmbedder(), policy=site.policy())
    assert stories(site) == 6  # a round of its own
    assert not [each for each in (data / "fetched").rglob("*") if each.name.startswith(".")]
