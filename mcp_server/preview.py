"""What a person reads before saying yes: what will happen, what depends on it, what can't be undone, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from mcp_server.words import counted, one_line, shown
from tools.change import Change, Outcome, Plan

NAMED = (20, 10, 5, 2)
"""Objects named one by one, the rest are counted; fewer when that makes more than `MOST_BYTES`.

The approval is bound to all of them, named or not."""
MOST_BYTES = 3000
VALUE = 60
"""Characters of one value of an object."""
DETAIL = 240
"""Characters of what is said of one object besides its name."""

_NOUNS = {
    "attribute": "attributes",
    "campaign": "campaigns",
    "offer": "offers",
    "offer_list": "offer lists",
    "target_cell": "target cells",
    "on_demand_campaign": "on-demand campaigns",
    "email_campaign": "e-mail campaigns",
    **dict.fromkeys(("simple_list_form", "advanced_list_form", "on_demand_campaign_form"), "project forms"),
    **dict.fromkeys(("simple_list_row", "advanced_list_row", "on_demand_campaign_row"), "workflow rows"),
    **dict.fromkeys(
        ("simple_list_attachment", "advanced_list_attachment", "on_demand_campaign_attachment"), "attachments"
    ),
    "segmentation": "segments",
    "etl": "import definitions",
    "scenario_for_profile": "profiles",
    "email_to_profile": "triggered e-mails",
    "email_to_contacts": "bulk e-mails",
    "transactional_email": "transactional e-mails",
}
_SYSTEMS = {"unica": "Unica Campaign", "unica-collaborate": "Unica Collaborate", "actito": "Actito"}


def headline(plan: Plan, environment: str) -> str:
    """One line: `Retire 3 offers in Unica Campaign (environment: sandbox)`."""
    parts: dict[tuple[str, str], int] = {}
    for change in plan.changes:
        parts[change.verb, change.kind] = parts.get((change.verb, change.kind), 0) + 1
    what = " and ".join(f"{verb} {counted(number, noun(kind))}" for (verb, kind), number in parts.items())
    systems = ", ".join(dict.fromkeys(_SYSTEMS.get(change.system, change.system) for change in plan.changes))
    return f"{what[:1].upper()}{what[1:]} in {systems} (environment: {environment})"


def noun(kind: str) -> str:
    """The word of the field for a kind, in the plural."""
    return _NOUNS.get(kind, kind.replace("_", " ") + "s")


def preview(plan: Plan, zone: ZoneInfo) -> str:
    """The body of a question or a dry run; every text of a campaign system is one short line."""
    text = ""
    for named in NAMED:
        text = "\n".join(_lines(plan, zone, named))
        if len(text.encode()) <= MOST_BYTES:
            break
    return text


def difference(change: Change, zone: ZoneInfo) -> str:
    """Before and after of a change in one line; for a new object its fields."""
    return one_line("; ".join(_differences(change, zone).values()), 400)


def _differences(change: Change, zone: ZoneInfo) -> dict[str, str]:
    """Field -> before and after of it, as a person reads them."""
    parts = {}
    for name, (old, new) in change.differences().items():
        before, after = shown(old, zone, VALUE), shown(new, zone, VALUE)
        if old is not None:
            parts[name] = f"{name}: {before or '(empty)'} → {after or '(empty)'}"
        elif after:
            parts[name] = f"{name}: {after}"
    return parts


def _lines(plan: Plan, zone: ZoneInfo, named: int) -> list[str]:
    lines = [one_line(each, 600) for each in plan.earlier[:3]]
    lines += [f"- {_line(change, zone)}" for change in plan.changes[:named]]
    if len(plan.changes) > named:
        lines.append(f"- and {len(plan.changes) - named} more")
    lines += [f"Left alone: {_left_alone(each)}" for each in plan.settled[:named]]
    if len(plan.settled) > named:
        lines.append(f"Left alone: and {len(plan.settled) - named} more")
    if plan.asks:
        lines.append(f"Why it asks: {one_line(plan.asks, 300)}")
    lines += _used(plan, named)
    lines += [f"Mind: {one_line(each, 300)}" for each in plan.warnings[:named]]
    if plan.final:
        lines.append(f"Cannot be undone: {plan.final}")
    if plan.safer:
        lines.append(f"Safer: {plan.safer}")
    return lines


def _line(change: Change, zone: ZoneInfo) -> str:
    # Who was named by a number is called by it.
    called = change.known_id == change.name.partition(",")[0]
    number = "" if called else one_line(change.known_id, 40)
    known = [part for part in (one_line(change.code, 40), f"id {number}" if number else "") if part]
    details = _differences(change, zone) or {
        name: f"{name}: {shown(value, zone, VALUE)}" for name, value in change.before.items() if value
    }
    text = one_line(change.name) + (f" ({', '.join(known)})" if known else "")
    return f"{text}: {_fitting(details)}" if details else text


def _fitting(details: Mapping[str, str]) -> str:
    """As many details as fit in a line; the fields of the rest are named at least, since they are bound too."""
    whole: list[str] = []
    for number, detail in enumerate(details.values()):
        if sum(map(len, whole)) + len(detail) > DETAIL and whole:
            rest = [*details][number:]
            return one_line("; ".join(whole), DETAIL) + one_line(f"; and {len(rest)} more: {', '.join(rest)}", DETAIL)
        whole.append(detail)
    return one_line("; ".join(whole), DETAIL + 20)


def _left_alone(outcome: Outcome) -> str:
    return f"{one_line(outcome.change.name)} ({one_line(outcome.reason, 120) or outcome.status})"


def _used(plan: Plan, named: int) -> Sequence[str]:
    found = plan.dependents
    if found is None:
        return []
    lines = [f"{found.label}: {one_line(each, 240)}" for each in found.lines[:named]]
    if len(found.lines) > named:
        lines.append(f"{found.label}: and {len(found.lines) - named} more")
    if not found.complete:
        lines.append(
            f"Not everything was searched: looked at {found.looked_at} of {found.of} {one_line(found.places, 60)}."
        )
    elif not found.lines:
        lines.append(f"{found.label}: {found.none}.")
    return lines
