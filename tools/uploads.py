"""Files on their way to a campaign system: from a folder that the operator allowed, or as base64 text.

No path leads out of the allowed folders, by its own words or by a link: a path is compared with them before the disk is
touched, then followed to where it really leads, compared again, and opened in a way in which no link can be put into it
meanwhile. Source: what the operator sets as `upload_folders` and `upload_max_mb`.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import Ambiguous, BadArgument, ToolProblem, UnknownName

FOLDERS_SETTING = "CAMPAIGN_MCP_UPLOAD_FOLDERS"
SIZE_SETTING = "CAMPAIGN_MCP_UPLOAD_MAX_MB"
MOST_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 255
ENTRIES = 2000
"""Names of a folder that are looked through for the nearest."""


@dataclass(frozen=True)
class Limits:
    """What the operator allows: folders from which files may be sent, and the largest file in bytes."""

    folders: Sequence[Path] = ()
    most: int = MOST_BYTES

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Limits:
        folders = [Path(each) for each in json.loads(options.get("upload_folders") or "[]")]
        return cls(folders, int(options.get("upload_max_bytes") or MOST_BYTES))


@dataclass(frozen=True)
class Picked:
    """A file as it was read: its bytes, its bare name, and where it came from in words."""

    name: str
    content: bytes = field(repr=False)
    source: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]


def from_text(content: str, name: str, limits: Limits) -> Picked:
    """A file given as base64.

    Raises:
        BadArgument: it is no base64, is empty or too large, or its name can't be one.
    """
    if not name:
        raise BadArgument("A file given in content needs a name, such as name=brief.pdf.")
    text = "".join(content.split())
    if text[:5].casefold() == "data:":
        raise BadArgument("content is base64 alone: leave out what stands before the comma of a data: address.")
    if len(text) // 4 * 3 > limits.most + 2:
        raise _too_large(len(text) // 4 * 3, limits)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise BadArgument(
            "content is not base64: it has letters, digits, + and /, and = at its end up to a multiple of four.",
            advice="Encode the file anew, or give its path in file.",
        )
    _check_size(len(data), limits)
    return Picked(bare_name(name), data, "content of the call")


def from_file(
    path: str, name: str, limits: Limits, instead: str = "give the bytes as base64 in content, with a name"
) -> Picked:
    """A file below an allowed folder; a relative path is taken below each of them. Blocks while the disk is read.

    `instead` says what else the tool takes where no folder is allowed.

    Raises:
        BadArgument: no folder is allowed, the path leads out of them, it is no regular file, is empty or too large, or
            its name can't be one.
        UnknownName: there is no such file, with the nearest names.
        Ambiguous: a relative path that is there below several folders.
    """
    if not limits.folders:
        raise BadArgument(
            f"The operator allows no folder to send files from ({FOLDERS_SETTING}).",
            advice=f"Tell the person; or {instead}.",
        )
    found = _found(path, limits)
    try:
        content = _read(found, limits)
    except OSError as error:
        raise _unread(path, error) from None
    return Picked(bare_name(name or found.path.name), content, str(found.path))


@dataclass(frozen=True)
class _Found:
    """An existing path without links, and the allowed folder it is in, without links too."""

    folder: Path
    path: Path


def _found(path: str, limits: Limits) -> _Found:
    found = {each.path: each for each in (_really(folder, inside) for folder, inside in _below(path, limits)) if each}
    if not found:
        raise UnknownName(
            f"There is no file {path[:200]!r} below the allowed folders.",
            advice="The nearest are shown." if (near := _near(path, limits)) else "Ask the person for its path.",
            lines=near,
        )
    if len(found) > 1:
        raise Ambiguous(
            f"{path[:200]!r} is there below several allowed folders.",
            advice="Give its whole path.",
            lines=[str(each) for each in found],
        )
    return next(iter(found.values()))


def _below(path: str, limits: Limits) -> list[tuple[Path, Path]]:
    """The allowed folders that a path may be below by its words alone, each with the rest of the path.

    Nothing is looked up: on Windows the mere look at a path can reach another machine.
    """
    given = Path(path)
    if "\0" in path or not given.parts or ".." in given.parts or (os.name == "nt" and ":" in path[2:]):
        raise BadArgument(f"{path[:200]!r} is no path that can be used: leave out .. and signs that paths don't have.")
    if given.is_absolute():
        roots = [(folder, root) for folder in limits.folders for root in dict.fromkeys((folder, _resolved(folder)))]
        below = {folder: given.relative_to(root) for folder, root in roots if given.is_relative_to(root)}
        if not below:
            raise _outside(path)
        return list(below.items())
    if given.drive or given.root:
        raise _outside(path)
    return [(folder, given) for folder in limits.folders]


def _really(folder: Path, inside: Path) -> _Found | None:
    """Where a path really leads, None where nothing is; raises BadArgument when that is outside the folder."""
    try:
        root = folder.resolve(strict=True)
        path = (root / inside).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    if not path.is_relative_to(root):
        raise _outside(str(inside))
    return _Found(root, path)


def _read(found: _Found, limits: Limits) -> bytes:
    descriptor = _opened(found)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise BadArgument("Only regular files can be sent: this is a folder, a device or a pipe.")
        _check_size(about.st_size, limits)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limits.most + 1)
    finally:
        os.close(descriptor)
    if len(content) != about.st_size:
        raise _Changing("The file changed while it was read.", advice="Try again when it is complete.")
    return content


def _opened(found: _Found) -> int:
    """A descriptor of exactly this path: where the system can, no link is followed on the way to it."""
    # A pipe would keep the opening waiting for somebody who writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
        return _opened_and_compared(found, flags)
    parts = found.path.relative_to(found.folder).parts
    at = os.open(found.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            following = os.open(part, flags | os.O_NOFOLLOW | (0 if last else os.O_DIRECTORY), dir_fd=at)
            os.close(at)
            at = following
    except BaseException:
        os.close(at)
        raise
    return at


def _opened_and_compared(found: _Found, flags: int) -> int:
    """Where a path can't be opened step by step: it must still lead to the same file after it was opened."""
    descriptor = os.open(found.path, flags)
    try:
        again = found.path.resolve(strict=True)
        if again != found.path or not os.path.samestat(os.fstat(descriptor), again.stat()):
            raise _outside(found.path.name)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


class _Changing(ToolProblem):
    code = "file_changing"
    retry = True


def _outside(path: str) -> BadArgument:
    return BadArgument(
        f"{path[:200]!r} is not below a folder that the operator allows ({FOLDERS_SETTING}).",
        advice="Don't look for a way round: the person can put the file into an allowed folder.",
    )


def _unread(path: str, error: OSError) -> BadArgument:
    reason = {
        PermissionError: "this account may not read it",
        IsADirectoryError: "it is a folder",
    }.get(type(error), "it can't be opened, or changed while it was")
    return BadArgument(f"The file {path[:200]!r} was not read: {reason}.")


def _near(path: str, limits: Limits) -> list[str]:
    """Files in the same folder with the most similar names."""
    names: list[str] = []
    for folder, inside in _below(path, limits):
        try:
            found = _really(folder, inside.parent)
            if found is None:
                continue
            with os.scandir(found.path) as entries:
                names += [entry.name for entry, _ in zip(entries, range(ENTRIES), strict=False) if entry.is_file()]
        except (BadArgument, OSError):
            continue
    return difflib.get_close_matches(Path(path).name, names, 3, 0.5)


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder


def bare_name(name: str) -> str:
    """The name of a file without folders.

    Raises:
        BadArgument: it has a folder in it, signs that steer or hide, or no or too many characters.
    """
    name = name.strip()
    steering = any(unicodedata.category(each)[0] == "C" or each in "\u2028\u2029" for each in name)
    if not name.strip(". ") or steering or re.search(r"[/\\]", name) or len(name.encode()) > NAME_LENGTH:
        raise BadArgument(
            f"{name[:80]!r} is no bare file name: no folders, no control characters, at most {NAME_LENGTH} bytes.",
            advice="Give one in name, such as name=brief.pdf.",
        )
    return name


def _check_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise BadArgument("The file is empty: there is nothing to send.")
    if size > limits.most:
        raise _too_large(size, limits)


def _too_large(size: int, limits: Limits) -> BadArgument:
    most = f"{limits.most / 1024 / 1024:g} MiB"
    return BadArgument(f"The file has {size:,} bytes; at most {most} can be sent ({SIZE_SETTING}).")
