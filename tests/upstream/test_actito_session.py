"""Every operation of Actito over real HTTP, in both styles of paths: what is written is read back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from sandbox import Sandbox
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
    webhooks,
)
from upstream.actito.objects import NamedValue
from upstream.actito.profile import DataCollection, ProfileInput, ProfilePatch, as_v4
from upstream.actito.segments import reference
from upstream.actito.structure import typed
from upstream.errors import ApprovalMissing, NotFound, Refused
from upstream.parts import Upload
from upstream.request import GUARDED, Request
from upstream.routes import routes
from upstream.session import Session

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]

E: dict[str, Any] = {"entity": "MeridianBank"}
V5: dict[str, Any] = {**E, "profile_table_id": "16"}
V4: dict[str, Any] = {**E, "table": "Customers"}
NEW = "grace.hopper+navy@example.org"
HER: dict[str, Any] = {"profile": reference("emailAddress", NEW)}
ADA: dict[str, Any] = {"profile": "100001"}


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return held.getvalue()


class Desk:
    """Sends requests with the approval that they need."""

    def __init__(self, session: Session, approved: Callable[[Request[Any]], Any]) -> None:
        self.session = session
        self._approved = approved

    async def __call__(self, request: Request[Any]) -> Any:
        if request.risk in GUARDED:
            with pytest.raises(ApprovalMissing):
                await self.session.send(request)
            return await self.session.send(request, approval=self._approved(request))
        return await self.session.send(request)


async def structures(send: Desk) -> None:
    assert [each.name for each in await send(entities.ListEntities())] == [
        each.name for each in await send(entities.ListEntitiesV4())
    ]
    (customers, *_) = await send(profile_tables.ListProfileTables(**E))
    assert await send(profile_tables.GetProfileTable(**V5)) == customers
    assert customers.name in [each.name for each in await send(profile_tables.ListProfileTableNamesV4(**E))]
    assert (await send(profile_tables.GetProfileTableV4(**V4))).model_extra["name"] == "Customers"
    address = profile_tables.ProfileAttribute(type="EMAIL_ADDRESS", name="emailAddress", unique=True, mandatory=True)
    club = profile_tables.ProfileTable(name="Club", attributes=[address])
    made = await send(profile_tables.CreateProfileTable(**E, table=club))
    change = {"type": "ADD_ATTRIBUTE", "attribute": {"name": "coupon", "valueType": "STRING"}}
    await send(profile_tables.RequestProfileTableChange(**E, profile_table_id=made.id, change=change))
    read = await send(profile_tables.GetProfileTable(**E, profile_table_id=made.id))
    assert {"emailAddress", "coupon"} <= {each.name for each in read.attributes}
    listed = await send(custom_tables.ListCustomTables(**E))
    assert await send(custom_tables.GetCustomTable(**E, custom_table_id=listed[0].id)) == listed[0]
    assert (await send(custom_tables.ListCustomTablesV4(**E))).model_extra
    assert (await send(custom_tables.GetCustomTableV4(**E, custom_table="Branches"))).model_extra["id"] == listed[0].id
    visit = custom_tables.CustomTable(
        name="Visits",
        type="INTERACTIONS",
        primary_key_attribute="visitId",
        attributes=[
            custom_tables.CustomAttribute(
                name="visitId", value_type="STRING", mandatory=True, indexed=True, unique=True
            )
        ],
    )
    made = await send(custom_tables.CreateCustomTable(**E, table=visit))
    await send(custom_tables.RequestCustomTableChange(**E, custom_table_id=made.id, change=change))
    read = await send(custom_tables.GetCustomTable(**E, custom_table_id=made.id))
    assert [each.name for each in read.attributes] == ["visitId", "coupon"]


async def people(send: Desk) -> None:
    key = {"emailAddress": NEW}
    body = ProfileInput(key=key, attributes={**key, "lastName": "Hopper", "loyaltyPoints": 5})
    await send(profiles.CreateProfile(**V5, body=body))
    with pytest.raises(Refused, match="409"):
        await send(profiles.CreateProfile(**V5, body=body))
    await send(
        profiles.UpsertProfile(
            **V5, body=ProfileInput(key=key, attributes={"firstName": "Grace"}, subscriptions={"Newsletter": True})
        )
    )
    await send(profiles.PatchProfile(**V5, **HER, body=ProfilePatch(segmentations={"LoyaltyLevel": "Bronze"})))
    new = await send(profiles.GetProfile(**V5, **HER))
    old = await send(profiles.GetProfileV4(**V4, **HER))
    assert new.id == old.id and new.subscriptions == old.subscriptions and new.segmentations == old.segmentations
    assert (new.attributes["firstName"], new.subscriptions["Newsletter"]) == ("Grace", True)
    assert new.segmentations["LoyaltyLevel"] == "Bronze"
    assert typed(old.attributes["loyaltyPoints"], "INTEGER") == new.attributes["loyaltyPoints"] == 5

    assert (await send(profiles.UpdateProfileV4(**V4, **HER, body=as_v4({"firstName": "Amazing"})))).id == new.id
    again = as_v4({"emailAddress": NEW, "lastName": "Hopper-Murray"}, {"Promotions": True})
    assert (await send(profiles.CreateOrUpdateProfileV4(**V4, body=again, allow_update=True))).id == new.id
    await send(subscriptions.UnsubscribeProfileV4(**V4, **HER, subscription="Newsletter"))
    await send(subscriptions.SubscribeProfileV4(**V4, **HER, subscription="BranchEvents"))
    opt_ins = await send(subscriptions.ListProfileSubscriptionsV4(**V4, **HER))
    assert opt_ins == {"Newsletter": False, "Promotions": True, "BranchEvents": True}
    level = {**V4, **HER, "segmentation": "LoyaltyLevel"}
    await send(segmentations.SetProfileSegmentationV4(**level, of_category="Gold"))
    await send(segmentations.SetProfileSegmentationV4(**V4, **HER, segmentation="Vip"))
    segments = await send(segmentations.ListProfileSegmentationsV4(**V4, **HER))
    assert (segments["LoyaltyLevel"], segments["Vip"]) == ("Gold", True)
    await send(segmentations.RemoveProfileSegmentationV4(**V4, **HER, segmentation="Vip"))
    (found,) = await send(profiles.SearchProfiles(**V5, filter=key))
    assert (found.attributes["firstName"], found.segmentations["Vip"]) == ("Amazing", False)
    assert len(await send(profiles.ListProfilesV4(**V4, number=3))) == 3

    await send(profiles.DeleteProfile(**V5, **HER))
    with pytest.raises(NotFound):
        await send(profiles.GetProfile(**V5, **HER))
    await send(profiles.CreateProfile(**V5, body=body))
    await send(profiles.DeleteProfileV4(**V4, **HER))
    with pytest.raises(NotFound):
        await send(profiles.GetProfileV4(**V4, **HER))


async def business_data(send: Desk) -> None:
    branches: dict[str, Any] = {**E, "custom_table": "Branches"}
    values = {"branchCode": "BR/9+9", "name": "Quay"}
    made = await send(records.UpsertRecord(**branches, record=records.RecordInput.of(values)))
    assert made.id == "BR/9+9"
    await send(records.UpdateRecord(**branches, record_id=made.id, record=records.RecordInput.of({"town": "Oakfield"})))
    read = await send(records.GetRecord(**branches, record_id=made.id))
    assert (read.properties["name"], read.properties["town"]) == ("Quay", "Oakfield")
    found = await send(records.SearchRecords(**branches, search_field="branchCode", search_value="BR/9+9", number=5))
    assert found == [read]
    await send(records.DeleteRecord(**branches, record_id=made.id))
    with pytest.raises(NotFound):
        await send(records.GetRecord(**branches, record_id=made.id))


async def mass_imports(send: Desk) -> None:
    (etl, *_) = await send(imports.ListEtls(**E))
    assert await send(imports.GetEtl(**E, etl_id=etl.id)) == etl
    assert (await send(imports.CreateEtl(**E, etl=imports.Etl(name="Nightly", type="SCHEDULED", active=False)))).id
    definition = Upload(
        "p.json", json.dumps({"name": "Once", "profileTable": "Customers"}).encode(), "application/json"
    )
    data = Upload("data.csv", b"emailAddress;lastName\nx@example.org;X\n", "text/csv")
    run = await send(imports.CreateOneShotEtlExecution(**E, parameters=definition, input_file=data))
    assert (await send(imports.GetEtlExecution(**E, etl_execution_id=run.id))).id == run.id
    assert run.id in [each.id for each in await send(imports.ListEtlExecutions(**E))]
    archive = Upload("data.zip", zipped(data_csv="emailAddress\nx@example.org\n"), "application/zip")
    one = await send(imports.ImportProfilesV4(**V4, input_file=archive, parameters=definition))
    two = await send(imports.ImportRecordsV4(**E, custom_table="Branches", input_file=archive, parameters=definition))
    assert one.id != two.id
    assert (await send(imports.GetImportResultV4(**E, import_id=int(one.id)))).with_errors in (True, False, None)
    assert (await send(imports.GetImportResultFileV4(**E, import_id=int(one.id)))).content.startswith(b"PK")


async def campaigns(send: Desk) -> None:
    draft = emails.EmailInput(
        name="Test_Draft",
        content_type="HTML",
        encoding="utf-8",
        entity_of_target="MeridianBank",
        target_table="Customers",
        sender="Meridian Bank",
        supported_languages=["EN"],
        display_name="Café",
    )
    made = await send(emails.CreateEmailCampaign(**E, body=draft))
    with pytest.raises(Refused, match="409"):
        await send(emails.CreateEmailCampaign(**E, body=draft))
    mail: dict[str, Any] = {**E, "campaign": "Test_Draft"}
    settings = {**draft.model_dump(exclude_unset=True, exclude={"name"}), "display_name": "Thé"}
    await send(emails.UpdateEmailCampaign(**mail, body=emails.EmailSettings.model_validate(settings)))
    await send(emails.SetEmailSubject(**mail, subject="20 % à saisir"))
    html = "<html><body>été</body></html>"
    upload = Upload("body.zip", zipped(index_html=html), "application/zip")
    await send(emails.UploadEmailBody(**mail, input_file=upload, charset="utf8"))
    read = await send(emails.GetEmailCampaign(**mail))
    assert (str(read.campaign_id), read.display_name, read.sender) == (made.id, "Thé", "Meridian Bank")
    assert (await send(emails.GetEmailSubject(**mail))).subject == "20 % à saisir"
    assert "été" in (await send(emails.GetEmailBody(**mail))).text
    assert [each.name for each in await send(emails.ListEmailCampaigns(**E, name="Test_Draft"))] == ["Test_Draft"]
    await send(emails.DeleteEmailCampaign(**mail))
    with pytest.raises(NotFound):
        await send(emails.GetEmailCampaign(**mail))


async def sends(send: Desk) -> None:
    welcome: dict[str, Any] = {**E, "campaign": "Welcome_Series"}
    parameters = [messages.Parameter(key="coupon", values=["X"])]
    assert (await send(messages.TriggerEmailForProfile(**welcome, **ADA, parameters=parameters))).id
    await send(messages.TriggerEmailBulk(**welcome, body={"contacts": [{"profileId": 100001}]}))
    contact = messages.Contact(
        profile=messages.ContactProfile(
            attributes=[NamedValue(name="emailAddress", value="ada.larkin@example.org")],
            data_collection=DataCollection(source="Branch"),
        ),
        parameters=parameters,
    )
    notice: dict[str, Any] = {**E, "campaign": "Card_Blocked_Notice", "contact": contact}
    assert (await send(messages.SendTransactionalEmail(**notice))).id
    files = [Upload("a.pdf", b"%PDF-1", "application/pdf"), Upload("b.pdf", b"%PDF-2", "application/pdf")]
    assert (await send(messages.SendTransactionalEmailWithAttachment(**notice, attachments=files))).id
    running = [each for each in await send(scenarios.ListScenarios(**V4)) if each.state == "RUNNING"]
    await send(scenarios.TriggerScenario(**V4, **ADA, scenario=running[0].name, parameters=parameters))


async def connections(send: Desk) -> None:
    action = custom_actions.CustomActionInput(name="Ring", parameters=[{"name": "tone", "valueType": "STRING"}])
    one: dict[str, Any] = {
        **E,
        "custom_action_id": (await send(custom_actions.CreateCustomAction(**E, action=action))).id,
    }
    await send(custom_actions.PatchCustomAction(**one, action=custom_actions.CustomActionInput(name="RingTwice")))
    read = await send(custom_actions.GetCustomAction(**one))
    assert (read.name, read.parameters[0].model_extra["name"]) == ("RingTwice", "tone")
    assert read in await send(custom_actions.ListCustomActions(**E))
    await send(custom_actions.DeleteCustomAction(**one))

    hook = webhooks.WebhookInput(
        on="PROFILE_TABLE",
        on_element_id="16",
        event_type="UPDATE",
        target_url="https://hooks.example.org/x",
        is_active=True,
    )
    made: dict[str, Any] = {**E, "webhook_id": int((await send(webhooks.CreateWebhook(**E, webhook=hook))).id)}
    changed = hook.model_copy(update={"is_active": False})
    await send(webhooks.UpdateWebhook(**made, webhook=changed))
    known = await send(webhooks.GetWebhook(**made))
    assert (known.target_url, known.is_active) == ("https://hooks.example.org/x", False)
    assert known in await send(webhooks.ListWebhooks(**E))
    await send(webhooks.GetWebhookDailyErrors(**made, day=date(2026, 11, 3)))
    await send(webhooks.DeleteWebhook(**made))


async def participations(send: Desk) -> None:
    form: dict[str, Any] = {**E, "form": "contest_autumn"}
    assert (await send(forms.GetFormStructure(**form))).model_extra["name"] == "contest_autumn"
    answers = {"favouriteColour": "green", "visits": 3}
    made = await send(forms.CreateParticipation(**form, participation=forms.ParticipationInput.of(answers, 100001)))
    one: dict[str, Any] = {**form, "participation_id": int(made.id)}
    changed = forms.ParticipationInput.of({"favouriteColour": "blue"})
    await send(forms.UpdateParticipation(**one, participation=changed))
    read = await send(forms.GetParticipation(**one))
    assert (read.profile_id, read.answers["favouriteColour"]) == ("100001", "blue")


@pytest.mark.parametrize("paths", ["prefixed", "old"])
async def test_every_operation_works(
    stand_in: Callable[..., Sandbox], actito_of: Any, approved: Any, request_log: Log, paths: str
) -> None:
    sandbox = stand_in(actito_paths=paths, actito_calls_per_minute=100_000)
    send = Desk(actito_of(sandbox).session("actito"), approved)
    for part in (structures, people, business_data, mass_imports, campaigns, sends, connections, participations):
        await part(send)
    log = request_log(sandbox)
    worked = {entry["operation"] for entry in log if 200 <= entry["status"] < 300}
    assert worked == {route.operation for route in routes() if route.system == "actito"}
    assert {entry["status"] for entry in log} <= {200, 201, 204, 404, 409}
    assert len([entry for entry in log if entry["operation"] == "getAccessToken"]) == 1
