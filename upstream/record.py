"""What travels inside requests and answers: `Record` is read leniently, `Entry` is sent exactly as declared.

The pages of the systems are incomplete, so an answer may lack fields, carry others, or hold null in any place; what we
send, on the other hand, has only names that the contract knows.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

Item = TypeVar("Item")


class Record(BaseModel):
    """An object as a system answers it: unknown fields are kept (`model_extra`), null counts as absent.

    Attributes are in snake_case, the wire names are their camelCase unless a field says otherwise.
    """

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        populate_by_name=True,
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        defer_build=True,
    )

    takes_text: ClassVar[bool] = False
    """Whether the record can be read from a text that is no JSON."""

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            return {name: value for name, value in data.items() if value is not None}
        return data


class Entry(BaseModel):
    """An object as we send it: fields that were not set do not travel, a field set to None travels as null."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, alias_generator=to_camel, defer_build=True
    )


def _listed(value: Any) -> Any:
    if value is None or value == "":
        return []
    return value if isinstance(value, list | tuple) else [value]


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


Many = Annotated[list[Item], BeforeValidator(_listed)]
"""A list that may also come as null, as an empty text, or as its only item."""

Message = Annotated[str, BeforeValidator(_said)]
"""The bare string with which many writes answer. Its wording is undocumented: show it, never parse it. Anything else
that comes in its place is kept as JSON text, since the write has happened whatever the answer looks like."""
