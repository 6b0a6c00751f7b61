"""Who gets in: the form, what is kept apart, and who is let in no more."""

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import httpx
import pytest
from playwright.sync_api import Browser, expect

from rag import Retriever, Users
from tests.browser import ANSWERED, UNANSWERED, serving_here, sign_in, visiting
from tests.test_page_axe import check
from tests.test_page_kept import view
from ui.door import USER, Door
from ui.guard import Guard, Message, Receive, Send

T = TypeVar("T")


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Users:
    monkeypatch.setattr("rag.users._N", 2**4)
    made = Users(tmp_path / "users.txt")
    for name in ("ada", "bob"):
        made.add(name, f"{name} says open")
    return made


def test_two_people_keep_their_own_and_nobody_else_gets_in(browser: Browser, quick: Retriever, users: Users) -> None:
    with serving_here(quick, users=users) as url:
        for path in ("/config", "/gradio_api/queue/data", "/gradio_api/upload_progress?upload_id=1"):
            with pytest.raises(HTTPError, match="401"):
                urlopen(url + path, timeout=60)  # noqa: S310 - the server that this test started
        for path in ("/gradio_api/upload", "/gradio_api/queue/join"):
            with pytest.raises(HTTPError, match="401"):
                urlopen(Request(url + path, data=b"{}"), timeout=60)  # noqa: S310
        for name, question in (("ada", ANSWERED), ("bob", UNANSWERED)):
            with visiting(browser, url, waits=".entry") as visit:
                page = visit.page
                sign_in(page, name, "wrong horse")
                expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
                sign_in(page, name, f"{name} says open")
                page.locator(".welcome").wait_for()
                view(visit, "Kept")
                expect(page.locator("#kept .hint")).to_contain_text("What you ask is kept")
                view(visit, "Questions")
                visit.ask(question)
                view(visit, "Kept")
                expect(page.locator(".shelf [data-act=open]")).to_have_text([question])
                page.get_by_role("link", name=f"Sign out {name}").click()
                expect(page.get_by_role("button", name="Sign in")).to_be_visible()
                visit.complaints.clear()  # the browser's, of what leaving the page cut off


def test_who_is_taken_out_is_asked_to_sign_in_again(browser: Browser, quick: Retriever, users: Users) -> None:
    with serving_here(quick, users=users) as url, visiting(browser, f"{url}?answer=gone", waits=".entry") as visit:
        sign_in(visit.page, "bob", "bob says open")
        # The address is still that of the link: the page says what became of it.
        expect(visit.page.locator("#note")).to_contain_text("The link leads to no answer")
        visit.ask(ANSWERED)
        users.remove("bob")
        visit.page.locator("#question textarea").fill(UNANSWERED)
        visit.page.locator("#question textarea").press("Enter")
        expect(visit.page.get_by_role("button", name="Sign in")).to_be_visible()
        sign_in(visit.page, "bob", "bob says open")
        expect(visit.page.get_by_role("alert")).to_have_text("The name or the password is not right.")
        visit.complaints.clear()  # the browser's, of the status 401


@pytest.mark.parametrize(("mode", "language"), [("light", "en"), ("dark", "de")])
@pytest.mark.parametrize("width", [320, 1366])
def test_axe_finds_nothing_at_the_door(
    browser: Browser, quick: Retriever, users: Users, width: int, mode: str, language: str
) -> None:
    with (
        serving_here(quick, users=users) as url,
        visiting(browser, url, width, 640, waits=".entry", color_scheme=mode, locale=language) as visit,
    ):
        assert visit.page.locator("html").get_attribute("lang") == language
        check(visit.page)
        visit.page.locator("[name=username]").fill("ada")
        visit.page.locator("[name=password]").fill("wrong")
        visit.page.locator("[name=password]").press("Enter")
        visit.page.get_by_role("alert").wait_for()
        check(visit.page)


async def inside(scope: Message, receive: Receive, send: Send) -> None:
    """Stand for the page: say who asks."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"inside: {scope[USER]}".encode()})


def apart(does: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: the main one may have a browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, does).result()


def through(door: Door, *asked: tuple[str, str, str]) -> list[httpx.Response]:
    """Send requests (method, path, body) one after the other, with the cookies that came back."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Guard(door, "/news"))
        async with httpx.AsyncClient(transport=transport, base_url="https://a.example/news/") as client:
            form = {"content-type": "application/x-www-form-urlencoded"}
            return [await client.request(method, path, content=body, headers=form) for method, path, body in asked]

    return apart(send())


def entry(name: str, password: str) -> str:
    return urlencode({"username": name, "password": password})


def test_a_session_is_a_cookie_for_this_page_only(users: Users) -> None:
    sent = ("POST", "?lang=de&answer=x", entry(" ada ", "ada says open"))
    came, page, out, after = through(
        Door(inside, users, "/news"), sent, ("GET", "", ""), ("GET", "logout", ""), ("GET", "", "")
    )
    assert (came.status_code, came.headers["location"]) == (303, "./?lang=de&answer=x")
    cookie = came.headers["set-cookie"]
    assert cookie.endswith("; Path=/news/; HttpOnly; SameSite=Lax; Secure")
    assert "ada" not in cookie
    assert page.text == "inside: ada"
    assert out.status_code == 303
    assert "inside" not in after.text
    assert "form-action 'self'" in after.headers["content-security-policy"]
    assert "script-src" not in after.headers["content-security-policy"]


@pytest.mark.parametrize(
    "body",
    [
        "", "=&=", "username=ada", entry("ada", "bob says open"), entry("nobody", "ada says open"), entry("", ""),
        entry("ada", "x" * 30_000), "&".join(["username=ada"] * 20), "username=%ff&password=%00",
    ],
)  # fmt: skip
def test_whatever_else_is_sent_to_the_form_lets_nobody_in(users: Users, body: str) -> None:
    came, after = through(Door(inside, users), ("POST", "", body), ("GET", "config", ""))
    assert (came.status_code, after.status_code) == (200, 401)
    assert "set-cookie" not in came.headers
    assert "is not right" in came.text


def test_nothing_of_the_address_becomes_markup(users: Users) -> None:
    [came] = through(Door(inside, users), ("GET", '?lang=<b>&x="><script>', ""))
    assert "<script>" not in came.text
    assert "<b>" not in came.text


def test_another_password_ends_the_sessions_and_a_damaged_file_lets_nobody_in(
    users: Users, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(inside, users)
    signed = ("POST", "", entry("ada", "ada says open"))

    [came] = through(door, signed)
    cookie = came.headers["set-cookie"].partition(";")[0]

    def status() -> int:
        async def get() -> int:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://a.example") as client:
                return (await client.get("/config", headers={"cookie": cookie})).status_code

        return apart(get())

    assert status() == 200
    whole = users.file.read_text("utf-8")
    users.file.write_text("damaged", "utf-8")
    with caplog.at_level(logging.ERROR):
        assert status() == 401
        [came] = through(door, signed)
    assert "Something went wrong" in came.text
    assert "nobody is let in" in caplog.text
    users.file.write_text(whole, "utf-8")
    assert status() == 200
    users.add("ada", "another one")
    assert status() == 401
    users.add("ada", "ada says open")
    assert status() == 401, "a session that ended stays so"


def test_another_site_cannot_act_for_whoever_has_signed_in(site: str) -> None:
    for origin in ("cross-site", "same-site"):
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/"):
            asked = Request(site + path, data=b"{}", headers={"Sec-Fetch-Site": origin})  # noqa: S310
            with pytest.raises(HTTPError, match="404"):
                urlopen(asked, timeout=60)  # noqa: S310
