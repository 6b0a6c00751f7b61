import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import SourceFile, file, find, load
from tests.documents import PARAGRAPHS, docx, packed

TEXT = PARAGRAPHS[0]


def loaded(raw: bytes, name: str = "a.zip") -> list[Article | LoadError]:
    Path(name).write_bytes(raw)
    return list(load(SourceFile(Path(name), name)))


def articles(found: list[Article | LoadError]) -> dict[str, str]:
    return {each.id: each.text for each in found if isinstance(each, Article)}


def errors(found: list[Article | LoadError]) -> list[str]:
    return [str(each) for each in found if isinstance(each, LoadError)]


def tar(members: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, raw in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            made.addfile(info, io.BytesIO(raw))
        for info in others:
            made.addfile(info)
    return out.getvalue()


def test_every_kind_is_read_out_of_a_zip_archive_by_its_path_in_it() -> None:
    raw = packed({"news/a.txt": f"Title\n\n{TEXT}", "news/b.docx": docx("Strike", [TEXT]), "c.jsonl": '{"text": "C."}',
                  "d.csv": "id,text\nd1,D.\n"})  # fmt: skip
    assert articles(loaded(raw)) == {
        "a.zip/news/a.txt": TEXT,
        "a.zip/news/b.docx": TEXT,
        "a.zip/c.jsonl:1": "C.",
        "d1": "D.",
    }
    assert [each.source for each in loaded(raw) if isinstance(each, Article)][2] == "a.zip/c.jsonl:1"


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.tar", bytes), ("a.tar.gz", gzip.compress), ("a.tgz", gzip.compress), ("a.tar.bz2", bz2.compress),
     ("a.tbz2", bz2.compress), ("a.tar.xz", lzma.compress), ("a.TXZ", lzma.compress)],
)  # fmt: skip
def test_every_kind_of_tar_archive_is_read(name: str, pack: Callable[[bytes], bytes]) -> None:
    raw = tar({"a.txt": f"A\n\n{TEXT}".encode(), "b/b.txt": f"B\n\n{TEXT}".encode()})
    assert articles(loaded(pack(raw), name)) == {f"{name}/a.txt": TEXT, f"{name}/b/b.txt": TEXT}


@pytest.mark.parametrize("name", ["a.txt.gz", "a.html.gz", "a.csv.gz", "a.json.gz", "a.docx.gz", "a.eml.GZ"])
def test_a_file_of_any_kind_may_be_gzipped(name: str) -> None:
    page = "<html><body><article>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS) + "</article></body></html>"
    raw = {".txt": f"T\n\n{TEXT}".encode(), ".html": page.encode(), ".csv": f'text\n"{TEXT}"'.encode(),
           ".json": f'[{{"text": "{TEXT}"}}]'.encode(), ".docx": docx("T", [TEXT]),
           ".eml": f"Subject: T\n\n{TEXT}".encode()}["." + name.split(".")[1]]  # fmt: skip
    [found] = loaded(gzip.compress(raw), name)
    assert isinstance(found, Article), found
    assert TEXT in found.text


def test_gzip_that_breaks_off_is_an_error_of_the_whole_file() -> None:
    with pytest.raises(OSError, match="the gzip data ends or breaks"):
        loaded(gzip.compress(TEXT.encode() * 99)[:-9], "a.txt.gz")


def test_nothing_is_written_wherever_a_name_points(tmp_path: Path) -> None:
    names = ["../../up.txt", "/etc/root.txt", "..\\back.txt", "C:\\x.txt", "a/../../b.txt"]
    before = set(tmp_path.rglob("*"))
    zipped = loaded(packed(dict.fromkeys(names, f"T\n\n{TEXT}")))
    tarred = loaded(tar(dict.fromkeys(names, f"T\n\n{TEXT}".encode())), "a.tar")
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "a.zip", tmp_path / "a.tar"}
    assert len(articles(zipped)) == len(articles(tarred)) == len(names)
    assert "a.tar/../../up.txt" in articles(tarred)


def test_links_and_devices_are_named_and_not_followed() -> None:
    link, hard, device = (tarfile.TarInfo(name) for name in ("link.txt", "hard.txt", "device.txt"))
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "good.txt"
    device.type = tarfile.CHRTYPE
    found = loaded(tar({"good.txt": f"T\n\n{TEXT}".encode()}, link, hard, device), "a.tar")
    assert articles(found) == {"a.tar/good.txt": TEXT}
    assert errors(found) == [
        "a.tar/link.txt: a link, which is not followed.",
        "a.tar/hard.txt: a link, which is not followed.",
        "a.tar/device.txt: no regular file, which is not followed.",
    ]


def test_other_kinds_are_named_hidden_files_and_question_sets_are_passed_over() -> None:
    raw = packed(
        {"a.txt": TEXT, "b.jpg": "x", "__MACOSX/._a.txt": "x", ".git/c.txt": "x", "q.jsonl": '{"question": "Who?"}'}
    )
    found = loaded(raw)
    assert errors(found) == ["a.zip/b.jpg: files of this kind are not read."]
    assert list(articles(found)) == ["a.zip/a.txt"]


def test_archives_in_archives_are_read_three_deep() -> None:
    raw = packed({"x.txt": f"T\n\n{TEXT}"})
    for _ in range(2):
        raw = packed({"in.zip": raw})
    assert articles(loaded(raw)) == {"a.zip/in.zip/in.zip/x.txt": TEXT}
    found = loaded(packed({"in.zip": raw, "b.txt": TEXT}))
    assert errors(found) == [
        "a.zip/in.zip/in.zip/in.zip: archives are nested too deeply (3 at most). Unpack it yourself."
    ]
    assert list(articles(found)) == ["a.zip/b.txt"]


def test_an_archive_that_expands_to_too_much_gives_what_came_before_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file, "LEAST_BUDGET_BYTES", 100_000)
    bomb = b"T\n\n" + b"\n" * 1_000_000
    for raw, name in ((packed({"a.txt": TEXT, "b.txt": bomb, "c.txt": TEXT}), "a.zip"),
                      (gzip.compress(tar({"a.txt": TEXT.encode(), "b.txt": bomb})), "a.tar.gz"),
                      (packed({"a.txt": TEXT, "in.zip": packed({"b.txt": bomb})}), "a.zip")):  # fmt: skip
        found = loaded(raw, name)
        assert list(articles(found)) == [f"{name}/a.txt"]
        [error] = errors(found)
        assert f"{name}: expands to more than 200 times its size" in error
    [error] = errors(loaded(gzip.compress(bomb), "b.txt.gz"))
    assert "b.txt.gz: expands to more than 200 times its size" in error


def test_an_archive_of_too_many_files_gives_the_first_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file.Budget, "__init__", _few(file.Budget.__init__))
    found = loaded(packed({f"{number}.txt": TEXT for number in range(9)}))
    assert len(articles(found)) == 5
    assert errors(found) == [f"a.zip: holds more than {file.MAX_MEMBERS:,} files; the others are not read."]


def _few(made: Callable[..., None]) -> Callable[..., None]:
    return lambda self, place, left, members_left=5: made(self, place, left, members_left)


def test_a_huge_header_in_a_tar_archive_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 500_000_000
    with pytest.raises(OSError, match="a header of"):
        loaded(gzip.compress(info.tobuf() + b" " * 3_000_000), "a.tar.gz")


def test_a_zip_archive_whose_directory_is_huge_is_refused() -> None:
    raw = bytearray(packed({"a.txt": TEXT}) + b"\0" * 40_000_000)
    end = raw.rfind(b"PK\x05\x06")
    raw[end + 12 : end + 16] = (39_000_000).to_bytes(4, "little")
    raw = raw[:end] + b"\0" * 40_000_000 + raw[end : end + 22]
    assert errors(loaded(bytes(raw))) == ["a.zip: holds too many files to be read as one archive. Unpack it yourself."]


def test_a_damaged_member_is_an_error_and_the_others_are_read() -> None:
    raw = bytearray(packed({"a.txt": TEXT * 9, "b.txt": TEXT}))
    raw[60] ^= 0xFF
    found = loaded(bytes(raw))
    assert list(articles(found)) == ["a.zip/b.txt"]
    assert errors(found)[0].startswith("a.zip/a.txt: damaged (")


def test_an_encrypted_member_is_an_error() -> None:
    raw = bytearray(packed({"a.txt": TEXT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + offset] |= 1
    assert errors(loaded(bytes(raw))) == ["a.zip/a.txt: it is encrypted. Unpack it with its password."]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2"])
@pytest.mark.parametrize(
    "raw", [b"no archive at all", b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", gzip.compress(b"x" * 9999)]
)
def test_what_is_no_archive_breaks_off(name: str, raw: bytes) -> None:
    with pytest.raises(OSError, match=r"ends or breaks|Invalid data stream"):
        loaded(raw, name)


def test_the_same_name_twice_in_an_archive_loses_nothing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "One.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a.txt", "Two.")
    assert [each.text for each in loaded(out.getvalue()) if isinstance(each, Article)] == ["One.", "Two."]


def test_thousands_of_errors_of_one_file_are_counted() -> None:
    found = errors(loaded(b"{}\n" * 1500, "a.jsonl"))
    assert len(found) == 1001
    assert found[-1] == "a.jsonl: 500 more of its records or files could not be read."


def test_archives_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(b"")
    assert [each.name for each in find([tmp_path]) if isinstance(each, SourceFile)] == ["a.tar.gz"]
