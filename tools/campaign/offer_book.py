"""Offers and offer templates as tools see them: found by what people call them, shown as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.call import Call
from tools.campaign.custom_attributes import definitions
from tools.names import Book, Named
from upstream.campaign.objects import AttributeMetadata
from upstream.campaign.offer_forms import OfferForms
from upstream.campaign.offer_models import OfferInfo, OfferTemplateInfo, OfferValidationInfo
from upstream.errors import NotFound, Refused, RouteMissing, Unreadable

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

    async def asked(self, call: Call, references: Sequence[str]) -> Mapping[str, Named | None]:
        try:
            verdicts = await validated(call, references)
        except (Refused, RouteMissing, NotFound, Unreadable):
            # The routes are inferred; where they are other than thought, the index tells.
            return {}
        told: dict[str, Named | None] = {}
        for reference, verdict in zip(references, verdicts, strict=False):
            if verdict.free:
                told[reference] = None
            elif verdict.only is not None:
                told[reference] = self.named(verdict.only)
        return told

    def named(self, item: OfferInfo) -> Named:
        return Named(item.id, item.name, item.offer_code)


@dataclass(frozen=True)
class Verdict:
    """What validation says of one text: the offer with that code, the offer or offer list with that name.

    `several`: more than one has the name. `free`: neither a code nor a name of anything.
    """

    of_code: OfferInfo | None
    called: OfferInfo | None
    several: bool
    free: bool

    @property
    def only(self) -> OfferInfo | None:
        """The one offer that the text means, or None where it means none, a list, or more than one."""
        found = {each.id: each for each in (self.of_code, self.called) if each is not None}
        if self.several or len(found) != 1 or (self.called is not None and is_list(self.called)):
            return None
        return next(iter(found.values()))


async def validated(call: Call, texts: Sequence[str]) -> list[Verdict]:
    """One verdict for each text, in order; fewer where the system answers for fewer.

    Some forms of the route look for codes and names at once, so a match counts only for what it really matches.
    """
    wanted = [each.strip() for each in texts]
    forms = offer_forms(call)
    by_code = await forms.validate(wanted, [])
    by_name = await forms.validate([], wanted)
    verdicts = []
    for text, code, name in zip(wanted, by_code, by_name, strict=False):
        of_code = code.offer_info if code.offer_info and _same(code.offer_info.offer_code, text) else None
        called = name.offer_info if name.offer_info and _same(name.offer_info.name, text) else None
        several = called is None and (
            name.error_code.startswith("SEVERAL") or "more than one" in name.error_message.lower()
        )
        verdicts.append(Verdict(of_code, called, several, _no_match(code) and _no_match(name)))
    return verdicts


def is_list(match: OfferInfo) -> bool:
    """Offer lists come in the shape of offers."""
    return match.reference.component_type_enum == "OFFER_LIST"


def _no_match(answer: OfferValidationInfo) -> bool:
    return answer.offer_info is None and answer.error_code.upper().startswith("NO")


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


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
