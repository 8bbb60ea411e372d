"""Folders beside those of the demo data."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

import pytest

from sandbox import Sandbox


@pytest.fixture(scope="session")
def add_folder() -> Callable[[Sandbox, str, str], None]:
    """Creates a folder at the top of a tree (templatefolders, formfolders)."""

    def add(sandbox: Sandbox, tree: str, name: str) -> None:
        api = f"{sandbox.url}/collaborate/api/collaborate/v1"
        login = urllib.request.Request(
            f"{sandbox.url}/unica/api/manager/authentication/login/",
            method="POST",
            headers={"m_user_name": "service", "m_user_password": "service-pass"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        token = json.loads(opener.open(login).read())["m_tokenId"]
        request = urllib.request.Request(
            f"{api}/{tree}",
            json.dumps({"Folder_Name": name}).encode(),
            {
                "Content-Type": "application/json",
                "m_user_name": "service",
                "m_tokenId": token,
                "api_auth_mode": "manager",
            },
        )
        opener.open(request).close()

    return add
