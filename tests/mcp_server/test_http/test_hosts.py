"""Who is let in: requests meant for this machine, from programs and pages of this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest

from mcp_server.http.hosts import from_here, meant_for_us

OURS = ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "localhost", "127.0.0.1", "[::1]", "LocalHost:80"]
OURS += ["[0:0:0:0:0:0:0:1]:1", "localhost:65535"]
OTHERS = ["evil.example", "evil.example:8765", "127.0.0.1:8765.evil.example", "localhost.evil.example:8765"]
OTHERS += ["localhost.", "localhost.:8765", "user@localhost:8765", "127.0.0.1:8765@evil.example", "user:8765@localhost"]
OTHERS += [
    "localhost:",
    "localhost:0",
    "localhost:65536",
    "localhost:99999",
    "localhost:8x",
    "localhost:+80",
    "localhost:-1",
]
OTHERS += ["127.1", "127.0.0.2:8765", "0.0.0.0", "2130706433", "0x7f000001", "[::]:8765", "[::ffff:127.0.0.1]:8765"]
OTHERS += [
    "::1",
    "[::1",
    "[::1]x:1",
    "[::1%lo]:1",
    "[:]:1",
    "localhost, evil.example",
    "localhost:80\t",
    " localhost",
    "",
]
OTHERS += ["localho\u017ft:80", "localhost:\u0664\u0664"]


@pytest.mark.parametrize("host", OURS)
def test_the_names_of_loopback_are_ours(host: str) -> None:
    assert meant_for_us([host])
    assert from_here([f"http://{host}"])


@pytest.mark.parametrize("host", OTHERS)
def test_whatever_else_is_not(host: str) -> None:
    assert not meant_for_us([host])
    assert not from_here([f"http://{host}"])


@pytest.mark.parametrize(
    "origin",
    ["null", "", "file://", "https://localhost:8765", "ftp://localhost", "http:localhost", "http://localhost/"],
)
def test_an_origin_is_a_page_of_this_machine(origin: str) -> None:
    assert not from_here([origin])


def test_none_and_several() -> None:
    assert from_here([]) and not meant_for_us([])
    assert not from_here(["http://localhost:1", "http://evil.example"])
    assert not meant_for_us(["localhost", "localhost"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("Host: localhost:80\r\nOrigin: http://localhost:6274", "200"),
        ("Host: [::1]:80", "200"),
        ("Host: 127.0.0.1:8795.evil.example", "421"),
        ("Host: localhost\r\nOrigin: http://localhost:80@evil.example", "403"),
        ("Host: localhost\r\nOrigin: null", "403"),
        ("Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example", "403"),
        ("Host: localhost\r\nHost: evil.example", "400"),
        ("X-Forwarded-Host: localhost", "400"),
    ],
)
async def test_the_server_asks_both_headers(served: Callable[..., Any], head: str, status: str) -> None:
    content = (
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},'
        '"clientInfo":{"name":"test","version":"1"}}}'
    )
    request = (
        f"POST /mcp HTTP/1.1\r\n{head}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Accept: application/json, text/event-stream\r\nContent-Length: {len(content)}\r\n\r\n{content}"
    )
    async with served() as http:
        stream = await anyio.connect_tcp("127.0.0.1", urlsplit(http.server.url).port or 0)
        async with stream:
            await stream.send(request.encode())
            assert (await stream.receive()).split()[1].decode() == status
