"""Which places look different after a write: those of the changed objects, and those that show them as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.call import Call
from tools.campaign.attribute_book import OWNERS
from tools.change import Change, Outcome
from tools.collaborate.folder_book import folders_of
from tools.places.address import address
from upstream.collaborate.kinds import FoldersRequest, FolderTree, ProjectKind
from upstream.errors import UpstreamError


@dataclass(frozen=True)
class Changed:
    """Canonical addresses whose text is old now, and whether folders of the first level came, went or were renamed."""

    addresses: Sequence[str] = ()
    first_level: bool = False


_FOLDERS: Mapping[str, tuple[FolderTree, str]] = {
    FoldersRequest.variants[tree].target: (tree, word)
    for tree, word in ((FolderTree.TEMPLATES, "template-folders"), (FolderTree.FORMS, "form-folders"))
}
_TABLES: Mapping[str, str] = {"profile_table": "profile-tables", "custom_table": "custom-tables"}
_ATTACHMENTS: Mapping[str, ProjectKind] = {f"{kind.facts.variant.target}_attachment": kind for kind in ProjectKind}


async def changed(call: Call, outcomes: Sequence[Outcome]) -> Changed:
    """What these outcomes changed; one that is not known counts as done."""
    found: dict[str, None] = {}
    first_level = False
    for outcome in outcomes:
        if outcome.status not in ("done", "unknown"):
            continue
        change = outcome.change
        if change.kind in _FOLDERS:
            tree, word = _FOLDERS[change.kind]
            above = await _above(call, tree, change)
            number = outcome.id or change.id
            places = [*([address(word, number)] if number else []), address(word, *([above] if above else []))]
            found |= dict.fromkeys(places)
            first_level = first_level or above is None
        elif change.kind == "attribute":
            found |= dict.fromkeys(address("attributes", each) for each in _owners(change))
        elif word := _TABLES.get(change.kind, ""):
            entity, _, named = change.id.partition("/")
            found |= dict.fromkeys([address(word, entity, outcome.id or named), address(word, entity)])
        elif kind := _ATTACHMENTS.get(change.kind):
            project, _, attachment = (outcome.id or change.id).rpartition("/")
            found |= dict.fromkeys([address("attachments", kind.value, project, attachment)] if project else [])
    return Changed(list(found), first_level)


async def _above(call: Call, tree: FolderTree, change: Change) -> int | None:
    """The id of the folder above; None at the top, and where it can't be found out any more."""
    said = {**change.after, **change.before}
    if change.verb != "update" or "parent_id" in said:
        return said.get("parent_id")
    number = int(change.id)
    try:
        known = await folders_of(call, tree).recent(call)
    except UpstreamError:
        return None
    return known.parent(known.by_id[number]) if number in known.by_id else None


def _owners(change: Change) -> list[str]:
    """The kinds of objects whose attributes a changed definition is among; offer templates have those of offers."""
    said = change.after.get("kind") or change.before.get("kind")
    if said == "offer":
        return ["offer", "offer_template"]
    return [said] if isinstance(said, str) and said in OWNERS else [*OWNERS]
