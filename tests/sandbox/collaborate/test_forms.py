"""Forms, their attributes and offers, and the filters of the collection."""

from __future__ import annotations

import pytest


def _ids(forms):
    return [form["Form_ID"] for form in forms]


def test_filters_are_combined_with_and(desk, code):
    assert len(desk.read("/forms")) == 20
    assert _ids(desk.read("/forms", state="disabled")) == [319]
    assert _ids(desk.read("/forms", publishStatus="UNPUBLISHED")) == [320]
    assert code(desk.get("/forms", state="DISABLED", publishStatus="UNPUBLISHED")) == (404, "NO_RESULTS")
    form = desk.read("/forms/305")
    assert 305 in _ids(desk.read("/forms", createdDate=form["Created_Date"], state="Enabled"))
    assert _ids(desk.read("/forms", lastModifiedDate=form["Last_Modified_Date"])) == [305]
    assert code(desk.get("/forms", createdDate="2019-01-01")) == (404, "NO_RESULTS")


@pytest.mark.parametrize("text", ["20.11.2026", "2026-02-30", "2026-1-1", "", "２０２６-01-01"])
def test_a_day_that_is_none_is_400(desk, code, text):
    assert code(desk.get("/forms", createdDate=text)) == (400, "BAD_REQUEST")
    assert "createdDate" in desk.site.log()[-1]["refusal"]


def test_everything_is_the_same_through_the_folder(desk):
    for path in ("", "/attributes", "/offers", "/offers/5230"):
        assert desk.read(f"/formfolders/208/forms/304{path}") == desk.read(f"/forms/304{path}")
    first = desk.read("/forms/304/attributes")[0]
    assert desk.read(f"/formfolders/208/forms/304/attributes/{first['Attribute_ID']}") == first


@pytest.mark.parametrize("path", ["", "/attributes", "/attributes/7001", "/offers", "/offers/5230"])
def test_another_folder_has_nothing_of_it(desk, path):
    assert desk.get(f"/formfolders/203/forms/304{path}").status_code == 404


def test_attributes_and_offers_belong_to_one_form(desk, code):
    assert code(desk.get("/forms/302/attributes/7001")) == (404, "NOT_FOUND")
    assert code(desk.get("/forms/302/offers/5230")) == (404, "NOT_FOUND")
    assert code(desk.get("/forms/301/offers")) == (404, "NO_RESULTS")
    assert code(desk.get("/forms/320/attributes")) == (404, "NO_RESULTS")
    assert code(desk.get("/forms/999/attributes")) == (404, "NO_RESULTS")
    assert code(desk.get("/forms/999/attributes/7001")) == (404, "NOT_FOUND")


def test_choice_controls_have_options_and_free_ones_none(desk):
    by_name = {item["Internal_Name"]: item for item in desk.read("/forms/301/attributes")}
    assert by_name["age_band"]["Lookup_Options"] == ["18-24", "25-34", "35-49", "50-64", "65+"]
    assert by_name["age_band"]["Required"] is True
    assert by_name["branch_ids"]["Lookup_Options"] is None


def test_offers_are_those_of_campaign(desk):
    offer = desk.read("/forms/304/offers/5230")
    assert offer["Offer_Name"] == desk.site.offer(5230)["name"]
