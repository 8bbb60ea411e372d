"""Profiles: finding one, and creating and changing them under the rules of their table."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import json_text
from sandbox.actito.structure import ProfileTable
from sandbox.actito.values import TECHNICAL
from sandbox.actito.work import Work, invalid, not_found
from sandbox.refusals import Refused

Membership = str | bool | None
"""The category of an exclusive segmentation, True for being in a simple one, None for being in neither."""


@dataclass
class Change:
    """What a request says about a profile; what it does not name stays as it is."""

    attributes: dict[str, Any] = field(default_factory=dict)
    subscriptions: dict[str, bool] = field(default_factory=dict)
    segmentations: dict[str, Membership] = field(default_factory=dict)
    collected: dict[str, Any] | None = None

    def set_attribute(self, table: ProfileTable, name: str, given: Any) -> None:
        """Take a value in; 400 for an unknown or technical attribute and for a value that its structure refuses."""
        if name in TECHNICAL:
            raise invalid(f"Attribute '{name}' is technical and never written")
        if name not in table.attributes:
            raise invalid(f"Attribute {name[:60]!r} does not exist in table {table.name}")
        if name in self.attributes:
            raise invalid(f"Attribute '{name}' is given twice")
        try:
            self.attributes[name] = table.attributes[name].value(given)
        except ValueError as error:
            raise invalid(str(error)) from None

    def set_subscription(self, table: ProfileTable, name: str, subscribe: bool) -> None:
        """Take an opt-in or opt-out in; 400 for an unknown subscription."""
        if name not in table.subscriptions:
            raise invalid(f"Subscription {name[:60]!r} does not exist in table {table.name}")
        self.subscriptions[name] = subscribe

    def set_segmentation(self, table: ProfileTable, name: str, membership: Membership) -> None:
        """Take a segment in; 400 for an unknown segmentation or category and for one of the wrong kind."""
        if name not in table.segmentations:
            raise invalid(f"Segmentation {name[:60]!r} does not exist in table {table.name}")
        categories = table.segmentations[name]
        if categories and membership is not None and membership not in categories:
            raise invalid(f"Segmentation '{name}' is exclusive; its categories are {', '.join(categories)}")
        if not categories and membership is not None and not isinstance(membership, bool):
            raise invalid(f"Segmentation '{name}' is simple: it takes true or false")
        self.segmentations[name] = membership or None


def find(work: Work, table: ProfileTable, reference: str) -> sqlite3.Row:
    """The profile of a reference: its number, or attribute=value on a unique attribute; 404 when there is none."""
    name, equals, text = reference.partition("=")
    if not equals:
        name, text = "profileId", reference
        if not (text.isascii() and text.isdigit()):
            raise invalid(f"{reference[:60]!r} is neither a profile id nor attribute=value")
    row = find_by(work, table, name, text)
    if row is None:
        raise not_found("Profile", reference)
    return row


def find_by(work: Work, table: ProfileTable, name: str, given: Any) -> sqlite3.Row | None:
    """The profile with a value of a unique attribute, or None; 400 for an attribute that is not unique."""
    attribute = table.attributes.get(name)
    if attribute is None or not attribute.unique:
        raise invalid(f"Attribute {name[:60]!r} is no unique attribute of table {table.name}")
    try:
        value = attribute.value(given)
    except ValueError as error:
        raise invalid(str(error)) from None
    if value is None or isinstance(value, list):
        raise invalid(f"Attribute '{name}' needs a value")
    if name == "profileId":
        return work.row("SELECT * FROM actito_profiles WHERE table_id = ? AND id = ?", table.id, value)
    query = """SELECT p.* FROM actito_profile_keys k JOIN actito_profiles p ON p.id = k.profile_id
        WHERE k.table_id = ? AND k.attribute = ? AND k.value = ?"""
    return work.row(query, table.id, name, attribute.key(value))


def matching(work: Work, table: ProfileTable, change: Change) -> sqlite3.Row | None:
    """The profile that has one of the unique values of a change, or None; 409 when they belong to several."""
    found = {}
    for name, value in change.attributes.items():
        if table.attributes[name].unique and value is not None:
            row = find_by(work, table, name, value)
            if row is not None:
                found[row["id"]] = row
    if len(found) > 1:
        raise Refused(409, f"The unique attributes belong to {len(found)} different profiles")
    return next(iter(found.values()), None)


def create(work: Work, table: ProfileTable, change: Change) -> int:
    """Store a new profile and return its id; 400 without its mandatory attributes."""
    for attribute in table.attributes.values():
        if attribute.mandatory and attribute.name not in TECHNICAL and change.attributes.get(attribute.name) is None:
            raise invalid(f"Attribute '{attribute.name}' is mandatory")
    now = work.now()
    id_ = work.insert(
        "actito_profiles",
        table_id=table.id,
        attributes=json_text.dump({name: value for name, value in change.attributes.items() if value is not None}),
        subscriptions=json_text.dump(sorted(name for name, wanted in change.subscriptions.items() if wanted)),
        segmentations=json_text.dump({name: value for name, value in change.segmentations.items() if value}),
        collected=None if change.collected is None else json_text.dump(change.collected),
        created=now,
        updated=now,
    )
    _set_keys(work, table, id_, change.attributes)
    return id_


def update(work: Work, table: ProfileTable, row: sqlite3.Row, change: Change) -> int:
    """Change a profile and return its id; 400 where a mandatory attribute would become empty."""
    for name, value in change.attributes.items():
        if value is None and table.attributes[name].mandatory:
            raise invalid(f"Attribute '{name}' is mandatory")
    attributes = {**json_text.parse(row["attributes"]), **change.attributes}
    wanted = {**dict.fromkeys(json_text.parse(row["subscriptions"]), True), **change.subscriptions}
    segments = {**json_text.parse(row["segmentations"]), **change.segmentations}
    work.update(
        "actito_profiles",
        row["id"],
        attributes=json_text.dump({name: value for name, value in attributes.items() if value is not None}),
        subscriptions=json_text.dump(sorted(name for name, subscribed in wanted.items() if subscribed)),
        segmentations=json_text.dump({name: value for name, value in segments.items() if value}),
        updated=work.now(),
        **({} if change.collected is None else {"collected": json_text.dump(change.collected)}),
    )
    _set_keys(work, table, row["id"], change.attributes)
    id_: int = row["id"]
    return id_


def save(work: Work, table: ProfileTable, change: Change) -> int:
    """Update the profile that has one of the unique values of a change, or create it; 400 when there are several."""
    try:
        row = matching(work, table, change)
    except Refused as refused:
        raise invalid(refused.message) from None
    return create(work, table, change) if row is None else update(work, table, row, change)


def delete(work: Work, table: ProfileTable, row: sqlite3.Row) -> None:
    """Erase a profile, and the records whose foreign key says so (contract: CustomTable, onDelete)."""
    for owner in work.rows("SELECT * FROM actito_custom_tables WHERE entity = ?", table.entity):
        for key in json_text.parse(owner["definition"]).get("foreignKeys", ()):
            reference = key.get("reference", {})
            if (reference.get("tableType"), reference.get("tableId")) != ("PROFILE_TABLE", str(table.id)):
                continue
            if key.get("onDelete") == "CASCADE" and reference.get("attribute") == "profileId":
                work.connection.execute(
                    "DELETE FROM actito_records WHERE table_id = ? AND json_extract(attributes, ?) = ?",
                    (owner["id"], f'$."{key["attribute"]}"', row["id"]),
                )
    work.connection.execute("DELETE FROM actito_profiles WHERE id = ?", (row["id"],))


def _set_keys(work: Work, table: ProfileTable, id_: int, attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        attribute = table.attributes[name]
        if not attribute.unique or attribute.multi_valued:
            continue
        work.connection.execute(
            "DELETE FROM actito_profile_keys WHERE profile_id = ? AND attribute = ?",
            (id_, name),
        )
        if value is None:
            continue
        try:
            work.connection.execute(
                "INSERT INTO actito_profile_keys VALUES (?, ?, ?, ?)", (table.id, name, attribute.key(value), id_)
            )
        except sqlite3.IntegrityError:
            raise invalid(f"Attribute '{name}': another profile already has this value") from None
