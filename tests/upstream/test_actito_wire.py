"""Every request of Actito as it leaves: verb, path, query, body, and what travels in special ways."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from upstream.actito import (
    custom_actions,
    custom_tables,
    emails,
    entities,
    forms,
    imports,
    messages,
    profile_tables,
    profiles,
    records,
    scenarios,
    segmentations,
    subscriptions,
    token,
    webhooks,
)
from upstream.actito.objects import NamedValue
from upstream.actito.profile import DataCollection, ProfileInput, ProfilePatch, as_v4
from upstream.actito.segments import reference
from upstream.errors import Refused
from upstream.parts import Upload, encode
from upstream.request import Request
from upstream.routes import check_override, routes

E: dict[str, Any] = {"entity": "Retail FR"}
V4: dict[str, Any] = {**E, "table": "Contacts"}
V5: dict[str, Any] = {**E, "profile_table_id": 16}
ADA: dict[str, Any] = {"profile": "emailAddress=ada+1@example.org"}
REF = "emailAddress=ada%2B1%40example.org"
ORDERS: dict[str, Any] = {**E, "custom_table": "Orders"}
MAIL: dict[str, Any] = {**E, "campaign": "Autumn"}

_E4 = "/v4/entity/Retail%20FR"
_E5 = "/v5/entities/Retail%20FR"
_ADA = f"/profiles{_E4}/table/Contacts/profile/{REF}"

FILE = Upload("orders.zip", b"PK\x03\x04", "application/zip")
DEFINITION = Upload("parameters.json", b"{}", "application/json")
PARAMETERS = [messages.Parameter(key="coupon", values=["LUNE20", 5])]
COUPON = [{"key": "coupon", "values": ["LUNE20", 5]}]
CONTACT = messages.Contact(
    profile=messages.ContactProfile(
        attributes=[NamedValue(name="emailAddress", value="ada@example.org")],
        data_collection=DataCollection(source="Webshop"),
    ),
    parameters=PARAMETERS,
)
CONTACTED = {
    "profile": {
        "attributes": [{"name": "emailAddress", "value": "ada@example.org"}],
        "dataCollection": {"source": "Webshop"},
    },
    "parameters": COUPON,
}
HOOK = webhooks.WebhookInput(
    on="PROFILE_TABLE",
    on_element_id="16",
    event_type="UPDATED_SUBSCRIPTION",
    target_url="https://hooks.example.org/actito",
    is_active=True,
    on_fields=["Newsletter"],
)
HOOKED = {
    "on": "PROFILE_TABLE",
    "onElementId": "16",
    "eventType": "UPDATED_SUBSCRIPTION",
    "targetUrl": "https://hooks.example.org/actito",
    "isActive": True,
    "onFields": ["Newsletter"],
}
MAIL_INPUT = emails.EmailInput(
    name="Autumn_2026",
    content_type="HTML",
    encoding="utf-8",
    entity_of_target="RetailBE",
    target_table="Contacts",
    sender="Atelier Lune",
    supported_languages=["FR"],
)
MAILED = {
    "name": "Autumn_2026",
    "contentType": "HTML",
    "encoding": "utf-8",
    "entityOfTarget": "RetailBE",
    "targetTable": "Contacts",
    "from": "Atelier Lune",
    "supportedLanguages": ["FR"],
}
LEVEL: dict[str, Any] = {**V4, **ADA, "segmentation": "Loyalty Level"}
ADA_V5 = ProfileInput(key={"emailAddress": "ada@example.org"}, subscriptions={"Newsletter": True})
ADA_V4 = as_v4({"firstName": "Ada", "shop": None}, {"Newsletter": False}, {"Level": "Gold", "Vip": True})
PROFILED_V4 = {
    "attributes": [{"name": "firstName", "value": "Ada"}, {"name": "shop", "value": None}],
    "subscriptions": [{"name": "Newsletter", "subscribe": False}],
    "segmentations": [
        {"name": "Level", "category": "Gold"},
        {"belongs": True, "segmentation": {"name": "Vip", "category": "Vip"}},
    ],
}
RECORD = records.RecordInput.of({"orderId": "O-1", "amount": 59.9})
RECORDED = {"properties": [{"name": "orderId", "value": "O-1"}, {"name": "amount", "value": 59.9}]}
CHANGE = {"type": "ADD_ATTRIBUTE", "attribute": {"name": "coupon"}}
TAKING_PART = forms.ParticipationInput.of({"colour": "green"}, 7)
TOOK_PART = {"answers": [{"name": "colour", "value": "green"}], "profileId": 7}

WIRES: list[tuple[Request[Any], str, Any]] = [
    (entities.ListEntities(), "GET /entities/v5/entities", None),
    (entities.ListEntitiesV4(), "GET /entities/v4/entity", None),
    (profile_tables.ListProfileTables(**E), f"GET /profile-table-structure{_E5}/profile-tables", None),
    (
        profile_tables.CreateProfileTable(**E, table=profile_tables.ProfileTable(name="Club", attributes=[])),
        f"POST /profile-table-structure{_E5}/profile-tables",
        {"name": "Club", "attributes": []},
    ),
    (profile_tables.GetProfileTable(**V5), f"GET /profile-table-structure{_E5}/profile-tables/16", None),
    (
        profile_tables.RequestProfileTableChange(**V5, change=CHANGE),
        f"POST /profile-table-structure{_E5}/profile-tables/16/change-requests",
        CHANGE,
    ),
    (profile_tables.ListProfileTableNamesV4(**E), f"GET /profile-table-structure{_E4}/table", None),
    (profile_tables.GetProfileTableV4(**V4), f"GET /profile-table-structure{_E4}/table/Contacts", None),
    (custom_tables.ListCustomTables(**E), f"GET /custom-table-structure{_E5}/custom-tables", None),
    (
        custom_tables.CreateCustomTable(
            **E,
            table=custom_tables.CustomTable(
                name="Visits",
                type="INTERACTIONS",
                attributes=[custom_tables.CustomAttribute(name="id", value_type="LONG")],
                retention="P1Y",
            ),
        ),
        f"POST /custom-table-structure{_E5}/custom-tables",
        {
            "name": "Visits",
            "type": "INTERACTIONS",
            "attributes": [{"name": "id", "valueType": "LONG"}],
            "retention": "P1Y",
        },
    ),
    (
        custom_tables.GetCustomTable(**E, custom_table_id="a4/1"),
        f"GET /custom-table-structure{_E5}/custom-tables/a4%2F1",
        None,
    ),
    (
        custom_tables.RequestCustomTableChange(**E, custom_table_id="a4", change=CHANGE),
        f"POST /custom-table-structure{_E5}/custom-tables/a4/change-requests",
        CHANGE,
    ),
    (custom_tables.ListCustomTablesV4(**E), f"GET /custom-table-structure{_E4}/customTable", None),
    (custom_tables.GetCustomTableV4(**ORDERS), f"GET /custom-table-structure{_E4}/customTable/Orders", None),
    (
        profiles.SearchProfiles(**V5, filter={"lastName": "Lovelace & Co", "vip": True}),
        f"GET /profiles{_E5}/profile-tables/16/profiles?lastName=Lovelace & Co&vip=true",
        None,
    ),
    (
        profiles.UpsertProfile(**V5, body=ADA_V5),
        f"PUT /profiles{_E5}/profile-tables/16/profiles",
        {"key": {"emailAddress": "ada@example.org"}, "subscriptions": {"Newsletter": True}},
    ),
    (
        profiles.CreateProfile(**V5, body=ProfileInput(key={"profileId": 7}, attributes={"shop": None})),
        f"POST /profiles{_E5}/profile-tables/16/profiles",
        {"key": {"profileId": 7}, "attributes": {"shop": None}},
    ),
    (profiles.GetProfile(**V5, **ADA), f"GET /profiles{_E5}/profile-tables/16/profiles/{REF}", None),
    (
        profiles.PatchProfile(**V5, **ADA, body=ProfilePatch(attributes={"shop": "Namur"})),
        f"PATCH /profiles{_E5}/profile-tables/16/profiles/{REF}",
        {"attributes": {"shop": "Namur"}},
    ),
    (profiles.DeleteProfile(**V5, profile=20841), f"DELETE /profiles{_E5}/profile-tables/16/profiles/20841", None),
    (
        profiles.CreateOrUpdateProfileV4(**V4, body=ADA_V4, allow_update=True),
        f"POST /profiles{_E4}/table/Contacts/profile?allowUpdate=true",
        PROFILED_V4,
    ),
    (
        profiles.ListProfilesV4(**V4, search="lastName=Lovelace", number=50),
        f"GET /profiles{_E4}/table/Contacts/profile?search=lastName=Lovelace&number=50",
        None,
    ),
    (profiles.GetProfileV4(**V4, **ADA), f"GET {_ADA}", None),
    (
        profiles.UpdateProfileV4(**V4, **ADA, body=as_v4({"shop": "Namur"})),
        f"PUT {_ADA}",
        {"attributes": [{"name": "shop", "value": "Namur"}]},
    ),
    (profiles.DeleteProfileV4(**V4, **ADA), f"DELETE {_ADA}", None),
    (subscriptions.ListProfileSubscriptionsV4(**V4, **ADA), f"GET {_ADA}/subscription", None),
    (
        subscriptions.SubscribeProfileV4(**V4, **ADA, subscription="News letter"),
        f"POST {_ADA}/subscription/News%20letter",
        None,
    ),
    (subscriptions.UnsubscribeProfileV4(**V4, **ADA, subscription="a=b"), f"DELETE {_ADA}/subscription/a%3Db", None),
    (segmentations.ListProfileSegmentationsV4(**V4, **ADA), f"GET {_ADA}/segmentation", None),
    (
        segmentations.SetProfileSegmentationV4(**LEVEL, of_category="Gold;x=1"),
        f"PUT {_ADA}/segmentation/Loyalty%20Level;category=Gold%3Bx%3D1",
        None,
    ),
    (segmentations.RemoveProfileSegmentationV4(**LEVEL), f"DELETE {_ADA}/segmentation/Loyalty%20Level", None),
    (
        records.SearchRecords(
            **ORDERS, search_field="email", search_value="ada@example.org", sorted_field="at", ascending=False, number=5
        ),
        f"GET /custom-data{_E4}/customTable/Orders/record"
        "?searchField=email&searchValue=ada@example.org&sortedField=at&ascending=false&number=5",
        None,
    ),
    (records.UpsertRecord(**ORDERS, record=RECORD), f"POST /custom-data{_E4}/customTable/Orders/record", RECORDED),
    (records.GetRecord(**ORDERS, record_id="O/1"), f"GET /custom-data{_E4}/customTable/Orders/record/O%2F1", None),
    (
        records.UpdateRecord(**ORDERS, record_id=5, record=RECORD),
        f"PUT /custom-data{_E4}/customTable/Orders/record/5",
        RECORDED,
    ),
    (records.DeleteRecord(**ORDERS, record_id="O-1"), f"DELETE /custom-data{_E4}/customTable/Orders/record/O-1", None),
    (imports.ListEtls(**E), f"GET /mass-imports{_E5}/etls", None),
    (
        imports.CreateEtl(
            **E, etl=imports.Etl(name="Orders", type="TRIGGERED", active=False, fileNamePattern="o*.csv")
        ),
        f"POST /mass-imports{_E5}/etls",
        {"name": "Orders", "type": "TRIGGERED", "active": False, "fileNamePattern": "o*.csv"},
    ),
    (imports.GetEtl(**E, etl_id=5), f"GET /mass-imports{_E5}/etls/5", None),
    (
        imports.CreateOneShotEtlExecution(**E, parameters=DEFINITION, input_file=FILE),
        f"POST /mass-imports{_E5}/etl-executions",
        [("parameters", DEFINITION), ("inputFile", FILE)],
    ),
    (imports.ListEtlExecutions(**E), f"GET /mass-imports{_E5}/etl-executions", None),
    (imports.GetEtlExecution(**E, etl_execution_id="9"), f"GET /mass-imports{_E5}/etl-executions/9", None),
    (
        imports.ImportProfilesV4(**V4, input_file=FILE, parameters=DEFINITION),
        f"POST /mass-imports{_E4}/table/Contacts/import",
        [("inputFile", FILE), ("parameters", DEFINITION)],
    ),
    (
        imports.ImportRecordsV4(**ORDERS, input_file=FILE, parameters=DEFINITION),
        f"POST /mass-imports{_E4}/customTable/Orders/import",
        [("inputFile", FILE), ("parameters", DEFINITION)],
    ),
    (imports.GetImportResultV4(**E, import_id=7), f"GET /mass-imports{_E4}/import/7/result", None),
    (imports.GetImportResultFileV4(**E, import_id=7), f"GET /mass-imports{_E4}/import/7/result-file", None),
    (
        emails.ListEmailCampaigns(**E, name="A", type="CONTINUOUS"),
        f"GET /email-campaigns{_E4}/mail?name=A&type=CONTINUOUS",
        None,
    ),
    (emails.CreateEmailCampaign(**E, body=MAIL_INPUT), f"POST /email-campaigns{_E4}/mail", MAILED),
    (emails.GetEmailCampaign(**MAIL), f"GET /email-campaigns{_E4}/mail/Autumn", None),
    (
        emails.UpdateEmailCampaign(**MAIL, body=emails.EmailSettings(display_name="A", sender="B")),
        f"PUT /email-campaigns{_E4}/mail/Autumn",
        {"displayName": "A", "from": "B"},
    ),
    (emails.DeleteEmailCampaign(**MAIL), f"DELETE /email-campaigns{_E4}/mail/Autumn", None),
    (emails.GetEmailSubject(**MAIL), f"GET /email-campaigns{_E4}/mail/Autumn/content/subject", None),
    (
        emails.SetEmailSubject(**MAIL, subject="20 % jusqu’à dimanche"),
        f"PUT /email-campaigns{_E4}/mail/Autumn/content/subject",
        "20 % jusqu’à dimanche",
    ),
    (emails.GetEmailBody(**MAIL), f"GET /email-campaigns{_E4}/mail/Autumn/content/body", None),
    (
        emails.UploadEmailBody(**MAIL, input_file=FILE, charset="utf8"),
        f"POST /email-campaigns{_E4}/mail/Autumn/content/body?charset=utf8",
        [("inputFile", FILE)],
    ),
    (
        messages.TriggerEmailForProfile(**MAIL, **ADA, parameters=PARAMETERS),
        f"POST /email-campaigns{_E4}/mail/Autumn/profile/{REF}",
        COUPON,
    ),
    (
        messages.TriggerEmailBulk(**MAIL, body={"contacts": []}),
        f"POST /email-campaigns{_E4}/mail/Autumn/contact",
        {"contacts": []},
    ),
    (
        messages.SendTransactionalEmail(**MAIL, contact=CONTACT),
        f"POST /email-campaigns{_E4}/transactionalmail/Autumn/contact",
        CONTACTED,
    ),
    (
        messages.SendTransactionalEmailWithAttachment(**MAIL, contact=CONTACT, attachments=[FILE, DEFINITION]),
        f"POST /email-campaigns{_E4}/transactionalmail/Autumn/contactWithAttachment",
        [
            ("contact", Upload("", json.dumps(CONTACTED, separators=(",", ":")).encode(), "application/json")),
            ("attachments", FILE),
            ("attachments", DEFINITION),
        ],
    ),
    (scenarios.ListScenarios(**V4), f"GET /scenarios{_E4}/table/Contacts/scenario", None),
    (
        scenarios.TriggerScenario(**V4, **ADA, scenario="scn", parameters=[]),
        f"POST /scenarios{_E4}/table/Contacts/scenario/scn/profile/{REF}",
        [],
    ),
    (custom_actions.ListCustomActions(**E), f"GET /scenarios{_E5}/custom-actions", None),
    (
        custom_actions.CreateCustomAction(
            **E, action=custom_actions.CustomActionInput(name="Pass", parameters=[{"name": "p"}])
        ),
        f"POST /scenarios{_E5}/custom-actions",
        {"name": "Pass", "parameters": [{"name": "p"}]},
    ),
    (custom_actions.GetCustomAction(**E, custom_action_id=5), f"GET /scenarios{_E5}/custom-actions/5", None),
    (
        custom_actions.PatchCustomAction(**E, custom_action_id=5, action=custom_actions.CustomActionInput(name="B")),
        f"PATCH /scenarios{_E5}/custom-actions/5",
        {"name": "B"},
    ),
    (custom_actions.DeleteCustomAction(**E, custom_action_id=5), f"DELETE /scenarios{_E5}/custom-actions/5", None),
    (webhooks.ListWebhooks(**E), f"GET /webhooks{_E4}/webhookSubscription", None),
    (webhooks.CreateWebhook(**E, webhook=HOOK), f"POST /webhooks{_E4}/webhookSubscription", HOOKED),
    (webhooks.GetWebhook(**E, webhook_id=2), f"GET /webhooks{_E4}/webhookSubscription/2", None),
    (webhooks.UpdateWebhook(**E, webhook_id=2, webhook=HOOK), f"PUT /webhooks{_E4}/webhookSubscription/2", HOOKED),
    (webhooks.DeleteWebhook(**E, webhook_id=2), f"DELETE /webhooks{_E4}/webhookSubscription/2", None),
    (
        webhooks.GetWebhookDailyErrors(**E, webhook_id=2, day=date(2026, 11, 3)),
        f"GET /webhooks{_E4}/webhookSubscription/2/2026-11-03",
        None,
    ),
    (forms.GetFormStructure(**E, form="contest"), f"GET /forms{_E4}/form/contest", None),
    (
        forms.GetParticipation(**E, form="contest", participation_id=9),
        f"GET /forms{_E4}/form/contest/participation/9",
        None,
    ),
    (
        forms.UpdateParticipation(**E, form="contest", participation_id=9, participation=TAKING_PART),
        f"PUT /forms{_E4}/form/contest/participation/9",
        TOOK_PART,
    ),
    (
        forms.CreateParticipation(**E, form="contest", participation=TAKING_PART),
        f"POST /forms{_E4}/form/contest/participation",
        TOOK_PART,
    ),
]


@pytest.mark.parametrize(("request_", "line", "body"), WIRES, ids=[type(each[0]).__name__ for each in WIRES])
def test_a_request_as_it_leaves(request_: Request[Any], line: str, body: Any) -> None:
    wire = request_.wire()
    query = "&".join(f"{name}={value}" for name, value in wire.query)
    assert f"{wire.method} {wire.path}{f'?{query}' if query else ''}" == line
    assert wire.form is None and wire.headers == {}
    if isinstance(body, str):
        assert (wire.content, wire.content_type) == (body.encode(), "text/plain; charset=UTF-8")
    elif body and isinstance(body, list) and isinstance(body[0], tuple):
        assert wire.parts == body
    elif body is None:
        assert wire.content is wire.parts is None
    else:
        assert json.loads(wire.content or b"") == body and wire.content_type == "application/json"


def test_the_key_travels_raw() -> None:
    wire = token.GetAccessToken(api_key="raw").wire()
    assert (wire.method, wire.path, wire.headers) == ("GET", "/auth/token", {"Authorization": "raw"})
    assert "raw" not in repr(token.GetAccessToken(api_key="raw"))


def test_every_operation_is_sent_by_this_module() -> None:
    tried = {type(request) for request, _, _ in WIRES} | {token.GetAccessToken}
    assert {each.request for each in routes() if each.system == "actito"} == tried


def test_a_part_that_is_json_is_no_file() -> None:
    body, _ = encode([("contact", Upload("", b"{}", "application/json"))])
    assert b'name="contact"\r\nContent-Type: application/json\r\n\r\n{}\r\n' in body


@pytest.mark.parametrize("name", ["", ".", "..", "../../auth/token", "..%2F..%2Fx", "..;/x", "a\\..\\b", "a\nb"])
def test_a_name_that_would_leave_the_route_is_not_sent(name: str) -> None:
    with pytest.raises(Refused):
        profiles.DeleteProfileV4(**V4, profile=name)
    with pytest.raises(Refused):
        subscriptions.UnsubscribeProfileV4(**V4, **ADA, subscription=name)
    with pytest.raises(Refused):
        profile_tables.ListProfileTables(entity=name)


def test_a_reference_keeps_its_first_equals_sign_alone() -> None:
    wire = profiles.GetProfileV4(**V4, profile=reference("code", "a=b/c;d")).wire()
    assert wire.path.endswith("/profile/code=a%3Db%2Fc%3Bd")


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_url": "http://hooks.example.org"},
        {"webhook_push_type": "SOMETIMES"},
    ],
)
def test_a_webhook_goes_by_https_in_a_known_way(wrong: dict[str, Any]) -> None:
    known = HOOK.model_dump(exclude_unset=True)
    with pytest.raises(ValidationError):
        webhooks.WebhookInput.model_validate({**known, **wrong})


@pytest.mark.parametrize("name", ["Autumn sale", "", "Été", "a-b"])
def test_the_name_of_a_campaign_is_technical(name: str) -> None:
    with pytest.raises(ValidationError):
        emails.EmailInput.model_validate({**MAILED, "name": name})


def test_the_special_places_of_actito_can_be_overridden() -> None:
    moved = check_override("SetProfileSegmentationV4", {"fields": {"of_category": {"place": "query", "name": "c"}}})
    wire = segmentations.SetProfileSegmentationV4(**LEVEL, of_category="Gold").wire(moved)
    assert wire.path.endswith("/Loyalty%20Level") and wire.query == [("c", "Gold")]
    renamed = check_override("GetProfileV4", {"path": "/p/{entity}/{table}/{id}", "fields": {"profile": "id"}})
    assert profiles.GetProfileV4(**V4, **ADA).wire(renamed).path == f"/p/Retail%20FR/Contacts/{REF}"
    subject = check_override("SetEmailSubject", {"method": "POST"})
    assert emails.SetEmailSubject(**MAIL, subject="x").wire(subject).content == b"x"
    named = check_override("SetEmailSubject", {"fields": {"subject": {"place": "query", "name": "subject"}}})
    assert emails.SetEmailSubject(**MAIL, subject="x").wire(named).query == [("subject", "x")]
    with pytest.raises(ValueError, match="place 'matrix' is unknown"):
        check_override("GetProfileV4", {"fields": {"profile": {"place": "matrix"}}})
    with pytest.raises(ValueError, match="not a single value"):
        check_override("SearchProfiles", {"fields": {"filter": {"encoding": "plain"}}})
    filtered = check_override("SearchProfiles", {"fields": {"filter": {"encoding": "json"}}})
    assert profiles.SearchProfiles(**V5, filter={"a": 1}).wire(filtered).query == [("filter", '{"a":1}')]
