"""The applications that are examined: how each is asked, and which of them the operator uses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mcp_server import catalogue
from mcp_server.doctor import collaborate, reads
from mcp_server.doctor.report import Report
from mcp_server.settings import Settings, Unica
from mcp_server.visible import Choice, why_closed, why_hidden
from tools.places.address import SHELVES
from upstream.campaign.attributes import GetAttributeDefinitions
from upstream.campaign.campaigns import GetCampaigns
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.objects import Window
from upstream.collaborate.projects import GetProjects
from upstream.request import Request
from upstream.session import Session

NOBODY = "campaign-mcp-doctor"
"""A campaign code that no campaign has, so that the answer to a read is short."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application with an API: `short_read` tells whether it lets us in, `watched_read` keeps a token in use."""

    name: str
    short_read: Request[Any]
    watched_read: Request[Any]
    routes: Callable[[Session, Unica, Report], Awaitable[None]]

    @property
    def api(self) -> str:
        return self.short_read.api.name


async def _of_collaborate(session: Session, unica: Unica, report: Report) -> None:
    await collaborate.routes(session, report)


_FIRST_LIST = GetProjects(kind=ProjectKind.SIMPLE_LIST, window=Window(0, 1))

ALL = (
    Application("Campaign", GetCampaigns(code=NOBODY), GetAttributeDefinitions(names=["uacName"]), reads.routes),
    Application("Collaborate", _FIRST_LIST, _FIRST_LIST, _of_collaborate),
)


def left_out(settings: Settings) -> dict[str, str]:
    """Name of each API of which neither a tool nor a resource is listed, and why, in words that name the setting."""
    reasons = {each.api: why_none(each.api, settings) for each in ALL}
    return {api: why for api, why in reasons.items() if why}


def why_none(system: str, settings: Settings) -> str:
    """Why neither a tool nor a resource of a system is listed; empty when one is."""
    choice = Choice(
        systems=[system],
        include=settings.toolsets,
        exclude=settings.exclude,
        read_only=settings.read_only,
        no_delete=settings.no_delete,
        no_send=settings.no_send,
    )
    reasons = [why_hidden(entry, choice) for entry in catalogue.load() if entry.system == system]
    shelves = [each for each in SHELVES.values() if system in (each.system, f"unica-{each.system}")]
    reasons += [why_closed(shelf, choice) for shelf in shelves]
    return reasons[0] if reasons and all(reasons) else ""
