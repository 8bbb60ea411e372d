"""The 60 projects of Collaborate from id 1000101: 18 simple lists, 17 advanced lists, 25 on-demand campaigns.

Of each kind those that can be: not started, in progress, paused, canceled and finished (a simple list is in progress
from its beginning).
"""

import json
from typing import Any, Final, NamedTuple

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.chance import Chance
from sandbox.bank.collaborate_attributes import QUESTIONS
from sandbox.bank.collaborate_days import day
from sandbox.bank.collaborate_forms import FORM_IDS, FORMS
from sandbox.bank.collaborate_templates import FIRST_ID as FIRST_TEMPLATE_ID
from sandbox.bank.collaborate_templates import RHYTHMS, TEMPLATES, Template
from sandbox.collaborate.outcome import FAILING_VALUE

FIRST_ID: Final = 1000101
FAILING_LIST_ID, FAILING_CAMPAIGN_ID = 1000107, 1000138
"""Two projects in progress whose form has the value that lets runs fail."""

_COUNTS: Final = {"list": 18, "advlist": 17, "local": 25}
_STATES: Final = ("IN_PROGRESS", "FINISHED", "IN_PROGRESS", "PAUSED", "NOT_STARTED", "CANCELED", "IN_PROGRESS")
_TOWNS: Final = (
    *("Elmbourne", "Oakfield", "Ashwick", "Marlhaven", "Hazelford", "Stonemere", "Wrendale", "Fernton"),
    *("Thorngate", "Larkmere", "Millcliff", "Foxmoor", "Elmstead"),
)
_USERS: Final = ("c.moreau", "t.lang", "r.adeyemi", "k.novak", "b.fischer")
_RUNS_COMPLETED: Final = {"daily": 2, "weekly": 4, "monthly": 1}


class ProjectRow(NamedTuple):
    """A row of `projects`."""

    id: int
    kind: str
    name: str
    code: str
    description: str
    status: str
    template_id: int
    security_policy: str
    start_day: str
    end_day: str | None
    created_by: str
    created: str
    modified: str
    recurrence: str
    runs_completed: int


class Project(NamedTuple):
    """A project and the template that its forms and workflow come from."""

    row: ProjectRow
    template: Template


def projects() -> list[Project]:
    """All projects, kind by kind."""
    chance = Chance(900)
    made: list[Project] = []
    for kind, count in _COUNTS.items():
        usable = [(index, t) for index, t in enumerate(TEMPLATES) if t.type == kind and t.enabled]
        for number in range(count):
            index, template = usable[number % len(usable)]
            status = _STATES[number % len(_STATES)]
            if kind == "list" and status == "NOT_STARTED":
                status = "IN_PROGRESS"
            made.append(Project(_row(FIRST_ID + len(made), status, index, template, number, chance), template))
    return made


def _row(id_: int, status: str, index: int, template: Template, number: int, chance: Chance) -> ProjectRow:
    town = _TOWNS[(3 * number + id_) % len(_TOWNS)]
    created = -chance.between(20, 420) if status in ("FINISHED", "CANCELED") else -chance.between(3, 40)
    quiz = template.prefix == "QUI" and number > 10
    return ProjectRow(
        id_,
        template.type,
        hostile.PROJECT_NAME if quiz else f"{template.name} {town}",
        f"{template.prefix}{id_}",
        "" if number % 4 == 3 else f"For the branches around {town}",
        status,
        FIRST_TEMPLATE_ID + index,
        template.policies[0],
        day(created + 7),
        None if number % 5 == 4 else day(created + 60),
        _USERS[id_ % len(_USERS)],
        day(created),
        day(created + 2),
        json.dumps(RHYTHMS[template.rhythm]),
        0 if status == "NOT_STARTED" else _RUNS_COMPLETED.get(template.rhythm, 0),
    )


def values(project: Project, form_key: str) -> dict[str, list[str]]:
    """The values of a form of a project: defaults, and for most projects something the marketer chose."""
    form = next(form for form in FORMS if form.key == form_key)
    found: dict[str, list[str]] = {}
    for place, name in enumerate(form.questions.split()):
        question = QUESTIONS[name]
        found[name] = [] if question.default is None else [question.default]
        if question.options and project.row.status != "NOT_STARTED":
            found[name] = [question.options[(project.row.id + place) % 2]]
    if "branch_ids" in found and project.row.status != "NOT_STARTED":
        found["branch_ids"] = [f"({project.row.id % 40 + 1},{project.row.id % 7 + 50})"]
    if project.row.id in (FAILING_LIST_ID, FAILING_CAMPAIGN_ID) and "campaign_note" in found:
        found["campaign_note"] = [FAILING_VALUE]
    return found


def project_forms(made: list[Project], offers: dict[int, list[int]]) -> list[tuple[Any, ...]]:
    """Rows of `project_forms`; every second project has chosen the first offer of each form. `offers`: form to ids."""
    rows: list[tuple[Any, ...]] = []
    for project in made:
        for position, (tab, key) in enumerate(project.template.tabs):
            form_id = FORM_IDS[key]
            chosen = [[id_, {}] for id_ in offers.get(form_id, [])[:1]] if project.row.id % 2 else []
            variables = json.dumps(values(project, key))
            rows.append((project.row.id, position, form_id, tab, variables, json.dumps(chosen)))
    return rows
