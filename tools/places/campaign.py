"""Places of Unica Campaign: offer templates, and the attribute definitions of each kind of object."""

from __future__ import annotations

from typing import Any

from tools.call import Call
from tools.campaign.attribute_book import COLUMNS, OWNERS, options_of, row, type_of
from tools.campaign.custom_attributes import definitions
from tools.campaign.offer_book import TemplateBook, offer_forms, template_definitions
from tools.errors import UnknownName
from tools.places.address import SHELVES, Address, address
from tools.places.place import Link, Place, Section
from upstream.campaign import offers, offers_v2
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.offer_models import OfferTemplateInfo
from upstream.request import Request

ROUTES: tuple[type[Request[Any]], ...] = (
    offers.GetOfferTemplates,
    offers_v2.GetOfferTemplatesV2,
    offers_v2.GetOfferTemplatesV2Index,
    GetAttributeDefinitionsByType,
)
"""The routes that places of Campaign are read by."""

_DEFINITION = tuple(name for name in COLUMNS if name not in ("kind", "system"))


async def place(call: Call, where: Address) -> Place:
    """What is at an address of Campaign.

    Raises:
        UnknownName: nothing is there.
        Ambiguous: it has a name that several have.
    """
    match where.word, where.key:
        case "offer-templates", "":
            return await _templates(call)
        case "offer-templates", reference:
            return await _template(call, reference)
        case _, "":
            return _kinds()
        case _, said:
            return await _attributes(call, said)


def kinds() -> list[Link]:
    """The kinds of objects that have attributes, as links."""
    return [
        Link(f"Attributes of {kind.replace('_', ' ')}s", address("attributes", kind), "attributes") for kind in OWNERS
    ]


def _kinds() -> Place:
    shelf = SHELVES["attributes"]
    return Place(address("attributes"), shelf.title, "attributes", sections=[Section("Kinds", kinds())])


async def _templates(call: Call) -> Place:
    shelf = SHELVES["offer-templates"]
    found = await offer_forms(call).templates()
    call.kept(TemplateBook).learn(found)
    links = [_link(each) for each in sorted(found, key=lambda each: (each.name.casefold(), each.id))]
    sections = [Section(shelf.title, links, more=shelf.finder)]
    return Place(address("offer-templates"), shelf.title, shelf.title.lower(), sections=sections)


def _link(template: OfferTemplateInfo) -> Link:
    detail = "retired" if template.retired else ""
    return Link(template.name, address("offer-templates", template.id), "offer template", detail)


async def _template(call: Call, reference: str) -> Place:
    template: OfferTemplateInfo = await call.kept(TemplateBook).one(call, reference)
    known = await template_definitions(call, template)
    rows = []
    for each in template.attributes:
        definition = known[each.name]
        rows.append(
            {
                "name": each.name,
                "label": definition.display_name if definition else None,
                "type": type_of(definition) if definition else None,
                "required": bool(definition and (definition.required or definition.mandatory)),
                "default": each.value,
                "options": options_of(definition) if definition else None,
            }
        )
    shelf = SHELVES["offer-templates"]
    return Place(
        address("offer-templates", template.id),
        template.name,
        "offer template",
        [Link(shelf.title, address("offer-templates"), shelf.title.lower())],
        {
            "id": template.id,
            "description": template.description or None,
            "offer codes like": template.offer_code_format or None,
            "retired": template.retired,
        },
        [Section("Attributes", rows=rows, more=f'{shelf.finder} with template="{template.id}"')],
    )


async def _attributes(call: Call, said: str) -> Place:
    kind = said.strip().casefold().replace("-", "_").replace(" ", "_")
    kind = kind if kind in OWNERS else kind.removesuffix("s")
    if kind not in OWNERS:
        raise UnknownName(f"There are no attributes of {said[:60]!r}.", advice="There are " + ", ".join(OWNERS) + ".")
    rows = [row(each) for each in (await definitions(call, OWNERS[kind])).values()]
    shown = [{name: each[name] for name in _DEFINITION} for each in sorted(rows, key=lambda each: bool(each["system"]))]
    return Place(
        address("attributes", kind),
        f"Attributes of {kind.replace('_', ' ')}s",
        "attributes",
        [Link(SHELVES["attributes"].title, address("attributes"), "attributes")],
        sections=[Section("Attributes", rows=shown, more=f'attributes_find with kind="{kind}"')],
    )
