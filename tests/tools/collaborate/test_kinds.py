"""The kinds of projects in a person's words."""

from __future__ import annotations

import pytest

from tools.collaborate.kinds import kind_of, kind_of_template
from tools.errors import BadArgument
from upstream.collaborate.kinds import ProjectKind

SIMPLE, ADVANCED, ON_DEMAND = ProjectKind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("simple list", SIMPLE),
        ("Lists", SIMPLE),
        ("Advanced  Lists", ADVANCED),
        ("advlist", ADVANCED),
        ("advanced_list", ADVANCED),
        ("On-Demand campaigns", ON_DEMAND),
        ("on demand", ON_DEMAND),
        ("locals", ON_DEMAND),
        ("", None),
        ("any", None),
        ("projects", None),
        ("all kinds", None),
        ("ondemand", ON_DEMAND),
        ("OnDemandCampaign", ON_DEMAND),
        ("on–demand campaign", ON_DEMAND),
        ("List campaigns", SIMPLE),
        ("advnced list", ADVANCED),
    ],
)
def test_words_mean_a_kind(words: str, kind: ProjectKind | None) -> None:
    assert kind_of(words) is kind


def test_other_words_are_refused_with_the_nearest() -> None:
    with pytest.raises(BadArgument, match="did you mean 'advanced list'"):
        kind_of("advncd lst")
    with pytest.raises(BadArgument, match="no route in this API"):
        kind_of("Corporate campaigns")
    with pytest.raises(BadArgument, match="there are simple list, advanced list, on-demand campaign"):
        kind_of("newsletter")


def test_the_type_of_a_template_says_what_it_makes() -> None:
    assert [kind_of_template(each) for each in ("list", "AdvList", "local", "corporate", "")] == [
        *ProjectKind,
        None,
        None,
    ]
