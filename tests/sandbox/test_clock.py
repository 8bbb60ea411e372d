"""The clock of a sandbox: handed in, one for each sandbox, and the only one that anything is dated with."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sandbox
from sandbox.clock import Clock

DAY = "2031-03-02"
NINE = datetime(2031, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
COLLABORATE = "/collaborate/api/collaborate/v1"
PROFILES = "/actito/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"
EXECUTIONS = "/actito/mass-imports/v5/entities/MeridianBank/etl-executions"


def test_a_day_begins_at_nine_and_goes_on():
    clock = Clock(DAY)
    first, second = clock.now(), clock.now()
    assert NINE <= first <= second < NINE + HOUR
    assert (clock.day, clock.today().isoformat()) == (DAY, DAY)
    assert 0 <= clock.milliseconds() - NINE.timestamp() * 1000 < 3_600_000


def test_without_a_day_it_is_the_clock_of_the_machine():
    clock = Clock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert clock.day == ""


@pytest.mark.parametrize(
    "text", ["2026-02-30", "02/03/2026", "20260302", "2026-03-02T09:00", "1969-12-31", "9999-12-31", " ", "today"]
)
def test_what_is_no_day_is_refused_before_anything_starts(text):
    with pytest.raises(ValueError, match="date: takes a day such as 2026-03-02"):
        sandbox.start(date=text)
    with pytest.raises(ValueError, match="'date': takes a day such as 2026-03-02"):
        sandbox.start(switches={"date": text})


def test_a_date_is_given_once():
    with pytest.raises(ValueError, match="twice"):
        sandbox.start(date=DAY, switches={"date": DAY})


def test_everything_that_is_dated_goes_by_it(start):
    site = start(date=DAY, switches={"authentication": False})
    created = site.form("POST", "/v1/campaigns", campaign={"name": "New"}).json()["createDate"]
    token = site.login().json()
    project = site.http.post(f"{COLLABORATE}/lists", json={"Project_Name": "New", "Template_DB_ID": 401})
    file = site.http.post(f"{COLLABORATE}/locals/1000138/attachments", files={"file": ("a.txt", b"A", "text/plain")})
    saved = site.http.put(PROFILES, json={"key": {"emailAddress": "new@example.org"}})
    profile = site.http.get(f"{PROFILES}/{saved.json()['profileId']}").json()["attributes"]
    definition = ("parameters.json", b"{}")
    execution = site.http.post(EXECUTIONS, files={"parameters": definition, "inputFile": ("a.csv", b"a\n1\n")})
    run = [site.http.get(execution.headers["location"]).json() for _ in range(3)][-1]
    assert token["createDate"].startswith("Sun Mar 02 09:")
    for milliseconds in (created, int(token["m_tokenId"].split("-")[0]), *(entry["at"] for entry in site.log())):
        assert NINE <= datetime.fromtimestamp(milliseconds / 1000, UTC) < NINE + HOUR
    assert site.http.get(project.headers["location"]).json()["Created_Date"] == DAY
    moments = [file.json()["Created_Date"], profile["creationMoment"], profile["updateMoment"]]
    for moment in (*moments, run["startMoment"], run["endMoment"]):
        assert moment.startswith(f"{DAY}T09:")


def test_two_sandboxes_have_two_dates(start):
    one, other, machine = start(date=DAY), start(date="2019-08-01"), start(date="")
    days = [site.sandbox.now().date().isoformat() for site in (one, other)]
    assert days == [DAY, "2019-08-01"]
    assert [site.sandbox.settings().get("CAMPAIGN_MCP_DATE") for site in (one, other, machine)] == [*days, None]
    assert other.http.get("/sandbox/settings").json()["CAMPAIGN_MCP_DATE"] == "2019-08-01"
    assert other.http.get("/sandbox/switches").json()["date"] == "2019-08-01"


def test_the_date_changes_while_it_runs_and_goes_back_with_a_reset(start):
    site = start(date=DAY)
    site.switch(date="2019-08-01")
    assert site.sandbox.now().date().isoformat() == "2019-08-01"
    assert site.sandbox.settings()["CAMPAIGN_MCP_DATE"] == "2019-08-01"
    site.http.post("/sandbox/reset")
    assert site.sandbox.now().date().isoformat() == DAY
    site.switch(date="")
    assert abs(site.sandbox.now() - datetime.now(UTC)) < HOUR
    assert "CAMPAIGN_MCP_DATE" not in site.sandbox.settings()


def test_another_switch_leaves_the_clock_alone(start):
    site = start(date=DAY)
    site.http.get("/sandbox/switches")
    before = site.sandbox.now()
    site.switch(latency=0.0, date=DAY)
    assert site.sandbox.now() >= before


def test_only_the_clock_reads_the_clock_and_zone_of_the_machine():
    reading = re.compile(
        r"\bdate(time)?\.(now|utcnow|today)\(|\btime\.(time|time_ns|gmtime|localtime|ctime|strftime)\("
        r"|from time import|\.astimezone\(\)|fromtimestamp\([^,)]+\)"
    )
    root = Path(sandbox.__file__).parent
    sources = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    assert [path.name for path, source in sources.items() if reading.search(source)] == ["clock.py"]
