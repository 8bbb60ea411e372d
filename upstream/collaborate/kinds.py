"""The three kinds of projects and the two trees of folders, and everything in which they differ.

Whatever is not said here is alike: the routes below the first segment, the bodies, and the answers. Source: contract,
`x-kind-differences`, and Collaborate REST API 12.1.0; a body that was observed was observed on /locals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Generic

from upstream.collaborate import CollaborateRequest
from upstream.request import Answer, Path, Variant


class ProjectKind(StrEnum):
    """What the API calls a project; the value is the first segment of its routes."""

    SIMPLE_LIST = "lists"
    ADVANCED_LIST = "advlists"
    ON_DEMAND_CAMPAIGN = "locals"

    @property
    def facts(self) -> KindFacts:
        return _KINDS[self]


class FolderTree(StrEnum):
    """Two separate trees of folders with one shape; the value is the first segment of their routes."""

    TEMPLATES = "templatefolders"
    FORMS = "formfolders"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """In what a kind of project differs from the others.

    `template_type` is the type of template it is made from, `first_state` the state right after creation,
    `own_workflow` false where the product shows no workflow and the one row is there to run the list, `table` the
    stored table that a run replaces its rows in.
    """

    variant: Variant
    template_type: str
    first_state: str
    own_workflow: bool
    table: str


_KINDS: Mapping[ProjectKind, KindFacts] = {
    # The download of an attachment is in the 10.1.0 pages of simple lists and absent from the newer page. Their older
    # routes (/lists/{id}/run, search, members) are left out, as are those of on-demand campaigns.
    ProjectKind.SIMPLE_LIST: KindFacts(
        Variant("SimpleList", "lists", "simple_list"), "list", "IN_PROGRESS", False, "uacc_lists"
    ),
    ProjectKind.ADVANCED_LIST: KindFacts(
        Variant("AdvancedList", "advanced-lists", "advanced_list"), "advlist", "NOT_STARTED", True, "uacc_lists"
    ),
    ProjectKind.ON_DEMAND_CAMPAIGN: KindFacts(
        Variant("OnDemandCampaign", "on-demand-campaigns", "on_demand_campaign"),
        "local",
        "NOT_STARTED",
        True,
        "uacc_ondemand_lists",
    ),
}


class ProjectsRequest(CollaborateRequest[Answer], Generic[Answer]):
    """A route that simple lists, advanced lists and on-demand campaigns have alike."""

    category: ClassVar[str] = "projects"
    chooser: ClassVar[str] = "kind"
    variants: ClassVar[Mapping[str, Variant]] = {kind: facts.variant for kind, facts in _KINDS.items()}

    kind: Annotated[ProjectKind, Path()]


class ProjectRequest(ProjectsRequest[Answer], Generic[Answer]):
    """A route of one project. 404 for an unknown id, and for the id of another kind."""

    project_id: Annotated[int, Path("projectId")]


class FoldersRequest(CollaborateRequest[Answer], Generic[Answer]):
    """A route that template folders and form folders have alike."""

    category: ClassVar[str] = "folders"
    chooser: ClassVar[str] = "tree"
    variants: ClassVar[Mapping[str, Variant]] = {
        FolderTree.TEMPLATES: Variant("Template", "template-folders", "template_folder"),
        FolderTree.FORMS: Variant("Form", "form-folders", "form_folder"),
    }

    tree: Annotated[FolderTree, Path()]
