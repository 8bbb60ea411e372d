"""Who may pass, and in which order the filter asks."""

from __future__ import annotations

import pytest

LOGIN = "/unica/api/manager/authentication/login/"
FEDERATED = {
    "f_userId": "service",
    "f_clientId": "campaign-mcp",
    "f_spId": "unica",
    "f_tokenId": "federated-token",
    "api_auth_mode": "fsso",
}


@pytest.mark.parametrize(("name", "password"), [("service", "wrong"), ("nobody", "service-pass"), ("", "")])
def test_wrong_credentials_are_401(site, name, password):
    answer = site.http.post(LOGIN, headers={"m_user_name": name, "m_user_password": password})
    assert (answer.status_code, answer.text) == (401, "Unauthorized")


def test_login_without_headers_or_with_another_mode_is_401(site):
    assert site.http.post(LOGIN).status_code == 401
    headers = {"m_user_name": "service", "m_user_password": "service-pass"}
    assert site.http.post(LOGIN, headers={**headers, "api_auth_mode": "fsso"}).status_code == 401
    assert site.http.post(LOGIN, headers={**headers, "api_auth_mode": "manager"}).status_code == 200


def test_the_login_address_works_without_its_final_slash(site):
    headers = {"m_user_name": "service", "m_user_password": "service-pass"}
    assert site.http.post(LOGIN.rstrip("/"), headers=headers).status_code == 200


@pytest.mark.parametrize("missing", ["m_user_name", "m_tokenId", "api_auth_mode"])
def test_each_header_of_the_set_is_needed(site, missing):
    headers = site.session()
    del headers[missing]
    assert site.send("GET", "/v1/campaigns/code", headers=headers).status_code == 401


def test_the_viewer_reads_and_does_not_write(site):
    headers = site.session("viewer")
    assert site.send("GET", "/v1/campaigns/2001", headers=headers).status_code == 200
    assert site.send("POST", "/v1/offers/getoffers", headers=headers, data={"offerids": 5001}).status_code == 200
    answer = site.send("POST", "/v1/offers/retire", headers=headers, data={"offerids": 5001})
    assert answer.status_code == 403
    assert "viewer" in answer.json()["message"]
    assert site.offer(5001)["retired"] is False


def test_federated_headers_pass_and_reach_the_log(site):
    assert site.send("GET", "/v1/campaigns/2001", headers=FEDERATED).status_code == 200
    assert site.log()[-1]["account"] == "service"


@pytest.mark.parametrize("wrong", ["f_userId", "f_clientId", "f_spId", "f_tokenId"])
def test_each_federated_header_counts(site, wrong):
    assert site.send("GET", "/v1/campaigns/2001", headers={**FEDERATED, wrong: "x"}).status_code == 401


def test_federated_tokens_are_a_switch(site):
    site.switch(federated_tokens=["other"])
    assert site.send("GET", "/v1/campaigns/2001", headers=FEDERATED).status_code == 401
    assert site.send("GET", "/v1/campaigns/2001", headers={**FEDERATED, "f_tokenId": "other"}).status_code == 200


def test_federated_users_do_not_log_out_here(site):
    assert site.http.post("/unica/api/manager/authentication/logout/", headers=FEDERATED).status_code == 401


def test_a_blocked_system_answers_403_before_anything_else(site):
    site.switch(blocked=["unica-campaign"])
    assert site.login().status_code == 200
    answer = site.send("GET", "/v1/no/such/address", headers={})
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "API_BLOCKED")
    site.switch(blocked=["unica-platform"], https_only=False)
    assert site.login().status_code == 403


def test_https_only_answers_403_before_credentials(site):
    site.switch(https_only=True)
    answer = site.send("GET", "/v1/campaigns/2001", headers={})
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "HTTPS_REQUIRED")
    site.switch(blocked=["unica-campaign"])
    assert site.send("GET", "/v1/campaigns/2001", headers={}).json()["errorCode"] == "API_BLOCKED"


def test_credentials_come_before_rights_addresses_and_values(site):
    viewer = {**site.session("viewer"), "m_tokenId": "old"}
    assert site.send("POST", "/v1/offers/retire", headers=viewer, data={"offerids": 5001}).status_code == 401
    assert site.send("GET", "/v1/no/such/address", headers={}).status_code == 401
    assert site.send("GET", "/v1/campaigns/not-a-number", headers={}).status_code == 401


def test_rights_come_before_values(site):
    headers = site.session("viewer")
    assert site.send("POST", "/v1/offers/retire", headers=headers, data={"offerids": "x"}).status_code == 403


def test_without_authentication_the_header_set_may_be_missing(site):
    site.switch(authentication=False)
    assert site.send("GET", "/v1/campaigns/2001", headers={}).status_code == 200
    assert site.login("service", "wrong").status_code == 401


def test_headers_can_have_other_names(site):
    site.switch(header_names={"m_user_name": "x-user", "m_tokenId": "x-token", "m_user_password": "x-password"})
    assert site.login().status_code == 401
    answer = site.http.post(LOGIN, headers={"x-user": "service", "x-password": "service-pass"})
    token = answer.json()["m_tokenId"]
    renamed = {"x-user": "service", "x-token": token, "api_auth_mode": "manager"}
    assert site.send("GET", "/v1/campaigns/code", headers=renamed).status_code == 200
    documented = {"m_user_name": "service", "m_tokenId": token, "api_auth_mode": "manager"}
    assert site.send("GET", "/v1/campaigns/code", headers=documented).status_code == 401


def test_login_can_be_a_get(site):
    site.switch(login_method="GET")
    headers = {"m_user_name": "service", "m_user_password": "service-pass"}
    assert site.http.get(LOGIN, headers=headers).status_code == 200
    site.headers = {"m_user_name": "service", "api_auth_mode": "manager"}
    answer = site.http.post(LOGIN, headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
