"""Tokens of Platform: their form, their life and their ends."""

from __future__ import annotations

import re
import time

import httpx

import sandbox
from sandbox.dates import Dialect

LOGOUT = "/unica/api/manager/authentication/logout/"


def test_a_token_begins_with_its_creation_time_as_create_date_says(site):
    answer = site.login().json()
    assert answer["m_user_name"] == "service"
    assert re.fullmatch(r"[0-9]{13}-[0-9]+-[A-Za-z0-9-]{20,}", answer["m_tokenId"])
    assert answer["createDate"].startswith("Fri Nov 20 09:")
    assert Dialect().read(answer["createDate"]) == int(answer["m_tokenId"].split("-")[0]) // 1000 * 1000


def test_tokens_differ(site):
    assert site.login().json()["m_tokenId"] != site.login().json()["m_tokenId"]


def test_each_login_kills_earlier_tokens_of_that_account_only(site):
    first, other = site.session("service"), site.session("analyst")
    second = site.session("service")
    assert site.send("GET", "/v1/campaigns/code", headers=first).status_code == 401
    assert site.send("GET", "/v1/campaigns/code", headers=second).status_code == 200
    assert site.send("GET", "/v1/campaigns/code", headers=other).status_code == 200


def test_life_is_counted_from_login(start):
    site = start(switches={"token_life": 0.3})
    began = time.monotonic()
    headers = site.session()
    while site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 200:
        assert time.monotonic() - began < 120
    assert time.monotonic() - began >= 0.3


def test_life_is_not_extended_by_use(site):
    headers = site.session()
    began = time.monotonic()
    while time.monotonic() - began < 0.3:
        assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 200
    site.switch(token_life=0.3)
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 401


def test_the_default_life_is_fifteen_seconds():
    with sandbox.start() as running:
        assert httpx.get(f"{running.url}/sandbox/switches", timeout=120).json()["token_life"] == 15


def test_a_changed_life_reaches_tokens_that_are_out(site):
    headers = site.session()
    site.switch(token_life=0)
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 401
    site.switch(token_life=600)
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 200


def test_a_single_use_token_lets_one_call_through_whatever_becomes_of_it(site):
    site.switch(single_use_tokens=True)
    headers = site.session()
    assert site.send("GET", "/v1/campaigns/999999", headers=headers).status_code == 404
    assert site.send("GET", "/v1/campaigns/2001", headers=headers).status_code == 401


def test_logout_is_protected_and_removes_the_token(site):
    assert site.http.post(LOGOUT).status_code == 401
    headers = site.session()
    answer = site.http.post(LOGOUT, headers=headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert site.http.post(LOGOUT, headers=headers).status_code == 401
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 401


def test_a_token_belongs_to_its_account(site):
    headers = {**site.session("service"), "m_user_name": "analyst"}
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 401
