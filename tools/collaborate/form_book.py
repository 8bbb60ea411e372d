"""Forms as tools see them: found by what people call them, with their attributes and offers, shown as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import Tree
from tools.names import Book, Named
from upstream.collaborate.forms import (
    Form,
    FormAttribute,
    FormOffer,
    GetForm,
    GetFormAttributes,
    GetFormAttributesInFolder,
    GetFormInFolder,
    GetFormOffers,
    GetFormOffersInFolder,
    GetForms,
)
from upstream.errors import NotFound

COLUMNS = (
    "name",
    "id",
    "state",
    "published",
    "folder",
    "description",
    "table",
    "created",
    "changed",
    "folder_id",
)

ATTRIBUTE_COLUMNS: Sequence[str] = ("name", "id", "label", "type", "required", "default", "options", "description")

OFFER_COLUMNS: Sequence[str] = ("name", "id", "code", "effective", "expires", "attributes", "description")

ONE_BY_ONE = 30
"""Up to so many forms are read by id; for more the whole list costs the server less."""


class FormBook(Book[Form]):
    """All forms by id and name."""

    noun = "forms"
    called_by = "id or name"

    async def everything(self, call: Call) -> Sequence[Form]:
        return await listed(call, GetForms())

    async def read(self, call: Call, ids: Sequence[int]) -> list[Form]:
        if len(ids) > ONE_BY_ONE:
            found = await self.everything(call)
            self.learn(found)
            return [each for each in found if each.form_id in set(ids)]

        async def one(number: int) -> Form | None:
            try:
                return await call.send(GetForm(form_id=number))
            except NotFound:
                return None

        return [each for each in (await reads.each(ids, one)).values() if each is not None]

    def named(self, item: Form) -> Named:
        return Named(item.form_id, item.form_name)


async def form_of(call: Call, form_id: int, folder_id: int | None = None) -> Form:
    """The form by its id; with a folder it is read through it.

    Raises:
        NotFound: there is no such form, or it is not in this folder.
    """
    if folder_id is None:
        return await call.send(GetForm(form_id=form_id))
    return await call.send(GetFormInFolder(folder_id=folder_id, form_id=form_id))


async def attributes_of(call: Call, form_id: int, folder_id: int | None = None) -> list[FormAttribute]:
    """The attributes of a form; with a folder they are read through it.

    Raises:
        NotFound: there is no such form, or it is not in this folder.
    """
    if folder_id is None:
        found = await listed(call, GetFormAttributes(form_id=form_id))
    else:
        found = await listed(call, GetFormAttributesInFolder(folder_id=folder_id, form_id=form_id))
    if not found:
        await form_of(call, form_id, folder_id)
    return found


async def offers_of(call: Call, form_id: int, folder_id: int | None = None) -> list[FormOffer]:
    """The offers that a form makes available; with a folder they are read through it.

    Raises:
        NotFound: there is no such form, or it is not in this folder.
    """
    if folder_id is None:
        found = await listed(call, GetFormOffers(form_id=form_id))
    else:
        found = await listed(call, GetFormOffersInFolder(folder_id=folder_id, form_id=form_id))
    if not found:
        await form_of(call, form_id, folder_id)
    return found


def row(form: Form, tree: Tree | None = None) -> dict[str, Any]:
    """A form as a row; a text that is empty is None. `folder` is its path, empty without the tree of folders."""
    return {
        "name": form.form_name,
        "id": form.form_id,
        "state": form.state.replace("_", " ").lower() or None,
        "published": form.publish_status.upper() == "PUBLISHED" if form.publish_status else None,
        "folder": (tree.path_text(form.folder_id) if tree else "") or None,
        "description": form.description or None,
        "table": form.database_table or None,
        "created": form.created_date,
        "changed": form.last_modified_date,
        "folder_id": form.folder_id,
    }


def attribute_row(attribute: FormAttribute) -> dict[str, Any]:
    """An attribute of a form as a row. `name` is what goes into project forms, `options` the values it may have."""
    return {
        "name": attribute.internal_name,
        "id": attribute.attribute_id,
        "label": attribute.display_name or None,
        "type": attribute.attribute_type or None,
        "required": attribute.required,
        "default": attribute.default_value_for_options or None,
        "options": list(attribute.lookup_options) or None,
        "description": attribute.description or None,
    }


def offer_row(offer: FormOffer) -> dict[str, Any]:
    """An offer of a form as a row, its parameters by name in `attributes`."""
    values = {each.attribute_name: ", ".join(each.attribute_values) for each in offer.offer_attributes}
    return {
        "name": offer.offer_name,
        "id": offer.offer_id,
        "code": offer.offer_code or None,
        "effective": offer.effective_date,
        "expires": offer.expiration_date,
        "attributes": values or None,
        "description": offer.description or None,
    }
