"""Sending e-mails to single people: from a running continuous campaign, or transactional ones. Nothing is sent twice.

A target names the profile by its number and a transactional message by a fingerprint, so nothing personal is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.actito import SYSTEM
from tools.actito.email_book import ROUTES as EMAIL_ROUTES
from tools.actito.email_book import OfCampaign
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.message_book import (
    MOST,
    Mailing,
    Recipient,
    mailing_of,
    recipients_of,
    target_table,
)
from tools.actito.message_parts import Parts, collected_of, in_lines, parts_of
from tools.actito.profile_book import ROUTES as READING_ROUTES
from tools.actito.ready import GONE, Ready
from tools.actito.table_book import PROFILE_ROUTES
from tools.actito.table_structure import Table
from tools.actito.values import checked_values, missing
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from upstream.actito.emails import GetEmailSubject
from upstream.actito.messages import (
    Contact,
    ContactProfile,
    SendTransactionalEmail,
    SendTransactionalEmailWithAttachment,
    TriggerEmailBulk,
    TriggerEmailForProfile,
)
from upstream.actito.objects import Outcome as Said
from upstream.actito.objects import Stored, named
from upstream.errors import NotFound, OutcomeUnknown, Refused, UpstreamError
from upstream.request import Risk

Message = TriggerEmailForProfile | TriggerEmailBulk | SendTransactionalEmail | SendTransactionalEmailWithAttachment

_CALLED_BACK = "what was sent can't be called back."
_HELD = (
    "Opt-ins and marketing pressure hold: Actito sends nothing to anyone without the opt-in that the campaign needs. "
    "Which one that is can't be read, so it is not known here."
)
_NOT_HELD = (
    "Transactional: it goes out whatever the opt-ins and the marketing pressure. For service messages, never for "
    "marketing."
)
_CHECK = (
    "Don't send it again: the person looks in Actito's interface first, at the interactions of the profile. "
    "No public route shows them."
)


@changes(
    TriggerEmailForProfile,
    TriggerEmailBulk,
    SendTransactionalEmail,
    SendTransactionalEmailWithAttachment,
    GetEmailSubject,
    *EMAIL_ROUTES,
    *ROUTES,
    *PROFILE_ROUTES,
    *READING_ROUTES,
    title="Send e-mails",
    repeatable=False,
)
async def actito_messages_send(
    call: Call,
    campaign: OfCampaign,
    profiles: Annotated[list[str], "Ids, e-mails"] = [],
    recipient: Annotated[dict[str, Any], "Attributes, transactional"] = {},
    parameters: Annotated[dict[str, Any], "Variables"] = {},
    files: Annotated[list[str], "Paths, if allowed"] = [],
    content: Annotated[dict[str, Any], "Name: base64"] = {},
    collected: Annotated[dict[str, Any], "date, source, way"] = {},
    bulk: Annotated[dict[str, Any], "Body, if documented"] = {},
    entity: OfEntity = "",
) -> Plan:
    """Send a running continuous campaign to profiles, or a transactional one (never marketing) to a recipient."""
    if sum(map(bool, (profiles, recipient, bulk))) != 1:
        raise BadArgument(
            "Give one of profiles (continuous campaign), recipient (transactional campaign) and bulk.",
            advice='Such as profiles=["100001"], or recipient={"emailAddress": "ada@example.org"}.',
        )
    if (files or content or collected) and not recipient:
        raise BadArgument("Only a transactional message takes files, content and collected, together with recipient.")
    if bulk and parameters:
        raise BadArgument("The parameters of a bulk body stand in the body itself.")
    parts = await parts_of(call, parameters, files, content)
    mailing = await mailing_of(call, await entity_of(call, entity), campaign, triggered=not recipient)
    if recipient:
        return await _transactional(call, mailing, recipient, parts, collected)
    return _in_bulk(call, mailing, bulk) if bulk else await _triggered(call, mailing, profiles, parts)


async def _triggered(call: Call, mailing: Mailing, profiles: Sequence[str], parts: Parts) -> Plan:
    people = await recipients_of(call, mailing, profiles)
    wanted = [_to_profile(call, mailing, each, parts) for each in people.found]
    settled = [
        Outcome(Change(SYSTEM, "email_to_profile", "send", called, risk=Risk.REACHES_CUSTOMERS), "refused", why)
        for called, why in people.missing.items()
    ]
    warnings = [_HELD, *_about(mailing, people.found)]
    if len(people.found) + len(people.missing) < len(profiles):
        warnings.append("A profile that was named more than once gets one message.")
    return Plan(wanted, settled, _shown(mailing, parts), warnings, _CALLED_BACK)


def _to_profile(call: Call, mailing: Mailing, person: Recipient, parts: Parts) -> Change:
    message = TriggerEmailForProfile(
        entity=mailing.entity, campaign=mailing.key, profile=person.key, parameters=list(parts.parameters)
    )
    facts = {"opt_ins": person.opt_ins or "none", "language": person.language} if person.found else {}
    return _change(call, mailing, message, person.whom, facts, parts)


def _about(mailing: Mailing, people: Sequence[Recipient]) -> list[str]:
    """What may keep a message from arriving, as far as the profiles show it."""
    languages = mailing.campaign.supported_languages
    seen = [each for each in people if each.found]
    said = mailing.doubts()
    if without := [each.name for each in seen if not each.opt_ins]:
        said.append(f"No opt-in at all: {_names(without)}.")
    if mute := [each.name for each in seen if not each.address]:
        said.append(f"No e-mail address: {_names(mute)}.")
    if other := [each.name for each in seen if languages and each.language not in languages]:
        spoken = ", ".join(languages)
        said.append(f"The campaign has {spoken} only, so Actito drops the message to {_names(other)} without a word.")
    if unseen := [each.name for each in people if not each.found]:
        said.append(f"The key may not read profiles, so check who this is: {_names(unseen)}.")
    return said


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


async def _transactional(
    call: Call, mailing: Mailing, recipient: Mapping[str, Any], parts: Parts, collected: Mapping[str, Any]
) -> Plan:
    table = await target_table(call, mailing)
    values = checked_values(table, recipient, zone=call.time_zone) if table else dict(recipient)
    key = _identified(table, values)
    origin = collected_of(collected, call.time_zone)
    # Only what is given travels.
    more = {"data_collection": origin} if origin else {}
    given = {"parameters": list(parts.parameters)} if parts.parameters else {}
    contact = Contact(profile=ContactProfile(attributes=named(values), **more), **given)
    message: Message = SendTransactionalEmail(entity=mailing.entity, campaign=mailing.key, contact=contact)
    if parts.files:
        message = SendTransactionalEmailWithAttachment(
            entity=mailing.entity, campaign=mailing.key, contact=contact, attachments=list(parts.files)
        )
    facts = {**values, **({"collected": origin.model_dump(exclude_unset=True)} if origin else {})}
    where = f"{table.name} of {table.entity}" if table else "the transactional table"
    warnings = [
        _NOT_HELD,
        f"The values are stored in {where}, over those of a profile that is there; scenarios may fire.",
        *mailing.doubts(),
    ]
    if table and (absent := missing(table, values)):
        warnings.append(f"Mandatory in {table.name} and not given, so a new recipient is refused: {', '.join(absent)}.")
    change = _change(call, mailing, message, str(values[key]), facts, parts)
    return Plan([change], (), _shown(mailing, parts), warnings, _CALLED_BACK)


def _identified(table: Table | None, values: Mapping[str, Any]) -> str:
    """The attribute that says who it is: of a table that is not known the address, or whatever is given.

    Raises:
        BadArgument: none of those given does.
    """
    if table is None or not table.known:
        return "emailAddress" if values.get("emailAddress") else next(iter(values))
    unique = [each.name for each in table.attributes.values() if each.unique and not each.technical]
    found = next((each for each in (table.address, *unique) if values.get(each)), "")
    if not found:
        raise BadArgument(
            f"recipient needs a unique attribute of {table.name}, which says who it is.",
            advice=f"Unique are: {', '.join(unique)}.",
        )
    return found


def _longest(value: Any) -> int:
    """The length of the longest list in a body, however deep: where the contacts stand is not documented."""
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max([len(value) if isinstance(value, list) else 0, *map(_longest, within)])


def _in_bulk(call: Call, mailing: Mailing, body: Mapping[str, Any]) -> Plan:
    most = _longest(body)
    if most > MOST:
        raise BadArgument(
            f"At most {MOST} contacts at once; the body has {most}.",
            advice="For more people a mass mailing is prepared, which the person launches in Actito's interface.",
        )
    message = TriggerEmailBulk(entity=mailing.entity, campaign=mailing.key, body=dict(body))
    name = f"contacts in bulk: {most}" if most else "the contacts of the body"
    change = _change(call, mailing, message, name, {"body": json.dumps(body, ensure_ascii=False)}, Parts())
    doubt = "Body and answer of this route are not documented publicly: the body is sent exactly as it was given."
    said = in_lines(f"body: {json.dumps(body, ensure_ascii=False)}")
    return Plan([change], (), _shown(mailing, Parts(), said), [_HELD, doubt, *mailing.doubts()], _CALLED_BACK)


def _change(
    call: Call, mailing: Mailing, message: Message, name: str, facts: Mapping[str, Any], parts: Parts
) -> Change:
    """What is asked for. What is shown apart stands in `before`, so that an approval is for it too."""
    (target,) = message.target_ids()
    kind, _, number = target.partition(":")
    change = Change(
        SYSTEM,
        kind,
        "send",
        name,
        number,
        risk=message.risk,
        before={**mailing.bound(), **parts.bound()},
        after={"campaign": mailing.label, **{what: value for what, value in facts.items() if value}},
        number=number.rpartition("/")[2] if kind == "email_to_profile" else "",
    )
    ready: Ready = call.kept(Ready)
    return ready.keep(change, message)


def _shown(mailing: Mailing, parts: Parts, more: Sequence[str] = ()) -> Dependents:
    return Dependents([*mailing.words(), *parts.words(), *more], label="Message")


@actito_messages_send.applies
async def _send_all(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    """Each by itself. After a lost answer, or trouble that is not of the one message, nothing more is sent."""
    outcomes: list[Outcome] = []
    for place, change in enumerate(changes):
        outcome, goes_on = await _send(call, change)
        outcomes.append(outcome)
        if not goes_on:
            rest = changes[place + 1 :]
            return outcomes + [Outcome(each, "refused", "not sent, because of the trouble before it") for each in rest]
    return outcomes


async def _send(call: Call, change: Change) -> tuple[Outcome, bool]:
    ready: Ready = call.kept(Ready)
    message = ready.of(change)
    if message is None:
        return Outcome(change, "refused", f"Not sent: {GONE}"), True
    try:
        said: Stored | Said = await call.send(message)
    except OutcomeUnknown as loss:
        reason = f"the answer was lost: it may have been sent. {_CHECK} {loss.message}"
        return Outcome(change, "unknown", reason), False
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not sent: {error}"), isinstance(error, Refused | NotFound)
    return _accepted(change, said), True


def _accepted(change: Change, said: Stored | Said) -> Outcome:
    campaign = {"campaign": change.after["campaign"]}
    if isinstance(said, Stored):
        reason = f"accepted as interaction {said.id}" if said.id else "accepted; Actito named no interaction"
        return Outcome(change, "done", reason, after={**campaign, "interaction": said.id} if said.id else campaign)
    answer = said.model_extra or {}
    listed = next((each for each in answer.values() if isinstance(each, list)), [])
    wrong = [each for each in listed if isinstance(each, dict) and "error" in each]
    reason = f"contacts answered: {len(listed)}, with an error: {len(wrong)} (the form is not documented)"
    none = bool(wrong) and len(wrong) == len(listed)
    return Outcome(change, "refused" if none else "done", reason, after={**campaign, "answer": answer})
