"""What several categories of Campaign share: attributes with their definitions."""

from __future__ import annotations

import json
from typing import Any

from upstream.campaign.offers import GetOffers
from upstream.moment import Reading


def offer(number: int, **definition: Any) -> dict[str, Any]:
    metadata = {"name": "channel", "typeEnum": "TEXT", "description": None, **definition}
    attribute = {"name": "channel", "metadata": metadata, "valueAsObject": f"v{number}", "valuesAsObjects": None}
    return {"reference": {"id": number}, "attributes": [attribute]}


def test_equal_definitions_of_one_answer_are_read_once() -> None:
    body = json.dumps([offer(1), offer(2), offer(3, required=True), offer(4)]).encode()
    found = GetOffers.reader().validate_json(body, context=Reading())
    first, second, third, fourth = (each.attributes[0].metadata for each in found)
    assert first is second is fourth and third is not first and third.required and not first.required
    assert [each.attribute_values for each in found] == [{"channel": f"v{each}"} for each in (1, 2, 3, 4)]
    assert GetOffers.reader().validate_json(body, context=Reading())[0].attributes[0].metadata is not first


def test_what_is_shared_is_bounded_and_equal_to_what_is_not() -> None:
    offers = [offer(each, displayOrder=each) for each in range(20)]
    body = json.dumps(offers * 2).encode()
    assert GetOffers.reader().validate_json(body, context=Reading()) == GetOffers.reader().validate_json(body)
