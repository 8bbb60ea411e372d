"""Target cells of a campaign, and the results of the flowchart runs that filled them.

Every route answers 400 for a wrong request and 404 for an unknown id. Writes answer a text of unknown wording: a new
cell has to be found again by listing its campaign. There is no route that reads a cell by its id alone.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from upstream.campaign import CampaignRequest
from upstream.campaign.objects import Attributed, Ids, Reference, TypedAttributeInput
from upstream.campaign.offer_models import OfferInfo
from upstream.moment import Moment
from upstream.record import Entry, Many, Message, Record
from upstream.request import Form, Path, Query


class TargetCellInfo(Attributed):
    """A row of the target cell spreadsheet. A control cell has no offers and no control cell of its own.

    A top-down cell comes from the spreadsheet, any other from a flowchart.

    Source: Campaign REST API 12.1.4, target cells page.
    """

    reference: Reference | None = None
    name: str = ""
    description: str = ""
    cell_code: str = ""
    is_control_cell: bool = False
    control_cell_reference: Reference | None = None
    control_cell_code: str = ""
    control_cell_name: str = ""
    control_cell_disp_order: int | None = None
    is_cell_read_only: bool = False
    is_cell_top_down: bool = False
    cell_status: bool | None = None
    cell_approved: int | None = None
    cell_display_order: int | None = None
    flow_chart: Reference | None = None
    flowchart_name: str = ""
    offer_info: Many[OfferInfo] = []

    @property
    def id(self) -> int:
        """The id of the cell, 0 when the answer carries no reference."""
        return self.reference.id if self.reference else 0


class TargetCellInput(Entry):
    """A cell as it is sent: a new one needs a name, a change needs `reference`; what is not set does not travel.

    `offer_info` replaces the offers of the cell, and may name offer lists by their references.

    Inferred: the pages say to send the TargetCellInfo object, not which fields are needed.
    """

    reference: Reference | None = None
    name: str = ""
    description: str | None = None
    cell_code: str | None = Field(None, max_length=32)
    is_control_cell: bool = False
    control_cell_reference: Reference | None = None
    control_cell_code: str | None = None
    control_cell_name: str | None = None
    control_cell_disp_order: int | None = None
    is_cell_read_only: bool = False
    is_cell_top_down: bool = False
    cell_status: bool | None = None
    cell_approved: int | None = None
    cell_display_order: int | None = None
    flow_chart: Reference | None = None
    flowchart_name: str | None = None
    offer_info: list[OfferInfo] = []
    attributes: list[TypedAttributeInput] = []


class RunResults(Record):
    """What a run gave for one cell, possibly still going on: then `count` is null or zero and the end is missing.

    Kinds: PRODUCTION_ or TEST_ with FLOWCHART, BRANCH or PROCESS; states: NOT_STARTED, RUNNING, PAUSED, STOPPED,
    SUCCEEDED, FAILED.

    Source: SOAP type WSRunResults. Inferred: that REST uses the same names, and most of the values.
    """

    source_reference: Reference | None = None
    flowchart_name: str = ""
    flowchart_id: int | None = None
    run_id: int | None = None
    type_enum: str = ""
    status_enum: str = ""
    status_code: int | None = None
    status_message: str = ""
    start_date: Moment = None
    end_date: Moment = None
    count: int | None = None


class GetTargetCells(CampaignRequest[Many[TargetCellInfo]]):
    """List the target cells of one campaign.

    Source: Campaign REST API 12.1.4, target cells page.
    """

    method, path, operation, category = "GET", "/v1/targetcells", "getTCSList", "target-cells"

    campaign_id: Annotated[int, Query("campaignid")]


class GetRunResults(CampaignRequest[Many[RunResults]]):
    """Read the run results of these cells: one entry for each cell that has been run.

    Source: Campaign REST API 12.1.4, target cells page (method name). Inferred: parameter and answer.
    """

    method, path, operation, category = "GET", "/v1/targetcells/runresults", "getRunResults", "target-cells"

    cell_ids: Annotated[Ids, Query("cellid", "repeat")]


class CreateTargetCell(CampaignRequest[Message]):
    """Create a target cell in a campaign; its code is generated unless given.

    Source: Campaign REST API 12.1.4, target cells page.
    """

    method, path, operation, category = "POST", "/v1/targetcells", "createTargetCells", "target-cells"

    campaign_id: Annotated[int, Form("campaignid")]
    cell: Annotated[TargetCellInput, Form("targetcell", "json")]


class UpdateTargetCell(CampaignRequest[Message]):
    """Change the target cell that `cell.reference` names. A read-only cell is a 400.

    Inferred: only method, path and label are public; the fields follow the create route.
    """

    method, path, operation, category = "PUT", "/v1/targetcells/update", "updateTargetCells", "target-cells"

    cell: Annotated[TargetCellInput, Form("targetcell", "json")]
    campaign_id: Annotated[int | None, Form("campaignid")] = None


class DeleteTargetCell(CampaignRequest[Message]):
    """Delete one target cell. A read-only cell is a 400.

    Source: Campaign REST API 12.1.4, target cells page. Inferred: the answer.
    """

    method, path, operation, category = "DELETE", "/v1/targetcells/{cellid}", "deleteTargetCell", "target-cells"
    targets = ("target_cell", "cell_id")

    cell_id: Annotated[int, Path("cellid")]


class DeleteTargetCells(CampaignRequest[Message]):
    """Delete several target cells. Answers a text that does not tell which: list the campaign again.

    Source: Campaign REST API 12.1.4, target cells page.
    """

    method, path, operation, category = "POST", "/v1/targetcells/delete", "deleteTargetCells", "target-cells"
    targets = ("target_cell", "cell_ids")

    cell_ids: Annotated[Ids, Form("cellid", "repeat")]
