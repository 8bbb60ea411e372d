"""Which read routes answer as the contract says, and those of Campaign. Only reads are sent, some of them by POST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mcp_server.doctor.report import Report
from mcp_server.settings import Unica
from upstream.campaign import offers as v1
from upstream.campaign import offers_v2 as v2
from upstream.campaign.attributes import GetAttributeDefinitions
from upstream.campaign.campaigns import GetCampaigns
from upstream.campaign.offer_lists import GetOfferLists
from upstream.campaign.target_cells import GetTargetCells
from upstream.errors import Forbidden, NotFound, RouteMissing, Unreadable, UpstreamError
from upstream.request import Request
from upstream.session import Session

CAMPAIGN_LOG = "<Campaign_home>/logs/campaignweb.log"
SAMPLE = 2


@dataclass(frozen=True, slots=True)
class Read:
    """One read and what came of it: its answer, or its error."""

    operation: str
    answer: Any = None
    error: UpstreamError | None = None

    @property
    def absent(self) -> bool:
        """Whether the installation does not have the route, as far as can be told without naming an object."""
        return isinstance(self.error, RouteMissing)


async def read(session: Session, request: Request[Any]) -> Read:
    """Send a read; its failure is a finding."""
    try:
        return Read(request.operation, await session.send(request))
    except UpstreamError as error:
        return Read(request.operation, error=error)


async def routes(session: Session, unica: Unica, report: Report) -> None:
    """A line for each family of reads: attributes, campaigns, the three forms of offers, lists, cells."""
    attributes = await read(session, GetAttributeDefinitions())
    line("reads attributes", attributes, "definitions", report)
    campaigns = await read(session, GetCampaigns())
    line("reads campaigns", campaigns, "campaigns", report)
    await _offers(session, unica, report)
    line("reads offer lists", await read(session, GetOfferLists()), "lists", report)
    first = next(iter(campaigns.answer or ()), None)
    if first is None or first.id is None:
        report.add("reads target cells", "skipped", "there is no campaign to read them of")
    else:
        cells = await read(session, GetTargetCells(campaign_id=first.id))
        line("reads target cells", cells, f"cells of campaign {first.id}", report)


async def _offers(session: Session, unica: Unica, report: Report) -> None:
    """The forms in which offers are there. One that works is enough, unless the settings ask for another."""
    of_v1 = [await read(session, v1.GetOfferTemplates()), await read(session, v1.GetOffers())]
    sample = _ids(of_v1[-1])
    reference = [await read(session, v2.GetOfferTemplatesV2())]
    reference.append(await read(session, v2.GetOffersByIds(offer_ids=sample) if sample else v2.SearchOffers()))
    sample = sample or _ids(reference[-1])
    index = [
        await read(session, v2.GetOfferTemplatesV2Index()),
        await read(session, v2.GetOffersV2Index(offer_ids=sample or None)),
    ]
    forms = {"v1": of_v1, "v2 reference": reference, "v2 index": index}
    wanted = _wanted(unica)
    there = [name for name in wanted if all(each.error is None for each in forms[name])]
    for name, reads in forms.items():
        check = f"reads offers {name}"
        failed = next((each for each in reads if each.error is not None), None)
        if failed is None:
            count = len(reads[-1].answer)
            report.add(check, "ok", f"{len(reads[0].answer)} templates and {count} offers, readable")
        elif name not in wanted:
            report.add(check, "skipped", f"not asked for by the settings, and not there ({_status(failed)})")
        elif failed.absent or isinstance(failed.error, NotFound):
            if there:
                report.add(check, "skipped", f"not on this installation ({_status(failed)}); {there[0]} serves")
            else:
                report.add(
                    check,
                    "fault",
                    f"not on this installation ({_status(failed)})",
                    "Set CAMPAIGN_MCP_UNICA__OFFERS_API and CAMPAIGN_MCP_UNICA__OFFERS_V2_VERBS to auto, or describe "
                    "the routes of this installation under CAMPAIGN_MCP_UNICA__ROUTES.",
                )
        else:
            line(check, failed, "", report)


def _wanted(unica: Unica) -> Sequence[str]:
    second = {"auto": ["v2 reference", "v2 index"], "reference": ["v2 reference"], "index": ["v2 index"]}
    return {
        "auto": ["v1", *second[unica.offers_v2_verbs]],
        "v1": ["v1"],
        "v2": second[unica.offers_v2_verbs],
    }[unica.offers_api]


def _ids(offers: Read) -> list[int]:
    return [each.id for each in offers.answer or () if each.id is not None][:SAMPLE]


def _status(read: Read) -> str:
    return str(read.error.status) if read.error is not None and read.error.status else "no answer"


def line(check: str, read: Read, things: str, report: Report, application: str = "Campaign") -> None:
    """What came of a read of a collection of these things."""
    match read.error:
        case None:
            report.add(check, "ok", f"{len(read.answer)} {things}, readable")
        case Unreadable() as error:
            report.add(
                check,
                "fault",
                f"does not answer as the contract says: {error.message}",
                f"A proxy or login page may answer in its place. If {application} itself does, describe the route "
                "under CAMPAIGN_MCP_UNICA__ROUTES.",
            )
        case Forbidden() as error:
            report.add(check, "fault", error.message, f"Give the account the right to read this, or: {error.advice}")
        case NotFound() as error:
            report.add(
                check,
                "warning",
                f"answers 404 where a list of {things} is expected: {error.message}",
                "Well if there are none. Else look at the address, at what the account may see, and at the route "
                "(CAMPAIGN_MCP_UNICA__ROUTES).",
            )
        case error:
            log = CAMPAIGN_LOG if application == "Campaign" else f"the log of {application}"
            report.add(check, "fault", error.message, error.advice or f"Look into {log}.")
