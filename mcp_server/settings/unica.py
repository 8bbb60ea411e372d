"""Settings of HCL Unica: one set of addresses and one account for Platform, Campaign and Collaborate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, model_validator

from mcp_server.settings.installation import PolicyWord, RouteSettings, Table, Timeouts, overrides_of
from mcp_server.settings.problems import Clash, Finding
from mcp_server.settings.values import Address, Command, HeaderNames, Zone
from mcp_server.settings.zones import machine_zone

if TYPE_CHECKING:
    from upstream.request import Override

Channel = Literal["elicitation", "code"]

ONE_OF_EACH = (
    ("password", "password_file", "password_keyring"),
    ("federated_token", "federated_token_file", "federated_token_command"),
)
"""Groups of keys of which one says it all; one in the environment replaces another in the file."""

SECRET = "password"
"""The key whose value a file or the keyring may hold."""

ADDRESSES = ("url", "platform_url", "campaign_url", "collaborate_url")


class Unica(Table):
    """One Unica installation and the account with which it is called."""

    url: Address = Field(
        "", description="address of the installation: what stands before `/Campaign/api`, `/unica/api`"
    )
    platform_url: Address = Field(
        default_factory=lambda given: given["url"], description="address of Platform, where it is another one (login)"
    )
    campaign_url: Address = Field(
        default_factory=lambda given: given["url"], description="address of Campaign, where it is another one"
    )
    collaborate_url: Address = Field(
        default_factory=lambda given: given["url"], description="address of Collaborate, where it is another one"
    )

    auth: Literal["manager", "federated", "none"] = Field(
        "manager",
        description="`manager`: user name and password of an internal Platform user; `federated`: a token of your "
        "identity provider; `none`: the installation does not demand authentication",
    )
    username: str = Field("", description="login name; best a service account that nobody else uses")
    password: SecretStr = Field(SecretStr(""), description="its password")
    password_file: str = Field("", description="file that holds the password, instead of `PASSWORD`")
    password_keyring: str = Field(
        "",
        description="`service/name` in the keyring of the system, instead of `PASSWORD`; needs `campaign-mcp[keyring]`",
    )

    federated_user: str = Field("", description="user id in the federation")
    federated_client: str = Field("", description="client id in the federation")
    federated_service_provider: str = Field("", description="service provider id in the federation")
    federated_token: SecretStr = Field(SecretStr(""), description="token of the identity provider")
    federated_token_file: str = Field("", description="file that holds the token; read again when it is refused")
    federated_token_command: Command = Field(
        default_factory=list, repr=False, description="command that prints the token; run again when it is refused"
    )

    time_zone: Zone = Field(
        default_factory=machine_zone,
        description="IANA name of the zone in which dates are said and read; without it the zone of this machine, "
        "else UTC",
    )
    date_form: Literal["auto", "milliseconds", "seconds", "offset", "local", "day", "dd/mm/yyyy", "mm/dd/yyyy"] = Field(
        "auto",
        description="how this installation writes dates: `milliseconds` or `seconds` since 1970, `offset` "
        "(`2026-11-30T22:20:00+01:00`), `local` (the same without offset), `day` (without time), `dd/mm/yyyy` or "
        "`mm/dd/yyyy`; `auto` learns it from what is read, and reads `03/04/2026` only once that shows the order",
    )
    policy: PolicyWord = Field(
        "confirm",
        description="what destroys or reaches customers: `block`, `confirm` (a person is asked), "
        "`allow` (not in production)",
    )

    login_method: Literal["POST", "GET"] = Field("POST", description="verb of login and logout: `POST` or `GET`")
    login_trailing_slash: bool = Field(True, description="whether the addresses of login and logout end in a slash")
    token_life: float = Field(
        15, gt=0, le=86400, description="seconds a token lives (`Token lifetime` in Platform); a shorter life is learnt"
    )
    single_use_tokens: Literal["auto", "yes", "no"] = Field(
        "auto", description="whether a token serves one call only: `yes`, `no`, or `auto`, which finds out"
    )
    header_names: HeaderNames = Field(
        default_factory=dict, description="documented header names and those that this installation uses instead"
    )
    offers_api: Literal["auto", "v1", "v2"] = Field(
        "auto", description="which routes of offers are used: `v1`, `v2`, or `auto`, which finds out"
    )
    offers_v2_verbs: Literal["auto", "reference", "index"] = Field(
        "auto",
        description="which of the two published verb sets of the v2 routes is used: `reference`, `index`, or `auto`, "
        "which finds out",
    )
    max_in_flight: int = Field(8, ge=1, le=100, description="requests at the same time")
    timeouts: Timeouts = Field(default_factory=Timeouts)
    cool_down_minutes: float = Field(
        5, gt=0, le=1440, description="minutes for which a refused password is not tried again"
    )
    routes: dict[str, RouteSettings] = Field(
        default_factory=dict, description="routes of this installation that differ from the published pages"
    )

    @model_validator(mode="after")
    def _complete(self) -> Unica:
        findings = [*self._addresses_missing(), *self._credentials_missing()]
        if findings:
            raise Clash(findings)
        return self

    def _addresses_missing(self) -> list[Finding]:
        if not (self.campaign_url or self.collaborate_url):
            return [(("url",), "is needed", "Write the address of the installation, such as https://unica.example.com")]
        if self.auth == "manager" and not self.platform_url:
            return [
                (("platform_url",), "is needed for the login", "Write the address of Platform, or URL for all three")
            ]
        return []

    def _credentials_missing(self) -> list[Finding]:
        needed: dict[str, tuple[str, ...]] = {
            "manager": ("username",),
            "federated": ("federated_user", "federated_client", "federated_service_provider"),
            "none": (),
        }
        findings: list[Finding] = [
            ((key,), f"is needed with auth {self.auth}", "Write it, or choose another auth")
            for key in needed[self.auth]
            if not getattr(self, key)
        ]
        if self.auth == "manager" and not self.password.get_secret_value():
            findings.append(
                (("password",), "is needed with auth manager", "Or name a password_file or password_keyring")
            )
        if self.auth == "federated" and not (
            self.federated_token.get_secret_value() or self.federated_token_file or self.federated_token_command
        ):
            findings.append(
                (("federated_token",), "is needed with auth federated", "Or name a federated_token_file or _command")
            )
        return findings

    def overrides(self) -> dict[str, Override]:
        """Operation id to override of each route that differs here. Imports the request classes when there are any."""
        return overrides_of("unica", self.routes)
