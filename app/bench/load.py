"""A load generator so light that it takes little of the machine it shares: HTTP/1.1 over connections that stay open, written by hand."""

import asyncio
import itertools
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import uvloop

from app.bench.questions import Question
from app.bench.sample import Sample
from app.problems import Unavailable

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
WELL = (b"200", b"204")
PATIENCE_S = 60.0


@dataclass(frozen=True)
class HttpSide:
    """The service at a port of this machine, asked over so many connections at once, each asking again as soon as it has an answer."""

    port: int
    questions: Sequence[Question]
    connections: int = 16
    turn: Iterator[int] = field(default_factory=itertools.count)

    def measure(self, seconds: float) -> Sample:
        """Ask for as long as that; what is under way then is waited for and counts. Raises Unavailable when the service is gone."""
        requests = [_request(question.path, self.port) for question in self.questions]
        try:
            return uvloop.run(_load(self, requests, seconds))
        except OSError as fault:
            raise Unavailable(f"De service antwoordt niet meer op {self.questions[0].path}: {fault}") from fault


def _request(path: str, port: int) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()


async def _load(side: HttpSide, requests: list[bytes], seconds: float) -> Sample:
    loop = asyncio.get_running_loop()
    round_ = _Round(requests, side.turn, seconds)
    clients = []
    for _ in range(side.connections):
        transport, client = await loop.create_connection(partial(_Client, round_, loop.create_future()), "127.0.0.1", side.port)
        client.transport = transport
        clients.append(client)
    round_.start()
    for client in clients:
        client.ask()
    await asyncio.wait_for(asyncio.gather(*(client.finished for client in clients)), seconds + PATIENCE_S)
    return Sample(round_.answers, round_.faults, time.perf_counter() - round_.started)


class _Round:
    """What the clients of one measurement share."""

    def __init__(self, requests: list[bytes], turn: Iterator[int], seconds: float) -> None:
        self._requests = requests
        self._turn = turn
        self._seconds = seconds
        self.started = self._deadline = 0.0
        self.answers = 0
        self.faults = 0

    def start(self) -> None:
        self.started = time.perf_counter()
        self._deadline = self.started + self._seconds

    def next(self) -> bytes | None:
        if time.perf_counter() >= self._deadline:
            return None
        return self._requests[next(self._turn) % len(self._requests)]

    def count(self, *, well: bool) -> None:
        self.answers += well
        self.faults += not well


class _Client(asyncio.Protocol):
    """One connection; it counts the bytes of an answer without keeping them."""

    def __init__(self, round_: _Round, finished: asyncio.Future[None]) -> None:
        self._round = round_
        self.finished = finished
        self._head = b""
        self._left = 0
        self._in_body = False
        self._well = False
        self.transport = asyncio.WriteTransport()

    def ask(self) -> None:
        request = self._round.next()
        if request is None:
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._in_body:
            self._left -= len(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._well = self._head[9:12] in WELL
            length = LENGTH.search(self._head, 0, end)
            self._left = (int(length[1]) if length else 0) - (len(self._head) - end - 4)
            self._in_body = True
        if self._left <= 0:
            self._head, self._in_body = b"", False
            self._round.count(well=self._well)
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or self._in_body:
            self._round.count(well=False)
        if not self.finished.done():
            self.finished.set_result(None)
