"""Formats of codes and the codes made from them."""

from __future__ import annotations

import re

import pytest

from sandbox.campaign.codes import capacity, fill


@pytest.mark.parametrize(
    ("code_format", "number", "code"),
    [
        ("Cnnnnnnnnn", 2041, "C000002041"),
        ("CCnn-aan", 10, "CC00-AB0"),
        ("xc", 36 + 10, "1A"),
        ("Z-1", 5, "Z-1"),
    ],
)
def test_places_count_like_digits(code_format, number, code):
    assert fill(code_format, number) == code


def test_capacity_is_the_product_of_the_places():
    assert capacity("nacxZ") == 10 * 26 * 36 * 36


def test_generated_campaign_codes_are_free_and_differ_at_each_call(site):
    codes = [site.get("/v1/campaigns/code").json() for _ in range(3)]
    assert len(set(codes)) == 3
    assert all(re.fullmatch(r"C[0-9]{9}", code) for code in codes)
    assert not set(codes) & {campaign["campaignCode"] for campaign in site.get("/v1/campaigns").json()}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_offer_codes_follow_the_template_one_entry_for_each_part(site, version):
    first = site.get(f"/{version}/offers/gencode", templateid=35, offerName="x").json()
    second = site.get(f"/{version}/offers/gencode", templateid=35).json()
    assert first != second
    assert re.fullmatch(r"INS-[0-9]{6}-[A-Z]", "-".join(first))
    assert len(first) == 3
    assert re.fullmatch(r"[0-9]{9}", site.get(f"/{version}/offers/gencode").json()[0])
    assert site.get(f"/{version}/offers/gencode", templateid=9).status_code == 404


def test_a_code_given_out_is_not_used_for_a_new_offer(site):
    given = "-".join(site.get("/v1/offers/gencode", templateid=32).json())
    assert site.offer(site.new_offer("Coded"))["offerCode"] != given


def test_a_generated_code_steps_over_one_that_somebody_took(site):
    assert site.get("/v1/campaigns/code").json() == "C000002049"
    site.form("POST", "/v1/campaigns", campaign={"name": "Own code", "campaignCode": "C000002050"})
    assert site.get("/v1/campaigns/code").json() == "C000002051"
