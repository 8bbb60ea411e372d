"""Pages and the snapshots that they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Sandbox
from tools import listing
from tools.call import Call
from tools.errors import BadArgument
from tools.listing import Listing, Snapshots, paged

pytestmark = pytest.mark.anyio


@pytest.fixture
def call(sandbox: Sandbox, call_to: Callable[..., Call]) -> Call:
    return call_to(sandbox)


class Source:
    """A search that counts how often it is made."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.made = 0

    async def __call__(self) -> Listing:
        self.made += 1
        rows = [{"name": f"n{each}", "id": each, "cost": each / 2, "hidden": "x" * 100} for each in range(self.rows)]
        return Listing("things", rows, ["cost"], ["cost", "hidden"], len(rows), notes=["once"])


async def test_pages_follow_each_other_from_one_search(call: Call) -> None:
    source, seen, cursor = Source(45), [], ""
    while True:
        page = await paged(call, {"q": 1}, cursor, 20, source)
        seen += [row["id"] for row in page.rows]
        assert page.total == 45 and (page.notes == ["once"]) is (not cursor)
        if not (cursor := page.cursor(len(page.rows))):
            break
    assert seen == list(range(45)) and source.made == 1


async def test_a_page_that_is_shown_in_part_goes_on_where_it_was_cut(call: Call) -> None:
    source = Source(45)
    first = await paged(call, {}, "", 20, source)
    second = await paged(call, {}, first.cursor(7), 20, source)
    assert second.offset == 7 and second.rows[0]["id"] == 7


async def test_only_the_shown_columns_are_kept(call: Call) -> None:
    page = await paged(call, {}, "", 20, Source(3))
    assert set(page.rows[0]) == {"name", "id", "cost"}


async def test_an_expired_snapshot_is_made_anew_and_said(call: Call) -> None:
    source = Source(45)
    first = await paged(call, {"q": 1}, "", 20, source)
    cursor = first.cursor(20)
    for kept in call.kept(Snapshots)._kept.values():
        kept.made -= listing.SNAPSHOT_SECONDS + 1
    second = await paged(call, {"q": 1}, cursor, 20, source)
    assert source.made == 2 and second.rows[0]["id"] == 20 and "fetched anew" in second.notes[0]


async def test_a_cursor_of_other_arguments_is_refused_once_its_list_is_gone(call: Call) -> None:
    source = Source(45)
    first = await paged(call, {"q": 1}, "", 20, source)
    gone = "0" * 8 + first.cursor(20)[8:]
    with pytest.raises(BadArgument, match="arguments"):
        await paged(call, {"q": 2}, gone, 20, source)


@pytest.mark.parametrize("cursor", ["x", "abc.1", "0" * 14 + ".-1", "0" * 14 + ".x", "0" * 15 + ".1", "'; drop"])
async def test_what_is_no_cursor_is_refused(call: Call, cursor: str) -> None:
    with pytest.raises(BadArgument, match="not a cursor"):
        await paged(call, {}, cursor, 20, Source(3))


async def test_a_cursor_beyond_the_end_gives_an_empty_page(call: Call) -> None:
    first = await paged(call, {}, "", 2, Source(3))
    key = first.cursor(2).partition(".")[0]
    beyond = await paged(call, {}, f"{key}.99", 2, Source(3))
    assert list(beyond.rows) == [] and beyond.cursor(0) == ""


def test_old_snapshots_make_room_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SNAPSHOT_CELLS", 250)
    kept = Snapshots()

    def keep(question: str) -> str:
        rows: list[dict[str, Any]] = [{"name": "n", "id": each} for each in range(50)]
        return kept.keep(question, Listing("things", rows, [], total=50))

    first, second = keep("aaaaaa"), keep("bbbbbb")
    assert kept.get(first) is not None
    third = keep("cccccc")
    assert kept.get(second) is None, "the least recently used goes first"
    assert kept.get(first) is not None and kept.get(third) is not None


def test_one_snapshot_is_kept_however_large_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SNAPSHOT_CELLS", 1)
    kept = Snapshots()
    assert kept.get(kept.keep("aaaaaa", Listing("things", [{"name": "n", "id": 1}], [], total=1))) is not None
