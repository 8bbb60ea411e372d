"""Which read routes of Collaborate answer as the contract says, one of each category. Only reads are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_server.doctor.reads import Read, line, read
from mcp_server.doctor.report import Report
from tools.collaborate.kinds import NAMES
from upstream import refusals
from upstream.collaborate.folders import GetFolders
from upstream.collaborate.forms import GetForms
from upstream.collaborate.kinds import FolderTree, ProjectKind
from upstream.collaborate.objects import Window
from upstream.collaborate.projects import GetProjects
from upstream.collaborate.templates import GetTemplates
from upstream.errors import NotFound
from upstream.request import Request
from upstream.session import Session

ASKED = 2
"""Projects in a window, fewer than an answer to a request without one would have."""

COLLECTIONS: Mapping[str, Request[Any]] = {
    "templates": GetTemplates(),
    "template folders": GetFolders(tree=FolderTree.TEMPLATES),
    "forms": GetForms(),
    "form folders": GetFolders(tree=FolderTree.FORMS),
}


async def routes(session: Session, report: Report) -> None:
    """A line for each family of reads: templates, forms, their folders, and the projects of each kind.

    Lists that answer 404 are told last, by what the others answered.
    """
    projects = {f"{NAMES[kind]}s": GetProjects(kind=kind, window=Window(0, ASKED)) for kind in ProjectKind}
    reads: dict[str, Read] = {}
    for things, request in {**COLLECTIONS, **projects}.items():
        reads[things] = found = await read(session, request)
        if not isinstance(found.error, NotFound):
            what = things if things in COLLECTIONS else f"{things} in a window of {ASKED}"
            line(f"reads {things}", found, what, report, "Collaborate")
    _not_found(reads, report)
    _windows([reads[things] for things in projects], report)


def _not_found(reads: Mapping[str, Read], report: Report) -> None:
    """The lists that answer 404, as an empty one does here; so may a server that is another."""
    absent = {things: each.error.message for things, each in reads.items() if isinstance(each.error, NotFound)}
    if any(each.error is None for each in reads.values()):
        for things in absent:
            report.add(f"reads {things}", "ok", f"no {things} (404, as Collaborate answers where there are none)")
    elif absent:
        report.add(
            "reads Collaborate",
            "warning",
            f"404 for each list of {', '.join(absent)}: there is nothing yet, the account sees nothing, or it is not "
            f"Collaborate that answers. The first: {next(iter(absent.values()))}",
            f"If there should be something, check {refusals.address_setting('unica', GetTemplates.api.name)}.",
        )


def _windows(projects: list[Read], report: Report) -> None:
    """Whether answers are as long as the header Range asks for; plain HTTP software reads it otherwise."""
    check = "windows of projects"
    longest = max((len(each.answer) for each in projects if each.error is None), default=0)
    if longest < ASKED:
        report.add(check, "skipped", "no kind has enough projects to tell")
    elif longest == ASKED:
        report.add(check, "ok", "answers are as long as asked for (Range)")
    else:
        report.add(
            check,
            "warning",
            f"asked for {ASKED} projects, got {longest}: the header Range does not arrive, or is read in another way, "
            f"so that no more than the first {longest} projects of a kind may be seen",
            "Let the proxy before Collaborate pass the header Range, or send it as the query field range: "
            'CAMPAIGN_MCP_UNICA__ROUTES={"GetProjects": {"fields": {"window": {"name": "range", "place": "query"}}}}.',
        )
