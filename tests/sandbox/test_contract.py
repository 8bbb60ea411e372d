"""Every operation of the contracts answers, and its answer fits the schema the contract gives for 200."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from sandbox import contract

REQUESTS = {
    "getAttributeMetadataByNameGlobal": ("GET", "/v1/attributes", {}),
    "createAttributeMetadata": ("POST", "/v1/attributes/create/offer", {"data": {"metadata": '{"name":"colour"}'}}),
    "deleteAttributeMetadata": ("DELETE", "/v1/attributes/delete?name=channel", {}),
    "getAttributeMetadataByTypeAndName": ("GET", "/v1/attributes/metadata/campaign", {}),
    "updateAttributeMetadata": (
        "PUT",
        "/v1/attributes/update/metadata",
        {"data": {"metadata": '{"name":"channel","displayName":"Way"}'}},
    ),
    "updateAttributes": (
        "PUT",
        "/v1/attributes/update/offer/5001",
        {"data": {"attributes": '[{"name":"channel","valueAsObject":"Web"}]'}},
    ),
    "getAttributesByName": ("GET", "/v1/attributes/campaign/2001", {}),
    "getCampaigns": ("GET", "/v1/campaigns", {}),
    "createCampaign": ("POST", "/v1/campaigns", {"json": {"name": "x"}}),
    "generateCampaignCode": ("GET", "/v1/campaigns/code", {}),
    "deleteCampaigns": ("POST", "/v1/campaigns/delete", {"data": {"campaignid": [2001, 2002]}}),
    "getCampaignMetrics": ("GET", "/v1/campaigns/metrics?campaignid=2001", {}),
    "searchCampaigns": ("POST", "/v1/campaigns/search", {"data": {"folderId": 13}}),
    "getCampaign": ("GET", "/v1/campaigns/2001", {}),
    "updateCampaign": ("PUT", "/v1/campaigns/2001", {"json": {"name": "y"}}),
    "deleteCampaign": ("DELETE", "/v1/campaigns/2001", {}),
    "createOffers": (
        "POST",
        "/v1/offers",
        {"data": {"templateName": "Personal loan", "BulkOfferInfo": '[{"offerName":"x"},{"offerName":""}]'}},
    ),
    "deleteOffers": ("POST", "/v1/offers/delete", {"data": {"offerids": 5001}}),
    "generateOfferCodes": ("GET", "/v1/offers/gencode?templateid=31", {}),
    "getOffers": ("POST", "/v1/offers/getoffers", {"data": {"offerids": [5001, 5002]}}),
    "retireOffers": ("POST", "/v1/offers/retire", {"data": {"offerids": 5001}}),
    "getOfferTemplates": ("POST", "/v1/offers/templates", {}),
    "validateOffers": ("POST", "/v1/offers/validate", {"data": {"offercodes": ["CC00101-CZ1", "x"]}}),
    "getOffersByIds": ("GET", "/v2/offers?offerIds=[5001]", {}),
    "createBulkOffers": ("POST", "/v2/offers?templateName=Personal%20loan", {"json": [{"offerName": "x"}]}),
    "deleteOffersV2": ("DELETE", "/v2/offers?offerIds=[5001]", {}),
    "deleteOffersPostV2": ("POST", "/v2/offers/delete", {"json": [5001]}),
    "duplicateOffersV2": ("POST", "/v2/offers/duplicate", {"json": [5001]}),
    "generateOfferCodesV2": ("GET", "/v2/offers/gencode", {}),
    "getOffersPostV2": ("POST", "/v2/offers/getoffers", {"json": [5001]}),
    "retireOffersV2": ("POST", "/v2/offers/retire", {"json": [5001]}),
    "searchOffersV2": ("GET", "/v2/offers/search?maxSize=3", {}),
    "getOfferTemplatesPostV2": ("POST", "/v2/offers/templates", {"json": [31]}),
    "getOfferTemplatesV2": ("GET", "/v2/offers/templates", {}),
    "validateOffersPostV2": ("POST", "/v2/offers/validate", {"json": [{"codeOrName": "CC00101-CZ1"}]}),
    "validateOffersV2": ("GET", "/v2/offers/validate?offerCodes=CC00101-CZ1", {}),
    "getOfferByIdV2": ("GET", "/v2/offers/5001", {}),
    "getOfferListDetails": ("GET", "/v1/offerlist", {}),
    "updateOfferList": ("PUT", "/v1/offerlist", {"data": {"listRefID": 602, "name": "x"}}),
    "createOfferList": ("POST", "/v1/offerlist", {"data": {"name": "x"}}),
    "createSmartOffer": (
        "POST",
        "/v1/offerlist/createSmartOffer",
        {"data": {"name": "x", "smartOfferListInfoJSON": '{"query":"retired = FALSE"}'}},
    ),
    "deleteOfferLists": ("POST", "/v1/offerlist/delete", {"data": {"listRefID": 603}}),
    "retireOfferLists": ("POST", "/v1/offerlist/retire", {"data": {"listRefID": [601, 602]}}),
    "getTCSList": ("GET", "/v1/targetcells?campaignid=2001", {}),
    "createTargetCells": ("POST", "/v1/targetcells", {"data": {"campaignid": 2001, "targetcell": '{"name":"x"}'}}),
    "deleteTargetCells": ("POST", "/v1/targetcells/delete", {"data": {"cellid": [8001, 8002]}}),
    "getRunResults": ("GET", "/v1/targetcells/runresults?cellid=8001&cellid=8002", {}),
    "updateTargetCells": (
        "PUT",
        "/v1/targetcells/update",
        {"data": {"targetcell": '{"reference":{"componentTypeEnum":"TCS_CELL","id":8001},"name":"x"}'}},
    ),
    "deleteTargetCell": ("DELETE", "/v1/targetcells/8001", {}),
}


@pytest.fixture(scope="module")
def document():
    path = contract.contract_folder() / "unica-campaign.openapi.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def answer_schema(document, operation_id):
    """The schema of the 200 answer, with every object that lists its keys closed, so that a stray key fails."""
    item = next(
        item for path in document["paths"].values() for item in path.values() if item["operationId"] == operation_id
    )
    schema = {
        **item["responses"]["200"]["content"]["application/json"]["schema"],
        "$defs": document["components"]["schemas"],
    }
    schema = json.loads(json.dumps(schema).replace("#/components/schemas/", "#/$defs/"))
    for named in (
        "CampaignInfo",
        "OfferInfo",
        "ComponentOrFolderInfo",
        "TargetCellInfo",
        "RunResults",
        "AttributeMetadata",
    ):
        schema["$defs"][named]["additionalProperties"] = False
    return schema


def test_there_is_a_request_for_every_operation(document):
    assert set(REQUESTS) == {item["operationId"] for path in document["paths"].values() for item in path.values()}
    served = {o.operation_id for o in contract.load().operations.values() if o.system != contract.COLLABORATE}
    assert set(REQUESTS) | {"login", "logout"} == served


@pytest.mark.parametrize("operation_id", REQUESTS)
@pytest.mark.parametrize("date_form", ["milliseconds", "text", "bean"])
def test_the_answer_fits_the_contract(site, document, operation_id, date_form):
    site.switch(date_form=date_form)
    method, path, options = REQUESTS[operation_id]
    answer = site.send(method, path, **options)
    assert answer.status_code == 200, answer.text
    assert site.log()[-1]["operation"] == operation_id
    assert site.log()[-1]["refusal"] is None
    assert answer.json() not in ([], {}, "")
    # Without its check of the schema itself, which takes ten times as long: the contract is checked once below.
    jsonschema.Draft202012Validator(answer_schema(document, operation_id)).validate(answer.json())


def test_the_schemas_of_the_contract_are_schemas(document):
    for operation_id in REQUESTS:
        schema = answer_schema(document, operation_id)
        definitions = schema.pop("$defs")
        jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator.check_schema({"$defs": definitions})
