"""The rows of every table, and how they get into a database."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sandbox.bank.attributes import definitions
from sandbox.bank.campaigns import campaigns
from sandbox.bank.cells import cells
from sandbox.bank.collaborate_tables import COLUMNS as COLLABORATE_COLUMNS
from sandbox.bank.collaborate_tables import collaborate
from sandbox.bank.editions import MOST, Edition, editions
from sandbox.bank.folders import folders
from sandbox.bank.offer_lists import offer_lists
from sandbox.bank.offers import offers
from sandbox.bank.results import results
from sandbox.bank.templates import TEMPLATES, serial_span, templates

Rows = list[Sequence[Any]]

# In the order in which foreign keys allow the rows to be inserted.
COLUMNS: Final = {
    "folders": "id, parent_id, kind, name, security_policy",
    "attribute_definitions": "id, name, component_type, definition",
    "offer_templates": "id, name, description, code_format, retired, attributes",
    "campaigns": "id, name, description, code, initiative, objectives, security_policy, creator, created_by_id,"
    " created_by, create_ms, start_ms, end_ms, last_run_ms, project_id, folder_id, attributes",
    "offers": "id, code, name, description, template_id, folder_id, security_policy, retired, attributes",
    "offer_lists": "id, name, description, code, security_policy, folder_id, creator_flag, creator_object_id, smart,"
    " retired, smart_info, used, attributes",
    "offer_list_members": "list_id, position, offer_id",
    "cells": "id, campaign_id, name, description, code, is_control, control_cell_id, read_only, top_down, status,"
    " approved, display_order, flowchart_id, flowchart_name, attributes",
    "cell_offers": "cell_id, position, kind, object_id",
    "runs": "id, cell_id, flowchart_id, flowchart_name, type, status, status_code, status_message, start_ms, end_ms,"
    " count",
    "metrics": "campaign_id, total_contacts",
    "metric_responses": "campaign_id, position, response_type, display_name, count",
    **COLLABORATE_COLUMNS,
}


def _statement(table: str) -> str:
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(columns.split(',')))})"


def _bank() -> dict[str, Rows]:
    """Edition 0."""
    all_offers = offers()
    lists, members = offer_lists(all_offers)
    planned = campaigns()
    all_cells, assigned = cells(planned, all_offers, lists)
    done = results(planned, all_cells)
    return {
        "folders": list(folders()),
        "attribute_definitions": list(definitions()),
        "offer_templates": list(templates()),
        "campaigns": [one.row._replace(last_run_ms=done.last_runs.get(one.row.id)) for one in planned],
        "offers": [offer.row for offer in all_offers],
        "offer_lists": list(lists),
        "offer_list_members": list(members),
        "cells": [cell.row for cell in all_cells],
        "cell_offers": list(assigned),
        "runs": list(done.runs),
        "metrics": list(done.metrics),
        "metric_responses": list(done.responses),
        **collaborate(all_offers),
    }


class _Press:
    """Prints editions. Works column by column on plain tuples, because at scale 100 this is a quarter million rows."""

    def __init__(self, bank: dict[str, Rows]) -> None:
        self._bank = bank
        self._size = {table: len(bank[table]) for table in ("campaigns", "offers", "offer_lists", "cells", "runs")}
        spans = {template.id: serial_span(template.code_format) for template in TEMPLATES}
        per_template = max(sum(row[4] == template.id for row in bank["offers"]) for template in TEMPLATES)
        self._stride = per_template + 10
        self._offers = []
        for row in bank["offers"]:
            start, end = spans[row[4]]
            code = row[1]
            self._offers.append((code[:start], int(code[start:end]), end - start, code[end:], row))
        contacted = {row[0]: row[1] for row in bank["cells"] if not row[5]}
        self._runs = [(contacted.get(row[1], 0), row) for row in bank["runs"]]

    def append(self, edition: Edition, out: dict[str, Rows]) -> None:
        """Adds one edition to `out`, the rows so far."""
        number, suffix, weight = edition
        to = {table: number * size for table, size in self._size.items()}
        campaign, offer, listed, cell = to["campaigns"], to["offers"], to["offer_lists"], to["cells"]
        bank, serial = self._bank, number * self._stride
        out["campaigns"] += [
            (r[0] + campaign, r[1] + suffix, r[2], f"C{r[0] + campaign:09d}", *r[4:]) for r in bank["campaigns"]
        ]
        out["offers"] += [
            (r[0] + offer, f"{head}{first + serial:0{width}d}{tail}", r[2] + suffix, *r[3:])
            for head, first, width, tail, r in self._offers
        ]
        out["offer_lists"] += [
            (r[0] + listed, r[1] + suffix, r[2], f"L{r[0] + listed:06d}", *r[4:]) for r in bank["offer_lists"]
        ]
        out["offer_list_members"] += [(a + listed, place, b + offer) for a, place, b in bank["offer_list_members"]]
        out["cells"] += [
            (
                r[0] + cell,
                r[1] + campaign,
                r[2] + suffix,
                r[3],
                f"A{r[0] + cell:09d}",
                r[5],
                None if r[6] is None else r[6] + cell,
                *r[7:12],
                None if r[12] is None else r[12] + 2 * campaign,
                *r[13:],
            )
            for r in bank["cells"]
        ]
        out["cell_offers"] += [
            (a + cell, place, kind, b + (offer if kind == "OFFER" else listed))
            for a, place, kind, b in bank["cell_offers"]
        ]
        self._append_results(to, weight, out)

    def _append_results(self, to: dict[str, int], weight: int, out: dict[str, Rows]) -> None:
        campaign, cell, run = to["campaigns"], to["cells"], to["runs"]
        contacts: defaultdict[int, int] = defaultdict(int)
        rows = out["runs"]
        for contacted, (key, of, flowchart, *middle, count) in self._runs:
            if count is not None:
                count = count * weight // 100
                contacts[contacted] += count
            rows.append((key + run, of + cell, flowchart + 2 * campaign, *middle, count))
        out["metrics"] += [(key + campaign, contacts.get(key, 0)) for key, _ in self._bank["metrics"]]
        out["metric_responses"] += [
            (key + campaign, place, kind, label, count * weight // 100)
            for key, place, kind, label, count in self._bank["metric_responses"]
        ]


def rows(scale: int = 1) -> dict[str, tuple[str, Rows]]:
    """Per table, in insertion order, its INSERT statement and the tuples for it.

    `scale` multiplies campaigns, offers, lists, cells and runs. Raises ValueError outside of 1 to 1000.
    """
    if not 1 <= scale <= MOST:
        raise ValueError(f"scale must be between 1 and {MOST}, not {scale}")
    bank = _bank()
    press = _Press(bank)
    out = {table: list(found) for table, found in bank.items()}
    for edition in editions(scale):
        press.append(edition, out)
    return {table: (_statement(table), out[table]) for table in COLUMNS}


def load(connection: sqlite3.Connection, scale: int = 1) -> None:
    """Fills the tables of `schema.sql`, which must exist and be empty, in one transaction that it commits.

    Raises ValueError for a scale outside of 1 to 1000 and sqlite3.Error, with nothing changed, for other tables.
    """
    filled = rows(scale)
    if not connection.in_transaction:
        connection.execute("BEGIN")
    try:
        for statement, values in filled.values():
            connection.executemany(statement, values)
    except sqlite3.Error:
        connection.rollback()
        raise
    connection.commit()
