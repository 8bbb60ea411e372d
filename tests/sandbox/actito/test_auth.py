"""The exchange of the key, the life of a token, and the rights of a key."""

from __future__ import annotations

import time

import pytest

ENTITIES = "/entities/v5/entities"
PROFILES = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles"
HOOKS = "/webhooks/v4/entity/MeridianBank/webhookSubscription"
NEW = {"key": {"emailAddress": "new@example.org"}}


def test_a_raw_key_is_traded_for_a_bearer_token(desk):
    answer = desk.exchange().json()
    assert answer["tokenType"] == "bearer"
    assert answer["expiresIn"] == "900s"
    assert answer["scope"] == "read write"
    assert answer["accessToken"].count(".") == 2
    assert desk.send("GET", ENTITIES, headers={"Authorization": f"Bearer {answer['accessToken']}"}).status_code == 200


@pytest.mark.parametrize("key", ["", "wrong", "sandbox-keys"])
def test_a_wrong_key_is_401(desk, refused, key):
    refused(desk.exchange(key), 401, "missing, unknown or revoked")


def test_a_key_of_another_host_is_401_in_other_words(desk, refused):
    refused(desk.exchange("sandbox-key-prod-1"), 401, "another environment")


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "ApiKey"])
def test_the_key_has_no_scheme_word(desk, breach, scheme):
    breach(desk.exchange(f"{scheme} sandbox-key"), 401, "sent raw")


def test_calls_need_a_living_bearer_token(desk, refused):
    refused(desk.send("GET", ENTITIES, headers={}), 401)
    refused(desk.send("GET", ENTITIES, headers={"Authorization": "Bearer x"}), 401)
    refused(desk.send("GET", ENTITIES, headers={"Authorization": desk.token()}), 401)
    refused(desk.send("GET", ENTITIES, headers={"Authorization": "sandbox-key"}), 401)


def test_a_token_ends_after_its_life_and_says_it(desk):
    desk.site.switch(actito_token_life=0.25)
    assert desk.exchange().json()["expiresIn"] == "0.25s"
    began = time.monotonic()
    headers = desk.bearer()
    while desk.send("GET", ENTITIES, headers=headers).status_code == 200:
        assert time.monotonic() - began < 120
    assert desk.last()["status"] == 401
    assert time.monotonic() - began >= 0.25


def test_a_new_token_leaves_earlier_ones_alone_unless_switched(desk):
    first = desk.bearer()
    other = desk.bearer("sandbox-key-read")
    desk.token()
    assert desk.send("GET", ENTITIES, headers=first).status_code == 200
    desk.site.switch(actito_new_token_kills=True)
    desk.token()
    assert desk.send("GET", ENTITIES, headers=first).status_code == 401
    assert desk.send("GET", ENTITIES, headers=other).status_code == 200


def test_a_reading_key_reads_and_does_not_write(desk, refused):
    assert desk.exchange("sandbox-key-read").json()["scope"] == "read"
    headers = desk.bearer("sandbox-key-read")
    assert desk.send("GET", f"{PROFILES}/100001", headers=headers).status_code == 200
    refused(desk.send("PUT", PROFILES, headers=headers, json=NEW), 403, "write_profiles")
    assert desk.get(f"{PROFILES}/emailAddress=new%40example.org").status_code == 404


def test_a_key_without_a_module_gets_403_or_a_404_that_hides_it(desk, refused):
    headers = desk.bearer("sandbox-key-profiles")
    assert desk.send("PUT", PROFILES, headers=headers, json=NEW).status_code == 200
    refused(desk.send("GET", HOOKS, headers=headers), 403, "read_webhooks")
    desk.site.switch(actito_mask_denied=True)
    refused(desk.send("GET", HOOKS, headers=headers), 404)


def test_rights_come_before_values_and_credentials_before_both(desk):
    headers = desk.bearer("sandbox-key-read")
    assert desk.send("PUT", PROFILES, headers=headers, json={"wrong": 1}).status_code == 403
    assert desk.send("PUT", PROFILES, headers={}, json={"wrong": 1}).status_code == 401


def test_a_key_sees_its_entities_alone(desk, refused):
    headers = desk.bearer("sandbox-key-lark")
    found = desk.send("GET", ENTITIES, headers=headers).json()["entities"]
    assert found == [{"id": 4, "name": "LarkDirect", "comment": "Online brand"}]
    refused(desk.send("GET", f"{PROFILES}/100001", headers=headers), 403, "MeridianBank")
    desk.site.switch(actito_mask_denied=True)
    refused(desk.send("GET", f"{PROFILES}/100001", headers=headers), 404)


def test_the_log_names_keys_and_never_holds_them(desk):
    headers = desk.bearer("sandbox-key-read")
    desk.send("GET", ENTITIES, headers=headers)
    assert [entry["account"] for entry in desk.site.log()] == ["reader", "reader"]
    text = desk.site.http.get("/sandbox/log").text
    assert "sandbox-key" not in text
    assert headers["Authorization"].removeprefix("Bearer ") not in text


def test_without_authentication_every_call_is_let_in_and_the_exchange_still_looks(desk):
    desk.site.switch(authentication=False)
    assert desk.send("GET", ENTITIES, headers={}).status_code == 200
    assert desk.exchange("wrong").status_code == 401


def test_a_reset_voids_all_tokens(desk):
    headers = desk.bearer()
    desk.site.http.post("/sandbox/reset")
    assert desk.send("GET", ENTITIES, headers=headers).status_code == 401
