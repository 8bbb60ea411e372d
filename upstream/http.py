"""HTTP: the one module that knows the HTTP library.

It turns one request into what came back (`Reply`) or how it was lost (`Loss`), as values rather than exceptions: what
a loss means depends on whether the request was a read or a write, which is decided in `upstream.session`. The
library's own exceptions carry the request with its headers, hence the credentials, and do not leave this module.
"""

from __future__ import annotations

import codecs
import logging
import os
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import anyio

from upstream.limits import Policy

if TYPE_CHECKING:
    import httpx

KEEP_IDLE = 4.0
"""Idle connections are closed after so many seconds, before servers (5 s at the shortest) do: a write that meets a
closing connection has an unknown outcome."""

MIB = 1024 * 1024
CLOSING = 2.0
SMALL = MIB
"""Bytes of an answer that carries no data, such as the one to a login."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered. `headers` have small letters as names."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    charset: str = "utf-8"

    @property
    def text(self) -> str:
        """The body as text; bytes that do not fit the character set are replaced."""
        return self.content.removeprefix(b"\xef\xbb\xbf").decode(self.charset, "replace")

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Loss:
    """No answer, or one that is too large. `detail` is for people and holds no secret.

    Only `lost`, `timeout` and `too_large` mean that the request left.
    """

    kind: Literal["address", "certificate", "unreachable", "lost", "timeout", "too_large"]
    detail: str

    @property
    def left(self) -> bool:
        return self.kind in ("lost", "timeout", "too_large")


class Http:
    """One HTTP client with its connections, made at the first exchange. Keeps no cookies: accounts share it."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._client: httpx.AsyncClient | None = None

    async def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, bytes],
        content: bytes | None = None,
        *,
        within: float | None = None,
        uninterrupted: bool = False,
        most: int = SMALL,
    ) -> Reply | Loss:
        """Send one request and read the whole answer, following no redirect; at most `most` bytes of it, unpacked.

        `within` bounds the exchange in seconds. `uninterrupted` lets it end although the caller is cancelled
        meanwhile; the cancellation goes on afterwards.
        """
        import httpx

        try:
            client = self._client or self._open()
        except (OSError, ssl.SSLError) as error:
            return Loss("certificate", f"the file of trusted certificates can't be used ({type(error).__name__})")
        except (ImportError, ValueError, httpx.InvalidURL):
            return Loss("address", "the proxy in the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) can't be used")
        loss = Loss("timeout", "no complete answer in time")
        read = bytearray()
        with anyio.move_on_after(within or self._policy.longest, shield=uninterrupted):
            try:
                request = client.build_request(method, url, headers=_raw(headers), content=content)
                response = await client.send(request, stream=True)
                try:
                    # Counted as they are after decompression: a few kilobytes can stand for gigabytes.
                    async for part in response.aiter_bytes():
                        read += part
                        if len(read) > most:
                            return Loss("too_large", f"more than {most // MIB:,} MiB came")
                finally:
                    with anyio.move_on_after(CLOSING, shield=True):
                        await response.aclose()
                return Reply(
                    response.status_code,
                    {name.lower(): value for name, value in response.headers.items()},
                    bytes(read),
                    _known(response.charset_encoding),
                )
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
                loss = Loss("address", "the address is not a complete http or https address")
            except httpx.ConnectError as error:
                loss = _unconnected(error)
            except (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
                loss = Loss("unreachable", _unreachable[type(error).__name__])
            except httpx.TimeoutException:
                pass
            except (httpx.TransportError, httpx.DecodingError, httpx.StreamError):
                loss = Loss("lost", "the connection ended before a complete answer")
        return loss

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        import httpx

        # What it says at DEBUG holds the headers of answers, in which servers put session cookies and tokens.
        logging.getLogger("httpcore").setLevel(logging.INFO)
        # What it says at INFO holds whole addresses, in which people are named: profile=emailAddress=ada@example.org.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        policy = self._policy
        self._client = httpx.AsyncClient(
            verify=trusted(policy.ca_file),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(connect=policy.connect, read=policy.read, write=policy.write, pool=policy.pool),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=KEEP_IDLE),
            headers={"user-agent": "campaign-mcp", "accept": "application/json, text/plain, */*"},
            follow_redirects=False,
        )
        return self._client


def trusted(ca_file: str = "") -> ssl.SSLContext:
    """What is trusted: the system's own store or SSL_CERT_FILE, and besides it `ca_file`.

    Raises OSError or ssl.SSLError when a file is absent or holds no certificates.
    """
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        context.load_verify_locations(cafile=Path(ca_file))
    if file := os.environ.get("SSL_CERT_FILE"):
        Path(file).stat()
        if sys.platform in ("win32", "darwin"):
            # Elsewhere the library reads it itself, and not before a connection needs it (50 ms).
            context.load_verify_locations(cafile=file)
    return context


def _raw(headers: Mapping[str, bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value) for name, value in headers.items()]


def _known(charset: str | None) -> str:
    try:
        return codecs.lookup(charset or "utf-8").name
    except LookupError:
        return "utf-8"


_unreachable = {
    "ConnectTimeout": "no connection in time",
    "PoolTimeout": "all connections were busy for too long",
    "ProxyError": "the proxy refused the connection",
}


def _unconnected(error: BaseException) -> Loss:
    """Tell a certificate that isn't trusted, which lasts, from a server that is away."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError) or "certificate verify failed" in str(seen).lower():
            reason = getattr(seen, "verify_message", "") or getattr(seen, "reason", "") or "TLS handshake failed"
            return Loss("certificate", str(reason).replace("_", " ").lower())
        seen = seen.__cause__ or seen.__context__
    return Loss("unreachable", "no connection: the name is unknown, or nothing answers there")
