"""Which data a webhook sends out of the house, as far as the structure of its table tells."""

from __future__ import annotations

from tools.actito.table_structure import Attribute, Kind
from tools.actito.webhook_book import Element
from upstream.actito.webhooks import WebhookInput

MOST_NAMED = 12
_NOBODY = frozenset({"CUSTOM", "MOTHER_LANGUAGE"})
"""Predefined attributes that name nobody; what an attribute of one's own holds is not known."""


def what_leaves(element: Element, webhook: WebhookInput) -> list[str]:
    """Sentences about the data in each push.

    Source: Actito, webhook protocol (unique keys and what was touched). Inferred: that runs carry no profiles.
    """
    match webhook.on:
        case "PROFILE_TABLE" | "CUSTOM_TABLE":
            return _of_table(element, webhook)
        case "CUSTOM_ACTION":
            return ["Each push carries the parameters of the action and attributes of the profile: personal data."]
        case _:
            return ["Each push carries the id and the state of the run, and no profiles as far as is known."]


def _of_table(element: Element, webhook: WebhookInput) -> list[str]:
    table = element.table
    what = "profile" if webhook.on == "PROFILE_TABLE" else "record"
    if table is None or not table.known:
        return [
            f"Each push carries the unique keys of the {what} and what was touched. Which of it is personal can't be "
            "told: the key may not read the structure."
        ]
    keys = [each.name for each in table.attributes.values() if each.unique or each.name == table.key]
    lines = [f"Each push carries the unique keys of the {what} ({_some(keys)}) and what was touched, nothing else."]
    touched = set(webhook.on_fields or []) if webhook.event_type == "UPDATE" else set()
    about_values = webhook.event_type in ("CREATE", "UPDATE", "DELETE")
    personal = [each.name for each in table.attributes.values() if _names_people(each)]
    personal = [each for each in personal if each in keys or (about_values and (not touched or each in touched))]
    if personal:
        lines.append(f"Personal data among it: {_some(personal)}; attributes of your own may be personal as well.")
    elif table.kind is Kind.CUSTOM or about_values:
        lines.append("Attributes of your own may be personal.")
    return lines


def _names_people(attribute: Attribute) -> bool:
    return not attribute.technical and attribute.kind not in _NOBODY


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown or "none known"
