"""Feeds loaders broken files: `python -m tests.bench.fuzz KIND --minutes 10 [--seed 1] [--keep FOLDER]`.

KIND is how names end (.pdf, .csv, .zip …), or "all". Small files of each kind (made by tests/documents.py) are broken
at random, also inside their archives. A loader may give articles and LoadErrors, or raise OSError; anything else, more
than `SLOW_S` seconds of the processor (and a millisecond for each article) and more than `MEMORY_BYTES`
is a finding: it is printed, and kept in FOLDER. Exits with 1 then. Documents whose parsing had to be ended are counted
apart: they cost no more than that file.
"""

import argparse
import gzip
import io
import json
import random
import resource
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, documents, load
from index.load.file import Memory
from tests import documents as made

FUZZED = [".txt", ".md", ".html", ".jsonl", ".json", ".csv", ".tsv", ".eml", ".mbox", ".pdf", ".docx", ".odt", ".rtf",
          ".epub", ".zip", ".tar", ".tar.gz"]  # fmt: skip
SLOW_S = 10
MEMORY_BYTES = 1_500_000_000
TOKENS = [
    b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b'"', b"'", b",", b";", b"\\", b"{", b"}", b"[", b"]",
    b"<", b">", b"&", b"&#0;", b"&#x110000;", b"---\n", b"From ", b"\n\n", b"999999999999", b"-1", b"0", b"1e999",
    b"NaN", b"null", b"\xed\xa0\x80", b"=?utf-8?B?", b"?=", b"boundary=", b"Content-Type: ", b"charset=utf-7",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"%PDF-1.7", b"endobj", b"stream\n", b"/Kids [", b" 0 R", b"/Length ", b"\\u-1?", b"\\'", b"\\bin9999 ",
    b"\\ansicpg", b"{\\*", b"date: 0000-00-00", b"!!python/object", b"*a", b"&a [*a,*a]", b"PK\x01\x02", b"PK\x05\x06",
    "‮".encode(),
]  # fmt: skip


@cache
def seeds(kind: str) -> list[bytes]:
    """Return small sound files of a kind."""
    text = "\n\n".join(made.PARAGRAPHS)
    page = "".join(f"<p>{each}</p>" for each in made.PARAGRAPHS)
    markup = f"<!DOCTYPE html><html lang=en><head><title>T</title></head><body><article>{page}</article></body></html>"
    record = {
        "title": "T",
        "text": text,
        "date": "2026-03-28",
        "authors": ["Ann Tey", {"name": "Bo"}],
        "url": "http://a/b",
    }
    front = f"---\ntitle: T\ndate: 2026-03-28\nauthors: [A, B]\n---\n\n{text}\n"
    files: dict[str, list[bytes]] = {
        ".txt": [f"Title\n\nBy Ann Tey, Courier\n\n{text}\n".encode(), front.encode(),
                 text.encode("utf-16"), text.encode("cp1252")],
        ".html": [markup.encode(), markup.replace("<p>", "<p><a href=x>").encode()],
        ".jsonl": [(json.dumps(record) + "\n").encode() * 3],
        ".json": [json.dumps([record] * 3).encode(), json.dumps({"response": {"docs": [record]}}, indent=1).encode()],
        ".csv": [f'title,text,date\n"a","{text}",2026-03-28\nb,c,\n'.encode(), "title;text\na;b\n".encode("utf-16")],
        ".eml": [made.mail(), made.mail(html=markup)],
        ".mbox": [b"From a@b Sat Mar 28 10:00:00 2026\n" + made.mail() + b"\nFrom c@d\n" + made.mail(html=markup)],
        ".pdf": [made.pdf([made.prose(each) for each in (made.PARAGRAPHS[0], made.PARAGRAPHS[2])], {"Title": "T"})],
        ".docx": [made.docx("T")],
        ".odt": [made.odt(f"<text:h>T</text:h><text:p>{made.PARAGRAPHS[0]}<text:s/></text:p>", "<dc:title/>")],
        ".rtf": [made.rtf(title="T")],
        ".epub": [made.epub({"a.xhtml": f"<h1>A</h1>{page}", "b.xhtml": f"<h1>B</h1>{page}"})],
    }  # fmt: skip
    files |= {
        ".md": files[".txt"],
        ".tsv": [each.replace(b",", b"\t") for each in files[".csv"]],
        ".ndjson": files[".jsonl"],
    }
    inner = {f"n/a{ending}": files[ending][0] for ending in (".txt", ".html", ".jsonl", ".csv", ".eml", ".rtf")}
    files[".zip"] = [
        made.packed(inner),
        made.packed({"b.zip": made.packed(inner), "c.txt.gz": gzip.compress(b"Text.")}),
    ]
    files[".tar"] = [_tar(inner)]
    files[".tar.gz"] = [gzip.compress(_tar(inner))]
    return (
        files.get(kind)
        or files[{".text": ".txt", ".markdown": ".md", ".htm": ".html", ".xhtml": ".html"}.get(kind, ".tar.gz")]
    )


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, raw in members.items():
            info = tarfile.TarInfo(f"{'é' * 90}/{name}")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return out.getvalue()


def broken(chance: random.Random, raw: bytes) -> bytes:
    """Return `raw`, broken in one to eight places; of an archive, often inside."""
    if raw.startswith(b"PK") and chance.random() < 0.7:
        return _inside(chance, raw)
    if raw.startswith(b"\x1f\x8b") and chance.random() < 0.7:
        return gzip.compress(broken(chance, gzip.decompress(raw)), 1)
    out = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        start = chance.randrange(len(out) + 1)
        end = min(len(out), start + chance.choice((1, 1, 4, 30, 500)))
        piece = bytes(out[start:end])
        out[start:end] = chance.choice(_BREAKS)(chance, piece)
    return bytes(out)


_BREAKS: list[Callable[[random.Random, bytes], bytes]] = [
    lambda chance, piece: b"",
    lambda chance, piece: piece * 2,
    lambda chance, piece: piece[::-1],
    lambda chance, piece: piece * chance.choice((100, 3000)),
    lambda chance, piece: chance.choice(TOKENS) + piece,
    lambda chance, piece: chance.choice(TOKENS) * chance.choice((1, 2, 5000)),
    lambda chance, piece: chance.randbytes(len(piece)),
    lambda chance, piece: bytes(byte ^ (1 << chance.randrange(8)) for byte in piece[:3]) + piece[3:],
    lambda chance, piece: piece.replace(b"0", b"9").replace(b"1", b"4294967296"),
    lambda chance, piece: piece.swapcase(),
]


def _inside(chance: random.Random, raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    name = chance.choice(list(members))
    if members[name]:
        members[name] = broken(chance, members[name])
    if chance.random() < 0.1:
        del members[name]
    return made.packed(members)


def problem(kind: str, raw: bytes) -> tuple[str, Counter[str]]:
    """Load a file of these bytes; return what is wrong ("" for nothing) and what came of it."""
    came: Counter[str] = Counter()
    started = time.process_time()  # other programs slow the machine down
    try:
        for each in load(SourceFile(Memory(f"fuzz{kind}", raw), f"fuzz{kind}")):
            came[type(each).__name__] += 1
            if isinstance(each, LoadError):
                came["ended"] += "given up" in str(each) or "broke down" in str(each)
                str(each).encode()
            elif not isinstance(each, Article) or not each.id or not each.text.strip():
                return f"gave {each!r:.300}", came
            else:
                json.dumps([each.id, each.title, each.text, each.source, each.authors], ensure_ascii=False).encode()
    except OSError:
        came["OSError"] += 1
    except Exception:  # whatever it is, it is a finding
        return traceback.format_exc(limit=-6), came
    took = time.process_time() - started
    most = SLOW_S + came["Article"] / 1000
    return (f"took {took:.1f} s" if took > most else ""), came


def _stuck(number: int, frame: object) -> None:
    raise RuntimeError("took more than a minute")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Break files until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[*FUZZED, "all"])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "pullquote-fuzz")
    arguments = parser.parse_args()
    kinds = FUZZED if arguments.kind == "all" else [arguments.kind]
    signal.signal(signal.SIGPROF, _stuck)
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, resource.RLIM_INFINITY))
    failed = False
    for kind in kinds:
        failed |= _fuzz(kind, arguments.minutes * 60 / len(kinds), arguments.seed, arguments.keep)
    return int(failed)


def _fuzz(kind: str, seconds: float, seed: int, keep: Path) -> bool:
    chance = random.Random(f"{kind}{seed}")  # noqa: S311 - no secret
    corpus, came, found = seeds(kind), Counter[str](), 0
    until, count, most_worker = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        raw = broken(chance, chance.choice(corpus))
        count += 1
        signal.setitimer(signal.ITIMER_PROF, 60)
        wrong, outcome = problem(kind, raw)
        signal.setitimer(signal.ITIMER_PROF, 0)
        came += outcome
        most_worker = max(most_worker, documents._worker.peak_bytes)
        if not wrong and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MEMORY_BYTES:
            wrong = "took too much memory"
        if wrong:
            found += 1
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{seed}-{count}{kind}").write_bytes(raw)
            say(f"FOUND {keep / f'{seed}-{count}{kind}'}\n{wrong}")
            if "memory" in wrong:
                break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    say(f"{kind}: {count:,} broken files, {found} findings; {dict(came)}; peak {peak / 1e6:.0f} MB, "
          f"worker {most_worker / 1e6:.0f} MB")  # fmt: skip
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
