"""The two trees of folders of Collaborate: templates from id 101, forms from id 201; three levels deep."""

from typing import Final, NamedTuple

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.collaborate_days import day

POLICIES: Final = ("Global", "Branch network", "Private banking")


class FolderRow(NamedTuple):
    """A row of `library_folders`."""

    id: int
    tree: str
    parent_id: int | None
    name: str
    description: str | None
    security_policy: str
    created_by: str
    created: str
    modified: str


_TEMPLATE_PATHS: Final = (
    "Branches",
    "Branches/Mailings",
    "Branches/Mailings/Seasonal",
    "Branches/Mailings/Moving house",
    "Branches/Events",
    "Branches/Events/Open days",
    "Cards",
    "Cards/Acquisition",
    "Cards/Acquisition/Gold",
    "Cards/Usage",
    "Lists",
    "Lists/Simple",
    "Lists/Simple/Regional",
    "Lists/Advanced",
    "Private banking",
    "Private banking/Invitations",
    "Corporate",
    "Archive",
    "Archive/2025",
    "Empty shelf",
)
_FORM_PATHS: Final = (
    "Target selection",
    "Target selection/Retail",
    "Target selection/Retail/Branches",
    "Target selection/Retail/Cards",
    "Target selection/Private",
    "Fulfilment",
    "Fulfilment/Letters",
    "Fulfilment/E-mail",
    "List criteria",
    "List criteria/Regional",
    "Empty shelf",
)
_POLICIES: Final = {"Branches": "Branch network", "Private banking": "Private banking"}
_HOSTILE: Final = {"template": hostile.TEMPLATE_FOLDER_NAME, "form": hostile.FORM_FOLDER_NAME}

TEMPLATE_FOLDERS: Final = {path: 101 + index for index, path in enumerate(_TEMPLATE_PATHS)}
FORM_FOLDERS: Final = {path: 201 + index for index, path in enumerate(_FORM_PATHS)}


def folders() -> list[FolderRow]:
    """Both trees, every parent before its children, each with a hostile name at its end."""
    rows = []
    for tree, ids in (("template", TEMPLATE_FOLDERS), ("form", FORM_FOLDERS)):
        for path, id_ in {**ids, _HOSTILE[tree]: max(ids.values()) + 1}.items():
            # The hostile names hold slashes and are no paths.
            parent, _, name = path.rpartition("/") if path in ids else ("", "", path)
            description = None if parent else f"{name} of all regions"
            policy = _POLICIES.get(path.partition("/")[0], "Global")
            age = 700 - 9 * (id_ % 100)
            rows.append(
                FolderRow(id_, tree, ids.get(parent), name, description, policy, "m.okafor", day(-age), day(-age // 2))
            )
    return rows
