"""Who may pass: the exchange of the API key, the bearer token and the rights of the key (actito-notes, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.accounts import ANY_KEY, API_KEYS, ApiKey
from sandbox.actito.tokens import AccessTokens
from sandbox.contract import Operation
from sandbox.refusals import Refused
from sandbox.switches import Switches

TOKEN = "getAccessToken"
"""The one operation that takes the raw key."""


def exchange(headers: Mapping[str, str], switches: Switches, tokens: AccessTokens) -> dict[str, Any]:
    """AccessToken for the raw key in Authorization; 401 for others, in words of its own for a key of another host."""
    key = API_KEYS.get(_authorization(headers))
    if key is None:
        raise Refused(401, "The API key is missing, unknown or revoked")
    if key.host is not None:
        raise Refused(
            401, f"The API key belongs to another environment: it is not known on this host, but on {key.host}"
        )
    return tokens.issue(key, switches.actito_token_life, kill_earlier=switches.actito_new_token_kills)


def admit(operation: Operation | None, headers: Mapping[str, str], switches: Switches, tokens: AccessTokens) -> ApiKey:
    """The key that makes the request; 401 without a living bearer token, 403 or 404 without the right it needs."""
    if not switches.authentication or (operation is not None and operation.operation_id == TOKEN):
        return ANY_KEY
    key = tokens.admits(_bearer(headers), switches.actito_token_life)
    if key is None:
        raise Refused(401, "The access token is missing, unknown or expired")
    if operation is not None and not key.may(operation.access_right):
        raise denied(switches, f"The API key lacks the access right {operation.access_right}")
    return key


def denied(switches: Switches, message: str) -> Refused:
    """403, or the 404 that hides it (contract: E404)."""
    return Refused(404, "Resource not found") if switches.actito_mask_denied else Refused(403, message)


def claimed_key(headers: Mapping[str, str], tokens: AccessTokens) -> str | None:
    """The label of the key that a request says it comes from, for the log, which never holds the key itself."""
    key = API_KEYS.get(_authorization(headers)) or tokens.holder(_bearer(headers))
    return None if key is None else key.label


def scheme_breach(operation: Operation, headers: Mapping[str, str]) -> Refused | None:
    """401 for a key that is not sent raw (contract: apiKey, without any scheme word)."""
    if operation.operation_id == TOKEN and " " in _authorization(headers):
        return Refused(401, "the API key is sent raw, without a scheme word before it", breach=True)
    return None


def _authorization(headers: Mapping[str, str]) -> str:
    return headers.get("authorization", "").strip()


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, text = _authorization(headers).partition(" ")
    return text if scheme.lower() == "bearer" else ""
