"""Creating and changing campaigns of Unica Campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from tools.batches import CHECK
from tools.call import Call
from tools.campaign.attribute_values import as_inputs
from tools.campaign.campaign_book import CampaignBook, row, with_code
from tools.campaign.custom_attributes import asked, emptied, given
from tools.change import Change, Outcome, Plan
from tools.dates import as_text, read_moment
from tools.declare import changes
from tools.errors import BadArgument
from upstream.campaign import campaigns as routes
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.campaigns import CampaignInfo, CampaignInput
from upstream.errors import OutcomeUnknown, UpstreamError

FIELDS: Mapping[str, str] = {
    "name": "name",
    "code": "campaign_code",
    "description": "description",
    "initiative": "initiative",
    "objectives": "objectives",
    "policy": "security_policy",
    "start": "start_date",
    "end": "end_date",
    "folder": "folder_id",
}
"""What a person calls a field -> how it is sent."""

CAN_BE_EMPTIED = ("description", "initiative", "objectives", "start", "end")
CODE_LENGTH = 32


@changes(
    routes.CreateCampaign,
    routes.UpdateCampaign,
    routes.GenerateCampaignCode,
    routes.GetCampaigns,
    routes.GetCampaign,
    GetAttributeDefinitionsByType,
    title="Create or change a campaign",
    repeatable=False,
)
async def campaigns_save(
    call: Call,
    campaign: Annotated[str, "To change"] = "",
    name: Annotated[str, "For a new one"] = "",
    code: Annotated[str, "Own code"] = "",
    description: Annotated[str, "Text"] = "",
    initiative: Annotated[str, "Text"] = "",
    objectives: Annotated[str, "Text"] = "",
    start: Annotated[str, "yyyy-mm-dd"] = "",
    end: Annotated[str, "After start"] = "",
    policy: Annotated[str, "Name"] = "",
    folder: Annotated[int, "Folder id"] = 0,
    attributes: Annotated[dict[str, Any], 'Like {"budget": 90000}'] = {},
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Create a campaign (a code is drawn), or change one: what is left out stays."""
    texts = {
        "name": name.strip(),
        "code": code.strip(),
        "description": description,
        "initiative": initiative,
        "objectives": objectives,
        "policy": policy.strip(),
    }
    fields: dict[str, Any] = {key: value for key, value in texts.items() if value}
    fields |= {key: read_moment(value, call.time_zone) for key, value in (("start", start), ("end", end)) if value}
    if folder:
        fields["folder"] = folder
    if len(fields.get("code", "")) > CODE_LENGTH:
        raise BadArgument(f"A campaign code has at most {CODE_LENGTH} characters.")
    fields_emptied, attributes_emptied = emptied(clear, fields, FIELDS, CAN_BE_EMPTIED)
    checked = await given(call, "CAMPAIGN", attributes, attributes_emptied)
    if checked.values:
        fields["attributes"] = dict(checked.values)
    if campaign:
        fields |= dict.fromkeys(fields_emptied)
        return await _plan_change(call, campaign, fields, checked.asks)
    if clear:
        raise BadArgument("clear is for a campaign that exists: name it in campaign.")
    return await _plan_new(call, fields, checked.asks)


async def _plan_new(call: Call, fields: dict[str, Any], reasons: Sequence[str]) -> Plan:
    if "name" not in fields:
        raise BadArgument('A new campaign needs a name, such as name="Spring 2027 cashback".')
    _check_dates(call, fields.get("start"), fields.get("end"))
    if "code" in fields:
        await _check_code(call, fields["code"])
    after = {key: value for key, value in fields.items() if key not in ("name", "code")}
    change = Change("unica", "campaign", "create", fields["name"], code=fields.get("code", ""), after=after)
    return Plan([change], asks=" ".join([*reasons, await _twins(call, fields["name"], 0)]).strip())


async def _plan_change(call: Call, reference: str, fields: dict[str, Any], reasons: Sequence[str]) -> Plan:
    book: CampaignBook = call.kept(CampaignBook)
    campaign = await book.one(call, reference)
    now = row(campaign, call.now())
    values = campaign.attribute_values
    wanted = fields.pop("attributes", {})
    before = {key: now.get(key) for key, value in fields.items() if now.get(key) != value}
    after = {key: fields[key] for key in before}
    if "folder" in before and await _is_in(call, campaign.id, fields["folder"]):
        del before["folder"], after["folder"]
    if changed := {name: value for name, value in wanted.items() if values.get(name) != value}:
        before["attributes"], after["attributes"] = {name: values.get(name) for name in changed}, changed
    change = Change(
        "unica",
        "campaign",
        "update",
        campaign.name,
        str(campaign.id),
        campaign.campaign_code,
        before=before,
        after=after,
    )
    if not after:
        why = "nothing to change was given" if not fields and not wanted else "it is so already"
        return Plan([], [Outcome(change, "already", why)])
    if "start" in after or "end" in after:
        _check_dates(call, after.get("start", now["start"]), after.get("end", now["end"]))
    if "code" in after:
        await _check_code(call, after["code"])
    return Plan([change], asks=" ".join([*reasons, await _twins(call, after.get("name", ""), campaign.id)]).strip())


def _check_dates(call: Call, start: datetime | str | None, end: datetime | str | None) -> None:
    """A date that could not be understood is a text, and not compared."""
    if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
        ends, starts = (as_text(each, call.time_zone) for each in (end, start))
        raise BadArgument(f"The end ({ends}) must be after the start ({starts}) of a campaign.")


async def _check_code(call: Call, code: str) -> None:
    if other := await with_code(call, code):
        raise BadArgument(
            f"The code {code} is taken; codes are unique.",
            advice="Give another, or none for a new campaign.",
            lines=[str(call.kept(CampaignBook).named(other))],
        )


async def _twins(call: Call, name: str, own: int) -> str:
    book: CampaignBook = call.kept(CampaignBook)
    twins = [str(each) for each in await book.twins(call, name) if each.id != own] if name else []
    verb = "Give this one the same name?" if own else "Create another?"
    return f"A campaign of this name exists already: {', '.join(twins[:5])}. {verb}" if twins else ""


async def _is_in(call: Call, number: int, folder: int) -> bool:
    """Whether the campaign is in this folder already: no campaign says where it is."""
    try:
        return any(each.id == number for each in await call.send(routes.GetCampaigns(folder_id=folder)))
    except UpstreamError:
        return False


@campaigns_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    outcomes = [await (_create if each.verb == "create" else _update)(call, each) for each in changes]
    forget(call)
    return outcomes


async def _create(call: Call, change: Change) -> Outcome:
    try:
        code = change.code or (await call.send(routes.GenerateCampaignCode())).strip()
        if not 0 < len(code) <= CODE_LENGTH or not code.isprintable() or code[0] in "{[<":
            return Outcome(change, "refused", "Not created: no usable code was drawn. Give one in code.")
        said = await call.send(
            routes.CreateCampaign(campaign=_input({**change.after, "name": change.name, "code": code}))
        )
    except OutcomeUnknown as loss:
        return await _find_again(call, change, code, loss)
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not created: {error}")
    if isinstance(said, CampaignInfo):
        return Outcome(change, "done", id=str(said.id), code=said.campaign_code or code, after=_shown(call, said))
    return await _find_again(call, change, code, None)


async def _find_again(call: Call, change: Change, code: str, loss: OutcomeUnknown | None) -> Outcome:
    """A creation whose answer was a text or was lost: the code was free before, so who has it now is the new one."""
    look = f'look with campaigns_find(campaigns=["{code}"]) before you try again'
    try:
        found = await with_code(call, code)
    except UpstreamError as error:
        if loss is None:
            return Outcome(change, "done", f"created, but not read again ({error.message})", code=code)
        return Outcome(change, "unknown", f"{look}. {loss.message}", code=code)
    if found is None or found.name.strip() != change.name:
        why = loss.message if loss else "The system reported success, but no campaign of this name has the code."
        return Outcome(change, "unknown", f"not there now: {look}. {why}", code=code)
    reason = "the answer was lost, but the campaign is there" if loss else ""
    return Outcome(change, "done", reason, str(found.id), found.campaign_code, _shown(call, found))


async def _update(call: Call, change: Change) -> Outcome:
    number = int(change.id)
    loss: OutcomeUnknown | None = None
    said: CampaignInfo | str = ""
    try:
        said = await call.send(routes.UpdateCampaign(campaign_id=number, campaign=_input(change.after)))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not changed: {error}")
    try:
        now = said if isinstance(said, CampaignInfo) else await call.send(routes.GetCampaign(campaign_id=number))
    except UpstreamError as error:
        if loss is not None:
            return Outcome(change, "unknown", f"{loss.message} {CHECK}")
        return Outcome(change, "done", f"the system said so; it could not be read again ({error.message})")
    missed = _missed(call, change, now)
    if loss is not None and "folder" in change.after and not await _is_in(call, number, change.after["folder"]):
        missed.append("folder")
    if missed and loss is not None:
        why = f"it still has the old {', '.join(missed)}: look again before you repeat it. {loss.message}"
        return Outcome(change, "unknown", why, after=_shown(call, now))
    if loss is not None:
        return Outcome(change, "done", "the answer was lost, but the change is there")
    if missed:
        said_so = f"the system reported success, but did not take {', '.join(missed)}"
        return Outcome(change, "refused" if len(missed) == asked(change) else "done", said_so, after=_shown(call, now))
    return Outcome(change, "done", code=now.campaign_code)


def _missed(call: Call, change: Change, now: CampaignInfo) -> list[str]:
    """The fields that don't have the value they should have; the folder can't be seen."""
    seen, values = row(now, call.now()), now.attribute_values
    missed = [
        key
        for key, value in change.after.items()
        if key not in ("folder", "attributes") and (seen.get(key) or None) != (value or None)
    ]
    wanted = change.after.get("attributes", {})
    return missed + [name for name, value in wanted.items() if values.get(name) != value]


def _input(fields: Mapping[str, Any]) -> CampaignInput:
    """Only what is given travels; an emptied text as an empty text, an emptied date as null."""
    sent = {
        FIELDS[key]: "" if value is None and key not in ("start", "end") else value
        for key, value in fields.items()
        if key in FIELDS
    }
    if "attributes" in fields:
        sent["attributes"] = as_inputs(fields["attributes"], None, None)
    return CampaignInput(**sent)


def _shown(call: Call, campaign: CampaignInfo) -> dict[str, Any]:
    shown = row(campaign, call.now())
    return {key: value for key, value in shown.items() if value not in (None, "") and key not in ("id", "code")}


def forget(call: Call) -> None:
    """After a write: what was indexed and looked up about campaigns is old."""
    call.kept(CampaignBook).forget()
