"""Changes, plans, and what is derived from them."""

from __future__ import annotations

from dataclasses import replace

from tools.change import Change, Dependents, Plan, gone
from upstream.request import Risk

UPDATE = Change("unica", "offer", "update", "Gold", "1", "C1", before={"cost": 1, "owner": "a"}, after={"cost": 2})


def test_only_what_differs_is_a_difference() -> None:
    change = replace(UPDATE, after={"cost": 2, "owner": "a", "new": None, "label": "x"})
    assert change.differences() == {"cost": (1, 2), "label": (None, "x")}
    assert replace(UPDATE, after={"owner": None}).differences() == {"owner": ("a", None)}


def test_an_update_can_be_taken_back_and_a_deletion_not() -> None:
    back = UPDATE.inverse()
    assert back is not None and back.before == UPDATE.after and back.after == UPDATE.before
    assert back.inverse() == UPDATE
    assert replace(UPDATE, verb="delete").inverse() is None


def test_the_digest_sees_every_field_that_is_shown() -> None:
    others = [
        replace(UPDATE, name="x"),
        replace(UPDATE, id="2"),
        replace(UPDATE, code="x"),
        replace(UPDATE, verb="delete"),
        replace(UPDATE, kind="campaign"),
        replace(UPDATE, before={"cost": 3}),
        replace(UPDATE, after={"cost": 3}),
    ]
    assert len({each.digest() for each in [UPDATE, *others]}) == 8
    assert replace(UPDATE, before={"owner": "a", "cost": 1}).digest() == UPDATE.digest(), "the order of fields is none"
    assert Plan([UPDATE]).digest() != Plan([UPDATE, UPDATE]).digest()


def test_what_is_gone_is_deleted_already_and_can_not_be_retired() -> None:
    deleted, retired = gone("offer_list", "delete", "777"), gone("offer", "retire", "778")
    assert (deleted.status, deleted.reason, deleted.change.id) == ("already", "no offer list has this id", "777")
    assert (retired.status, retired.reason) == ("refused", "no offer has this id")


def test_a_plan_is_guarded_when_one_of_its_changes_is() -> None:
    assert not Plan([UPDATE]).guarded
    assert Plan([UPDATE, replace(UPDATE, risk=Risk.DESTRUCTIVE)]).guarded
    assert replace(UPDATE, kind="offer", id="7").target == "offer:7"


def test_dependents_are_complete_when_all_places_were_searched() -> None:
    assert Dependents().complete and Dependents(looked_at=3, of=3).complete
    assert not Dependents(looked_at=2, of=3).complete
