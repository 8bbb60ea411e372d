"""A client of the stand-in of Collaborate, on the sites of the sandbox's own tests."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

MOUNT = "/collaborate/api/collaborate/v1"


class Desk:
    """Sends requests below the mount of Collaborate, logged in unless a test sends headers of its own."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        extra = options.pop("extra", {})
        if "headers" not in options:
            if self.site.headers is None:
                self.site.headers = self.site.session()
            options["headers"] = {**self.site.headers, **extra}
        answer: httpx.Response = self.site.http.request(method, MOUNT + path, **options)
        return answer

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.send("GET", path, params=query)

    def read(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, path: str, **body: Any) -> httpx.Response:
        return self.send("PUT", path, json=body)

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.send("POST", path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.send("DELETE", path)

    def new(self, path: str, **body: Any) -> int:
        """Create something and return the id that its address ends in."""
        answer = self.post(path, **body)
        assert (answer.status_code, answer.content) == (201, b""), answer.text
        return int(answer.headers["location"].rsplit("/", 1)[1])

    def upload(self, path: str, name: str, content: bytes, media_type: str = "text/plain", **parts: Any) -> Any:
        return self.send("POST", path, files={"file": (name, content, media_type)}, data=parts)


@pytest.fixture
def desk(site: Any) -> Desk:
    return Desk(site)


@pytest.fixture
def code():
    """Status and Error_Code of a refusal, whose body must have the shape of the contract."""

    def read(answer: httpx.Response) -> tuple[int, str]:
        body = answer.json()
        assert set(body) == {"Status_Code", "Error_Code", "Error_Message"}
        assert body["Status_Code"] == answer.status_code
        return answer.status_code, body["Error_Code"]

    return read
