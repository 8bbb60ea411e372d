"""Completing what a person types where an address or a prompt has a variable.

What begins with the text is offered: ids, and names, which addresses and prompts take as well as ids. A name that
several have, that looks like an id, or that a screen could show other than it is, is offered as its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mcp.types import Completion

from mcp_server.words import one_line
from tools.call import Call
from tools.names import Named, is_id
from tools.places import suggestions
from tools.places.address import Shelf

MOST = 100
"""Values in one answer, by the protocol."""
LONGEST = 200


async def values(
    call: Call, shelf: Shelf, variable: str, typed: str, chosen: Mapping[str, str], choice: str = ""
) -> Completion:
    """What can stand for a variable of the addresses on this shelf; `chosen` are those before it.

    `choice` leaves only what can be chosen, as `suggestions.known` has it.

    Raises:
        UpstreamError, ToolProblem: it can't be found out.
    """
    if variable == "entity":
        return of_names(await suggestions.entities(call), typed)
    if variable == "table":
        return of_names(await suggestions.tables(call, shelf.word, chosen.get("entity", "")), typed)
    if shelf.word == "attributes":
        return of_words(suggestions.attribute_types(), typed)
    if shelf.word != "attachments":
        return of_named(await suggestions.known(call, shelf.word, choice), typed)
    kind, project = chosen.get("kind", ""), chosen.get("project", "")
    if variable == "kind":
        return of_words(suggestions.project_kinds(), typed)
    if variable == "project" and kind:
        return of_named(await suggestions.projects(call, kind), typed, only_ids=True)
    if variable == "id" and kind and is_id(project):
        return of_named(await suggestions.attachments(call, kind, int(project)), typed, only_ids=True)
    return Completion(values=[])


def of_words(words: Iterable[str], typed: str) -> Completion:
    """Those of a few fixed words that begin with the text."""
    return _cut([each for each in words if each.startswith(typed.strip().casefold())])


def of_names(names: Iterable[str], typed: str) -> Completion:
    """Technical names that begin with the text, whatever its case."""
    return _cut([each for each in names if each.casefold().startswith(typed.strip().casefold()) and _is_plain(each)])


def of_named(everything: Sequence[Named], typed: str, *, only_ids: bool = False) -> Completion:
    """Names that begin with the text, then ids; `only_ids` where no name can stand."""
    wanted = typed.strip().casefold()
    common = Counter(each.name.strip().casefold() for each in everything)
    names, ids = [], []
    for each in everything:
        by_name = each.name.strip().casefold().startswith(wanted)
        plain = common[each.name.strip().casefold()] == 1 and _is_plain(each.name)
        if by_name and plain and not only_ids:
            names.append(each.name)
        elif by_name or str(each.id).startswith(wanted):
            ids.append(each.id)
    return _cut([*sorted(names, key=str.casefold), *map(str, sorted(ids))])


def _is_plain(name: str) -> bool:
    """Whether a name can be read as what it is, and is found again by it."""
    return bool(name) and one_line(name, LONGEST) == name and not is_id(name) and "/" not in name


def _cut(found: Sequence[str]) -> Completion:
    return Completion(values=list(found[:MOST]), total=len(found), has_more=len(found) > MOST)
