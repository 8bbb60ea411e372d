"""Attributes that an installation added to a kind of object: their definitions, and the values a person gives them.

Standard attributes (`uac...`) stand for own fields of the object, which have arguments of their own.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.call import Call
from tools.campaign.attribute_values import as_inputs, as_values, new_option_lines
from tools.change import Change
from tools.errors import BadArgument
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.objects import AttributeMetadata
from upstream.errors import NotFound


@dataclass(frozen=True)
class Given:
    """Attribute values that fit their definitions, None for those to empty, and what a person should know of them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()


async def definitions(call: Call, owner: str) -> dict[str, AttributeMetadata]:
    """Name -> definition of the attributes, standard ones too, that objects of this kind have (CAMPAIGN, TCS_CELL)."""
    try:
        return await call.send(GetAttributeDefinitionsByType(owner=owner))
    except NotFound:
        return {}


async def given(call: Call, owner: str, values: Mapping[str, Any], emptied: Sequence[str]) -> Given:
    """Check what a person gives and empties against the definitions, read only when there is something to check.

    Raises:
        BadArgument: an attribute that the kind doesn't have or that can't be set, or a value that does not fit.
    """
    if not values and not emptied:
        return Given()
    known = {
        name: each
        for name, each in (await definitions(call, owner)).items()
        if not each.system_defined and not name.casefold().startswith("uac")
    }
    wanted = {**values, **{_named(name, known): None for name in emptied}}
    checked = as_values(as_inputs(wanted, dict(known), call.time_zone))
    for name, value in checked.items():
        definition = known[name]
        if definition.generated or definition.access_type_enum == "READ_ONLY":
            raise BadArgument(f"{name} can't be set: it is {'generated' if definition.generated else 'read-only'}.")
        if value is None and (definition.required or definition.mandatory):
            raise BadArgument(f"{name} can't be emptied: it is required.")
    return Given(checked, new_option_lines(known, checked))


def _named(name: str, known: Mapping[str, AttributeMetadata]) -> str:
    by_name = {each.casefold(): each for each in known}
    if found := by_name.get(name.strip().casefold()):
        return found
    near = difflib.get_close_matches(name.casefold(), by_name, 1)
    hint = f"did you mean {by_name[near[0]]!r}?" if near else "known are " + ", ".join(known)
    raise BadArgument(f"{name!r} can't be emptied, there is no such attribute here: {hint}")


def asked(change: Change) -> int:
    """How many values an update asks for, attributes counted one by one."""
    attributes = change.after.get("attributes", {})
    return len(change.differences()) - bool(attributes) + len(attributes)
