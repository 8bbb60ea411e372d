"""The settings as one typed value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mcp_server.settings.actito import Actito
from mcp_server.settings.http import Http
from mcp_server.settings.problems import Clash, Finding, Wrong
from mcp_server.settings.surroundings import Surroundings, surroundings
from mcp_server.settings.unica import ADDRESSES, Channel, Unica
from mcp_server.settings.values import Commas, Day, Folders, Names, in_any_case, in_the_clear

if TYPE_CHECKING:
    from tools.clock import Clock
    from upstream.session import Access

NOT_PRODUCTION = ("sandbox", "dev", "test", "uat", "preprod")
"""Environments that are not production; every other word, and none at all, means production."""

FOR_TRIES = ("sandbox", "dev", "test")
"""Environments in which the clock may be set."""

_ENVIRONMENT = "CAMPAIGN_MCP_ENVIRONMENT"

CHANNELS: tuple[Channel, ...] = ("elicitation", "code")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings came from: the file, if there was one, and the names of the variables. No values."""

    file: Path | None
    variables: tuple[str, ...]


class Settings(BaseSettings):
    """What an operator decides. Made by `load`, which reads the environment and the file."""

    model_config = SettingsConfigDict(
        env_prefix="CAMPAIGN_MCP_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: str = Field(
        "production",
        description="`sandbox`, `dev`, `test`, `uat` or `preprod`; any other word, and none, means production",
    )
    state_url: str = Field(
        "",
        repr=False,
        description="database for shared tokens and approvals, such as `postgresql://user:password@host/database`; "
        "without it a SQLite file in your state folder",
    )
    date: Day | None = Field(
        None,
        description="for tries: the day (yyyy-mm-dd) at whose 09:00 UTC the clock of the server begins; only where "
        "`ENVIRONMENT` is `sandbox`, `dev` or `test`",
    )
    toolsets: Names = Field(
        default_factory=list,
        description="categories, systems or tools that are listed, separated by commas; `default` stands for the "
        "usual ones, which are listed without it, `all` for those on demand as well",
    )
    exclude: Names = Field(default_factory=list, description="toolsets or tools to leave out; wins over `TOOLSETS`")
    read_only: bool = Field(False, description="leave out every tool that changes something")
    no_delete: bool = Field(False, description="leave out tools that delete, retire or clear")
    no_send: bool = Field(False, description="leave out tools that reach customers or change consent")
    confirm_also: Names = Field(default_factory=list, description="further tools that ask a person first")
    channels: Annotated[list[Channel], Commas] = Field(
        default_factory=lambda: list(CHANNELS),
        min_length=1,
        description="how a person may be asked: `elicitation` (a question of the client), `code` (a code to give back)",
    )
    channels_reaching_customers: Annotated[list[Channel], Commas] = Field(
        default_factory=lambda given: _careful(given),
        description="the same for what reaches customers or changes what they agreed to; without it only `elicitation` "
        "in production, elsewhere as `CHANNELS`",
    )
    write_without_state: bool = Field(
        False,
        description="let ordinary writes go on while the state database is away, though nothing records them then",
    )
    question_minutes: float = Field(5, gt=0, le=60, description="minutes after which an unanswered question ends")
    upload_folders: Folders = Field(
        default_factory=list,
        description="folders from which files may be attached, separated by commas; without it none",
    )
    upload_max_mb: float = Field(
        10, gt=0, le=100, description="largest file to attach in MiB; the system has a limit of its own"
    )
    message_max_mb: float = Field(4, gt=0, le=100, description="largest message of a client in MiB")
    http: Http = Field(default_factory=Http, description="serving over HTTP")
    unica: Unica | None = Field(None, description="HCL Unica")
    actito: Actito | None = Field(None, description="Actito")

    _origin: Origin = PrivateAttr(default_factory=lambda: Origin(None, ()))

    @property
    def is_production(self) -> bool:
        """Whether the environment is production: every word but the known others, and none at all.

        A system may be production all the same: see `surroundings`.
        """
        return _is_production(self.environment)

    @property
    def _for_tries(self) -> bool:
        """Whether nothing depends on the day that the server thinks it is."""
        real = any(self.surroundings(system).production for system in self.systems)
        return self.environment.strip().casefold() in FOR_TRIES and not real

    def surroundings(self, system: str) -> Surroundings:
        """What holds in one system: where a call lands, whether that is production, and what must be asked."""
        return surroundings(self, system)

    @property
    def origin(self) -> Origin:
        """Where the settings came from."""
        return self._origin

    @property
    def in_the_clear(self) -> list[str]:
        """The variables of addresses to which credentials and data travel unencrypted."""
        from upstream.refusals import setting

        given = (("unica", self.unica, ADDRESSES), ("actito", self.actito, ("url",)))
        return [
            setting(system, key.upper())
            for system, own, addresses in given
            for key in addresses
            if own and key in own.model_fields_set and in_the_clear(getattr(own, key))
        ]

    @property
    def systems(self) -> list[str]:
        """The systems that are configured."""
        return [name for name, own in (("unica", self.unica), ("actito", self.actito)) if own is not None]

    def access(self) -> dict[str, Access]:
        """System to addresses, authentication, limits and overrides, as the session manager takes them."""
        from mcp_server.settings.access import access

        return access(self)

    @field_validator("*", mode="before")
    @classmethod
    def _spelled(cls, value: Any, info: ValidationInfo) -> Any:
        return in_any_case(value, cls.model_fields[info.field_name or ""].annotation)

    def clock(self) -> Clock:
        """Make the clock of a server: that of the machine, or one that begins now at the day of these settings."""
        from tools.clock import from_day, of_machine

        return of_machine if self.date is None else from_day(self.date)

    @field_validator("state_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url:
            from mcp_server.state.address import Address

            try:
                Address.of(url)
            except ValueError:
                raise Wrong(
                    "not an address of a database",
                    "Write sqlite:///path/to/state.db or postgresql://user:password@host:5432/database",
                ) from None
        return url

    @model_validator(mode="after")
    def _together(self) -> Settings:
        findings: list[Finding] = []
        for system in self.systems:
            here = self.surroundings(system)
            if here.policy == "allow" and here.production:
                fixed = system == "actito" and self.actito is not None and self.actito.always_production
                findings.append(
                    (
                        (system, "policy"),
                        "allow would destroy without asking, and "
                        f"{'every host but preprod' if fixed else 'this environment'} counts as production",
                        "Write confirm" + ("" if fixed else f", or set {_ENVIRONMENT} to {', '.join(NOT_PRODUCTION)}"),
                    )
                )
        if self.date is not None and not self._for_tries:
            findings.append(
                (
                    ("date",),
                    "the clock can't be set where real work is done",
                    f"Leave it out, or set {_ENVIRONMENT} to {', '.join(FOR_TRIES)}",
                )
            )
        if strangers := [each for each in self.channels_reaching_customers if each not in self.channels]:
            findings.append(
                (
                    ("channels_reaching_customers",),
                    f"{strangers[0]} is not among the channels",
                    "Add it to CAMPAIGN_MCP_CHANNELS too",
                )
            )
        if findings:
            raise Clash(findings)
        return self


def _is_production(environment: str) -> bool:
    return environment.strip().casefold() not in NOT_PRODUCTION


def _careful(given: dict[str, Any]) -> list[Channel]:
    """The channels for what reaches customers, from the settings that were read before them."""
    channels: list[Channel] = given.get("channels", [])
    if _is_production(given.get("environment", "")):
        return [channel for channel in channels if channel == "elicitation"]
    return list(channels)
