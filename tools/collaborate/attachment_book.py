"""Attachments of a project as tools see them: found by id or name, with the folder that holds each, shown as rows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.project_book import Found
from tools.errors import Ambiguous, BadArgument, UnknownName
from tools.names import is_id
from upstream.collaborate.attachments import Attachment, AttachmentFolder, GetAttachmentFolders, GetAttachments
from upstream.collaborate.kinds import ProjectKind

Item = TypeVar("Item")

SYSTEM = "unica-collaborate"

OfProject = Annotated[str, "Id or name"]

COLUMNS = ("name", "id", "file", "folder", "bytes", "type", "added", "added_by", "description", "folder_id")
SHOWN = COLUMNS[:8]
"""`bytes` as the system says them."""

LABEL = 80
"""Characters of a name in a line with candidates."""


@dataclass(frozen=True)
class Folders:
    """The attachment folders of a project, in the order in which the system has them."""

    items: Sequence[AttachmentFolder]

    def name(self, number: int | None) -> str | None:
        """What a folder is called; its number where that is not known."""
        found = next((each.folder_name for each in self.items if each.folder_id == number), "")
        return found or (f"folder {number}" if number is not None else None)


async def attachments_of(call: Call, project: Found) -> list[Attachment]:
    """The attachments of a project that was just seen to exist, of all its folders."""
    return await listed(call, GetAttachments(kind=project.kind, project_id=project.id))


async def folders_of(call: Call, project: Found) -> Folders:
    """The attachment folders of a project that was just seen to exist; none where its template has none."""
    return Folders(await listed(call, GetAttachmentFolders(kind=project.kind, project_id=project.id)))


def pick(attachments: Sequence[Attachment], reference: str, project: Found) -> Attachment | None:
    """The attachment that an id, its name or the name of its file means; None for an id that none has.

    An id may be written as in the answers of writing tools, with the id of the project before it.

    Raises:
        BadArgument: an empty text.
        UnknownName: a name that none has, with the nearest.
        Ambiguous: a name that several have.
    """
    return _pick(
        attachments,
        reference.strip().removeprefix(f"{project.id}/"),
        "attachment",
        lambda each: each.attachment_id,
        lambda each: [each.attachment_name, each.file_name],
    )


def pick_folder(folders: Folders, reference: str) -> AttachmentFolder:
    """The folder that an id or a name means.

    Raises:
        UnknownName: none has it; with all there are.
        Ambiguous: several have the name.
    """
    found = _pick(
        folders.items,
        reference.strip(),
        "attachment folder",
        lambda each: each.folder_id,
        lambda each: [each.folder_name],
    )
    if found is None:
        raise _unknown("attachment folder", reference, _labels(folders.items[:20], _folder_label))
    return found


def _pick(
    items: Sequence[Item], reference: str, noun: str, number: Callable[[Item], int], names: Callable[[Item], list[str]]
) -> Item | None:
    wanted = reference.casefold()
    if not wanted:
        raise BadArgument(f"An id or name of an {noun} can't be empty.")

    def label(item: Item) -> str:
        called = " / ".join(dict.fromkeys(each[:LABEL] for each in names(item) if each))
        return f"{called or '(without a name)'} (id {number(item)})"

    if is_id(wanted) and (same := [each for each in items if number(each) == int(wanted)]):
        return same[0]
    found = [each for each in items if wanted in (name.strip().casefold() for name in names(each))]
    if len(found) > 1:
        raise Ambiguous(
            f"{len(found)} {noun}s of the project are called {reference[:LABEL]!r}.",
            advice="Ask which one is meant and use its id.",
            lines=[label(each) for each in found],
        )
    if not found and not is_id(wanted):
        known = {name.strip().casefold(): item for item in items for name in names(item) if name}
        near = [known[name] for name in difflib.get_close_matches(wanted, known, 3, 0.5)]
        raise _unknown(noun, reference, _labels(near or items[:20], label))
    return found[0] if found else None


def _labels(items: Sequence[Item], label: Callable[[Item], str]) -> list[str]:
    return list(dict.fromkeys(label(each) for each in items))


def _folder_label(folder: AttachmentFolder) -> str:
    return f"{folder.folder_name[:LABEL]} (id {folder.folder_id})"


def _unknown(noun: str, reference: str, lines: Sequence[str]) -> UnknownName:
    there = f"The nearest {noun}s are shown." if lines else f"The project has no {noun}s."
    return UnknownName(f"No {noun} of the project has the id or name {reference[:LABEL]!r}.", advice=there, lines=lines)


def row(attachment: Attachment, folders: Folders) -> dict[str, Any]:
    """An attachment as a row; a text that is empty is None."""
    return {
        "name": attachment.attachment_name or attachment.file_name or None,
        "id": attachment.attachment_id,
        "file": attachment.file_name or None,
        "folder": folders.name(attachment.folder_id),
        "bytes": attachment.size_in_bytes,
        "type": attachment.content_type or None,
        "added": attachment.created_date,
        "added_by": attachment.created_by or None,
        "description": attachment.description or None,
        "folder_id": attachment.folder_id,
    }


def of_project(project: Found) -> dict[str, Any]:
    """What a change of an attachment says of its project."""
    return {"project": project.name, "project_id": project.id}


def in_bytes(number: int | None) -> str | None:
    """A size as a person reads it in a question."""
    return None if number is None else f"{number:,} bytes"


def target_kind(kind: ProjectKind) -> str:
    """What an approval calls an attachment of such a project."""
    return f"{kind.facts.variant.target}_attachment"
