"""The rows of every table of Actito, and how they get into a database."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from sandbox.bank import actito_work as work
from sandbox.bank.actito_campaigns import campaigns, scenarios
from sandbox.bank.actito_people import people
from sandbox.bank.actito_records import records
from sandbox.bank.actito_structures import ENTITIES, custom_tables, profile_tables

# In the order in which foreign keys allow the rows to be inserted.
COLUMNS: Final = {
    "actito_entities": "id, name, comment",
    "actito_profile_tables": "id, entity, name, definition",
    "actito_profiles": "id, table_id, attributes, subscriptions, segmentations, collected, created, updated",
    "actito_profile_keys": "table_id, attribute, value, profile_id",
    "actito_custom_tables": "id, entity, name, definition",
    "actito_records": "id, table_id, business_key, attributes",
    "actito_etls": "id, entity, name, definition",
    "actito_etl_executions": "id, entity, etl_id, status, readings, started, ended, loadings, one_shot",
    "actito_imports": "id, entity, target, row_count, errors, by_api",
    "actito_campaigns": "id, entity, name, state, settings, subject, html, changed",
    "actito_scenarios": "id, table_id, name, display_name, state, start",
    "actito_custom_actions": "id, entity, name, definition",
    "actito_webhooks": "id, entity, definition",
    "actito_webhook_errors": "id, webhook_id, day, error",
    "actito_forms": "id, entity, name, display_name, state, table_id, fields",
    "actito_participations": "id, form_id, profile_id, answers, moment",
}


def rows(scale: int = 1) -> dict[str, Sequence[Any]]:
    """All rows by table; `scale` multiplies people and payments, up to 50,000 people."""
    profiles, keys = [], []
    for profile, own in people(scale):
        profiles.append(profile)
        keys += own
    keys.sort()
    return {
        "actito_entities": ENTITIES,
        "actito_profile_tables": profile_tables(),
        "actito_profiles": profiles,
        "actito_profile_keys": keys,
        "actito_custom_tables": custom_tables(),
        "actito_records": records(scale),
        "actito_etls": work.etls(),
        "actito_etl_executions": work.executions(),
        "actito_imports": work.imports(),
        "actito_campaigns": campaigns(),
        "actito_scenarios": scenarios(),
        "actito_custom_actions": work.custom_actions(),
        "actito_webhooks": work.webhooks(),
        "actito_webhook_errors": work.webhook_errors(),
        "actito_forms": work.forms(),
        "actito_participations": work.participations(),
    }


def load(connection: sqlite3.Connection, scale: int = 1) -> None:
    """Fills the tables of `sandbox/actito/schema.sql`, which must exist and be empty; leaves the commit to others."""
    found = rows(scale)
    for table, columns in COLUMNS.items():
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", found[table])
