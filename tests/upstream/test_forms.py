"""Which of its forms a family of routes has is learnt by reads, on 404 or 405; a 404 alone is an unknown id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sandbox import Sandbox
from upstream.campaign import offers as v1
from upstream.campaign import offers_v2 as v2
from upstream.errors import NotFound, RouteMissing
from upstream.request import Request
from upstream.session import Session

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]

TEMPLATES: Mapping[str, Request[Any]] = {
    "v1": v1.GetOfferTemplates(),
    "reference": v2.GetOfferTemplatesV2(),
    "index": v2.GetOfferTemplatesV2Index(),
}


def one(offer_id: int) -> Mapping[str, Request[Any]]:
    return {
        "v1": v1.GetOffers(offer_ids=[offer_id]),
        "reference": v2.GetOffer(offer_id=offer_id),
        "index": v2.GetOffersV2Index(offer_ids=[offer_id]),
    }


async def read(session: Session, forms: Mapping[str, Request[Any]]) -> Any:
    return await session.send_form("offers", forms, probe=TEMPLATES)


@pytest.mark.parametrize(
    ("switches", "form"),
    [
        ({}, "v1"),
        ({"offers_v1": False, "v2_verbs": "reference"}, "reference"),
        ({"offers_v1": False, "v2_verbs": "index"}, "index"),
    ],
)
async def test_the_form_that_answers_is_learnt(
    stand_in: Any, manager_of: Any, request_log: Log, switches: dict[str, Any], form: str
) -> None:
    sandbox = stand_in(**switches)
    session = manager_of(sandbox).session("unica")
    assert session.form("offers") is None
    assert await read(session, TEMPLATES)
    assert session.form("offers") == form
    before = len(request_log(sandbox))
    assert await read(session, TEMPLATES)
    assert len(request_log(sandbox)) == before + 1, "no other form is tried again"
    with pytest.raises(NotFound):
        await read(session, one(999999))


@pytest.mark.parametrize(("verbs", "form"), [("reference", "reference"), ("index", "index")])
async def test_an_unknown_id_is_told_from_a_missing_form(stand_in: Any, manager_of: Any, verbs: str, form: str) -> None:
    session = manager_of(stand_in(offers_v1=False, v2_verbs=verbs)).session("unica")
    with pytest.raises(NotFound, match="999999"):
        await read(session, one(999999))
    assert session.form("offers") == form


async def test_without_a_probe_all_forms_are_tried_and_none_is_learnt(sandbox: Sandbox, manager_of: Any) -> None:
    session = manager_of(sandbox).session("unica")
    with pytest.raises(NotFound):
        await session.send_form("offers", one(999999))
    assert session.form("offers") is None


async def test_the_preferred_form_goes_first(sandbox: Sandbox, manager_of: Any) -> None:
    session = manager_of(sandbox).session("unica")
    await session.send_form("offers", TEMPLATES, prefer=["unheard of", "index"])
    assert session.form("offers") == "index"


async def test_a_form_that_went_away_is_learnt_anew(stand_in: Any, manager_of: Any, switch: Any) -> None:
    sandbox = stand_in()
    session = manager_of(sandbox).session("unica")
    await read(session, TEMPLATES)
    switch(sandbox, offers_v1=False)
    await read(session, TEMPLATES)
    assert session.form("offers") == "reference"


async def test_an_installation_with_none_of_the_forms(stand_in: Any, manager_of: Any) -> None:
    session = manager_of(stand_in(offers_v1=False, offers_v2=False)).session("unica")
    with pytest.raises(RouteMissing, match="none of the known forms of offers"):
        await read(session, TEMPLATES)
    with pytest.raises(RouteMissing):
        await read(session, one(1))


async def test_writes_learn_nothing(sandbox: Sandbox, manager_of: Any, request_log: Log) -> None:
    session = manager_of(sandbox).session("unica")
    with pytest.raises(ValueError, match="retireOffers is not a read"):
        await session.send_form("offers", {"v1": v1.RetireOffers(offer_ids=[1])})
    assert request_log(sandbox) == []
