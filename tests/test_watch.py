"""`pullquote watch` keeps the index fresh, tells each change once, survives errors, and ends cleanly."""

import json
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.builder import BuildReport, build_index
from index.errors import FetchError, NothingToIndex, SettingsError
from index.versions import Data
from rag.cli import parser
from rag.watch import POLL_S, Change, Watch
from tests.process import Child
from tests.site import Page, Site, item, serving
from tests.test_fetch import BODY
from tests.tiny import TinyEmbedder, write


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


class Watching:
    """A watch whose time passes only when it is told to."""

    def __init__(self, data: Path, site: Site, *sources: str | Path, every_s: float = 900.0) -> None:
        self.now = 100.0
        self.told: list[Change] = []
        self.builds = 0
        self.locked = False
        self._site, self._data = site, data
        self.watch = Watch(
            Data(data), self._build, [str(each) for each in sources], every_s, self.told.append, lambda: self.now
        )

    def _build(self, sources: Sequence[str], ask: bool) -> BuildReport:
        self.builds += 1
        return build_index(sources, self._data, TinyEmbedder(), policy=replace(self._site.policy(), recheck=ask))

    def look(self, after: float = 0.0) -> list[tuple[str, str]]:
        self.now += after
        self.told.clear()
        self.watch.look()
        return [(each.kind, each.article or each.says) for each in self.told]


def test_a_folder_is_built_again_when_files_have_changed_and_lie_still(tmp_path: Path, site: Site) -> None:
    news = tmp_path / "news"
    write(news, "a.txt", "The ferry crews voted to end their strike.", title="Ferry")
    watching = Watching(news / "index", site, news)  # the index below the folder that is watched
    assert watching.look() == [("built", "1 articles, 1 passages")]
    assert watching.look(POLL_S) == []
    write(news, "deep/b.txt", "Geese were asked to leave", title="Geese")
    assert (watching.look(POLL_S), watching.builds) == ([], 1)  # it may still be written
    write(news, "deep/b.txt", "Geese were asked to leave the pond.", title="Geese")
    assert (watching.look(POLL_S), watching.builds) == ([], 1)
    assert watching.look(POLL_S) == [("new", "deep/b.txt")]
    assert (watching.look(POLL_S), watching.builds) == ([], 2)
    write(news, "a.txt", "The ferry crews voted to go on with their strike.", title="Ferry")
    (news / "deep/b.txt").unlink()
    watching.look(POLL_S)
    assert watching.look(POLL_S) == [("changed", "a.txt"), ("gone", "deep/b.txt")]
    assert [each.line[10:] for each in watching.told] == ["changed  Ferry  [a.txt]", "gone     Geese  [deep/b.txt]"]


def test_a_feed_is_asked_at_its_interval_and_not_for_a_file(tmp_path: Path, site: Site) -> None:
    write(tmp_path / "news", "a.txt", "The ferry crews voted to end their strike.", title="Ferry")
    site.article("/one", "The market closes", *BODY)
    site.feed("/feed.xml", item(site.url("/one")))
    watching = Watching(tmp_path / "data", site, tmp_path / "news", site.url("/feed.xml"))
    assert [kind for kind, _ in watching.look()] == ["built"]
    assert site.count("/feed.xml") == 1
    write(tmp_path / "news", "b.txt", "Geese were asked to leave the pond.", title="Geese")
    watching.look(POLL_S)
    assert watching.look(POLL_S) == [("new", "b.txt")]
    assert (site.count("/feed.xml"), site.count("/one")) == (1, 1)
    site.article("/one", "The market stays open", *BODY)
    site.article("/two", "A second story", *BODY, "Another ending.")
    site.feed("/feed.xml", item(site.url("/two")), item(site.url("/one")))
    assert watching.look(800) == []
    assert watching.look(100) == [("new", site.url("/two")), ("changed", site.url("/one"))]
    assert watching.look(900) == []


def test_errors_are_told_once_and_survived(tmp_path: Path, site: Site) -> None:
    site.article("/one", "The market closes", *BODY)
    site.feed("/feed.xml", item(site.url("/one")))
    data = tmp_path / "data"
    watching = Watching(data, site, site.url("/feed.xml"))
    assert watching.look()[0][0] == "built"
    site.close()
    [(kind, said), *_] = watching.look(900)
    assert (kind, "cannot be reached" in said) == ("note", True)
    assert watching.look(900) == []  # still so
    with Data(data).locked():
        assert [kind for kind, _ in watching.look(900)] == ["error"]
    builds = watching.builds
    assert watching.look(14) == []
    assert watching.builds == builds
    site.open()
    site.article("/one", "The market stays open", *BODY)
    assert watching.look(1) == [("changed", site.url("/one"))]
    site.close()
    assert "cannot be reached" in watching.look(900)[0][1]  # again


def test_what_can_never_work_is_an_error_at_once(tmp_path: Path, site: Site) -> None:
    with pytest.raises(SettingsError, match="no such file or folder"):
        Watching(tmp_path / "data", site, tmp_path / "gone").look()
    with pytest.raises(FetchError, match="only http and https"):
        Watching(tmp_path / "data", site, "ftp://example.org/x").look()
    with pytest.raises(NothingToIndex, match="none remembered"):
        Watching(tmp_path / "none", site).look()


def test_a_source_that_does_not_answer_yet_is_waited_for(tmp_path: Path, site: Site) -> None:
    site.pages["/feed.xml"] = Page(b"", status=503, tag=False)
    watching = Watching(tmp_path / "data", site, site.url("/feed.xml"))
    [(kind, said)] = watching.look()
    assert (kind, "503" in said) == ("error", True)
    site.article("/one", "The market closes", *BODY)
    site.feed("/feed.xml", item(site.url("/one")))
    assert watching.look(900)[0][0] == "built"


CODE = """
import signal, sys
import index.embed, rag.watch
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs without it
from rag.cli import main
from tests.process import step
from tests.tiny import TinyEmbedder
index.embed.SentenceTransformerEmbedder = lambda name: TinyEmbedder()
rag.watch.POLL_S = 0.05
sys.exit(main(["watch", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_one_more_source_is_watched_until_a_signal_ends_it_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    news, data = tmp_path / "news", tmp_path / "data"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "c.csv").write_text("Kopf,Rumpf\nMarket,The market closes on Friday.\n")
    build_index([tmp_path / "old"], data, TinyEmbedder(), columns={"title": "Kopf", "text": "Rumpf"})
    write(news, "a.txt", "The ferry crews voted to end their strike.", title="Ferry")
    with Child(CODE, str(news), "--data", str(data), "--json") as child:
        assert json.loads(child.next()) == {"kind": "new", "says": "Ferry", "article": "a.txt"}
        write(news, "b.txt", "Geese were asked to leave the pond.", title="Geese")
        assert json.loads(child.next()) == {"kind": "new", "says": "Geese", "article": "b.txt"}
        os.kill(child.pid, ending)
        assert child.next() == ""
        assert child.wait() == 0
    assert not (data / "build.lock.json").exists()
    assert set(Data(data).members(Data(data).current_name())) == {"a.txt", "b.txt", "c.csv:2"}


@pytest.mark.parametrize(("written", "seconds"), [("15m", 900), ("90s", 90), ("90", 90), ("1.5h", 5400), ("1d", 86400)])
def test_an_interval_is_understood(written: str, seconds: float) -> None:
    assert parser().parse_args(["watch", "--every", written]).every == seconds


@pytest.mark.parametrize("written", ["", "m", "0", "-5m", "15 minutes", "0.5"])
def test_what_is_no_interval(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["watch", f"--every={written}"])
    assert "is not a time like 15m" in capsys.readouterr().err
