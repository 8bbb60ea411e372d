"""stdin and stdout as the transport of one client: a message a line, each answered, none longer than it may be.

The SDK's own transport drops a line that it can't read without an answer, keeps one in memory however long it is, and
waits for input in a thread for which the end of the process has to wait in turn.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

import anyio
from anyio import from_thread, to_thread
from anyio.abc import ObjectReceiveStream, ObjectSendStream
from anyio.lowlevel import EventLoopToken, current_token
from mcp.shared.message import SessionMessage
from mcp.types import INTERNAL_ERROR, ErrorData, JSONRPCError, JSONRPCMessage, JSONRPCResponse

from mcp_server.messages import HEAD, TAIL, Unreadable, read, too_long

log = logging.getLogger(__name__)

CHUNK = 65536
LAST_SECONDS = 5.0
"""How long the end waits for the client to read the last answers."""

Line = bytes | Unreadable
Incoming = ObjectReceiveStream[SessionMessage | Exception]
Outgoing = ObjectSendStream[SessionMessage]


@asynccontextmanager
async def serving(
    source: IO[bytes], target: IO[bytes], most: int, ended: anyio.Event | None = None
) -> AsyncIterator[tuple[Incoming, Outgoing]]:
    """The messages of a client, which end with `source` or when `ended` is set, and where answers go.

    A line has at most `most` bytes.

    `source` gives what is there, as an unbuffered file does, instead of waiting for more. No thread that reads or
    writes keeps the process from ending.
    """
    arrived, incoming = anyio.create_memory_object_stream[SessionMessage | Exception]()
    outgoing, leaving = anyio.create_memory_object_stream[SessionMessage]()
    refusals = outgoing.clone()
    lines: SimpleQueue[bytes] = SimpleQueue()
    writer = Thread(target=_write, args=(lines, target), name="stdout", daemon=True)

    async def deliver(line: Line) -> None:
        try:
            if isinstance(line, Unreadable):
                raise line
            await arrived.send(SessionMessage(read(line)))
        except Unreadable as refused:
            for answer in refused.answers:
                await refusals.send(SessionMessage(answer))

    async def end() -> None:
        arrived.close()

    async def pass_on() -> None:
        async for message in leaving:
            lines.put(_text(message.message))

    async def end_when_told() -> None:
        if ended is not None:
            await ended.wait()
            arrived.close()

    reader = Thread(target=_read, args=(source, most, deliver, end, current_token()), name="stdin", daemon=True)
    try:
        writer.start()
        reader.start()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(pass_on)
            telling = anyio.CancelScope()
            tasks.start_soon(_within, telling, end_when_told)
            yield incoming, outgoing
            telling.cancel()
            refusals.close()
    finally:
        for stream in (arrived, incoming, refusals, outgoing, leaving):
            stream.close()
        lines.put(b"")
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(writer.join, LAST_SECONDS)


async def _within(scope: anyio.CancelScope, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with scope:
        await work()


def _read(
    source: IO[bytes],
    most: int,
    deliver: Callable[[Line], Coroutine[Any, Any, None]],
    end: Callable[[], Coroutine[Any, Any, None]],
    loop: EventLoopToken,
) -> None:
    """Deliver each line, the next when the last was taken, and the end; quietly when nobody listens any more."""
    with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, CancelledError, RuntimeError):
        with suppress(OSError):
            for line in _lines(source, most):
                from_thread.run(deliver, line, token=loop)
        from_thread.run(end, token=loop)


class _Line:
    """A line as it comes in: whole, or its start and its end when it is too long."""

    def __init__(self, most: int, part: bytes = b"") -> None:
        self._most = most
        self._kept = bytearray()
        self._tail = b""
        self.add(part)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def add(self, part: bytes) -> None:
        if self._tail:
            self._tail = (self._tail + part)[-TAIL:]
            return
        self._kept += part
        if len(self._kept) > self._most:
            self._tail = bytes(self._kept[-TAIL:])

    def ended(self) -> Line:
        return too_long(bytes(self._kept[:HEAD]), self._tail, self._most) if self._tail else bytes(self._kept)


def _lines(source: IO[bytes], most: int) -> Iterator[Line]:
    line = _Line(most)
    while chunk := source.read(CHUNK):
        first, *others = chunk.split(b"\n")
        line.add(first)
        for part in others:
            yield line.ended()
            line = _Line(most, part)
    if line:
        yield line.ended()


def _write(lines: SimpleQueue[bytes], target: IO[bytes]) -> None:
    """Write every line up to the empty one; to a client that is gone, none."""
    with suppress(OSError, ValueError):
        while line := lines.get():
            target.write(line)
            target.flush()
    while line:
        line = lines.get()


def _text(message: JSONRPCMessage) -> bytes:
    try:
        return message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n"
    except ValueError as error:
        log.error("an answer can't be written as JSON: %s", error)
        asked = message.id if isinstance(message, JSONRPCResponse) else None
        said = ErrorData(code=INTERNAL_ERROR, message="The answer can't be written as JSON.")
        return _text(JSONRPCError(jsonrpc="2.0", id=asked, error=said))
