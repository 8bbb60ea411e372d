"""Trading the API key for a token. An account does this by itself; no tool calls it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from upstream.actito.routes import ACTITO_API
from upstream.record import Record
from upstream.request import Header, Request

TOKEN_SECONDS = 900.0


def _seconds(value: Any) -> Any:
    """`900s`, `900` or 900 as seconds; anything else counts as not said."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*s?\s*", str(value))
    return float(found[1]) if found and float(found[1]) > 0 else TOKEN_SECONDS


class AccessToken(Record):
    """A token, to be sent as bearer. `expires_in` is in seconds.

    Source: Actito, authentication by API key.
    """

    # Built at once: a reader made before the model is built would not hide the token in its errors.
    model_config = ConfigDict(hide_input_in_errors=True, defer_build=False)

    access_token: str = Field(min_length=1, repr=False)
    token_type: str = "bearer"
    expires_in: Annotated[float, BeforeValidator(_seconds)] = TOKEN_SECONDS
    scope: str = ""
    jti: str = Field("", repr=False)


class GetAccessToken(Request[AccessToken]):
    """Trade the API key for a token that lives 900 s. There is no other way to renew one.

    The raw key travels in the Authorization header, without a scheme. 401 for a key that is wrong, or of another host.
    Whether a new token ends earlier ones is not known.

    Source: Actito, authentication by API key.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    api = ACTITO_API
    method, path, operation, category = "GET", "/auth/token", "getAccessToken", "authentication"
    confidence = "documented"

    api_key: Annotated[str, Field(repr=False), Header("Authorization")]
