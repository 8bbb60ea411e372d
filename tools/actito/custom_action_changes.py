"""Creating and changing custom actions of Actito."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from tools.actito import SYSTEM
from tools.actito.custom_action_book import actions_of, name_and_type, named, one, parameters_of
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.ready import GONE, Ready
from tools.actito.table_definition import VALUE_TYPES
from tools.batches import CHECK, one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from upstream.actito.custom_actions import (
    CreateCustomAction,
    CustomAction,
    CustomActionInput,
    GetCustomAction,
    ListCustomActions,
    PatchCustomAction,
)
from upstream.actito.objects import OpenObject

_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_TYPE = re.compile(r"[A-Z][A-Z_]{1,39}")
USES = "Scenarios may use it, which no route shows: look in Actito's interface before."
ITS_WEBHOOK = "It does nothing before a scenario uses it and a webhook listens to it (actito_webhooks_save)."


@dataclass(frozen=True)
class _Sending:
    """What a change sends, and the custom actions that were there before a new one."""

    request: CreateCustomAction | PatchCustomAction
    known: frozenset[str] = frozenset()


@changes(
    CreateCustomAction,
    PatchCustomAction,
    GetCustomAction,
    ListCustomActions,
    *ROUTES,
    title="Create or change a custom action",
    repeatable=False,
)
async def actito_actions_save(
    call: Call,
    action: Annotated[str, "To change"] = "",
    name: Annotated[str, "For a new one"] = "",
    parameters: Annotated[dict[str, Any], 'Like {"branchCode": "STRING"}'] = {},
    clear: Annotated[list[str], "Parameters to remove"] = [],
    entity: OfEntity = "",
) -> Plan:
    """Create a custom action of scenarios, or change one: parameters that are left out stay."""
    wanted = {each: _type(each, kind) for each, kind in parameters.items()}
    title = stored_text(name, "name")
    if both := [each for each in clear if each in wanted]:
        raise BadArgument(f"The parameter {both[0][:40]} is given and removed: say one of the two.")
    where = await entity_of(call, entity)
    known = await actions_of(call, where)
    if action.strip():
        found = await call.send(GetCustomAction(entity=where, custom_action_id=one(known, action).id))
        return _changed(call, where, found, title, wanted, clear, known)
    if clear:
        raise BadArgument("clear is for a custom action that exists: name it in action.")
    if not title:
        raise BadArgument('A new custom action needs a name, such as name="NotifyBranch".')
    body = _input(title, [_parameter(each, kind) for each, kind in wanted.items()])
    change = Change(SYSTEM, "custom_action", "create", title, after={"parameters": dict(wanted)} if wanted else {})
    request = CreateCustomAction(entity=where, action=body)
    call.kept(Ready).keep(change, _Sending(request, frozenset(each.id for each in known)))
    return Plan([change], warnings=[*_doubts(wanted), ITS_WEBHOOK], asks=_twins(known, title, ""))


def _type(name: str, kind: Any) -> str:
    """The type of a parameter as it is sent. Raises BadArgument where name or type can't be meant."""
    if not _NAME.fullmatch(name):
        raise BadArgument(f"{name[:40]!r} can't be the name of a parameter: letters, digits and _.")
    said = kind.strip().upper() if isinstance(kind, str) else ""
    if not _TYPE.fullmatch(said):
        raise BadArgument(
            f"The parameter {name} needs a type.", advice="Such as STRING, INTEGER, NUMBER, BOOLEAN or TIMESTAMP."
        )
    return said


def _doubts(wanted: Mapping[str, str]) -> list[str]:
    """What to mind about types that Actito's pages don't print: others may exist, or be misspelt."""
    odd = list(dict.fromkeys(kind for kind in wanted.values() if kind not in VALUE_TYPES.values()))
    return [f"Not known as types of Actito, so look at the spelling: {', '.join(odd)}."] if odd else []


def _changed(
    call: Call,
    entity: str,
    found: CustomAction,
    title: str,
    wanted: Mapping[str, str],
    clear: Sequence[str],
    known: Sequence[CustomAction],
) -> Plan:
    now: dict[str, str | None] = parameters_of(found)
    if unknown := [each for each in clear if each not in now]:
        raise BadArgument(f"It has no parameter {unknown[0][:40]!r}.", advice="It has these.", lines=list(now))
    kept = {each: kind for each, kind in now.items() if each not in clear} | dict(wanted)
    fields: dict[str, tuple[Any, Any]] = {}
    if title and title != found.name:
        fields["name"] = (found.name, title)
    if kept != now:
        fields["parameters"] = (dict(now), kept)
    change = Change(
        SYSTEM,
        "custom_action",
        "update",
        found.name,
        f"{entity}/{found.id}",
        before={key: before for key, (before, _) in fields.items()},
        after={key: after for key, (_, after) in fields.items()},
        number=found.id,
    )
    if not fields:
        return Plan([], [Outcome(change, "already", "it is so already, or nothing to change was given", found.id)])
    body = _input(fields["name"][1] if "name" in fields else "", _merged(found, wanted, clear) if kept != now else None)
    request = PatchCustomAction(entity=entity, custom_action_id=found.id, action=body)
    call.kept(Ready).keep(change, _Sending(request))
    breaks = "name" in fields or any(kept.get(each, "") != kind for each, kind in now.items())
    reasons = ["A name or a parameter that exists is changed or removed, and scenarios may use it."] if breaks else []
    twins = _twins(known, title, found.id) if "name" in fields else ""
    return Plan([change], warnings=[*_doubts(wanted), USES], asks=" ".join([*reasons, *([twins] if twins else [])]))


def _merged(found: CustomAction, wanted: Mapping[str, str], clear: Sequence[str]) -> list[OpenObject]:
    """All parameters as they shall be; what else is known of one stays, since the list is sent whole."""
    merged = []
    for each in found.parameters:
        name, kind = name_and_type(each)
        if name not in clear:
            said = dict(each.model_extra or {})
            merged.append(OpenObject(**(said | {"valueType": wanted.get(name, kind)} if name in wanted else said)))
    there = {name_and_type(each)[0] for each in found.parameters}
    return merged + [_parameter(name, kind) for name, kind in wanted.items() if name not in there]


def _parameter(name: str, kind: str) -> OpenObject:
    return OpenObject.model_validate({"name": name, "valueType": kind})


def _input(name: str, parameters: Sequence[OpenObject] | None) -> CustomActionInput:
    """Only what is given travels."""
    values: dict[str, Any] = {"name": name} if name else {}
    if parameters is not None:
        values["parameters"] = list(parameters)
    return CustomActionInput.model_validate(values)


def _twins(known: Sequence[CustomAction], name: str, own: str) -> str:
    twins = [each for each in named(known, name) if each.id != own]
    return f"A custom action of this name exists already: id {twins[0].id}." if twins else ""


@actito_actions_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    (change,) = changes
    sending: _Sending | None = call.kept(Ready).of(change)
    if sending is None:
        return [Outcome(change, "refused", f"Not saved: {GONE}")]
    request: CreateCustomAction | PatchCustomAction = sending.request
    known = sending.known

    async def send(_: Change) -> str:
        if isinstance(request, CreateCustomAction):
            return (await call.send(request)).id
        await call.send(request)
        return ""

    async def look(_: Change, said: str | None) -> Outcome:
        return await _looked_at(call, change, request, said or "", known)

    return await one_by_one([change], send, look)


async def _looked_at(
    call: Call, change: Change, request: CreateCustomAction | PatchCustomAction, said: str, known: frozenset[str]
) -> Outcome:
    """What became of a custom action; a new one whose id is not known is the one that was not there before."""
    number = request.custom_action_id if isinstance(request, PatchCustomAction) else said
    if number:
        found = await call.send(GetCustomAction(entity=request.entity, custom_action_id=number))
    else:
        new = [each for each in await actions_of(call, request.entity) if each.id not in known]
        new = [each for each in new if each.name == change.name]
        if len(new) != 1:
            return Outcome(change, "unknown", f"the new custom action is not listed. {CHECK}")
        found = new[0]
    missed = [
        key for key, value in change.after.items() if value != (found.name if key == "name" else parameters_of(found))
    ]
    if missed:
        reason = f"the system said so, but did not take {', '.join(missed)}"
        return Outcome(change, "refused", reason, found.id)
    return Outcome(change, "done", id=found.id)
