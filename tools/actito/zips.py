"""Zips: packed on their way to Actito, and opened within bounds where somebody gives one."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from tools.errors import BadArgument

MOST_FILES = 1000

_BY_THE_WAY = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
"""What macOS and Windows put beside the files."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these names and contents, in their order; the same files make the same bytes whenever it is made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files:
            # An entry that is made so has the first moment that a zip knows: an approval still covers the bytes later.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unzipped(data: bytes, most: int, what: str) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each with its whole name, while they are unpacked; `most` is how many bytes all may have.

    What systems add for themselves is left out. Names are checked before anything is unpacked, sizes while it is,
    since a zip need not tell the truth of them.

    Raises:
        BadArgument: it is no zip, is damaged or encrypted, holds more files or bytes than it may, or names that lead
            out, are links, or stand for the same file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, entry in _entries(archive, what).items():
                content = _content(archive, entry, most, what)
                most -= len(content)
                yield name, content
    except NotImplementedError:
        raise BadArgument(
            f"{what} is packed in a way that can't be read.", advice="Pack it anew as a plain zip."
        ) from None
    except _BROKEN:
        raise BadArgument(f"{what} is no zip, or is damaged.", advice="Pack it anew.") from None


def _entries(archive: zipfile.ZipFile, what: str) -> dict[str, zipfile.ZipInfo]:
    """The files by name; some programs of Windows write a backslash between folders."""
    found = [each for each in archive.infolist() if not each.is_dir() and not _BY_THE_WAY.search(each.filename)]
    if len(found) > MOST_FILES:
        raise BadArgument(f"{what} has {len(found):,} files; at most {MOST_FILES:,} are unpacked.")
    seen: dict[str, str] = {}
    for entry in found:
        name = entry.filename.replace("\\", "/")
        if entry.flag_bits & 1:
            raise BadArgument(f"{what} is encrypted: pack it without a password.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArgument(f"{what} has a link in it: {name[:80]!r}.", advice="Pack the file itself.")
        if _leads_out(name):
            raise BadArgument(f"{what} has a file whose path leads out of it: {name[:80]!r}.", advice="Pack it anew.")
        if other := seen.get(name.casefold()):
            raise BadArgument(
                f"{what} has two files for one name: {other[:80]!r} and {name[:80]!r}.", advice="Leave one out."
            )
        seen[name.casefold()] = name
    return dict(zip(seen.values(), found, strict=True))


def _leads_out(name: str) -> bool:
    parts = name.split("/")
    return ".." in parts or parts[0] == "" or ":" in name or not name.isprintable()


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, what: str) -> bytes:
    content = b""
    if entry.file_size <= most:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    if max(entry.file_size, len(content)) > most:
        raise BadArgument(f"{what} holds more bytes than may be unpacked.")
    return content
