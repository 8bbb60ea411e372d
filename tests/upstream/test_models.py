"""Answers are read leniently: nulls, empty texts, unknown fields, one object for a list."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from upstream.campaign.attributes import GetAttributeDefinitions
from upstream.campaign.campaigns import CampaignInfo, CreateCampaign, DeleteCampaign, GetCampaigns
from upstream.campaign.objects import AttributeMetadata, Reference, TypedAttribute, TypedAttributeInput
from upstream.campaign.offer_lists import GetOfferLists, SmartListInfo
from upstream.campaign.offer_models import BulkOfferInfoResponse
from upstream.campaign.offers import DeleteOffers, GetOffers
from upstream.campaign.target_cells import GetTargetCells
from upstream.platform import Login
from upstream.written import json_text

SUMMER = datetime(2015, 7, 6, 18, 23, 35, tzinfo=UTC)
MILLISECONDS = 1436207015000


@pytest.mark.parametrize("written", ["Mon Jul 06 18:23:35 IST 2015", "2015-02-30"])
def test_a_model_keeps_the_text_of_a_moment_it_did_not_understand(written: str) -> None:
    campaign = CampaignInfo.model_validate({"id": 1, "startDate": written, "endDate": MILLISECONDS})
    assert campaign.start_date == written
    assert campaign.end_date == SUMMER


def test_null_counts_as_absent_and_unknown_fields_are_kept() -> None:
    read = GetCampaigns.reader().validate_python(
        [{"id": 7, "name": None, "attributes": None, "createByUserId": 3, "creatorFlag": 4, "brandNew": {"a": 1}}]
    )
    (campaign,) = read
    assert (campaign.name, campaign.attributes, campaign.create_by_user_id) == ("", [], 3)
    assert campaign.creator_flag == "4"
    assert campaign.model_extra == {"brandNew": {"a": 1}}


def test_an_empty_text_is_no_attributes() -> None:
    offer = {"reference": {"componentTypeEnum": "OFFER", "id": 5}, "name": "a", "attributes": ""}
    cell = {"name": "c", "attributes": "", "offerInfo": None, "reference": None}
    assert GetOffers.reader().validate_python([offer])[0].attributes == []
    (read,) = GetTargetCells.reader().validate_python([cell])
    assert (read.attributes, read.offer_info, read.id) == ([], [], 0)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_answer_that_should_be_a_list_and_is_nothing(nothing: Any) -> None:
    assert DeleteOffers.reader().validate_python(nothing) == []
    assert GetOffers.reader().validate_python(nothing) == []


def test_one_offer_list_is_read_as_a_list_of_one() -> None:
    one = {"reference": {"componentTypeEnum": "OFFER_LIST", "id": 640}, "name": "Running", "staticListMembers": [1]}
    assert [each.id for each in GetOfferLists.reader().validate_python(one)] == [640]
    assert [each.id for each in GetOfferLists.reader().validate_python([one, one])] == [640, 640]


def test_the_scope_of_a_smart_list_is_read_in_all_three_forms_and_sent_back_as_it_was() -> None:
    wire = {"query": "a >= 1", "scopeFolders": [{"componentTypeEnum": "FOLDER", "id": 12}, 13, "14"], "new": 1}
    read = SmartListInfo.model_validate(wire)
    assert read.scope_folders == [Reference(component_type_enum="FOLDER", id=12), 13, "14"]
    assert json.loads(json_text(read)) == wire


def test_definitions_come_by_name_from_a_map_a_list_or_nothing() -> None:
    reader = GetAttributeDefinitions.reader()
    one = {"name": "channel", "typeEnum": "TEXT"}
    expected = {"channel": AttributeMetadata(name="channel", type_enum="TEXT")}
    assert reader.validate_python({"channel": one}) == expected
    assert reader.validate_python([one]) == expected
    assert reader.validate_python(None) == {}


def test_a_created_campaign_is_an_object_or_a_bare_text() -> None:
    reader = CreateCampaign.reader()
    assert reader.validate_python({"id": 9, "name": "x"}) == CampaignInfo(id=9, name="x")
    assert reader.validate_python("Campaign 9 created") == "Campaign 9 created"
    assert reader.validate_python({"done": True}) == '{"done": true}'


@pytest.mark.parametrize(
    ("body", "expected"), [("gone", "gone"), (None, ""), (12, "12"), ({"ok": True}, '{"ok": true}')]
)
def test_a_bare_text_never_makes_a_write_unreadable(body: Any, expected: str) -> None:
    assert DeleteCampaign.reader().validate_python(body) == expected


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ({"valueAsObject": 15.0, "valuesAsObjects": [15.0]}, 15.0),
        ({"valueAsObject": "x"}, "x"),
        ({"valuesAsObjects": ["x"]}, "x"),
        ({"valuesAsObjects": ["x", "y"]}, ["x", "y"]),
        ({"valueAsObject": None, "valuesAsObjects": None}, None),
        ({"valueAsObject": False}, False),
        ({"metadata": {"name": "a", "selectTypeEnum": "MULTIPLE_SELECT"}, "valuesAsObjects": ["x"]}, ["x"]),
        ({"metadata": {"name": "a", "array": True}}, []),
        ({"metadata": {"name": "a", "typeEnum": "CALENDAR"}, "valueAsObject": MILLISECONDS}, SUMMER),
        ({"metadata": {"name": "a", "typeEnum": "INTEGER"}, "valueAsObject": MILLISECONDS}, MILLISECONDS),
    ],
)
def test_the_value_of_an_attribute(attribute: dict[str, Any], value: Any) -> None:
    assert TypedAttribute.model_validate({"name": "a", **attribute}).value == value


def test_attribute_values_are_a_plain_dictionary() -> None:
    campaign = CampaignInfo.model_validate(
        {"id": 1, "attributes": [{"name": "b", "valueAsObject": 2}, {"name": "a", "valuesAsObjects": ["x", "y"]}]}
    )
    assert campaign.attribute_values == {"b": 2, "a": ["x", "y"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (50.0, {"name": "a", "valuesAsObjects": [50.0]}),
        (["x", "y"], {"name": "a", "valuesAsObjects": ["x", "y"]}),
        (None, {"name": "a", "valuesAsObjects": []}),
        (SUMMER, {"name": "a", "valuesAsObjects": [MILLISECONDS]}),
    ],
)
def test_an_attribute_to_send(value: Any, expected: dict[str, Any]) -> None:
    assert json.loads(json_text(TypedAttributeInput.of("a", value))) == expected


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (None, ""),
        ("", ""),
        ("An offer with this name exists", "An offer with this name exists"),
        ({"message": "no"}, "no"),
        ({"code": 4}, "{'code': 4}"),
        ({}, ""),
    ],
)
def test_why_an_offer_of_a_bulk_call_was_refused(error: Any, refusal: str) -> None:
    assert BulkOfferInfoResponse.model_validate({"error": error}).refusal == refusal


def test_the_token_and_the_password_show_in_no_text() -> None:
    login = Login(user_name="service", password="kept-to-itself")
    assert "kept-to-itself" not in repr(login) + str(login)
    answer = Login.reader().validate_python(
        {"m_tokenId": "kept-to-itself", "m_user_name": "service", "createDate": "Mon Jul 06 18:23:35 IST 2015"}
    )
    assert "kept-to-itself" not in repr(answer) + str(answer)
    assert answer.create_date == "Mon Jul 06 18:23:35 IST 2015"
    with pytest.raises(ValidationError) as wrong:
        Login(user_name="service", password=["kept-to-itself"])
    assert "kept-to-itself" not in str(wrong.value)
    with pytest.raises(ValidationError):
        Login.reader().validate_python({"m_tokenId": ""})


def test_the_first_unreadable_login_of_a_process_does_not_show_its_token() -> None:
    """In a process of its own, since models that were used once behave better."""
    code = """
from pydantic import ValidationError
from upstream.platform import Login
try:
    Login.reader().validate_json(b'{"m_tokenId": ["kept-to-itself"]}')
except ValidationError as error:
    print(error)
"""
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "m_tokenId" in run.stdout and "kept-to-itself" not in run.stdout
