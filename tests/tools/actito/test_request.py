"""Any other route of Actito, which the sandbox has once one of its own is served under another address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tools.actito.typed_routes import tools_for
from upstream.actito.any_route import AnyActitoRequest
from upstream.request import Risk
from upstream.routes import routes
from upstream.styles import PathStyle, styled_path

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]
CONTRACT = Path(__file__).parents[3] / "contracts" / "actito.openapi.yaml"
ALL = {"TOOLSETS": "all"}
ENTRIES = "/journal/v5/entities/MeridianBank/entries"
TEMPLATE = "/journal/v5/entities/{entity}/entries"
OTHER = {
    "rename": {
        "listCustomActions": {"path": TEMPLATE},
        "createCustomAction": {"path": TEMPLATE},
        "getCustomAction": {"path": TEMPLATE + "/{customActionId}"},
        "deleteCustomAction": {"path": TEMPLATE + "/{customActionId}"},
        "getEmailBody": {"path": "/journal/v4/entity/{entity}/mail/{campaign}/source"},
        "listProfilesV4": {"path": "/journal/v4/entity/{entity}/table/{table}/people"},
    }
}


async def test_a_get_reads_without_a_question_and_is_shown_as_data(assistant: Any, request_log: Log) -> None:
    async with assistant(**OTHER, **ALL) as ask:
        found = await ask("actito_request", method="get", path=ENTRIES)
        assert found.result["status"] == "done" and not ask.questions
        assert "answered 200, JSON" in found.result["reason"] and '"name": "UpdateWalletPass"' in found.result["said"]
        assert '```data\n{"customActions": [{"id": "700101"' in found.text
        shown = await ask("actito_request", method="GET", path=ENTRIES, dry_run=True)
        assert f"Sends: GET {ask.sandbox.url}/actito{ENTRIES}" in shown.text
        assert len(request_log(ask.sandbox, "listCustomActions")) == 1
        page = await ask("actito_request", method="GET", path="/journal/v4/entity/MeridianBank/mail/203/source")
        assert "text/html" in page.result["reason"] and "<" in page.result["said"]
        absent = await ask("actito_request", method="GET", path=f"{ENTRIES}/5")
        assert absent.code == "not_found" and "GET of this path: not found (404)" in absent.text
        assert "the other style" in absent.text and "anyRoute" not in absent.text


async def test_a_long_answer_is_read_in_pieces(assistant: Any) -> None:
    async with assistant(**OTHER, **ALL) as ask:
        path, query = "/journal/v4/entity/MeridianBank/table/Customers/people", {"number": 100}
        first = await ask("actito_request", method="GET", path=path, query=query)
        assert max(len(first.text.encode()), len(str(first.data).encode())) < 16384
        shown = len(first.result["said"])
        assert shown > 5000 and f"the rest by start={shown}" in first.result["reason"]
        second = await ask("actito_request", method="GET", path=path, query=query, start=shown)
        whole = first.result["said"] + second.result["said"]
        assert whole.startswith('{"profiles": [') and whole.count('"profileId"') > first.result["said"].count(
            '"profileId"'
        )
        behind = await ask("actito_request", method="GET", path=path, query=query, start=10_000_000)
        assert "it ends at character" in behind.text


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_all_else_is_asked_for_with_all_that_is_sent(assistant: Any, request_log: Log, era: str) -> None:
    async with assistant(era=era, **OTHER, **ALL) as ask:
        body = {"name": "CallBack", "parameters": [{"name": "phone", "valueType": "STRING"}]}
        made = await ask("actito_request", method="POST", path=ENTRIES, body=body)
        (question,) = ask.questions
        assert f"Sends: POST {ask.sandbox.url}/actito{ENTRIES}" in question and 'Sends: name: "CallBack"' in question
        assert 'Sends: parameters.1.valueType: "STRING"' in question and "its documentation counts" in question
        assert made.result["status"] == "done" and "700103" in made.result["said"]
        assert "answered 201" in made.result["reason"]
        gone = await ask("actito_request", method="DELETE", path=f"{ENTRIES}/700103")
        assert gone.result["reason"] == "answered 204, without a body" and len(ask.questions) == 2
        assert len(request_log(ask.sandbox, "createCustomAction")) == 1


async def test_without_a_yes_nothing_is_sent(assistant: Any, request_log: Log) -> None:
    async with assistant(reply="decline", **OTHER, **ALL) as ask:
        for tool, arguments in (
            ("actito_request", {"method": "DELETE", "path": f"{ENTRIES}/700101"}),
            ("actito_webhooks_delete", {"webhooks": ["123789601"], "entity": "MeridianBank"}),
        ):
            declined = await ask(tool, **arguments)
            assert declined.data["status"] == "declined"
        assert all(each["method"] == "GET" for each in request_log(ask.sandbox))


async def test_nothing_is_sent_twice_and_a_lost_answer_is_unknown(assistant: Any, request_log: Log) -> None:
    faults = [{"kind": "drop_after", "method": "POST", "path": "*/entries", "times": 1}]
    async with assistant(faults=faults, **OTHER, **ALL) as ask:
        lost = await ask("actito_request", method="POST", path=ENTRIES, text='{"name": "CallBack"}')
        assert lost.data["status"] == "unknown" and "Read with a GET" in lost.result["reason"]
        assert len(request_log(ask.sandbox, "createCustomAction")) == 1


async def test_the_operators_word_counts_for_it_too(assistant: Any) -> None:
    async with assistant(NO_DELETE="true", NO_SEND="true", **OTHER, **ALL) as ask:
        for method, setting in (("DELETE", "NO_DELETE"), ("POST", "NO_SEND")):
            refused = await ask("actito_request", method=method, path=f"{ENTRIES}/700101")
            assert "Not allowed" in refused.text and setting in refused.text and not ask.questions
        assert (await ask("actito_request", method="GET", path=ENTRIES)).result["status"] == "done"
    async with assistant(READ_ONLY="true", **ALL) as ask:
        assert (await ask("actito_request", method="GET", path=ENTRIES)).code == "unknown_tool"


async def test_what_has_a_tool_or_can_not_travel_is_refused_before_the_call(assistant: Any, request_log: Log) -> None:
    async with assistant(**ALL) as ask:
        for arguments, said in (
            ({"method": "GET", "path": "/v4/entity/MeridianBank/webhookSubscription"}, "actito_webhooks"),
            ({"method": "POST", "path": "/ws/V5/entities/MeridianBank/custom-actions/"}, "actito_actions"),
            ({"method": "GET", "path": "/x", "body": {"a": 1}}, "A GET has no body"),
            ({"method": "POST", "path": "/x", "body": {"a": 1}, "text": "b"}, "one body"),
            ({"method": "GET", "path": "/x?a=b"}, "belongs into query"),
            ({"method": "GET", "path": "/x", "query": {"a": {"b": 1}}}, "query takes"),
            ({"method": "POST", "path": "/x", "start": 5}, "start is for"),
            ({"method": "GET", "path": "/auth/token"}, "by the session alone"),
        ):
            answer = await ask("actito_request", **arguments)
            assert answer.code == "bad_argument" and said in answer.text, arguments
        assert not request_log(ask.sandbox) and not ask.questions


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//evil.example.com/x",
        "https://evil.example.com/x",
        "/a/../b",
        "/a/..;x=y/b",
        "/a/%2e%2E/b",
        "/a/%252e%252e/b",
        "/a/%2Fb",
        "/a%5c..%5cb",
        "/a\\b",
        "/a#b",
        "/a b",
        "/a/\u00e9",
        "/a/%c0%ae%c0%ae/b",
        "/a%0d%0ab",
        "/a/{entity}/b",
        "/a//b",
        "/a/%zz",
        "/auth/token",
        "/AUTH;x/token",
        "/v4/%61uth/TOKEN/",
        "/" + "a" * 2001,
    ],
)
def test_a_path_that_leads_elsewhere_is_no_path(path: str) -> None:
    with pytest.raises(ValidationError):
        AnyActitoRequest(verb="GET", route=path)


def test_a_request_is_bound_to_all_of_it_and_stores_none_of_it() -> None:
    path = "/journal/v5/entities/E/entries/emailAddress=ada@example.org;b=c"
    requests = [
        AnyActitoRequest(verb="POST", route=path),
        AnyActitoRequest(verb="PUT", route=path),
        AnyActitoRequest(verb="POST", route=f"{path}/x"),
        AnyActitoRequest(verb="POST", route=path, query=[("a", "1")]),
        AnyActitoRequest(verb="POST", route=path, body={"a": "1"}),
        AnyActitoRequest(verb="POST", route=path, text="a"),
    ]
    targets = {target for each in requests for target in each.target_ids()}
    assert len(targets) == len(requests) and not any("ada" in each or "journal" in each for each in targets)
    assert requests[0].wire().path == path and requests[0].wire().method == "POST"
    assert requests[4].wire().content_type == "application/json"
    assert [AnyActitoRequest(verb=verb, route="/x").risk for verb in ("GET", "POST", "PUT", "PATCH", "DELETE")] == [
        Risk.READ,
        Risk.REACHES_CUSTOMERS,
        Risk.REACHES_CUSTOMERS,
        Risk.REACHES_CUSTOMERS,
        Risk.DESTRUCTIVE,
    ]


def test_every_route_with_a_tool_is_known_in_both_styles_and_no_guess_is() -> None:
    own = [each for each in routes() if each.system == "actito" and each.category != "authentication"]
    for each in own:
        path = each.path.replace("{", "x").replace("}", "x")
        for style in PathStyle:
            assert tools_for(each.method, styled_path(path, style)).startswith("actito_"), each.operation
    with CONTRACT.open(encoding="utf-8") as file:
        paths = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["paths"]
    guesses = [
        (verb.upper(), path)
        for path, verbs in paths.items()
        for verb, operation in verbs.items()
        if operation["x-confidence"] == "guess"
    ]
    assert len(guesses) == 17 and [each for each in guesses if tools_for(*each)] == []
