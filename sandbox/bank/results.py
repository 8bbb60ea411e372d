"""What the flowcharts did: runs per cell, contact and response counts per campaign."""

from typing import Final, NamedTuple

from sandbox.bank.campaigns import Campaign
from sandbox.bank.cells import Cell
from sandbox.bank.chance import Chance
from sandbox.bank.seasons import DAY_MS, TODAY_MS
from sandbox.bank.volume import responses

FIRST_ID: Final = 70001
RUNNING_CAMPAIGN: Final = "Green Home Weeks 2026"
NEVER_CONTACTED: Final = ("Spring 2026 Home and Car Cover", "Call centre")
DISPLAY_NAMES: Final = {"CLK": "Click-through", "PUR": "Purchase or account opening", "UNS": "Unsubscribe"}
FAILURES: Final = (
    (11528, "Unable to write contact history: table is locked by another session"),
    (10304, "Database connection lost after 0 records"),
    (11617, "Offer code generation failed: no more free codes in this format"),
)


class RunRow(NamedTuple):
    """A row of `runs`."""

    id: int
    cell_id: int
    flowchart_id: int | None
    flowchart_name: str | None
    type: str
    status: str
    status_code: int
    status_message: str | None
    start_ms: int
    end_ms: int | None
    contacts: int | None


class MetricsRow(NamedTuple):
    """A row of `metrics`."""

    campaign_id: int
    total_contacts: int


class ResponseRow(NamedTuple):
    """A row of `metric_responses`."""

    campaign_id: int
    position: int
    response_type: str
    display_name: str
    total: int


class Results(NamedTuple):
    """Everything that runs left behind; `last_runs` maps a campaign id to the end of its last run."""

    runs: list[RunRow]
    metrics: list[MetricsRow]
    responses: list[ResponseRow]
    last_runs: dict[int, int]


class _Log:
    def __init__(self) -> None:
        self.runs: list[RunRow] = []

    def add(self, cell: Cell, start: int, status: str, count: int | None, failure: tuple[int, str] | None) -> None:
        seconds = 40 + cell.size % 500
        self.runs.append(
            RunRow(
                FIRST_ID + len(self.runs),
                cell.row.id,
                cell.row.flowchart_id,
                cell.row.flowchart_name,
                "PRODUCTION_PROCESS",
                status,
                failure[0] if failure else 0,
                failure[1] if failure else None,
                start,
                None if status == "RUNNING" else start + seconds * 1000,
                count,
            )
        )


def _run_cell(log: _Log, chance: Chance, cell: Cell, last: bool) -> None:
    """Adds the runs of one cell: a success, sometimes after a failure. In a running campaign the last cell waits."""
    season = cell.campaign.season
    start = season.start_ms + (3 + cell.row.display_order) * DAY_MS + chance.between(6 * 60, 9 * 60) * 60_000
    count = cell.size * chance.between(984, 999) // 1000 if cell.channel else cell.size
    trouble = chance.between(1, 100)
    if season.state == "running" and last and not cell.campaign.series.channel:
        if cell.campaign.row.name == RUNNING_CAMPAIGN:
            log.add(cell, TODAY_MS - 1_800_000, "RUNNING", None, None)
        return
    if trouble <= 5 or (cell.campaign.row.name, cell.channel) == NEVER_CONTACTED:
        log.add(cell, start - 2 * 3_600_000, "FAILED", None, FAILURES[cell.row.id % len(FAILURES)])
    if (cell.campaign.row.name, cell.channel) == NEVER_CONTACTED:
        return
    log.add(cell, start, "SUCCEEDED", count, None)


def results(campaigns: list[Campaign], cells: list[Cell]) -> Results:
    """Runs of all campaigns that began before today; a planned campaign has zero contacts and no responses."""
    chance = Chance(70001)
    log = _Log()
    last_orders = {cell.row.campaign_id: cell.row.display_order for cell in cells if cell.channel}
    for cell in cells:
        if cell.campaign.season.state != "planned":
            last = bool(cell.channel) and cell.row.display_order == last_orders[cell.row.campaign_id]
            _run_cell(log, chance, cell, last)
    contacted = {cell.row.id: cell.row.campaign_id for cell in cells if cell.channel}
    contacts = {campaign.row.id: 0 for campaign in campaigns}
    last_runs: dict[int, int] = {}
    campaign_of = {cell.row.id: cell.row.campaign_id for cell in cells}
    for run in log.runs:
        campaign = campaign_of[run.cell_id]
        last_runs[campaign] = max(last_runs.get(campaign, 0), run.end_ms or run.start_ms)
        if run.cell_id in contacted:
            contacts[campaign] += run.contacts or 0
    answered = []
    for one in campaigns:
        if one.row.id in last_runs:
            counts = responses(one.series.key, one.season.number, one.row.name, contacts[one.row.id])
            answered += [
                ResponseRow(one.row.id, position, kind, DISPLAY_NAMES[kind], counts[kind])
                for position, kind in enumerate(counts, 1)
            ]
    return Results(log.runs, [MetricsRow(*item) for item in contacts.items()], answered, last_runs)
