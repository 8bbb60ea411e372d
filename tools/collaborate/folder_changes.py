"""Creating and changing folders of templates and of forms in Unica Collaborate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from tools.batches import CHECK
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.collaborate.folder_book import TreeName, folder_named, folders_of, tree_of, word
from tools.collaborate.folder_contents import subfolders_of
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from upstream.collaborate import folders as routes
from upstream.collaborate.folders import Folder, FolderInput
from upstream.collaborate.kinds import FoldersRequest, FolderTree
from upstream.errors import NotFound, OutcomeUnknown, UpstreamError
from upstream.replies import Created

SYSTEM = "unica-collaborate"
NAME_LENGTH = 255
"""Characters of a name. Inferred: contract, Folder."""

FIELDS: Mapping[str, str] = {"name": "folder_name", "description": "description", "policy": "security_policy"}
"""What a person calls a field -> how it is sent."""


@changes(
    routes.CreateFolder,
    routes.CreateSubfolder,
    routes.UpdateFolder,
    routes.GetFolders,
    routes.GetFolder,
    routes.GetSubfolders,
    title="Create or change a folder",
    repeatable=False,
)
async def folders_save(
    call: Call,
    tree: Annotated[TreeName, "What it holds"],
    folder: Annotated[str, "To change"] = "",
    name: Annotated[str, "New name"] = "",
    parent: Annotated[str, "Above it, if any"] = "",
    description: Annotated[str, "Text"] = "",
    policy: Annotated[str, "Name"] = "",
    clear: Annotated[list[str], "What to empty"] = [],
) -> Plan:
    """Create or change a folder; it can't be moved."""
    which = tree_of(tree)
    texts = {
        "name": stored_text(name, "name"),
        "description": stored_text(description, "description", lines=True),
        "policy": policy.strip(),
    }
    fields: dict[str, Any] = {key: value for key, value in texts.items() if value}
    if len(fields.get("name", "")) > NAME_LENGTH:
        raise BadArgument(f"The name of a folder has at most {NAME_LENGTH} characters.")
    for each in clear:
        if each.strip().casefold() != "description":
            raise BadArgument(f"{each[:40]!r} can't be emptied: only the description of a folder can.")
        if description:
            raise BadArgument("description is given and to be emptied: leave one of the two out.")
        fields["description"] = None
    if folder:
        return await _plan_change(call, which, folder, parent, fields)
    if clear:
        raise BadArgument("clear is for a folder that exists: name it in folder.")
    return await _plan_new(call, which, parent, fields)


async def _plan_new(call: Call, tree: FolderTree, parent: str, fields: dict[str, Any]) -> Plan:
    if "name" not in fields:
        raise BadArgument('A new folder needs a name, such as name="Spring 2027".')
    above = await folder_named(call, tree, parent) if parent else None
    asks = await _twins(call, tree, fields["name"], above.folder_id if above else None, 0)
    after = {key: value for key, value in fields.items() if key != "name"}
    if above is not None:
        known = await folders_of(call, tree).recent(call, above.folder_id)
        after["parent"] = known.path_text(above.folder_id) or above.folder_name
        after["parent_id"] = above.folder_id
    return Plan([Change(SYSTEM, kind_of(tree), "create", fields["name"], after=after)], asks=asks)


async def _plan_change(call: Call, tree: FolderTree, reference: str, parent: str, fields: dict[str, Any]) -> Plan:
    folder = await folder_named(call, tree, reference)
    if parent and (await folder_named(call, tree, parent)).folder_id != folder.parent_folder_id:
        raise BadArgument(
            "A folder can't be moved: no route of Collaborate changes its parent.",
            advice="Leave parent out, or create a new folder there and delete this one once it is empty.",
        )
    now = _now(folder)
    before = {key: now[key] for key, value in fields.items() if now[key] != value}
    after = {key: fields[key] for key in before}
    change = Change(
        SYSTEM, kind_of(tree), "update", folder.folder_name, str(folder.folder_id), before=before, after=after
    )
    if not after:
        return Plan([], [Outcome(change, "already", "it is so already" if fields else "nothing to change was given")])
    asks = ""
    if "name" in after:
        asks = await _twins(call, tree, after["name"], folder.parent_folder_id, folder.folder_id)
    return Plan([change], asks=asks)


async def _twins(call: Call, tree: FolderTree, name: str, parent: int | None, own: int) -> str:
    """Why a name asks first: a sibling has it in other letters. Raises BadArgument when one has it exactly."""
    siblings = [each for each in await _siblings(call, tree, parent) if each.folder_id != own]
    if same := [each for each in siblings if each.folder_name.strip() == name]:
        raise BadArgument(
            f"There is a folder of this name at this place already, with the id {same[0].folder_id}: "
            "the system refuses a second one (inferred).",
            advice="Use that one, or give another name.",
        )
    close = [each for each in siblings if each.folder_name.strip().casefold() == name.casefold()]
    if not close:
        return ""
    return f"A folder at this place differs only in capital letters: {close[0].folder_name} (id {close[0].folder_id})."


async def _siblings(call: Call, tree: FolderTree, parent: int | None) -> Sequence[Folder]:
    """The folders in a folder now, or those at the top."""
    if parent is None:
        return (await folders_of(call, tree).now(call)).children(None)
    return await subfolders_of(call, tree, parent)


@folders_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    outcomes = [await (_create if each.verb == "create" else _update)(call, each) for each in changes]
    for change in changes:
        folders_of(call, tree_of_kind(change)).forget()
    return outcomes


async def _create(call: Call, change: Change) -> Outcome:
    tree, parent = tree_of_kind(change), change.after.get("parent_id")
    made = _input({**change.after, "name": change.name})
    request: FoldersRequest[Created] = (
        routes.CreateFolder(tree=tree, folder=made)
        if parent is None
        else routes.CreateSubfolder(tree=tree, parent_folder_id=parent, folder=made)
    )
    loss: OutcomeUnknown | None = None
    number: int | None = None
    try:
        number = (await call.send(request)).id
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not created: {error}")
    look = f'look with folders_find(tree="{word(tree)}") before you try again'
    try:
        if number is not None and (created := await _named(call, tree, number, change.name)):
            return Outcome(change, "done", id=str(number), after=_now(created))
        # None had the name when it was planned, so who has it now is the new one.
        siblings = await _siblings(call, tree, parent)
    except UpstreamError as error:
        if loss is None:
            why = f"created, but not read again ({error.message})"
            return Outcome(change, "done", why, id="" if number is None else str(number))
        return Outcome(change, "unknown", f"{look}. {loss.message}")
    found = next((each for each in siblings if each.folder_name.strip() == change.name), None)
    if found is None:
        why = loss.message if loss else "The system reported success, but no folder of this name is there."
        return Outcome(change, "unknown", f"not there now: {look}. {why}")
    reason = "the answer was lost, but the folder is there" if loss else ""
    return Outcome(change, "done", reason, str(found.folder_id), after=_now(found))


async def _named(call: Call, tree: FolderTree, number: int, name: str) -> Folder | None:
    """The folder of this id if it has this name: to which address a new one leads is inferred."""
    try:
        found = await call.send(routes.GetFolder(tree=tree, folder_id=number))
    except NotFound:
        return None
    return found if found.folder_name.strip() == name else None


async def _update(call: Call, change: Change) -> Outcome:
    tree, number = tree_of_kind(change), int(change.id)
    loss: OutcomeUnknown | None = None
    try:
        await call.send(routes.UpdateFolder(tree=tree, folder_id=number, folder=_input(change.after)))
    except OutcomeUnknown as error:
        loss = error
    except UpstreamError as error:
        return Outcome(change, "refused", f"Not changed: {error}")
    try:
        now = _now(await call.send(routes.GetFolder(tree=tree, folder_id=number)))
    except UpstreamError as error:
        if loss is not None:
            return Outcome(change, "unknown", f"{loss.message} {CHECK}")
        return Outcome(change, "done", f"the system said so; it could not be read again ({error.message})")
    missed = [key for key, value in change.after.items() if now[key] != value]
    if missed and loss is not None:
        why = f"it still has the old {', '.join(missed)}: look again before you repeat it. {loss.message}"
        return Outcome(change, "unknown", why, after=now)
    if missed:
        said = f"the system reported success, but did not take {', '.join(missed)}"
        return Outcome(change, "refused" if len(missed) == len(change.after) else "done", said, after=now)
    return Outcome(change, "done", "the answer was lost, but the change is there" if loss else "")


def kind_of(tree: FolderTree) -> str:
    """The kind of a change, as the request class names its target."""
    return "template_folder" if tree is FolderTree.TEMPLATES else "form_folder"


def tree_of_kind(change: Change) -> FolderTree:
    """The other way round."""
    return FolderTree.TEMPLATES if change.kind == "template_folder" else FolderTree.FORMS


def _now(folder: Folder) -> dict[str, Any]:
    """The fields that can be changed, as they are."""
    return {
        "name": folder.folder_name,
        "description": folder.description or None,
        "policy": folder.security_policy or None,
    }


def _input(fields: Mapping[str, Any]) -> FolderInput:
    """Only what is given travels; an emptied description as an empty text."""
    return FolderInput(**{FIELDS[key]: value or "" for key, value in fields.items() if key in FIELDS})
