"""Reading multipart/form-data (RFC 7578), the one body of the contracts that carries bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_PARAMETER = r"(?:^|;)\s*{}=\"([^\"]*)\""
_ESCAPES = {"%22": '"', "%0A": "\n", "%0D": "\r"}


@dataclass(frozen=True)
class Part:
    """One part; `file_name` is without folders, empty or None when there is none."""

    name: str
    content: bytes
    file_name: str | None = None
    media_type: str | None = None


def read(parameters: str, body: bytes) -> list[Part]:
    """The parts of a body, given what follows the media type in the header Content-Type; raises ValueError."""
    found = _BOUNDARY.search(parameters)
    if found is None:
        raise ValueError("the content type names no boundary")
    delimiter = b"\r\n--" + (found.group(1) or found.group(2)).encode("latin-1")
    _, *sections = (b"\r\n" + body).split(delimiter)
    if not sections or not sections[-1].startswith(b"--"):
        raise ValueError("the last boundary is missing")
    return [_part(section) for section in sections[:-1]]


def _part(section: bytes) -> Part:
    head, separator, content = section.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise ValueError("a part has no end of its headers")
    headers = {}
    for line in head.decode("utf-8").split("\r\n"):
        key, _, text = line.partition(":")
        headers[key.strip().lower()] = text.strip()
    disposition = headers.get("content-disposition", "")
    name = _parameter(disposition, "name")
    if name is None:
        raise ValueError("a part has no name")
    file_name = _parameter(disposition, "filename")
    if file_name is not None:
        file_name = re.split(r"[/\\]", file_name)[-1].strip()
    return Part(name, content, file_name, headers.get("content-type"))


def _parameter(disposition: str, name: str) -> str | None:
    """A parameter as browsers write it: UTF-8 in quotes, with three characters percent-encoded."""
    found = re.search(_PARAMETER.format(name), disposition)
    if found is None:
        return None
    return re.sub("%22|%0A|%0D", lambda match: _ESCAPES[match.group()], found.group(1))
