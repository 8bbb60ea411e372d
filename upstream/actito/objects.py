"""What the categories of Actito share: values by name, wrapped lists, and answers that say little.

Most answers are not documented. So what a write answers is read whatever it looks like, and of a list only the items
matter: under the key that the contract knows, under another one, or bare.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BeforeValidator, model_validator

from upstream.record import Entry, Record
from upstream.replies import WholeReply, last_segment

if TYPE_CHECKING:
    from upstream.http import Reply


class OpenObject(Record):
    """An object whose fields nobody has documented: all of them are in `model_extra`.

    A list stands under `items`, anything else under `message`.
    """

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        if data is None or data == "":
            return {}
        return data if isinstance(data, dict) else {"items" if isinstance(data, list) else "message": data}


class Outcome(OpenObject):
    """What a write says when it is done, if anything."""

    takes_text: ClassVar[bool] = True


class NamedValue(Entry):
    """A value by name, as v4 is sent it. Source: Actito, Creating or Updating a Single Profile."""

    name: str
    value: Any = None


def named(values: Mapping[str, Any]) -> list[NamedValue]:
    """Values by name as v4 takes them, in their order; None travels as null, which empties."""
    return [NamedValue(name=name, value=value) for name, value in values.items()]


def _by_name(data: Any) -> Any:
    if isinstance(data, list):
        return {str(each["name"]): each.get("value") for each in data if isinstance(each, dict) and "name" in each}
    return {} if data is None else data


ByName = BeforeValidator(_by_name)
"""Marks a mapping that may come as a list of names and values (v4) or as it is (v5)."""


class Wrapped:
    """Marks an answer that comes inside an object: under one of `keys`, else under the only key with a list, or bare.

    An object without any list is no answer, unless it is empty.
    """

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self._unwrapped, handler(source))

    def _unwrapped(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for key in self.keys:
            if key in data:
                return data[key]
        lists = [each for each in data.values() if isinstance(each, list)]
        if len(lists) == 1 or not data:
            return lists[0] if lists else []
        raise ValueError(f"no {self.keys[0]}")


_IDS = ("id", "campaignId", "interactionId", "profileId", "businessKey")


@dataclass(frozen=True, slots=True)
class Stored(WholeReply):
    """A write that answers one id: of what was made, of the contact, of the run. `id` is empty where it was not said.

    It may come in an object, bare, or as the last segment of a Location; `said` is the answer as text.

    Source: the code of public clients (campaignId, profileId, businessKey). Inferred: the other keys.
    """

    id: str = ""
    said: str = field(default="", repr=False)

    @classmethod
    def of(cls, reply: Reply, page: bool) -> Self | None:
        """None when a page for people came instead."""
        if page:
            return None
        said = reply.text.strip()
        try:
            answer = json.loads(said) if said else None
        except ValueError:
            answer = said
        if isinstance(answer, dict):
            found = next((answer[name] for name in _IDS if isinstance(answer.get(name), str | int)), "")
        else:
            bare = isinstance(answer, str | int) and not isinstance(answer, bool)
            # A bare word such as OK is no id.
            found = answer if bare and any(c.isdigit() for c in str(answer)) and " " not in str(answer) else ""
        return cls(str(found) or last_segment(reply.headers.get("location", "")), said)
