"""The examination: every check in the order of the way a call takes, each only when what it needs is there."""

from __future__ import annotations

import secrets
from dataclasses import replace

from mcp_server.doctor import actito, place, unica
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings
from mcp_server.state import State
from upstream.session import Access, SessionManager

PATIENCE_SECONDS = 3.0
"""For how long a call is repeated here; a person waits in front of it."""

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0


async def examine(settings: Settings, state: State, *, watch_seconds: float = 4.0) -> Report:
    """Look at every part of the way to the systems; answers what was seen and what to do.

    Only reads and the login are sent, and the login not even then when the token of a running server is alive.
    `watch_seconds` is how long the life of tokens of Unica is watched.
    """
    report = Report()
    place.settings_read(settings, report)
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
    report.section = ""
    await place.state_database(state, report)
    place.environment(settings, report)
    return report


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
