"""Custom actions of an entity: by what people call them, and the webhooks that listen to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.actito.webhook_book import event_words, host_of
from tools.call import Call
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.nearest import nearest
from upstream.actito.custom_actions import CustomAction, ListCustomActions
from upstream.actito.objects import OpenObject
from upstream.actito.webhooks import ListWebhooks
from upstream.errors import Forbidden, NotFound, RouteMissing

LOOK = "Look for it with actito_actions_find."


async def actions_of(call: Call, entity: str) -> list[CustomAction]:
    """All custom actions of the entity."""
    return await call.send(ListCustomActions(entity=entity))


def pick(known: Sequence[CustomAction], reference: str) -> CustomAction | None:
    """The action that is meant by id or exact name; None for an id that none has.

    Raises:
        UnknownName: no action has the name, with the nearest.
        Ambiguous: several have it.
    """
    wanted = reference.strip()
    if not wanted:
        raise BadArgument("The id or name of a custom action can't be empty.")
    by_id = [each for each in known if each.id == wanted]
    found = by_id or named(known, wanted)
    if len(found) > 1:
        lines = [f"{each.name} (id {each.id})" for each in found]
        raise Ambiguous(f"{len(found)} custom actions are called {wanted[:60]!r}.", advice="Use the id.", lines=lines)
    if found:
        return found[0]
    if wanted.isdigit():
        return None
    near = nearest(wanted, [each.name for each in known])
    raise UnknownName(
        f"No custom action is called {wanted[:60]!r}.",
        advice="The nearest are shown." if near else LOOK,
        lines=near,
    )


def one(known: Sequence[CustomAction], reference: str) -> CustomAction:
    """As `pick`, where an id that none has is an error too."""
    found = pick(known, reference)
    if found is None:
        raise UnknownName(f"No custom action has the id {reference.strip()[:40]}.", advice=LOOK)
    return found


def named(known: Iterable[CustomAction], name: str) -> list[CustomAction]:
    """The actions of this name; one in other cases serves where no name is exactly so."""
    loose = [each for each in known if each.name.strip().casefold() == name.strip().casefold()]
    return [each for each in loose if each.name == name.strip()] or loose


def parameters_of(action: CustomAction) -> dict[str, str | None]:
    """Name of each parameter -> its type; None where no type is said. Inferred: `name` and `valueType`."""
    return {name: kind or None for name, kind in map(name_and_type, action.parameters) if name}


def name_and_type(parameter: OpenObject) -> tuple[str, str]:
    """Name and type of a parameter, empty where it has none."""
    said: Mapping[str, Any] = parameter.model_extra or {}
    return str(said.get("name") or ""), str(said.get("valueType") or "")


async def listeners(call: Call, entity: str) -> dict[str, list[str]] | None:
    """Id of an action -> the webhooks that are triggered by it, in words; None where the key may not read webhooks."""
    try:
        found = await call.send(ListWebhooks(entity=entity))
    except (Forbidden, NotFound, RouteMissing):
        return None
    lines: dict[str, list[str]] = {}
    for each in found:
        if each.on == "CUSTOM_ACTION":
            off = "" if each.is_active is not False else ", off"
            line = f"webhook {each.id} to {host_of(each.target_url)} ({event_words(each.event_type)}{off})"
            lines.setdefault(each.on_element_id, []).append(line)
    return lines
