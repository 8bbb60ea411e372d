"""The route table: which systems it lists, and how sure each route is."""

from __future__ import annotations

from collections import Counter

from mcp_server import catalogue
from mcp_server.catalogue import Entry
from mcp_server.generated import documented
from mcp_server.routes import rows
from upstream.request import Risk
from upstream.routes import routes

ENTITIES = Entry(
    {"name": "actito_entities_find"},
    "tools.actito.entities",
    "actito",
    "entities",
    False,
    Risk.READ,
    Risk.READ,
    ["listEntities", "listEntitiesV4"],
)


def test_a_system_is_listed_with_its_first_tool() -> None:
    unica = [each for each in catalogue.load() if each.session == "unica"]
    assert {row["system"] for row in rows(unica)} == {"unica-platform", "unica-campaign", "unica-collaborate"}
    found = rows([ENTITIES])
    assert {row["system"] for row in found} == {"actito"} and len(found) >= 77
    assert rows([]) == [] and len(rows([*unica, ENTITIES])) == len(routes())


def test_rows_of_actito_say_how_well_the_route_is_known() -> None:
    found = rows([ENTITIES])
    assert set(Counter(row["confidence"] for row in found)) == {"documented", "observed", "inferred"}
    by_tool = {(row["method"], row["path"]): row["tool"] for row in found if row["tool"]}
    assert by_tool == {
        ("GET", "/auth/token"): "session",
        ("GET", "/entities/v5/entities"): "actito_entities_find",
        ("GET", "/entities/v4/entity"): "actito_entities_find",
    }


def test_every_route_is_known_to_its_contract() -> None:
    known = documented()
    for route in routes():
        sureness = known[route.system, f"{route.method} {route.path}"]
        assert sureness == route.confidence or (not route.confidence and sureness)
    of_actito = {route for system, route in known if system == "actito"}
    assert of_actito == {f"{each.method} {each.path}" for each in routes() if each.system == "actito"}, (
        "guesses are out"
    )
