"""The route table against the list of routes to cover, names that find a route, and the check of overrides."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from upstream.campaign.campaigns import CampaignInput, CreateCampaign, GetCampaigns
from upstream.campaign.offers import GetOffers, RetireOffers
from upstream.collaborate.attachments import AddAttachment
from upstream.collaborate.objects import Window
from upstream.collaborate.projects import GetProject, GetProjects
from upstream.parts import Upload
from upstream.request import At, Operation, Override, override_of
from upstream.routes import check_override, find, overrides, routes

ROOT = Path(__file__).parents[2]
CATEGORIES = {
    "campaign": ["attributes", "campaigns", "offers", "offers_v2", "offer_lists", "target_cells"],
    "collaborate": [
        "attachments",
        "folders",
        "forms",
        "project_forms",
        "projects",
        "recurrence",
        "templates",
        "workflow",
    ],
    "actito": [
        "custom_actions",
        "custom_tables",
        "emails",
        "entities",
        "forms",
        "imports",
        "messages",
        "profile_tables",
        "profiles",
        "records",
        "scenarios",
        "segmentations",
        "subscriptions",
        "token",
        "webhooks",
    ],
}


def test_every_row_of_the_list_to_cover_has_a_class() -> None:
    systems = ("unica-campaign", "unica-platform", "unica-collaborate")
    with (ROOT / "contracts" / "seed-routes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0] in systems]
    wanted = {(system, category, verb, path.rstrip("/")): risk for system, category, verb, path, risk in rows}
    assert [sum(row[0] == system for row in rows) for system in systems] == [44, 2, 89]
    have = {(each.system, each.category, each.method, each.path.rstrip("/")): each.risk for each in routes()}
    assert not set(wanted) - set(have)
    for row, risk in wanted.items():
        starts = row[3].endswith("/run") or (row[2], row[3].rpartition("/")[2]) == ("PUT", "recurrence")
        assert have[row] == ("write" if risk == "auth" else "reaches_customers" if starts else risk)
    more = {row[1:] for row in set(have) - set(wanted) if row[0] == "unica-collaborate"}
    assert more == {("lists", "GET", "/lists/{projectId}/attachments/{attachmentId}")}


def test_names_are_unique_whatever_their_case() -> None:
    table = routes()
    assert len({each.operation.casefold() for each in table}) == len(table) >= 51 + 90 + 77
    classes = {each.request for each in table}
    assert len({each.__name__.casefold() for each in classes}) == len(classes) >= 51 + 16 + 7 + 20 + 77
    by_operation = {each.operation.casefold(): each for each in table}
    for each in table:
        assert by_operation.get(each.request.__name__.casefold(), each) is each
        assert each.request.operations().index(
            Operation(each.operation, each.path, each.category, "".join(each.choice.values()))
        ) in range(3)


@pytest.mark.parametrize("name", ["CreateCampaign", "createCampaign", "createcampaign"])
def test_a_route_is_found_by_class_or_operation(name: str) -> None:
    assert find(name).request is CreateCampaign


def test_an_unknown_route_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="'CreateCampain' is unknown; nearest: CreateCampaign"):
        find("CreateCampain")
    with pytest.raises(ValueError, match=r"there are: .*RetireOffers"):
        find("zzz")


@pytest.mark.parametrize(
    ("name", "settings", "override"),
    [
        ("CreateCampaign", {}, Override()),
        ("CreateCampaign", {"method": "put", "path": "/v1/campaign"}, Override("PUT", "/v1/campaign")),
        (
            "CreateCampaign",
            {"fields": {"campaign": {"place": "body"}}},
            Override(fields={"campaign": At("body", "campaign", "json")}),
        ),
        (
            "RetireOffers",
            {"fields": {"offerids": "offerId"}},
            Override(fields={"offer_ids": At("form", "offerId", "repeat")}),
        ),
        (
            "RetireOffersV2",
            {"fields": {"offer_ids": {"place": "query", "name": "offerIds", "encoding": "bracket"}}},
            Override(fields={"offer_ids": At("query", "offerIds", "bracket")}),
        ),
        (
            "GetCampaign",
            {"path": "/v1/campaigns/{id}", "fields": {"campaign_id": "id"}},
            Override(path="/v1/campaigns/{id}", fields={"campaign_id": At("path", "id")}),
        ),
    ],
)
def test_an_override_is_read(name: str, settings: dict[str, Any], override: Override) -> None:
    assert check_override(name, settings) == override


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("CreateCampaing", {}, "nearest: CreateCampaign"),
        ("CreateCampaign", {"verb": "PUT"}, "key 'verb' is unknown; there are: method, path, fields"),
        ("CreateCampaign", {"method": "POTS"}, "verb 'POTS' is unknown; nearest: POST"),
        ("CreateCampaign", {"fields": "campaign"}, "a table of fields"),
        ("CreateCampaign", {"fields": {"campain": "x"}}, "field 'campain' is unknown; nearest: campaign"),
        ("CreateCampaign", {"fields": {"campaign": 5}}, "a wire name, or a table"),
        ("CreateCampaign", {"fields": {"campaign": {"plase": "body"}}}, "key 'plase' is unknown; nearest: place"),
        ("CreateCampaign", {"fields": {"campaign": {"place": "boddy"}}}, "place 'boddy' is unknown; nearest: body"),
        ("CreateCampaign", {"fields": {"campaign": {"place": "part"}}}, "place 'part' is unknown"),
        ("CreateCampaign", {"fields": {"campaign": {"encoding": "jsn"}}}, "encoding 'jsn' is unknown; nearest: json"),
        ("CreateCampaign", {"fields": {"campaign": {"encoding": "plain"}}}, "not a single value"),
        ("CreateCampaign", {"method": "GET"}, "a GET carries no form"),
        ("CreateCampaign", {"path": "v1/campaigns"}, "begin with a slash"),
        ("GetCampaign", {"path": "/v1/campaigns/{id}"}, r"do not fit \(campaignid, id\)"),
        ("GetCampaign", {"fields": {"campaign_id": {"place": "query"}}}, r"do not fit \(campaignid\)"),
        ("GetCampaigns", {"fields": {"code": {"encoding": "repeat"}}}, "single value"),
        ("GetCampaigns", {"fields": {"code": "sort"}}, "under the same name 'sort'"),
        ("GetCampaigns", {"fields": {"folder_id": "a", "folderId": "b"}}, "the same field"),
        ("RetireOffersV2", {"fields": {"offer_ids": {"place": "query"}}}, "say the `name`"),
        ("GetProject", {"path": "/things/{projectId}"}, r"do not fit \(kind\)"),
        ("getSimpleList", {"path": "/things/{id}"}, r"do not fit \(id, projectId\)"),
        ("GetProject", {"fields": {"kind": "sort"}}, "field 'kind' is unknown; there are: project_id, projectId"),
        ("AddAttachment", {"fields": {"file": {"place": "body"}}}, "is a file; it travels as a part"),
        ("AddAttachment", {"fields": {"file": {"encoding": "json"}}}, "is a file; it travels as a part"),
        ("AddAttachment", {"fields": {"description": {"place": "form"}}}, "a form, a JSON body or parts, not two"),
        ("AddAttachment", {"method": "GET"}, "a GET carries no form"),
        ("CreateOffers", {"fields": {"offers": {"place": "body"}}}, "a form, a JSON body or parts, not two"),
    ],
)
def test_a_wrong_override_is_explained(name: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_override(name, settings)


def test_overrides_come_by_operation_and_once_each() -> None:
    read = overrides({"RetireOffers": {"method": "PUT"}, "getCampaigns": {"fields": {"code": "campaigncode"}}})
    assert read == {
        "retireOffers": Override("PUT"),
        "getCampaigns": Override(fields={"code": At("query", "campaigncode")}),
    }
    with pytest.raises(ValueError, match="has two overrides"):
        overrides({"RetireOffers": {}, "retireOffers": {}})


def test_an_override_reaches_the_wire() -> None:
    wire = CreateCampaign(campaign=CampaignInput(name="Spring")).wire(
        check_override("CreateCampaign", {"method": "PUT", "fields": {"campaign": {"place": "body"}}})
    )
    assert (wire.method, wire.content, wire.content_type, wire.form) == (
        "PUT",
        b'{"name":"Spring"}',
        "application/json",
        None,
    )
    moved = check_override("GetOffers", {"fields": {"offer_ids": {"place": "body"}}})
    wire = GetOffers(offer_ids=[1, 2]).wire(moved)
    assert (wire.content, wire.form) == (b"[1,2]", None)
    wire = RetireOffers(offer_ids=[1, 2]).wire(
        check_override("RetireOffers", {"fields": {"offerids": {"place": "query", "encoding": "bracket"}}})
    )
    assert (wire.query, wire.form) == ([("offerids", "[1,2]")], None)
    wire = GetCampaigns(code="C1").wire(check_override("GetCampaigns", {"fields": {"code": {"place": "header"}}}))
    assert (wire.query, wire.headers) == ([], {"code": "C1"})


def test_a_class_of_several_operations_is_overridden_as_a_whole_or_one_by_one() -> None:
    read = overrides({"GetProject": {"path": "/v2/{kind}/{projectId}"}, "listSimpleLists": {"path": "/simple-lists"}})
    assert sorted(read) == ["getAdvancedList", "getOnDemandCampaign", "getSimpleList", "listSimpleLists"]
    requests = [GetProject(kind="locals", project_id=7), GetProjects(kind="lists"), GetProjects(kind="locals")]
    paths = [each.wire(override_of(each, read)).path for each in requests]
    assert paths == ["/v2/locals/7", "/simple-lists", "/locals"]
    with pytest.raises(ValueError, match="getSimpleList has two overrides"):
        overrides({"GetProject": {}, "getSimpleList": {"method": "POST"}})


def test_a_window_may_move_to_the_query_and_a_part_change_its_name() -> None:
    moved = check_override("GetProjects", {"fields": {"window": {"place": "query", "name": "range"}}})
    wire = GetProjects(kind="lists", window=Window(10, 4)).wire(moved)
    assert (wire.query, wire.headers) == ([("range", "10-4")], {})
    upload = Upload("a.txt", b"a")
    renamed = check_override("AddAttachment", {"fields": {"file": "content", "description": {"place": "query"}}})
    wire = AddAttachment(kind="lists", project_id=1, file=upload, description="x").wire(renamed)
    assert (wire.parts, wire.query) == ([("content", upload)], [("Description", "x")])


@pytest.mark.parametrize("system", CATEGORIES)
def test_a_category_is_imported_without_http_and_yaml(system: str) -> None:
    modules = ", ".join(f"upstream.{system}.{category}" for category in CATEGORIES[system])
    code = f"import sys, {modules}; print({{'httpx', 'yaml', 'anyio'}} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_table_is_drawn_only_when_asked_for() -> None:
    code = "import sys, upstream.routes; print('upstream.campaign' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
