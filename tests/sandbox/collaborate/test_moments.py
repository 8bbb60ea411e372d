"""Days and moments of Collaborate: at the ends of the calendar, in a zone, and in forms that are not documented."""

from __future__ import annotations

import json

import pytest
import yaml

from sandbox import contract
from sandbox.collaborate.moments import DATED

PROJECT = "/locals/1000138"
DAILY = {"Is_Recurring": True, "Recurrence_Type": "DAILY"}


def test_all_dates_of_the_contract_are_known_by_their_names():
    text = (contract.contract_folder() / "unica-collaborate.openapi.yaml").read_text(encoding="utf-8")
    schemas = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]["schemas"]
    properties = [pair for schema in schemas.values() for pair in schema.get("properties", {}).items()]
    dated = {name for name, schema in properties if schema.get("format") in ("date", "date-time")}
    assert "Created_Date" in dated and "Start_Time" in dated
    assert {name for name, _ in properties if name.endswith(DATED)} == dated


@pytest.mark.parametrize(
    ("form", "day", "moment"),
    [
        ("milliseconds", "2026-10-25", "2026-11-18T08:01:00Z"),
        ("text", "2026-10-25", "2026-11-18T08:01:00Z"),
        ("day", "2026-10-25", "2026-11-18"),
        ("local", "2026-10-25T00:00:00", "2026-11-18T21:01:00"),
        ("slashes", "25/10/2026 00:00", "18/11/2026 21:01"),
        ("seconds", 1_792_839_600, 1_794_988_860),
        ("offset", "2026-10-24T13:00:00+02:00", "2026-11-18T10:01:00+02:00"),
    ],
)
def test_days_and_moments_in_other_forms(desk, form, day, moment):
    before = desk.read(PROJECT)
    desk.site.switch(date_form=form, time_zone="Pacific/Auckland")
    project = desk.read(PROJECT)
    assert (project["Start_Date"], project["Created_By"]) == (day, before["Created_By"])
    assert [listed["Start_Date"] for listed in desk.read("/locals") if listed["Project_ID"] == 1000138] == [day]
    row = desk.read(f"{PROJECT}/workflowrows/20121")
    assert (row["Actual_Start_Date"], row["Forecast_Start_Date"]) == (moment, None)
    assert desk.put(PROJECT, Start_Date="2026-10-24").status_code == 204
    desk.site.switch(date_form="milliseconds")
    assert desk.read(PROJECT)["Start_Date"] == "2026-10-24"


def test_the_zone_is_that_of_changes_and_of_series_that_name_none(desk):
    desk.site.switch(date="2026-03-01", time_zone="Pacific/Honolulu")
    id_ = desk.new("/lists", Project_Name="New", Template_DB_ID=401)
    assert desk.read(f"/lists/{id_}")["Created_Date"] == "2026-02-28"
    assert desk.put(f"{PROJECT}/recurrence", **DAILY, Start_Date="2026-12-01T06:00:00").status_code == 204
    assert desk.read(f"{PROJECT}/recurrence")["Next_Run_Date"] == "2026-12-01T16:00:00Z"
    settings = desk.site.sandbox.settings()
    assert settings["CAMPAIGN_MCP_UNICA__TIME_ZONE"] == settings["CAMPAIGN_MCP_ACTITO__TIME_ZONE"] == "Pacific/Honolulu"


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_ends_of_the_calendar_come_back_as_they_were_given(desk, zone):
    desk.site.switch(time_zone=zone)
    days = {"Start_Date": "0001-01-01", "End_Date": "9999-12-31"}
    id_ = desk.new("/lists", Project_Name="Always on", Template_DB_ID=401, **days)
    assert days.items() <= desk.read(f"/lists/{id_}").items()
    ends = {"Start_Date": "0001-01-01T00:00:00Z", "End_Type": "ON_DATE", "End_Date": "9999-12-31T23:59:59Z"}
    answer = desk.put(f"{PROJECT}/recurrence", **DAILY, **ends, Time_Zone="UTC")
    assert answer.status_code == 204, answer.text
    assert ends.items() <= desk.read(f"{PROJECT}/recurrence").items()
    for form in ("day", "local", "slashes", "seconds", "offset"):
        desk.site.switch(date_form=form)
        assert None not in [desk.read(f"/lists/{id_}")[key] for key in days]
        assert json.dumps(desk.read(f"{PROJECT}/recurrence"))


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "+02:00", "../UTC", 2, None])
def test_a_zone_that_does_not_exist_is_refused(site, zone):
    answer = site.http.patch("/sandbox/switches", json={"time_zone": zone})
    assert answer.status_code == 400
    assert "time_zone" in answer.text
