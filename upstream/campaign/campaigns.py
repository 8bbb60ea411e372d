"""Campaigns: list, search, read, metrics, create, change, delete.

Every route answers 400 for a wrong request and 404 for an unknown id, unless its docstring says otherwise.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import Attributed, Ids, Reference, TypedAttributeInput
from upstream.moment import Moment
from upstream.record import Entry, Many, Message, Record
from upstream.request import Form, Path, Query

Sort = Annotated[str, Field(pattern=r"^[+-]\w+$")]
"""A field to sort on, `-name` descending or `+name` ascending. The plus has to arrive encoded, as %2B.

Inferred: any scalar field of a campaign can be sorted on."""


class CampaignInfo(Attributed):
    """A campaign. Names need not be unique, the code is; `last_run_date` is empty until a flowchart ran.

    Source: Campaign REST API 12.1.4, campaigns page; later fields of a campaign are unknown and kept.
    """

    id: int
    reference: Reference | None = None
    name: str = ""
    description: str = ""
    campaign_code: str = ""
    initiative: str = ""
    objectives: str = ""
    security_policy: str = ""
    creator_flag: str = ""
    create_by_user_id: int | None = None
    created_by_user: str = ""
    create_date: Moment = None
    start_date: Moment = None
    end_date: Moment = None
    last_run_date: Moment = None
    project_id: int | None = Field(None, alias="projectID")


CampaignOrMessage = Annotated[CampaignInfo | Message, Field(union_mode="left_to_right")]
"""The campaign as it is now or, on some servers, a text of unknown wording."""


class CampaignInput(Entry):
    """The writable part of a campaign; what is not set does not travel and, on a change, keeps its value.

    A new one needs a name, and gets the root folder, the Global policy and a generated code unless told otherwise.
    The end must be after the start. An attribute or text is emptied by setting it to its empty value.

    Inferred: the writable part of CampaignInfo and the arguments of SOAP createCampaign.
    """

    name: str = ""
    description: str = ""
    campaign_code: str = Field("", max_length=32)
    initiative: str = ""
    objectives: str = ""
    security_policy: str = ""
    folder_id: int = 0
    start_date: AwareDatetime | None = None
    end_date: AwareDatetime | None = None
    attributes: list[TypedAttributeInput] = []


class ResponseCount(Record):
    """How many responses of one type a campaign had. Inferred."""

    response_type: str = ""
    display_name: str = ""
    count: int = 0


class MetricsInfo(Record):
    """Contacts made by a campaign, and responses by type.

    Inferred: the field names; SOAP offers simple metrics, and Plan reads a contact count and counts by response type.
    """

    total_contacts: int | None = None
    responses: Many[ResponseCount] = []


class GetCampaigns(CampaignRequest[Many[CampaignInfo]]):
    """List campaigns: all of them, those of one folder, or the one with a code. Not paged, so it can be long.

    Source: Campaign REST API 12.1.4, campaigns page.
    """

    method, path, operation, category = "GET", "/v1/campaigns", "getCampaigns", "campaigns"

    code: Annotated[str | None, Query("code")] = None
    folder_id: Annotated[int | None, Query("folderId")] = None
    sort: Annotated[Sort | None, Query("sort")] = None


class SearchCampaigns(CampaignRequest[Many[CampaignInfo]]):
    """Find campaigns whose attributes all have the given values, in one folder or everywhere. A read that uses POST.

    No 404: no match is an empty list.

    Inferred: how criteria are sent is not public; SOAP discovery takes an array of attributes that must all match.
    """

    method, path, operation, category = "POST", "/v1/campaigns/search", "searchCampaigns", "campaigns"
    body_form = "form"

    attributes: Annotated[list[TypedAttributeInput], Form("attributes", "json")] = []
    folder_id: Annotated[int | None, Form("folderId")] = None
    sort: Annotated[Sort | None, Form("sort")] = None


class GetCampaign(CampaignRequest[CampaignInfo]):
    """Read one campaign.

    Source: Campaign REST API 12.1.0, index page. Inferred: the answer, from the list.
    """

    method, path, operation, category = "GET", "/v1/campaigns/{campaignid}", "getCampaign", "campaigns"

    campaign_id: Annotated[int, Path("campaignid")]


class GetCampaignMetrics(CampaignRequest[MetricsInfo]):
    """Read contact and response counts of one campaign.

    Inferred: only method, path and label are public; the parameter follows the target cells.
    """

    method, path, operation, category = "GET", "/v1/campaigns/metrics", "getCampaignMetrics", "campaigns"

    campaign_id: Annotated[int, Query("campaignid")]


class GenerateCampaignCode(CampaignRequest[Message]):
    """Draw a free campaign code in the configured format; creates nothing, and each call draws another.

    Answers the code, `Cnnnnnnnnn` by default.

    Inferred: that there are no parameters and that the answer is the bare text.
    """

    method, path, operation, category = "GET", "/v1/campaigns/code", "generateCampaignCode", "campaigns"


class CreateCampaign(CampaignRequest[CampaignOrMessage]):
    """Create a campaign. Answers the campaign or, on some servers, a text: then find it again by its code.

    Inferred: the index only says that the data is JSON. The form field follows other v1 routes; a plain JSON body is
    the alternative to try, by moving `campaign` to the place `body`.
    """

    method, path, operation, category = "POST", "/v1/campaigns", "createCampaign", "campaigns"

    campaign: Annotated[CampaignInput, Form("campaign", "json")]


class UpdateCampaign(CampaignRequest[CampaignOrMessage]):
    """Change one campaign: fields that are left out are assumed to keep their value.

    Answers the campaign after the change or, on some servers, a text: then read it again.

    Inferred: the index only says that the data is JSON. The form field follows other v1 routes; a plain JSON body is
    the alternative to try, by moving `campaign` to the place `body`.
    """

    method, path, operation, category = "PUT", "/v1/campaigns/{campaignid}", "updateCampaign", "campaigns"

    campaign_id: Annotated[int, Path("campaignid")]
    campaign: Annotated[CampaignInput, Form("campaign", "json")]


class DeleteCampaign(CampaignRequest[Message]):
    """Delete one campaign with all it holds. Answers a text.

    Source: Campaign REST API 12.1.0, index page. Inferred: the answer.
    """

    method, path, operation, category = "DELETE", "/v1/campaigns/{campaignid}", "deleteCampaign", "campaigns"
    targets = ("campaign", "campaign_id")

    campaign_id: Annotated[int, Path("campaignid")]


class DeleteCampaigns(CampaignRequest[Message]):
    """Delete several campaigns with all they hold. Answers a text that does not tell which: read them again.

    Inferred: only method, path and label are public; field and repetition follow the bulk deletion of cells.
    """

    method, path, operation, category = "POST", "/v1/campaigns/delete", "deleteCampaigns", "campaigns"
    targets = ("campaign", "campaign_ids")

    campaign_ids: Annotated[Ids, Form("campaignid", "repeat")]
