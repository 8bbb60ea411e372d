"""The way to an address: its name, its certificate, the proxy in between, and whether anything answers.

Each API is asked once without credentials, by a read or by a login that names nobody: whoever answers it, even by a
refusal, tells more than a ping, and no account can be locked by it.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio

from mcp_server.doctor.report import Report
from mcp_server.settings.values import on_this_machine
from upstream import refusals
from upstream.answers import excerpt
from upstream.http import Http, Loss, Reply

NAMES_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Probe:
    """One request without credentials and what became of it. `name` is how people call the API.

    `may_list_nothing`: whoever asks is let in, and an empty list is answered by 404. `trusts`: the setting that may
    name a file of certificates besides those of the system, where there is one, and `trusts_file` whether it does.
    """

    system: str
    api: str
    name: str
    base: str
    outcome: Reply | Loss
    seconds: float
    may_list_nothing: bool = False
    trusts: str = ""
    trusts_file: bool = False

    @property
    def setting(self) -> str:
        return refusals.address_setting(self.system, self.api)

    @property
    def host(self) -> str:
        return urlsplit(self.base).hostname or ""

    @property
    def place(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    @property
    def port(self) -> int:
        return urlsplit(self.base).port or (443 if self.secure else 80)

    @property
    def secure(self) -> bool:
        return self.base.lower().startswith("https:")

    @property
    def status(self) -> int:
        """The status of the answer, 0 when there was none."""
        return self.outcome.status if isinstance(self.outcome, Reply) else 0

    @property
    def missing(self) -> bool:
        """Whether the address answers and the API is not there."""
        empty = self.may_list_nothing and isinstance(self.outcome, Reply) and "json" in self.outcome.media_type
        return self.status == 404 and not empty

    @property
    def said(self) -> str:
        """What the answer says, to follow a sentence."""
        return excerpt(self.outcome) if isinstance(self.outcome, Reply) else ""


async def probe(http: Http, system: str, api: str, name: str, base: str, method: str, path: str) -> Probe:
    """Ask one API without credentials, by a read or by a login of nobody."""
    started = time.perf_counter()
    outcome = await http.exchange(method, base + path, {})
    return Probe(system, api, name, base, outcome, time.perf_counter() - started)


async def addresses(probes: list[Probe], report: Report) -> None:
    """Each address with what its name means on this network."""
    for each in probes:
        check = f"address of {each.name}"
        found: list[str] | None = None
        with anyio.move_on_after(NAMES_SECONDS):
            try:
                rows = await anyio.getaddrinfo(each.host, each.port, type=socket.SOCK_STREAM)
                found = list(dict.fromkeys(str(row[4][0]) for row in rows))
            except OSError:
                found = []
        if found:
            report.add(check, "ok", f"{each.base}, host {', '.join(found[:3])}, port {each.port}")
        elif proxy_for(each.base, os.environ):
            report.add(check, "ok", f"{each.base}; the proxy has to know this name, this machine does not")
        else:
            why = "no answer from the name server" if found is None else "the name is unknown on this network"
            report.add(check, "fault", f"{each.base}: {why}", f"Check {each.setting}, or connect to the VPN.")


def certificates(probes: list[Probe], report: Report) -> None:
    """Whether each connection is encrypted and its certificate trusted."""
    for each in probes:
        check, outcome = f"TLS to {each.name}", each.outcome
        if not each.secure:
            if on_this_machine(each.base):
                report.add(check, "ok", "plain http inside this machine")
            else:
                report.add(
                    check,
                    "warning",
                    "plain http: passwords and tokens can be read on the way",
                    f"Use https in {each.setting}.",
                )
        elif not isinstance(outcome, Loss):
            stores = ["system store"]
            stores += ["SSL_CERT_FILE"] if os.environ.get("SSL_CERT_FILE") else []
            stores += [each.trusts] if each.trusts_file else []
            report.add(check, "ok", f"certificate trusted ({' and '.join(stores)})")
        elif outcome.kind == "certificate":
            report.add(check, "fault", outcome.detail, _certificate_advice(each, outcome))
        else:
            report.add(check, "skipped", "no connection")


def _certificate_advice(each: Probe, loss: Loss) -> str:
    if any(sign in loss.detail for sign in ("version number", "record layer", "http request", "eof")):
        return f"That port does not seem to speak TLS: check scheme and port in {each.setting}."
    files = f"{each.trusts} or SSL_CERT_FILE" if each.trusts else "SSL_CERT_FILE"
    if "file of trusted" in loss.detail:
        return f"Point {files} at a readable file of certificates in PEM form, or unset it."
    return (
        f"Add the authority that signed it to the trust store of the system, or name its PEM file in {files}; "
        f"if the name does not fit, check the host in {each.setting}."
    )


def proxies(probes: list[Probe], report: Report) -> None:
    """Which proxy stands in the way, and which variable says so."""
    ways: dict[str, list[str]] = {}
    for each in probes:
        ways.setdefault(proxy_for(each.base, os.environ), []).append(each.name)
    seen = "; ".join(f"{' and '.join(names)}: {way or 'none'}" for way, names in ways.items())
    failed = any(way and each.status == 0 for each in probes if (way := proxy_for(each.base, os.environ)))
    report.add(
        "proxy",
        "warning" if failed else "ok",
        seen if any(ways) else "none",
        "No answer came through the proxy: check its variable, or add the host to NO_PROXY." if failed else "",
    )


def proxy_for(base: str, environ: Mapping[str, str]) -> str:
    """The variable that sends this address through a proxy, with the proxy's host; empty when none does."""
    parts = urlsplit(base)
    host = parts.hostname or ""
    spared = [entry.strip().lstrip(".") for entry in _variable(environ, "no_proxy")[1].split(",")]
    if any(entry == "*" or entry == host or (entry and host.endswith(f".{entry}")) for entry in spared):
        return ""
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        variable, value = _variable(environ, name)
        if value:
            proxy = urlsplit(value if "://" in value else f"http://{value}")
            return f"{variable} ({proxy.hostname or 'unreadable'})"
    return ""


def _variable(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    for variable in (name, name.upper()):
        if environ.get(variable):
            return variable, environ[variable]
    return name, ""


def reachable(each: Probe, report: Report) -> bool:
    """Whether the application answers at this address; its refusal of a call without credentials is an answer."""
    check, outcome = f"{each.name} reachable", each.outcome
    if isinstance(outcome, Loss):
        if outcome.kind == "certificate":
            report.add(check, "skipped", "no connection without TLS")
        else:
            report.add(
                check,
                "fault",
                f"{each.place}: {outcome.detail}",
                f"Check {each.setting}, the network and the proxy variables.",
            )
        return False
    match each.status:
        case status if 300 <= status < 400:
            seen = f"redirects ({status})"
            todo = f"{each.setting} should be the address of the application itself, not of a login page or portal."
        case 404 if each.missing:
            seen, todo = f"answers 404{each.said}", f"Check {each.setting}: what stands before the path of the API."
        case status if status in (407, 502, 504):
            seen, todo = f"answers {status}{each.said}", "A proxy or gateway answers: check it, and NO_PROXY."
        case status if status >= 500:
            seen, todo = f"fails with {status}{each.said}", "Look into the server's log."
        case status if status < 300 and "html" in outcome.media_type:
            seen = f"answers with a page for people (HTML){each.said}"
            todo = f"Another application or a login page answers there: check {each.setting}."
        case _:
            report.add(check, "ok", f"answers in {each.seconds * 1000:.0f} ms")
            return True
    report.add(check, "fault", seen, todo)
    return False
