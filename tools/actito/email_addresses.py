"""Addresses in the HTML of an e-mail: which name files, which lead nowhere, and what to write instead."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urljoin

from tools.content import IMAGES, by_name

LONGEST_NAME = 200

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FILLED_IN = re.compile(r"\$\{|\{\{|\{%|\[%|<%|%%")
_REACHABLE = ("http:", "https:", "cid:", "data:")


def is_filled_in(address: str) -> bool:
    """Whether an address has a placeholder, so that it is known only when the message is sent.

    Source: Actito, personalizing an e-mail campaign (`${name}`); the others are those of common template languages.
    """
    return _FILLED_IN.search(address) is not None


def has_scheme(address: str) -> bool:
    """Whether an address says by what it is reached, such as https: or mailto:."""
    return _SCHEME.match(address) is not None


def is_file(address: str) -> bool:
    """Whether an address names a file that has to come along."""
    return not (has_scheme(address) or is_filled_in(address) or leads_nowhere(address))


def leads_nowhere(address: str) -> bool:
    """Whether nobody but the author can follow an address: it leads to a disk, out of the content, or to no host."""
    if scheme := _SCHEME.match(address):
        return scheme[0].lower() not in _REACHABLE
    name = file_of(address)
    return name.startswith(("/", "../")) or name == ".." or "\\" in name or not name


def file_of(address: str) -> str:
    """The name of the file that an address in HTML means, with its folders: `./img/a%20b.png?v=2` is `img/a b.png`."""
    name = unquote(address.strip().partition("?")[0].partition("#")[0]).strip()
    return posixpath.normpath(name) if name and not name.startswith("//") else name


def name_to_write(address: str) -> str:
    """What would stand in the HTML so that a file can come along: a name without what leads elsewhere."""
    name = re.sub(r"^[a-z][a-z0-9+.-]*:", "", unquote(address.strip()), flags=re.IGNORECASE)
    name = re.split(r"[?#]", name)[0].replace("\\", "/")
    if has_scheme(address) or name.startswith("//"):
        name = name.rpartition("/")[2]
    parts = [each for each in posixpath.normpath(name.lstrip("/")).split("/") if each not in ("..", ".", "")]
    return "/".join(parts) or "logo.png"


def instead_of(address: str, base: str = "") -> str:
    """What to write for an image that can't come along as it is written; `base` is the page's own.

    A name that can come along gets a different advice: whoever gives the file, gives it by this name.
    """
    if not has_scheme(address) and (whole := _below(base, address)):
        return f"write {whole}, since mail programs don't heed <base>"
    if re.match(r"//[^/?#\s]+\.", address):
        return f"write https:{address}"
    if leads_nowhere(address):
        return f"write {name_to_write(address)}, and give that file"
    return problem_with_name(file_of(address)) or "give it"


def _below(base: str, address: str) -> str:
    """The whole address that a browser reads, given the page's own; empty where there is none."""
    if not base.lower().startswith(("http:", "https:")):
        return ""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def problem_with_name(name: str) -> str:
    """Why a file of this name can't come along, in words that say what to do; empty where it can."""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return "give it a short name such as logo.png"
    if any(each.strip() in ("", ".", "..") for each in name.split("/")) or ":" in name or "\\" in name:
        return f"it leads out of the content, write {name_to_write(name)}"
    if by_name(name) not in IMAGES:
        return "it is no image that mail programs show: make it PNG, JPEG, GIF or WebP, with that ending in its name"
    return ""
