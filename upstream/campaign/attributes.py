"""Attributes: their definitions, and their values on one object.

Every route answers 400 for a wrong request and 404 for an unknown attribute or id.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import AttributeMetadata, TypedAttribute, TypedAttributeInput
from upstream.record import Entry, Many, Message
from upstream.request import Form, Path, Query

Owner = Annotated[str, Field(pattern=r"^[A-Za-z_]+$")]
"""Kind of object that has the attribute: CAMPAIGN, OFFER, TCS_CELL, OFFER_TEMPLATE in any case. Inferred from SOAP."""


def _by_name(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return {each["name"]: each for each in value if isinstance(each, dict) and "name" in each}
    return value or {}


Definitions = Annotated[dict[str, AttributeMetadata], BeforeValidator(_by_name)]
"""Definitions by attribute name; a plain list of them is taken too."""


class AttributeOptionInput(Entry):
    """One choice of an attribute that is selected from options. Inferred from SOAP metadata."""

    value: Any
    display_name: str = ""
    description: str = ""
    is_default: bool = False


class AttributeMetadataInput(Entry):
    """A definition as it is sent; `name` is the key, what is not set does not travel.

    A name has letters, digits and underscore, no leading digit; `uac` is the prefix of standard attributes.
    Fixed once defined: name, type and `generated`; `required` only goes from true to false, a selection only gets
    wider, options are only added, a text only grows; the rest is free.

    Source: Campaign REST API 12.1.4, attributes page (names). Inferred: options, default value, length, and the rules
    (SOAP update logic).
    """

    name: str
    id: int | None = None
    display_name: str | None = None
    description: str | None = None
    component_type_enum: str = ""
    type_enum: Literal["BOOLEAN", "INTEGER", "DECIMAL", "CURRENCY", "CALENDAR", "TEXT"] | str = ""
    select_type_enum: Literal["NONE", "SINGLE_SELECT", "MULTIPLE_SELECT"] | str = ""
    status_enum: str = ""
    access_type_enum: Literal["EDITABLE", "READ_ONLY", "HIDDEN"] | str = ""
    application_type_enum: str = ""
    mandatory: bool = False
    required: bool = False
    null_allowed: bool = False
    internal: bool = False
    hidden: bool = False
    system_defined: bool = False
    generated: bool = False
    parametric: bool = False
    array: bool = False
    allow_add_options: bool = False
    display_order: int = 0
    options: list[AttributeOptionInput] = []
    default_value: Any = None
    maximum_length: int = 0


class GetAttributeDefinitions(CampaignRequest[Definitions]):
    """Read the definitions of the named attributes, or of all. Answers a map from name to definition.

    Source: Campaign REST API 12.1.4, attributes page.
    """

    method, path, operation, category = "GET", "/v1/attributes", "getAttributeMetadataByNameGlobal", "attributes"

    names: Annotated[list[str], Query("name", "repeat")] = []


class GetAttributeDefinitionsByType(CampaignRequest[Definitions]):
    """Read the definitions for one kind of object, all or the named ones. Answers a map from name to definition.

    Source: Campaign REST API 12.1.4, attributes page (path). Inferred: the query parameter, spellings of the kind and
    the answer.
    """

    method, path, operation, category = (
        "GET",
        "/v1/attributes/metadata/{type}",
        "getAttributeMetadataByTypeAndName",
        "attributes",
    )

    owner: Annotated[Owner, Path("type")]
    names: Annotated[list[str], Query("name", "repeat")] = []


class CreateAttributeDefinition(CampaignRequest[Message]):
    """Define a new attribute for one kind of object. Answers a text of unknown wording: read the definition again.

    A name that exists already is a 400.

    Source: Campaign REST API 12.1.4, attributes page (path, form field). Inferred: one definition instead of SOAP's
    array, and the spellings of the kind.
    """

    method, path, operation, category = (
        "POST",
        "/v1/attributes/create/{type}",
        "createAttributeMetadata",
        "attributes",
    )

    owner: Annotated[Owner, Path("type")]
    metadata: Annotated[AttributeMetadataInput, Form("metadata", "json")]


class UpdateAttributeDefinition(CampaignRequest[Message]):
    """Change the definition of the attribute of that name; with `allow_create`, define it when it does not exist.

    Answers a text of unknown wording. One fault and nothing is changed.

    Inferred: the index labels this route as changing values; path and SOAP updateAttributeMetadata speak for
    definitions. The fields follow SOAP and the create route.
    """

    method, path, operation, category = (
        "PUT",
        "/v1/attributes/update/metadata",
        "updateAttributeMetadata",
        "attributes",
    )

    metadata: Annotated[AttributeMetadataInput, Form("metadata", "json")]
    allow_create: Annotated[bool | None, Form("allowCreate")] = None


class DeleteAttributeDefinition(CampaignRequest[Message]):
    """Delete the definition of an attribute, and with it its values on every object. Answers a text.

    If anything fails nothing is deleted (SOAP rule).

    Source: Campaign REST API 12.1.4, attributes page.
    """

    method, path, operation, category = "DELETE", "/v1/attributes/delete", "deleteAttributeMetadata", "attributes"
    targets = ("attribute", "name")

    name: Annotated[str, Field(min_length=1), Query("name")]


class GetAttributeValues(CampaignRequest[Many[TypedAttribute]]):
    """Read the attributes of one object, all or the named ones, each with its definition.

    Inferred: only method, path and label are public; SOAP getAttributesByName does the same.
    """

    method, path, operation, category = "GET", "/v1/attributes/{type}/{id}", "getAttributesByName", "attributes"

    owner: Annotated[Owner, Path("type")]
    object_id: Annotated[int, Path("id")]
    names: Annotated[list[str], Query("name", "repeat")] = []


class SetAttributeValues(CampaignRequest[Many[TypedAttribute]]):
    """Change attribute values of one object; with `allow_create`, define and bind what does not exist.

    Answers the attributes after the change. An attribute without a definition, or a value that does not fit it, is a
    400.

    Inferred: only method, path and label are public; the fields follow SOAP updateAttributes.
    """

    method, path, operation, category = "PUT", "/v1/attributes/update/{type}/{id}", "updateAttributes", "attributes"

    owner: Annotated[Owner, Path("type")]
    object_id: Annotated[int, Path("id")]
    attributes: Annotated[list[TypedAttributeInput], Field(min_length=1), Form("attributes", "json")]
    allow_create: Annotated[bool | None, Form("allowCreate")] = None
