"""The 25 templates of Collaborate from id 401: for simple lists, advanced lists, on-demand and corporate campaigns."""

import json
from typing import Any, Final, NamedTuple

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.collaborate_days import moment
from sandbox.bank.collaborate_folders import TEMPLATE_FOLDERS
from sandbox.bank.collaborate_forms import FORM_IDS

FIRST_ID: Final = 401
Step = tuple[str, str, str | None, int | None, tuple[int, ...]]


class TemplateRow(NamedTuple):
    """A row of `project_templates`."""

    id: int
    internal_id: str
    name: str
    description: str
    type: str
    state: str
    security_policies: str
    folder_id: int | None
    default_name: str | None
    id_prefix: str | None
    tabs: str
    workflow: str
    attachment_folders: str
    recurrence: str


class Template(NamedTuple):
    """A template as it is written below; `tabs` name forms by their key, `rhythm` is a key of RHYTHMS."""

    type: str
    name: str
    folder: str | None
    prefix: str
    tabs: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...] = ("Creative", "Approvals")
    rhythm: str = "once"
    enabled: bool = True
    policies: tuple[str, ...] = ("Global",)

    @property
    def workflow(self) -> tuple[Step, ...]:
        """Type, name, tab, place of the stage and places it waits for, of each row."""
        if self.type == "list":
            return ()
        if self.type == "advlist":
            return _LIST_STEPS
        return _CAMPAIGN_STEPS if len(self.tabs) > 1 else _CAMPAIGN_STEPS[:5]


_LIST_STEPS: Final[tuple[Step, ...]] = (
    ("STAGE", "Build", None, None, ()),
    ("TASK", "Agree on the criteria", None, 0, ()),
    ("FLOWCHART_RUN_TASK", "Generate list", "Criteria", 0, (1,)),
    ("STAGE", "Check", None, None, ()),
    ("APPROVAL_TASK", "Approve list", None, 3, (2,)),
)
_CAMPAIGN_STEPS: Final[tuple[Step, ...]] = (
    ("STAGE", "Target", None, None, ()),
    ("TASK", "Agree on the brief", None, 0, ()),
    ("FLOWCHART_RUN_TASK", "Generate target list", "Target", 0, (1,)),
    ("STAGE", "Check", None, None, ()),
    ("APPROVAL_TASK", "Approve target", None, 3, (2,)),
    ("STAGE", "Fulfil", None, None, ()),
    ("FLOWCHART_RUN_TASK", "Send to fulfilment", "Fulfilment", 5, (4,)),
    ("TASK", "Report to the region", None, 5, (6,)),
)


def _recurrence(type_: str, start: str, **more: Any) -> dict[str, Any]:
    return {
        "Is_Recurring": True,
        "Recurrence_Type": type_,
        "Recurrence_Interval": 1,
        "Days_Of_Week": None,
        "Day_Of_Month": None,
        "Start_Date": start,
        "End_Type": "NEVER",
        "Occurrences": None,
        "End_Date": None,
        "Time_Zone": None,
        **more,
    }


RHYTHMS: Final[dict[str, dict[str, Any]]] = {
    "once": {**dict.fromkeys(_recurrence("DAILY", "")), "Is_Recurring": False},
    "daily": _recurrence("DAILY", moment(-5, 5), Recurrence_Interval=2, End_Type="ON_DATE", End_Date=moment(60)),
    "weekly": _recurrence(
        "WEEKLY", moment(-18, 6), Days_Of_Week=["MONDAY", "THURSDAY"], End_Type="AFTER_OCCURRENCES", Occurrences=8
    ),
    "monthly": _recurrence("MONTHLY", moment(-81, 7), Day_Of_Month=31, Time_Zone="Europe/Berlin"),
    "yearly": _recurrence("YEARLY", moment(-400, 8)),
}
"""Recurrence of projects and of the templates they come from, as stored."""

_TARGET_AND_LETTER: Final = (("Target", "branch_target"), ("Fulfilment", "branch_letter"))
_BRANCH: Final = ("Branch network", "Global")
_PRIVATE: Final = ("Private banking",)

TEMPLATES: Final = (
    Template("list", "Regional list", "Lists/Simple/Regional", "RGL", (("Criteria", "list_region"),)),
    Template("list", "List by age", "Lists/Simple", "AGL", (("Criteria", "list_age"),), ("Documents",)),
    Template("list", "List by balance", "Lists/Simple", "BAL", (("Criteria", "list_balance"),), (), "monthly"),
    Template("list", "Branch list", "Lists/Simple/Regional", "BRL", (("Criteria", "list_region"),), policies=_BRANCH),
    Template("list", "List by age (2025)", "Archive/2025", "AGO", (("Criteria", "list_age"),), enabled=False),
    Template("advlist", "Checked regional list", "Lists/Advanced", "CRL", (("Criteria", "list_region"),)),
    Template("advlist", "Checked list by balance", "Lists/Advanced", "CBL", (("Criteria", "list_balance"),)),
    Template("advlist", "Weekly exclusion list", "Lists/Advanced", "WXL", (("Criteria", "list_age"),), (), "weekly"),
    Template("advlist", "Private clients list", "Private banking", "PCL", (("Criteria", "list_balance"),),
             policies=_PRIVATE),
    Template("advlist", "Savings list", "Lists", "SVL", (("Criteria", "list_balance"), ("Notes", "saver_target"))),
    Template("advlist", "Exclusions (2025)", "Archive/2025", "EXO", (("Criteria", "list_age"),), enabled=False),
    Template("local", "Branch mailing", "Branches/Mailings", "BRM", _TARGET_AND_LETTER, policies=_BRANCH),
    Template("local", "Branch mailing - Christmas", "Branches/Mailings/Seasonal", "BRC", _TARGET_AND_LETTER,
             policies=_BRANCH),
    Template("local", "Moving house package", "Branches/Mailings/Moving house", "MOV",
             (("Target", "moving_target"), ("Fulfilment", "moving_letter")), rhythm="daily", policies=_BRANCH),
    Template("local", "Open day invitation", "Branches/Events/Open days", "OPD",
             (("Target", "event_target"), ("Fulfilment", "event_mail")), policies=_BRANCH),
    Template("local", "Branch quiz", "Branches/Events", "QUI", (("Target", "quiz"),), ("Photos",), policies=_BRANCH),
    Template("local", "Gold card upgrade", "Cards/Acquisition/Gold", "GLD",
             (("Target", "gold_target"), ("Fulfilment", "card_offer"))),
    Template("local", "First card", "Cards/Acquisition", "FIC",
             (("Target", "gold_target"), ("Fulfilment", "card_offer")), ()),
    Template("local", "Cashback reminder", "Cards/Usage", "CBR",
             (("Target", "usage_target"), ("Fulfilment", "usage_mail")), rhythm="monthly"),
    Template("local", "Savings newsletter", None, "SAV",
             (("Target", "saver_target"), ("Fulfilment", "saver_mail")), rhythm="weekly"),
    Template("local", "Private dinner", "Private banking/Invitations", "PRD",
             (("Target", "private_target"), ("Fulfilment", "private_letter")), policies=_PRIVATE),
    Template("local", "Branch phone campaign (2025)", "Archive/2025", "PHO", (("Target", "retired"),), enabled=False),
    Template("local", "Pilot: neighbourhood mailing", None, "PIL", _TARGET_AND_LETTER, ("Creative",)),
    Template("corporate", "Brand campaign", "Corporate", "BRA", (("Target", "gold_target"),)),
    Template("corporate", "Rate change letter", "Corporate", "RAT", (("Target", "saver_target"),), ()),
)  # fmt: skip


def templates() -> list[TemplateRow]:
    """All templates; the pilot carries a hostile description and lies in the folder with a hostile name."""
    hostile_folder = max(TEMPLATE_FOLDERS.values()) + 1
    rows = []
    for index, template in enumerate(TEMPLATES):
        pilot = template.prefix == "PIL"
        folder_id = hostile_folder if pilot else TEMPLATE_FOLDERS.get(template.folder or "")
        what = {"list": "List", "advlist": "List with approval", "local": "Campaign that a branch or team can run"}
        rows.append(
            TemplateRow(
                FIRST_ID + index,
                f"{template.prefix.lower()}{index + 1:02}",
                template.name,
                hostile.TEMPLATE_DESCRIPTION if pilot else f"{what.get(template.type, 'Central campaign')}, one page",
                template.type,
                "ENABLED" if template.enabled else "DISABLED",
                json.dumps(template.policies),
                folder_id,
                None if template.type == "corporate" else template.name.partition(" - ")[0],
                template.prefix,
                json.dumps([(tab, FORM_IDS[key]) for tab, key in template.tabs]),
                json.dumps(template.workflow),
                json.dumps(template.attachments),
                json.dumps(RHYTHMS[template.rhythm]),
            )
        )
    return rows
