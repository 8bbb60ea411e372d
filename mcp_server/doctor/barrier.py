"""What stands between a reachable API and its data: its settings in Platform, told apart by how it refuses.

Order in which Platform's filter is taken to look: blocked, HTTPS, credentials, rights (the last inferred).
"""

from __future__ import annotations

from typing import Any

from mcp_server.doctor.network import Probe
from mcp_server.doctor.report import Report
from mcp_server.settings import Unica
from upstream.errors import Forbidden, LoginRefused, NotFound, RouteMissing, Unavailable, UpstreamError
from upstream.refusals import PAGE
from upstream.request import Request
from upstream.session import Session


def settings_check(name: str) -> str:
    """The line that these settings are told in."""
    return f"API settings of {name}"


def refused_to_all(each: Probe, others: list[Probe], report: Report, check: str) -> bool:
    """Whether this API refuses (403) whoever calls; says which setting it most likely is."""
    if each.status != 403:
        return False
    everywhere = all(other.status == 403 for other in others)
    block = f'switch off "Block API access" for it in {PAGE}'
    https = f'"Secure API access over HTTPS" is on by default: use https in {each.setting}'
    if each.secure:
        report.add(check, "fault", f"403 before any login{each.said}: the API is blocked", f"To open it, {block}.")
    elif everywhere:
        report.add(
            check, "fault", f"403 over plain http{each.said}: HTTPS is demanded", f"{https}; if it stays, {block}."
        )
    else:
        report.add(
            check,
            "fault",
            f"403{each.said}, though another API answers plain http: the API is blocked",
            f"To open it, {block}; if it stays, {https}.",
        )
    return True


def absent(each: Probe, report: Report) -> None:
    """An application that is not on this installation, while another one works."""
    seen = f"answers 404{each.said}: there seems to be no {each.name} on this installation"
    report.add(f"{each.name} reachable", "warning", seen, _leave_out(each))
    report.add(settings_check(each.name), "skipped", f"there seems to be no {each.name}")


async def admitted(
    session: Session, unica: Unica, each: Probe, request: Request[Any], works: str, report: Report
) -> bool:
    """One read with credentials: do the settings of the API let us in?

    `works` is the application that took the same credentials just before, empty when none did.
    """
    check = settings_check(each.name)
    try:
        await session.send(request)
    except NotFound as error:
        if request.collection:
            seen = f"could not be told: {error.message} A list with nothing in it answers so, and another server may"
            report.add(check, "warning", seen, "See the reads below.")
            return True
    except (Forbidden, LoginRefused, Unavailable) as error:
        if works and error.status == 401:
            report.add(
                check,
                "fault",
                f"refuses (401) tokens that {works} takes",
                f"{each.name} may answer 401 for a missing right too: give the account a role with rights in "
                f"{each.name}. A proxy before it that drops header names with underscores looks the same.",
            )
        elif isinstance(error, Forbidden):
            report.add(
                check,
                "fault",
                f"the account got in and may not read: {error.message}",
                f"Give it a role with rights in {each.name}. If it has one: {error.advice}",
            )
        else:
            report.add(check, "fault", error.message, error.advice)
        return False
    except UpstreamError as error:
        if works and isinstance(error, RouteMissing):
            report.add(check, "warning", error.message, _leave_out(each))
            return False
        report.add(check, "warning", f"could not be told: {error.message}", error.advice or "See the reads below.")
        return True
    if unica.auth != "none" and 200 <= each.status < 300:
        report.add(
            check,
            "warning",
            f"{each.name} answers without credentials: whoever reaches the address can read, change and delete",
            f'Switch on "Require authentication for API access" in {PAGE}.',
        )
    elif unica.auth == "none":
        report.add(check, "ok", "open without credentials, as the settings say")
    else:
        report.add(
            check, "ok", "not blocked, and credentials are demanded and accepted; whether it may write isn't tried"
        )
    return True


def _leave_out(each: Probe) -> str:
    return (
        f"Leave it out with CAMPAIGN_MCP_EXCLUDE={each.api}, or its tools are listed and fail. If it is there, check "
        f"{each.setting}: what stands before the path of the API."
    )
