"""Dates as installations write them: read into moments, learnt from, and written the same way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.answers import Sent, read
from upstream.campaign.campaigns import CampaignInfo, CampaignInput, GetCampaigns
from upstream.campaign.objects import AttributeMetadata, TypedAttribute
from upstream.http import Reply
from upstream.moment import DateForm, Dates, Lossy, NotUnderstood
from upstream.written import json_text
from upstream.zones import EARLIEST, LATEST, which_of_two

SUMMER = datetime(2015, 7, 6, 18, 23, 35, tzinfo=UTC)
MILLISECONDS = 1436207015000
BERLIN = ZoneInfo("Europe/Berlin")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    "written",
    [
        MILLISECONDS,
        float(MILLISECONDS),
        str(MILLISECONDS),
        "2015-07-06T18:23:35Z",
        "2015-07-06T18:23:35.000+0000",
        "2015-07-06T23:53:35+05:30",
        "Mon Jul 06 18:23:35 UTC 2015",
        "Mon Jul 06 18:23:35 GMT 2015",
        "Mon Jul 06 20:23:35 GMT+02:00 2015",
        "Mon Jul 06 13:53:35 -0430 2015",
        {"firstDayOfWeek": 1, "lenient": True, "time": MILLISECONDS, "timeInMillis": MILLISECONDS},
        {"time": "2015-07-06T18:23:35Z"},
        {"timeInMillis": {"time": MILLISECONDS}},
        f"{MILLISECONDS}.0",
        MILLISECONDS // 1000,
        str(MILLISECONDS // 1000),
        "2015-07-06T20:23:35",
        "2015-07-06t20:23:35",
        "2015-07-06 20:23:35.0",
        "2015-07-06T18:23:35z",
        "2015-07-06T20:23:35+02:00[Europe/Berlin]",
        "2015-07-06 18:23:35 UTC",
        "20150706T202335",
        "2015-W28-1T20:23:35",
        "2015/07/06 20:23:35",
        "06.07.2015 20:23:35",
        "Mon Jul 06 20:23:35 CEST 2015",
        "Mon Jul 06 20:23:35 2015",
    ],
)
def test_a_moment_is_read_in_every_form(written: Any) -> None:
    moment = Dates(BERLIN).read(written)
    assert moment == SUMMER
    assert isinstance(moment, datetime) and moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-02-19", berlin(2025, 2, 19)),
        ("20250219", berlin(2025, 2, 19)),
        ("2025-02-19Z", datetime(2025, 2, 19, tzinfo=UTC)),
        ("2025-02-19T22:20", berlin(2025, 2, 19, 22, 20)),
        ("19/02/2025 22:20", berlin(2025, 2, 19, 22, 20)),
        ("02/19/2025 10:20 PM", berlin(2025, 2, 19, 22, 20)),
        ("19-02-2025", berlin(2025, 2, 19)),
        ("04/04/2026", berlin(2026, 4, 4)),
        ("2026-12-31T24:00", berlin(2027, 1, 1)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2027-10-31 02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-03-28 02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("Sun Oct 31 02:30:00 CET 2027", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        (1740003600, datetime(2025, 2, 19, 22, 20, tzinfo=UTC)),
        ("1740003600.25", datetime(2025, 2, 19, 22, 20, 0, 250_000, tzinfo=UTC)),
        (315532800000, datetime(1980, 1, 1, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("0001-01-01", EARLIEST),
        (-62135600008000, EARLIEST),
        (253402329599000, LATEST),
        ("9999-12-31T23:59:59-12:00", LATEST),
    ],
)
def test_a_date_without_a_zone_is_in_that_of_the_settings(written: Any, moment: datetime) -> None:
    assert Dates(BERLIN).read(written) == moment


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2026",
        "3-4-2026 10:00",
        "19/02/25",
        "25-02-19",
        "2026-02-30",
        "31/02/2026",
        "2026-13-01",
        "2026-W54-1",
        "0000-00-00 00:00:00",
        "2025-02-19T25:00",
        "2025-02-19T24:01",
        "2025-02-19T10:60",
        "2025-02-19T10:20:60",
        "2025-02-19 13:00 PM",
        "2025-02-19T10:00:00+99:00",
        "2025-02-19+hours",
        "10000-01-01",
        "9999-12-31T24:00:00",
        "Mon Jul 06 18:23:35 IST 2015",
        "Mon Foo 06 18:23:35 UTC 2015",
        "Thu Feb 31 18:23:35 UTC 2015",
        "Mon Jul 06 18:23:35 GMT+99:00 2015",
        "soon",
        "null",
        "42",
        "99999999",
        "9" * 30,
        "1e400",
        "\u0662\u0660\u0662\u0665-02-19",
    ],
)
def test_what_would_be_a_guess_is_not_understood_and_stands_as_it_came(written: str) -> None:
    found = Dates(BERLIN).read(written)
    assert isinstance(found, NotUnderstood) and found == written


@pytest.mark.parametrize("written", [10**18, -(10**18), 10**400, 1e300, float("nan"), float("inf"), 47, -315619200])
def test_a_number_that_is_no_date_stands_as_it_came(written: float) -> None:
    found = Dates(BERLIN).read(written)
    assert isinstance(found, NotUnderstood) and found == str(written)


@pytest.mark.parametrize("written", [True, ["2025-02-19"], {"lenient": True}, {"time": None, "year": 2025}])
def test_what_has_no_known_shape_stands_as_json(written: Any) -> None:
    found = Dates().read(written)
    assert isinstance(found, NotUnderstood) and json.loads(found) == written


@pytest.mark.parametrize("written", [None, "", "  "])
def test_no_moment(written: Any) -> None:
    assert Dates().read(written) is None


def test_a_moment_of_python_needs_its_zone() -> None:
    assert isinstance(Dates().read(datetime(2015, 7, 6)), NotUnderstood)
    assert Dates().read(datetime(2015, 7, 6, 20, tzinfo=BERLIN)) == datetime(2015, 7, 6, 18, tzinfo=UTC)


@given(st.one_of(st.integers(), st.floats(), st.text(max_size=40), st.datetimes().map(str), st.booleans()))
def test_no_value_raises(written: Any) -> None:
    for zone in (BERLIN, LOS_ANGELES):
        dates = Dates(zone)
        found = dates.read(written, "start")
        if isinstance(found, datetime):
            assert found.tzinfo is UTC
            dates.read_day(written)


@pytest.mark.parametrize(
    ("shown", "meant"), [("19/02/2026", (2026, 4, 3)), ("02/19/2026", (2026, 3, 4)), ("19.02.2026", None)]
)
def test_day_and_month_are_learnt_from_dates_that_have_one_meaning(shown: str, meant: tuple[int, int, int]) -> None:
    dates = Dates(BERLIN)
    assert isinstance(dates.read("03/04/2026"), NotUnderstood)
    dates.read(shown)
    found = dates.read("03/04/2026")
    assert found == berlin(*meant) if meant else isinstance(found, NotUnderstood)


def test_dates_that_contradict_each_other_teach_nothing() -> None:
    dates = Dates(BERLIN)
    dates.read("19/02/2026")
    dates.read("02/19/2026")
    assert isinstance(dates.read("03/04/2026"), NotUnderstood)


@pytest.mark.parametrize(("form", "meant"), [("dd/mm/yyyy", (2026, 4, 3)), ("mm/dd/yyyy", (2026, 3, 4))])
def test_a_setting_says_the_order_whatever_is_shown(form: DateForm, meant: tuple[int, int, int]) -> None:
    dates = Dates(BERLIN, form)
    for shown in ("19/02/2026", "02/19/2026"):
        dates.read(shown)
    assert dates.read("03/04/2026") == berlin(*meant)


def answered(dates: Dates, *campaigns: dict[str, Any]) -> list[CampaignInfo]:
    """What a session reads of an answer with these campaigns."""
    request = GetCampaigns()
    body = json.dumps([{"id": place, **each} for place, each in enumerate(campaigns)]).encode()
    found: list[CampaignInfo] = read(
        request,
        Sent.of(request, "unica", "https://unica.example.com"),
        Reply(200, {"content-type": "application/json"}, body),
        dates,
    )
    return found


def test_what_the_end_of_an_answer_shows_holds_for_its_beginning() -> None:
    first, _ = answered(Dates(BERLIN), {"startDate": "03/04/2026"}, {"startDate": "19/04/2026"})
    assert first.start_date == berlin(2026, 4, 3)
    first, _ = answered(Dates(BERLIN), {"endDate": 253402214400}, {"endDate": 1740003600})
    assert first.end_date == datetime(9999, 12, 31, tzinfo=UTC), "the last day in seconds, and no day of 1978"
    first, _ = answered(Dates(BERLIN), {"endDate": 253402214400}, {"endDate": 1740003600000})
    assert first.end_date == datetime(1978, 1, 11, 21, 30, 14, 400_000, tzinfo=UTC)


def test_attributes_have_their_dates_read_and_so_have_their_options_and_defaults() -> None:
    definition = {
        "name": "launch",
        "typeEnum": "CALENDAR",
        "defaultValue": "03/04/2026",
        "options": [{"value": "19/04/2026"}, {"value": "soon"}],
    }
    attribute = {"name": "launch", "metadata": definition, "valuesAsObjects": ["03/04/2026", "31/02/2026", ""]}
    (campaign,) = answered(Dates(BERLIN), {"attributes": [attribute]})
    assert campaign.attribute_values == {"launch": [berlin(2026, 4, 3), "31/02/2026"]}
    assert isinstance(campaign.attributes[0].value[1], NotUnderstood)
    known = campaign.attributes[0].metadata
    assert known is not None and known.default_value == berlin(2026, 4, 3)
    assert [each.value for each in known.options] == [berlin(2026, 4, 19), NotUnderstood("soon")]


def test_an_attribute_whose_definition_is_told_later_has_its_dates_read_then() -> None:
    dates = Dates(BERLIN)
    bare = TypedAttribute(name="launch", value_as_object="2026-04-03")
    definition = AttributeMetadata(name="launch", type_enum="CALENDAR")
    assert bare.value == "2026-04-03" and bare.defined_by(definition, dates).value == berlin(2026, 4, 3)
    assert bare.defined_by(AttributeMetadata(name="launch", type_enum="TEXT"), dates).value == "2026-04-03"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", date(2026, 3, 1)),
        ("2026-02-28T23:00:00Z", date(2026, 3, 1)),
        ("01.03.2026", date(2026, 3, 1)),
        (1772319600000, date(2026, 3, 1)),
        ("2026-02-30", "2026-02-30"),
        ("03/04/2026", "03/04/2026"),
        (None, None),
    ],
)
def test_a_day_is_that_which_is_written_or_that_of_the_moment_in_the_zone(written: Any, day: Any) -> None:
    assert Dates(BERLIN).read_day(written) == day


NOON = berlin(2026, 12, 31, 12, 30)


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        (MILLISECONDS, 1798716600000),
        ("Mon Jul 06 18:23:35 GMT 2015", 1798716600000),
        ({"time": MILLISECONDS}, 1798716600000),
        ("2015-07-06T18:23:35", "2026-12-31T12:30:00"),
        ("2015-07-06 18:23", "2026-12-31 12:30"),
        ("2015-07-06T18:23:35Z", "2026-12-31T12:30:00+01:00"),
        ("19/02/2025 22:20", "31/12/2026 12:30"),
        ("02/19/2025 22:20:07", "12/31/2026 12:30:00"),
        ("19.02.2025 22:20", "31.12.2026 12:30"),
        (MILLISECONDS // 1000, "2026-12-31T12:30:00+01:00"),
    ],
)
def test_a_save_writes_the_form_that_was_read_else_that_of_the_contract(shown: Any, sent: Any) -> None:
    dates = Dates(BERLIN)
    answered(dates, {"endDate": shown})
    assert json.loads(json_text(CampaignInput(end_date=NOON), dates)) == {"endDate": sent}
    assert dates.read(sent) == NOON


def test_each_field_is_written_as_it_is_read_and_the_finest_form_counts() -> None:
    dates = Dates(BERLIN)
    answered(
        dates,
        {"createDate": MILLISECONDS, "startDate": "2026-03-01T10:00:00", "endDate": "2026-03-31"},
        {"startDate": "2026-04-01"},
    )
    sent = json.loads(json_text(CampaignInput(start_date=NOON, end_date=berlin(2026, 12, 31)), dates))
    assert sent == {"startDate": "2026-12-31T12:30:00", "endDate": "2026-12-31"}


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("milliseconds", 1798716600000),
        ("seconds", 1798716600),
        ("offset", "2026-12-31T12:30:00+01:00"),
        ("local", "2026-12-31T12:30:00"),
        ("dd/mm/yyyy", "31/12/2026 12:30"),
        ("mm/dd/yyyy", "12/31/2026 12:30"),
    ],
)
def test_a_setting_says_how_dates_are_written_whatever_is_read(form: DateForm, sent: Any) -> None:
    dates = Dates(BERLIN, form)
    for shown in ("2015-07-06", "2015-07-06 18:23:35.5 Z", "Mon Jul 06 18:23:35 GMT 2015"):
        dates.read(shown, "end_date")
    assert dates.write(NOON, "endDate") == sent


def test_a_setting_leaves_the_rest_of_the_form_to_what_is_read() -> None:
    dates = Dates(BERLIN, "dd/mm/yyyy")
    dates.read("06-07-2015 18:23:35", "end_date")
    assert dates.write(NOON, "endDate") == "31-12-2026 12:30:00"


def test_a_form_that_can_not_hold_all_of_a_moment_is_not_written() -> None:
    day, minutes = Dates(BERLIN, "day"), Dates(BERLIN, "dd/mm/yyyy")
    assert day.write(berlin(2026, 12, 31)) == "2026-12-31"
    for form in ("day", "dd/mm/yyyy"):
        dates = Dates(BERLIN, form)
        assert dates.read(dates.write(EARLIEST)) == EARLIEST
    assert Dates(ZoneInfo("Africa/Cairo"), "day").write(datetime(2026, 4, 23, 22, tzinfo=UTC)) == "2026-04-24"
    with pytest.raises(Lossy, match="days alone, and 2026-12-31 12:30:00 has a time"):
        day.write(NOON)
    with pytest.raises(Lossy, match="of two times 31/10/2027 02:30 the second is meant"):
        minutes.write(datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    with pytest.raises(Lossy, match="12:30:07 has seconds"):
        minutes.write(NOON + timedelta(seconds=7))


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC)),
    st.sampled_from(["milliseconds", "offset", "local"]),
    st.sampled_from([BERLIN, LOS_ANGELES]),
)
def test_what_is_written_is_read_again(moment: datetime, form: DateForm, zone: ZoneInfo) -> None:
    moment = moment.replace(microsecond=0)
    dates = Dates(zone, form)
    if form != "local" or which_of_two(moment, zone) != 2:
        assert dates.read(dates.write(moment)) == moment


def test_the_ends_of_the_calendar_are_written_from_any_zone() -> None:
    for zone in (BERLIN, LOS_ANGELES):
        assert Dates(zone).write(LATEST) == 253402300799000
        assert Dates(zone).write(EARLIEST) == -62135596800000
        for form in ("offset", "local", "dd/mm/yyyy"):
            Dates(zone, form).write(datetime(9999, 12, 31, 20, tzinfo=UTC))


def test_a_moment_without_a_zone_is_never_written() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Dates().write(datetime(2026, 1, 1))
    assert Dates().write(datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))) == 1767225600000
