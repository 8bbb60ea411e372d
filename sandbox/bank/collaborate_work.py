"""Workflow rows from id 20001, flowchart runs from job 40001, and attachments from id 9001 of the projects."""

import base64
import json
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.collaborate_days import moment
from sandbox.bank.collaborate_projects import FAILING_CAMPAIGN_ID, Project, values
from sandbox.bank.collaborate_templates import Step
from sandbox.collaborate.outcome import outcome

FIRST_ROW_ID: Final = 20001
FIRST_JOB: Final = 40001
FIRST_FOLDER_ID: Final = 8501
FIRST_ATTACHMENT_ID: Final = 9001

_LAST_READING: Final = 3
_DONE: Final = {"TASK": "FINISHED", "FLOWCHART_RUN_TASK": "FINISHED", "APPROVAL_TASK": "APPROVED"}
_OPEN: Final = {"TASK": "PENDING", "FLOWCHART_RUN_TASK": "PENDING", "APPROVAL_TASK": "NOT_STARTED"}
_GENERATED: Final[tuple[Step, ...]] = (("FLOWCHART_RUN_TASK", "Generate list", "Criteria", None, ()),)
_PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_TEXT: Final = "Brief: mail all customers of the region who moved house this year.\nBudget: 4,000 €.\n".encode()
_CSV: Final = b"customer_id,region\n1001,North\n1002,North\n"

Rows = list[tuple[Any, ...]]


def workflow(made: list[Project]) -> tuple[Rows, Rows]:
    """Rows of `workflow_rows` and of `flowchart_runs`.

    A finished project has done everything; one in progress or paused its first half, in the failing projects without
    success; every fifth of those in progress has a run that nobody has read to its end.
    """
    rows: Rows = []
    runs: Rows = []
    ids, jobs = count(FIRST_ROW_ID), count(FIRST_JOB)
    for place, project in enumerate(made):
        steps = project.template.workflow or _GENERATED
        own = [next(ids) for _ in steps]
        share = {"FINISHED": 1.0, "IN_PROGRESS": 0.6, "PAUSED": 0.6, "CANCELED": 0.3}.get(project.row.status, 0.0)
        done = int(share * len(steps) + 0.5)
        for index, (type_, name, tab, stage, waits_for) in enumerate(steps):
            finished = index < done
            status = None if type_ == "STAGE" else (_DONE if finished else _OPEN)[type_]
            percent = None if status is None else 100 * finished
            if tab is not None and finished:
                under_way = project.row.status == "IN_PROGRESS" and place % 5 == 4
                times = (moment(-2, 8, index), None if under_way else moment(-2, 9, index))
                readings = 1 if under_way else _LAST_READING
                failed = _run(project, tab, (next(jobs), own[index], readings, *times), runs)
                if under_way or failed:
                    finished, status, percent = False, "ACTIVE", 0 if under_way else 50
            begun = status not in (None, *_OPEN.values())
            rows.append(
                (
                    own[index],
                    project.row.id,
                    None if stage is None else own[stage],
                    type_,
                    name,
                    tab,
                    status,
                    percent,
                    json.dumps([own[other] for other in waits_for]),
                    None if status is None or begun else moment(3 + index, 8),
                    None if status is None or finished else moment(3 + index, 17),
                    moment(-2, 8, index) if begun else None,
                    moment(-2, 9, index) if begun and finished else None,
                )
            )
    return rows, runs


def _run(project: Project, tab: str, begin: tuple[int, int, int, str, str | None], runs: Rows) -> bool:
    """Add the run of a row, given its job, row, readings, start and end; whether it failed."""
    answers = {
        name: texts for t, key in project.template.tabs if t == tab for name, texts in values(project, key).items()
    }
    end = outcome(project.row.id, begin[1], tab, answers)
    runs.append((*begin, end.count, json.dumps(end.outputs), end.error))
    return end.error is not None


def attachment_folders(made: list[Project]) -> Rows:
    """Rows of `attachment_folders`: those that the template names."""
    ids = count(FIRST_FOLDER_ID)
    return [(next(ids), project.row.id, name) for project in made for name in project.template.attachments]


def attachments(made: list[Project], folders: Rows) -> Rows:
    """Rows of `attachments`: files of the failing campaign, of a list of either kind, and one with a hostile name."""
    ids = count(FIRST_ATTACHMENT_ID)
    return [(next(ids), *rest) for rest in _files(made, folders)]


def _files(made: list[Project], folders: Rows) -> Iterator[tuple[Any, ...]]:
    holders: dict[int, list[int]] = {}
    for folder_id, project_id, _ in folders:
        holders.setdefault(project_id, []).append(folder_id)
    firsts = {project.row.kind: project.row.id for project in reversed(made) if project.row.id in holders}
    hostile_id = next(project.row.id for project in made if project.row.name == hostile.PROJECT_NAME)
    branch = FAILING_CAMPAIGN_ID
    for project_id, place, title, file_name, media_type, content in (
        (branch, 0, "Leaflet draft", "leaflet_larkmere_v2.pdf", "application/pdf", _PDF),
        (branch, 0, "Logo", "meridian_logo.png", "image/png", _PNG),
        (branch, -1, "Brief", "brief.txt", "text/plain", _TEXT),
        (firsts["list"], 0, "Generated list", "list_north.csv", "text/csv", _CSV),
        (firsts["advlist"], -1, "Criteria agreed on", "criteria.txt", "text/plain", _TEXT),
        (firsts["local"], 0, "Leaflet", "leaflet.pdf", "application/pdf", _PDF),
        (hostile_id, 0, hostile.ATTACHMENT_NAME, hostile.FILE_NAME, "text/plain", hostile.FILE_TEXT.encode("utf-8")),
    ):
        yield (
            project_id,
            holders[project_id][place],
            title,
            file_name,
            None if place else f"{title} from the agency",
            media_type,
            len(content),
            base64.b64encode(content).decode("ascii"),
            "c.moreau",
            moment(-1, 10, 12, 45),
        )
