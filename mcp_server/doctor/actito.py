"""Actito: from the host of the licence to what its key may read. A dozen requests, one after the other."""

from __future__ import annotations

from dataclasses import replace

from mcp_server.doctor import api_key, applications, network, place, rights
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings
from mcp_server.settings.actito import PREPROD, Actito
from mcp_server.state import State
from tools.actito.import_book import PER_DAY
from upstream.actito.environments import ENVIRONMENTS
from upstream.actito.token import GetAccessToken
from upstream.auth import ApiKey
from upstream.http import Http
from upstream.refusals import host, setting
from upstream.request import override_of
from upstream.session import Access, Session

SYSTEM = "actito"
CALLS_A_MINUTE = 100
"""Above it Actito answers more slowly. Source: Actito, limitations."""


async def examine(
    settings: Settings, actito: Actito, access: Access, session: Session, state: State, report: Report
) -> None:
    """All lines of Actito: what is set, then in the order of the way a call takes."""
    _licence(actito, report)
    _limits(actito, report)
    place.time_zone(SYSTEM, settings, actito, "the licence", report)
    _production(settings, actito, report)
    place.policy(SYSTEM, settings, "destroy, reach customers or change consent", report)
    _channels(settings, report)
    if why := applications.why_none(SYSTEM, settings):
        report.add(
            "Actito reachable",
            "warning",
            f"not looked at, as none of its tools is listed: {why}",
            f"Choose them (CAMPAIGN_MCP_TOOLSETS=default), or take {setting(SYSTEM, 'URL')} out of the settings.",
        )
    else:
        await _way(actito, access, session, state, report)


async def _way(actito: Actito, access: Access, session: Session, state: State, report: Report) -> None:
    probe = await _probe(actito, access)
    await network.addresses([probe], report)
    network.certificates([probe], report)
    network.proxies([probe], report)
    if not network.reachable(probe, report):
        report.add("API key", "skipped", "Actito does not answer as it should")
    elif await api_key.accepted(session, state, report):
        before = await api_key.held(session, state)
        await rights.examine(actito, session, report)
        api_key.token_life(session, before, await api_key.held(session, state), report)
        return
    report.add("entities", "skipped", "no call could be made")


async def _probe(actito: Actito, access: Access) -> network.Probe:
    """One request for a token without a key: no key can be refused by it."""
    wire = GetAccessToken(api_key="").wire(override_of(GetAccessToken, access.overrides))
    http = Http(access.policy)
    try:
        probe = await network.probe(http, SYSTEM, SYSTEM, "Actito", actito.url, wire.method, wire.path)
    finally:
        await http.close()
    return replace(probe, trusts=setting(SYSTEM, "CA_FILE"), trusts_file=bool(actito.ca_file))


def _licence(actito: Actito, report: Report) -> None:
    if actito.environment:
        seen = f"{actito.environment} of Actito, {host(actito.url)}"
    elif actito.always_production:
        seen = f"{host(actito.url)} is no host of Actito ({', '.join(ENVIRONMENTS)}): a gateway in front of one"
    else:
        seen = f"{host(actito.url)}, a stand-in on this machine"
    report.add("licence", "ok", seen)


def _limits(actito: Actito, report: Report) -> None:
    most = ApiKey.most_in_flight
    seen = (
        f"this process sends {actito.max_in_flight} requests at once at most, the licence takes {most} in all; above "
        f"{CALLS_A_MINUTE} calls a minute Actito answers more slowly; {PER_DAY} imports a day"
    )
    if actito.max_in_flight < most:
        report.add("limits", "ok", seen)
    else:
        report.add(
            "limits",
            "warning",
            f"{seen}. Other programs of the licence get 429 while this one is busy",
            f"Set {setting(SYSTEM, 'MAX_IN_FLIGHT')} to 2 or 3 unless no other program uses the licence.",
        )


def _production(settings: Settings, actito: Actito, report: Report) -> None:
    """Whether calls land in production: a word in the settings makes no other host than preprod a test."""
    check = "environment of Actito"
    if actito.always_production:
        why = "" if settings.is_production else f", although CAMPAIGN_MCP_ENVIRONMENT is {settings.environment}"
        report.add(check, "ok", f"production, as every host but that of {PREPROD}{why}")
    elif settings.is_production and actito.environment:
        report.add(
            check,
            "ok",
            f"{PREPROD}, treated with the care of production unless CAMPAIGN_MCP_ENVIRONMENT is {PREPROD}",
        )
    else:
        report.add(check, "ok", f"{actito.environment or settings.environment} ({_kind(settings)})")


def _kind(settings: Settings) -> str:
    return "production" if settings.surroundings(SYSTEM).production else "not production"


def _channels(settings: Settings, report: Report) -> None:
    """Whether a person can be asked about what reaches customers."""
    here = settings.surroundings(SYSTEM)
    if here.policy != "confirm":
        return
    check, channels = "approval of messages", here.channels_reaching_customers
    if channels:
        only = "by a question of the client only, not by a code" if list(channels) == ["elicitation"] else ""
        report.add(check, "ok", only or f"by {' or '.join(channels)}")
    else:
        report.add(
            check,
            "warning",
            "there is no way to ask a person about what reaches customers, so nothing is sent",
            "Add elicitation to CAMPAIGN_MCP_CHANNELS: in production a code alone does not serve for messages.",
        )
