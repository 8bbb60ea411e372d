"""Templates: the blueprints that lists and on-demand campaigns are made from. They can only be read.

Not paged; a list with nothing in it is a 404.
"""

from __future__ import annotations

from typing import Annotated

from upstream.collaborate import CollaborateRequest
from upstream.collaborate.objects import CollaborateRecord
from upstream.record import Many
from upstream.request import Path, Query


class Template(CollaborateRecord):
    """A template. `template_db_id` is its key in routes and bodies, `template_id` a word that is never used again.

    Known types: list, advlist, local, corporate; states: ENABLED, DISABLED. `folder_id` is absent at the top level.

    Inferred: all but `template_db_id`, which a public client sends, from the properties that the product shows.
    """

    template_db_id: int
    template_id: str = ""
    template_name: str = ""
    description: str = ""
    template_type: str = ""
    state: str = ""
    security_policies: Many[str] = []
    folder_id: int | None = None
    default_name: str = ""
    id_prefix: str = ""


class GetTemplates(CollaborateRequest[Many[Template]]):
    """List templates: all that the account may see, or those of one type.

    Source: Collaborate REST API 12.1.0; 10.1.0, templates page (the filter). Inferred: the values of the filter and the
    answer.
    """

    method, path, operation, category = "GET", "/templates", "listTemplates", "templates"
    collection = True

    template_type: Annotated[str | None, Query("templateType")] = None


class GetTemplate(CollaborateRequest[Template]):
    """Read one template.

    Source: Collaborate REST API 12.1.0. Inferred: that the numeric key is meant, and the answer.
    """

    method, path, operation, category = "GET", "/templates/{templateId}", "getTemplate", "templates"

    template_id: Annotated[int, Path("templateId")]


class GetTemplatesInFolder(CollaborateRequest[Many[Template]]):
    """List the templates directly in a folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer.
    """

    method, path, operation, category = (
        "GET",
        "/templatefolders/{folderId}/templates",
        "listTemplatesInFolder",
        "template-folders",
    )
    collection = True

    folder_id: Annotated[int, Path("folderId")]


class GetTemplateInFolder(CollaborateRequest[Template]):
    """Read one template through its folder.

    Source: Collaborate REST API 12.1.0. Inferred: the answer, and 404 for a template of another folder.
    """

    method, path, operation, category = (
        "GET",
        "/templatefolders/{folderId}/templates/{templateId}",
        "getTemplateInFolder",
        "template-folders",
    )

    folder_id: Annotated[int, Path("folderId")]
    template_id: Annotated[int, Path("templateId")]
