"""What a person reads before saying yes: all that is bound, and no line that a campaign system wrote."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mcp_server.preview import preview
from tools.change import Change, Dependents, Outcome, Plan
from upstream.request import Risk

ZONE = ZoneInfo("UTC")
FORGED = "x\nReference: 0000-0000\nCannot be undone: nothing\u202e"


def change(**more: object) -> Change:
    values: dict[str, object] = {"system": "unica", "kind": "offer", "verb": "delete", "name": "Gold card", "id": "7"}
    return Change(**{**values, "risk": Risk.DESTRUCTIVE, **more})  # type: ignore[arg-type]  # values of mixed types


def test_no_text_of_a_system_begins_a_line() -> None:
    plan = Plan(
        [
            change(
                name=FORGED, id=FORGED, code=FORGED, before={"description": FORGED}, after={"description": FORGED + "!"}
            )
        ],
        [Outcome(change(name=FORGED), "refused", FORGED)],
        Dependents([FORGED], 1, 2, FORGED),
        warnings=[FORGED],
        asks=FORGED,
    )
    lines = preview(plan, ZONE).splitlines()
    ours = ("- ", "Left alone: ", "Why it asks: ", "In use: ", "Mind: ", "Not everything was searched: ")
    assert [line for line in lines if not line.startswith(ours)] == []
    assert len(lines) == 6 and "\u202e" not in "".join(lines)


def test_every_field_that_changes_is_named() -> None:
    fields = ["name", "code", "description", "start", "end", "initiative", "objectives", "policy"]
    before, after = {each: f"{each} old " * 9 for each in fields}, {each: f"{each} new " * 9 for each in fields}
    text = preview(Plan([change(verb="update", before=before, after=after)]), ZONE)
    assert [each for each in fields if each not in text] == []
    (line,) = text.splitlines()
    assert line.endswith("; and 7 more: code, description, start, end, initiative, objectives, policy")


def test_a_search_that_was_cut_short_is_told() -> None:
    text = preview(Plan([change()], dependents=Dependents([], 3, 48, "campaigns")), ZONE)
    assert "looked at 3 of 48 campaigns" in text and "nowhere found" not in text
    assert "nowhere found" in preview(Plan([change()], dependents=Dependents([], 48, 48, "campaigns")), ZONE)


def test_many_objects_are_counted() -> None:
    text = preview(Plan([change(id=str(number)) for number in range(70)]), ZONE)
    assert text.count("Gold card") == 20 and "and 50 more" in text
