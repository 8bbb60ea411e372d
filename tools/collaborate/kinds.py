"""The three kinds of projects as people call them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated

from tools.errors import BadArgument
from upstream.collaborate.kinds import ProjectKind

OfKind = Annotated[str, "Like advanced list"]
"""A kind of project in a person's words; empty: any."""

NAMES: Mapping[ProjectKind, str] = {
    ProjectKind.SIMPLE_LIST: "simple list",
    ProjectKind.ADVANCED_LIST: "advanced list",
    ProjectKind.ON_DEMAND_CAMPAIGN: "on-demand campaign",
}
"""What the product calls a project of this kind."""

_ALSO: Mapping[ProjectKind, tuple[str, ...]] = {
    # "List campaign" is the product's own word for a simple list.
    ProjectKind.SIMPLE_LIST: ("list", "simple", "list campaign", "simple list campaign"),
    ProjectKind.ADVANCED_LIST: ("advlist", "advanced", "advanced list campaign"),
    ProjectKind.ON_DEMAND_CAMPAIGN: ("local", "local campaign", "odc", "on demand", "campaign"),
}

_ANY = frozenset({"", "any", "all", "project", "anykind", "allkind"})
_CORPORATE = frozenset({"corporate", "corporatecampaign"})

_SURE = 0.9
"""How alike a word must be to a known one to mean it; below that it is only asked about."""


def kind_of(words: str) -> ProjectKind | None:
    """The kind that these words mean, in singular or plural; None when nothing is said.

    Raises:
        BadArgument: they mean none of the three, or a corporate campaign.
    """
    said = _plain(words)
    if said in _ANY:
        return None
    known = {
        _plain(each): kind
        for kind, name in NAMES.items()
        for each in (name, kind.value, kind.facts.variant.target, *_ALSO[kind])
    }
    if said in known:
        return known[said]
    if said in _CORPORATE:
        raise BadArgument(f"Corporate campaigns have no route in this API: there are {', '.join(NAMES.values())}.")
    meant = {known[each] for each in difflib.get_close_matches(said, known, len(known), _SURE)}
    if len(meant) == 1:
        return meant.pop()
    near = difflib.get_close_matches(said, known, 1)
    hint = f"did you mean {NAMES[known[near[0]]]!r}?" if near else f"there are {', '.join(NAMES.values())}."
    raise BadArgument(f"{words[:60]!r} is no kind of project: {hint}")


def kind_of_template(template_type: str) -> ProjectKind | None:
    """The kind of project that templates of this type make; None for a corporate campaign or an unknown type."""
    said = template_type.strip().casefold()
    return next((kind for kind in ProjectKind if kind.facts.template_type == said), None)


def _plain(words: str) -> str:
    """Without what people write in different ways: spaces, hyphens and dashes, case, and the plural."""
    return re.sub(r"[\s_\-\u2010-\u2015\u2212]+", "", words).casefold().removesuffix("s")
