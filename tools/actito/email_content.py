"""The subject and the body that an e-mail campaign has in Actito, read whatever form they come in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread

from tools.actito.email_html import Page, fingerprint, read_page
from tools.call import Call
from tools.content import Content
from tools.encodings import page_text
from tools.errors import BadArgument
from upstream.actito.emails import GetEmailBody, GetEmailSubject, Subject
from upstream.errors import NotFound
from upstream.replies import Content as Came

ROUTES = (GetEmailSubject, GetEmailBody)
"""The routes that reading the content of a campaign takes."""

EXCERPT = 1000
"""Characters of the text of an e-mail that an answer shows."""

MOST_UNPACKED = 4 * 1024 * 1024
_MOST_NAMES = 200


@dataclass(frozen=True)
class Stored:
    """The body of a campaign as it is stored. `files` are the names in the archive, where it came as one."""

    html: str = field(repr=False)
    page: Page
    files: Sequence[str] = ()
    archive: bytes = field(default=b"", repr=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.html)

    def summary(self) -> str:
        """Its size, a fingerprint, and how its text begins."""
        return f"{len(self.html):,} characters ({self.fingerprint}): {excerpt(self.page.text, 120)}"


async def subject_of(call: Call, entity: str, campaign: str) -> str:
    """The subject of a campaign; empty where it has none. A right that is missing may look the same."""
    try:
        said = await call.send(GetEmailSubject(entity=entity, campaign=campaign))
    except NotFound:
        return ""
    return said.subject if isinstance(said, Subject) else said


async def stored_body(call: Call, entity: str, campaign: str) -> Stored | None:
    """The body of a campaign; None where it has none. A right that is missing may look the same."""
    try:
        came = await call.send(GetEmailBody(entity=entity, campaign=campaign))
    except NotFound:
        return None
    return await to_thread.run_sync(_read, came) if came.content else None


def _read(came: Came) -> Stored:
    if not came.zipped:
        return Stored(came.text, read_page(came.text))
    names, html = _unpacked(came.content)
    return Stored(html, read_page(html), names, came.content)


def _unpacked(content: bytes) -> tuple[Sequence[str], str]:
    """The names in an archive, and the text of its first page; nothing where it can't be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()][:_MOST_NAMES]
            page = next((each for each in entries if each.filename.lower().endswith((".html", ".htm"))), None)
            names = [each.filename for each in entries if each is not page]
            if page is None:
                return names, ""
            with archive.open(page) as file:
                # What an archive says of its sizes need not be true.
                return names, _text(file.read(MOST_UNPACKED))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return (), ""


def _text(page: bytes) -> str:
    try:
        return page_text(page)[0]
    except BadArgument:
        return page.decode("utf-8", "replace").removeprefix("\ufeff")


def excerpt(text: str, length: int = EXCERPT) -> str:
    """The beginning of a text, which ends in … when something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def content_row(body: Stored | None) -> dict[str, Any]:
    """The columns about the body of a campaign."""
    if body is None:
        return {"body": None, "html": None, "links": None, "images": None}
    return {
        "body": excerpt(body.page.text) or None,
        "html": f"{len(body.html):,} characters",
        "links": list(body.page.links) or None,
        "images": list(dict.fromkeys([*body.page.images, *body.files])) or None,
    }


def attached(name: str, body: Stored) -> Content:
    """The whole HTML, for an answer to carry."""
    return Content(f"{name}.html", "text/html", body.html.encode("utf-8", "replace"), charset="utf-8")
