"""The process that parses documents: whatever becomes of it, one file is lost and nothing is left behind."""

import io
import os
import signal
import sys
import threading
import zipfile
import zlib
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, load
from index.load.process import Worker
from tests.documents import PARAGRAPHS, docx, pdf, pdf_of, prose, stream
from tests.process import Child

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")
GOOD = pdf([prose(PARAGRAPHS[0])])


def endless() -> bytes:
    """Return a PDF of 2,000 pages that share a drawing of a million steps: minutes of work in 100 KB."""
    pages = range(2000)
    kids = " ".join(f"{4 + number} 0 R" for number in pages)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"
    drawing = stream(zlib.compress(b"q Q\n" * 1_000_000), "/Filter /FlateDecode ")
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, drawing, *(page for _ in pages), b"<< >>"])


def bomb() -> bytes:
    """Return an OpenDocument text of 600 MB in 3 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("content.xml", "w") as each,
    ):
        for _ in range(600):
            each.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.fixture
def worker() -> Worker:
    return Worker(limit_s=60)


def test_one_process_reads_many_documents(worker: Worker) -> None:
    pids = set()
    for _ in range(3):
        [parsed] = worker.parse(".pdf", "a.pdf", GOOD)
        assert parsed.text == PARAGRAPHS[0]
        pids.add(worker.pid)
    worker.close()
    assert len(pids) == 1


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    worker = Worker(limit_s=1)
    with pytest.raises(LoadError, match="not read in 1 seconds, and given up"):
        worker.parse(".pdf", "a.pdf", endless())
    assert worker.pid is None
    worker.limit_s = 60
    assert worker.parse(".pdf", "a.pdf", GOOD)
    worker.close()


def test_a_worker_that_dies_over_a_document_costs_only_that(worker: Worker) -> None:
    raw = endless()
    worker.parse(".pdf", "a.pdf", GOOD)
    died = worker.pid
    assert died
    threading.Timer(0.3, os.kill, (died, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)).start()
    with pytest.raises(LoadError, match=r"the program that reads it broke down over it \(exit code -9\)"):
        worker.parse(".pdf", "a.pdf", raw)
    assert worker.parse(".pdf", "a.pdf", GOOD)
    assert worker.pid != died
    worker.close()


@linux
def test_a_document_that_expands_to_more_than_the_memory_allows_is_an_error(worker: Worker) -> None:
    with pytest.raises(LoadError, match=r"reading it takes more than 512 MB of memory\. Split it"):
        worker.parse(".odt", "a.odt", bomb())
    assert 0 < worker.peak_bytes < 600_000_000
    assert worker.parse(".pdf", "a.pdf", GOOD)
    worker.close()


def test_the_files_after_a_bad_one_are_read(tmp_path: Path) -> None:
    for name, raw in (("a.pdf", GOOD), ("b.docx", b"PK\x03\x04"), ("c.docx", docx("T"))):
        (tmp_path / name).write_bytes(raw)
    found = [each for name in ("a.pdf", "b.docx", "c.docx") for each in load(SourceFile(tmp_path / name, name))]
    assert [type(each) for each in found] == [Article, LoadError, Article]


@linux
def test_no_worker_outlives_a_parent_that_is_killed_even_while_it_is_busy(tmp_path: Path) -> None:
    (tmp_path / "endless.pdf").write_bytes(endless())
    code = """
import sys, threading
from pathlib import Path
from index.load.process import Worker
from tests.process import step
worker = Worker(limit_s=120)
worker.parse(".pdf", "a.pdf", Path(sys.argv[2]).read_bytes())
threading.Thread(target=worker.parse, args=(".pdf", "a.pdf", Path(sys.argv[1]).read_bytes()), daemon=True).start()
step(str(worker.pid))
"""
    (tmp_path / "good.pdf").write_bytes(GOOD)
    with Child(code, str(tmp_path / "endless.pdf"), str(tmp_path / "good.pdf")) as child:
        pid = int(child.next())
        opened = os.pidfd_open(pid)
        assert Path(f"/proc/{pid}").exists()
        child.kill()
    import select

    assert select.select([opened], [], [], 30)[0], "the worker still runs"
    os.close(opened)


def test_what_the_users_folder_holds_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise SystemExit(9)", "utf-8")
    (tmp_path / "json.py").write_text("raise SystemExit(9)", "utf-8")
    worker = Worker()  # the tests' own folder is tmp_path
    assert worker.parse(".pdf", "a.pdf", GOOD)
    worker.close()
