"""Jobs for which Actito has routes of v5 and of v4: which of the two an installation answers.

The newer version is tried first. Settings can demand one (`CAMPAIGN_MCP_ACTITO__API`).
"""

from __future__ import annotations

from typing import Any, Literal

from tools.call import Call
from upstream.errors import RouteMissing
from upstream.request import Request

Version = Literal["v5", "v4"]


async def read_either(
    call: Call,
    family: str,
    v5: Request[Any],
    v4: Request[Any],
    probe: tuple[Request[Any], Request[Any]] | None = None,
) -> Any:
    """Make a read by v5 or by v4, whichever the installation has; writes of the `family` use the same.

    `probe` are reads in both versions that are answered whatever the read itself names, by which an unknown name is
    told from a route that is not there.

    Raises:
        UpstreamError: as a session does.
    """
    forms = _demanded(call, {"v5": v5, "v4": v4})
    known = dict(zip(("v5", "v4"), probe, strict=True)) if probe else {}
    return await call.session.send_form(family, forms, probe={name: known[name] for name in forms if name in known})


def learnt(call: Call, family: str) -> Version:
    """The version that a read has shown, for a write.

    Raises:
        RouteMissing: no read has; a write never tries.
    """
    found = call.session.form(family)
    if found is None:
        raise RouteMissing(
            f"Which version of the API this installation has for {family} is not known, so nothing was sent.",
            advice="Read one of them first.",
            status=404,
        )
    return "v4" if found == "v4" else "v5"


def _demanded(call: Call, forms: dict[str, Request[Any]]) -> dict[str, Request[Any]]:
    demanded = call.options.get("actito_api", "auto")
    return {demanded: forms[demanded]} if demanded in forms else forms
