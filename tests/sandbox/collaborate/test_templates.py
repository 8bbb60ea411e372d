"""Templates, directly and through their folders."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("type_", "count"), [("list", 5), ("advlist", 6), ("local", 12), ("corporate", 2)])
def test_templates_of_a_type(desk, type_, count):
    found = desk.read("/templates", templateType=type_)
    assert len(found) == count
    assert {template["Template_Type"] for template in found} == {type_}


def test_a_type_that_nobody_knows_matches_nothing(desk, code):
    assert code(desk.get("/templates", templateType="LOCAL")) == (404, "NO_RESULTS")


def test_a_template_is_the_same_through_its_folder_and_absent_from_others(desk, code):
    assert desk.read("/templatefolders/103/templates/413") == desk.read("/templates/413")
    assert desk.read("/templatefolders/103/templates") == [desk.read("/templates/413")]
    assert code(desk.get("/templatefolders/102/templates/413")) == (404, "NOT_FOUND")
    assert code(desk.get("/templatefolders/999/templates/413")) == (404, "NOT_FOUND")
    assert code(desk.get("/templates/9999")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("folder", [101, 120, 999, 201])
def test_a_folder_without_templates_and_no_folder_answer_alike(desk, code, folder):
    assert code(desk.get(f"/templatefolders/{folder}/templates")) == (404, "NO_RESULTS")
