"""Templates as tools see them: found by what people call them, shown as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools import reads
from tools.call import Call
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import Tree
from tools.collaborate.kinds import NAMES
from tools.names import Book, Named
from upstream.collaborate.templates import GetTemplate, GetTemplates, Template
from upstream.errors import NotFound

COLUMNS = (
    "name",
    "id",
    "kind",
    "state",
    "folder",
    "code",
    "description",
    "default_name",
    "id_prefix",
    "policies",
    "folder_id",
)

KINDS: Mapping[str, str] = {kind.facts.template_type: name for kind, name in NAMES.items()} | {
    "corporate": "corporate campaign"
}
"""Type of a template -> what is made from it, as people call it. Inferred: the types."""

ONE_BY_ONE = 30
"""Up to so many templates are read by id; for more the whole list costs the server less."""


class TemplateBook(Book[Template]):
    """All templates by id (the key that projects are made with), template id (the word) and name."""

    noun = "templates"

    async def everything(self, call: Call) -> Sequence[Template]:
        return await listed(call, GetTemplates())

    async def read(self, call: Call, ids: Sequence[int]) -> list[Template]:
        if len(ids) > ONE_BY_ONE:
            found = await self.everything(call)
            self.learn(found)
            return [each for each in found if each.template_db_id in set(ids)]

        async def one(number: int) -> Template | None:
            try:
                return await call.send(GetTemplate(template_id=number))
            except NotFound:
                return None

        return [each for each in (await reads.each(ids, one)).values() if each is not None]

    def named(self, item: Template) -> Named:
        return Named(item.template_db_id, item.template_name, item.template_id)


def kind_word(template_type: str) -> str:
    """What is made from templates of a type: `on-demand campaign`. An unknown type stays as it is."""
    return KINDS.get(template_type.strip().casefold(), template_type)


def row(template: Template, tree: Tree | None = None) -> dict[str, Any]:
    """A template as a row; a text that is empty is None. `folder` is its path, empty without the tree of folders."""
    return {
        "name": template.template_name,
        "id": template.template_db_id,
        "kind": kind_word(template.template_type) or None,
        "state": template.state.replace("_", " ").lower() or None,
        "folder": (tree.path_text(template.folder_id) if tree else "") or None,
        "code": template.template_id or None,
        "description": template.description or None,
        "default_name": template.default_name or None,
        "id_prefix": template.id_prefix or None,
        "policies": list(template.security_policies) or None,
        "folder_id": template.folder_id,
    }
