"""A ready zip with the HTML of an e-mail and its images, as designers and e-mail builders hand it over."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.actito.zips import unzipped
from tools.content import kind_of
from tools.errors import BadArgument
from tools.uploads import Limits, Picked

_PAGES = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Archive:
    """The only page of a zip, its name there, and the other files, by the names that the page has for them."""

    name: str
    page: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)


def opened(picked: Picked, limits: Limits) -> Archive:
    """Open a zip within bounds: what it unpacks to may not be more than what may be sent. Blocks while it unpacks.

    Raises:
        BadArgument: it is no zip or an unsafe one, or has no page, or several.
    """
    what = f"The zip {picked.name[:80]!r}"
    if (kind := kind_of(picked.content)) and "zip archive" not in kind:
        raise BadArgument(f"{picked.name[:80]!r} is {kind}, no zip of HTML and images.")
    files = dict(unzipped(picked.content, limits.most, what))
    pages = [name for name in files if name.casefold().endswith(_PAGES)]
    if not pages:
        raise BadArgument(
            f"{what} has no HTML file.",
            advice="It has to hold one .html file and its images; of a zip within a zip give the inner one.",
            lines=[*files][:10],
        )
    if len(pages) > 1:
        raise BadArgument(
            f"{what} has {len(pages)} HTML files, of which one can be the content.",
            advice="Leave the one that is meant. Pages of several languages are imported in Actito's interface.",
            lines=pages[:10],
        )
    (page,) = pages
    folder = posixpath.dirname(page)
    return Archive(page, files.pop(page), {posixpath.relpath(name, folder or "."): files[name] for name in files})
