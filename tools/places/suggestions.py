"""What can stand in an address: the names and ids of everything on a shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.call import Call
from tools.names import Book, Named


async def known(call: Call, word: str, choice: str = "") -> Sequence[Named]:
    """Everything on a shelf by name and id, from an index of some minutes ago if there is one.

    A `choice` leaves only what can be chosen: `on-demand` of the templates those that make on-demand campaigns. Empty
    for shelves whose places have no name (attributes, attachments).
    """
    book = _book(call, word, choice)
    return list((await book.index(call)).by_id.values()) if book else []


def _book(call: Call, word: str, choice: str) -> Book[Any] | None:
    if word == "offer-templates":
        from tools.campaign.offer_book import TemplateBook as OfferTemplateBook

        return call.kept(OfferTemplateBook)  # type: ignore[no-any-return]  # what is kept has the type that was asked for
    from tools.collaborate.folder_book import FormFolders, TemplateFolders
    from tools.collaborate.form_book import FormBook
    from tools.collaborate.template_book import TemplateBook
    from tools.collaborate.template_choices import OnDemandTemplates

    kinds: Mapping[str, type[Book[Any]]] = {
        "template-folders": TemplateFolders,
        "templates": OnDemandTemplates if choice == "on-demand" else TemplateBook,
        "form-folders": FormFolders,
        "forms": FormBook,
    }
    return call.kept(kinds[word]) if word in kinds else None


def attribute_types() -> list[str]:
    """What `{type}` of an address of attributes can be."""
    from tools.campaign.attribute_book import OWNERS

    return list(OWNERS)


def project_kinds() -> list[str]:
    """What `{kind}` of an address of an attachment can be."""
    from upstream.collaborate.kinds import ProjectKind

    return [kind.value for kind in ProjectKind]


async def projects(call: Call, kind: str) -> list[Named]:
    """The projects of this kind, for `{project}` of an address of an attachment.

    Raises:
        UnknownName: there is no such kind.
    """
    from tools.collaborate.project_book import Projects
    from tools.places.collaborate import project_kind

    books: Projects = call.kept(Projects)
    return list((await books.of(project_kind(kind)).index(call)).by_id.values())


async def attachments(call: Call, kind: str, project: int) -> list[Named]:
    """The attachments of a project, for `{id}` of an address.

    Raises:
        UnknownName: there is no such kind.
    """
    from tools.collaborate.collections import listed
    from tools.places.collaborate import project_kind
    from upstream.collaborate.attachments import GetAttachments

    found = await listed(call, GetAttachments(kind=project_kind(kind), project_id=project))
    return [Named(each.attachment_id, each.attachment_name or each.file_name) for each in found]


async def entities(call: Call) -> list[str]:
    """What `{entity}` of an address of Actito can be."""
    from tools.actito.entity_book import Entities

    return [each.name for each in await call.kept(Entities).all(call)]


async def tables(call: Call, word: str, entity: str) -> list[str]:
    """What `{table}` of an address of Actito can be: names of the tables of an entity, of the only one if none is said.

    Raises:
        ToolProblem: there is no such entity, or there are several.
    """
    from tools.actito.entity_book import entity_of
    from tools.actito.table_book import Tables
    from tools.places.actito import KINDS

    return [each.name for each in await call.kept(Tables).all(call, await entity_of(call, entity), KINDS[word])]
