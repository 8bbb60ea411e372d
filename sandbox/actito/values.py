"""Values of attributes: what a structure lets in, how they are stored, and how v4 writes them.

Stored is the typed value; v5 answers it as it is, v4 as text (actito-notes, section 10). Both versions accept the
typed value and its text, since neither is documented as refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.actito import moments
from sandbox.json_text import INT64_MAX, INT64_MIN

TECHNICAL = ("profileId", "creationMoment", "updateMoment")
"""Attributes of every profile table that are never written (actito-notes, section 1)."""

_KINDS = {"BIRTHDATE": "DATE", "EMAIL_ADDRESS": "EMAIL"}
"""What the predefined kinds hold; all others are STRING (contract: valueType only on CUSTOM attributes)."""

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


@dataclass(frozen=True)
class Attribute:
    """One attribute of a profile or custom table."""

    name: str
    value_type: str
    mandatory: bool = False
    unique: bool = False
    multi_valued: bool = False
    accepted: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int | None = None

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Attribute:
        """From ProfileTableAttribute or CustomTableAttribute of the contract."""
        restriction = item.get("valueRestriction", {})
        kind = item.get("type", "CUSTOM")
        return cls(
            name=item["name"],
            value_type=item.get("valueType", "STRING") if kind == "CUSTOM" else _KINDS.get(kind, "STRING"),
            mandatory=item.get("mandatory", False),
            unique=item.get("unique", False),
            multi_valued=item.get("multiValued", False),
            accepted=tuple(restriction.get("acceptedValues", ())),
            min_length=restriction.get("minLength", 0),
            max_length=restriction.get("maxLength"),
        )

    def value(self, given: Any) -> Any:
        """The value as it is stored, None for an empty one; raises ValueError with a sentence."""
        if given is None or given == "" or given == []:
            return None
        if self.multi_valued:
            items = given if isinstance(given, list) else [given]
            return [self._single(item) for item in items]
        if isinstance(given, list):
            raise ValueError(f"Attribute '{self.name}' is not multi-valued")
        return self._single(given)

    def _single(self, given: Any) -> Any:
        try:
            value = _READERS[self.value_type](given)
        except ValueError as error:
            raise ValueError(f"Attribute '{self.name}' of type {self.value_type}: {error}") from None
        text = as_text(value)
        if self.accepted and text not in self.accepted:
            raise ValueError(f"Attribute '{self.name}': {text[:60]!r} is none of {', '.join(self.accepted)}")
        if len(text) < self.min_length:
            raise ValueError(f"Attribute '{self.name}' has fewer than {self.min_length} characters")
        if self.max_length is not None and len(text) > self.max_length:
            raise ValueError(f"Attribute '{self.name}' has more than {self.max_length} characters")
        return value

    def key(self, value: Any) -> str:
        """The text that stands for a stored value where uniqueness is checked; addresses differ in more than case."""
        text = as_text(value)
        return text.lower() if self.value_type == "EMAIL" else text


def as_text(value: Any) -> str:
    """A single stored value as v4 writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def in_v4(value: Any) -> Any:
    """A stored value as v4 answers it: a text, or a list of texts."""
    return [as_text(item) for item in value] if isinstance(value, list) else as_text(value)


def _string(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError("takes a text")
    return as_text(given)


def _whole(given: Any) -> int:
    if isinstance(given, str) and re.fullmatch(r"-?[0-9]{1,19}", given):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not INT64_MIN <= given <= INT64_MAX:
        raise ValueError("takes a whole number")
    return given


def _number(given: Any) -> int | float:
    if isinstance(given, str) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", given):
        given = float(given) if "." in given else int(given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("takes a number")
    return given


def _boolean(given: Any) -> bool:
    if given in (True, "true"):
        return True
    if given in (False, "false"):
        return False
    raise ValueError("takes true or false")


def _email(given: Any) -> str:
    if not isinstance(given, str) or not _EMAIL.fullmatch(given):
        raise ValueError("takes an e-mail address")
    return given


def _day(given: Any) -> str:
    return moments.day(_string(given))


def _moment(given: Any) -> str:
    return moments.moment(_string(given))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "STRING": _string,
    "INTEGER": _whole,
    "LONG": _whole,
    "NUMBER": _number,
    "BOOLEAN": _boolean,
    "TIMESTAMP": _moment,
    "DATE": _day,
    "EMAIL": _email,
}

VALUE_TYPES = ("STRING", "INTEGER", "LONG", "NUMBER", "BOOLEAN", "TIMESTAMP", "DATE")
"""What `valueType` may say. Printed are INTEGER, STRING, TIMESTAMP, LONG and NUMBER; the others are inferred."""
