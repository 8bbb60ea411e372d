"""Offers and offer templates as tools see them: found by what people call them, shown as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from tools.call import Call
from tools.campaign.custom_attributes import definitions
from tools.names import Book, Named
from upstream.campaign.objects import AttributeMetadata
from upstream.campaign.offer_forms import OfferForms
from upstream.campaign.offer_models import OfferInfo, OfferTemplateInfo

SHOWN = ("name", "id", "code", "retired")
FIXED = ("name", "id", "code", "retired", "description", "template")


def offer_forms(call: Call) -> OfferForms:
    """The offer routes of this call's session."""
    return OfferForms(call.session, call.options.get("offers_api", "auto"), call.options.get("offers_v2_verbs", "auto"))


class OfferBook(Book[OfferInfo]):
    """All offers by id, code and name."""

    noun = "offers"

    async def everything(self, call: Call) -> Sequence[OfferInfo]:
        return await offer_forms(call).everything()

    async def read(self, call: Call, ids: Sequence[int]) -> list[OfferInfo]:
        return await offer_forms(call).read(ids)

    def named(self, item: OfferInfo) -> Named:
        return Named(item.id, item.name, item.offer_code)


class TemplateBook(Book[OfferTemplateInfo]):
    """All offer templates by id and name; a template has no code."""

    noun = "offer templates"

    async def everything(self, call: Call) -> Sequence[OfferTemplateInfo]:
        return await offer_forms(call).templates()

    async def read(self, call: Call, ids: Sequence[int]) -> list[OfferTemplateInfo]:
        return await offer_forms(call).templates(ids) if ids else []

    def named(self, item: OfferTemplateInfo) -> Named:
        return Named(item.id, item.name)


async def template_definitions(call: Call, template: OfferTemplateInfo) -> dict[str, AttributeMetadata | None]:
    """Name -> definition of the attributes of a template. What comes with the template itself lacks the options."""
    known = {name.casefold(): each for name, each in (await definitions(call, "OFFER")).items()}
    return {each.name: known.get(each.name.casefold(), each.metadata) for each in template.attributes}


def row(offer: OfferInfo, template: str | None = None) -> dict[str, Any]:
    """An offer as a row: its own fields, then its attributes by name."""
    fixed = {
        "name": offer.name,
        "id": offer.id,
        "code": offer.offer_code,
        "retired": offer.retired,
        "description": offer.description,
        "template": template,
    }
    return {**offer.attribute_values, **fixed}


def columns(offers: Iterable[OfferInfo]) -> list[str]:
    """The columns that these offers have together."""
    names = dict.fromkeys(FIXED)
    for offer in offers:
        names.update(dict.fromkeys(each.name for each in offer.attributes))
    return list(names)


class TemplateGuess:
    """Which template an offer comes from. No answer says it: inferred from the same attributes and a code that fits."""

    def __init__(self, templates: Sequence[OfferTemplateInfo]) -> None:
        self._known = [
            (each, frozenset(a.name for a in each.attributes), _pattern(each.offer_code_format)) for each in templates
        ]

    def of(self, offer: OfferInfo) -> OfferTemplateInfo | None:
        """The only template that fits, or None when none or several do."""
        names = frozenset(each.name for each in offer.attributes)
        by_attributes = [known for known in self._known if known[1] == names]
        by_code = [known for known in by_attributes if known[2].fullmatch(offer.offer_code)]
        fitting = by_code if len(by_attributes) != 1 else by_attributes
        return fitting[0][0] if len(fitting) == 1 else None


_CODE_PARTS = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]", "x": "[A-Z0-9]"}


def _pattern(code_format: str) -> re.Pattern[str]:
    return re.compile("".join(_CODE_PARTS.get(each, re.escape(each)) for each in code_format or "nnnnnnnnn"))
