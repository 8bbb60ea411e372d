"""What the contract does not have is refused and logged: names, places, media types, encodings."""

from __future__ import annotations

import pytest

PROFILES = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"
PROFILE_V4 = "/profiles/v4/entity/MeridianBank/table/Customers/profile"
MAIL = "/email-campaigns/v4/entity/MeridianBank/mail"
RECORDS = "/custom-data/v4/entity/MeridianBank/customTable/Branches/record"
HOOKS = "/webhooks/v4/entity/MeridianBank/webhookSubscription"
JSON = {"extra": {"content-type": "application/json"}}


@pytest.mark.parametrize(
    ("method", "path", "options", "word"),
    [
        ("GET", f"{PROFILE_V4}?max=5", {}, "unknown query field 'max'"),
        ("GET", f"{PROFILE_V4}?number=many", {}, "'number' must be a whole number"),
        ("GET", f"{PROFILE_V4}?number=1&number=2", {}, "given 2 times"),
        ("GET", f"{PROFILES}?lastName=a&lastName=b", {}, "more than once"),
        ("GET", f"{PROFILES}?lastName=%FF", {}, "not UTF-8"),
        ("GET", f"{RECORDS}?ascending=yes", {}, "true or false"),
        ("GET", f"{MAIL}?type=MASS", {}, "MASS_SENDING"),
        ("GET", "/entities/v5/entities?name=x", {}, "unknown query field 'name'"),
        ("GET", "/entities/v5/entities", {"content": b"{}", **JSON}, "a body where"),
        ("PUT", PROFILES, {"json": {"attributes": {}}}, "the key 'key' is missing"),
        ("PUT", PROFILES, {"json": {"key": {}}}, "is empty"),
        ("PUT", PROFILES, {"json": {"key": {"emailAddress": "a@b.c"}, "attribute": {}}}, "unknown key 'attribute'"),
        ("PUT", PROFILES, {"json": {"key": {"emailAddress": "a@b.c"}, "subscriptions": {"Newsletter": "true"}}},
         "body.subscriptions.Newsletter"),
        ("PUT", PROFILES, {"json": {"key": {"emailAddress": "a@b.c"}, "attributes": [{"name": "x", "value": 1}]}},
         "body.attributes: must be object"),
        ("PUT", PROFILES, {"data": {"key": "x"}}, "the content type must be application/json"),
        ("PUT", PROFILES, {"content": b"{", **JSON}, "not valid JSON"),
        ("PUT", PROFILES, {}, "the body is missing"),
        ("POST", PROFILE_V4, {"json": {"attributes": {"firstName": "x"}}}, "body.attributes: must be array"),
        ("POST", PROFILE_V4, {"json": {"subscriptions": [{"name": "Newsletter"}]}}, "'subscribe' is missing"),
        ("POST", PROFILE_V4, {"json": {"attributes": [{"key": "x", "value": 1}]}}, "unknown key 'key'"),
        ("POST", f"{MAIL}/Welcome_Series/profile/100001", {"json": {"key": "a", "values": []}}, "must be array"),
        ("POST", f"{MAIL}/Welcome_Series/profile/100001", {"json": [{"name": "a", "value": "b"}]}, "unknown key"),
        ("POST", RECORDS, {"json": {"attributes": []}}, "unknown key 'attributes'"),
        ("POST", MAIL, {"json": {"name": "A", "contentType": "TEXT"}}, "must be HTML"),
        ("PUT", f"{MAIL}/201", {"json": {"name": "Other"}}, "unknown key 'name'"),
        ("PUT", f"{MAIL}/201/content/subject", {"json": "Hello"}, "the content type must be text/plain"),
        ("PUT", f"{MAIL}/201/content/subject", {"content": b"\xff", "extra": {"content-type": "text/plain"}}, "UTF-8"),
        ("POST", f"{MAIL}/201/content/body", {"json": {}}, "the content type must be multipart/form-data"),
        ("POST", f"{MAIL}/201/content/body", {"files": {"file": ("a.zip", b"x")}}, "'inputFile' is missing"),
        ("POST", HOOKS, {"json": {"on": "ETL", "headers": {"a": 1}}}, "body.headers.a"),
        ("GET", f"{HOOKS}/first", {}, "'webhookId' must be a whole number"),
        ("PUT", f"{PROFILE_V4}/100001/segmentation/LoyaltyLevel;level=Gold", {}, "one matrix parameter"),
        ("PUT", f"{PROFILE_V4}/100001/segmentation/LoyaltyLevel?category=Gold", {}, "belongs into the path"),
        ("PUT", f"{PROFILE_V4}/100001/segmentation/Vip", {"json": {}}, "a body where"),
    ],
)  # fmt: skip
def test_it_is_refused_and_logged(desk, breach, method, path, options, word):
    breach(desk.send(method, path, **options), 400, word)


@pytest.mark.parametrize("accept", ["text/html", "application/xml, text/*"])
def test_an_accept_without_json_is_406(desk, breach, accept):
    answer = desk.send("GET", "/entities/v5/entities", extra={"accept": accept})
    breach(answer, 406, "Accept")


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html;q=0.5, application/json;q=0.1"])
def test_an_accept_with_json_passes(desk, accept):
    assert desk.send("GET", "/entities/v5/entities", extra={"accept": accept}).status_code == 200


def test_html_and_json_are_both_accepted_for_the_body_of_a_mail(desk):
    for accept in ("text/html", "application/json"):
        answer = desk.send("GET", f"{MAIL}/201/content/body", extra={"accept": accept})
        assert answer.headers["content-type"].startswith("text/html")


def test_the_open_shapes_take_any_key(desk):
    etl = {"name": "Open", "type": "TRIGGERED", "files": [{"pattern": "x_{date}.csv", "table": "Customers"}]}
    answer = desk.post("/mass-imports/v5/entities/MeridianBank/etls", etl)
    assert desk.read(f"/mass-imports/v5/entities/MeridianBank/etls/{answer.json()['id']}")["files"] == etl["files"]
    action = {"name": "Open", "icon": "bell"}
    answer = desk.post("/scenarios/v5/entities/MeridianBank/custom-actions", action)
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/custom-actions/{answer.json()['id']}")
