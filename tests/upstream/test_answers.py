"""Answers are read leniently, and what can't be read becomes an error in one clean line."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel

from upstream.answers import Sent, excerpt, failure, read
from upstream.errors import OutcomeUnknown, Unreadable, UpstreamError
from upstream.http import Reply
from upstream.limits import Again
from upstream.request import Answer, Api, Form, Request, Risk


class Thing(BaseModel):
    id: int


class Sample(Request[Answer]):
    api = Api("unica-campaign", "/x")
    method, path, operation, category = "GET", "/sample", "getSample", "tests"
    reads: ClassVar[bool] = True
    ids: Annotated[list[int], Form("ids")] = []

    @property
    def risk(self) -> Risk:
        return Risk.READ if self.reads else Risk.WRITE


class GetThing(Sample[Thing]):
    """A read of an object."""


class GetThings(Sample[list[Thing]]):
    """A read of several."""


class GetCode(Sample[str]):
    """A read of a bare text."""


class SaveThing(Sample[Thing | str]):
    """A write whose answer may be a text."""

    reads = False


class SaveExactly(Sample[Thing]):
    """A write whose answer is documented."""

    reads = False


PAGE = b"<html><body>Log in</body></html>"


def reply(body: bytes, kind: str = "application/json", status: int = 200, **more: Any) -> Reply:
    return Reply(status, {"content-type": kind}, body, **more)


def outcome(request: Request[Any], answered: Reply) -> Any:
    return read(request, Sent.of(request, "unica", "https://unica.example.com"), answered)


@pytest.mark.parametrize(
    ("request_", "body", "expected"),
    [
        (GetThing(), b'{"id": 1}', Thing(id=1)),
        (GetThing(), b'\xef\xbb\xbf {"id": 1}\n', Thing(id=1)),
        (GetThings(), b"[]", []),
        (GetCode(), b'"C000001"', "C000001"),
        (GetCode(), b"C000001", "C000001"),
        (GetCode(), b"4711", "4711"),
        (SaveThing(), b'{"id": 1}', Thing(id=1)),
        (SaveThing(), b"created", "created"),
        (SaveThing(), b"", ""),
        (SaveThing(), b"null", ""),
    ],
)
def test_bodies_that_are_answers(request_: Request[Any], body: bytes, expected: Any) -> None:
    assert outcome(request_, reply(body)) == expected


def test_another_character_set_is_read_as_said() -> None:
    answer = outcome(GetCode(), reply("żółć".encode("iso-8859-2"), "text/plain", charset="iso-8859-2"))
    assert answer == "żółć"


@pytest.mark.parametrize("body", [b"", b"null", PAGE, b"garbage", b'{"id": "x"}', b'"no'])
def test_a_read_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable, match="getSample answered 200") as caught:
        outcome(GetThing(), reply(body))
    assert "CAMPAIGN_MCP_UNICA__CAMPAIGN_URL" in str(caught.value)
    assert "<" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", PAGE, b"garbage", b'{"id": "x"}'])
def test_a_write_that_cannot_be_read_has_probably_happened(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown, match=r"has probably been made.*do not send it again") as caught:
        outcome(SaveExactly(), reply(body))
    assert not caught.value.retry


@pytest.mark.parametrize("body", [b"", b"null", PAGE])
def test_nothing_is_not_a_text_that_was_asked_for(body: bytes) -> None:
    with pytest.raises(Unreadable):
        outcome(GetCode(), reply(body))


def test_an_object_that_is_not_the_expected_one_is_no_text() -> None:
    with pytest.raises(OutcomeUnknown):
        outcome(SaveThing(), reply(b'{"id": "x"}'))


def test_the_reason_names_the_place_and_not_the_value() -> None:
    with pytest.raises(Unreadable, match=r"not the data of this route \(int_parsing at 0.id\)"):
        outcome(GetThings(), reply(b'[{"id": "4 711"}]'))


HOSTILE = (
    "<html><head><title>Error\u202e 500</title><script>alert(1)</script></head>"
    "<body onload=x>boom\x00\x1b[31m</body></html>"
)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", "text/plain", ""),
        (b"   \r\n", "text/plain", ""),
        (b'{"message": "Offer 9 not found", "code": 1}', "application/json", ' and said "Offer 9 not found"'),
        (b'{"errors": [{"code": "404", "message": "No such table"}]}', "application/json", ' and said "No such table"'),
        (b'{"error": {"id": 1}}', "application/json", " and said \"{'error': {'id': 1}}\""),
        (b"plain <b>text</b>\nof two lines", "text/plain", ' and said "plain text of two lines"'),
        (HOSTILE.encode(), "text/html", ' and said "Error 500"'),
        (HOSTILE.replace("title", "p").encode(), "text/html", ' and said "Error 500 boom [31m"'),
        (b"<html>unclosed <script>alert(1)", "text/html", ' and said "unclosed"'),
        (b'"the token is hush-hush"', "application/json", ' and said "the token is ***"'),
        (b'he said "yes"', "text/plain", " and said \"he said 'yes'\""),
    ],
)
def test_excerpts_are_one_clean_line(body: bytes, kind: str, expected: str) -> None:
    assert excerpt(reply(body, kind, 500), ["hush-hush", ""]) == expected


def test_excerpts_are_short() -> None:
    said = excerpt(reply(b"long " * 1000, "text/plain", 500))
    assert len(said) <= len(' and said ""') + 200
    assert said.endswith('…"')


@pytest.mark.parametrize("status", [300, 304, 400, 403, 404, 405, 409, 418, 422, 429, 500, 501, 502, 503, 504, 599])
@pytest.mark.parametrize("request_", [GetThing(), GetThing(ids=[1]), SaveThing(), SaveThing(ids=[1])])
def test_every_status_has_its_error(status: int, request_: Sample[Any]) -> None:
    sent = Sent.of(request_, "unica", "https://unica.example.com")
    error = failure(sent, reply(b"why", "text/plain", status))
    known = error.error if isinstance(error, Again) else error
    assert isinstance(known, UpstreamError)
    assert known.status == status
    assert known.operation == "getSample"
    assert known.advice
    if not request_.reads:
        assert not isinstance(error, Again), "a write that left is not repeated"
        assert not known.retry or status == 429
    if isinstance(error, Again):
        assert status in (429, 502, 503, 504)
