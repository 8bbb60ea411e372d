"""What is sent again and what never (S8), how many at once (S9), and routes that differ from the published pages."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from sandbox import Sandbox
from upstream.campaign.campaigns import CampaignInput, CreateCampaign, GetCampaign, GetCampaigns, SearchCampaigns
from upstream.errors import NotConfigured, NotFound, OutcomeUnknown, Refused, RouteMissing, Throttled, Unavailable
from upstream.limits import Policy
from upstream.request import At, Override, Request

pytestmark = pytest.mark.anyio
Log = Callable[..., list[dict[str, Any]]]

CREATE = CreateCampaign(campaign=CampaignInput(name="Autumn deposits"))


def fault(kind: str, **more: Any) -> dict[str, Any]:
    return {"path": "/v1/campaigns*", "kind": kind, **more}


def calls(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["operation"] != "login"]


@pytest.mark.parametrize("request_", [GetCampaigns(), SearchCampaigns()], ids=lambda each: each.operation)
@pytest.mark.parametrize(
    "trouble",
    [
        fault("status", status=429, times=2),
        fault("status", status=502, times=2),
        fault("status", status=503, times=2, headers={"Retry-After": "0.2"}),
        fault("status", status=504, times=2),
        fault("drop_before", times=2),
        fault("drop_after", times=2),
        fault("truncate", times=2),
    ],
    ids=lambda each: f"{each['kind']}-{each.get('status', '')}",
)
async def test_reads_are_repeated(
    stand_in: Any, manager_of: Any, request_log: Log, request_: Request[Any], trouble: dict[str, Any]
) -> None:
    sandbox = stand_in(faults=[trouble])
    assert len(await manager_of(sandbox).session("unica").send(request_)) > 40
    assert len(calls(request_log(sandbox))) == 3


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (fault("status", status=500, body="ORA-00060: deadlock"), 'failed with 500 and said "ORA-00060: deadlock"'),
        (fault("status", status=502), "502"),
        (fault("status", status=503), "503"),
        (fault("status", status=504), "504"),
        (fault("drop_before"), "its answer was lost"),
        (fault("drop_after"), "its answer was lost"),
        (fault("truncate"), "its answer was lost"),
        (fault("html", status=200), "a page for people .* the change has probably been made"),
    ],
    ids=lambda each: f"{each['kind']}-{each.get('status', '')}" if isinstance(each, dict) else "",
)
async def test_a_write_that_left_is_never_repeated(
    stand_in: Any, manager_of: Any, request_log: Log, trouble: dict[str, Any], text: str
) -> None:
    sandbox = stand_in(faults=[trouble])
    with pytest.raises(OutcomeUnknown, match=text) as caught:
        await manager_of(sandbox).session("unica").send(CREATE)
    assert not caught.value.retry
    assert "Look at the object" in str(caught.value)
    assert len(calls(request_log(sandbox))) == 1


async def test_a_write_that_is_too_slow_has_an_unknown_outcome(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(faults=[fault("delay", seconds=0.5)])
    session = manager_of(sandbox, policy=Policy(read=0.1)).session("unica")
    with pytest.raises(OutcomeUnknown, match="no complete answer in time"):
        await session.send(CREATE)
    with pytest.raises(Unavailable, match="no complete answer in time"):
        await manager_of(sandbox, policy=Policy(read=0.1, repeat_within=0.1)).session("unica").send(GetCampaigns())
    assert len(request_log(sandbox, "createCampaign")) == 1


async def test_an_answer_that_trickles_ends_with_the_bound_of_the_exchange(manager_of: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        session = manager_of(url, policy=Policy(exchange=0.2, repeat_within=0.3)).session("unica")
        with anyio.fail_after(5), pytest.raises(Unavailable):
            await session.send(GetCampaigns())


async def test_a_throttled_write_is_not_repeated_and_changed_nothing(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(faults=[fault("status", status=429, headers={"Retry-After": "7"})])
    session = manager_of(sandbox).session("unica")
    with pytest.raises(Throttled, match=r"Nothing was changed.*7 s") as caught:
        await session.send(CREATE)
    assert caught.value.wait == 7
    assert len(calls(request_log(sandbox))) == 1


async def test_a_wait_that_is_too_long_is_told_and_kept_by_all(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(faults=[fault("status", status=429, headers={"Retry-After": "30"}, times=1)])
    session = manager_of(sandbox).session("unica")
    with anyio.fail_after(5), pytest.raises(Throttled, match="30 s") as caught:
        await session.send(GetCampaigns())
    assert caught.value.retry
    with pytest.raises(Throttled, match="has asked for a pause"):
        await session.send(CREATE)
    assert len(calls(request_log(sandbox))) == 1


async def test_nothing_left_when_nobody_listens(manager_of: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    for request in (CREATE, GetCampaigns()):
        session = manager_of(url, policy=Policy(repeat_within=0.2)).session("unica")
        with pytest.raises(Unavailable, match=r"was not sent: no connection.*CAMPAIGN_MCP_UNICA__PLATFORM_URL"):
            await session.send(request)


# cancellation


async def test_a_cancellation_does_not_interrupt_a_write_that_left(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(faults=[{"path": "/v1/campaigns", "method": "POST", "kind": "delay", "seconds": 0.4}])
    session = manager_of(sandbox).session("unica")
    await session.sign_in()
    made = []
    with anyio.move_on_after(0.15) as scope:
        made.append(await session.send(CREATE))
        await anyio.lowlevel.checkpoint()
    assert len(made) == 1
    assert scope.cancelled_caught, "then the cancellation goes on"
    assert [entry["status"] for entry in request_log(sandbox, "createCampaign")] == [200]


async def test_a_cancellation_interrupts_a_read(stand_in: Any, manager_of: Any) -> None:
    session = manager_of(stand_in(faults=[fault("delay", seconds=5)])).session("unica")
    await session.sign_in()
    with anyio.fail_after(4), anyio.move_on_after(0.1) as scope:
        await session.send(GetCampaigns())
    assert scope.cancelled_caught


async def test_a_cancelled_write_that_waits_for_its_turn_does_not_leave(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    sandbox = stand_in(latency=0.3)
    session = manager_of(sandbox, policy=Policy(max_in_flight=1)).session("unica")
    await session.sign_in()
    async with anyio.create_task_group() as group:
        group.start_soon(session.send, GetCampaigns())
        await anyio.wait_all_tasks_blocked()
        with anyio.move_on_after(0.05):
            await session.send(CREATE)
    assert request_log(sandbox, "createCampaign") == []


async def test_no_more_requests_at_once_than_the_limit(stand_in: Any, manager_of: Any, request_log: Log) -> None:
    sandbox = stand_in(latency=0.02)
    session = manager_of(sandbox, policy=Policy(max_in_flight=3)).session("unica")
    async with anyio.create_task_group() as group:
        for _ in range(15):
            group.start_soon(session.send, GetCampaigns())
    flights = [entry["in_flight"] for entry in request_log(sandbox)]
    assert max(flights) == 3


# what the statuses mean


async def test_unknown_ids_and_missing_routes_differ(sandbox: Sandbox, manager_of: Any) -> None:
    session = manager_of(sandbox).session("unica")
    with pytest.raises(NotFound, match="999999"):
        await session.send(GetCampaign(campaign_id=999999))
    elsewhere = {"GetCampaigns": Override(path="/v1/nowhere"), "GetCampaign": Override(method="PATCH")}
    session = manager_of(sandbox, overrides=elsewhere).session("unica")
    with pytest.raises(RouteMissing, match="404"):
        await session.send(GetCampaigns())
    with pytest.raises(RouteMissing, match="405"):
        await session.send(GetCampaign(campaign_id=1))


@pytest.mark.parametrize("form", ["json", "text", "html", "empty"])
async def test_a_refusal_says_why_in_one_clean_line(stand_in: Any, manager_of: Any, form: str) -> None:
    session = manager_of(stand_in(error_body=form)).session("unica")
    end_before_start = CampaignInput.model_validate({"name": "x", "startDate": 2_000_000_000_000, "endDate": 1})
    with pytest.raises(Refused, match="400") as caught:
        await session.send(CreateCampaign(campaign=end_before_start))
    assert "<" not in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert ("said" in str(caught.value)) == (form != "empty")


async def test_a_redirect_is_not_followed_and_names_the_address(scripted: Any, manager_of: Any) -> None:
    scripted.answer("200 OK", b'{"m_tokenId": "t"}')
    scripted.answer("302 Found", Location="https://portal.example.com/login.jsp;jsessionid=1234?next=/x")
    with pytest.raises(NotConfigured, match=r"portal.example.com/login.jsp \(302\).*CAMPAIGN_MCP_UNICA__CAMPAIGN_URL"):
        await manager_of(scripted.url).session("unica").send(GetCampaigns())
    assert len(scripted.received) == 2


# installations that differ


async def test_a_renamed_field_a_changed_verb_and_a_moved_parameter_are_settings(
    stand_in: Any, manager_of: Any, request_log: Log
) -> None:
    rename = {
        "getCampaigns": {"method": "POST", "fields": {"folderId": {"name": "folder", "place": "form"}}},
        "createCampaign": {"method": "PUT", "path": "/v1/campaigns/new", "fields": {"campaign": {"name": "data"}}},
    }
    sandbox = stand_in(rename=rename)
    with pytest.raises((RouteMissing, NotFound, Refused)):
        await manager_of(sandbox).session("unica").send(CREATE)
    overrides = {
        "GetCampaigns": Override(method="POST", fields={"folder_id": At("form", "folder")}),
        "createCampaign": Override("PUT", "/v1/campaigns/new", {"campaign": At("form", "data", "json")}),
    }
    session = manager_of(sandbox, overrides=overrides).session("unica")
    made = await session.send(CREATE)
    assert made.name == "Autumn deposits"
    everywhere = await session.send(GetCampaigns())
    inside = await session.send(GetCampaigns(folder_id=12))
    assert len(inside) < len(everywhere)
    assert request_log(sandbox)[-1]["refusal"] is None
