"""Operations on entities, which are only listed."""

from __future__ import annotations

from sandbox.actito.work import Work, one, operation
from sandbox.answers import Answer
from sandbox.reading import Arguments


@operation("listEntities")
def list_entities(work: Work, arguments: Arguments) -> Answer:
    """GET /entities/v5/entities: those that the key may use."""
    rows = work.rows("SELECT * FROM actito_entities ORDER BY id")
    return one({"entities": [dict(row) for row in rows if work.key.sees(row["name"])]})


@operation("listEntitiesV4")
def list_entities_v4(work: Work, arguments: Arguments) -> Answer:
    """GET /entities/v4/entity: the same."""
    return list_entities(work, arguments)
