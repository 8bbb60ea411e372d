"""Files in an answer: what a client can show besides text and data, and what a file is by its bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from mimetypes import MimeTypes

INLINE_BYTES = 1024 * 1024
"""The largest file that comes whole with an answer; a larger one is named by its address."""

UNKNOWN = "application/octet-stream"

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What a model can look at."""


@dataclass(frozen=True)
class Content:
    """A file as it is stored. `address` is where it can be read again as a resource, `name` is what people call it.

    `size` is its bytes where `data` does not hold them all, because the file is too large to come along. `charset` is
    what its media type says about text, empty when it says nothing.
    """

    name: str
    media_type: str
    data: bytes = field(repr=False)
    address: str = ""
    size: int = 0
    charset: str = ""

    @property
    def bytes_in_all(self) -> int:
        return max(self.size, len(self.data))


def media_type(name: str, declared: str, data: bytes) -> str:
    """What a file is: by bytes that tell it, else as declared, else by the ending of its name.

    Whoever claims an image or a PDF without its bytes is not believed.
    """
    if known := _by_bytes(data):
        return known
    said = bare(declared)
    kind = said if said not in ("", UNKNOWN) else by_name(name)
    return UNKNOWN if data and kind in _TOLD_BY_BYTES else kind


def by_name(name: str) -> str:
    """The media type that the ending of a name stands for, alike on every machine."""
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    return _ENDINGS.get(ending) or MimeTypes().guess_type(f"file.{ending}")[0] or UNKNOWN


def bare(declared: str) -> str:
    """A media type without parameters and in small letters; empty when it is none."""
    said = declared.partition(";")[0].strip().lower()
    if said in ("image/jpg", "image/pjpeg"):
        return "image/jpeg"
    return said if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,80}", said, re.ASCII) else ""


def charset(declared: str) -> str:
    """The character set that a media type names; empty when it names none."""
    found = re.search(r";\s*charset\s*=\s*\"?([\w.:-]{1,40})", declared, re.ASCII | re.IGNORECASE)
    return found[1].lower() if found else ""


WORKBOOK = "an Excel workbook (.xlsx)"
ARCHIVE = "a zip archive"


def kind_of(data: bytes) -> str:
    """What a file that should be text really is, in words, as far as its bytes tell; empty where they don't."""
    if data.startswith(b"PK\x03\x04"):
        return _in_a_zip(data)
    if known := _by_bytes(data):
        return "a PDF" if known == "application/pdf" else f"a picture ({known})"
    if found := next((kind for start, kind in _NO_TEXT.items() if data.startswith(start)), ""):
        return found
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        return "an Office file with a password" if locked else "an old Excel or Word file (.xls, .doc)"
    if re.match(rb"<(?!\?xml)[!a-z]", start, re.IGNORECASE):
        return "an HTML page"
    if start.startswith(b"<?xml"):
        return "XML"
    end = data[-4096:].rstrip()
    if start[:1] + end[-1:] in (b"{}", b"[]"):
        return "JSON"
    return ""


def _in_a_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return "a damaged zip archive"
    return next((kind for name, kind in _ZIPPED.items() if name in names), ARCHIVE)


_ZIPPED: Mapping[str, str] = {
    "xl/workbook.xml": WORKBOOK,
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "Index/Document.iwa": "a Numbers or Pages document",
    # Among the first files of every OpenDocument; which kind it is stands in it.
    "META-INF/manifest.xml": "an OpenDocument file (.ods, .odt)",
}

_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_NO_TEXT: Mapping[bytes, str] = {
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"PK\x05\x06": "an empty zip archive",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "an RTF document",
}


def is_textual(kind: str) -> bool:
    """Whether files of this media type are meant to be read as text."""
    return kind.startswith("text/") or kind.endswith(("+xml", "+json")) or kind in _TEXTUAL


_TEXTUAL = ("application/json", "application/xml", "application/javascript", "application/sql", "application/yaml")

_ENDINGS: Mapping[str, str] = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "log": "text/plain",
    "md": "text/markdown",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""Endings that the tables of Python have not, or not in every release."""

_STARTS: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
}
_TOLD_BY_BYTES = {*IMAGES, *_STARTS.values()}


def _by_bytes(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _STARTS.items() if data.startswith(start)), "")
