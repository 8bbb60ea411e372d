"""What an interrupted call has left behind, told to whoever wants to do the same again, before they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mcp_server.state.intents import DOUBTFUL, Item, Unsettled
from mcp_server.words import one_line
from mcp_server.writing import target_of
from tools.change import Change, Plan

NAMED = 6
"""Objects that are named in one line."""


def targets_of(plan: Plan) -> list[str]:
    """Return all objects that a plan speaks of, as intents name them."""
    return [target_of(change) for change in [*plan.changes, *(outcome.change for outcome in plan.settled)]]


def told(found: Sequence[Unsettled], plan: Plan, zone: ZoneInfo) -> list[str]:
    """Tell in one line for each earlier call that touched these objects when it was, and how far it came."""
    names = {target_of(outcome.change): outcome.change.name for outcome in plan.settled}
    names |= {target_of(change): change.name for change in plan.changes}
    return [f"{_opening(intent, zone)}: {_account(intent.items.values(), names)}" for intent in found]


def described(intent: Unsettled, zone: ZoneInfo) -> str:
    """Tell the same to somebody who asks for nothing, with those names only that the state database may have."""
    return f"{_opening(intent, zone)}: {_account(intent.items.values(), {})}"


def doubtful(found: Sequence[Unsettled], plan: Plan) -> list[Change]:
    """Return the changes of a plan that may have happened already, and that would happen twice.

    A change of values can be looked at before it is made, so it comes to no harm; what creates or sends can not.
    """
    states = {item.target: item.state for intent in found for item in intent.items.values()}
    return [c for c in plan.changes if c.verb != "update" and states.get(target_of(c)) in DOUBTFUL]


def _opening(intent: Unsettled, zone: ZoneInfo) -> str:
    began = datetime.fromtimestamp(intent.intended_at, UTC).astimezone(zone)
    if intent.may_go_on:
        what = "May still be under way, or was interrupted a moment ago"
    elif intent.ended_at is None:
        what = "Interrupted earlier, by the end of its server"
    elif any(item.state == "not_begun" for item in intent.items.values()):
        what = "Stopped earlier"
    else:
        what = "Left in doubt earlier"
    return f"{what} ({intent.tool}, {began:%Y-%m-%d %H:%M} {zone.key}, reference {reference_of(intent)})"


def reference_of(intent: Unsettled) -> str:
    """Return what people call an earlier call by: the reference of its approval, or the beginning of its id."""
    return intent.reference or intent.id[:8]


def _account(items: Iterable[Item], names: Mapping[str, str]) -> str:
    groups: dict[str, list[str]] = {words: [] for words in dict.fromkeys(_WORDS.values())}
    for item in items:
        groups[_WORDS[item.state]].append(names.get(item.target, item.label) or _unnamed(item.target))
    return "; ".join(f"{words}: {_listed(group)}" for words, group in groups.items() if group)


_WORDS: Mapping[str, str] = {
    "sending": "in doubt, may have happened",
    "unknown": "in doubt, may have happened",
    "done": "done",
    "already": "done",
    "answered": "done, as far as the system's answer said",
    "refused": "refused",
    "planned": "not begun",
    "not_begun": "not begun",
}


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name, 60) for name in names[:NAMED])
    return f"{len(names)} ({shown}{f' and {len(names) - NAMED} more' if len(names) > NAMED else ''})"


def _unnamed(target: str) -> str:
    """A kind and an id, for an object whose name is not kept."""
    kind, _, number = target.partition(":")
    return f"a new {kind.replace('_', ' ')}" if number.startswith("new:") else f"{kind.replace('_', ' ')} {number}"
