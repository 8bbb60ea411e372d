"""Creating profile tables and custom tables of Actito, and changing their structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from tools.actito import SYSTEM
from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.table_book import CUSTOM_ROUTES, PROFILE_ROUTES, Tables
from tools.actito.table_definition import attribute_input, attribute_words, technical_name
from tools.actito.table_structure import Kind, Table
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Dependents, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument, UnknownName
from tools.nearest import spelt
from upstream.actito.custom_tables import CreateCustomTable, CustomTable, RequestCustomTableChange
from upstream.actito.profile_tables import CreateProfileTable, ProfileTable, RequestProfileTableChange
from upstream.errors import Forbidden, NotFound
from upstream.request import Request, Risk

ADD = "ADD_ATTRIBUTE"
"""The one change request of which a shape is known."""

_TARGETS: Mapping[Kind, str] = {Kind.PROFILES: "profile_table", Kind.CUSTOM: "custom_table"}
_KINDS: Mapping[str, Kind] = {"profile": Kind.PROFILES, "custom": Kind.CUSTOM}

FINAL = "no route drops a table or an attribute: that is done in Actito's interface."
BREAKS = "Imports, synchronisations and forms that feed or read the table may have to follow."
CONNECTOR = "Tables of the e-commerce add-on belong to their connector and must not be altered."


@changes(
    *ROUTES,
    *PROFILE_ROUTES,
    *CUSTOM_ROUTES,
    CreateProfileTable,
    CreateCustomTable,
    RequestProfileTableChange,
    RequestCustomTableChange,
    title="Create or change a table",
)
async def actito_tables_save(
    call: Call,
    table: Annotated[str, "Name"],
    new: Annotated[Literal["", "profile", "custom"], "To create it"] = "",
    attributes: Annotated[dict[str, Any], 'Like {"visits": "integer, mandatory"}'] = {},
    key: Annotated[str, "Key attribute (custom)"] = "",
    more: Annotated[dict[str, Any], "More of a new one, as in the API"] = {},
    change: Annotated[dict[str, Any], "Other request, as in the API"] = {},
    entity: OfEntity = "",
) -> Plan:
    """Create a profile or custom table, or add attributes (also {"type": "string", "accepted": [...]}) to one."""
    where = await entity_of(call, entity)
    if new:
        if change:
            raise BadArgument("change is for a table that exists: leave it out, or leave out new.")
        return await _creation(call, where, technical_name(table, "table"), _KINDS[new], attributes, key.strip(), more)
    if key or more:
        raise BadArgument("key and more are for a new table: say new=profile or new=custom.")
    if bool(attributes) == bool(change):
        raise BadArgument("Give attributes to add, or another change request in change.")
    try:
        found = await call.kept(Tables).either(call, where, table)
    except UnknownName as error:
        advice = f"{error.advice} To create a table, say new."
        raise UnknownName(error.message, advice=advice, lines=error.lines) from None
    return _requests(found, attributes, change)


async def _creation(
    call: Call,
    entity: str,
    name: str,
    kind: Kind,
    attributes: Mapping[str, Any],
    key: str,
    more: Mapping[str, Any],
) -> Plan:
    if not attributes:
        raise BadArgument('A new table needs attributes, such as {"emailAddress": "email, unique, mandatory"}.')
    inputs = [attribute_input(each, said, kind) for each, said in attributes.items()]
    named = {each["name"]: each for each in inputs}
    fields: dict[str, Any] = dict(more)
    if kind is Kind.CUSTOM:
        if key not in named:
            raise BadArgument(f"A custom table needs one of its attributes as key; {key or 'none'!r} was given.")
        named[key] |= {"mandatory": True, "unique": True}
        fields = {"type": "INTERACTIONS", **fields, "primaryKeyAttribute": key}
    elif key:
        raise BadArgument('A profile table has no key: make an attribute unique, such as "email, unique, mandatory".')
    elif not any(each.get("unique") for each in inputs):
        raise BadArgument('A profile table needs a unique attribute, such as "email, unique, mandatory".')
    if clash := {"id", "name", "attributes"} & set(fields):
        raise BadArgument(f"{', '.join(sorted(clash))} can't stand in more.")
    if await _exists(call, entity, name, kind):
        raise BadArgument(f"{entity} already has a {kind} {name}.", advice="Leave out new to add attributes to it.")
    after = {**fields, "attributes": inputs}
    change = Change(
        SYSTEM, _TARGETS[kind], "create", name, f"{entity}/{name}", risk=Risk.DESTRUCTIVE, after=after, number=""
    )
    return Plan(
        [change],
        dependents=Dependents([attribute_words(each) for each in inputs], label="Attribute"),
        warnings=["Inferred: what else Actito demands of a new table."],
        final=FINAL,
    )


async def _exists(call: Call, entity: str, name: str, kind: Kind) -> bool:
    """Whether there is a table of this name; one that the key may not read is refused by Actito itself."""
    try:
        known = await call.kept(Tables).all(call, entity, kind, fresh=True)
    except (Forbidden, NotFound):
        return False
    return any(each.name.casefold() == name.casefold() for each in known)


def _requests(table: Table, attributes: Mapping[str, Any], change: Mapping[str, Any]) -> Plan:
    if not table.id:
        raise BadArgument(
            f"The id of {table.name} is not known, and a change of its structure needs it: v4 tells none.",
            advice="Let the settings allow v5 (CAMPAIGN_MCP_ACTITO__API), or give the table by its id.",
        )
    warnings = [BREAKS, CONNECTOR]
    if change:
        if not isinstance(change.get("type"), str):
            raise BadArgument('A change request has a type, such as {"type": "ADD_ATTRIBUTE", "attribute": {...}}.')
        if change["type"] != ADD:
            warnings.insert(0, "Only ADD_ATTRIBUTE has a known shape: compare this with Actito's own documentation.")
        return Plan([_request(table, "change", change)], warnings=warnings, final=FINAL)
    wanted: list[Change] = []
    settled: list[Outcome] = []
    for name, said in attributes.items():
        made = attribute_input(name, said, table.kind)
        asked = _request(table, f"add {made['name']} to", {"type": ADD, "attribute": made})
        if there := spelt(made["name"], table.attributes):
            settled.append(Outcome(asked, "already", f"it has the attribute {there}; see it with actito_tables_find"))
            continue
        if made.get("mandatory"):
            warnings.insert(0, f"{made['name']} is mandatory: Actito may refuse it where the table has rows.")
        wanted.append(asked)
    if not wanted:
        return Plan([], settled)
    lines = [attribute_words(each.after["attribute"]) for each in wanted]
    return Plan(wanted, settled, Dependents(lines, label="Attribute"), warnings, FINAL)


def _request(table: Table, verb: str, body: Mapping[str, Any]) -> Change:
    target = f"{table.entity}/{table.reference}"
    return Change(
        SYSTEM, _TARGETS[table.kind], verb, table.name, target, risk=Risk.DESTRUCTIVE, after=dict(body), number=table.id
    )


@actito_tables_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    book: Tables = call.kept(Tables)

    async def send(change: Change) -> Any:
        try:
            return await call.send(_as_request(change))
        finally:
            book.forget()

    async def look(change: Change, said: Any) -> Outcome:
        entity, _, reference = change.id.partition("/")
        known = await book.all(call, entity, _kind(change), fresh=True)
        found = next((each for each in known if reference in (each.id, each.name)), None)
        if change.verb == "create":
            if found is None:
                return Outcome(change, "refused", "the system said so, but it is not in the list")
            return Outcome(change, "done", "created", found.id)
        if change.after.get("type") != ADD:
            return Outcome(change, "done" if said is not None else "unknown", "the request was taken")
        name = str((change.after.get("attribute") or {}).get("name"))
        if found is None or name not in found.attributes:
            if said is None:
                return Outcome(change, "unknown")
            return Outcome(change, "done", f"the request was taken; {name} is not in the structure yet")
        return Outcome(change, "done", f"{name} is in the structure")

    return await one_by_one(changes, send, look)


def _kind(change: Change) -> Kind:
    return next(kind for kind, target in _TARGETS.items() if target == change.kind)


def _as_request(change: Change) -> Request[Any]:
    entity, _, reference = change.id.partition("/")
    kind = _kind(change)
    if change.verb != "create":
        body = dict(change.after)
        if kind is Kind.PROFILES:
            return RequestProfileTableChange(entity=entity, profile_table_id=reference, change=body)
        return RequestCustomTableChange(entity=entity, custom_table_id=reference, change=body)
    described = {"name": reference, **change.after}
    if kind is Kind.PROFILES:
        return CreateProfileTable(entity=entity, table=ProfileTable.model_validate(described))
    return CreateCustomTable(entity=entity, table=CustomTable.model_validate(described))
