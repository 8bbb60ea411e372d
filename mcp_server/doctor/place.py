"""What lies on this machine: settings, state database, time zone, environment and policy."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mcp_server import earlier
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings
from mcp_server.settings.actito import Actito
from mcp_server.settings.model import NOT_PRODUCTION
from mcp_server.settings.unica import Unica
from mcp_server.state import State
from tools.dates import with_time
from upstream.refusals import setting
from upstream.tokens import StoreUnavailable

MOST_TOLD = 10
"""Interrupted calls that are told one by one."""


def settings_read(settings: Settings, report: Report) -> None:
    """Where the settings came from, and which systems they name."""
    origin = settings.origin
    count = len(origin.variables)
    sources = [f"{count} variable{'' if count == 1 else 's'}"] if count else []
    sources += [str(origin.file)] if origin.file else []
    where = f"read from {' and '.join(sources)}" if sources else "nothing is set"
    if not settings.systems:
        report.add(
            "settings",
            "fault",
            f"{where}; no system is configured",
            "Set CAMPAIGN_MCP_UNICA__URL, CAMPAIGN_MCP_UNICA__USERNAME and CAMPAIGN_MCP_UNICA__PASSWORD, or "
            "CAMPAIGN_MCP_ACTITO__URL and CAMPAIGN_MCP_ACTITO__API_KEY.",
        )
    else:
        report.add("settings", "ok", where)


async def state_database(state: State, report: Report) -> bool:
    """Whether what processes share can be read and written."""
    try:
        await state.check()
    except StoreUnavailable as error:
        report.add(
            "state database",
            "fault",
            f"{state.place}: {error}",
            "Without it guarded tools are refused and processes kill each other's tokens. Check CAMPAIGN_MCP_STATE_URL "
            "and that this user may write there.",
        )
        return False
    report.add("state database", "ok", f"{state.place} can be read and written")
    return True


async def interrupted_calls(settings: Settings, state: State, report: Report) -> None:
    """Which calls that wrote were interrupted or left a doubt, and what of them nobody has looked after."""
    unsettled = await state.intents.unsettled()
    for intent in unsettled[:MOST_TOLD]:
        zone = ZoneInfo(settings.surroundings(intent.whose.system).time_zone)
        report.add(
            "interrupted call",
            "warning",
            earlier.described(intent, zone),
            "Look at these objects in the system. The next call that touches them tells it too; once you know how they "
            f"are: campaign-mcp interrupted --dismiss {earlier.reference_of(intent)}",
        )
    if len(unsettled) > MOST_TOLD:
        report.add(
            "interrupted calls", "warning", f"{len(unsettled) - MOST_TOLD} more", "See: campaign-mcp interrupted"
        )
    if not unsettled:
        report.add("interrupted calls", "ok", "none")


def time_zone(system: str, settings: Settings, own: Unica | Actito, whose: str, report: Report) -> None:
    """In which zone dates of a system are said and read; `whose` it should be."""
    set_to = " by the clock that CAMPAIGN_MCP_DATE sets" if settings.date else ""
    seen = f"{own.time_zone}, where it is {with_time(settings.clock()(), ZoneInfo(own.time_zone))}{set_to}"
    if "time_zone" in own.model_fields_set:
        report.add("time zone", "ok", seen)
    else:
        report.add(
            "time zone",
            "warning",
            f"{seen}; taken from this machine",
            f"Set {setting(system, 'TIME_ZONE')} to the zone of {whose}, or dates may be off by a day.",
        )


def environment(settings: Settings, report: Report) -> None:
    """What the server takes this environment for."""
    given = "environment" in settings.model_fields_set
    known = not settings.is_production or settings.environment.strip().casefold() in ("production", "prod")
    kind = "production" if settings.is_production else "not production"
    if known or not given:
        seen = f"{settings.environment} ({kind})" if given else f"not set, so {kind}"
        report.add("environment", "ok", seen)
    else:
        report.add(
            "environment",
            "warning",
            f"{settings.environment} is not a known word, so it counts as production",
            f"If it is not, set CAMPAIGN_MCP_ENVIRONMENT to {', '.join(NOT_PRODUCTION)}.",
        )


def policy(system: str, settings: Settings, what: str, report: Report) -> None:
    """What the server does before calls to a system that `what`, such as: destroy or reach customers."""
    here = settings.surroundings(system)
    match here.policy:
        case "allow":
            report.add(
                "policy",
                "warning",
                "allow: what destroys or reaches customers is done without a question",
                f"Set {setting(system, 'POLICY')} to confirm when people depend on this data.",
            )
        case "block":
            report.add("policy", "ok", f"block: changes that {what} are refused")
        case _:
            report.add("policy", "ok", f"confirm: a person is asked, by {' or '.join(settings.channels)}")
