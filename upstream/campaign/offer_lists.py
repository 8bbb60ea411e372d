"""Offer lists: static ones with members, smart ones with a query.

Every route answers 400 for a wrong request and 404 for an unknown id. Writes answer a text of unknown wording: a new
list has to be found again by listing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import Attributed, Ids, Reference
from upstream.record import Many, Message, Record
from upstream.request import Form, Query

Name = Annotated[str, Field(min_length=1)]


class SmartListInfo(Record):
    """The definition of a smart list, read and sent alike: it resolves only to offers that are not retired.

    Source: Campaign REST API 12.1.4, offer lists page. Inferred: what `scope_folders` holds (references, numbers and
    texts are all taken).
    """

    query: str = ""
    max_size: int | None = None
    include_sub_folder: bool = False
    scope_folders: Many[Reference | int | str] = []


class OfferListInfo(Attributed):
    """An offer list; a static one keeps its retired members.

    Source: Campaign REST API 12.1.4, offer lists page (there called ComponentOrFolderInfo).
    """

    reference: Reference
    name: str = ""
    description: str = ""
    security_policy: str = ""
    parent_folder_id: int | None = None
    component_code: str = ""
    composite_ref_ids: str = ""
    creator_flag: int | str | None = None
    creator_object_id: int | None = None
    smart_list: bool = False
    retired_list: bool = False
    static_list_members: Many[int] = []
    smart_list_info: SmartListInfo | None = None

    @property
    def id(self) -> int:
        return self.reference.id


class GetOfferLists(CampaignRequest[Many[OfferListInfo]]):
    """Read the offer lists with these ids, or all of them. Answers a list, also where the server sends one object.

    Source: Campaign REST API 12.1.4, offer lists page (prose: a list; example: one object). Inferred: repetition, and
    that leaving the ids out means all.
    """

    method, path, operation, category = "GET", "/v1/offerlist", "getOfferListDetails", "offer-lists"

    list_ids: Annotated[list[int], Query("listRefID", "repeat")] = []


class CreateOfferList(CampaignRequest[Message]):
    """Create a static offer list. A name that exists already is refused (SOAP rule).

    Source: Campaign REST API 12.1.4, offer lists page (path). Inferred: the form fields, which are not public and
    follow the update route and SOAP createSmartOfferList.
    """

    method, path, operation, category = "POST", "/v1/offerlist", "createOfferList", "offer-lists"

    name: Annotated[Name, Form("name")]
    description: Annotated[str | None, Form("description")] = None
    security_policy: Annotated[str | None, Form("securityPolicy")] = None
    parent_folder_id: Annotated[int | None, Form("parentFolderId")] = None
    list_members: Annotated[list[int], Form("listMembers", "repeat")] = []
    created_by: Annotated[str | None, Form("createdBy")] = None
    creator_object_id: Annotated[int | None, Form("creatorObjectId")] = None


class CreateSmartOfferList(CampaignRequest[Message]):
    """Create a smart offer list. A name that exists already, or an unknown folder, is refused (SOAP rules).

    Inferred: form fields are not public; they follow the update route and SOAP createSmartOfferList. The capitals of
    the path are as listed.
    """

    method, path, operation, category = "POST", "/v1/offerlist/createSmartOffer", "createSmartOffer", "offer-lists"

    name: Annotated[Name, Form("name")]
    smart_list: Annotated[SmartListInfo, Form("smartOfferListInfoJSON", "json")]
    description: Annotated[str | None, Form("description")] = None
    security_policy: Annotated[str | None, Form("securityPolicy")] = None
    parent_folder_id: Annotated[int | None, Form("parentFolderId")] = None
    created_by: Annotated[str | None, Form("createdBy")] = None
    creator_object_id: Annotated[int | None, Form("creatorObjectId")] = None


class UpdateOfferList(CampaignRequest[Message]):
    """Change an offer list. Members are added; with `clear_existing` the list is emptied first, which is destructive.

    So is `is_smart_list`, since turning a list into the other kind drops its members or its query: leave it out to
    change a list of either kind. A smart list takes `smart_list`, a static one `list_members`.

    `list_id` is needed although the pages call it optional: without it the call can't name its list (400).

    Source: Campaign REST API 12.1.4, offer lists page. Inferred: repetition of the members, what turning drops.
    """

    method, path, operation, category = "PUT", "/v1/offerlist", "updateOfferList", "offer-lists"
    targets = ("offer_list", "list_id")

    list_id: Annotated[int, Form("listRefID")]
    name: Annotated[str | None, Form("name")] = None
    description: Annotated[str | None, Form("description")] = None
    is_smart_list: Annotated[bool | None, Form("isSmartList")] = None
    list_members: Annotated[list[int], Form("listMembers", "repeat")] = []
    smart_list: Annotated[SmartListInfo | None, Form("smartOfferListInfoJSON", "json")] = None
    creator_object_id: Annotated[int | None, Form("creatorObjectId")] = None
    clear_existing: Annotated[bool | None, Form("clearExisting")] = None


class DeleteOfferLists(CampaignRequest[Message]):
    """Delete offer lists for good. A list that has been used is refused; retire it instead.

    Inferred: only method, path and label are public; the field follows the read route, repetition the cells.
    """

    method, path, operation, category = "POST", "/v1/offerlist/delete", "deleteOfferLists", "offer-lists"
    targets = ("offer_list", "list_ids")

    list_ids: Annotated[Ids, Form("listRefID", "repeat")]


class RetireOfferLists(CampaignRequest[Message]):
    """Retire offer lists for good: no longer assignable, and no longer given out where already assigned.

    Inferred: only method, path and label are public; the field follows the read route, repetition the cells.
    """

    method, path, operation, category = "POST", "/v1/offerlist/retire", "retireOfferLists", "offer-lists"
    targets = ("offer_list", "list_ids")

    list_ids: Annotated[Ids, Form("listRefID", "repeat")]
