"""One e-mail campaign: from what a person calls it (number, technical name or label) to all of its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from tools.call import Call
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.nearest import nearest
from upstream.actito.emails import EmailCampaign, GetEmailCampaign, ListEmailCampaigns
from upstream.errors import NotFound, Refused

ROUTES = (ListEmailCampaigns, GetEmailCampaign)
"""The routes that finding a campaign may take."""

OfCampaign = Annotated[str, "Id or name"]
"""Which campaign."""

STATES: Mapping[str, str] = {"DRAFT": "draft", "SCHEDULED": "scheduled", "RUNNING": "running", "DONE": "done"}
"""States in words. Inferred: these four; another one is shown as it came."""

KINDS: Mapping[str, str] = {"MASS": "mass mailing", "CONTINUOUS": "continuous", "TRANSACTIONAL": "transactional"}
"""Sending modes in words. Inferred: all but MASS."""

_TECHNICAL = re.compile(r"[A-Za-z0-9_]+")


def state_of(campaign: EmailCampaign) -> str:
    """The state in words; empty where the answer has none."""
    return STATES.get(campaign.state, campaign.state.lower())


def kind_of(campaign: EmailCampaign) -> str:
    """The kind in words; empty where the answer has none."""
    return KINDS.get(campaign.sending_mode, campaign.sending_mode.lower())


def label_of(campaign: EmailCampaign) -> str:
    """What people call the campaign."""
    return campaign.display_name or campaign.name


def key_of(campaign: EmailCampaign) -> str:
    """What stands for the campaign in an address: its number, or its technical name where no number was answered."""
    return campaign.name if campaign.campaign_id is None else str(campaign.campaign_id)


async def campaigns_of(call: Call, entity: str) -> Sequence[EmailCampaign]:
    """The campaigns of an entity as the list has them, with fewer settings than one that is read."""
    return await call.send(ListEmailCampaigns(entity=entity))


async def campaign_of(call: Call, entity: str, reference: str) -> EmailCampaign:
    """The campaign that is meant, with all of its settings.

    A number or technical name is read at once; a label, and a name in other cases, is looked for in the list.

    Raises:
        BadArgument: nothing was named.
        UnknownName: the entity has no such campaign, with the nearest.
        Ambiguous: several campaigns have this label.
        UpstreamError: it could not be read.
    """
    wanted = reference.strip()
    if not wanted:
        raise BadArgument("Name the campaign: by id, technical name or label.")
    if _TECHNICAL.fullmatch(wanted):
        try:
            return await _whole(call, entity, wanted)
        except (NotFound, Refused):
            # It may be a label of letters alone; the list says, and raises where the key may not read campaigns.
            pass
    listed = await campaigns_of(call, entity)
    found = _called(listed, wanted)
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} campaigns of {entity} are called {wanted[:60]!r}.",
            advice="Ask which one is meant and use its id.",
            lines=[line_of(each) for each in found],
        )
    if not found:
        raise _unknown(entity, wanted, listed)
    return await _whole(call, entity, key_of(found[0]))


async def _whole(call: Call, entity: str, key: str) -> EmailCampaign:
    found = await call.send(GetEmailCampaign(entity=entity, campaign=key))
    return found if found.name or found.campaign_id is not None else found.model_copy(update={"name": key})


def _called(listed: Sequence[EmailCampaign], wanted: str) -> list[EmailCampaign]:
    """The campaigns of this number or name; a spelling in other cases serves where none has the very one."""
    low = wanted.casefold()
    for holds in (
        lambda each: str(each.campaign_id) == wanted or each.name == wanted,
        lambda each: each.display_name.strip() == wanted,
        lambda each: low in (each.name.casefold(), each.display_name.strip().casefold()),
    ):
        if found := [each for each in listed if holds(each)]:
            return found
    return []


def line_of(campaign: EmailCampaign) -> str:
    """The campaign with all that it goes by, in one line."""
    number = "" if campaign.campaign_id is None else f"id {campaign.campaign_id}"
    words = [each for each in (campaign.name, number, state_of(campaign)) if each]
    return f"{label_of(campaign)} ({', '.join(words)})"


def _unknown(entity: str, wanted: str, listed: Sequence[EmailCampaign]) -> UnknownName:
    by_name = {text: each for each in listed for text in (each.name, each.display_name) if text}
    near = {key_of(by_name[text]): by_name[text] for text in nearest(wanted, by_name)}
    look = "Look for it with actito_emails_find; another entity may be meant."
    return UnknownName(
        f"{entity} has no e-mail campaign {wanted[:60]!r}.",
        advice="The nearest are shown." if near else look,
        lines=[line_of(each) for each in near.values()],
    )
