"""Attribute definitions as tools see them: found by what people call them, shown as rows in the words of the field."""

from __future__ import annotations

import difflib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tools.call import Call
from tools.errors import Ambiguous, UnknownName
from upstream.campaign.attributes import GetAttributeDefinitions
from upstream.campaign.objects import AttributeMetadata
from upstream.errors import NotFound

OWNERS: Mapping[str, str] = {
    "campaign": "CAMPAIGN",
    "offer": "OFFER",
    "cell": "TCS_CELL",
    "offer_template": "OFFER_TEMPLATE",
}
"""Kind of object, as tools call it, to how the routes call it."""

TYPES: Mapping[str, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "decimal": "DECIMAL",
    "currency": "CURRENCY",
    "boolean": "BOOLEAN",
    "date": "CALENDAR",
}
SELECTS: Mapping[str, str] = {"none": "NONE", "single": "SINGLE_SELECT", "multiple": "MULTIPLE_SELECT"}

COLUMNS = (
    "name",
    "id",
    "label",
    "kind",
    "type",
    "select",
    "options",
    "required",
    "access",
    "status",
    "max_length",
    "default",
    "description",
    "system",
)

KEPT_SECONDS = 300.0


class AttributeBook:
    """All definitions of one session by name; a name is unique, whatever its capitals, and has no code."""

    def __init__(self) -> None:
        self._made = 0.0
        self._known: Mapping[str, AttributeMetadata] = {}

    def forget(self) -> None:
        """Our own write made it old."""
        self._known = {}

    async def all(self, call: Call, *, fresh: bool = False) -> Sequence[AttributeMetadata]:
        """Every definition."""
        if fresh or not self._known or time.monotonic() - self._made > KEPT_SECONDS:
            try:
                found = await call.send(GetAttributeDefinitions())
            except NotFound:
                found = {}
            self._known, self._made = {each.name.casefold(): each for each in found.values()}, time.monotonic()
        return list(self._known.values())

    async def named(self, call: Call, name: str) -> AttributeMetadata | None:
        """The definition of this very name as it is now, or None."""
        await self.all(call, fresh=True)
        return self._known.get(name.strip().casefold())

    async def one(self, call: Call, reference: str) -> AttributeMetadata:
        """The definition that this name, label or id means, as it is now.

        Raises:
            UnknownName: there is none.
            Ambiguous: several have this label.
        """
        if found := await self.named(call, reference):
            return found
        text = reference.strip().casefold()
        matches = [each for each in self._known.values() if each.display_name.strip().casefold() == text]
        matches = matches or [each for each in self._known.values() if str(each.id) == text]
        if len(matches) > 1:
            raise Ambiguous(
                f"{len(matches)} attributes have the label {reference!r}.",
                advice="Ask which one is meant and use its name.",
                lines=[in_short(each) for each in matches],
            )
        if not matches:
            names = {**{each.display_name.casefold(): each for each in self._known.values()}, **self._known}
            near = difflib.get_close_matches(text, names, 3, 0.5)
            raise UnknownName(
                f"There is no attribute {reference!r}.",
                advice="The nearest are shown." if near else "Look for it with attributes_find.",
                lines=list(dict.fromkeys(in_short(names[each]) for each in near)),
            )
        return matches[0]


def kind_of(definition: AttributeMetadata) -> str:
    """The kind of object that has the attribute, as tools call it."""
    return _back(OWNERS, definition.component_type_enum)


def is_system(definition: AttributeMetadata) -> bool:
    """Whether it comes with the product: such definitions can't be changed or deleted."""
    return definition.system_defined or definition.name.casefold().startswith("uac")


def in_short(definition: AttributeMetadata) -> str:
    """Name, label, kind and type in a line."""
    return f"{definition.name} ({definition.display_name}, {kind_of(definition)}, {type_of(definition)})"


def type_of(definition: AttributeMetadata) -> str:
    """The type of its values, as tools call it."""
    return _back(TYPES, definition.type_enum or "TEXT")


def select_of(definition: AttributeMetadata) -> str:
    """none, single or multiple: whether values are chosen from options."""
    return _back(SELECTS, definition.select_type_enum or "NONE")


def options_of(definition: AttributeMetadata) -> list[Any]:
    """The values to choose from."""
    return [each.value for each in definition.options]


def default_of(definition: AttributeMetadata) -> Any:
    """The value that a new object starts with, None when there is none."""
    marked = [each.value for each in definition.options if each.is_default]
    return definition.default_value if definition.default_value is not None else marked[0] if marked else None


def needed(definition: AttributeMetadata) -> bool:
    """Whether an object must have a value."""
    return definition.required or definition.mandatory


def row(definition: AttributeMetadata) -> dict[str, Any]:
    """A definition as a row."""
    return {
        "name": definition.name,
        "id": definition.id,
        "label": definition.display_name,
        "kind": kind_of(definition),
        "type": type_of(definition),
        "select": select_of(definition),
        "options": options_of(definition),
        "required": needed(definition),
        "access": definition.access_type_enum.lower().replace("_", "-"),
        "status": definition.status_enum.lower(),
        "max_length": definition.maximum_length,
        "default": default_of(definition),
        "description": definition.description,
        "system": is_system(definition),
    }


def _back(words: Mapping[str, str], wire: str) -> str:
    return next((word for word, each in words.items() if each == wire.upper()), wire.lower())
