"""Unica: Platform and the login, then each application that is used, from its address to what it lets us read."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import anyio

from mcp_server.doctor import account, applications, barrier, network, place
from mcp_server.doctor.applications import Application
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings, Unica
from mcp_server.state import State
from upstream.auth import ManagerLogin, NoAuthentication
from upstream.errors import UpstreamError
from upstream.http import Http
from upstream.platform import PLATFORM_API, Login
from upstream.request import override_of
from upstream.session import Access, Session

SYSTEM = "unica"
PLATFORM = PLATFORM_API.name


async def examine(
    settings: Settings,
    unica: Unica,
    access: Access,
    session: Session,
    state: State,
    report: Report,
    watch_seconds: float,
) -> None:
    """All lines of Unica: what is set, then in the order of the way a call takes."""
    place.time_zone(SYSTEM, settings, unica, "the Campaign server", report)
    place.policy(SYSTEM, settings, "destroy or reach customers", report)
    left_out = applications.left_out(settings)
    used = [each for each in applications.ALL if each.api in access.addresses and each.api not in left_out]
    probes = await _probes(access, used)
    await network.addresses(probes, report)
    network.certificates(probes, report)
    network.proxies(probes, report)
    for each in applications.ALL:
        if each.api in access.addresses and each.api in left_out:
            report.add(f"{each.name} reachable", "skipped", f"not looked at: {left_out[each.api]}")
    await _Way(session, unica, state, used, probes, watch_seconds).walk(report)


async def _probes(access: Access, used: list[Application]) -> list[network.Probe]:
    """One call without credentials to each API that is used."""
    found: dict[str, network.Probe] = {}
    http = Http(access.policy)

    async def ask(api: str, name: str, method: str, path: str, may_list_nothing: bool = False) -> None:
        probe = await network.probe(http, SYSTEM, api, name, access.addresses[api], method, path)
        found[api] = replace(probe, may_list_nothing=may_list_nothing)

    try:
        async with anyio.create_task_group() as group:
            if isinstance(access.authentication, ManagerLogin):
                login = access.authentication.login(override_of(Login, access.overrides))
                group.start_soon(ask, PLATFORM, "Platform", login.method, login.path)
            for each in used:
                wire = each.short_read.wire(override_of(each.short_read, access.overrides))
                query = f"?{urlencode(wire.query)}" if wire.query else ""
                path = each.short_read.api.mount + wire.path + query
                lets_in = isinstance(access.authentication, NoAuthentication) and each.short_read.collection
                group.start_soon(ask, each.api, each.name, wire.method, path, lets_in)
    finally:
        await http.close()
    return [found[api] for api in (PLATFORM, *(each.api for each in used)) if api in found]


class _Way:
    """The way through Platform to each application that is used, one after the other.

    An application that refuses tokens makes the account pause, so all that is asked of one comes before the next.
    """

    def __init__(
        self,
        session: Session,
        unica: Unica,
        state: State,
        used: list[Application],
        probes: list[network.Probe],
        watch_seconds: float,
    ) -> None:
        self._session = session
        self._unica = unica
        self._state = state
        self._used = used
        self._probes = probes
        self._watch_seconds = watch_seconds

    async def walk(self, report: Report) -> None:
        """The lines of all of it: the login, then each application, and the tokens after the first that works."""
        got_in = await self._platform(report)
        works = ""
        for each in self._used:
            if not await self._open(each, works, got_in, report):
                continue
            await each.routes(self._session, self._unica, report)
            if not works:
                account.tokens(self._session, self._unica, await self._watch(each), report)
            works = works or each.name
        if not works:
            for check in ("token life", "single-use tokens", "other programs", "read routes"):
                report.add(check, "skipped", "no call was answered")

    async def _platform(self, report: Report) -> bool:
        """Platform and the login; answers whether there is something to call the applications with."""
        probe = self._probe(PLATFORM)
        if probe is None:
            report.add("Platform reachable", "skipped", f"auth is {self._unica.auth}: Platform is not called")
        elif not network.reachable(probe, report):
            report.add("login", "skipped", "Platform does not answer as it should")
            return False
        elif barrier.refused_to_all(probe, self._others(probe), report, "login"):
            return False
        return await account.login(self._session, self._unica, self._state, report)

    async def _open(self, each: Application, works: str, got_in: bool, report: Report) -> bool:
        """An application and the settings of its API; answers whether a call with credentials went through."""
        check = barrier.settings_check(each.name)
        probe = self._probe(each.api)
        assert probe is not None, "each application that is used was asked"
        if works and probe.missing:
            barrier.absent(probe, report)
            return False
        if not network.reachable(probe, report):
            report.add(check, "skipped", f"{each.name} does not answer as it should")
            return False
        if barrier.refused_to_all(probe, self._others(probe), report, check):
            return False
        if not got_in:
            report.add(check, "skipped", "needs the login")
            return False
        return await barrier.admitted(self._session, self._unica, probe, each.short_read, works, report)

    async def _watch(self, each: Application) -> account.Watch:
        """What became of tokens in use; a read that fails ends the watch, for the reads have told of it."""
        if self._unica.auth != "manager" or self._session.token_life == 0:
            return account.Watch()
        try:
            return await account.watch(self._session, self._state, each.watched_read, self._watch_seconds)
        except UpstreamError:
            return account.Watch()

    def _probe(self, api: str) -> network.Probe | None:
        return next((each for each in self._probes if each.api == api), None)

    def _others(self, probe: network.Probe) -> list[network.Probe]:
        return [each for each in self._probes if each is not probe]
