"""Creating and changing attribute definitions of Unica Campaign; the rules of the product are checked before the call.

Source of the rules: notes of the API, section 6 (SOAP update logic).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from tools.batches import one_by_one
from tools.call import Call
from tools.campaign.attribute_book import (
    OWNERS,
    SELECTS,
    TYPES,
    AttributeBook,
    is_system,
    needed,
    row,
    type_of,
)
from tools.campaign.attribute_values import fit, listed
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from upstream.campaign.attributes import (
    AttributeMetadataInput,
    AttributeOptionInput,
    CreateAttributeDefinition,
    GetAttributeDefinitions,
    UpdateAttributeDefinition,
)
from upstream.campaign.objects import AttributeMetadata

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WIDER = {("none", "single"), ("none", "multiple"), ("single", "multiple")}

Given = Mapping[str, Any]
"""What the caller says about a definition, under the names of columns; what was not said is not in it."""


@changes(
    CreateAttributeDefinition,
    UpdateAttributeDefinition,
    GetAttributeDefinitions,
    title="Create or change an attribute",
)
async def attributes_define(
    call: Call,
    name: Annotated[str, "Letters, digits, _"],
    kind: Annotated[Literal["", "campaign", "offer", "cell"], "Of a new one"] = "",
    label: Annotated[str, "Shown name"] = "",
    description: Annotated[str, "Text"] = "",
    type: Annotated[Literal["", "text", "integer", "decimal", "currency", "boolean", "date"], "Of a new one"] = "",
    options: Annotated[list[str], "Choices to add"] = [],
    select: Annotated[Literal["", "none", "single", "multiple"], "Only widens"] = "",
    required: Annotated[Literal["", "yes", "no"], "Later only no"] = "",
    max_length: Annotated[int, "Only grows"] = 0,
    default: Annotated[str, "Of new objects"] = "",
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Define an attribute, or change the one of that name."""
    given = {
        "kind": kind,
        "label": label,
        "description": description,
        "type": type,
        "options": list(options),
        "select": select,
        "required": {"yes": True, "no": False}.get(required),
        "max_length": max_length,
        "default": default,
    }
    given = {key: value for key, value in given.items() if value not in ("", [], 0, None) or value is False}
    if max_length < 0:
        raise BadArgument("max_length is a number of characters, 1 or more.")
    if odd := [each for each in clear if each not in ("description", "default")]:
        raise BadArgument(f"clear takes description and default, not {odd[0]!r}.")
    if both := [each for each in clear if each in given]:
        raise BadArgument(f"{both[0]} is both given and to be emptied.")
    book: AttributeBook = call.kept(AttributeBook)
    known = await book.named(call, name)
    if known is None:
        return _plan_new(call, name.strip(), given, clear, [each.name for each in await book.all(call)])
    return _plan_change(call, known, given, clear)


def _plan_new(call: Call, name: str, given: Given, clear: Sequence[str], others: Sequence[str]) -> Plan:
    if not _NAME.fullmatch(name):
        raise BadArgument(
            f"{name!r} can't be the name of an attribute: letters, digits and underscores, no digit first.",
            advice=f"Such as name={re.sub(r'[^a-z0-9]+', '_', name.casefold()).strip('_') or 'sales_region'!r}, "
            "with what people read as label.",
        )
    if name.casefold().startswith("uac"):
        raise BadArgument(f"{name!r} begins with uac, which is kept for the standard attributes of the product.")
    if "kind" not in given or clear:
        near = difflib.get_close_matches(name, others, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise BadArgument(
            f"There is no attribute {name!r} to change.{hint}",
            advice='For a new one say what has it: kind="campaign", "offer" or "cell".',
        )
    kind = given.get("type", "text")
    after: dict[str, Any] = {"kind": given["kind"], "label": given.get("label", name), "type": kind}
    after |= {key: given[key] for key in ("description", "max_length") if key in given}
    if given.get("required"):
        after["required"] = True
    if "max_length" in given and kind != "text":
        raise BadArgument(f"max_length is for texts; {name} is {kind}.")
    bare = AttributeMetadata(name=name, type_enum=TYPES[kind], maximum_length=given.get("max_length"))
    choices = _choices(call, bare, given.get("options", []), [])
    select = given.get("select", "single" if choices else "none")
    if bool(choices) is (select == "none"):
        raise BadArgument(
            f"{name} has options, so select is single or multiple." if choices else f"select={select} needs options."
        )
    if choices:
        after |= {"select": select, "options": choices}
    if "default" in given:
        after["default"] = _default(call, bare, given["default"], choices)
    return Plan([Change("unica", "attribute", "create", name, after=after)])


def _plan_change(call: Call, known: AttributeMetadata, given: Given, clear: Sequence[str]) -> Plan:
    name, now = known.name, row(known)
    if is_system(known):
        raise BadArgument(f"{name} is a standard attribute of the product: it can't be changed.")
    for key in ("kind", "type"):
        if key in given and given[key] != now[key]:
            raise BadArgument(f"The {key} of {name} is {now[key]} and can't be changed; define another attribute.")
    choices = _choices(call, known, given.get("options", []), now["options"])
    select = given.get("select", now["select"])
    _check_widening(known, given, select, choices)
    after = {key: given[key] for key in ("label", "description", "max_length") if key in given}
    after |= {"select": select, "options": choices}
    if "required" in given:
        after["required"] = given["required"]
    if "default" in given:
        after["default"] = _default(call, known, given["default"], choices)
    after |= {each: None if each == "default" else "" for each in clear}
    changed = {key: value for key, value in after.items() if now[key] != value}
    before = {key: now[key] for key in changed}
    change = Change("unica", "attribute", "update", name, name, before=before, after=changed)
    if not changed:
        return Plan([], [Outcome(change, "already", "it is so already")])
    return Plan([change])


def _check_widening(known: AttributeMetadata, given: Given, select: str, choices: Sequence[Any]) -> None:
    """Definitions only grow: refuses what the product would refuse."""
    name, now = known.name, row(known)
    if given.get("options") and select == "none":
        raise BadArgument(f"{name} has no options so far; to give it some add select=single or select=multiple.")
    if select != now["select"] and (now["select"], select) not in _WIDER:
        raise BadArgument(f"select of {name} is {now['select']} and can only get wider, not {select}.")
    if select != "none" and not choices:
        raise BadArgument(f"select={select} needs options.")
    if given.get("required") and not needed(known):
        raise BadArgument(f"{name} is optional and can't become required: objects without a value would be wrong.")
    if length := given.get("max_length"):
        if type_of(known) != "text":
            raise BadArgument(f"max_length is for texts; {name} is {type_of(known)}.")
        if known.maximum_length is None or length < known.maximum_length:
            limit = f"{known.maximum_length} characters" if known.maximum_length else "texts of any length"
            raise BadArgument(f"{name} takes {limit} and can only get longer, not {length}.")


def _choices(call: Call, definition: AttributeMetadata, given: Sequence[str], present: Sequence[Any]) -> list[Any]:
    """The options there are, then the new ones, each of the attribute's type and once."""
    bare = AttributeMetadata(
        name=definition.name, type_enum=definition.type_enum, maximum_length=definition.maximum_length
    )
    found = {_alike(each): each for each in present}
    for each in given:
        typed = fit(definition.name, each.strip(), bare, call.time_zone)
        found.setdefault(_alike(typed), typed)
    return list(found.values())


def _alike(value: Any) -> Any:
    """By what an option is known: a moment by itself, all else by its text, whatever the capitals."""
    return value if isinstance(value, datetime) else str(value).casefold()


def _default(call: Call, definition: AttributeMetadata, given: str, choices: Sequence[Any]) -> Any:
    bare = AttributeMetadata(
        name=definition.name, type_enum=definition.type_enum, maximum_length=definition.maximum_length
    )
    typed = fit(definition.name, given.strip() if choices else given, bare, call.time_zone)
    if not choices:
        return typed
    known = {_alike(each): each for each in choices}
    if _alike(typed) not in known:
        raise BadArgument(f"The default {given!r} is none of the options: {listed(choices, call.time_zone)}.")
    return known[_alike(typed)]


@attributes_define.applies
async def _define(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    book: AttributeBook = call.kept(AttributeBook)

    async def send(change: Change) -> None:
        if change.verb == "create":
            metadata = _metadata(call, change, None)
            await call.send(CreateAttributeDefinition(owner=OWNERS[change.after["kind"]], metadata=metadata))
        else:
            metadata = _metadata(call, change, await book.named(call, change.name))
            await call.send(UpdateAttributeDefinition(metadata=metadata, allow_create=False))

    async def look(change: Change, said: None) -> Outcome:
        return _found_again(change, await book.named(call, change.name))

    outcomes = await one_by_one(changes, send, look)
    book.forget()
    return outcomes


def _metadata(call: Call, change: Change, known: AttributeMetadata | None) -> AttributeMetadataInput:
    """What travels: the name and what changes; options always with those there are, as they are."""
    after = change.after
    sent: dict[str, Any] = {"name": change.name}
    plain = {"label": "display_name", "description": "description", "max_length": "maximum_length"}
    sent |= {field: after[key] for key, field in plain.items() if key in after}
    if "type" in after:
        sent["type_enum"] = TYPES[after["type"]]
    if "select" in after:
        sent["select_type_enum"] = SELECTS[after["select"]]
    if after.get("required"):
        sent["required"] = True
    elif "required" in after and known is not None:
        sent |= {"required": False, "mandatory": False, "null_allowed": True}
    if "default" in after:
        sent["default_value"] = after["default"]
    if "options" in after or ("default" in after and known is not None and known.options):
        sent["options"] = _options(call, after, known)
    return AttributeMetadataInput(**sent)


def _options(call: Call, after: Given, known: AttributeMetadata | None) -> list[AttributeOptionInput]:
    present = {str(each.value): each for each in known.options} if known else {}
    found = []
    for value in after.get("options") or [each.value for each in present.values()]:
        old = present.get(str(value))
        marked = value == after["default"] if "default" in after else bool(old and old.is_default)
        found.append(
            AttributeOptionInput(
                value=value,
                display_name=old.display_name if old else listed([value], call.time_zone),
                description=old.description if old else "",
                is_default=marked,
            )
        )
    return found


def _found_again(change: Change, now: AttributeMetadata | None) -> Outcome:
    """The definition as it is after the write, whose own answer is a bare text."""
    if now is None:
        return Outcome(change, "unknown", "the system said yes, but the attribute is not found")
    shown = row(now)
    differs = [key for key, value in change.after.items() if not _same(shown[key], value)]
    after = {key: shown[key] for key in change.after}
    if differs:
        return Outcome(change, "refused", f"the system said yes, but kept its {', '.join(differs)}", after=after)
    return Outcome(change, "done", id=str(now.id or ""), after=after)


def _same(now: Any, wanted: Any) -> bool:
    return bool((now or None) == (wanted or None))
