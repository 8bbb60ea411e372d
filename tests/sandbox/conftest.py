"""A running sandbox for each test, and a client that speaks the documented forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import sandbox

CAMPAIGN = "/Campaign/api/campaign/rest"
LOGIN = "/unica/api/manager/authentication/login/"
LOGOUT = "/unica/api/manager/authentication/logout/"
DAY = "2026-11-20"
"""The day of the demo data, at which every sandbox of these tests begins unless a test says another."""
PATIENCE = 120
"""Seconds after which a test gives up what a busy machine would have done."""


class Site:
    """A sandbox and an HTTP client that is logged in at first use, unless a test sends headers of its own."""

    def __init__(self, **options: Any) -> None:
        switches = {"token_life": 600, **options.pop("switches", {})}
        self.sandbox = sandbox.start(**{"date": DAY, **options}, switches=switches)
        self.http = httpx.Client(base_url=self.sandbox.url, timeout=PATIENCE, verify=False)
        self.headers: dict[str, str] | None = None

    def login(self, name: str = "service", password: str | None = None) -> httpx.Response:
        headers = {"m_user_name": name, "m_user_password": password or f"{name}-pass"}
        return self.http.post(LOGIN, headers=headers)

    def session(self, name: str = "service") -> dict[str, str]:
        token = self.login(name).json()["m_tokenId"]
        return {"m_user_name": name, "m_tokenId": token, "api_auth_mode": "manager"}

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        if "headers" not in options:
            if self.headers is None:
                self.headers = self.session()
            options["headers"] = self.headers
        return self.http.request(method, CAMPAIGN + path, **options)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.send("GET", path, params=query)

    def delete(self, path: str, **query: Any) -> httpx.Response:
        return self.send("DELETE", path, params=query)

    def form(self, method: str, path: str, **fields: Any) -> httpx.Response:
        """Send form fields; dictionaries and lists of dictionaries travel as JSON text inside their field."""
        data: dict[str, Any] = {}
        for name, value in fields.items():
            structured = isinstance(value, dict) or (
                isinstance(value, list) and (not value or isinstance(value[0], dict))
            )
            data[name] = json.dumps(value) if structured else value
        return self.send(method, path, data=data)

    def switch(self, **switches: Any) -> None:
        response = self.http.patch("/sandbox/switches", json=switches)
        assert response.status_code == 200, response.text

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.http.get("/sandbox/log", params={"since": since}).json()["entries"]
        return entries

    def offer(self, offer_id: int) -> dict[str, Any]:
        response = self.form("POST", "/v1/offers/getoffers", offerids=[offer_id])
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()[0]
        return found

    def offers(self, query: str) -> list[dict[str, Any]]:
        response = self.get("/v2/offers/search", query=query)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()
        return found

    def new_offer(self, name: str, **attributes: Any) -> int:
        item = {"offerName": name, "attributes": [{"name": n, "valueAsObject": v} for n, v in attributes.items()]}
        answer = self.form("POST", "/v1/offers", templateName="Savings bonus rate", BulkOfferInfo=[item]).json()[0]
        assert answer["error"] is None, answer
        offer_id: int = answer["reference"]["id"]
        return offer_id

    def cells(self, campaign_id: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/v1/targetcells", campaignid=campaign_id).json()
        return found

    def new_cell(self, campaign_id: int, **cell: Any) -> dict[str, Any]:
        response = self.form("POST", "/v1/targetcells", campaignid=campaign_id, targetcell=cell)
        assert response.status_code == 200, response.text
        return max(self.cells(campaign_id), key=lambda found: found["reference"]["id"])

    def close(self) -> None:
        self.http.close()
        self.sandbox.stop()


def _sites() -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def begin(**options: Any) -> Site:
        sites.append(Site(**options))
        return sites[-1]

    yield begin
    for site in sites:
        site.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    """Starts sandboxes with options of one's own and stops them afterwards."""
    yield from _sites()


@pytest.fixture(scope="module")
def open_site() -> Iterator[Callable[..., Site]]:
    """The same for a whole module."""
    yield from _sites()


@pytest.fixture
def site(start: Callable[..., Site]) -> Site:
    """A sandbox with the demo data, and default switches but for a token that does not expire under the test."""
    return start()


@pytest.fixture
def aside() -> Iterator[Callable[..., Future[Any]]]:
    """Runs calls in threads of their own."""
    with ThreadPoolExecutor(8) as pool:
        yield pool.submit


@pytest.fixture
def at_once(aside: Callable[..., Future[Any]]) -> Callable[..., list[Any]]:
    """Makes so many calls that are answered only when all of them have arrived at the site; their answers."""

    def make(site: Site, count: int, operation: str, call: Callable[[], Any]) -> list[Any]:
        site.switch(faults=[{"kind": "hold_before", "operation": operation}])
        calls = [aside(call) for _ in range(count)]
        site.sandbox.wait_held(count)
        site.sandbox.release()
        answers = [one.result(PATIENCE) for one in calls]
        site.switch(faults=[])
        return answers

    return make
