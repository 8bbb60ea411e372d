"""What leaves and what comes back, over real HTTP against the strict sandbox: it refuses what the contract lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from pydantic import ValidationError

import sandbox
from upstream.campaign import attributes as definitions
from upstream.campaign import campaigns, offer_lists, offers, offers_v2, target_cells
from upstream.campaign.objects import Reference, TypedAttributeInput
from upstream.campaign.offer_models import BulkOfferInfo, OfferCodeOrName
from upstream.platform import Login, Logout
from upstream.request import Override, Request
from upstream.routes import check_override, routes

MARCH = datetime(2027, 3, 1, tzinfo=UTC)


class Client:
    """Sends requests as they are, without a session: login is done once, for a token that lives long."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=30)
        token = self.answer(Login(user_name="service", password="service-pass"))
        self.http.headers.update({"m_user_name": "service", "m_tokenId": token.token_id, "api_auth_mode": "manager"})

    def send(self, request: Request[Any], override: Override | None = None) -> httpx.Response:
        wire = request.wire(override)
        headers = dict(wire.headers)
        content = wire.content
        if wire.form is not None:
            content = urlencode(wire.form).encode()
            headers["content-type"] = "application/x-www-form-urlencoded"
        elif wire.content is not None:
            headers["content-type"] = wire.content_type
        address = f"{request.api.mount}{wire.path}?{urlencode(wire.query, quote_via=quote)}"
        return self.http.request(wire.method, address, headers=headers, content=content)

    def answer(self, request: Request[Any], override: Override | None = None) -> Any:
        response = self.send(request, override)
        assert response.status_code == 200, response.text
        return request.reader().validate_json(response.content)

    def log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.http.get("/sandbox/log").json()["entries"]
        return entries


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with sandbox.start(switches={"token_life": 3600}) as started:
        one = Client(started.url)
        yield one
        one.http.close()


@pytest.fixture(autouse=True)
def no_strict_refusals(client: Client) -> Iterator[None]:
    client.http.delete("/sandbox/log")
    yield
    refusals = {entry["operation"]: entry["refusal"] for entry in client.log() if entry["refusal"]}
    assert not refusals


def new_campaign(client: Client, **more: Any) -> int:
    code = client.answer(campaigns.GenerateCampaignCode())
    data = campaigns.CampaignInput(name="Fête & Co + 10% = «gut»", campaign_code=code, **more)
    created = client.answer(campaigns.CreateCampaign(campaign=data))
    assert isinstance(created, campaigns.CampaignInfo)
    assert (created.name, created.campaign_code) == ("Fête & Co + 10% = «gut»", code)
    return created.id


def new_offers(client: Client, *names: str) -> list[int]:
    template = client.answer(offers.GetOfferTemplates())[0]
    data = [BulkOfferInfo(offer_name=name) for name in names]
    made = client.answer(offers.CreateOffers(template_name=template.name, offers=data))
    assert [each.refusal for each in made] == [""] * len(names)
    return [each.reference.id for each in made]


def test_a_campaign_is_made_read_changed_and_deleted(client: Client) -> None:
    mumbai = timezone(timedelta(hours=5.5))
    made = new_campaign(client, start_date=MARCH, end_date=MARCH.astimezone(mumbai) + timedelta(1))
    read = client.answer(campaigns.GetCampaign(campaign_id=made))
    assert (read.start_date, read.end_date) == (MARCH, MARCH + timedelta(1))
    changed = campaigns.CampaignInput(description="new", end_date=MARCH + timedelta(9))
    client.answer(campaigns.UpdateCampaign(campaign_id=made, campaign=changed))
    read = client.answer(campaigns.GetCampaign(campaign_id=made))
    assert (read.description, read.start_date, read.end_date) == ("new", MARCH, MARCH + timedelta(9))
    assert client.answer(campaigns.GetCampaignMetrics(campaign_id=made)).responses == []
    client.answer(campaigns.DeleteCampaign(campaign_id=made))
    assert client.send(campaigns.GetCampaign(campaign_id=made)).status_code == 404
    two = [new_campaign(client), new_campaign(client)]
    client.answer(campaigns.DeleteCampaigns(campaign_ids=two))
    assert {client.send(campaigns.GetCampaign(campaign_id=each)).status_code for each in two} == {404}


def test_the_plus_of_a_sort_arrives_encoded(client: Client) -> None:
    up = client.answer(campaigns.GetCampaigns(sort="+name"))
    down = client.answer(campaigns.GetCampaigns(sort="-name"))
    assert [each.name for each in up] == sorted((each.name for each in up), key=str.casefold)
    assert [each.name for each in down] == [each.name for each in up][::-1]
    sent = [entry["query"] for entry in client.log() if entry["operation"] == "getCampaigns"]
    assert len(sent) == 2 and "%2B" in str(sent[0])
    assert client.answer(campaigns.SearchCampaigns(sort="+name"))[0].name == up[0].name


@pytest.mark.parametrize("sort", ["name", " name", "+", "+a b", "-name,+id"])
def test_a_sort_without_direction_is_not_sent(sort: str) -> None:
    with pytest.raises(ValidationError):
        campaigns.GetCampaigns(sort=sort)


def test_campaigns_are_found_by_code_folder_and_attribute(client: Client) -> None:
    first = client.answer(campaigns.GetCampaigns())[0]
    (found,) = client.answer(campaigns.GetCampaigns(code=first.campaign_code))
    assert found == first
    criteria = [TypedAttributeInput.of("uacInitiative", first.initiative)]
    assert first.id in [each.id for each in client.answer(campaigns.SearchCampaigns(attributes=criteria))]
    assert client.answer(campaigns.SearchCampaigns())
    assert client.send(campaigns.GetCampaigns(folder_id=1)).json()["message"] == "There is no campaign folder 1"


def test_offers_v1(client: Client) -> None:
    one, two, three = new_offers(client, "Wire ä & one", "Wire two", "Wire three")
    read = client.answer(offers.GetOffers(offer_ids=[one, two]))
    assert [(each.id, each.name, each.retired) for each in read] == [
        (one, "Wire ä & one", False),
        (two, "Wire two", False),
    ]
    assert len(client.answer(offers.GetOffers())) > 300
    assert client.answer(offers.GenerateOfferCodes(offer_name="Wire + four", template_id=None))
    codes = [read[0].offer_code, "nobody"]
    checked = client.answer(offers.ValidateOffers(offer_codes=codes, offer_names=["Wire two"]))
    assert [each.offer_info.id if each.offer_info else 0 for each in checked] == [one, 0, two]
    assert checked[1].error_message
    assert client.answer(offers.RetireOffers(offer_ids=[one, two])) == [one, two]
    assert client.answer(offers.DeleteOffers(offer_ids=[one, two, three])) == [one, two, three]


def test_offers_v2_in_both_forms(client: Client) -> None:
    template = client.answer(offers_v2.GetOfferTemplatesV2())[0]
    assert client.answer(offers_v2.GetOfferTemplatesV2(template_ids=[template.id])) == [template]
    assert client.answer(offers_v2.GetOfferTemplatesV2Index(template_ids=[template.id])) == [template]
    assert template in client.answer(offers_v2.GetOfferTemplatesV2Index())
    data = [BulkOfferInfo(offer_name="Wire 2 [a,b]")]
    made = client.answer(offers_v2.CreateOffersV2(template_name=template.name, offers=data))
    offer = made[0].reference.id
    copies = client.answer(offers_v2.DuplicateOffers(offer_ids=[offer]))
    copy = copies[0].reference.id
    assert client.answer(offers_v2.GetOffer(offer_id=offer)).name == "Wire 2 [a,b]"
    by_ids = client.answer(offers_v2.GetOffersByIds(offer_ids=[offer, copy]))
    assert [each.id for each in by_ids] == [offer, copy]
    assert client.answer(offers_v2.GetOffersV2Index(offer_ids=[offer, copy])) == by_ids
    assert len(client.answer(offers_v2.GetOffersV2Index())) > 300
    assert client.answer(offers_v2.GenerateOfferCodesV2(template_id=template.id))
    code = by_ids[0].offer_code
    (valid,) = client.answer(offers_v2.ValidateOffersV2(offer_codes=[code]))
    assert client.answer(offers_v2.ValidateOffersV2Index(inputs=[OfferCodeOrName(code_or_name=code)])) == [valid]
    assert valid.offer_info == by_ids[0]
    query = "uacName = 'Wire 2 [a,b]'"
    found = client.answer(offers_v2.SearchOffers(query=query, max_size=5, include_sub_folder=True))
    assert [each.id for each in found] == [offer]
    refused = client.send(offers_v2.SearchOffers(query=query, scope_folders=[1, 2]))
    assert "folder 1" in refused.text
    assert client.answer(offers_v2.RetireOffersV2(offer_ids=[copy])) == [copy]
    assert client.answer(offers_v2.DeleteOffersV2(offer_ids=[copy])) == [copy]
    assert client.answer(offers_v2.DeleteOffersV2Index(offer_ids=[offer])) == [offer]


@pytest.mark.parametrize(
    "request_class",
    [
        offers.RetireOffers,
        offers.DeleteOffers,
        offers_v2.RetireOffersV2,
        offers_v2.DeleteOffersV2,
        offers_v2.GetOffersByIds,
    ],
)
def test_a_call_for_no_objects_is_not_made(request_class: Any) -> None:
    with pytest.raises(ValidationError):
        request_class(offer_ids=[])


def test_offer_lists(client: Client) -> None:
    one, two = new_offers(client, "Listed one", "Listed two")
    client.answer(offer_lists.CreateOfferList(name="Wire list", description="é", list_members=[one]))
    static = next(each for each in client.answer(offer_lists.GetOfferLists()) if each.name == "Wire list")
    client.answer(offer_lists.UpdateOfferList(list_id=static.id, list_members=[two]))
    (static,) = client.answer(offer_lists.GetOfferLists(list_ids=[static.id]))
    assert (static.static_list_members, static.smart_list, static.description) == ([one, two], False, "é")
    client.answer(offer_lists.UpdateOfferList(list_id=static.id, list_members=[two], clear_existing=True))
    query = offer_lists.SmartListInfo(query="uacName = 'Listed one'", max_size=7, include_sub_folder=True)
    client.answer(offer_lists.CreateSmartOfferList(name="Wire smart", smart_list=query))
    smart = next(each for each in client.answer(offer_lists.GetOfferLists()) if each.name == "Wire smart")
    assert smart.smart_list and smart.smart_list_info is not None and smart.smart_list_info.query == query.query
    again = smart.smart_list_info.model_copy(update={"max_size": 8})
    client.answer(offer_lists.UpdateOfferList(list_id=smart.id, smart_list=again))
    both = client.answer(offer_lists.GetOfferLists(list_ids=[static.id, smart.id]))
    assert both[0].static_list_members == [two]
    assert both[1].smart_list_info.max_size == 8
    client.answer(offer_lists.RetireOfferLists(list_ids=[static.id]))
    client.answer(offer_lists.DeleteOfferLists(list_ids=[static.id, smart.id]))


def test_target_cells(client: Client) -> None:
    campaign = new_campaign(client)
    (offer,) = new_offers(client, "For a cell")
    (info,) = client.answer(offers.GetOffers(offer_ids=[offer]))
    cell = target_cells.TargetCellInput(name="Gold + 10%", is_cell_top_down=True, offer_info=[info])
    client.answer(target_cells.CreateTargetCell(campaign_id=campaign, cell=cell))
    (made,) = client.answer(target_cells.GetTargetCells(campaign_id=campaign))
    assert (made.name, [each.id for each in made.offer_info]) == ("Gold + 10%", [offer])
    change = target_cells.TargetCellInput(reference=made.reference, description="later", offer_info=[])
    client.answer(target_cells.UpdateTargetCell(cell=change, campaign_id=campaign))
    (changed,) = client.answer(target_cells.GetTargetCells(campaign_id=campaign))
    assert (changed.description, changed.name, changed.offer_info) == ("later", made.name, [])
    assert client.answer(target_cells.GetRunResults(cell_ids=[made.id])) == []
    client.answer(target_cells.DeleteTargetCell(cell_id=made.id))
    client.answer(target_cells.CreateTargetCell(campaign_id=campaign, cell=target_cells.TargetCellInput(name="b")))
    client.answer(target_cells.CreateTargetCell(campaign_id=campaign, cell=target_cells.TargetCellInput(name="c")))
    cells = [each.id for each in client.answer(target_cells.GetTargetCells(campaign_id=campaign))]
    client.answer(target_cells.DeleteTargetCells(cell_ids=cells))
    assert client.answer(target_cells.GetTargetCells(campaign_id=campaign)) == []


def test_attributes(client: Client) -> None:
    campaign = new_campaign(client)
    created = definitions.AttributeMetadataInput(
        name="wire_region",
        display_name="Région",
        type_enum="TEXT",
        select_type_enum="SINGLE_SELECT",
        options=[definitions.AttributeOptionInput(value="Nord"), definitions.AttributeOptionInput(value="Süd")],
    )
    client.answer(definitions.CreateAttributeDefinition(owner="CAMPAIGN", metadata=created))
    found = client.answer(definitions.GetAttributeDefinitions(names=["wire_region", "uacName"]))
    assert found["wire_region"].display_name == "Région"
    assert [each.value for each in found["wire_region"].options] == ["Nord", "Süd"]
    changed = definitions.AttributeMetadataInput(name="wire_region", display_name="Region")
    client.answer(definitions.UpdateAttributeDefinition(metadata=changed, allow_create=False))
    by_type = client.answer(definitions.GetAttributeDefinitionsByType(owner="campaign", names=["wire_region"]))
    assert by_type["wire_region"].display_name == "Region"
    values = [TypedAttributeInput.of("wire_region", "Süd")]
    client.answer(definitions.SetAttributeValues(owner="CAMPAIGN", object_id=campaign, attributes=values))
    read = client.answer(definitions.GetAttributeValues(owner="CAMPAIGN", object_id=campaign, names=["wire_region"]))
    assert [(each.name, each.value) for each in read] == [("wire_region", "Süd")]
    client.answer(definitions.DeleteAttributeDefinition(name="wire_region"))
    assert "wire_region" not in client.answer(definitions.GetAttributeDefinitions())


@pytest.mark.parametrize("form", ["milliseconds", "text", "bean"])
def test_dates_in_every_form_the_server_may_choose(client: Client, form: str) -> None:
    made = new_campaign(client, start_date=MARCH, end_date=MARCH + timedelta(1))
    client.http.patch("/sandbox/switches", json={"date_form": form}).raise_for_status()
    try:
        read = client.answer(campaigns.GetCampaign(campaign_id=made))
    finally:
        client.http.patch("/sandbox/switches", json={"date_form": "milliseconds"}).raise_for_status()
    assert (read.start_date, read.end_date) == (MARCH, MARCH + timedelta(1))


def test_login_and_logout(client: Client) -> None:
    analyst = httpx.Headers({"m_user_name": "analyst", "api_auth_mode": "manager"})
    token = client.answer(Login(user_name="analyst", password="analyst-pass", auth_mode="manager"))
    assert (token.user_name, token.create_date.tzinfo) == ("analyst", UTC)
    wire = Logout().wire()
    analyst["m_tokenId"] = token.token_id
    response = httpx.request(wire.method, client.http.base_url.join(wire.path), headers=analyst)
    assert response.status_code == 200
    assert httpx.request(wire.method, client.http.base_url.join(wire.path), headers=analyst).status_code == 401


@pytest.mark.parametrize(
    ("request_", "rename", "settings"),
    [
        (
            campaigns.CreateCampaign(campaign=campaigns.CampaignInput(name="Adapted")),
            {"createCampaign": {"method": "PUT", "path": "/v1/campaign/new", "fields": {"campaign": {"name": "data"}}}},
            {"method": "PUT", "path": "/v1/campaign/new", "fields": {"campaign": "data"}},
        ),
        (
            campaigns.GetCampaigns(code="none"),
            {"getCampaigns": {"fields": {"code": {"name": "campaign_code", "place": "header"}}}},
            {"fields": {"code": {"name": "campaign_code", "place": "header"}}},
        ),
    ],
)
def test_an_installation_that_differs_is_met_by_settings(
    client: Client, request_: Request[Any], rename: dict[str, Any], settings: dict[str, Any]
) -> None:
    override = check_override(type(request_).__name__, settings)
    client.http.patch("/sandbox/switches", json={"rename": rename}).raise_for_status()
    try:
        assert client.send(request_).status_code in (400, 404, 405)
        client.http.delete("/sandbox/log")
        client.answer(request_, override)
    finally:
        client.http.patch("/sandbox/switches", json={"rename": {}}).raise_for_status()


def test_what_is_not_set_does_not_travel() -> None:
    wire = target_cells.UpdateTargetCell(
        cell=target_cells.TargetCellInput(reference=Reference(component_type_enum="TCS_CELL", id=8801), name="b")
    ).wire()
    assert wire.form is not None
    ((name, text),) = wire.form
    assert (name, json.loads(text)) == (
        "targetcell",
        {"reference": {"componentTypeEnum": "TCS_CELL", "id": 8801}, "name": "b"},
    )
    wire = offer_lists.UpdateOfferList(list_id=1, name="", clear_existing=False).wire()
    assert wire.form == [("listRefID", "1"), ("name", ""), ("clearExisting", "false")]


def test_null_travels_when_it_was_said() -> None:
    wire = campaigns.UpdateCampaign(campaign_id=1, campaign=campaigns.CampaignInput(end_date=None)).wire()
    assert wire.form == [("campaign", '{"endDate":null}')]
    assert wire.path == "/v1/campaigns/1"


def test_an_empty_search_still_says_that_it_is_a_form() -> None:
    assert offers.GetOffers().wire().form == []
    assert offers_v2.GetOffersV2Index().wire().content is None


@pytest.mark.parametrize("owner", ["", "..", "CAMPAIGN/1", "a b", "{id}"])
def test_a_kind_that_would_change_the_address_is_not_sent(owner: str) -> None:
    with pytest.raises(ValidationError):
        definitions.GetAttributeValues(owner=owner, object_id=1)


@pytest.mark.parametrize(
    "data", [{"name": "x", "campain_code": "C1"}, {"startDate": datetime(2027, 3, 1)}, {"campaign_code": "C" * 33}]
)
def test_an_input_takes_no_unknown_name_no_moment_without_zone_no_long_code(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        campaigns.CampaignInput.model_validate(data)


def test_every_operation_is_sent_by_this_module() -> None:
    """Names of classes in this file: a new route has to be tried on the wire as well."""
    source = Path(__file__).read_text(encoding="utf-8")
    names = [each.request.__name__ for each in routes() if each.system in ("unica-campaign", "unica-platform")]
    assert not [name for name in names if f"{name}(" not in source]
