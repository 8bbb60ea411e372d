"""A client of the stand-in of Actito, on the sites of the sandbox's own tests."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest


class Desk:
    """Sends requests below /actito, with a token of its own unless a test sends headers."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self._token: str | None = None

    def exchange(self, key: str = "sandbox-key", **options: Any) -> httpx.Response:
        """GET /auth/token with a raw key."""
        answer: httpx.Response = self.site.http.get("/actito/auth/token", headers={"Authorization": key}, **options)
        return answer

    def token(self, key: str = "sandbox-key") -> str:
        answer = self.exchange(key)
        assert answer.status_code == 200, answer.text
        text: str = answer.json()["accessToken"]
        return text

    def bearer(self, key: str = "sandbox-key") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(key)}"}

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        extra = options.pop("extra", {})
        if "headers" not in options:
            if self._token is None:
                self._token = self.token()
            options["headers"] = {"Authorization": f"Bearer {self._token}", **extra}
        answer: httpx.Response = self.site.http.request(method, f"/actito{path}", **options)
        return answer

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.send("GET", path, params=query or None)

    def read(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.send("POST", path, json=body)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self.send("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> httpx.Response:
        return self.send("PATCH", path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.send("DELETE", path)

    def upload(self, path: str, **files: tuple[str, bytes]) -> httpx.Response:
        return self.send("POST", path, files=files)

    def sent(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.site.http.get("/sandbox/sent").json()["sent"]
        return rows

    def last(self) -> dict[str, Any]:
        """The newest entry of the request log."""
        entry: dict[str, Any] = self.site.log()[-1]
        return entry


@pytest.fixture
def desk(site: Any) -> Desk:
    return Desk(site)


@pytest.fixture(scope="module")
def open_desk(open_site: Callable[..., Any]) -> Callable[..., Desk]:
    """Desks at sandboxes of one's own switches, which last as long as the module."""
    return lambda **switches: Desk(open_site(switches=switches))


@pytest.fixture
def refused(desk: Desk):
    """Checks an answer that says no without a breach of the contract."""

    def check(answer: httpx.Response, status: int, word: str = "") -> None:
        assert answer.status_code == status, answer.text
        assert word.lower() in answer.text.lower()
        assert desk.last()["refusal"] is None

    return check


@pytest.fixture
def breach(desk: Desk):
    """Checks an answer to a request that the contract does not have."""

    def check(answer: httpx.Response, status: int, word: str) -> None:
        assert answer.status_code == status, answer.text
        assert word in answer.text
        assert word in (desk.last()["refusal"] or "")

    return check


@pytest.fixture
def zipped():
    """The bytes of a zip with some files."""

    def pack(files: Mapping[str, bytes | str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return pack


@pytest.fixture
def table():
    """The bytes of a CSV file with a first line of names."""

    def write(*lines: tuple[object, ...]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows(lines)
        return text.getvalue().encode("utf-8")

    return write


@pytest.fixture
def parameters():
    """A part with the JSON file of an import definition."""

    def part(**settings: Any) -> tuple[str, bytes]:
        return "parameters.json", json.dumps(settings).encode("utf-8")

    return part
