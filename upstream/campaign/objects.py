"""What several categories share: references, attribute definitions, and attributes with their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import Field, ValidationInfo, model_validator

from upstream.moment import Dates, Reading, reading_of
from upstream.record import Entry, Many, Record

Ids = Annotated[list[int], Field(min_length=1)]
"""Database ids of the objects a request acts on: at least one, for a call without any could mean all of them."""


class Reference(Record):
    """A typed pointer to an object. The id is a database number, unique for its kind only.

    Known kinds: FOLDER, CAMPAIGN, FLOWCHART, TCS_CELL, OFFER, OFFER_LIST, OFFER_TEMPLATE.

    Source: Campaign REST API 12.1.4; the kinds from the SOAP type WSReference.
    """

    component_type_enum: str = ""
    id: int


class AttributeOption(Record):
    """One choice of an attribute that is selected from options. Inferred from SOAP metadata."""

    value: Any = None
    display_name: str = ""
    description: str = ""
    is_default: bool = False


class AttributeMetadata(Record):
    """The definition of an attribute. `name` is the key, compared without regard to case.

    Known types: BOOLEAN, INTEGER, DECIMAL, CURRENCY, CALENDAR, TEXT; selections: NONE, SINGLE_SELECT, MULTIPLE_SELECT;
    states: ACTIVE, RETIRED; access: EDITABLE, READ_ONLY, HIDDEN; applications: CAMPAIGN, PLAN, COLLABORATE, DELIVER.

    Source: Campaign REST API 12.1.4, attributes page (names); the values are inferred, and so are `options`,
    `default_value` and `maximum_length`.
    """

    id: int | None = None
    name: str
    display_name: str = ""
    description: str = ""
    component_type_enum: str = ""
    type_enum: str = ""
    select_type_enum: str = ""
    status_enum: str = ""
    access_type_enum: str = ""
    application_type_enum: str = ""
    mandatory: bool = False
    required: bool = False
    null_allowed: bool = False
    internal: bool = False
    hidden: bool = False
    system_defined: bool = False
    generated: bool = False
    parametric: bool = False
    array: bool = False
    allow_add_options: bool = False
    display_order: int | None = None
    options: Many[AttributeOption] = []
    default_value: Any = None
    maximum_length: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_dates(cls, data: Any, info: ValidationInfo) -> Any:
        """The default and the options of a date as moments."""
        if not isinstance(data, dict) or data.get("typeEnum") != _DATE:
            return data
        dates, options = reading_of(info).dates, data.get("options")
        read: dict[str, Any] = {"defaultValue": dates.read(data.get("defaultValue"), "defaultValue")}
        if isinstance(options, list):
            read["options"] = [
                {**each, "value": dates.read(each.get("value"), "value")} if isinstance(each, dict) else each
                for each in options
            ]
        return {**data, **read}


_DATE = "CALENDAR"
_VARIANTS = 8
"""Definitions of one name that are shared within an answer; templates may differ in what they require."""


class TypedAttribute(Record):
    """An attribute of one object: its value or values, and usually its definition.

    Source: Campaign REST API 12.1.4, campaigns page; how values are written by type is inferred.
    """

    name: str
    metadata: AttributeMetadata | None = None
    value_as_object: Any = None
    values_as_objects: Many[Any] = []

    @model_validator(mode="before")
    @classmethod
    def _share_definition(cls, data: Any, info: ValidationInfo) -> Any:
        """Read a definition once for each answer: 30,000 offers repeat a dozen of them 250,000 times."""
        written = data.get("metadata") if isinstance(data, dict) else None
        if not isinstance(written, dict):
            return data
        reading = reading_of(info)
        definition = _definition(written, reading)
        dated = _moments(data, reading.dates) if definition.type_enum == _DATE else {}
        return {**data, "metadata": definition, **dated}

    def defined_by(self, definition: AttributeMetadata, dates: Dates) -> TypedAttribute:
        """The attribute with its definition, which some answers leave out."""
        if self.metadata is not None:
            return self
        values = [dates.read(each, _VALUES) for each in self._values] if definition.type_enum == _DATE else self._values
        return self.model_copy(update={"metadata": definition, "values_as_objects": values})

    @property
    def _values(self) -> list[Any]:
        return self.values_as_objects or ([] if self.value_as_object is None else [self.value_as_object])

    @property
    def value(self) -> Any:
        """The value, a list when the attribute takes several, None when there is none; a date as an aware datetime."""
        definition = self.metadata
        several = definition is not None and (definition.array or definition.select_type_enum == "MULTIPLE_SELECT")
        found = self._values
        if several or len(found) > 1:
            return found
        return found[0] if found else None


def _definition(written: dict[str, Any], reading: Reading) -> AttributeMetadata:
    """The definition, which is the same object for all that are written alike in an answer."""
    known = reading.definitions.setdefault(str(written.get("name")), [])
    for earlier, definition in known:
        if earlier == written:
            return cast(AttributeMetadata, definition)
    read = AttributeMetadata.model_validate(written, context=reading)
    if len(known) < _VARIANTS:
        known.append((written, read))
    return read


_VALUES = "valuesAsObjects"
"""Under this name values are sent."""


def _moments(data: Mapping[str, Any], dates: Dates) -> dict[str, Any]:
    """The values of a date as moments; the single one says nothing that the list does not."""
    values = data.get(_VALUES)
    given = values if isinstance(values, list) else [values]
    read = [dates.read(each, _VALUES) for each in given if each not in (None, "")]
    return {
        "valueAsObject": None,
        _VALUES: read or [each for each in [dates.read(data.get("valueAsObject"), _VALUES)] if each is not None],
    }


class Attributed(Record):
    """An object that carries attributes. Some examples of the pages show them as an empty text: read as none."""

    attributes: Many[TypedAttribute] = []

    @property
    def attribute_values(self) -> dict[str, Any]:
        """Name -> value of the attributes, in the order of the answer."""
        return {each.name: each.value for each in self.attributes}


class TypedAttributeInput(Entry):
    """The value of an attribute as it is sent: `values_as_objects` or `value_as_object`, either is enough.

    Inferred: which of the two the server needs is not documented; the contract's examples send the list.
    """

    name: str
    value_as_object: Any = None
    values_as_objects: list[Any] = []

    @classmethod
    def of(cls, name: str, value: Any) -> TypedAttributeInput:
        """The attribute `name` with one value, a list of them, or None to empty it. A date is an aware datetime."""
        values = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
        return cls(name=name, values_as_objects=values)
