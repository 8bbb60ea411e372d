"""Entities: the partitions of a licence, such as a brand or a country. Everything else belongs to one."""

from __future__ import annotations

from typing import Annotated

from upstream.actito.objects import Wrapped
from upstream.actito.routes import ActitoRequest
from upstream.record import Many, Record


class Entity(Record):
    """An entity. `name` is what stands in every address; the number serves nowhere.

    Source: Actito, quick start.
    """

    id: int | None = None
    name: str = ""
    comment: str = ""


class ListEntities(ActitoRequest[Annotated[Many[Entity], Wrapped("entities")]]):
    """List the entities that the key may use.

    Source: Actito, quick start.
    """

    method, path, operation, category = "GET", "/entities/v5/entities", "listEntities", "entities"
    confidence = "documented"


class ListEntitiesV4(ActitoRequest[Annotated[Many[Entity], Wrapped("entities")]]):
    """List the entities that the key may use, by the older route.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = "GET", "/entities/v4/entity", "listEntitiesV4", "entities"
    confidence = "observed"
