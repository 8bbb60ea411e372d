"""A profile table or a custom table as a tool sees it: one form, whichever version of the API described it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from upstream.actito.custom_tables import CustomTable
from upstream.actito.profile_tables import ProfileTable
from upstream.actito.structure import typed
from upstream.moment import Dates

TECHNICAL = ("profileId", "creationMoment", "updateMoment")
"""Attributes of profiles that Actito itself writes. Source: Actito, data model."""


class Kind(StrEnum):
    """What a table holds."""

    PROFILES = "profile table"
    CUSTOM = "custom table"

    @property
    def family(self) -> str:
        """The routes of its structure, of which there are two versions."""
        return f"{self}s"


@dataclass(frozen=True)
class Attribute:
    """An attribute. `kind` is what it means to Actito (EMAIL_ADDRESS, ..., CUSTOM), `type` what its values are.

    Actito itself writes those that are `technical`.
    """

    name: str
    kind: str = "CUSTOM"
    type: str = "STRING"
    label: str = ""
    unique: bool = False
    mandatory: bool = False
    several: bool = False
    accepted: Sequence[str] = ()
    shortest: int | None = None
    longest: int | None = None
    technical: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """An attribute whose values name rows of another table, and what Actito does when such a row goes."""

    attribute: str
    kind: Kind
    table_id: str
    on_delete: str = ""


@dataclass(frozen=True)
class Table:
    """A table. `id` is empty where only v4 answered, `known` tells whether the structure could be read.

    `segmentations` gives the categories of the exclusive ones, none for a simple one. `key` is the attribute by which
    a record is named. `more` holds what only the interface needs: type, events. `dates` reads those of its rows.
    """

    kind: Kind
    entity: str
    id: str
    name: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    subscriptions: Sequence[str] = ()
    segmentations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str = ""
    known: bool = True
    foreign_keys: Sequence[ForeignKey] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    dates: Dates = field(default_factory=Dates, repr=False, compare=False)

    @property
    def reference(self) -> str:
        """What stands in an address of v5: the id, or the name where no id is known (inferred to serve as well)."""
        return self.id or self.name

    @property
    def address(self) -> str:
        """The attribute that holds the e-mail address; empty where there is none."""
        return self._meaning("EMAIL_ADDRESS")

    @property
    def language(self) -> str:
        """The attribute that holds the language; empty where there is none."""
        return self._meaning("MOTHER_LANGUAGE")

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values in the types of the structure: some routes answer all of them as text."""
        known = self.attributes
        return {name: typed(value, known[name].type) if name in known else value for name, value in values.items()}

    def _meaning(self, kind: str) -> str:
        return next((each.name for each in self.attributes.values() if each.kind == kind), "")


def of_profiles(entity: str, table: ProfileTable) -> Table:
    """A profile table as v5 or v4 describes it. Inferred: `categories` of a segmentation."""
    shown = table.display_options
    labels = {each.name: each.display_name for each in shown.for_attributes} if shown else {}
    attributes = {
        each.name: Attribute(
            each.name,
            each.type or "CUSTOM",
            each.value_type or ("DATE" if each.type == "BIRTHDATE" else "STRING"),
            labels.get(each.name, ""),
            each.unique,
            each.mandatory,
            each.multi_valued,
            *_restricted(each.value_restriction),
            each.name in TECHNICAL,
        )
        for each in table.attributes
    }
    subscriptions = [str((each.model_extra or {}).get("name") or "") for each in table.subscriptions]
    segments = [each.model_extra or {} for each in table.segmentations]
    return Table(
        Kind.PROFILES,
        entity,
        table.id,
        table.name,
        attributes,
        [name for name in subscriptions if name],
        {str(each["name"]): _categories(each) for each in segments if each.get("name")},
    )


def of_records(entity: str, table: CustomTable) -> Table:
    """A custom table as v5 or v4 describes it."""
    attributes = {
        each.name: Attribute(
            each.name,
            "CUSTOM",
            each.value_type or "STRING",
            "",
            each.unique,
            each.mandatory,
            False,
            *_restricted(each.value_restriction),
        )
        for each in table.attributes
    }
    more = {
        "type": table.type,
        "creation_time_attribute": table.creation_time_attribute,
        "events": [each.name for each in table.events_to_trigger if each.name],
    }
    foreign = [
        ForeignKey(
            each.attribute,
            Kind.PROFILES if each.reference.table_type == "PROFILE_TABLE" else Kind.CUSTOM,
            each.reference.table_id,
            each.on_delete,
        )
        for each in table.foreign_keys
        if each.reference
    ]
    return Table(
        Kind.CUSTOM,
        entity,
        table.id,
        table.name,
        attributes,
        key=table.primary_key_attribute,
        foreign_keys=foreign,
        more=more,
    )


def _restricted(restriction: Any) -> tuple[Sequence[str], int | None, int | None]:
    if restriction is None:
        return (), None, None
    return tuple(restriction.accepted_values), restriction.min_length, restriction.max_length


def _categories(segmentation: Mapping[str, Any]) -> Sequence[str]:
    found = segmentation.get("categories")
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
