"""Which tools are listed, decided in one place: by what is configured, chosen, left out and forbidden."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mcp_server.catalogue import Entry
from tools.places.address import Shelf
from upstream.request import Risk

SETUP = "setup"
"""The category of the tool that says what to set."""

BROWSE = "browse"
"""The name and the category of the tool that shows places."""

DEFAULT, ALL = "default", "all"
"""Words that stand for the usual tools and for all there are."""


@dataclass(frozen=True)
class Choice:
    """What the operator chose. Names are systems, categories or tools; `default` and `all` are more than one of them.

    Empty `include` means `default`. A system stands for its usual tools.
    """

    systems: Collection[str]
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    read_only: bool = False
    no_delete: bool = False
    no_send: bool = False


def why_hidden(entry: Entry, choice: Choice) -> str:
    """Why a tool is not to be had, in words that name the setting; empty when it is. Exclusion wins."""
    if entry.category == SETUP:
        return _why_no_setup(entry, choice)
    if why := _why_left_out(entry.system, entry.name, entry.category, choice, usual=entry.usual):
        return why
    return why_forbidden(Risk.WRITE if entry.writes and entry.mildest is Risk.READ else entry.mildest, choice)


def _why_no_setup(entry: Entry, choice: Choice) -> str:
    if choice.systems:
        return "a campaign system is configured (campaign-mcp doctor checks it)"
    left_out = {entry.name, entry.category} & set(choice.exclude)
    return "the operator left it out (CAMPAIGN_MCP_EXCLUDE)" if left_out else ""


def why_closed(shelf: Shelf, choice: Choice) -> str:
    """Why the places of a shelf are not to be had; empty when they are. They go with the tools that show the same.

    Who chose the tool `browse` chose what it shows as well; who left the tool out still has the resources.
    """
    if BROWSE in choice.include:
        choice = replace(choice, include=())
    return _why_left_out(shelf.owner, shelf.finder, shelf.category, choice)


def _why_left_out(system: str, name: str, category: str, choice: Choice, *, usual: bool = True) -> str:
    """Why what has these names is not to be had; an empty system stands for any of them."""
    names = {name, category}
    served = {each for each in choice.systems if system in ("", each)}
    if not served:
        return f"{system or 'no system'} is not configured ({_address_settings(system)})"
    kept = served - set(choice.exclude)
    if not kept or {system, *names} & set(choice.exclude):
        return "the operator left it out (CAMPAIGN_MCP_EXCLUDE)"
    chosen = set(choice.include or (DEFAULT,))
    if chosen & {ALL, *names} or (usual and chosen & {DEFAULT, system, *kept}):
        return ""
    if usual or DEFAULT not in chosen:
        return "the operator did not choose it (CAMPAIGN_MCP_TOOLSETS)"
    return f"it is listed on demand only (CAMPAIGN_MCP_TOOLSETS={DEFAULT},{category})"


def why_forbidden(risk: Risk, choice: Choice) -> str:
    """Why nothing of this risk may happen, whichever tool would do it; empty when it may."""
    if choice.read_only and risk is not Risk.READ:
        return "the server runs with --read-only (CAMPAIGN_MCP_READ_ONLY)"
    if choice.no_delete and risk is Risk.DESTRUCTIVE:
        return "the server runs with --no-delete (CAMPAIGN_MCP_NO_DELETE)"
    if choice.no_send and risk in (Risk.REACHES_CUSTOMERS, Risk.CONSENT):
        return "the server runs with --no-send (CAMPAIGN_MCP_NO_SEND)"
    return ""


def _address_settings(system: str) -> str:
    """The settings that configure a system: its own address, or the one of its installation."""
    if not system:
        return "CAMPAIGN_MCP_UNICA__URL or CAMPAIGN_MCP_ACTITO__URL"
    installation, _, application = system.upper().partition("-")
    own = f"CAMPAIGN_MCP_{installation}__"
    return f"{own}{application}_URL or {own}URL" if application else f"{own}URL"


def visible(entry: Entry, choice: Choice) -> bool:
    """Whether a tool is listed and may be called."""
    return not why_hidden(entry, choice)


def check(entries: Sequence[Entry], choice: Choice) -> None:
    """Refuse names that mean nothing.

    Raises:
        ValueError: naming each unknown system, category or tool with the nearest.
    """
    known = sorted({name for entry in entries for name in (entry.name, entry.category, entry.system) if name})
    words = {DEFAULT, ALL} & set(choice.include)
    wrong = [name for name in [*choice.include, *choice.exclude] if name not in (*known, *words)]
    if wrong:
        lines = []
        for name in wrong:
            near = difflib.get_close_matches(name, known, 1)
            lines.append(f"{name!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
        categories = sorted({entry.category for entry in entries} | {entry.system for entry in entries if entry.system})
        raise ValueError(
            f"CAMPAIGN_MCP_TOOLSETS or CAMPAIGN_MCP_EXCLUDE names {', '.join(lines)}; "
            f"known are {', '.join(categories)}, the names of the tools, and to choose {DEFAULT} and {ALL}"
        )
