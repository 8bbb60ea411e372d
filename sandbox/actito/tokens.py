"""Access tokens (actito-notes, section 3): one call trades the API key for a token, which lives a fixed time.

Whether a new token voids the earlier ones of its key is not documented: the switch `actito_new_token_kills` decides.
The life is compared when a token is used, so a change of `actito_token_life` reaches tokens that are out already.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
import uuid
from typing import Any

from sandbox.accounts import ApiKey


class AccessTokens:
    """The tokens that were issued since the start or the last reset."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[ApiKey, float]] = {}

    def issue(self, key: ApiKey, life: float, *, kill_earlier: bool) -> dict[str, Any]:
        """A new token, as AccessToken of the contract says it."""
        if kill_earlier:
            self._issued = {text: found for text, found in self._issued.items() if found[0] is not key}
        jti = str(uuid.uuid4())
        scope = "read" if key.rights and "write" not in key.rights.values() else "read write"
        claims = {"sub": key.label, "scope": scope, "jti": jti}
        text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}.{secrets.token_urlsafe(24)}"
        self._issued[text] = (key, time.monotonic())
        return {"accessToken": text, "tokenType": "bearer", "expiresIn": f"{life:g}s", "scope": scope, "jti": jti}

    def holder(self, text: str) -> ApiKey | None:
        """The key that a token was issued for, however old it is; None for an unknown one."""
        return self._issued[text][0] if text in self._issued else None

    def admits(self, text: str, life: float) -> ApiKey | None:
        """The key of a token that is younger than `life` seconds, else None."""
        found = self._issued.get(text)
        return found[0] if found is not None and time.monotonic() - found[1] < life else None


def _part(content: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode("utf-8")).decode("ascii").rstrip("=")
