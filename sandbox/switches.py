"""The switches of the stand-in: what a test or a demonstration may change about it while it runs."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import contract
from sandbox.faults import Fault

HEADER_NAMES = (
    "m_user_name",
    "m_user_password",
    "m_tokenId",
    "api_auth_mode",
    "f_userId",
    "f_clientId",
    "f_spId",
    "f_tokenId",
)
"""Headers of the documented authentication (notes, section 2); each can be renamed."""

UPLOAD_TYPES = (
    *("csv", "doc", "docx", "gif", "jpeg", "jpg", "odp", "ods", "odt", "pdf", "png", "ppt", "pptx", "rtf", "txt"),
    *("xls", "xlsx"),
)
"""Common office, image, text and PDF types (collaborate-notes, section 7)."""

_PLACES = ("query", "form", "header")


@dataclass(frozen=True)
class Switches:
    """One state of all switches; the defaults are an installation as documented, with HTTPS not required.

    token_life: seconds from login, never extended by use. single_use_tokens: each token lets one call through.
    blocked: systems answering 403. https_only: plain HTTP answers 403. authentication: False lets every call in.
    federated_tokens: values of f_tokenId that are accepted. offers_v1, offers_v2: whether the family exists.
    v2_verbs: which of the two published verb sets of v2 exists. strict: refuse what the contract does not have.
    latency: seconds before each answer. rate_429, rate_503: share of requests answered so, drawn with a fixed seed.
    retry_after: seconds said in Retry-After of those. item_failures: names or ids of offers that fail one by one.
    date_form: how moments are written. error_body: what 4xx and 5xx answers carry. rename: operationId to changes.
    header_names: documented header to the one used instead. login_method: verb of login and logout. faults: see Fault.

    Of Collaborate: empty_collections: "404" or "200", how a collection without items answers. drop_range: a proxy takes
    the header Range away. location: whether 201 says where the new object is. upload_max_bytes, upload_types: largest
    file and the endings of file names that attachments may have. stale_runs: the first reading of a run still answers
    what the row's run before it came to.
    """

    token_life: float = 15.0
    single_use_tokens: bool = False
    blocked: tuple[str, ...] = ()
    https_only: bool = False
    authentication: bool = True
    federated_tokens: tuple[str, ...] = ("federated-token",)
    offers_v1: bool = True
    offers_v2: bool = True
    v2_verbs: str = "both"
    strict: bool = True
    latency: float = 0.0
    rate_429: float = 0.0
    rate_503: float = 0.0
    retry_after: float | None = None
    item_failures: tuple[str, ...] = ()
    date_form: str = "milliseconds"
    error_body: str = "json"
    rename: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    header_names: Mapping[str, str] = field(default_factory=dict)
    login_method: str = "POST"
    faults: tuple[Mapping[str, Any], ...] = ()
    empty_collections: str = "404"
    drop_range: bool = False
    location: bool = True
    upload_max_bytes: int = 10 * 1024 * 1024
    upload_types: tuple[str, ...] = UPLOAD_TYPES
    stale_runs: bool = False

    def changed(self, changes: Mapping[str, Any]) -> Switches:
        """A copy with some switches set; raises ValueError that names the switch and what it takes."""
        if not isinstance(changes, Mapping):
            raise ValueError("the switches are a JSON object of name and value")
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _CHECKS:
                raise ValueError(f"unknown switch {name!r}; there are: {', '.join(_CHECKS)}")
            try:
                checked[name] = _CHECKS[name](value)
            except (ValueError, TypeError) as error:
                raise ValueError(f"switch {name!r}: {error}") from None
        return dataclasses.replace(self, **checked)

    def as_json(self) -> dict[str, Any]:
        """The switches as the control interface shows them."""
        return {name: _plain(getattr(self, name)) for name in _CHECKS}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("takes true or false")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("takes a number of seconds, 0 or more")
    return float(value)


def _optional_seconds(value: Any) -> float | None:
    return None if value is None else _seconds(value)


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("takes a number from 0 to 1")
    return float(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ValueError("takes a list of texts")
    return tuple(value)


def _endings(value: Any) -> tuple[str, ...]:
    return tuple(text.lower().removeprefix(".") for text in _texts(value))


def _bytes(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("takes a number of bytes, 0 or more")
    return value


def _names_or_ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(type(item) in (str, int) for item in value):
        raise ValueError("takes a list of names and ids")
    return tuple(str(item) for item in value)


def _systems(value: Any) -> tuple[str, ...]:
    systems = _texts(value)
    known = (contract.PLATFORM, contract.CAMPAIGN, contract.COLLABORATE)
    if not set(systems) <= set(known):
        raise ValueError(f"takes a list out of {', '.join(known)}")
    return systems


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"takes one of {', '.join(choices)}")
        return str(value)

    return check


def _headers(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("takes an object of documented header and other name")
    for name, other in value.items():
        if name not in HEADER_NAMES:
            raise ValueError(f"unknown header {name!r}; there are: {', '.join(HEADER_NAMES)}")
        if not isinstance(other, str) or not other:
            raise ValueError(f"the other name of {name!r} must be a text")
    return dict(value)


def _renames(value: Any) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping):
        raise ValueError("takes an object of operationId and changes")
    operations = contract.load().operations
    for operation_id, change in value.items():
        if operation_id not in operations:
            raise ValueError(f"unknown operation {operation_id!r}")
        if not isinstance(change, Mapping):
            raise ValueError(f"{operation_id} takes an object")
        _rename(operations[operation_id], change)
    return {operation_id: dict(change) for operation_id, change in value.items()}


def _rename(operation: contract.Operation, change: Mapping[str, Any]) -> None:
    unknown = set(change) - {"method", "path", "fields", "response_fields"}
    if unknown:
        raise ValueError(f"{operation.operation_id}: unknown key {sorted(unknown)[0]!r}")
    for key in ("method", "path"):
        if not isinstance(change.get(key, ""), str):
            raise ValueError(f"{operation.operation_id}: {key} must be a text")
    if not str(change.get("path", "/")).startswith("/"):
        raise ValueError(f"{operation.operation_id}: path must begin with /")
    path = str(change.get("path", operation.path))
    if sorted(re.findall(r"\{.*?\}", path)) != sorted(re.findall(r"\{.*?\}", operation.path)):
        raise ValueError(f"{operation.operation_id}: path must have the same parameters as {operation.path}")
    for key in ("fields", "response_fields"):
        if not isinstance(change.get(key, {}), Mapping):
            raise ValueError(f"{operation.operation_id}: {key} takes an object")
    known = {field.name: field for field in operation.fields}
    for name, target in change.get("fields", {}).items():
        if name not in known:
            raise ValueError(f"{operation.operation_id} has no field {name!r}; it has: {', '.join(known) or 'none'}")
        if not isinstance(target, Mapping) or not set(target) <= {"name", "place"}:
            raise ValueError(f"{operation.operation_id}.{name} takes an object with 'name' and 'place'")
        if not isinstance(target.get("name", ""), str) or target.get("place", "query") not in _PLACES:
            raise ValueError(f"{operation.operation_id}.{name}: 'place' is one of {', '.join(_PLACES)}")
        if known[name].place == "path":
            raise ValueError(f"{operation.operation_id}.{name} is part of the path; change 'path' instead")
    for name, other in change.get("response_fields", {}).items():
        if not isinstance(other, str):
            raise ValueError(f"{operation.operation_id}: the other name of answer field {name!r} must be a text")


def _faults(value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("takes a list of faults")
    for item in value:
        Fault.read(item)
    return tuple(dict(item) for item in value)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "token_life": _seconds,
    "single_use_tokens": _boolean,
    "blocked": _systems,
    "https_only": _boolean,
    "authentication": _boolean,
    "federated_tokens": _texts,
    "offers_v1": _boolean,
    "offers_v2": _boolean,
    "v2_verbs": _one_of("both", "index", "reference"),
    "strict": _boolean,
    "latency": _seconds,
    "rate_429": _share,
    "rate_503": _share,
    "retry_after": _optional_seconds,
    "item_failures": _names_or_ids,
    "date_form": _one_of("milliseconds", "text", "bean"),
    "error_body": _one_of("json", "text", "html", "empty"),
    "rename": _renames,
    "header_names": _headers,
    "login_method": _one_of("POST", "GET"),
    "faults": _faults,
    "empty_collections": _one_of("404", "200"),
    "drop_range": _boolean,
    "location": _boolean,
    "upload_max_bytes": _bytes,
    "upload_types": _endings,
    "stale_runs": _boolean,
}
