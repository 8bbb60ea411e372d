"""From an address to what is there, in whichever system: the one door to all places.

A shelf that this server does not offer (its system is not configured, or the operator left it out) is closed: the
caller says so in `Call.options`, under `address.closed(word)`, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.call import Call
from tools.content import Content
from tools.errors import UnknownName
from tools.nearest import nearest
from tools.places.address import ACTITO, ACTITO_SCHEME, SCHEME, SHELVES, SYSTEMS, Address, address, closed, parse
from tools.places.place import Link, Place, Section
from tools.places.suggestions import known

BEGINNING = "Campaign systems"
"""What the place is called where everything begins."""


def roots(call: Call, system: str = "") -> list[Link]:
    """Where browsing begins: the open shelves of a system, or of all; shelves of Actito belong to an entity."""
    links: list[Link] = []
    for word, shelf in SHELVES.items():
        if not shelf.browsable or system not in ("", shelf.system) or call.options.get(closed(word)):
            continue
        if shelf.system == ACTITO:
            if not any(link.address == ACTITO_SCHEME for link in links):
                links.append(Link(SYSTEMS[ACTITO], ACTITO_SCHEME, "entities", SYSTEMS[ACTITO]))
        else:
            links.append(Link(shelf.title, address(word), shelf.title.lower(), SYSTEMS[shelf.system]))
    return links


async def open_place(call: Call, text: str) -> Place | Content:
    """What is at an address, with links only to where the door is open.

    Raises:
        UnknownName: nothing is there, or the shelf is closed.
        Ambiguous: the address has a name that several have.
    """
    where = parse(text)
    if not where.word and where.system != ACTITO:
        return _beginning(call, where)
    if why := _why_closed(call, where):
        raise UnknownName(f"{where} is not available: {why}.", advice="Tell the person; do not look for a way round.")
    try:
        found = await _read(call, where)
    except UnknownName as error:
        if error.lines:
            raise
        raise UnknownName(error.message, advice=error.advice, lines=await _nearest(call, where)) from error
    return _open_links(call, found) if isinstance(found, Place) else found


def _why_closed(call: Call, where: Address) -> str:
    """Why nothing of an address is to be had: its shelf is closed, or for an entity all of them."""
    words = [where.word] if where.word else [word for word, shelf in SHELVES.items() if shelf.system == where.system]
    reasons = [call.options.get(closed(word), "") for word in words]
    return reasons[0] if all(reasons) else ""


async def _read(call: Call, where: Address) -> Place | Content:
    if where.system == ACTITO:
        from tools.places import actito

        return await actito.place(call, where)
    if where.system == "collaborate":
        from tools.places import collaborate

        return await collaborate.place(call, where)
    from tools.places import campaign

    return await campaign.place(call, where)


def _beginning(call: Call, where: Address) -> Place:
    links = roots(call, where.system)
    if where.system and not links:
        why = next(why for word, shelf in SHELVES.items() if (why := call.options.get(closed(word))))
        raise UnknownName(f"{where} is not available: {why}.")
    name = SYSTEMS[where.system] if where.system else BEGINNING
    path = [Link(BEGINNING, SCHEME, "systems")] if where.system else []
    return Place(str(where), name, "system" if where.system else "systems", path, {}, [Section("Places", links)])


def _open_links(call: Call, place: Place) -> Place:
    shut = {word for word in SHELVES if call.options.get(closed(word))}
    if not shut:
        return place

    def is_open(link: Link) -> bool:
        return parse(link.address).word not in shut

    sections = []
    for section in place.sections:
        links = [link for link in section.links if is_open(link)]
        if links or not section.links:
            sections.append(replace(section, links=links))
    return replace(place, path=[link for link in place.path if is_open(link)], sections=sections)


async def _nearest(call: Call, where: Address) -> Sequence[str]:
    """The ids and names that come closest to one that nothing has, each with its address."""
    if where.system == ACTITO or len(where.shelf.variables) > 1:
        return []
    candidates = {}
    for each in await known(call, where.word):
        candidates[str(each.id)] = candidates[each.name.casefold()] = each
    found = dict.fromkeys(candidates[each] for each in nearest(where.key, candidates))
    return [f"{each.name}: {address(where.word, each.id)}" for each in found]
