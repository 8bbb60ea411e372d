"""Every operation that is served answers, in both styles of paths, and its answer fits the schema of the contract."""

from __future__ import annotations

import io
import json
import zipfile

import jsonschema
import pytest
import yaml

from sandbox import contract

ENTITY = "/v5/entities/MeridianBank"
V4 = "/v4/entity/MeridianBank"
TABLES = f"/profile-table-structure{ENTITY}/profile-tables"
CUSTOM = f"/custom-table-structure{ENTITY}/custom-tables"
PAYMENTS = "5b0c2f6e-1c57-4a33-8f0e-2e3f1d0a9b11"
PROFILES = f"/profiles{ENTITY}/profile-tables/16/profiles"
PROFILE_V4 = f"/profiles{V4}/table/Customers/profile"
ADA = "emailAddress=ada.larkin%40example.org"
RECORDS = f"/custom-data{V4}/customTable/CardPayments/record"
IMPORTS = f"/mass-imports{V4}"
ETLS = f"/mass-imports{ENTITY}"
MAIL = f"/email-campaigns{V4}/mail"
TRANSACTIONAL = f"/email-campaigns{V4}/transactionalmail/Card_Blocked_Notice"
SCENARIOS = f"/scenarios{V4}/table/Customers/scenario"
ACTIONS = f"/scenarios{ENTITY}/custom-actions"
HOOKS = f"/webhooks{V4}/webhookSubscription"
FORM = f"/forms{V4}/form/contest_autumn"
HOOK = {
    "on": "PROFILE_TABLE",
    "onElementId": "16",
    "eventType": "UPDATE",
    "targetUrl": "https://hooks.example.org/x",
    "isActive": True,
}
SETTINGS = {
    "contentType": "HTML",
    "encoding": "utf-8",
    "entityOfTarget": "MeridianBank",
    "targetTable": "Customers",
    "from": "Meridian Bank",
    "supportedLanguages": ["EN"],
}
CHANGE = {"type": "ADD_ATTRIBUTE", "attribute": {"type": "CUSTOM", "name": "coupon", "valueType": "STRING"}}
COLUMN = {"type": "ADD_ATTRIBUTE", "attribute": {"name": "coupon", "valueType": "STRING"}}
NEW_TABLE = {"name": "Visitors", "attributes": [{"type": "EMAIL_ADDRESS", "name": "mail", "unique": True}]}
NEW_CUSTOM = {
    "name": "Visits",
    "type": "INTERACTIONS",
    "primaryKeyAttribute": "visitId",
    "attributes": [{"name": "visitId", "valueType": "STRING", "unique": True, "mandatory": True}],
}
CONTACT = {"profile": {"attributes": [{"name": "emailAddress", "value": "new@example.org"}]}}
CSV = ("a.csv", b"emailAddress;firstName\nnew@example.org;New\n")


def _zip(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return ("x.zip", buffer.getvalue())


ZIPPED = {"inputFile": _zip(a_csv=CSV[1]), "parameters": ("p.json", b"{}")}
PAYMENT = {"properties": [{"name": "paymentId", "value": "P1"}, {"name": "customerId", "value": 100001},
                          {"name": "amount", "value": "3.5"}]}  # fmt: skip

REQUESTS = {
    "listEntities": ("GET", "/entities/v5/entities", {}),
    "listEntitiesV4": ("GET", "/entities/v4/entity", {}),
    "listProfileTables": ("GET", TABLES, {}),
    "createProfileTable": ("POST", TABLES, {"json": NEW_TABLE}),
    "getProfileTable": ("GET", f"{TABLES}/16", {}),
    "requestProfileTableChange": ("POST", f"{TABLES}/16/change-requests", {"json": CHANGE}),
    "listProfileTableNamesV4": ("GET", f"/profile-table-structure{V4}/table", {}),
    "getProfileTableV4": ("GET", f"/profile-table-structure{V4}/table/Customers", {}),
    "listCustomTables": ("GET", CUSTOM, {}),
    "createCustomTable": ("POST", CUSTOM, {"json": NEW_CUSTOM}),
    "getCustomTable": ("GET", f"{CUSTOM}/{PAYMENTS}", {}),
    "requestCustomTableChange": ("POST", f"{CUSTOM}/{PAYMENTS}/change-requests", {"json": COLUMN}),
    "listCustomTablesV4": ("GET", f"/custom-table-structure{V4}/customTable", {}),
    "getCustomTableV4": ("GET", f"/custom-table-structure{V4}/customTable/Branches", {}),
    "searchProfiles": ("GET", f"{PROFILES}?lastName=Larkin", {}),
    "upsertProfile": ("PUT", PROFILES, {"json": {"key": {"emailAddress": "one@example.org"}}}),
    "createProfile": ("POST", PROFILES, {"json": {"key": {"emailAddress": "two@example.org"}}}),
    "getProfile": ("GET", f"{PROFILES}/{ADA}", {}),
    "patchProfile": ("PATCH", f"{PROFILES}/100001", {"json": {"attributes": {"homeBranch": "Oakfield"}}}),
    "deleteProfile": ("DELETE", f"{PROFILES}/100010", {}),
    "createOrUpdateProfileV4": (
        "POST",
        f"{PROFILE_V4}?allowUpdate=true",
        {"json": {"attributes": [{"name": "emailAddress", "value": "new@example.org"}]}},
    ),
    "listProfilesV4": ("GET", f"{PROFILE_V4}?search=lastName%3DLarkin&number=5", {}),
    "getProfileV4": ("GET", f"{PROFILE_V4}/{ADA}", {}),
    "updateProfileV4": ("PUT", f"{PROFILE_V4}/{ADA}", {"json": {"attributes": []}}),
    "deleteProfileV4": ("DELETE", f"{PROFILE_V4}/100011", {}),
    "listProfileSubscriptionsV4": ("GET", f"{PROFILE_V4}/{ADA}/subscription", {}),
    "subscribeProfileV4": ("POST", f"{PROFILE_V4}/{ADA}/subscription/Promotions", {}),
    "unsubscribeProfileV4": ("DELETE", f"{PROFILE_V4}/{ADA}/subscription/Newsletter", {}),
    "listProfileSegmentationsV4": ("GET", f"{PROFILE_V4}/{ADA}/segmentation", {}),
    "setProfileSegmentationV4": ("PUT", f"{PROFILE_V4}/{ADA}/segmentation/LoyaltyLevel;category=Silver", {}),
    "removeProfileSegmentationV4": ("DELETE", f"{PROFILE_V4}/{ADA}/segmentation/Vip", {}),
    "searchRecords": ("GET", f"{RECORDS}?searchField=customerId&searchValue=100001", {}),
    "upsertRecord": ("POST", RECORDS, {"json": PAYMENT}),
    "getRecord": ("GET", f"{RECORDS}/PAY-2026-000001", {}),
    "updateRecord": ("PUT", f"{RECORDS}/PAY-2026-000001", {"json": {"properties": [{"name": "amount", "value": 9}]}}),
    "deleteRecord": ("DELETE", f"{RECORDS}/PAY-2026-000002", {}),
    "listEtls": ("GET", f"{ETLS}/etls", {}),
    "createEtl": ("POST", f"{ETLS}/etls", {"json": {"name": "Nightly", "type": "SCHEDULED", "fileNamePattern": "*"}}),
    "getEtl": ("GET", f"{ETLS}/etls/123456", {}),
    "createOneShotEtlExecution": (
        "POST",
        f"{ETLS}/etl-executions",
        {"files": {"inputFile": CSV, "parameters": ("p.json", b'{"targetTable": "Customers"}')}},
    ),
    "listEtlExecutions": ("GET", f"{ETLS}/etl-executions", {}),
    "getEtlExecution": ("GET", f"{ETLS}/etl-executions/123654982", {}),
    "importProfilesV4": ("POST", f"{IMPORTS}/table/Customers/import", {"files": ZIPPED}),
    "importRecordsV4": ("POST", f"{IMPORTS}/customTable/CardPayments/import", {"files": ZIPPED}),
    "getImportResultV4": ("GET", f"{IMPORTS}/import/1000125/result", {}),
    "getImportResultFileV4": ("GET", f"{IMPORTS}/import/1000125/result-file", {}),
    "listEmailCampaigns": ("GET", f"{MAIL}?type=CONTINUOUS", {}),
    "createEmailCampaign": ("POST", MAIL, {"json": {"name": "New_One", **SETTINGS}}),
    "getEmailCampaign": ("GET", f"{MAIL}/201", {}),
    "updateEmailCampaign": ("PUT", f"{MAIL}/201", {"json": SETTINGS}),
    "deleteEmailCampaign": ("DELETE", f"{MAIL}/Empty_Draft", {}),
    "getEmailSubject": ("GET", f"{MAIL}/201/content/subject", {}),
    "setEmailSubject": (
        "PUT",
        f"{MAIL}/201/content/subject",
        {"content": "Été".encode(), "extra": {"content-type": "text/plain; charset=utf-8"}},
    ),
    "getEmailBody": ("GET", f"{MAIL}/201/content/body", {}),
    "uploadEmailBody": ("POST", f"{MAIL}/201/content/body?charset=utf8", {"files": {"inputFile": _zip(a_html="<p>x")}}),
    "triggerEmailForProfile": (
        "POST",
        f"{MAIL}/Welcome_Series/profile/100001",
        {"json": [{"key": "coupon", "values": ["A", 1, True]}]},
    ),
    "triggerEmailBulk": ("POST", f"{MAIL}/Welcome_Series/contact", {"json": {"contacts": [{"profileId": 100001}]}}),
    "sendTransactionalEmail": ("POST", f"{TRANSACTIONAL}/contact", {"json": CONTACT}),
    "sendTransactionalEmailWithAttachment": (
        "POST",
        f"{TRANSACTIONAL}/contactWithAttachment",
        {
            "files": [
                ("contact", (None, json.dumps(CONTACT).encode(), "application/json")),
                ("attachments", ("a.pdf", b"%PDF", "application/pdf")),
                ("attachments", ("b.pdf", b"%PDF", "application/pdf")),
            ]
        },
    ),
    "listScenarios": ("GET", SCENARIOS, {}),
    "triggerScenario": ("POST", f"{SCENARIOS}/scn_welcome_2026/profile/100001", {"json": []}),
    "listCustomActions": ("GET", ACTIONS, {}),
    "createCustomAction": ("POST", ACTIONS, {"json": {"name": "Print", "parameters": []}}),
    "getCustomAction": ("GET", f"{ACTIONS}/700101", {}),
    "patchCustomAction": ("PATCH", f"{ACTIONS}/700101", {"json": {"name": "Wallet"}}),
    "deleteCustomAction": ("DELETE", f"{ACTIONS}/700102", {}),
    "listWebhooks": ("GET", HOOKS, {}),
    "createWebhook": ("POST", HOOKS, {"json": HOOK}),
    "getWebhook": ("GET", f"{HOOKS}/123789601", {}),
    "updateWebhook": ("PUT", f"{HOOKS}/123789601", {"json": HOOK}),
    "deleteWebhook": ("DELETE", f"{HOOKS}/123789602", {}),
    "getWebhookDailyErrors": ("GET", f"{HOOKS}/123789601/2026-11-18", {}),
    "getFormStructure": ("GET", FORM, {}),
    "getParticipation": ("GET", f"{FORM}/participation/4711", {}),
    "updateParticipation": ("PUT", f"{FORM}/participation/4711", {"json": {"answers": []}}),
    "createParticipation": (
        "POST",
        f"{FORM}/participation",
        {"json": {"profileId": 100001, "answers": [{"name": "favouriteColour", "value": "red"}]}},
    ),
}


@pytest.fixture(scope="module")
def document():
    path = contract.contract_folder() / "actito.openapi.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _items(document):
    return {item["operationId"]: item for path in document["paths"].values() for item in path.values()}


def test_there_is_a_request_for_every_operation_that_is_no_guess(document):
    items = _items(document)
    wanted = {name for name, item in items.items() if item["x-confidence"] != "guess"}
    assert len(wanted) >= 77
    assert set(contract.load_actito().operations) == wanted == set(REQUESTS) | {"getAccessToken"}


@pytest.mark.parametrize("style", ["prefixed", "old"])
def test_the_token_fits_the_contract(desk, document, style):
    desk.site.switch(actito_paths=style)
    answer = desk.exchange()
    assert (answer.status_code, desk.last()["operation"], desk.last()["refusal"]) == (200, "getAccessToken", None)
    jsonschema.validate(answer.json(), {"$ref": "#/components/schemas/AccessToken", **_named(document)})


@pytest.mark.parametrize("operation_id", sorted(REQUESTS, key=lambda name: REQUESTS[name][0] == "DELETE"))
def test_the_answer_fits_the_contract(shared, document, operation_id):
    """All on one sandbox for each style: what is deleted is deleted last, and nobody else needs it."""
    desk, style = shared
    method, path, options = REQUESTS[operation_id]
    if style == "old":
        path = path[path.index("/", 1) :]
    answer = desk.send(method, path, **options)
    entry = desk.last()
    assert (entry["system"], entry["operation"], entry["refusal"]) == ("actito", operation_id, None), answer.text
    responses = _items(document)[operation_id]["responses"]
    success = next(status for status in responses if status.startswith("2"))
    assert str(answer.status_code) == success, answer.text
    media_type = next(iter(responses[success].get("content", {})), None)
    assert answer.headers.get("content-type", "").partition(";")[0] == (media_type or "")
    if media_type == "application/json":
        assert answer.json() not in ([], {})
        schema = responses[success]["content"][media_type]["schema"]
        jsonschema.validate(answer.json(), {**schema, **_named(document)})
    elif media_type is None:
        assert answer.content == b""
    assert ("location" in answer.headers) == (success == "201")


@pytest.fixture(scope="module", params=["prefixed", "old"])
def shared(request, open_desk):
    return open_desk(actito_paths=request.param), request.param


def _named(document):
    """The named schemas, closed where the contract does not leave them open, so that a stray key fails."""
    schemas = document["components"]["schemas"]
    return {"components": {"schemas": {name: {"additionalProperties": False, **schemas[name]} for name in schemas}}}
