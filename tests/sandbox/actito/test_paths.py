"""Both styles of paths, and what no path of the contract is."""

from __future__ import annotations

import pytest

PREFIXED = "/mass-imports/v5/entities/MeridianBank/etls"
OLD = "/v5/entities/MeridianBank/etls"
PROFILE = "/profiles/v4/entity/MeridianBank/table/Customers/profile"


def test_both_styles_answer_the_same(desk):
    assert desk.read(PREFIXED) == desk.read(OLD)
    assert [entry["path_template"] for entry in desk.site.log()[-2:]] == [
        "/mass-imports/v5/entities/{entity}/etls",
        "/v5/entities/{entity}/etls",
    ]


@pytest.mark.parametrize(("style", "there", "gone"), [("prefixed", PREFIXED, OLD), ("old", OLD, PREFIXED)])
def test_one_style_can_be_off_which_is_no_breach(desk, refused, style, there, gone):
    desk.site.switch(actito_paths=style)
    assert desk.get(there).status_code == 200
    refused(desk.get(gone), 404)
    refused(desk.post(gone, {}), 404)
    assert desk.exchange().status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/mass-imports/v4/entities/MeridianBank/etls",
        "/imports/v5/entities/MeridianBank/etls",
        "/mass-imports/v5/entity/MeridianBank/etls",
        "/mass-imports/v5/entities/MeridianBank/etls/",
        "/Mass-imports/v5/entities/MeridianBank/etls",
        "/v5/auth/token",
        "/email-campaigns/v4/entity/MeridianBank/mail/201/target",
        "/sms-campaigns/v4/entity/MeridianBank/sms",
        "/targetings/v5/entities/MeridianBank/targetings",
        "/forms/v4/entity/MeridianBank/form",
    ],
)
def test_other_addresses_and_guesses_are_404_and_a_breach(desk, breach, path):
    breach(desk.get(path), 404, "No such address")


def test_a_wrong_verb_is_405(desk):
    answer = desk.delete(PREFIXED)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert "takes GET, POST" in desk.last()["refusal"]


@pytest.mark.parametrize(
    "reference", ["emailAddress=ada.larkin@example.org", "emailAddress=bo.stone+bank%40example.com"]
)
def test_at_and_plus_have_to_be_encoded(desk, breach, reference):
    breach(desk.get(f"{PROFILE}/{reference}"), 400, "have to be encoded")


def test_lenient_takes_them_and_other_letter_case(desk):
    desk.site.switch(strict=False)
    assert desk.get(f"{PROFILE}/emailAddress=ada.larkin@example.org").status_code == 200
    assert desk.get(PREFIXED.upper().replace("MERIDIANBANK", "MeridianBank")).status_code == 200
    assert desk.last()["refusal"] is None


def test_names_are_for_v4_and_ids_for_v5_unless_lenient(desk, refused):
    v5 = "/profile-table-structure/v5/entities/MeridianBank/profile-tables/{}"
    v4 = "/profile-table-structure/v4/entity/MeridianBank/table/{}"
    assert desk.get(v5.format("16")).status_code == desk.get(v4.format("Customers")).status_code == 200
    refused(desk.get(v5.format("Customers")), 404)
    refused(desk.get(v4.format("16")), 404)
    desk.site.switch(strict=False)
    assert desk.get(v5.format("Customers")).status_code == desk.get(v4.format("16")).status_code == 200


@pytest.mark.parametrize("entity", ["Nobody", "-", "1", "meridianbank"])
def test_an_unknown_entity_is_404(desk, refused, entity):
    refused(desk.get(f"/mass-imports/v5/entities/{entity}/etls"), 404, "Entity")


def test_a_renamed_route_has_one_path(desk):
    path = "/etl/v6/entities/{entity}/etls"
    desk.site.switch(rename={"listEtls": {"path": path, "response_fields": {"etls": "items"}}})
    assert "items" in desk.read(path.format(entity="MeridianBank"))
    assert desk.get(OLD).status_code == 405
    assert desk.get(PREFIXED).status_code == 405
