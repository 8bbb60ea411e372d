"""Files that are sent, and the multipart body that carries them.

Source: RFC 7578 (multipart/form-data). How quotes and line breaks in names are written follows what browsers send.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: its bytes, the name that the system shall know it by, and its media type.

    Without a name it is a part of that media type, and no file.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


def encode(parts: Sequence[tuple[str, str | Upload]]) -> tuple[bytes, str]:
    """The body of these parts, in their order, and its content type. Names and texts are UTF-8."""
    boundary = secrets.token_hex(20)
    body = bytearray()
    for name, value in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'.encode()
        if isinstance(value, Upload):
            kind = value.media_type if _fits_a_header(value.media_type) else "application/octet-stream"
            body += (f'; filename="{_quoted(value.name)}"' if value.name else "").encode()
            body += f"\r\nContent-Type: {kind}\r\n\r\n".encode()
            body += value.content
        else:
            # Without it servlet containers read a text as Latin-1.
            body += b"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" + value.encode()
        body += b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return bytes(body), f"multipart/form-data; boundary={boundary}"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _fits_a_header(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable()
