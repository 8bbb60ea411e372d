"""The examination: every check in the order of the way a call takes, each only when what it needs is there."""

from __future__ import annotations

import secrets
from dataclasses import replace

import anyio

from mcp_server.doctor import account, barrier, network, place, reads
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings, Unica
from mcp_server.state import State
from upstream.auth import ManagerLogin
from upstream.campaign.campaigns import GetCampaigns
from upstream.errors import UpstreamError
from upstream.http import Http
from upstream.platform import Login
from upstream.request import override_of
from upstream.session import Access, Session, SessionManager

PLATFORM, CAMPAIGN = "unica-platform", "unica-campaign"
PATIENCE_SECONDS = 3.0
"""For how long a call is repeated here; a person waits in front of it."""

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0


async def examine(settings: Settings, state: State, *, watch_seconds: float = 4.0) -> Report:
    """Look at every part of the way to the systems; answers what was seen and what to do.

    Only reads and the login are sent, and the login not even then when the token of a running server is alive.
    `watch_seconds` is how long the life of tokens is watched.
    """
    report = Report()
    place.settings_read(settings, report)
    if settings.unica is None:
        await place.state_database(state, report)
        place.environment(settings, report)
        return report
    access = settings.access()["unica"]
    access = replace(
        access,
        policy=replace(
            access.policy,
            repeat_within=PATIENCE_SECONDS,
            connect=min(access.policy.connect, CONNECT_SECONDS),
            read=min(access.policy.read, ANSWER_SECONDS),
        ),
    )
    probes = await _probes(access)
    await network.addresses(probes, report)
    network.certificates(probes, report)
    network.proxies(probes, report)
    async with SessionManager({"unica": access}, state.tokens, approval_key=secrets.token_bytes(32)) as manager:
        await _systems(manager.session("unica"), settings.unica, state, probes, report, watch_seconds)
    place.time_zone(settings.unica, report)
    place.environment(settings, report)
    return report


async def _probes(access: Access) -> list[network.Probe]:
    """One call without credentials to each API that is used."""
    found: dict[str, network.Probe] = {}
    http = Http(access.policy)

    async def ask(api: str, name: str, method: str, path: str) -> None:
        found[api] = await network.probe(http, api, name, access.addresses[api], method, path)

    read = GetCampaigns(code=barrier.NOBODY).wire(override_of(GetCampaigns, access.overrides))
    try:
        async with anyio.create_task_group() as group:
            if isinstance(access.authentication, ManagerLogin):
                login = access.authentication.login(override_of(Login, access.overrides))
                group.start_soon(ask, PLATFORM, "Platform", login.method, login.path)
            if CAMPAIGN in access.addresses:
                path = GetCampaigns.api.mount + read.path
                group.start_soon(ask, CAMPAIGN, "Campaign", read.method, f"{path}?code={barrier.NOBODY}")
    finally:
        await http.close()
    return [found[api] for api in (PLATFORM, CAMPAIGN) if api in found]


async def _systems(
    session: Session, unica: Unica, state: State, probes: list[network.Probe], report: Report, watch_seconds: float
) -> None:
    ways = {each.api: each for each in probes}
    got_in = await _platform(session, unica, state, ways, report)
    campaign = ways.get(CAMPAIGN)
    open_door = campaign is not None and await _campaign(session, unica, campaign, probes, got_in, report)
    if open_door:
        read = Report()
        await reads.routes(session, unica, read)
        seen = await _watch(session, unica, state, watch_seconds)
        account.tokens(session, unica, seen, report)
        await place.state_database(state, report)
        report.lines += read.lines
        return
    for check in ("token life", "single-use tokens", "other programs"):
        report.add(check, "skipped", "no call was answered")
    await place.state_database(state, report)
    report.add("read routes", "skipped", "no call was answered")


async def _platform(
    session: Session, unica: Unica, state: State, ways: dict[str, network.Probe], report: Report
) -> bool:
    """Platform and the login; answers whether there is something to call Campaign with."""
    probe = ways.get(PLATFORM)
    if probe is None:
        report.add("Platform reachable", "skipped", f"auth is {unica.auth}: Platform is not called")
    elif not network.reachable(probe, report):
        report.add("login", "skipped", "Platform does not answer as it should")
        return False
    elif barrier.refused_to_all(probe, [each for each in ways.values() if each is not probe], report, "login"):
        return False
    return await account.login(session, unica, state, report)


async def _campaign(
    session: Session, unica: Unica, probe: network.Probe, probes: list[network.Probe], got_in: bool, report: Report
) -> bool:
    """Campaign and the settings of its API; answers whether a call with credentials went through."""
    check = "API settings of Campaign"
    if not network.reachable(probe, report):
        report.add(check, "skipped", "Campaign does not answer as it should")
        return False
    if barrier.refused_to_all(probe, [each for each in probes if each is not probe], report, check):
        return False
    if not got_in:
        report.add(check, "skipped", "needs the login")
        return False
    return await barrier.campaign(session, unica, probe, report)


async def _watch(session: Session, unica: Unica, state: State, seconds: float) -> account.Watch:
    """What became of tokens in use; a read that fails ends the watch, for the reads have told of it."""
    if unica.auth != "manager" or session.token_life == 0:
        return account.Watch()
    try:
        return await account.watch(session, state, seconds)
    except UpstreamError:
        return account.Watch()
