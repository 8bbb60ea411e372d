"""Several profiles of a table, as a caller names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from tools import reads
from tools.actito.privacy import masked
from tools.actito.profile_book import Found, named_by, profile_of
from tools.actito.table_structure import Table
from tools.call import Call
from tools.errors import BadArgument, ToolProblem

OfProfiles = Annotated[list[str], "Ids or e-mails"]
"""Which profiles: each by its number, its e-mail address, or `attribute=value` with an attribute that is unique."""


NOT_FOUND = "the table has no such profile, or the key may not read it"
"""Why nothing can be done for a name that no profile has. Actito answers both alike."""


@dataclass(frozen=True)
class Chosen:
    """The profiles that are meant, each once, and what was called like none."""

    found: Sequence[Found]
    missing: Sequence[str] = ()


async def chosen(call: Call, table: Table, called: Sequence[str], most: int) -> Chosen:
    """The profiles that are meant; one named in two ways counts once.

    Raises:
        BadArgument: none was named, more than `most`, or what can't name a profile.
        UnknownName: no profile is called so, where that holds of all.
        UpstreamError: one could not be read.
    """
    names = list(dict.fromkeys(each.strip() for each in called if each.strip()))
    if not names:
        raise BadArgument("Name the profiles: each by id, e-mail address, or attribute=value with a unique attribute.")
    if len(names) > most:
        raise BadArgument(
            f"These are {len(names)} profiles, and one call takes {most}.",
            advice="Make several calls; for many profiles an import, or Actito's interface, is the way.",
        )
    read = await looked_up(call, table, names)
    problems = {name: each for name, each in read.items() if isinstance(each, ToolProblem)}
    found: dict[str, Found] = {}
    for each in read.values():
        if isinstance(each, Found):
            found.setdefault(each.reference, each)
    if not found:
        raise next(iter(problems.values()))
    return Chosen([*found.values()], [*problems])


async def looked_up(call: Call, table: Table, called: Sequence[str]) -> dict[str, Found | ToolProblem]:
    """Each name with the profile that has it, or with the problem that none has.

    Raises:
        BadArgument: one can't name a profile; then none is read.
        UpstreamError: one could not be read.
    """
    for name in called:
        named_by(table, name)
    return await reads.each_or_problem(called, lambda name: profile_of(call, table, name))


def whom(found: Found) -> str:
    """A profile in a question to a person: as the caller called it, and of a number the masked address."""
    address = masked(found.address)
    return f"{found.called}, {address}" if address and found.called == found.id else found.called
