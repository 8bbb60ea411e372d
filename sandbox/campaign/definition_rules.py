"""What a definition must look like and how it may change (notes, section 6: Attributes)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.campaign import attribute_values
from sandbox.campaign.definitions import Definition
from sandbox.dates import Dialect
from sandbox.refusals import Refused, invalid

TYPES = ("BOOLEAN", "INTEGER", "DECIMAL", "CURRENCY", "CALENDAR", "TEXT")
SELECT_TYPES = ("NONE", "SINGLE_SELECT", "MULTIPLE_SELECT")
_LISTS = {
    "typeEnum": TYPES,
    "selectTypeEnum": SELECT_TYPES,
    "statusEnum": ("ACTIVE", "RETIRED"),
    "accessTypeEnum": ("EDITABLE", "READ_ONLY", "HIDDEN"),
    "applicationTypeEnum": ("CAMPAIGN", "PLAN", "COLLABORATE", "DELIVER"),
}
_DEFAULTS: Mapping[str, Any] = {
    "allowAddOptions": False,
    "internal": False,
    "hidden": False,
    "displayName": None,
    "parametric": False,
    "displayOrder": 0,
    "description": None,
    "mandatory": False,
    "required": False,
    "typeEnum": "TEXT",
    "statusEnum": "ACTIVE",
    "array": False,
    "generated": False,
    "nullAllowed": True,
    "selectTypeEnum": "NONE",
    "systemDefined": False,
    "accessTypeEnum": "EDITABLE",
    "applicationTypeEnum": "CAMPAIGN",
}
_FIXED = ("typeEnum", "generated", "componentTypeEnum", "id", "array", "systemDefined", "applicationTypeEnum")
_SELECT_STEPS = {("NONE", "SINGLE_SELECT"), ("NONE", "MULTIPLE_SELECT"), ("SINGLE_SELECT", "MULTIPLE_SELECT")}


def new(given: Mapping[str, Any]) -> dict[str, Any]:
    """The complete metadata of a new definition; 400 for a name or value that is not allowed."""
    name = given["name"]
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise _bad(f"{name[:60]!r}: a name has letters, digits and underscores and does not begin with a digit")
    if name.lower().startswith("uac"):
        raise _bad(f"{name!r}: the prefix uac is reserved for standard attributes")
    _check_lists(given)
    metadata = {**_DEFAULTS, **given}
    if metadata["displayName"] is None:
        metadata["displayName"] = name
    if given.get("systemDefined"):
        raise _bad("systemDefined is kept for standard attributes")
    if given.get("required") or given.get("mandatory"):
        metadata["nullAllowed"] = given.get("nullAllowed", False)
    _check_content(metadata)
    return metadata


def changed(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a definition after a change; 400 when a rule forbids it."""
    if definition.standard:
        raise _bad(f"{definition.name} is a standard attribute and can't be changed")
    _check_lists(given)
    present = dict(definition.metadata)
    for key in _FIXED:
        if key in given and given[key] != present.get(key):
            raise _bad(f"{key} of {definition.name} is fixed")
    for key in ("required", "mandatory"):
        if given.get(key) and not present.get(key):
            raise _bad(f"{definition.name}: {key} can only change from true to false")
    if given.get("nullAllowed") is False and present.get("nullAllowed", True):
        raise _bad(f"{definition.name}: nullAllowed can only change from false to true")
    select = (present.get("selectTypeEnum", "NONE"), given.get("selectTypeEnum", present.get("selectTypeEnum", "NONE")))
    if select[0] != select[1] and select not in _SELECT_STEPS:
        raise _bad(f"{definition.name}: the select type can't change from {select[0]} to {select[1]}")
    _check_growth(definition, given)
    metadata = {**present, **given, "name": definition.name}
    _check_content(metadata)
    return metadata


def _check_growth(definition: Definition, given: Mapping[str, Any]) -> None:
    if "options" in given:
        values = [option.get("value") for option in given["options"]]
        for option in definition.metadata.get("options") or ():
            if option.get("value") not in values:
                raise _bad(f"{definition.name}: the option {option.get('value')!r} can't be removed")
    length = definition.metadata.get("maximumLength")
    if "maximumLength" in given and length is not None and given["maximumLength"] < length:
        raise _bad(f"{definition.name}: maximumLength can only grow from {length}")


def _check_lists(given: Mapping[str, Any]) -> None:
    for key, values in _LISTS.items():
        if key in given and given[key] not in values:
            raise _bad(f"{key} must be one of {', '.join(values)}")


def _check_content(metadata: Mapping[str, Any]) -> None:
    """Options and default must themselves be values of the type."""
    if metadata.get("maximumLength", 1) < 1:
        raise _bad("maximumLength must be at least 1")
    seen: list[Any] = []
    for option in metadata.get("options") or ():
        value = option.get("value")
        if value is None or value in seen:
            raise _bad("each option needs a value of its own")
        seen.append(attribute_values.typed(metadata, value, Dialect()))
    default = metadata.get("defaultValue")
    for value in default if isinstance(default, list) else [default]:
        if value is not None:
            attribute_values.typed(metadata, value, Dialect())


def _bad(message: str) -> Refused:
    return invalid(message, "INVALID_ATTRIBUTE")
