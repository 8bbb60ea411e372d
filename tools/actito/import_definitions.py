"""Creating the definition of an import (ETL). No public route changes or deletes one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from tools.actito import SYSTEM, entity_book, import_book
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.import_book import TYPES, type_of
from tools.batches import one_by_one
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from upstream.actito.imports import CreateEtl, Etl, GetEtl, ListEtls
from upstream.actito.objects import Stored
from upstream.request import Risk

_TYPES: Mapping[str, str] = {"schedule": "SCHEDULED", "file": "TRIGGERED", "api": "TRIGGERED_BY_API"}
_OWN = ("id", "name", "type", "active")


@changes(
    CreateEtl,
    *import_book.ROUTES,
    *entity_book.ROUTES,
    title="Create an import definition",
    repeatable=False,
    worst=Risk.REACHES_CUSTOMERS,
    least=Risk.WRITE,
)
async def actito_import_definitions_save(
    call: Call,
    name: Annotated[str, "Name"],
    starts: Annotated[Literal["schedule", "file", "api"], "What starts it"],
    settings: Annotated[dict[str, Any], "The rest, as Actito's pages show"],
    active: Annotated[bool, "Runs by itself"] = False,
    entity: OfEntity = "",
) -> Plan:
    """Create the definition of an import (ETL). Changing or deleting one is done in Actito's interface."""
    called = stored_text(name, "name")
    if not called:
        raise BadArgument("A definition needs a name.")
    if given := [each for each in _OWN if each in settings]:
        raise BadArgument(f"{', '.join(given)}: not in settings, but as name, starts and active (Actito gives the id).")
    if not active and (doubtful := Etl.model_validate(settings).may_activate):
        raise BadArgument(
            f"{', '.join(doubtful)[:60]} may make it run by itself: leave it out of settings, or give active=true.",
        )
    if not settings:
        raise BadArgument(
            "settings hold where the file comes from and where it goes: location, file name, target table, mapping.",
            advice='Others show the layout: actito_imports_find(what="definitions", fields=["settings"]).',
        )
    where = await entity_of(call, entity)
    change = Change(
        SYSTEM,
        "etl",
        "create",
        called,
        f"{where}/{called}",
        risk=Risk.REACHES_CUSTOMERS if active else Risk.WRITE,
        number="",
        after={"entity": where, "starts": TYPES[_TYPES[starts]], "active": active, "settings": dict(settings)},
    )
    twins = [each for each in await call.send(ListEtls(entity=where)) if each.name.casefold() == called.casefold()]
    for twin in twins:
        if twin.name == called and _alike(twin, change):
            return Plan([], [Outcome(change, "already", "it is there with these settings", twin.id)])
    warnings = ["Actito's pages print no layout of a definition, so settings are sent unchecked."]
    if active:
        warnings.insert(0, "Active, it imports by itself; what it changes can start scenarios and reach customers.")
    taken = ", ".join(f"id {each.id}, started {type_of(each)}" for each in twins[:5])
    return Plan(
        [change],
        warnings=warnings,
        asks=f"The entity has a definition of this name ({taken}). Create another?" if twins else "",
        final="no public route changes or deletes a definition: that is done in Actito's interface.",
        safer="create it inactive, look at it in Actito's interface, and activate it there." if active else "",
    )


@actito_import_definitions_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(change: Change) -> Stored:
        return await call.send(CreateEtl(entity=str(change.after["entity"]), etl=_definition(change)))

    async def look(change: Change, said: Stored | None) -> Outcome:
        entity = str(change.after["entity"])
        if said is not None and said.id:
            found = [await call.send(GetEtl(entity=entity, etl_id=said.id))]
            found = [each.model_copy(update={"id": each.id or said.id}) for each in found]
        else:
            listed = await call.send(ListEtls(entity=entity))
            found = [each for each in listed if each.name == change.name]
        alike = [each for each in found if _alike(each, change)]
        if not alike:
            return Outcome(change, "unknown", "it was not found as it was sent: look with actito_imports_find")
        state = "active" if change.after["active"] else "inactive: activate it in Actito's interface"
        return Outcome(change, "done", state, alike[-1].id)

    return await one_by_one(changes, send, look)


def _definition(change: Change) -> Etl:
    kinds = {words: name for name, words in TYPES.items()}
    own = {"name": change.name, "type": kinds[str(change.after["starts"])], "active": change.after["active"]}
    return Etl.model_validate({**change.after["settings"], **own})


def _alike(found: Etl, change: Change) -> bool:
    """Whether a definition is as the change has it; what Actito adds to it doesn't matter."""
    wanted = _definition(change)
    known: Mapping[str, Any] = found.model_extra or {}
    same = all(_said(known.get(name)) == _said(value) for name, value in (wanted.model_extra or {}).items())
    return same and found.type == wanted.type and (found.active is not False) == wanted.active


def _said(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
