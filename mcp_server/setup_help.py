"""The one tool of a server without a system: what to set, and where. It reads nothing and writes nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from mcp.types import CallToolResult, TextContent

from mcp_server.settings.actito import Actito
from mcp_server.settings.keys import variable
from mcp_server.settings.model import Settings
from mcp_server.settings.unica import Unica
from tools.declare import Tool
from upstream.request import Risk

if TYPE_CHECKING:
    from pydantic import BaseModel

NAMES = {"unica": "HCL Unica (Campaign, Collaborate)", "actito": "Actito"}


@dataclass(frozen=True)
class Wanted:
    """A setting that a first user needs, or should think of; `others` are keys that may stand for it."""

    path: tuple[str, ...]
    example: str
    needed: bool = True
    others: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        return variable(self.path)

    @property
    def meaning(self) -> str:
        """What it is, as the table of settings says it."""
        models: dict[str, type[BaseModel]] = {"unica": Unica, "actito": Actito}
        model = models.get(self.path[0], Settings)
        return model.model_fields[self.path[-1]].description or ""


ENVIRONMENT = Wanted(("environment",), "uat", needed=False)
WANTED = {
    "unica": (
        Wanted(("unica", "url"), "https://unica.example.com"),
        Wanted(("unica", "username"), "mcp-service"),
        Wanted(("unica", "password_file"), "/path/to/unica-password", others=("password", "password_keyring")),
        Wanted(("unica", "time_zone"), "Europe/Berlin", needed=False),
    ),
    "actito": (
        Wanted(("actito", "url"), "preprod"),
        Wanted(("actito", "api_key_file"), "/path/to/actito-key", others=("api_key", "api_key_keyring")),
        Wanted(("actito", "time_zone"), "Europe/Brussels", needed=False),
    ),
}


async def setup_help(
    call: Settings, system: Annotated[Literal["all", "unica", "actito"], "One alone"] = "all"
) -> CallToolResult:
    """Say how to set this server up. Listed only while no campaign system is configured."""
    from mcp_server.clients import command, entries
    from mcp_server.settings.reading import usual_file

    chosen = [system] if system != "all" else list(WANTED)
    example = entries(["serve"], {each.variable: each.example for each in (*WANTED[chosen[0]], ENVIRONMENT)})
    sandbox = entries(["serve", "--sandbox"], {})
    file, there = call.origin.file or usual_file(), call.origin.file is not None
    (code, line), (desktop, pasted), (editor, _) = example
    program = shlex.join(command())
    items = [_item(name, each, call) for name in chosen for each in (*WANTED[name], ENVIRONMENT)]
    lines = [
        "No campaign system is configured, so this server has no other tool. Tell the person what to set; then the "
        "client has to start the server again. Never ask for a password or key in this chat: the person writes it into "
        "a file of their own.",
    ]
    for name in chosen:
        lines += ["", f"{NAMES[name]}:", *(_told(item) for item in items if item["system"] == name)]
    lines += [
        "",
        f"They belong into the client's entry of this server; for {NAMES[chosen[0]]} with examples:",
        f"{code}: {line}",
        f"{desktop}:",
        pasted,
        f"{editor}: the same with `servers` instead of `mcpServers`.",
        f"Or into the file {file}, which is {'there' if there else 'not there yet'}: [{chosen[0]}] and url = ...",
        f"To try without any system: {sandbox[0][1]}",
        f"To check what is set: {program} doctor. All settings: {program} settings.",
    ]
    about = {"file": str(file), "file_is_there": there, "clients": dict(example), "without_a_system": dict(sandbox)}
    data = {"items": items, "total": len(items), "about": about}
    return CallToolResult(content=[TextContent(type="text", text="\n".join(lines))], structured_content=data)


def _item(system: str, wanted: Wanted, settings: Settings) -> dict[str, Any]:
    """A setting as data; whether it is set is said, never to what."""
    return {
        "name": wanted.variable,
        "instead": [variable((*wanted.path[:-1], other)) for other in wanted.others],
        "system": system,
        "needed": wanted.needed,
        "set": wanted.path[-1] in settings.model_fields_set,
        "meaning": wanted.meaning,
        "example": wanted.example,
    }


def _told(item: Mapping[str, Any]) -> str:
    names = " or ".join((item["name"], *item["instead"]))
    state = "set" if item["set"] else "missing" if item["needed"] else "not set, optional"
    return f"- {names} ({state}): {item['meaning']}; such as {item['example']}"


SETUP_HELP = Tool(setup_help, "Set-up help", (), writes=False, worst=Risk.READ)
"""What it is handed in place of a call are the settings: it works without any system."""
