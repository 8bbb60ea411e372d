"""The settings of an e-mail campaign: as a person says them, as a request takes them, and the names it may have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tools.actito.email_book import KINDS
from tools.actito.values import ADDRESS
from tools.errors import BadArgument
from tools.texts import stored_text
from upstream.actito.emails import EmailCampaign

FIELDS: Mapping[str, str] = {
    "label": "display_name",
    "kind": "sending_mode",
    "table": "target_table",
    "table_entity": "entity_of_target",
    "sender": "sender",
    "reply_to": "reply_to",
    "languages": "supported_languages",
}
"""What a person calls a setting -> the field of a request."""

MODES: Mapping[str, str] = {"mass": "MASS", "continuous": "CONTINUOUS"}
"""What a person calls a kind -> its sending mode. Source: contract (MASS); CONTINUOUS is inferred."""

LONGEST_NAME = 100
"""Characters of a technical name that we derive. How many Actito takes is not documented."""

_TECHNICAL = re.compile(r"[A-Za-z0-9_]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2}")
_KEPT = ("content_type", "encoding", "goal_tracking", *FIELDS.values())


def settings_of(campaign: EmailCampaign) -> dict[str, Any]:
    """All settings of a campaign as a replacement takes them.

    A sending mode that none is written with is left out: Actito's own modes are not all known.
    """
    known = {name: getattr(campaign, name) for name in _KEPT}
    known = {name: value for name, value in known.items() if value not in (None, "", [])}
    if known.get("sending_mode") not in (None, *MODES.values()):
        del known["sending_mode"]
    return {"content_type": "HTML", "encoding": "utf-8", **known}


def in_words(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as a person calls them."""
    said = {name: settings.get(field) for name, field in FIELDS.items()}
    if said["kind"]:
        said["kind"] = KINDS.get(said["kind"], str(said["kind"]).lower())
    return {name: value for name, value in said.items() if value}


def given(
    label: str, sender: str, reply_to: str, languages: Sequence[str], kind: str, clear: Sequence[str]
) -> dict[str, Any]:
    """What a call says of the settings, checked; a field that is to be emptied is None.

    Raises:
        BadArgument: a text that can't be stored, no address, no language, or a field that can't be emptied.
    """
    said = {
        "display_name": stored_text(label, "label"),
        "sender": stored_text(sender, "sender"),
        "reply_to": stored_text(reply_to, "reply_to"),
        "supported_languages": _languages(languages),
        "sending_mode": MODES.get(kind, ""),
    }
    fields: dict[str, Any] = {name: value for name, value in said.items() if value}
    if "reply_to" in fields and not ADDRESS.fullmatch(fields["reply_to"]):
        raise BadArgument(f"reply_to takes an e-mail address, and {fields['reply_to'][:60]!r} is none.")
    if wrong := [each for each in clear if each.strip() != "reply_to"]:
        raise BadArgument(f"{wrong[0][:40]!r} can't be emptied: reply_to alone can, which means the licence's default.")
    if clear and "reply_to" in fields:
        raise BadArgument("reply_to is given a value and emptied at once: leave one of the two out.")
    return {**fields, "reply_to": None} if clear else fields


def _languages(languages: Sequence[str]) -> list[str]:
    asked = [part.strip() for each in languages for part in each.split(",") if part.strip()]
    for each in asked:
        if not _LANGUAGE.fullmatch(each):
            raise BadArgument(f"{each[:20]!r} is no language: write two letters, such as EN or FR.")
    return list(dict.fromkeys(each.upper() for each in asked))


def technical_name(given: str, label: str) -> str:
    """The technical name of a new campaign: as given, or from its label with everything else as underscores.

    Raises:
        BadArgument: it has other characters, or the label has none that can stand in it.
    """
    if name := given.strip():
        if not _TECHNICAL.fullmatch(name):
            raise BadArgument(
                f"The technical name {name[:60]!r} may have letters, digits and underscores only.",
                advice=f"Write it like {_derived(name) or 'Autumn_2026'}; the label may have any characters.",
            )
        return name
    name = _derived(label)
    if not name:
        raise BadArgument("The label has no letter for a technical name: give one as name, such as Autumn_2026.")
    return name


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The first name of `wanted_2`, `wanted_3` ... that is not taken; `taken` is in small letters."""
    number = 2
    while (name := f"{wanted[: LONGEST_NAME - 4]}_{number}").casefold() in taken:
        number += 1
    return name


def _derived(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss"))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub(r"[^A-Za-z0-9]+", "_", letters).strip("_")[:LONGEST_NAME].rstrip("_")
