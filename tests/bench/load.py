"""Many people at one server: does anybody get an error, how long do they wait, does memory grow, what when it is full?

    python -m tests.bench.load --people 50 --minutes 10 [--data DIR]

Starts `pullquote serve` over the sample archive (built first where DIR has none). Each person opens the page and asks,
waits for the whole answer, thinks, and asks again, as the page's own scripts do. Then many more ask at once than may
wait: those are told that it is busy, the others are answered, and after that all is as before. Exits with 1 where
somebody got an error, nobody was told, one person was served far less than another, or memory grew. Linux only.
"""

import argparse
import asyncio
import json
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.bench.atonce import grew, memory_mb
from tests.bench.sure import QUESTIONS, SEEDS, table
from tests.process import environment

_BURST = 250
_PATIENCE_S = 600


@dataclass
class Seen:
    """What came of all that was asked."""

    seconds: list[float] = field(default_factory=list)
    by_person: Counter[int] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Person:
    """One browser: a session of its own."""

    def __init__(self, number: int, url: str, page: dict[str, Any], seen: Seen) -> None:
        """Name the server; `page` is what it says of itself."""
        self.number, self.seen = number, seen
        self.client = httpx.AsyncClient(base_url=url, timeout=_PATIENCE_S, limits=httpx.Limits(max_connections=4))
        self.session = secrets.token_hex(6)
        self.events = page["dependencies"]
        kinds = {each["id"]: each for each in page["components"]}
        self.ask_event = next(
            each for each in self.events
            if any(kind == "submit" and kinds[key]["props"]["elem_id"] == "question" for key, kind in each["targets"])
        )  # fmt: skip
        self.values = [kinds[key]["props"].get("value") for key in self.ask_event["inputs"]]

    async def open(self) -> None:
        """Open the page."""
        (await self.client.get("/")).raise_for_status()
        await self._call(self.events[0]["id"], [])
        await self._call(self.events[1]["id"], [None])

    async def ask(self, question: str) -> None:
        """Ask, and wait for the whole answer."""
        began = time.monotonic()
        try:
            said = await self._call(self.ask_event["id"], [question, *self.values[1:]])
        except httpx.HTTPError as error:
            self.seen.errors.append(f"{type(error).__name__}: {error}")
            return
        if said is None:
            return
        self.seen.seconds.append(time.monotonic() - began)
        self.seen.by_person[self.number] += 1
        if 'class="turn' not in said and "turn-0" not in said:
            self.seen.errors.append(f"no answer to {question!r}: {said[:200]}")

    async def _call(self, event: int, values: list[Any]) -> str | None:
        """Return what an event ended with; None where it was refused as busy, which is noted."""
        body = {"data": values, "fn_index": event, "session_hash": self.session, "trigger_id": None, "event_data": None}
        joined = await self.client.post("/gradio_api/queue/join", json=body)
        if joined.status_code == 429:
            self.seen.busy[re.sub(r"\d+", "n", joined.json()["detail"])] += 1
            return None
        joined.raise_for_status()
        whole = ""
        async with self.client.stream("GET", f"/gradio_api/queue/data?session_hash={self.session}") as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                said = json.loads(line[5:])
                whole += line if said["msg"] in ("process_generating", "process_completed") else ""
                if said["msg"] == "process_completed":
                    if not said.get("success", True):
                        self.seen.errors.append(f"event {event}: {line[:300]}")
                    return whole
        self.seen.errors.append(f"event {event}: the stream ended early")
        return whole


async def _live(person: Person, until: float, think: float) -> None:
    rng = random.Random(person.number)  # noqa: S311 - nothing secret
    await asyncio.sleep(rng.random() * think)
    await person.open()
    while time.monotonic() < until:
        await person.ask(rng.choice(QUESTIONS))
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think)
    await person.client.aclose()


async def _watch(pid: int, seen: Seen) -> None:
    while True:
        seen.memory.append(memory_mb(pid))
        await asyncio.sleep(2)


async def _all(url: str, pid: int, given: argparse.Namespace) -> tuple[Seen, Seen, Seen]:
    usual, burst, after = Seen(), Seen(), Seen()
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        page = (await client.get("/config")).json()
    first = Person(0, url, page, Seen())
    await first.ask(QUESTIONS[0])  # until it is answered, the model is being loaded
    await first.client.aclose()
    watching = asyncio.create_task(_watch(pid, usual))
    until = time.monotonic() + 60 * given.minutes
    people = [Person(number, url, page, usual) for number in range(given.people)]
    await asyncio.gather(*(_live(each, until, given.think) for each in people))
    watching.cancel()
    crowd = [Person(number, url, page, burst) for number in range(given.burst)]
    await asyncio.gather(*(each.ask(QUESTIONS[number % len(QUESTIONS)]) for number, each in enumerate(crowd)))
    for each in crowd:
        await each.client.aclose()
    for number in range(5):
        last = Person(number, url, page, after)
        await last.ask(QUESTIONS[number])
        await last.client.aclose()
    return usual, burst, after


def _at(share: float, seconds: Sequence[float]) -> float:
    ordered = sorted(seconds) or [float("nan")]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how many were answered and how fast, and exit with 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--think", type=float, default=20.0, help="seconds between an answer and the next question")
    parser.add_argument("--burst", type=int, default=_BURST, help="questions at once, at the end")
    parser.add_argument("--data", default="", help="an index of the sample archive")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        data = given.data or folder
        pullquote = [sys.executable, "-m", "rag.cli"]
        subprocess.run([*pullquote, "build", str(SEEDS), "--data", data], check=True, env=environment())
        server = subprocess.Popen(
            [*pullquote, "serve", "--data", data, "--port", "0"],
            stdout=subprocess.PIPE, stderr=errors, text=True, env=environment(PYTHONUNBUFFERED="1"),
        )  # fmt: skip
        try:
            assert server.stdout
            url = next(found[0] for line in server.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
            usual, burst, after = asyncio.run(_all(url, server.pid, given))
        finally:
            server.terminate()
            server.wait(30)
        errors.seek(0)
        said = errors.read()
    sys.exit(_told(given, usual, burst, after, said))


def _told(given: argparse.Namespace, usual: Seen, burst: Seen, after: Seen, said: str) -> bool:
    wrong = [*usual.errors, *burst.errors, *after.errors]
    first, last, grown = grew(usual.memory)
    counts = [usual.by_person[number] for number in range(given.people)]
    rows: list[Sequence[object]] = [("", "answered", "busy", "errors", "p50 s", "p95 s", "longest s")]
    for name, seen in (("people", usual), ("at once", burst), ("after", after)):
        times = [f"{_at(share, seen.seconds):.2f}" for share in (0.5, 0.95, 1.0)]
        rows.append((name, len(seen.seconds), sum(seen.busy.values()), len(seen.errors), *times))
    table(rows)
    sys.stdout.write(
        f"{given.people} people for {given.minutes:g} minutes, each served {min(counts)} to {max(counts)} times; "
        f"memory {first:.0f} MB, at the end {last:.0f} MB; told: {dict(burst.busy)}\n"
    )
    if grown:
        wrong.append("memory grew")
    if min(counts) < max(counts) / 3:
        wrong.append("some are served far less than others")
    if given.burst > 150 and not burst.busy:
        wrong.append("nobody was told that it is busy")
    if len(after.seconds) < 5:
        wrong.append("it does not answer after the rush")
    if "Traceback" in said:
        wrong.append(f"the server printed a traceback: {said[-1500:]}")
    for each in wrong[:20]:
        sys.stdout.write(f"VIOLATED {each}\n")
    return bool(wrong)


if __name__ == "__main__":
    main()
