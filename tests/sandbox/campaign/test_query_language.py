"""The condition of smart lists and of the v2 search."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from sandbox.campaign.query_language import like


@pytest.fixture
def zoo(site):
    """Four offers to tell apart; every query is narrowed to them by their folder."""
    items = [
        {"offerName": "Ant's nest", "attributes": [{"name": "discount_rate", "valueAsObject": 5}]},
        {"offerName": "Bear", "attributes": [{"name": "discount_rate", "valueAsObject": 10.5}]},
        {
            "offerName": "Cat",
            "attributes": [{"name": "card_perks", "valuesAsObjects": ["Concierge", "Airport lounge"]}],
        },
        {"offerName": "Dog", "attributes": [{"name": "needs_consent", "valueAsObject": True}]},
    ]
    answer = site.form("POST", "/v1/offers", templateName="Savings bonus rate", folderid=81, BulkOfferInfo=items)
    ids = {entry["name"]: entry["reference"]["id"] for entry in answer.json()}
    site.form("POST", "/v1/offers/retire", offerids=[ids["Dog"]])
    site.form(
        "PUT", f"/v1/attributes/update/OFFER/{ids['Cat']}", attributes=[{"name": "expiry_date", "valueAsObject": 0}]
    )

    def find(query):
        response = site.get("/v2/offers/search", query=query)
        assert response.status_code == 200, response.text
        return "".join(offer["name"][0] for offer in response.json() if offer["reference"]["id"] in ids.values())

    find.site = site
    return find


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = 'Bear'", "B"),
        ("NAME = 'bear'", ""),
        ("name = 'Ant''s nest'", "A"),
        ("name <> 'Bear'", "ACD"),
        ("name != 'Bear'", "ACD"),
        ("uacName LIKE '%a%'", "ABC"),
        ("name LIKE '_at'", "C"),
        ("name NOT LIKE '%a%'", "D"),
        ("discount_rate > 5", "B"),
        ("discount_rate >= 5", "AB"),
        ("discount_rate < 10.5", "A"),
        ("discount_rate <= 10.5", "AB"),
        ("discount_rate <> 5", "B"),
        ("discount_rate IN (5, 10.5)", "AB"),
        ("discount_rate NOT IN (5)", "B"),
        ("discount_rate IS NULL", "CD"),
        ("discount_rate is not null", "AB"),
        ("NOT discount_rate > 5", "ACD"),
        ("card_perks = 'Concierge'", "C"),
        ("card_perks IN ('Airport lounge', 'x')", "C"),
        ("needs_consent = TRUE", "D"),
        ("retired = true", "D"),
        ("NOT retired = TRUE AND discount_rate IS NULL", "C"),
        ("name = 'Bear' OR name = 'Cat' AND retired = TRUE", "B"),
        ("(name = 'Bear' OR name = 'Dog') AND retired = TRUE", "D"),
        ("expiry_date < '1970-01-02'", "C"),
        ("expiry_date = 0", "C"),
        ("offerCode LIKE 'SAV%'", "ABCD"),
        ("description IS NULL", ""),
    ],
)
def test_what_a_condition_finds(zoo, query, found):
    assert zoo(query) == found


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("", 1),
        ("name", 5),
        ("name =", 7),
        ("name = Bear", 8),
        ("name = 'Bear", 8),
        ("name = 'a' name = 'b'", 12),
        ("(name = 'a'", 12),
        ("name = 'a')", 11),
        ("colour = 'red'", 1),
        ("budget = 1", 1),
        ("retired = TRUE AND", 19),
        ("discount_rate = 'high'", 17),
        ("discount_rate ~ 5", 15),
        ("name IN ()", 10),
        ("name IN 'a'", 9),
        ("name IS 'a'", 9),
        ("name LIKE 5", 11),
        ("name NOT = 'a'", 10),
        ("AND = 'a'", 1),
        ("NOT " * 60 + "retired = TRUE", 161),
        ("expiry_date > 'soon'", 15),
    ],
)
def test_a_condition_that_can_not_be_understood_says_where(site, query, position):
    answer = site.get("/v2/offers/search", query=query)
    assert answer.status_code == 400
    assert f"at character {position}:" in answer.json()["message"]


def test_a_hostile_pattern_does_not_keep_it_busy(aside):
    code = "from sandbox.campaign.query_language import like; print(like('a' * 5000, '%a' * 1000 + '%b'))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        try:
            assert aside(process.communicate).result(120)[0].strip() == b"False"
        finally:
            process.kill()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.text("ab_%", max_size=6), strategies.text("ab", max_size=8))
def test_like_agrees_with_trying_every_split(pattern, text):
    def fits(pattern, text):
        if not pattern:
            return not text
        if pattern[0] == "%":
            return any(fits(pattern[1:], text[start:]) for start in range(len(text) + 1))
        return bool(text) and pattern[0] in ("_", text[0]) and fits(pattern[1:], text[1:])

    assert like(text, pattern) == fits(pattern, text)
