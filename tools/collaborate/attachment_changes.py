"""Adding a file to a project of Collaborate."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread

from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate.attachment_book import (
    SYSTEM,
    Folders,
    OfProject,
    attachments_of,
    folders_of,
    in_bytes,
    of_project,
    pick_folder,
    target_kind,
)
from tools.collaborate.kinds import OfKind, kind_of
from tools.collaborate.project_book import Found, Projects
from tools.content import by_name, media_type
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from tools.uploads import Limits, Picked, from_file, from_text
from upstream.collaborate.attachments import (
    AddAttachment,
    Attachment,
    GetAttachmentFolders,
    GetAttachments,
)
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.errors import OutcomeUnknown, UpstreamError
from upstream.parts import Upload

LABEL_LENGTH = 255


@dataclass(frozen=True)
class _Sending:
    """What a change sends: its request, the project, and the attachments that were there before."""

    request: AddAttachment
    project: Found
    folders: Folders
    known: frozenset[int]


class Ready:
    """What is ready to be sent, each kept exactly as long as its change: what was shown is what leaves."""

    def __init__(self) -> None:
        self._kept: dict[int, _Sending] = {}

    def keep(self, change: Change, sending: _Sending) -> None:
        self._kept[id(change)] = sending
        weakref.finalize(change, self._kept.pop, id(change), None)

    def of(self, change: Change) -> _Sending | None:
        return self._kept.get(id(change))


@changes(
    AddAttachment,
    GetAttachments,
    GetAttachmentFolders,
    GetProject,
    GetProjects,
    title="Attach a file",
    repeatable=False,
)
async def attachments_add(
    call: Call,
    project: OfProject,
    kind: OfKind = "",
    file: Annotated[str, "Path, if allowed"] = "",
    content: Annotated[str, "base64, instead"] = "",
    name: Annotated[str, "File name"] = "",
    title: Annotated[str, "Text"] = "",
    description: Annotated[str, "Text"] = "",
    folder: Annotated[str, "Id or name"] = "",
) -> Plan:
    """Attach a file to a project."""
    if bool(file) == bool(content):
        raise BadArgument("Give either file, a path, or content, base64 with a name.")
    title, description = stored_text(title, "title"), stored_text(description, "description", lines=True)
    if len(title) > LABEL_LENGTH:
        raise BadArgument(f"title is one line of at most {LABEL_LENGTH} characters.")
    limits = Limits.of(call.options)
    picked = from_text(content, name, limits) if content else await to_thread.run_sync(from_file, file, name, limits)
    found = await call.kept(Projects).of(kind_of(kind)).one(call, project)
    if found.over:
        raise BadArgument(
            f"The project is {found.state}: it takes no attachments any more (inferred).", lines=[str(found)]
        )
    folders = await folders_of(call, found)
    there = await attachments_of(call, found)
    number = pick_folder(folders, folder).folder_id if folder else None
    return _plan(call, found, folders, there, picked, title, description, number)


def _plan(
    call: Call,
    project: Found,
    folders: Folders,
    there: Sequence[Attachment],
    picked: Picked,
    title: str,
    description: str,
    folder: int | None,
) -> Plan:
    kind = media_type(picked.name, "", picked.content)
    first = folders.items[0].folder_id if folders.items else None
    shown = {
        **of_project(project),
        "file": picked.name,
        "size": in_bytes(len(picked.content)),
        "type": kind,
        "folder": folders.name(first if folder is None else folder),
        "description": description,
        "from": picked.source,
        "sha256": picked.fingerprint,
    }
    after = {key: value for key, value in shown.items() if value}
    change = Change(SYSTEM, target_kind(project.kind), "add", title or picked.name, after=after)
    request = AddAttachment(
        kind=project.kind,
        project_id=project.id,
        file=Upload(picked.name, picked.content, kind),
        attachment_name=title or None,
        description=description or None,
        folder_id=folder,
    )
    ready: Ready = call.kept(Ready)
    ready.keep(change, _Sending(request, project, folders, frozenset(each.attachment_id for each in there)))
    return Plan([change], warnings=_warnings(picked, kind, folders), asks=_twins(there, picked.name))


def _warnings(picked: Picked, kind: str, folders: Folders) -> list[str]:
    warnings = []
    if (named := by_name(picked.name)) != kind:
        warnings.append(f"The name stands for {named}, the bytes for {kind}: it is sent as {kind}.")
    if not folders.items:
        warnings.append("The project has no attachment folder: its template may not allow attachments.")
    return warnings


def _twins(there: Sequence[Attachment], name: str) -> str:
    twins = [each.attachment_id for each in there if each.file_name.strip().casefold() == name.casefold()]
    if not twins:
        return ""
    ids = ", ".join(str(each) for each in twins[:5])
    return f"The project has a file of this name already (attachment id {ids}). Add another?"


@attachments_add.applies
async def _add(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    ready: Ready = call.kept(Ready)
    return [await _send(call, each, ready.of(each)) for each in changes]


async def _send(call: Call, change: Change, sending: _Sending | None) -> Outcome:
    if sending is None:
        return Outcome(change, "refused", "Not added: the bytes of the file are no longer there. Make the call again.")
    try:
        said = await call.send(sending.request)
    except OutcomeUnknown as loss:
        return await _find_again(call, change, sending, loss)
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not added: {error}")
    return Outcome(change, "done", _other_than_sent(change, sending, said), str(said.attachment_id))


async def _find_again(call: Call, change: Change, sending: _Sending, loss: OutcomeUnknown) -> Outcome:
    """After a lost or empty answer: what is there now, was not before and is called so is the new one."""
    look = f"look with attachments_read(project={sending.project.id}) before you try again"
    try:
        there = await attachments_of(call, sending.project)
    except UpstreamError:
        return Outcome(change, "unknown", f"{look}. {loss.message}")
    sent = sending.request.file
    new = [
        each
        for each in there
        if each.attachment_id not in sending.known
        and each.file_name.strip().casefold() == sent.name.casefold()
        and each.size_in_bytes in (None, len(sent.content))
    ]
    if len(new) != 1:
        seen = "several new files of this name are there" if new else "it is not there now"
        return Outcome(change, "unknown", f"{seen}: {look}. {loss.message}")
    other = _other_than_sent(change, sending, new[0])
    reason = "no usable answer came, but the attachment is there" + (f"; {other}" if other else "")
    return Outcome(change, "done", reason, str(new[0].attachment_id))


def _other_than_sent(change: Change, sending: _Sending, said: Attachment) -> str:
    """In what the stored attachment differs from what was sent."""
    parts = []
    sent = sending.request.file
    if said.size_in_bytes not in (None, len(sent.content)):
        parts.append(f"the system says {said.size_in_bytes} bytes")
    if said.file_name and said.file_name != sent.name:
        parts.append(f"its file is called {said.file_name[:80]!r}")
    if said.folder_id is not None and sending.folders.name(said.folder_id) != change.after.get("folder"):
        parts.append(f"it is in {(sending.folders.name(said.folder_id) or '')[:80]!r}")
    return f"added, but {' and '.join(parts)}" if parts else ""
