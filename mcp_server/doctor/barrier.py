"""What stands between a reachable Campaign and its data: the settings of its API, told apart by how it refuses.

Order in which Platform's filter is taken to look: blocked, HTTPS, credentials, rights (the last inferred).
"""

from __future__ import annotations

from mcp_server.doctor.network import Probe
from mcp_server.doctor.report import Report
from mcp_server.settings import Unica
from upstream.campaign.campaigns import GetCampaigns
from upstream.errors import Forbidden, LoginRefused, Unavailable, UpstreamError
from upstream.refusals import PAGE
from upstream.session import Session

NOBODY = "campaign-mcp-doctor"
"""A campaign code that no campaign has, so that the answer to a read is short."""


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


async def campaign(session: Session, unica: Unica, open_call: Probe, report: Report) -> bool:
    """One read with credentials: do the settings of the API let us in?"""
    check = "API settings of Campaign"
    try:
        await session.send(GetCampaigns(code=NOBODY))
    except Forbidden as error:
        report.add(
            check,
            "fault",
            f"the account got in and may not read: {error.message}",
            f"Give it a role with rights in Campaign. If it has one: {error.advice}",
        )
        return False
    except LoginRefused as error:
        report.add(check, "fault", error.message, error.advice)
        return False
    except Unavailable as error:
        report.add(check, "fault", error.message, error.advice)
        return False
    except UpstreamError as error:
        report.add(check, "warning", f"could not be told: {error.message}", error.advice or "See the reads below.")
        return True
    if unica.auth != "none" and 200 <= open_call.status < 300:
        report.add(
            check,
            "warning",
            "Campaign answers without credentials: whoever reaches the address can read, change and delete",
            f'Switch on "Require authentication for API access" in {PAGE}.',
        )
    elif unica.auth == "none":
        report.add(check, "ok", "open without credentials, as the settings say")
    else:
        report.add(
            check, "ok", "not blocked, and credentials are demanded and accepted; whether it may write isn't tried"
        )
    return True
