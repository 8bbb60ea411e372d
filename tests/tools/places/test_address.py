"""Addresses: how they are read, written, and what is said about those that lead nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import UnknownName
from tools.places.address import SHELVES, Address, address, near, parse


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("unica://collaborate/templates/412", Address("collaborate", "templates", ("412",))),
        ("collaborate/templates/412", Address("collaborate", "templates", ("412",))),
        ("templates/412", Address("collaborate", "templates", ("412",))),
        (" UNICA://Collaborate/Templates/412/ ", Address("collaborate", "templates", ("412",))),
        ("unica://collaborate/templates/Branch%20mailing", Address("collaborate", "templates", ("Branch mailing",))),
        ("template-folders/Branches/Mailings", Address("collaborate", "template-folders", ("Branches", "Mailings"))),
        ("unica://collaborate/template-folders", Address("collaborate", "template-folders")),
        ("unica://collaborate", Address("collaborate")),
        ("unica://", Address()),
        ("", Address()),
    ],
)
def test_what_an_address_means(said: str, meant: Address) -> None:
    assert parse(said) == meant


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("unica://collaborate/templates", "unica://collaborate/templates/{id}"),
        ("unica://collaborate/template/412", "unica://collaborate/templates/412"),
        ("unica://campaign/templates/412", "unica://collaborate/templates/412"),
        ("unica://campaign/offer-template", "unica://campaign/offer-templates"),
        ("unica://collaborate/attachments/lists/5", "attachments/{kind}/{project}/{id}"),
        ("unica://collaborate/template-folders//3", "template-folders/{id}"),
        ("unica://somewhere/else", "unica://collaborate/template-folders"),
        ("https://collaborate/templates/412", "begin with unica://"),
        ("file:///etc/passwd", "begin with unica://"),
    ],
)
def test_what_leads_nowhere_names_the_nearest(said: str, instead: str) -> None:
    with pytest.raises(UnknownName) as raised:
        parse(said)
    assert instead in raised.value.advice


@given(st.sampled_from(sorted(SHELVES)), st.text(min_size=1).filter(lambda text: text.strip() == text and text))
def test_what_is_written_is_read_again(word: str, name: str) -> None:
    written = address(word, *[name] * len(SHELVES[word].variables))
    assert parse(written).keys == (name,) * len(SHELVES[word].variables)
    assert written.isascii() and not set(written) & set(" \n()<>[]`")


@given(st.text())
def test_any_text_is_an_address_or_has_a_nearest_one(said: str) -> None:
    try:
        parse(said)
    except UnknownName as error:
        assert error.advice
    assert near(said)
