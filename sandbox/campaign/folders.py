"""Folders of campaigns and of offers. The root folder has no row: objects in it have no folder id."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.campaign.work import Work
from sandbox.refusals import invalid


def check(work: Work, folder_id: int | None, kind: str) -> int | None:
    """The folder id itself, None for the root; 400 for an unknown one (contract: an unknown id is an error)."""
    if folder_id is not None and not work.exists("SELECT 1 FROM folders WHERE id = ? AND kind = ?", folder_id, kind):
        raise invalid(f"There is no {kind} folder {folder_id}", "UNKNOWN_FOLDER")
    return folder_id


def below(work: Work, folder_ids: Iterable[int]) -> set[int]:
    """The folders themselves and all below them."""
    found = set(folder_ids)
    level = found
    while level:
        marks = ",".join("?" * len(level))
        rows = work.connection.execute(f"SELECT id FROM folders WHERE parent_id IN ({marks})", tuple(level))
        level = {row["id"] for row in rows} - found
        found |= level
    return found
