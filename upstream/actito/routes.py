"""What the routes of Actito have alike: the API, and what stands in their addresses."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Generic

from upstream.actito.segments import Reference, Segment
from upstream.request import Answer, Api, Path, Request

ACTITO_API = Api("actito", "", busy_before_work=True)


class ActitoRequest(Request[Answer], Generic[Answer]):
    """A route of the Actito API. Source: Actito, API reference reorganization (paths)."""

    api: ClassVar[Api] = ACTITO_API
    styled: ClassVar[bool] = True

    def cheap_read(self) -> Request[Any] | None:
        from upstream.actito.cheap_reads import cheap_read

        return cheap_read(self)


class EntityRequest(ActitoRequest[Answer], Generic[Answer]):
    """A route below an entity, which goes by its technical name, never by its number.

    A lone dash stands for licences without entities. Source: Actito, older web service pages.
    """

    belongs_to: ClassVar[str] = "entity"
    entity: Annotated[Segment, Path()]


class ProfileTableRequest(EntityRequest[Answer], Generic[Answer]):
    """A v5 route of one profile table, by its number as text. Inferred: its name may serve as well."""

    profile_table_id: Annotated[Segment, Path("profileTableId")]


class TableRequest(EntityRequest[Answer], Generic[Answer]):
    """A v4 route of one profile table, by its technical name. Inferred: its number may serve as well."""

    table: Annotated[Segment, Path()]


class CustomTableRequest(EntityRequest[Answer], Generic[Answer]):
    """A v4 route of one custom table, by its name or its technical id."""

    custom_table: Annotated[Segment, Path("customTable")]


class ProfileRequest(ProfileTableRequest[Answer], Generic[Answer]):
    """A v5 route of one profile."""

    profile: Annotated[Reference, Path("profile", "reference")]


class ProfileRequestV4(TableRequest[Answer], Generic[Answer]):
    """A v4 route of one profile."""

    profile: Annotated[Reference, Path("profile", "reference")]
