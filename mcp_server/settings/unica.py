"""Settings of HCL Unica: one set of addresses and one account for Platform, Campaign and Collaborate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from mcp_server.settings.problems import Clash, Finding
from mcp_server.settings.values import Address, Command, HeaderNames, Zone
from mcp_server.settings.zones import machine_zone

if TYPE_CHECKING:
    from upstream.request import Override

Channel = Literal["elicitation", "code"]

# Built once, within the model that holds them: the start of the server waits for it.
Strict = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

ONE_OF_EACH = (
    ("password", "password_file", "password_keyring"),
    ("federated_token", "federated_token_file", "federated_token_command"),
)
"""Groups of keys of which one says it all; one in the environment replaces another in the file."""

ADDRESSES = ("url", "platform_url", "campaign_url", "collaborate_url")


class Timeouts(BaseModel):
    """Seconds for the steps of one exchange."""

    model_config = Strict

    connect: float = Field(10, gt=0, le=600, description="seconds until a connection stands")
    read: float = Field(60, gt=0, le=3600, description="seconds without a byte of the answer")
    write: float = Field(30, gt=0, le=3600, description="seconds without a byte of the request leaving")
    pool: float = Field(60, gt=0, le=3600, description="seconds until a connection of ours is free")


class FieldSettings(BaseModel):
    """How one field of a route travels on this installation; empty means as published."""

    model_config = Strict

    name: str = Field("", description="its name on the wire")
    place: str = Field("", description="path, query, header, form or body")
    encoding: str = Field("", description="plain, repeat (a=1&a=2), bracket (a=[1,2]) or json")


def _wire_name(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class RouteSettings(BaseModel):
    """How one route of this installation differs from the published pages; empty means as published."""

    model_config = Strict

    method: str = Field("", description="verb of the route on this installation")
    path: str = Field("", description="path of the route below the mount of the API")
    fields: dict[str, Annotated[FieldSettings, BeforeValidator(_wire_name)]] = Field(
        default_factory=dict, description="fields of the request class (or wire names) that travel differently"
    )

    def as_override(self) -> dict[str, Any]:
        """The differences alone, as `upstream.routes.check_override` reads them."""
        return {
            **({"method": self.method} if self.method else {}),
            **({"path": self.path} if self.path else {}),
            "fields": {
                name: {key: value for key, value in field.model_dump().items() if value}
                for name, field in self.fields.items()
            },
        }


class Unica(BaseModel):
    """One Unica installation and the account with which it is called."""

    model_config = Strict

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
    policy: Literal["block", "confirm", "allow"] = Field(
        "confirm",
        description="what destroys or reaches customers: `block`, `confirm` (a person is asked), "
        "`allow` (not in production)",
    )

    login_method: Literal["POST", "GET"] = Field("POST", description="verb of login and logout")
    login_trailing_slash: bool = Field(True, description="whether the addresses of login and logout end in a slash")
    token_life: float = Field(
        15, gt=0, le=86400, description="seconds a token lives (`Token lifetime` in Platform); a shorter life is learnt"
    )
    single_use_tokens: Literal["auto", "yes", "no"] = Field(
        "auto", description="whether a token serves one call only; `auto` finds out"
    )
    header_names: HeaderNames = Field(
        default_factory=dict, description="documented header names and those that this installation uses instead"
    )
    offers_api: Literal["auto", "v1", "v2"] = Field("auto", description="which routes of offers are used")
    offers_v2_verbs: Literal["auto", "reference", "index"] = Field(
        "auto", description="which of the two published verb sets of the v2 routes is used"
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
        if not self.routes:
            return {}
        from upstream.routes import overrides

        return overrides({name: route.as_override() for name, route in self.routes.items()})
