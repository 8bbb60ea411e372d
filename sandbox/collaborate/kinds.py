"""What the API has several of: two trees of folders and three kinds of project, each with routes of one shape."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tree:
    """A tree of folders. `name` is the key of the stored rows, `word` how operationIds call it."""

    name: str
    word: str
    path: str
    table: str
    """The table of the items that its folders hold."""


@dataclass(frozen=True)
class Kind:
    """A kind of project. `name` is its Project_Type and Template_Type, `word` how operationIds call it."""

    name: str
    word: str
    path: str
    label: str
    first_status: str


TEMPLATES = Tree("template", "Template", "templatefolders", "project_templates")
FORMS = Tree("form", "Form", "formfolders", "forms")
TREES = (TEMPLATES, FORMS)

SIMPLE_LIST = Kind("list", "SimpleList", "lists", "simple list", "IN_PROGRESS")
ADVANCED_LIST = Kind("advlist", "AdvancedList", "advlists", "advanced list", "NOT_STARTED")
ON_DEMAND_CAMPAIGN = Kind("local", "OnDemandCampaign", "locals", "on-demand campaign", "NOT_STARTED")
KINDS = (SIMPLE_LIST, ADVANCED_LIST, ON_DEMAND_CAMPAIGN)
