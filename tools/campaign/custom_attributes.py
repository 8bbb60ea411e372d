"""Attributes that an installation added to a kind of object: their definitions, and the values a person gives them.

Standard attributes (`uac...`) stand for own fields of the object, which have arguments of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.call import Call
from tools.campaign.attribute_values import as_inputs, as_values, known_name, new_option_lines
from tools.change import Change
from tools.errors import BadArgument
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.objects import AttributeMetadata
from upstream.errors import NotFound


@dataclass(frozen=True)
class Given:
    """Attribute values that fit their definitions, None for those to empty, and why a person is asked."""

    values: Mapping[str, Any] = field(default_factory=dict)
    asks: Sequence[str] = ()


async def definitions(call: Call, owner: str) -> dict[str, AttributeMetadata]:
    """Name -> definition of the attributes, standard ones too, that objects of this kind have (CAMPAIGN, TCS_CELL)."""
    try:
        return await call.send(GetAttributeDefinitionsByType(owner=owner))
    except NotFound:
        return {}


async def given(call: Call, owner: str, values: Mapping[str, Any], empty: Sequence[str]) -> Given:
    """Check what a person gives and empties against the definitions, read only when there is something to check.

    Raises:
        BadArgument: an attribute that the kind doesn't have or that can't be set, or a value that does not fit.
    """
    if not values and not empty:
        return Given()
    known = {
        name: each
        for name, each in (await definitions(call, owner)).items()
        if not each.system_defined and not name.casefold().startswith("uac")
    }
    wanted = {**values, **{known_name(name, known): None for name in empty}}
    checked = as_values(as_inputs(wanted, dict(known), call.time_zone))
    for name, value in checked.items():
        definition = known[name]
        if definition.generated or definition.access_type_enum == "READ_ONLY":
            raise BadArgument(f"{name} can't be set: it is {'generated' if definition.generated else 'read-only'}.")
        if value is None and (definition.required or definition.mandatory):
            raise BadArgument(f"{name} can't be emptied: it is required.")
    return Given(checked, new_option_lines(known, checked, call.time_zone))


def emptied(
    clear: Sequence[str], set_now: Collection[str], own: Collection[str], can: Collection[str]
) -> tuple[list[str], list[str]]:
    """What a call empties: own fields of the object, and what must then be attributes.

    `own` are all fields that are no attributes, `can` those of them that may be empty.

    Raises:
        BadArgument: a field that is set in the same call, or that always has a value.
    """
    fields: list[str] = []
    others: list[str] = []
    for each in clear:
        key = each.strip().casefold()
        if key in set_now:
            raise BadArgument(f"{key} can't be set and emptied in one call.")
        if key in own and key not in can:
            raise BadArgument(f"{key} can't be emptied; these can: {', '.join(can)}, and attributes.")
        (fields if key in own else others).append(key if key in own else each)
    return fields, others


def asked(change: Change) -> int:
    """How many values an update asks for, attributes counted one by one."""
    attributes = change.after.get("attributes", {})
    return len(change.differences()) - bool(attributes) + len(attributes)
