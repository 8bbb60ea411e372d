"""What the settings of every campaign system have alike: times of an exchange, policy, and routes that differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from mcp_server.settings.values import in_any_case

if TYPE_CHECKING:
    from upstream.request import Override

PolicyWord = Literal["block", "confirm", "allow"]
"""What happens before something destroys or reaches customers."""

# Built once, within the model that holds them: the start of the server waits for it.
Strict = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


class Table(BaseModel):
    """Settings that belong together. Their words may be written in any letter case."""

    model_config = Strict

    @field_validator("*", mode="before")
    @classmethod
    def _spelled(cls, value: Any, info: ValidationInfo) -> Any:
        return in_any_case(value, cls.model_fields[info.field_name or ""].annotation)


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


def overrides_of(system: str, routes: Mapping[str, RouteSettings]) -> dict[str, Override]:
    """Operation id to override of each route of a system that differs here.

    Imports the request classes when there are any. Raises ValueError for an unknown route or field, or a request that
    could not be sent.
    """
    if not routes:
        return {}
    from upstream.routes import overrides

    return overrides({name: route.as_override() for name, route in routes.items()}, system)
