"""Checking and changing the definitions of tables.

Of the change requests only ADD_ATTRIBUTE has a printed shape (contract: StructureChangeRequest); the others are
refused with 400, so that no client gets used to a shape that was made up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox import json_text
from sandbox.actito.structure import Json
from sandbox.actito.values import TECHNICAL, VALUE_TYPES
from sandbox.actito.work import Work, invalid

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_PREDEFINED = ("LASTNAME", "FIRSTNAME", "BIRTHDATE", "SEX", "MOTHER_LANGUAGE", "EMAIL_ADDRESS")


def check_name(name: str, what: str) -> str:
    """The name itself; 400 when it is no technical name."""
    if not _NAME.fullmatch(name):
        raise invalid(f"{what} {name[:60]!r}: a technical name has letters, digits and underscores only")
    return name


def check_attributes(items: Iterable[Mapping[str, Any]], *, of_profiles: bool) -> None:
    """400 for attributes that no table can have."""
    names = set()
    for item in items:
        name = check_name(item["name"], "Attribute")
        if name.lower() in names:
            raise invalid(f"Attribute '{name}' is defined twice")
        names.add(name.lower())
        kind = item.get("type", "CUSTOM") if of_profiles else "CUSTOM"
        if kind not in ("CUSTOM", *_PREDEFINED):
            raise invalid(f"Attribute '{name}': unknown type {kind[:40]!r}")
        value_type = item.get("valueType")
        if kind == "CUSTOM" and value_type not in VALUE_TYPES:
            raise invalid(f"Attribute '{name}': valueType is one of {', '.join(VALUE_TYPES)}")
        if kind != "CUSTOM" and value_type is not None:
            raise invalid(f"Attribute '{name}': valueType is only for CUSTOM attributes")


def added(work: Work, definition: Json, request: Json, table_id: str, *, filled: bool, of_profiles: bool) -> Json:
    """The definition after a change request, which is stored; 400 for one that can't be done."""
    attribute = request.get("attribute")
    if request.get("type") != "ADD_ATTRIBUTE" or not isinstance(attribute, dict):
        raise invalid("The one documented change request is type ADD_ATTRIBUTE with an attribute")
    if not isinstance(attribute.get("name"), str) or not isinstance(attribute.get("type", ""), str):
        raise invalid("The attribute needs a name, and a type that is a text")
    if of_profiles and attribute["name"] in TECHNICAL:
        raise invalid(f"Attribute '{attribute['name']}' is technical")
    if not isinstance(attribute.get("valueRestriction", {}), dict):
        raise invalid("valueRestriction is an object")
    if filled and attribute.get("mandatory"):
        raise invalid(f"Attribute '{attribute['name']}' can't be mandatory: the table has rows without it")
    changed = {**definition, "attributes": [*definition["attributes"], attribute]}
    check_attributes(changed["attributes"], of_profiles=of_profiles)
    work.insert("actito_changes", table_id=table_id, request=json_text.dump(request))
    return changed
