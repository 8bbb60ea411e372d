"""Campaigns as tools see them: found by what people call them, shown as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tools import reads
from tools.call import Call
from tools.campaign.usage import standing
from tools.names import Book, Named
from upstream.campaign.campaigns import CampaignInfo, GetCampaign, GetCampaigns
from upstream.errors import NotFound

SHOWN = ("name", "id", "code", "standing", "start", "end")

WIRE: Mapping[str, str] = {
    "name": "name",
    "id": "id",
    "code": "campaignCode",
    "start": "startDate",
    "end": "endDate",
    "last_run": "lastRunDate",
    "initiative": "initiative",
    "objectives": "objectives",
    "description": "description",
    "policy": "securityPolicy",
    "created": "createDate",
    "created_by": "createdByUser",
}
"""Column -> field of CampaignInfo, for those that are one; the server can sort on them (inferred)."""

FIXED = ("name", "id", "code", "standing", *(each for each in WIRE if each not in ("name", "id", "code")))

STANDARD: Mapping[str, str] = {
    "uacname": "name",
    "uacdescription": "description",
    "uaccampaigncode": "code",
    "uacinitiative": "initiative",
    "uacobjectives": "objectives",
    "uacstartdate": "start",
    "uacenddate": "end",
}
"""Standard attribute in small letters -> the column it stands for. Source: uac names of the notes, section 6."""

ONE_BY_ONE = 30
"""Up to so many campaigns are read by id; for more the whole list costs the server less."""


class CampaignBook(Book[CampaignInfo]):
    """All campaigns by id, code and name."""

    noun = "campaigns"

    async def everything(self, call: Call) -> Sequence[CampaignInfo]:
        try:
            return await call.send(GetCampaigns())
        except NotFound:
            return []

    async def read(self, call: Call, ids: Sequence[int]) -> list[CampaignInfo]:
        if len(ids) > ONE_BY_ONE:
            found = await self.everything(call)
            self.learn(found)
            return [each for each in found if each.id in set(ids)]

        async def one(number: int) -> CampaignInfo | None:
            try:
                return await call.send(GetCampaign(campaign_id=number))
            except NotFound:
                return None

        return [each for each in (await reads.each(ids, one)).values() if each is not None]

    def named(self, item: CampaignInfo) -> Named:
        return Named(item.id, item.name, item.campaign_code)


async def with_code(call: Call, code: str) -> CampaignInfo | None:
    """The campaign that has this code now, or None. Codes are unique."""
    try:
        found = await call.send(GetCampaigns(code=code))
    except NotFound:
        return None
    return next((each for each in found if each.campaign_code.casefold() == code.casefold()), None)


def row(campaign: CampaignInfo, now: datetime) -> dict[str, Any]:
    """A campaign as a row, as it stands now: its own fields, then its attributes by name; an empty text is None."""
    fixed = {
        "name": campaign.name,
        "id": campaign.id,
        "code": campaign.campaign_code,
        "standing": standing(campaign, now),
        "start": campaign.start_date,
        "end": campaign.end_date,
        "last_run": campaign.last_run_date,
        "initiative": campaign.initiative or None,
        "objectives": campaign.objectives or None,
        "description": campaign.description or None,
        "policy": campaign.security_policy or None,
        "created": campaign.create_date,
        "created_by": campaign.created_by_user or None,
    }
    return {**campaign.attribute_values, **fixed}


def columns(campaigns: Iterable[CampaignInfo]) -> list[str]:
    """The columns that these campaigns have together."""
    names = dict.fromkeys(FIXED)
    for campaign in campaigns:
        names.update(dict.fromkeys(each.name for each in campaign.attributes))
    return list(names)
