"""Deleting e-mail campaigns of Actito."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from tools import reads
from tools.actito import SYSTEM, entity_book
from tools.actito.deleting import delete_each
from tools.actito.email_book import ROUTES, campaign_of, key_of, label_of, state_of
from tools.actito.emails import row
from tools.actito.entity_book import OfEntity, entity_of
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, ToolProblem, UnknownName
from tools.names import is_id
from upstream.actito.emails import DeleteEmailCampaign, EmailCampaign, GetEmailCampaign
from upstream.request import Risk

MOST_AT_ONCE = 20
KIND = "email_campaign"

_SHOWN = ("state", "kind", "table", "table_entity", "sender", "languages")

_MIND = {
    "scheduled": "is scheduled: it would not be sent any more (inferred)",
    "running": "is running: messages of scenarios or programs that use it may stop (inferred)",
    "done": "was sent: its reports may go with it (inferred)",
}


@changes(DeleteEmailCampaign, *entity_book.ROUTES, *ROUTES, title="Delete e-mail campaigns")
async def actito_emails_delete(call: Call, emails: Annotated[list[str], "Ids or names"], entity: OfEntity = "") -> Plan:
    """Delete e-mail campaigns with their content, above all drafts."""
    if not 0 < len(emails) <= MOST_AT_ONCE:
        raise BadArgument(f"Name 1 to {MOST_AT_ONCE} campaigns; {len(emails)} were named.")
    where = await entity_of(call, entity)
    read = await reads.each_or_problem(emails, lambda each: campaign_of(call, where, each))
    found = {key_of(each): each for each in read.values() if isinstance(each, EmailCampaign)}
    gone = [name for name, each in read.items() if isinstance(each, UnknownName) and is_id(name)]
    problems = [each for name, each in read.items() if isinstance(each, ToolProblem) and name not in gone]
    if problems or not found:
        raise next(each for each in (*problems, *read.values()) if isinstance(each, ToolProblem))
    return Plan(
        [_deletion(where, each) for each in found.values()],
        [_gone(where, each) for each in gone],
        warnings=[_mind(each) for each in found.values() if each.state != "DRAFT"],
        final="subject, content and settings go with a campaign; nothing brings it back, and its technical name may "
        "stay taken.",
        safer="keep it: a draft sends nothing by itself.",
    )


def _deletion(entity: str, campaign: EmailCampaign) -> Change:
    known = row(entity, campaign)
    before = {key: known[key] for key in _SHOWN if known[key]}
    if before.get("table_entity") == entity:
        del before["table_entity"]
    number = key_of(campaign)
    return Change(
        SYSTEM,
        KIND,
        "delete",
        label_of(campaign),
        f"{entity}/{number}",
        campaign.name,
        Risk.DESTRUCTIVE,
        before,
        number=number,
    )


def _gone(entity: str, reference: str) -> Outcome:
    change = Change(SYSTEM, KIND, "delete", reference, f"{entity}/{reference}", risk=Risk.DESTRUCTIVE)
    reason = "no campaign of this id is there; Actito also answers so when a right is missing"
    return Outcome(change, "already", reason, reference)


def _mind(campaign: EmailCampaign) -> str:
    state = state_of(campaign)
    what = _MIND.get(state, f"is {state}" if state else "is in a state that Actito didn't say")
    return f"{label_of(campaign)} {what}. Only of drafts it is known that they can be deleted."


@actito_emails_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    return await delete_each(
        call,
        changes,
        lambda entity, number: DeleteEmailCampaign(entity=entity, campaign=number),
        lambda entity, number: GetEmailCampaign(entity=entity, campaign=number),
    )
