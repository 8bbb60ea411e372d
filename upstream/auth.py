"""How a person or service is known to a campaign system: plain values from the settings, and the headers they become.

Source of the header names: the Campaign REST index page (manager and federated mode); Platform API management for the
case in which no authentication is demanded; Actito, authentication by API key.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from upstream.errors import NotConfigured
from upstream.platform import Login, Logout
from upstream.request import Override, Request

DIGEST_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A request with credentials: `path` as it is appended to the address of the API."""

    method: str
    path: str
    headers: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ManagerLogin:
    """An internal user of Platform: user name and password buy a short-lived token.

    `token_life` is in seconds; the life seen wins when it is shorter. `single_use` says whether a token serves one
    call only (None: found out). `method` and `trailing_slash` hold for login and logout: the documentation does not
    give the method and prints both forms of the path. `header_names` maps a documented header name to the name that
    this installation uses.
    """

    username: str
    password: str = field(repr=False)
    token_life: float = 15
    single_use: bool | None = None
    method: str = "POST"
    trailing_slash: bool = True
    header_names: Mapping[str, str] = field(default_factory=dict)

    def login(self, override: Override | None = None) -> Signed:
        """The login itself. Raises NotConfigured when a header can't carry name or password."""
        request = Login(user_name=self.username, password=self.password, auth_mode="manager")
        wire = request.wire(self._adapted(request, override))
        settings = {self.username: "USERNAME", self.password: "PASSWORD"}
        headers = {name: carried(value, settings.get(value, "USERNAME")) for name, value in wire.headers.items()}
        return Signed(wire.method, wire.path, self._named(headers))

    def logout(self, token: str, override: Override | None = None) -> Signed:
        """The logout of a token."""
        wire = Logout().wire(self._adapted(Logout(), override))
        return Signed(wire.method, wire.path, self.call_headers(token))

    def call_headers(self, token: str) -> dict[str, bytes]:
        """What each call carries."""
        return self._named(
            {
                "m_user_name": carried(self.username, "USERNAME"),
                "m_tokenId": carried(token, "USERNAME"),
                "api_auth_mode": b"manager",
            }
        )

    def _adapted(self, request: Request[Any], override: Override | None) -> Override:
        known = override or Override()
        path = request.path if self.trailing_slash else request.path.rstrip("/")
        return Override(known.method or self.method, known.path or path, known.fields)

    def _named(self, headers: dict[str, bytes]) -> dict[str, bytes]:
        return {self.header_names.get(name, name): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Federated:
    """A user of a federation: the identity provider of Platform issues the token, we only carry it.

    The token is given in the settings, or read from a file, or printed by a command (its arguments as a list, no
    shell); file and command are read again when the token is refused.
    """

    user: str
    client: str
    service_provider: str
    token: str = field(default="", repr=False)
    token_file: str = ""
    token_command: tuple[str, ...] = field(default=(), repr=False)
    header_names: Mapping[str, str] = field(default_factory=dict)

    def call_headers(self, token: str) -> dict[str, bytes]:
        headers = {
            "f_userId": carried(self.user, "FEDERATED_USER"),
            "f_clientId": carried(self.client, "FEDERATED_CLIENT"),
            "f_spId": carried(self.service_provider, "FEDERATED_SERVICE_PROVIDER"),
            "f_tokenId": carried(token, "FEDERATED_TOKEN"),
            "api_auth_mode": b"fsso",
        }
        return {self.header_names.get(name, name): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class NoAuthentication:
    """The installation does not demand authentication for its APIs: no header is sent."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an API user, which buys tokens. `token_life` is in seconds, for servers that do not say it.

    A key works on its own host only. A licence takes five requests at once, whatever the keys. Source: Actito,
    authentication by API key, limitations.
    """

    key: str = field(repr=False)
    token_life: float = 900
    usual_in_flight: ClassVar[int] = 2
    most_in_flight: ClassVar[int] = 5

    def call_headers(self, token: str) -> dict[str, bytes]:
        """What each call carries."""
        return {"authorization": b"Bearer " + carried(token, "API_KEY")}


Authentication = ManagerLogin | Federated | ApiKey | NoAuthentication


def carried(value: str, setting: str) -> bytes:
    """A value as a header carries it: Latin-1 where it fits, as servlet containers read headers, else UTF-8.

    Raises:
        NotConfigured: a character that no header can carry. Found here because the HTTP library would print the value.
    """
    if value != value.strip() or any(unicodedata.category(character) == "Cc" for character in value):
        raise NotConfigured(
            f"The value of the setting ending in {setting} begins or ends with a blank, or holds a line break or "
            "control character, which an HTTP header can't carry.",
            advice="Correct the setting; a file with a secret may end in a line break that does not belong to it.",
        )
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def account_digest(system: str, address: str, user: str, secret: str = "") -> str:
    """The name under which processes share what they know of an account: neither user nor password can be read off.

    The password is part of it, slow to guess from: whoever has another one must not get at the token, and a corrected
    one is not held back by the cool-down of the wrong one.
    """
    scheme, _, rest = address.rstrip("/").partition("://")
    host, _, path = rest.partition("/")
    known = "\0".join((system, scheme.lower(), host.lower(), path, user)).encode()
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), known, DIGEST_ROUNDS if secret else 1, 16).hex()
