"""Places of Unica Collaborate: the two trees of folders, templates, forms, and the files of projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools import content, reads
from tools.call import Call
from tools.collaborate import form_book, template_book
from tools.collaborate.collections import listed
from tools.collaborate.folder_book import Tree, folder_named, folders_of
from tools.collaborate.form_book import FormBook, attribute_row, attributes_of, offer_row, offers_of
from tools.collaborate.kinds import NAMES, kind_of
from tools.collaborate.template_book import TemplateBook, kind_word
from tools.content import Content
from tools.errors import BadArgument, ToolProblem, UnknownName
from tools.names import is_id
from tools.places.address import SHELVES, Address, address
from tools.places.place import Link, Place, Section
from upstream.collaborate.attachments import MOST_BYTES, DownloadAttachment, GetAttachments
from upstream.collaborate.folders import Folder, GetFolder, GetFolders, GetSubfolders
from upstream.collaborate.forms import (
    Form,
    GetForm,
    GetFormAttributes,
    GetFormOffers,
    GetForms,
    GetFormsInFolder,
)
from upstream.collaborate.kinds import FolderTree, ProjectKind
from upstream.collaborate.templates import GetTemplate, GetTemplates, GetTemplatesInFolder, Template
from upstream.errors import NotFound
from upstream.request import Request

ROUTES: tuple[type[Request[Any]], ...] = (
    GetFolders,
    GetFolder,
    GetSubfolders,
    GetTemplates,
    GetTemplate,
    GetTemplatesInFolder,
    GetForms,
    GetForm,
    GetFormsInFolder,
    GetFormAttributes,
    GetFormOffers,
    GetAttachments,
    DownloadAttachment,
)
"""The routes that places of Collaborate are read by."""

Item = Template | Form


@dataclass(frozen=True)
class _Kind:
    """One of the two trees: the words of its addresses."""

    tree: FolderTree
    folders: str
    items: str

    @property
    def root(self) -> Link:
        shelf = SHELVES[self.folders]
        return Link(shelf.title, address(self.folders), shelf.title.lower())

    def folder_link(self, folder: Folder) -> Link:
        return Link(folder.folder_name, address(self.folders, folder.folder_id), "folder", folder.description)

    def path(self, tree: Tree, folder_id: int | None) -> list[Link]:
        """From the root down to this folder."""
        return [self.root, *map(self.folder_link, tree.path(folder_id))]

    def section(self, items: Sequence[Item], folder: int | None = None) -> Section:
        """Templates or forms as links; those of a folder with the call that lists them."""
        shelf = SHELVES[self.items]
        more = f'{shelf.finder} with folder="{folder}"' if folder else ""
        return Section(shelf.title, _sorted(map(_item_link, items)), more=more)


_KINDS = {
    "template-folders": _Kind(FolderTree.TEMPLATES, "template-folders", "templates"),
    "form-folders": _Kind(FolderTree.FORMS, "form-folders", "forms"),
}


async def place(call: Call, where: Address) -> Place | Content:
    """What is at an address of Collaborate.

    Raises:
        UnknownName: nothing is there.
        Ambiguous: it has a name that several have.
    """
    match where.word:
        case "templates":
            return await _template(call, where.key)
        case "forms":
            return await _form(call, where.key)
        case "attachments":
            return await _attachment(call, *where.keys)
        case word if where.keys:
            return await _folder(call, _KINDS[word], where.key)
        case word:
            return await _top(call, _KINDS[word])


async def first_level(call: Call, word: str) -> list[Link]:
    """The folders at the top of a tree, by name; from an index of some minutes ago, if there is one."""
    kind = _KINDS[word]
    tree = await folders_of(call, kind.tree).recent(call)
    return [kind.folder_link(each) for each in tree.children(None)]


async def _top(call: Call, kind: _Kind) -> Place:
    tree = await folders_of(call, kind.tree).now(call)
    request: Request[Any] = GetTemplates() if kind.items == "templates" else GetForms()
    everything: list[Item] = await listed(call, request)
    # What lies in a folder that is not to be seen would be lost if it were not shown at the top.
    loose = [each for each in everything if each.folder_id not in tree.by_id]
    shelf = SHELVES[kind.folders]
    return Place(
        address(kind.folders),
        shelf.title,
        kind.root.kind,
        sections=[
            Section("Subfolders", [kind.folder_link(each) for each in tree.children(None)]),
            kind.section(loose),
        ],
    )


async def _folder(call: Call, kind: _Kind, reference: str) -> Place:
    folder = await folder_named(call, kind.tree, reference)
    number = folder.folder_id
    inside: Request[Any] = (
        GetTemplatesInFolder(folder_id=number) if kind.items == "templates" else GetFormsInFolder(folder_id=number)
    )
    requests: list[Request[Any]] = [GetSubfolders(tree=kind.tree, parent_folder_id=number), inside]

    async def ask(position: int) -> list[Any]:
        return await listed(call, requests[position])

    found = await reads.each(range(len(requests)), ask)
    book = folders_of(call, kind.tree)
    tree = await book.recent(call)
    if number not in tree.by_id:
        tree = await book.now(call)
    shelf = SHELVES[kind.folders]
    subfolders = _sorted(map(kind.folder_link, found[0]))
    return Place(
        address(kind.folders, number),
        folder.folder_name,
        shelf.item,
        kind.path(tree, number)[:-1] if number in tree.by_id else [kind.root],
        {
            "id": number,
            "description": folder.description or None,
            "security policy": folder.security_policy or None,
            "created": folder.created_date,
            "created by": folder.created_by or None,
            "changed": folder.last_modified_date,
        },
        [
            Section("Subfolders", subfolders),
            kind.section(found[1], number),
        ],
    )


async def _template(call: Call, reference: str) -> Place:
    template: Template = await call.kept(TemplateBook).one(call, reference)
    row = template_book.row(template)
    facts = {
        "id": row["id"],
        "makes": row["kind"],
        "state": row["state"],
        "template id": row["code"],
        "description": row["description"],
        "default name": row["default_name"],
        "id prefix": row["id_prefix"],
        "security policies": row["policies"],
    }
    path = await _path(call, _KINDS["template-folders"], template.folder_id)
    return Place(address("templates", template.template_db_id), template.template_name, "template", path, facts)


async def _form(call: Call, reference: str) -> Place:
    form: Form = await call.kept(FormBook).one(call, reference)
    row = form_book.row(form)
    facts = {
        "id": row["id"],
        "state": row["state"],
        "published": row["published"],
        "description": row["description"],
        "table": row["table"],
        "created": row["created"],
        "changed": row["changed"],
    }
    attributes = [attribute_row(each) for each in await attributes_of(call, form.form_id)]
    offers = [offer_row(each) for each in await offers_of(call, form.form_id)]
    more = f'forms_find with forms=["{form.form_id}"]'
    sections = [
        Section("Attributes", rows=attributes, more=f'{more}, attribute="all"'),
        Section("Offers", rows=offers, more=f'{more}, offer="all"'),
    ]
    return Place(
        address("forms", form.form_id),
        form.form_name,
        "form",
        await _path(call, _KINDS["form-folders"], form.folder_id),
        facts,
        sections,
    )


async def _path(call: Call, kind: _Kind, folder_id: int | None) -> list[Link]:
    """From the root down to the folder that holds something."""
    if folder_id is None:
        return [kind.root]
    return kind.path(await folders_of(call, kind.tree).recent(call), folder_id)


async def _attachment(call: Call, kind: str, project: str, attachment: str) -> Content:
    found = project_kind(kind)
    if not (is_id(project) and is_id(attachment)):
        raise UnknownName(
            "In the address of an attachment the project and the attachment are ids.",
            advice=f"Write {SHELVES['attachments'].template}; attachments_read tells them.",
        )
    nowhere = f"No {NAMES[found]} {project} has an attachment {attachment}."
    try:
        known = await call.send(GetAttachments(kind=found, project_id=int(project)))
    except NotFound:
        raise UnknownName(nowhere, advice="attachments_read lists those of a project.") from None
    stored = next((each for each in known if each.attachment_id == int(attachment)), None)
    if stored is None:
        lines = [f"{each.attachment_name or each.file_name} (id {each.attachment_id})" for each in known[:20]]
        raise UnknownName(nowhere, advice="Those of the project are shown." if lines else "", lines=lines)
    if (stored.size_in_bytes or 0) > MOST_BYTES:
        raise TooLarge(f"The file has {stored.size_in_bytes:,} bytes, and at most {MOST_BYTES:,} are fetched.")
    request = DownloadAttachment(kind=found, project_id=int(project), attachment_id=int(attachment))
    file = await call.send(request)
    name = file.name or stored.file_name or stored.attachment_name
    kept = content.media_type(name, stored.content_type or file.media_type, file.content)
    where = address("attachments", found.value, project, attachment)
    return Content(name, kept, file.content, where, charset=content.charset(stored.content_type or file.media_type))


class TooLarge(ToolProblem):
    """A file that is not fetched for its size."""

    code = "too_large"


def project_kind(words: str) -> ProjectKind:
    """The kind of project in the address of an attachment.

    Raises:
        UnknownName: it is none of the three.
    """
    try:
        found = kind_of(words)
    except BadArgument as error:
        raise UnknownName(error.message) from None
    if found is None:
        raise UnknownName("The address of an attachment begins with the kind: " + ", ".join(ProjectKind) + ".")
    return found


def _item_link(item: Item) -> Link:
    if isinstance(item, Template):
        detail = ", ".join(part for part in (kind_word(item.template_type), item.state.lower()) if part)
        return Link(item.template_name, address("templates", item.template_db_id), "template", detail)
    detail = ", ".join(part.lower() for part in (item.state, item.publish_status) if part)
    return Link(item.form_name, address("forms", item.form_id), "form", detail)


def _sorted(links: Any) -> list[Link]:
    return sorted(links, key=lambda each: (each.name.casefold(), each.address))
