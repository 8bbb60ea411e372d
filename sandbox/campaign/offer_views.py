"""How offers, templates and references to them are written (contract: OfferInfo, OfferTemplateInfo)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from sandbox.campaign import attribute_values
from sandbox.campaign.work import Work
from sandbox.json_text import scalar


def reference(kind: str, id_: int) -> str:
    """JSON text of a Reference."""
    return f'{{"componentTypeEnum":"{kind}","id":{id_}}}'


def offer(work: Work, row: sqlite3.Row) -> str:
    """JSON text of an offer, the same in v1 and v2."""
    return (
        f'{{"reference":{reference("OFFER", row["id"])},"offerCode":{scalar(row["code"])},"name":{scalar(row["name"])},'
        f'"description":{scalar(row["description"])},"attributes":{attribute_values.text(work, row["attributes"])},'
        f'"retired":{"true" if row["retired"] else "false"}}}'
    )


def offers(work: Work, rows: Iterable[sqlite3.Row]) -> str:
    """JSON text of an array of offers."""
    return f"[{','.join([offer(work, row) for row in rows])}]"


def list_as_offer(work: Work, row: sqlite3.Row) -> str:
    """JSON text of an offer list where the contract has room for an OfferInfo: cells and validation."""
    return (
        f'{{"reference":{reference("OFFER_LIST", row["id"])},"offerCode":null,"name":{scalar(row["name"])},'
        f'"description":{scalar(row["description"])},"attributes":{attribute_values.text(work, row["attributes"])},'
        f'"retired":{"true" if row["retired"] else "false"}}}'
    )


def template(work: Work, row: sqlite3.Row) -> str:
    """JSON text of an offer template; its attributes carry the defaults of its offers."""
    return (
        f'{{"reference":{reference("OFFER_TEMPLATE", row["id"])},"name":{scalar(row["name"])},'
        f'"description":{scalar(row["description"])},"offerCodeFormat":{scalar(row["code_format"])},'
        f'"attributes":{attribute_values.text(work, row["attributes"])},'
        f'"retired":{"true" if row["retired"] else "false"}}}'
    )
