"""Settings of Actito: one licence, which lives in one environment, and the API key with which it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from mcp_server.settings.installation import PolicyWord, RouteSettings, Table, Timeouts, overrides_of
from mcp_server.settings.problems import Clash, Finding, Wrong, nearest
from mcp_server.settings.values import Certificates, Zone, base_address, on_this_machine
from mcp_server.settings.zones import machine_zone

if TYPE_CHECKING:
    from upstream.request import Override

ONE_OF_EACH = (("api_key", "api_key_file", "api_key_keyring"),)
"""Groups of keys of which one says it all; one in the environment replaces another in the file."""

SECRET = "api_key"
"""The key whose value a file or the keyring may hold."""

PREPROD = "preprod"
OWN_HOST = "actito.com"


def _licence(value: str) -> str:
    """The address of an environment by its name, or the address itself."""
    from upstream.actito.environments import ENVIRONMENTS, address_of, environment_of

    if environment_of(address_of(value)):
        return address_of(value)
    if "://" not in value:
        raise Wrong(
            "neither an environment nor an address", f"Write {', '.join(ENVIRONMENTS)}, or an address as https://host"
        )
    address = base_address(value, "Put the key into API_KEY")
    parts = urlsplit(address)
    if parts.scheme == "http" and f".{parts.hostname}".endswith(f".{OWN_HOST}"):
        raise Wrong("would send the key unencrypted", "Write it with https://")
    if parts.path.rpartition("/")[2].casefold() in ("v4", "v5", "auth", "token"):
        raise Wrong("holds a part that the server adds itself", "Write only what stands before /auth/token and /v4")
    return address


def _prefixes(value: dict[str, str]) -> dict[str, str]:
    from upstream.actito.prefixes import PREFIXES

    for category, prefix in value.items():
        if category not in PREFIXES:
            close = nearest(category, PREFIXES)
            raise Wrong(
                f"{category} is no category of routes",
                f"Did you mean {close}?" if close else f"There are: {', '.join(PREFIXES)}",
            )
        segments = prefix.strip("/").split("/")
        plain = all(each.isascii() and (each.isalnum() or each in "-_.~/") for each in prefix)
        if not plain or not all(each.strip(".") for each in segments):
            raise Wrong(f"what stands before {category} is no path", "Use letters, digits, - and _")
    return {category: prefix.strip("/") for category, prefix in value.items()}


class Actito(Table):
    """One licence of Actito and the key with which it is called."""

    url: Annotated[str, AfterValidator(_licence)] = Field(
        "",
        description="environment of the licence: `preprod`, `prod-0`, `prod-1` or `prod-3`; or the address of the API: "
        "what stands before `/auth/token`",
    )
    api_key: SecretStr = Field(SecretStr(""), description="key of an API user; it works in its own environment only")
    api_key_file: str = Field("", description="file that holds the key, instead of `API_KEY`")
    api_key_keyring: str = Field(
        "",
        description="`service/name` in the keyring of the system, instead of `API_KEY`; needs `campaign-mcp[keyring]`",
    )

    time_zone: Zone = Field(
        default_factory=machine_zone,
        description="IANA name of the zone in which dates are said and read; without it the zone of this machine, "
        "else UTC",
    )
    policy: PolicyWord = Field(
        "confirm",
        description="what destroys, reaches customers or changes consent: `block`, `confirm` (a person is asked), "
        "`allow` (not in production, and every host of Actito but `preprod` is production)",
    )

    entity: str = Field("", description="technical name of the entity that is meant where a call names none")
    api: Literal["auto", "v4", "v5"] = Field(
        "auto",
        description="version of the routes of entities, tables and profiles, which exist in both: `v4`, `v5`, or "
        "`auto`, which finds out",
    )
    path_style: Literal["auto", "prefixed", "legacy"] = Field(
        "auto",
        description="how paths begin: `prefixed` (`/email-campaigns/v4/...`), `legacy` (`/v4/...`); `auto` finds out",
    )
    prefixes: Annotated[dict[str, str], AfterValidator(_prefixes)] = Field(
        default_factory=dict,
        description="categories of routes and what stands in front of their paths on this installation",
    )
    max_in_flight: int = Field(
        2, ge=1, le=5, description="requests at the same time; a licence takes 5 in all, whatever the programs"
    )
    timeouts: Timeouts = Field(default_factory=Timeouts)
    ca_file: Certificates = Field(
        "", description="file of certificates that are trusted besides those of the system, such as a company's own"
    )
    cool_down_minutes: float = Field(5, gt=0, le=1440, description="minutes for which a refused key is not tried again")
    routes: dict[str, RouteSettings] = Field(
        default_factory=dict, description="routes of this installation that differ from the published pages"
    )

    @model_validator(mode="after")
    def _complete(self) -> Actito:
        findings: list[Finding] = []
        if not self.url:
            findings.append((("url",), "is needed", "Write preprod, prod-0, prod-1, prod-3, or the address of the API"))
        if not self.api_key.get_secret_value():
            findings.append(((SECRET,), "is needed", "Or name an api_key_file or api_key_keyring"))
        if findings:
            raise Clash(findings)
        return self

    @property
    def environment(self) -> str:
        """The name of the environment, empty for an address that is none of Actito's."""
        from upstream.actito.environments import environment_of

        return environment_of(self.url)

    @property
    def always_production(self) -> bool:
        """Whether nothing that is said makes this another environment: a gateway may stand before production."""
        return self.environment != PREPROD and not on_this_machine(self.url)

    def overrides(self) -> dict[str, Override]:
        """Operation id to override of each route that differs here. Imports the request classes when there are any."""
        return overrides_of("actito", self.routes)
