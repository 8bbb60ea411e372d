"""The risk of each operation of Actito against the flags of the contract, and what an approval names of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from upstream.actito.any_route import AnyActitoRequest
from upstream.actito.imports import CreateEtl, CreateOneShotEtlExecution, Etl
from upstream.actito.messages import Contact, ContactProfile, SendTransactionalEmail, TriggerEmailForProfile
from upstream.actito.objects import NamedValue
from upstream.actito.profile import ProfileInput, ProfilePatch, as_v4
from upstream.actito.profiles import (
    CreateOrUpdateProfileV4,
    CreateProfile,
    DeleteProfile,
    PatchProfile,
    UpdateProfileV4,
    UpsertProfile,
)
from upstream.actito.segmentations import RemoveProfileSegmentationV4
from upstream.actito.subscriptions import SubscribeProfileV4
from upstream.actito.webhooks import CreateWebhook, UpdateWebhook, WebhookInput
from upstream.parts import Upload
from upstream.request import GUARDED, Request, Risk
from upstream.risk import RISKS
from upstream.routes import Route, routes

CONTRACT = Path(__file__).parents[2] / "contracts" / "actito.openapi.yaml"
FLAGS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation
    for verbs in yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"].values()
    for operation in verbs.values()
    if operation["x-confidence"] != "guess"
}
ROUTES = [route for route in routes() if route.system == "actito"]
each_route = pytest.mark.parametrize("route", ROUTES, ids=[route.operation for route in ROUTES])

IMPORTS = {"createOneShotEtlExecution", "importProfilesV4", "importRecordsV4"}
"""Flagged as destructive by the contract; they reach customers as well, which is asked for more strictly."""

GUARDED_WITHOUT_A_FLAG = {
    "createProfileTable": Risk.DESTRUCTIVE,
    "createCustomTable": Risk.DESTRUCTIVE,
    "createEtl": Risk.REACHES_CUSTOMERS,
    "createWebhook": Risk.REACHES_CUSTOMERS,
    "updateWebhook": Risk.REACHES_CUSTOMERS,
    "upsertProfile": Risk.CONSENT,
    "createProfile": Risk.CONSENT,
    "patchProfile": Risk.CONSENT,
    "createOrUpdateProfileV4": Risk.CONSENT,
    "updateProfileV4": Risk.CONSENT,
    "setProfileSegmentationV4": Risk.CONSENT,
}


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    rows = set(RISKS["actito"]) - {AnyActitoRequest.operation}
    assert rows == set(FLAGS) == {route.operation for route in ROUTES}


@each_route
def test_the_table_is_at_least_as_strict_as_the_flags_of_the_contract(route: Route) -> None:
    flags, name = FLAGS[route.operation], route.operation
    assert (route.risk is Risk.READ) == (route.worst is Risk.READ) == flags["x-readonly"]
    if flags.get("x-sends") or name in IMPORTS:
        assert route.risk is Risk.REACHES_CUSTOMERS
    elif flags.get("x-consent") or name == "removeProfileSegmentationV4":
        assert route.risk is Risk.CONSENT
    elif flags.get("x-destructive"):
        assert route.risk is Risk.DESTRUCTIVE
    else:
        assert (route.worst in GUARDED) == (name in GUARDED_WITHOUT_A_FLAG)
        assert route.worst is GUARDED_WITHOUT_A_FLAG.get(name, route.risk)


@each_route
def test_what_is_guarded_names_its_entity_and_its_object(route: Route) -> None:
    targets = route.request.targets
    if route.worst not in GUARDED:
        assert targets == ()
        return
    kind, entity, *rest = targets
    assert kind and entity == "entity" and rest
    for each in rest:
        field = route.request.model_fields.get(each)
        assert field.is_required() if field else isinstance(getattr(route.request, each), property)


V5: dict[str, Any] = {"entity": "E", "profile_table_id": "16"}
V4: dict[str, Any] = {"entity": "E", "table": "T"}
KEY = {"emailAddress": "ada@example.org"}


@pytest.mark.parametrize(
    ("harmless", "consent", "target"),
    [
        (
            UpsertProfile(**V5, body=ProfileInput(key=KEY, attributes={"a": 1}, subscriptions={})),
            UpsertProfile(**V5, body=ProfileInput(key=KEY, subscriptions={"Newsletter": False})),
            "profile:E/16/emailAddress=ada@example.org",
        ),
        (
            CreateProfile(**V5, body=ProfileInput(key=KEY, attributes={"a": 1})),
            CreateProfile(**V5, body=ProfileInput(key=KEY, segmentations={"Vip": True})),
            "profile:E/16/emailAddress=ada@example.org",
        ),
        (
            PatchProfile(**V5, profile="7", body=ProfilePatch(attributes={"a": 1})),
            PatchProfile(**V5, profile="7", body=ProfilePatch(segmentations={"Level": "Gold"})),
            "profile:E/16/7",
        ),
        (
            UpdateProfileV4(**V4, profile="7", body=as_v4({"a": 1})),
            UpdateProfileV4(**V4, profile="7", body=as_v4({}, {"Newsletter": True})),
            "profile:E/T/7",
        ),
        (
            CreateOrUpdateProfileV4(**V4, body=as_v4({"a": 1})),
            CreateOrUpdateProfileV4(**V4, body=as_v4({"a": 1, "b": "x"}, {}, {"Vip": False})),
            "profile:E/T/a=1&b=x",
        ),
    ],
)
def test_a_profile_is_written_freely_but_not_its_consent(
    harmless: Request[Any], consent: Request[Any], target: str
) -> None:
    assert (harmless.risk, consent.risk) == (Risk.WRITE, Risk.CONSENT)
    assert consent.target_ids() == {target}


@pytest.mark.parametrize(("active", "risk"), [(False, Risk.WRITE), (True, Risk.REACHES_CUSTOMERS)])
def test_a_definition_that_runs_by_itself_is_guarded(active: bool, risk: Risk) -> None:
    assert CreateEtl(entity="E", etl=Etl(name="Orders", active=active)).risk is risk
    unsaid = CreateEtl(entity="E", etl=Etl(name="Orders"))
    assert unsaid.risk is Risk.REACHES_CUSTOMERS and unsaid.target_ids() == {"etl:E/Orders"}


def test_targets_say_who_gets_what() -> None:
    contact = Contact(profile=ContactProfile(attributes=[NamedValue(name="emailAddress", value="ada@example.org")]))
    hook = WebhookInput(
        on="PROFILE_TABLE", on_element_id="16", event_type="UPDATE", target_url="https://h.example.org", is_active=True
    )
    wanted: list[tuple[Request[Any], str]] = [
        (DeleteProfile(**V5, profile="7"), "profile:E/16/7"),
        (SubscribeProfileV4(**V4, profile="7", subscription="N"), "subscription:E/T/7/N"),
        (RemoveProfileSegmentationV4(**V4, profile="7", segmentation="S"), "segmentation:E/T/7/S"),
        (
            SendTransactionalEmail(entity="E", campaign="Welcome", contact=contact),
            f"transactional_email:E/Welcome/{contact.fingerprint()}",
        ),
        (
            TriggerEmailForProfile(entity="E", campaign="Welcome", profile="7", parameters=[]),
            "email_to_profile:E/Welcome/7",
        ),
        (CreateWebhook(entity="E", webhook=hook), f"webhook:E/{hook.flow}"),
        (
            UpdateWebhook(entity="E", webhook_id=2, webhook=hook),
            f"webhook:E/2/{hook.flow}",
        ),
    ]
    for request, target in wanted:
        assert request.risk in GUARDED and request.target_ids() == {target}


def test_a_webhook_is_approved_with_its_address_which_is_not_stored() -> None:
    def flow(address: str) -> str:
        return WebhookInput(
            on="PROFILE_TABLE", on_element_id="16", event_type="UPDATE", target_url=address, is_active=True
        ).flow

    one, other = flow("https://h.example.org/a?token=s3cret"), flow("https://h.example.org/a?token=0ther")
    assert one.startswith("PROFILE_TABLE 16 > h.example.org ") and one != other and "s3cret" not in one


def test_an_import_is_approved_with_its_data() -> None:
    def run(definition: bytes, data: bytes | None) -> frozenset[str]:
        file = Upload("data.csv", data) if data is not None else None
        parameters = Upload("p.json", definition)
        return CreateOneShotEtlExecution(entity="E", parameters=parameters, input_file=file).target_ids()

    ways = [run(b"{}", None), run(b"{}", b""), run(b"{}", b"a"), run(b"[]", b"a")]
    assert len(set(ways)) == 4 and run(b"{}", b"a") == ways[2]
