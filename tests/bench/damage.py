"""Each file of an index damaged, one at a time: is it said, is it mended, is anything answered wrongly?

    python -m tests.bench.damage --flips 12

Every file of the version being served, its manifest, CURRENT, and the catalog with its log are cut short,
emptied, removed, have a bit flipped, or are replaced by the same file of another version. Then ten questions are asked,
built again, and asked again, each in a process of its own. Right is: the same answers as before (or those of an earlier
version that is named), or an error of ours that says which file and what to do. Where building is refused as well, what
the message says is done: the catalog is moved away and everything is built anew. Exits with 1 for anything else.
Not tried is tokens.db: without it ranking is computed more exactly, so that answers may differ.
Also looks through the code for what unpickles. Embeddings are the tests' tiny ones; Linux only.
"""

import argparse
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from index.builder import build_index
from index.catalog import Catalog
from index.versions import MANIFEST, Data, files_of
from tests.bench.sure import Ended, Folder, answers, apart, opened, table
from tests.tiny import TinyEmbedder

Damage = Callable[[Path], object]

_ROOT = Path(__file__).resolve().parents[2]
_UNPICKLES = re.compile(
    r"\bpickle\b|joblib|torch\.load\(|allow_pickle\s*=\s*True|shelve|\bmarshal\b|weights_only\s*=\s*False"
)
_SAYS = re.compile(r"Run `pullquote|Restore it|Roll back|Build one|Name that model", re.IGNORECASE)


def _answered(data: Path) -> Any:  # noqa: ANN401 - whatever was found
    return answers(opened(data))


def _built(news: Path, data: Path, *, rebuild: bool = False) -> str:
    version: str = build_index([news], data, TinyEmbedder(), rebuild=rebuild).version
    return version


def _stopped(news: Path, data: Path) -> None:
    """Build until some embeddings were kept, and end without a word: the log then holds what the catalog does not."""

    def embedding(texts: Sequence[str]) -> None:
        with closing(Catalog(data / "catalog.db", writable=True)):
            os._exit(0)

    build_index([news], data, TinyEmbedder(before=embedding))


def prepared(root: Path) -> tuple[Path, Path]:
    """Make a folder of articles, and an index with two versions and a build that was killed."""
    folder = Folder(root / "news", random.Random(3), 40)  # noqa: S311 - nothing secret
    data = root / "data"
    for work in (_built, _built, _stopped, _stopped):
        if work is _stopped and (data / "catalog.db-wal").exists():
            shutil.copytree(data, root / "before")
        apart(lambda work=work: work(folder.root, data))  # type: ignore[misc]
        folder.add(20)
    assert len(Data(data).names()) == 2
    assert (data / "catalog.db-wal").stat().st_size > 0
    return folder.root, data


def damages(file: Path, other: Path, flips: int) -> Iterator[tuple[str, Damage]]:
    """Yield what can become of a file; `other` is what it may be mixed up with."""
    size, rng = file.stat().st_size, random.Random(str(file.name))  # noqa: S311 - nothing secret
    yield "removed", lambda path: path.unlink()
    yield "emptied", lambda path: path.write_bytes(b"")
    for share in (0.5, 0.99):
        yield f"cut at {share:.0%}", lambda path, share=share: os.truncate(path, int(size * share))  # type: ignore[misc]
    yield "zeros", lambda path: path.write_bytes(bytes(size))
    for place in sorted({0, size - 1, *(rng.randrange(size) for _ in range(flips))} if size else ()):
        yield f"bit at {place}", lambda path, place=place: _flip(path, place, rng.randrange(8))  # type: ignore[misc]
    if other.is_file() and other.read_bytes() != file.read_bytes():
        yield "another's", lambda path: shutil.copyfile(other, path)
    if file.name == MANIFEST:
        for name, value in (("files", {}), ("files", []), ("name", "../x"), ("format", "2"), ("passages", None)):
            yield (
                f"{name}={value!r}",
                lambda path, name=name, value=value: path.write_text(  # type: ignore[misc]
                    json.dumps(json.loads(path.read_text("utf-8")) | {name: value}), "utf-8"
                ),
            )


def _flip(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(place)
        byte = stream.read(1)[0]
        stream.seek(place)
        stream.write(bytes([byte ^ (1 << bit)]))


def cases(data: Path, flips: int) -> Iterator[tuple[str, str, Damage]]:
    """Yield each file of an index with each thing that can become of it."""
    first, served = Data(data).names()[-2:]
    for name in [*files_of(data / "versions" / served), MANIFEST]:
        file = data / "versions" / served / name
        for how, damage in damages(file, data / "versions" / first / name, flips):
            yield f"versions/{served}/{name}", how, damage
    mixed = data / "versions" / first / MANIFEST
    for how, damage in damages(data / "CURRENT", mixed, flips):
        yield "CURRENT", how, damage
    yield "CURRENT", "the earlier version", lambda path: path.write_text(first + "\n", "utf-8")
    before = data.with_name("before")
    for name, times in (("catalog.db", 8), ("catalog.db-wal", 4), ("catalog.db-shm", 1)):
        for how, damage in damages(data / name, before / name, times * flips):
            yield name, how, damage


def judged(ended: Ended, sound: Sequence[Any], place: Path) -> str:
    """Return what a reading or building came to; what is wrong is in capitals."""
    if ended.broke:
        return f"BROKE {ended.broke[-700:]}"
    if ended.refused:
        kind = ended.refused.split(":")[0]
        whole = str(place) in ended.refused and _SAYS.search(ended.refused)
        return f"said ({kind})" if whole else f"UNCLEAR {ended.refused}"
    for number, each in enumerate(sound):
        if ended.value == each:
            return "the same" if number == 0 else "an earlier version's"
    return "WRONG answers"


def tried(news: Path, data: Path, sound: Sequence[Any], after: Any) -> tuple[str, str, str]:  # noqa: ANN401
    """Ask, build, do what the building says, ask: return what each came to, and what the building said.

    `sound` are the answers of the versions, `after` those of a build.
    """
    asked = judged(apart(lambda: _answered(data)), sound, data)
    ways: list[tuple[str, Ended]] = [("built again", apart(lambda: _built(news, data)))]
    said = ways[0][1].refused
    if "--rebuild" in said:
        ways.append(("rebuilt", apart(lambda: _built(news, data, rebuild=True))))
    if "move it away" in ways[-1][1].refused:
        for left in data.glob("catalog.db*"):
            left.rename(left.with_name(f"away-{left.name}"))
        ways.append(("moved away", apart(lambda: _built(news, data))))
    how, last = ways[-1]
    came = judged(apart(lambda: _answered(data)) if last.value else last, [after], data)
    refused = judged(ways[0][1], [], data) if ways[1:] else ""
    return asked, f"{how}: {came}", refused


def unpickling() -> list[str]:
    """Return the lines of the code that could unpickle something."""
    found = []
    for package in ("index", "rag", "ui"):
        for path in sorted((_ROOT / package).rglob("*.py")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if _UNPICKLES.search(line.split("#")[0]):
                    found.append(f"{path.relative_to(_ROOT)}:{number}: {line.strip()}")
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what each damage came to, and exit with 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--flips", type=int, default=6, help="bits flipped in each file; 8 times as many in the catalog"
    )
    parser.add_argument("--only", default="", help="files whose name holds this")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    counts: Counter[tuple[str, str, str]] = Counter()
    wrong = [f"unpickles: {each}" for each in unpickling() if "allow_pickle=False" not in each]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        news, data = prepared(root)
        shutil.copytree(data, root / "work")
        names = Data(data).names()
        sound = [apart(lambda: _answered(root / "work")).value]
        (root / "work" / "CURRENT").write_text(names[0] + "\n", "utf-8")
        sound.append(apart(lambda: _answered(root / "work")).value)
        assert apart(lambda: _built(news, root / "work")).value
        after = apart(lambda: _answered(root / "work")).value
        assert all([*sound, after]), "nothing to compare"
        assert sound[0] != after, "the versions answer alike"
        for file, how, damage in cases(data, given.flips):
            if given.only not in file:
                continue
            shutil.rmtree(root / "work")
            shutil.copytree(data, root / "work")
            damage(root / "work" / file)
            outcome = tried(news, root / "work", sound, after)
            counts[(re.sub(r"^versions/[^/]+/|[0-9a-f]{32}", "", file), *outcome[:2])] += 1
            bad = [each for each in outcome if re.search(r"\b(BROKE|UNCLEAR|WRONG)\b", each)]
            if not outcome[1].endswith(": the same"):
                bad.append(f"not mended: {outcome[1]}")
            wrong += [f"{file}, {how}: {each}" for each in bad]
    table([("file", "asked", "built again", "cases"), *((*key, counts[key]) for key in sorted(counts))])
    sys.stdout.write(f"{sum(counts.values())} cases in {time.monotonic() - began:.0f} s; {len(wrong)} violations\n")
    for each in wrong[:40]:
        sys.stdout.write(f"VIOLATED {each}\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
