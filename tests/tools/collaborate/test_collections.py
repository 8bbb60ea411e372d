"""Collections of Collaborate as they come: in windows, without totals, with 404 for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Sandbox
from tools.call import Call
from tools.collaborate.collections import listed, windows
from upstream.collaborate.folders import GetFolder
from upstream.collaborate.kinds import FolderTree, ProjectKind
from upstream.collaborate.projects import GetProjects
from upstream.collaborate.templates import GetTemplates, GetTemplatesInFolder
from upstream.errors import NotFound

pytestmark = pytest.mark.anyio

CallTo = Callable[..., Call]


def campaigns(window: Any) -> GetProjects:
    return GetProjects(kind=ProjectKind.ON_DEMAND_CAMPAIGN, window=window)


@pytest.mark.parametrize("empty", ["404", "200"])
async def test_windows_are_read_until_one_is_empty(
    stand_in: Callable[..., Sandbox], call_to: CallTo, empty: str
) -> None:
    found = await windows(call_to(stand_in(empty_collections=empty)), campaigns, lambda row: row.project_id)
    assert found.complete
    assert [each.project_id for each in found.items] == list(range(1000136, 1000161))


async def test_a_dropped_header_is_noticed(stand_in: Callable[..., Sandbox], call_to: CallTo) -> None:
    found = await windows(call_to(stand_in(drop_range=True)), campaigns, lambda row: row.project_id)
    assert not found.complete and len(found.items) == 10


async def test_a_page_for_people_behind_the_last_row_ends_the_reading(
    stand_in: Callable[..., Sandbox], call_to: CallTo
) -> None:
    page = {"kind": "status", "status": 404, "method": "GET", "path": "/locals", "skip": 1}
    call = call_to(stand_in(error_body="html", faults=[page]))
    found = await windows(call, campaigns, lambda row: row.project_id)
    assert found.complete and len(found.items) == 25


async def test_fewer_rows_than_usual_are_all_even_when_every_window_is_the_same(
    sandbox: Sandbox, call_to: CallTo
) -> None:
    call = call_to(sandbox)
    few = await windows(call, lambda _: GetTemplatesInFolder(folder_id=103), lambda row: row.template_db_id)
    assert few.complete and 0 < len(few.items) < 10
    many = await windows(call, lambda _: GetTemplates(), lambda row: row.template_db_id)
    assert not many.complete and len(many.items) == 25


async def test_nothing_to_list_is_empty_when_the_parent_is_there(sandbox: Sandbox, call_to: CallTo) -> None:
    call = call_to(sandbox)
    assert await listed(call, GetTemplatesInFolder(folder_id=120)) == []
    tree = FolderTree.TEMPLATES
    assert await listed(call, GetTemplatesInFolder(folder_id=120), GetFolder(tree=tree, folder_id=120)) == []
    with pytest.raises(NotFound):
        await listed(call, GetTemplatesInFolder(folder_id=999), GetFolder(tree=tree, folder_id=999))
