"""Messages of clients: read, or refused with an error that finds its way back."""

from __future__ import annotations

import json

import pytest
from mcp.types import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    PARSE_ERROR,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
)

from mcp_server.messages import HEAD, TAIL, Unreadable, read, too_long

CALL = b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","id":1,"arguments":{"name":%s}}}'
CALL_WITH_ID_LAST = b'{"method":"tools/call","params":{"id":1,"arguments":{"name":%s}},"jsonrpc":"2.0","id":"seven"}'

UNREADABLE = {
    "half of a character": (b'"Winter \\ud800"', "half of a character"),
    "the other half": (b'"\\udc00 Winter"', "half of a character"),
    "nested": (b"[" * 300 + b"]" * 300, "nested too deep"),
    "nested beyond any parser": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deep"),
    "number": (b"9" * 5000, "too large"),
    "bytes": (b'"Caf\xe9"', "not UTF-8"),
    "control": (b'"a\x01"', "Control character"),
    "word": (b"undefined", "Expected value"),
}


def refused(raw: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    return caught.value


@pytest.mark.parametrize("case", UNREADABLE)
@pytest.mark.parametrize(("frame", "request_id"), [(CALL, 7), (CALL_WITH_ID_LAST, "seven")])
def test_what_can_t_be_read_is_refused_with_its_id(case: str, frame: bytes, request_id: int | str) -> None:
    value, said = UNREADABLE[case]
    (answer,) = refused(frame % value).answers
    assert answer.id == request_id
    assert answer.error.code == PARSE_ERROR and said in answer.error.message


def test_the_id_of_a_long_message_is_found_at_either_end() -> None:
    value = b'"' + b"}},\\" + b'"id\\":4,{' * HEAD + b'\\ud800"'
    assert [refused(frame % value).answers[0].id for frame in (CALL, CALL_WITH_ID_LAST)] == [7, "seven"]


@pytest.mark.parametrize(("frame", "request_id"), [(CALL, 7), (CALL_WITH_ID_LAST, "seven")])
def test_of_a_message_that_is_too_long_start_and_end_suffice(frame: bytes, request_id: int | str) -> None:
    raw = frame % (b'"' + b"a" * 3 * HEAD + b'"')
    (answer,) = too_long(raw[:HEAD], raw[-TAIL:], 1024 * 1024).answers
    assert answer.id == request_id and answer.error.code == INVALID_REQUEST and "1 MiB" in answer.error.message


@pytest.mark.parametrize(
    ("raw", "code", "ids"),
    [
        (b"", PARSE_ERROR, [None]),
        (b" \r", PARSE_ERROR, [None]),
        (b"5", INVALID_REQUEST, [None]),
        (b"{}", INVALID_REQUEST, [None]),
        (b"[]", INVALID_REQUEST, [None]),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":"b","method":"ping"},5]', -32600, [1, "b"]),
        (b'{"id":1,"method":"ping"}', INVALID_REQUEST, [1]),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', INVALID_REQUEST, [1]),
        (b'{"jsonrpc":"2.0","id":1,"method":5}', INVALID_REQUEST, [1]),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', INVALID_PARAMS, [1]),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', INVALID_REQUEST, [None]),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', INVALID_REQUEST, [None]),
        (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', INVALID_REQUEST, [None]),
        (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', INVALID_REQUEST, [None]),
        (b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}', PARSE_ERROR, [None]),
        (b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"ping"}', PARSE_ERROR, [None]),
        # The id of an answer is a number of ours: the client may have given the same to a request of its own.
        (b'{"jsonrpc":"2.0","id":3,"result":{"action":"\\ud800"}}', PARSE_ERROR, [None]),
        (b'{"jsonrpc":"2.0","id":3,"result":[]}', INVALID_REQUEST, [None]),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes, code: int, ids: list[object]) -> None:
    answers = refused(raw).answers
    assert [answer.id for answer in answers] == ids and {answer.error.code for answer in answers} == {code}
    for answer in answers:
        json.loads(answer.model_dump_json())


def test_messages_are_read_as_they_are() -> None:
    asked = read('{"jsonrpc":"2.0","id":"é","method":"tools/call","params":{"arguments":{"name":"Évian 🎉"}}}'.encode())
    assert isinstance(asked, JSONRPCRequest)
    assert asked.id == "é" and asked.params == {"arguments": {"name": "Évian 🎉"}}
    assert isinstance(read(b'{"jsonrpc":"2.0","method":"notifications/initialized"}'), JSONRPCNotification)
    assert isinstance(read(b'{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}'), JSONRPCResponse)
