"""Forms: the questions that a field marketer answers, with their attributes and offers. They can only be read.

Each is reached by itself and through its folder; through another folder it is a 404. Not paged; a list with nothing in
it is a 404.
"""

from __future__ import annotations

from typing import Annotated

from upstream.collaborate import CollaborateRequest
from upstream.collaborate.objects import AttributeValue, CollaborateRecord, Day
from upstream.moment import Moment
from upstream.record import Many
from upstream.request import Path, Query


class Form(CollaborateRecord):
    """A form. Known states: ENABLED, DISABLED; publish states: PUBLISHED, UNPUBLISHED.

    Source: the code of a public client (id, name). Inferred: the rest, from the filters and the product.
    """

    form_id: int
    form_name: str = ""
    description: str = ""
    database_table: str = ""
    state: str = ""
    publish_status: str = ""
    created_date: Moment = None
    last_modified_date: Moment = None
    folder_id: int | None = None


class FormAttribute(CollaborateRecord):
    """One field of a form. `internal_name` is its name in the forms of projects, `lookup_options` are its choices.

    Known types: text, radiogroup, select; plausible: textarea, multiselect, date, integer, decimal, money, checkbox.

    Source: the code of a public client. Inferred: `description` and `required`.
    """

    attribute_id: int
    internal_name: str = ""
    display_name: str = ""
    attribute_type: str = ""
    description: str = ""
    required: bool = False
    default_value_for_options: str = ""
    lookup_options: Many[str] = []


class FormOffer(CollaborateRecord):
    """An offer of Campaign that a form makes available. Inferred: what a Campaign offer is known to carry."""

    offer_id: int
    offer_name: str = ""
    offer_code: str = ""
    description: str = ""
    effective_date: Moment = None
    expiration_date: Moment = None
    offer_attributes: Many[AttributeValue] = []


class GetForms(CollaborateRequest[Many[Form]]):
    """List forms: all that the account may see, or those that all filters fit; a day is the very day.

    Source: Collaborate REST API 12.1.0; 10.1.0, forms page (the filters). Inferred: that filters combine, their values,
    and the answer.
    """

    method, path, operation, category = "GET", "/forms", "listForms", "forms"
    collection = True

    state: Annotated[str | None, Query("state")] = None
    publish_status: Annotated[str | None, Query("publishStatus")] = None
    created_date: Annotated[Day | None, Query("createdDate")] = None
    last_modified_date: Annotated[Day | None, Query("lastModifiedDate")] = None


class GetForm(CollaborateRequest[Form]):
    """Read one form, without its attributes and offers.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = "GET", "/forms/{formId}", "getForm", "forms"

    form_id: Annotated[int, Path("formId")]


class GetFormAttributes(CollaborateRequest[Many[FormAttribute]]):
    """List the attributes of a form.

    Source: Collaborate REST API 12.1.0; the code of a public client (answer). Inferred: 404 when there are none.
    """

    method, path, operation, category = "GET", "/forms/{formId}/attributes", "listFormAttributes", "forms"
    collection = True

    form_id: Annotated[int, Path("formId")]


class GetFormAttribute(CollaborateRequest[FormAttribute]):
    """Read one attribute of a form.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = "GET", "/forms/{formId}/attributes/{attrID}", "getFormAttribute", "forms"

    form_id: Annotated[int, Path("formId")]
    attribute_id: Annotated[int, Path("attrID")]


class GetFormOffers(CollaborateRequest[Many[FormOffer]]):
    """List the offers that a form makes available.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = "GET", "/forms/{formId}/offers", "listFormOffers", "forms"
    collection = True

    form_id: Annotated[int, Path("formId")]


class GetFormOffer(CollaborateRequest[FormOffer]):
    """Read one offer of a form.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = "GET", "/forms/{formId}/offers/{offerID}", "getFormOffer", "forms"

    form_id: Annotated[int, Path("formId")]
    offer_id: Annotated[int, Path("offerID")]


class GetFormsInFolder(CollaborateRequest[Many[Form]]):
    """List the forms directly in a folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = "GET", "/formfolders/{folderId}/forms", "listFormsInFolder", "form-folders"
    collection = True

    folder_id: Annotated[int, Path("folderId")]


class GetFormInFolder(CollaborateRequest[Form]):
    """Read one form through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = (
        "GET",
        "/formfolders/{folderId}/forms/{formId}",
        "getFormInFolder",
        "form-folders",
    )

    folder_id: Annotated[int, Path("folderId")]
    form_id: Annotated[int, Path("formId")]


class GetFormAttributesInFolder(CollaborateRequest[Many[FormAttribute]]):
    """List the attributes of a form through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = (
        "GET",
        "/formfolders/{folderId}/forms/{formId}/attributes",
        "listFormAttributesInFolder",
        "form-folders",
    )
    collection = True

    folder_id: Annotated[int, Path("folderId")]
    form_id: Annotated[int, Path("formId")]


class GetFormAttributeInFolder(CollaborateRequest[FormAttribute]):
    """Read one attribute of a form through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = (
        "GET",
        "/formfolders/{folderId}/forms/{formId}/attributes/{attrID}",
        "getFormAttributeInFolder",
        "form-folders",
    )

    folder_id: Annotated[int, Path("folderId")]
    form_id: Annotated[int, Path("formId")]
    attribute_id: Annotated[int, Path("attrID")]


class GetFormOffersInFolder(CollaborateRequest[Many[FormOffer]]):
    """List the offers of a form through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer, full offers although the page speaks of their ids.
    """

    method, path, operation, category = (
        "GET",
        "/formfolders/{folderId}/forms/{formId}/offers",
        "listFormOffersInFolder",
        "form-folders",
    )
    collection = True

    folder_id: Annotated[int, Path("folderId")]
    form_id: Annotated[int, Path("formId")]


class GetFormOfferInFolder(CollaborateRequest[FormOffer]):
    """Read one offer of a form through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = (
        "GET",
        "/formfolders/{folderId}/forms/{formId}/offers/{offerID}",
        "getFormOfferInFolder",
        "form-folders",
    )

    folder_id: Annotated[int, Path("folderId")]
    form_id: Annotated[int, Path("formId")]
    offer_id: Annotated[int, Path("offerID")]
