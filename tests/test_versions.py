import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import BuildLocked, IndexDamaged, IndexMissing
from index.versions import FORMAT, Data, Manifest, checksums, new_name, verify
from tests.process import Child


def publish(data: Data, text: str = "some text") -> str:
    with data.draft() as draft:
        (draft / "sub").mkdir()
        (draft / "sub" / "words").write_text(text, "utf-8")
        (draft / "rows").write_text("1", "utf-8")
        manifest = Manifest(FORMAT, new_name(draft), "now", "model@1", 3, "splitter", 1, 1, "digest", checksums(draft))
        data.publish(draft, manifest)
    return manifest.name


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path / "data")


def test_what_was_published_is_served_and_whole(data: Data) -> None:
    name = publish(data)
    assert data.current_name() == name
    assert data.names() == [name]
    manifest = data.manifest(name)
    assert sorted(manifest.files) == ["rows", "sub/words"]
    verify(data.folder(name), manifest)
    assert datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).year >= 2025


def test_names_are_in_the_order_of_publishing(data: Data) -> None:
    names = [publish(data) for _ in range(5)]
    assert data.names() == names
    assert data.current_name() == names[-1]


def test_nothing_is_published_by_a_draft_that_fails(data: Data) -> None:
    name = publish(data)
    with pytest.raises(KeyboardInterrupt), data.draft() as draft:  # noqa: PT012 - what is left of it
        (draft / "rows").write_text("half", "utf-8")
        raise KeyboardInterrupt
    assert [each.name for each in data.versions.iterdir()] == [name]
    assert data.current_name() == name


def test_use_goes_back_and_sweep_keeps_what_is_served(data: Data) -> None:
    names = [publish(data) for _ in range(6)]
    data.use(names[0])
    assert data.current_name() == names[0]
    assert sorted(data.sweep()) == names[1:3]
    assert data.names() == [names[0], *names[3:]]


def test_sweep_removes_what_a_kill_left(data: Data) -> None:
    name = publish(data)
    (data.versions / ".draft-x" / "lexical").mkdir(parents=True)
    (data.root / ".CURRENT.abcd").write_text("half", "utf-8")
    assert data.sweep() == [".draft-x"]
    assert {each.name for each in data.root.iterdir()} == {"CURRENT", "versions"}
    assert data.names() == [name]


def test_a_version_that_is_not_there_cannot_be_used(data: Data) -> None:
    name = publish(data)
    for other in ("nope", "../data", "", ".draft-x"):
        with pytest.raises(IndexMissing, match=re.escape(f"no version {other!r}. There are: {name}.")):
            data.use(other)
    assert data.current_name() == name


def test_current_is_replaced_in_one_step(data: Data) -> None:
    first, second = publish(data), publish(data)
    before = data.current.stat().st_ino
    held = data.current.open(encoding="utf-8")
    data.use(first)
    with held:
        assert held.read() == f"{second}\n"  # a reader that has it open sees the whole of the old one
    assert data.current.stat().st_ino != before
    assert list(data.root.glob(".CURRENT*")) == []


def test_an_empty_folder_has_no_index(data: Data) -> None:
    with pytest.raises(IndexMissing, match=r"no index here yet. Build one: `pullquote build FOLDER --data "):
        data.current_name()
    assert data.names() == []
    assert not data.root.exists()


def test_a_data_folder_that_is_a_file_is_our_own_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    data = Data(tmp_path / "file")
    with pytest.raises((IndexMissing, IndexDamaged), match="file"):
        data.current_name()


@pytest.mark.parametrize("content", [b"", b"  \n", b"../../etc\n", b"a/b\n", b"\xff\xfe\n", b"x" * 300])
def test_a_damaged_current_is_reported(data: Data, content: bytes) -> None:
    publish(data)
    data.current.write_bytes(content)
    with pytest.raises(IndexDamaged):
        data.manifest(data.current_name())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"name": "x"}', b"null", b"\xff"])
def test_a_damaged_manifest_is_reported_with_the_way_out(data: Data, content: bytes) -> None:
    name = publish(data)
    (data.folder(name) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match=rf"{name}/manifest\.json: not a readable manifest .* `pullquote build`"):
        data.manifest(name)


def test_a_manifest_of_another_kind_is_reported(data: Data) -> None:
    name = publish(data)
    file = data.folder(name) / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"more": 1}), "utf-8")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        data.manifest(name)


def test_every_changed_or_missing_file_is_found(data: Data) -> None:
    manifest = data.manifest(publish(data))
    folder = data.folder(manifest.name)
    for name in manifest.files:
        file = folder / name
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(IndexDamaged, match=rf"{name}: changed since it was written"):
            verify(folder, manifest)
        file.unlink()
        with pytest.raises(IndexDamaged, match=rf"{name}: cannot be read"):
            verify(folder, manifest)
        file.write_bytes(whole)
    verify(folder, manifest)


def test_one_process_builds_at_a_time_and_the_other_is_named(data: Data) -> None:
    code = "import sys; from tests.process import step; from index.versions import Data; from pathlib import Path\n"
    code += "with Data(Path(sys.argv[1])).locked(): step('locked')"
    with Child(code, str(data.root)) as child:
        assert child.next() == "locked"
        with (
            pytest.raises(BuildLocked, match=rf"another build is running here \(process {child.pid}, since 20"),
            data.locked(),
        ):
            pytest.fail("the lock was given twice")
        child.kill()
    assert data.holder.exists()  # left by the killed holder: no obstacle
    with data.locked():
        assert json.loads(data.holder.read_text("utf-8"))["pid"] == os.getpid()
    assert not data.holder.exists()


def test_a_lock_is_free_again_after_an_error(data: Data) -> None:
    with pytest.raises(ZeroDivisionError), data.locked():
        raise ZeroDivisionError
    with data.locked(), pytest.raises(BuildLocked), data.locked():
        pass
