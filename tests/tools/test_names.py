"""From what a person calls an object to the object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Sandbox
from tools import names
from tools.call import Call
from tools.campaign.offer_book import OfferBook
from tools.errors import Ambiguous, BadArgument, UnknownName
from upstream.campaign.offer_models import BulkOfferInfo
from upstream.campaign.offers import CreateOffers

pytestmark = pytest.mark.anyio

Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def call(sandbox: Sandbox, call_to: Callable[..., Call]) -> Call:
    return call_to(sandbox)


@pytest.fixture
def book(call: Call) -> OfferBook:
    found: OfferBook = call.kept(OfferBook)
    return found


async def ids(book: OfferBook, call: Call, *references: str) -> list[int]:
    found, _ = await book.find(call, references)
    return [each.id for each in found]


async def test_ids_codes_and_names_mean_the_same_offer_once(book: OfferBook, call: Call) -> None:
    name = "Platinum card 4% cashback, Spring 2026"
    assert await ids(book, call, "5159", "cc00130-yx2", f" {name.upper()} ", "5160") == [5159, 5160]


async def test_ids_are_read_without_an_index(book: OfferBook, call: Call, sandbox: Sandbox, request_log: Log) -> None:
    await ids(book, call, "5159", "5160")
    assert len(request_log(sandbox, "getOffers")) == 1
    assert await book.find(call, ["99999", "5159"]) is not None


async def test_a_code_of_digits_is_found_where_no_id_is(book: OfferBook, call: Call) -> None:
    assert await ids(book, call, "000000105") == [5009], "a leading zero makes it no id"
    found, missing = await book.find(call, ["123456789", "5009"])
    assert [each.id for each in found] == [5009] and missing == ["123456789"]


async def test_several_of_a_name_are_shown_and_not_guessed(book: OfferBook, call: Call) -> None:
    with pytest.raises(Ambiguous) as told:
        await book.find(call, ["Gold card 3% cashback, Spring 2026"])
    assert [line.split("id ")[1][:4] for line in told.value.lines] == ["5001", "5158"]


async def test_unknown_names_are_looked_for_anew_and_told_with_the_nearest(
    book: OfferBook, call: Call, sandbox: Sandbox, request_log: Log
) -> None:
    await book.index(call)
    before = len(request_log(sandbox, "getOffers"))
    await call.send(CreateOffers(template_name="Loyalty points", offers=[BulkOfferInfo(offer_name="Made elsewhere")]))
    assert await ids(book, call, "Made elsewhere") == [5301]
    assert len(request_log(sandbox, "getOffers")) == before + 2
    with pytest.raises(UnknownName) as told:
        await book.one(call, "Made elsewere")
    assert told.value.lines and "5301" in told.value.lines[0]
    with pytest.raises(UnknownName):
        await book.one(call, "99999")


async def test_a_name_of_digits_that_no_id_has_is_still_a_name(book: OfferBook, call: Call) -> None:
    await call.send(CreateOffers(template_name="Loyalty points", offers=[BulkOfferInfo(offer_name="2027")]))
    assert await ids(book, call, "2027") == [5301]


@pytest.mark.parametrize("reference", ["", " "])
async def test_an_empty_reference_is_refused(book: OfferBook, call: Call, reference: str) -> None:
    with pytest.raises(BadArgument, match="can't be empty"):
        await book.find(call, ["5159", reference])


async def test_a_few_codes_and_names_are_asked_of_the_system_and_not_looked_up_in_all_offers(
    book: OfferBook, call: Call, sandbox: Sandbox, request_log: Log
) -> None:
    await book.index(call)
    (everything,) = (each["body_digest"] for each in request_log(sandbox, "getOffers"))

    def times_all_were_read() -> int:
        return sum(each["body_digest"] == everything for each in request_log(sandbox, "getOffers"))

    book.forget()
    assert await ids(book, call, "CC00130-YX2", "Student card 6% cashback, Spring 2026") == [5159, 5160]
    assert await book.find(call, ["99999"]) == ([], ["99999"]), "a number that nothing is called"
    assert await book.twins(call, "Free name", "Another free name") == []
    assert times_all_were_read() == 1
    assert [each.id for each in await book.twins(call, "Gold card 3% cashback, Spring 2026")] == [5001, 5158]
    assert times_all_were_read() == 2


@pytest.mark.parametrize(
    "faults",
    [
        [{"kind": "status", "path": "/v1/offers/validate", "status": 404}],
        [{"kind": "status", "path": "/v1/offers/validate", "status": 400}],
        [{"kind": "garbage", "path": "/v1/offers/validate"}],
        [{"kind": "status", "path": "/v1/offers/validate", "status": 200, "body": "[]"}],
    ],
)
async def test_where_the_system_cannot_be_asked_all_offers_are_read(
    stand_in: Callable[..., Sandbox], call_to: Callable[..., Call], faults: list[dict[str, Any]]
) -> None:
    call = call_to(stand_in(faults=faults))
    book: OfferBook = call.kept(OfferBook)
    assert await ids(book, call, "CC00130-YX2", "Student card 6% cashback, Spring 2026") == [5159, 5160]
    with pytest.raises(Ambiguous):
        await book.find(call, ["Gold card 3% cashback, Spring 2026"])


@pytest.mark.parametrize("reference", ["０", "²", "-5", "1e3", "9" * 40])
async def test_odd_references_are_unknown_and_no_crash(book: OfferBook, call: Call, reference: str) -> None:
    with pytest.raises(UnknownName):
        await book.one(call, reference)


async def test_an_index_is_kept_until_it_is_old_or_forgotten(
    book: OfferBook, call: Call, sandbox: Sandbox, request_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await book.index(call)
    assert len(request_log(sandbox, "getOffers")) == 1
    book.forget()
    await book.index(call)
    monkeypatch.setattr(names, "INDEX_SECONDS", -1.0)
    await book.index(call)
    assert len(request_log(sandbox, "getOffers")) == 3
