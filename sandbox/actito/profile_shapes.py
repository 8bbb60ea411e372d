"""The two shapes of a profile: lists of name and value in v4, flat maps in v5 (actito-notes, section 4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import json_text
from sandbox.actito import moments
from sandbox.actito.profiles import Change
from sandbox.actito.structure import ProfileTable
from sandbox.actito.values import TECHNICAL, in_v4
from sandbox.actito.work import invalid

Json = dict[str, Any]


def change_v5(table: ProfileTable, body: Mapping[str, Any]) -> Change:
    """What ProfileV5Write or ProfileV5Patch says, its key left out; raises 400."""
    change = Change()
    for name, value in body.get("attributes", {}).items():
        change.set_attribute(table, name, value)
    for name, wanted in body.get("subscriptions", {}).items():
        change.set_subscription(table, name, wanted)
    for name, membership in body.get("segmentations", {}).items():
        if not isinstance(membership, str | bool | None):
            raise invalid(f"Segmentation {name[:60]!r} takes a category, true or false")
        change.set_segmentation(table, name, membership)
    return change


def change_v4(table: ProfileTable, body: Mapping[str, Any]) -> Change:
    """What ProfileV4 says; raises 400."""
    change = Change()
    for item in body.get("attributes", ()):
        change.set_attribute(table, item["name"], item.get("value"))
    for item in body.get("subscriptions", ()):
        change.set_subscription(table, item["name"], item["subscribe"])
    for item in body.get("segmentations", ()):
        _set_segmentation_v4(change, table, item)
    for block in ("dataCollectionInformation", "dataCollection"):
        if block in body:
            change.collected = _collection(body[block])
    return change


def _set_segmentation_v4(change: Change, table: ProfileTable, item: Mapping[str, Any]) -> None:
    """Either variant of SegmentationV4: name and category, or belongs and segmentation."""
    named = item.get("segmentation", item)
    name, category = named.get("name"), named.get("category")
    if not name:
        raise invalid("A segmentation needs a name")
    belongs = item.get("belongs", True)
    if table.segmentations.get(name):
        change.set_segmentation(table, name, category if belongs else None)
        if belongs and category is None:
            raise invalid(f"Segmentation '{name}' is exclusive: it needs a category")
    else:
        if category not in (None, name):
            raise invalid(f"Segmentation '{name}' is simple: it has no categories")
        change.set_segmentation(table, name, belongs)


def _collection(block: Mapping[str, Any]) -> Json:
    """DataCollection; its date is stored as a moment."""
    try:
        return {key: moments.moment(value) if key == "date" else value for key, value in block.items()}
    except ValueError as error:
        raise invalid(str(error)) from None


def view_v5(table: ProfileTable, row: sqlite3.Row) -> Json:
    """ProfileV5: typed values, and null where nothing is stored."""
    stored = values(row)
    wanted = set(json_text.parse(row["subscriptions"]))
    segments = json_text.parse(row["segmentations"])
    return {
        "profileId": row["id"],
        "attributes": {name: stored.get(name) for name in table.attributes},
        "subscriptions": {name: name in wanted for name in sorted(table.subscriptions)},
        "segmentations": {
            name: segments.get(name) if categories else name in segments
            for name, categories in table.segmentations.items()
        },
    }


def view_v4(table: ProfileTable, row: sqlite3.Row) -> Json:
    """ProfileV4: values as texts, and nothing where nothing is stored."""
    stored = values(row)
    answer = {
        "attributes": [
            {"name": name, "value": in_v4(stored[name])} for name in table.attributes if stored.get(name) is not None
        ],
        "subscriptions": subscriptions_v4(table, row),
        "segmentations": segmentations_v4(table, row),
    }
    if row["collected"] is not None:
        answer["dataCollectionInformation"] = json_text.parse(row["collected"])
    return answer


def subscriptions_v4(table: ProfileTable, row: sqlite3.Row) -> list[Json]:
    """SubscriptionV4 of every subscription of the table."""
    wanted = set(json_text.parse(row["subscriptions"]))
    return [{"name": name, "subscribe": name in wanted} for name in sorted(table.subscriptions)]


def segmentations_v4(table: ProfileTable, row: sqlite3.Row) -> list[Json]:
    """SegmentationV4: the exclusive ones that the profile is in, and all simple ones."""
    segments = json_text.parse(row["segmentations"])
    answer: list[Json] = []
    for name, categories in table.segmentations.items():
        if not categories:
            answer.append({"belongs": name in segments, "segmentation": {"name": name, "category": name}})
        elif name in segments:
            answer.append({"name": name, "category": segments[name]})
    return answer


def values(row: sqlite3.Row) -> Json:
    """The stored values of a profile, the technical ones among them."""
    technical = dict(zip(TECHNICAL, (row["id"], row["created"], row["updated"]), strict=True))
    return {**technical, **json_text.parse(row["attributes"])}
