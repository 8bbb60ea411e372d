"""Subscriptions and segments of one profile, the sub-routes of v4."""

from __future__ import annotations

import pytest

PROFILE = "/profiles/v4/entity/MeridianBank/table/Customers/profile/100001"
FLAT = "/profiles/v5/entities/MeridianBank/profile-tables/16/profiles/100001"


def test_opt_in_and_opt_out(desk):
    for _ in range(2):
        answer = desk.send("POST", f"{PROFILE}/subscription/Promotions")
        assert (answer.status_code, answer.content) == (200, b"")
    assert desk.delete(f"{PROFILE}/subscription/Newsletter").status_code == 200
    assert desk.read(f"{PROFILE}/subscription")["subscriptions"] == [
        {"name": "BranchEvents", "subscribe": True},
        {"name": "Newsletter", "subscribe": False},
        {"name": "Promotions", "subscribe": True},
    ]
    assert desk.read(FLAT)["subscriptions"]["Promotions"] is True


def test_an_exclusive_segment_travels_as_a_matrix_parameter(desk):
    assert desk.send("PUT", f"{PROFILE}/segmentation/LoyaltyLevel;category=Platinum").status_code == 200
    assert desk.read(FLAT)["segmentations"]["LoyaltyLevel"] == "Platinum"
    assert desk.read(f"{PROFILE}/segmentation")["segmentation"][0] == {"name": "LoyaltyLevel", "category": "Platinum"}
    assert desk.delete(f"{PROFILE}/segmentation/LoyaltyLevel").status_code == 200
    assert desk.read(FLAT)["segmentations"]["LoyaltyLevel"] is None


def test_a_simple_segment_has_no_category(desk):
    assert desk.delete(f"{PROFILE}/segmentation/Vip").status_code == 200
    assert desk.read(FLAT)["segmentations"]["Vip"] is False
    assert desk.send("PUT", f"{PROFILE}/segmentation/Vip").status_code == 200
    assert desk.read(FLAT)["segmentations"]["Vip"] is True


@pytest.mark.parametrize(
    ("method", "tail", "status", "word"),
    [
        ("POST", "subscription/Spam", 404, "Subscription"),
        ("DELETE", "subscription/newsletter", 404, "Subscription"),
        ("PUT", "segmentation/Mood", 404, "Segmentation"),
        ("DELETE", "segmentation/Mood", 404, "Segmentation"),
        ("PUT", "segmentation/LoyaltyLevel", 400, ";category="),
        ("PUT", "segmentation/LoyaltyLevel;category=Tin", 400, "Bronze, Silver"),
        ("PUT", "segmentation/Vip;category=Gold", 400, "is simple"),
        ("PUT", "segmentation/LoyaltyLevel%3Bcategory=Gold", 404, "Segmentation"),
    ],
)
def test_what_the_table_does_not_have(desk, refused, method, tail, status, word):
    refused(desk.send(method, f"{PROFILE}/{tail}"), status, word)


def test_an_unknown_profile_is_404(desk, refused):
    refused(desk.send("POST", f"{PROFILE}9/subscription/Newsletter"), 404, "Profile")
