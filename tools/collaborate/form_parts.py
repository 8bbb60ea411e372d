"""Attributes and offers of one form: a single one read alone, and each as a short line."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from tools.call import Call
from tools.collaborate.form_book import attributes_of, offers_of
from tools.dates import in_words
from tools.errors import Ambiguous, UnknownName
from tools.names import Named, is_id
from upstream.collaborate.forms import (
    FormAttribute,
    FormOffer,
    GetFormAttribute,
    GetFormAttributeInFolder,
    GetFormOffer,
    GetFormOfferInFolder,
)
from upstream.errors import NotFound
from upstream.request import Request

Part = TypeVar("Part", FormAttribute, FormOffer)

ALL = "all"
"""What asks for all attributes or offers of a form."""


async def chosen_attributes(
    call: Call, form_id: int, reference: str, folder_id: int | None = None
) -> Sequence[FormAttribute]:
    """The attribute that this id, internal name or label means, or all of them for `all`.

    With a folder they are read through it. Raises UnknownName and Ambiguous.
    """
    alone: Request[FormAttribute] | None = None
    if is_id(reference):
        number = int(reference)
        alone = (
            GetFormAttribute(form_id=form_id, attribute_id=number)
            if folder_id is None
            else GetFormAttributeInFolder(folder_id=folder_id, form_id=form_id, attribute_id=number)
        )

    def named(each: FormAttribute) -> Named:
        return Named(each.attribute_id, each.internal_name, each.display_name)

    return await _chosen(call, reference, alone, lambda: attributes_of(call, form_id, folder_id), named, "attribute")


async def chosen_offers(call: Call, form_id: int, reference: str, folder_id: int | None = None) -> Sequence[FormOffer]:
    """The offer that this id, code or name means, or all of them for `all`.

    With a folder they are read through it. Raises UnknownName and Ambiguous.
    """
    alone: Request[FormOffer] | None = None
    if is_id(reference):
        number = int(reference)
        alone = (
            GetFormOffer(form_id=form_id, offer_id=number)
            if folder_id is None
            else GetFormOfferInFolder(folder_id=folder_id, form_id=form_id, offer_id=number)
        )

    def named(each: FormOffer) -> Named:
        return Named(each.offer_id, each.offer_name, each.offer_code)

    return await _chosen(call, reference, alone, lambda: offers_of(call, form_id, folder_id), named, "offer")


async def _chosen(
    call: Call,
    reference: str,
    alone: Request[Part] | None,
    read: Callable[[], Awaitable[Sequence[Part]]],
    named: Callable[[Part], Named],
    what: str,
) -> Sequence[Part]:
    if alone is not None:
        try:
            return [await call.send(alone)]
        except NotFound:
            # A number may be the name of one.
            pass
    parts = await read()
    wanted = reference.strip().casefold()
    found = [each for each in parts if named(each).name.strip().casefold() == wanted]
    found = found or [each for each in parts if named(each).code.strip().casefold() == wanted]
    if wanted == ALL and not found:
        return parts
    if len(found) > 1:
        lines = [str(named(each)) for each in found]
        raise Ambiguous(
            f"{len(found)} {what}s of the form are called {reference!r}.", advice="Use its id.", lines=lines
        )
    if not found:
        near = difflib.get_close_matches(wanted, [named(each).name.casefold() for each in parts], 3)
        close = [each for each in parts if named(each).name.casefold() in near] or parts
        raise UnknownName(
            f"The form has no {what} {reference!r}.",
            advice="Those it has are shown." if parts else f"The form has no {what}s.",
            lines=[str(named(each)) for each in close],
        )
    return found


def attribute_line(attribute: FormAttribute) -> str:
    """`region (id 7002, select, required; default North; options North | South)`."""
    known = [f"id {attribute.attribute_id}", attribute.attribute_type, "required" if attribute.required else ""]
    more = [", ".join(each for each in known if each)]
    if attribute.default_value_for_options:
        more.append(f"default {attribute.default_value_for_options}")
    if attribute.lookup_options:
        more.append("options " + " | ".join(attribute.lookup_options))
    return f"{attribute.internal_name} ({'; '.join(more)})"


def offer_line(offer: FormOffer, zone: ZoneInfo) -> str:
    """`Gold card (id 5001, OFF000005001; until 2026-12-31; Channel = Letter)`."""
    more = [", ".join(each for each in (f"id {offer.offer_id}", offer.offer_code) if each)]
    if end := offer.expiration_date:
        more.append(f"until {in_words(end, zone)}")
    more += [f"{each.attribute_name} = {', '.join(each.attribute_values)}" for each in offer.offer_attributes]
    return f"{offer.offer_name} ({'; '.join(more)})"
