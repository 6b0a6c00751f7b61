"""Nothing of an article or a question runs or loads; the page works behind a proxy; people are kept apart."""

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from index.builder import build_index
from rag import Retriever, Settings
from tests.browser import ANSWERED, QUOTED, serving_here, visiting
from tests.conftest import SEEDS
from tests.tiny import TinyEmbedder

CANARY = (
    "<script>window.hit = 1</script><img src=/canary-{0} onerror=\"window.hit = 1\"><svg onload='window.hit = 1'>"
    "<iframe src=/canary-{0}></iframe><a href='javascript:window.hit = 1'>x</a>${{window.hit = 1}}{{{{hit}}}}"
)


def test_nothing_of_an_article_or_a_question_runs_or_loads(browser: Browser, tmp_path: Path) -> None:
    row = {name: f"{CANARY.format(name)} geese" for name in ("title", "text", "publisher", "section", "author")} | {
        "id": CANARY.format("id"),
        "url": "javascript:window.hit = 1",
        "date": "2026-01-01",
    }
    (tmp_path / "news.jsonl").write_text(json.dumps(row), "utf-8")
    build_index([tmp_path / "news.jsonl"], tmp_path / "data", TinyEmbedder())
    retriever = Retriever(Settings.load(data=tmp_path / "data", refuse_below=0), TinyEmbedder())
    question = f"Which geese? {CANARY.format('question')}"
    with serving_here(retriever) as url, visiting(browser, url) as visit:
        page = visit.page
        turn = visit.ask(question)
        expect(turn.locator("h2")).to_have_text(question)
        expect(turn.locator("blockquote").first).to_contain_text("window.hit")
        page.get_by_role("button", name="Leave out").first.click()
        expect(page.locator(".chips")).to_contain_text(row["title"])
        page.get_by_role("button", name="Open article").first.click()
        expect(page.locator(".reader .headline")).to_have_text(row["title"])
        turn.get_by_role("button", name="Pictures").click()
        expect(page.locator(".picture")).to_have_count(3)
        assert page.evaluate("window.hit === undefined")
        assert page.locator("#desk :is(script, iframe, img, [onload], [onerror])").count() == 0
        assert [each for each in visit.requests if "canary" in each] == []


def test_the_browser_is_told_to_run_and_load_nothing_else(browser: Browser, site: str) -> None:
    with urlopen(site, timeout=60) as answer:  # noqa: S310 - the server that this test started
        policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "default-src 'none'" in policy
    with urlopen(site, timeout=60) as answer:  # noqa: S310
        assert answer.headers["content-security-policy"] != policy, "each page has a nonce of its own"
    context = browser.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site)
    # What an injection would look like, if the escaping failed.
    page.evaluate(
        """() => {
            const hole = document.createElement("div");
            hole.innerHTML = '<b onclick="window.hit = 1">x</b>';
            document.body.append(hole);
            hole.firstChild.click();
            const script = document.createElement("script");
            script.textContent = "window.hit = 1";
            document.body.append(script);
            return fetch("https://elsewhere.example/").catch(() => null);
        }"""
    )
    assert page.evaluate("window.hit === undefined")
    assert {urlsplit(each).netloc for each in requests if each.startswith("http")} == {urlsplit(site).netloc}
    context.close()


@contextmanager
def proxy(target: str, prefix: str, *, strips: bool) -> Iterator[str]:
    """Run a proxy that shows `target` under `prefix`, which it takes off the paths or leaves on them."""
    to = urlsplit(target)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            path = self.path[len(prefix) :] if strips else self.path
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with closing(http.client.HTTPConnection(to.hostname or "", to.port, timeout=60)) as inner:
                inner.request(self.command, path, body, dict(self.headers))
                self.pass_on(inner.getresponse())

        def pass_on(self, answer: http.client.HTTPResponse) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("connection", "close")
            self.end_headers()
            while part := answer.read1(65_536):
                self.wfile.write(part)
                self.wfile.flush()
            self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *said: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *where: object) -> None:
            """Say nothing of a browser that hangs up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}/"
        server.shutdown()


@pytest.mark.parametrize("strips", [True, False])
def test_the_page_works_behind_a_proxy_under_a_path(browser: Browser, retriever: Retriever, strips: bool) -> None:
    with (
        serving_here(retriever, "/news") as inner,
        proxy(inner, "/news", strips=strips) as url,
        visiting(browser, url) as visit,
    ):
        turn = visit.ask(ANSWERED)
        expect(turn.locator("blockquote").first).to_contain_text(QUOTED)
        assert {urlsplit(each).path[:6] for each in visit.requests if each.startswith("http")} == {"/news/"}


def asked(site: str, session: str, question: str) -> str:
    """Ask as the page does, without a browser, and return all that came back."""
    with urlopen(f"{site}/config", timeout=60) as answer:  # noqa: S310 - the server that this test started
        config = json.load(answer)
    [box] = [each["id"] for each in config["components"] if each["props"].get("elem_id") == "question"]
    [ask] = [each for each in config["dependencies"] if [box, "submit"] in each["targets"]]
    data = [
        question if each == box else [] if kind(config, each) == "checkboxgroup" else None for each in ask["inputs"]
    ]
    body = {"data": data, "fn_index": ask["id"], "session_hash": session, "event_data": None, "trigger_id": box}
    headers = {"content-type": "application/json"}
    with urlopen(Request(f"{site}/gradio_api/queue/join", json.dumps(body).encode(), headers), timeout=60) as answer:  # noqa: S310
        assert answer.status == 200
    said = ""
    with urlopen(f"{site}/gradio_api/queue/data?session_hash={session}", timeout=60) as events:  # noqa: S310
        for line in events:
            said += line.decode()
            if b'"process_completed"' in line:
                assert json.loads(line.removeprefix(b"data:"))["success"]
                return said
    raise AssertionError(said)


def kind(config: dict[str, list[dict[str, object]]], component: int) -> object:
    return next(each["type"] for each in config["components"] if each["id"] == component)


def test_ten_people_at_once_never_see_each_others_answers(site: str) -> None:
    rows = [json.loads(line) for line in (SEEDS / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    questions = [row["question"] for row in rows][::7][:10]
    assert len(set(questions)) == 10
    with ThreadPoolExecutor(10) as people:
        came = list(people.map(lambda at: asked(site, f"person{at}", questions[at]), range(10)))
    for own, said in enumerate(came):
        words = [json.dumps(question, ensure_ascii=False)[1:-1].replace("'", "&#x27;") for question in questions]
        assert words[own] in said
        assert [other for other, question in enumerate(words) if question in said] == [own]
        assert "blockquote" in said or "refusal" in said
