"""The content of an e-mail campaign: a subject that travels as a bare text, and a body that travels as a zip."""

from __future__ import annotations

import io
import zipfile

from sandbox.actito.emails import campaign, draft
from sandbox.actito.loading import check_size
from sandbox.actito.work import Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.multipart import Part
from sandbox.reading import BODY, Arguments

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".css")


@operation("getEmailSubject")
def get_subject(work: Work, arguments: Arguments) -> Answer:
    """GET .../content/subject: 404 as long as there is none."""
    row = campaign(work, arguments)
    if row["subject"] is None:
        raise not_found("Subject of campaign", row["name"])
    return one({"subject": row["subject"]})


@operation("setEmailSubject")
def set_subject(work: Work, arguments: Arguments) -> Answer:
    """PUT .../content/subject: the whole body is the subject, one line of it."""
    row = draft(work, arguments)
    subject = arguments[BODY]
    if not subject.strip() or len(subject.splitlines()) > 1:
        raise invalid("The subject is one line of text")
    work.update("actito_campaigns", row["id"], subject=subject, changed=work.now())
    return one({"campaignId": row["id"]})


@operation("getEmailBody")
def get_body(work: Work, arguments: Arguments) -> Answer:
    """GET .../content/body: the HTML alone, in UTF-8; 404 as long as there is none."""
    row = campaign(work, arguments)
    if row["html"] is None:
        raise not_found("Body of campaign", row["name"])
    return Answer(200, row["html"].encode("utf-8"), "text/html;charset=UTF-8")


@operation("uploadEmailBody")
def upload_body(work: Work, arguments: Arguments) -> Answer:
    """POST .../content/body: a zip with one HTML file and the images it shows."""
    row = draft(work, arguments)
    part: Part = arguments["inputFile"]
    check_size(work, part)
    html = _html(work, part.content, arguments.get("charset", "utf8"))
    work.update("actito_campaigns", row["id"], html=html, changed=work.now())
    return one({"campaignId": row["id"]})


def _html(work: Work, content: bytes, charset: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > work.switches.actito_upload_max_bytes:
                raise invalid("The content of the zip is too large")
            pages = [entry for entry in entries if entry.filename.lower().endswith((".html", ".htm"))]
            for entry in entries:
                name = entry.filename
                if name.startswith("/") or ".." in name.split("/"):
                    raise invalid(f"The zip has an entry outside of its folder: {name[:60]!r}")
                if entry not in pages and not name.lower().endswith(_IMAGES):
                    raise invalid(f"The zip has neither HTML nor an image in {name[:60]!r}")
            if len(pages) != 1:
                raise invalid(f"The zip needs one HTML file; it has {len(pages)}")
            page = archive.read(pages[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise invalid("inputFile is no zip file") from None
    try:
        return page.decode(charset)
    except (LookupError, ValueError):
        raise invalid(f"The HTML file is not in the charset {charset[:40]!r}") from None
