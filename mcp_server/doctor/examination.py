"""The examination: every check in the order of the way a call takes, each only when what it needs is there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import anyio

from mcp_server.doctor import actito, place, unica
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings
from mcp_server.state import State
from upstream.session import Access, SessionManager

PATIENCE_SECONDS = 3.0
"""For how long a call is repeated here; a person waits in front of it."""

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
MOST_SECONDS = 180.0
"""After which the systems are left alone; a healthy installation with answers in 2 s takes a third of it."""


async def examine(
    settings: Settings,
    state: State,
    *,
    tell: Callable[[str], None] = lambda text: None,
    watch_seconds: float = 4.0,
    most_seconds: float = MOST_SECONDS,
) -> Report:
    """Look at every part of the way to the systems; answers what was seen and what to do.

    Only reads and the login are sent, and the login not even then when the token of a running server is alive.
    `tell` gets the text of each line as it comes. `watch_seconds` is how long the life of tokens of Unica is watched,
    `most_seconds` how long the systems are looked at.
    """
    report = Report(tell=tell)
    place.settings_read(settings, report)
    if await place.state_database(state, report):
        await place.interrupted_calls(settings, state, report)
    place.environment(settings, report)
    with anyio.move_on_after(most_seconds) as time:
        await _systems(settings, state, report, watch_seconds)
    if time.cancelled_caught:
        report.add(
            "time",
            "fault",
            f"not all could be looked at within {most_seconds:g} s: the systems answer that slowly",
            "Look at the server and the network, then run the doctor again.",
        )
    return report


async def _systems(settings: Settings, state: State, report: Report, watch_seconds: float) -> None:
    access = {system: _patient(each) for system, each in settings.access().items()}
    async with SessionManager(access, state.tokens, approval_key=secrets.token_bytes(32)) as manager:
        if settings.unica is not None:
            report.section = "Unica"
            way, session = access[unica.SYSTEM], manager.session(unica.SYSTEM)
            await unica.examine(settings, settings.unica, way, session, state, report, watch_seconds)
        if settings.actito is not None:
            report.section = "Actito"
            way, session = access[actito.SYSTEM], manager.session(actito.SYSTEM)
            await actito.examine(settings, settings.actito, way, session, state, report)


def _patient(access: Access) -> Access:
    policy = access.policy
    return replace(
        access,
        policy=replace(
            policy,
            repeat_within=PATIENCE_SECONDS,
            connect=min(policy.connect, CONNECT_SECONDS),
            read=min(policy.read, ANSWER_SECONDS),
        ),
    )
