"""The content of an e-mail on its way to Actito: HTML and the images that it shows, packed as the zip of an upload."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tools.actito.email_addresses import file_of, has_scheme, instead_of, is_filled_in, name_to_write, problem_with_name
from tools.actito.email_html import Page, fingerprint, read_page
from tools.actito.email_source import Given, given_html
from tools.actito.zips import zipped
from tools.content import IMAGES, by_name, media_type
from tools.errors import BadArgument, UnknownName
from tools.uploads import Limits, Picked, from_file, from_text
from upstream.parts import Upload

CHARSET = "utf8"
"""The HTML that we send is UTF-8. Source: contract, the example of `charset`."""

PAGE_NAME = "index.html"


@dataclass(frozen=True)
class Image:
    """An image by the name that the HTML has for it; `source` says where it came from."""

    name: str
    content: bytes = field(repr=False)
    source: str

    def __str__(self) -> str:
        return f"{self.name} ({len(self.content):,} bytes, {hashlib.sha256(self.content).hexdigest()[:6]})"


@dataclass(frozen=True)
class Body:
    """The content of an e-mail as it is to be sent: HTML with images, or a zip that came from Actito itself.

    `missing` are images that the HTML shows and that don't come along, `notes` what became of what was given.
    """

    html: str = field(repr=False)
    page: Page
    images: Sequence[Image] = ()
    missing: Sequence[str] = ()
    archive: bytes = field(default=b"", repr=False)
    notes: Sequence[str] = ()

    @property
    def unused(self) -> Sequence[str]:
        """Images that come along and that the HTML doesn't show."""
        shown = set(self.page.local)
        return [each.name for each in self.images if each.name not in shown]

    @property
    def left_behind(self) -> Sequence[str]:
        """Files besides images that the HTML needs and that don't come along, with what they are."""
        files = {address: what for address, what in self.page.needs.items() if not has_scheme(address)}
        return [f"{address} ({what})" for address, what in files.items() if not is_filled_in(address)]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.html)

    def upload(self) -> Upload:
        """The zip: first the HTML, then its images; the same content makes the same bytes."""
        return Upload("content.zip", self.archive or _packed(self.html, self.images), "application/zip")


def body_of(html: str, images: Mapping[str, Any], limits: Limits) -> Body:
    """The content that a call gives: HTML as text, as a file or in a zip, and its images. Blocks while files are read.

    Images that HTML from a file or a zip shows are taken from beside it where they are not given.

    Raises:
        BadArgument: it is no HTML, an image is none, or those that it shows can't come along, all of them at once.
        UnknownName, Ambiguous: a file that is not there, or in several allowed folders.
    """
    given = given_html(html, limits)
    page = read_page(given.html)
    if page.source:
        raise BadArgument(
            f"html is the source of a template in {page.source}, no HTML that mail programs show.",
            advice="Compile it first, for MJML with `mjml mail.mjml -o mail.html`, and give what comes of it.",
        )
    if not page.tags:
        raise BadArgument("html holds no HTML: give the text of the page, or the path of an .html or .zip file.")
    usable = {name for name in page.local if not problem_with_name(name)}
    # Where the HTML has to be changed, that is said first: the names in images follow from it.
    blocked = bool(page.unusable) or len(usable) < len(page.local)
    named = {name: value for name, value in images.items() if not blocked or file_of(name) in usable}
    body = with_images(Body(given.html, page), named, limits)
    beside = [_beside(given, name, limits) for name in body.missing if name in usable]
    found = [*body.images, *(each for each in beside if each is not None)]
    names = {each.name for each in found}
    body = replace(body, images=found, missing=[each for each in body.missing if each not in names])
    if page.unusable or body.missing:
        raise _not_shown(body, [*images, *given.files])
    size = len(given.html.encode()) + sum(len(each.content) for each in body.images)
    if size > limits.most:
        raise BadArgument(f"HTML and images have {size:,} bytes; at most {limits.most:,} can be sent.")
    return replace(body, notes=[*given.notes, *_left_in_zip([each for each in given.files if each not in names])])


def with_images(body: Body, images: Mapping[str, Any], limits: Limits) -> Body:
    """The content with these images, given by the name in the HTML as a path or as base64."""
    found = [_image(name, value, limits) for name, value in images.items()]
    names = {each.name for each in found}
    if len(names) < len(found):
        raise BadArgument("images names the same file twice.")
    return replace(body, images=found, missing=[each for each in body.page.local if each not in names])


def _not_shown(body: Body, given: Sequence[str]) -> BadArgument:
    """Everything that keeps images from coming along, with what to write for each."""
    page = body.page
    others = {file_of(name).casefold(): file_of(name) for name in given}
    lines = [f"{each}: {instead_of(each, page.base)}" for each in page.unusable]
    for name in body.missing:
        twin = others.get(name.casefold(), "")
        hint = (
            f"write {twin}, as the file is called: capitals count"
            if twin and twin != name
            else instead_of(name, page.base)
        )
        lines.append(f"{name}: {hint}")
    count = len(lines)
    return BadArgument(
        f"{count} image{'' if count == 1 else 's'} of the HTML would not be shown.",
        advice="In the HTML write https://... or the name of a file, such as logo.png or img/logo.png; give "
        'those files by these names, as in images={"logo.png": "path or base64"}, or put them beside the HTML file.',
        lines=[each[:240] for each in lines[:20]],
    )


def _left_in_zip(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return [f"Of the zip, these are left out, since the page shows no such image: {', '.join(names[:5])}{more}."]


def _image(name: str, value: Any, limits: Limits) -> Image:
    """An image as a call gives it: base64, or the path of a file. A path has a dot, which base64 never has."""
    known = file_of(name)
    if problem := problem_with_name(known):
        raise BadArgument(
            f"images has {name[:80]!r}, which is no name for one: {problem}.",
            advice=f"Name it as the HTML does, such as {name_to_write(name)}.",
        )
    if not isinstance(value, str) or not value.strip():
        raise BadArgument(f"images[{name[:80]!r}] is the path of a file, or base64.")
    bare = known.rpartition("/")[2]
    text = value.strip()
    if text[:5].casefold() == "data:" or "." not in text:
        picked = _from_text(text.partition(",")[2] if text[:5].casefold() == "data:" else text, bare, limits)
    else:
        picked = from_file(text, bare, limits, "give the image as base64")
    return _checked(Image(known, picked.content, picked.source))


def _from_text(text: str, name: str, limits: Limits) -> Picked:
    try:
        return from_text(text, name, limits)
    except BadArgument as error:
        raise BadArgument(f"The image {name[:80]!r}: {error.message}", advice="Or give the path of a file.") from None


def _beside(given: Given, name: str, limits: Limits) -> Image | None:
    """An image that lies where the HTML came from; None where none does."""
    if name in given.files:
        return _checked(Image(name, given.files[name], f"{name} of the zip"))
    if given.folder is None:
        return None
    try:
        picked = from_file(str(given.folder.joinpath(*name.split("/"))), "", limits)
    except UnknownName:
        return None
    return _checked(Image(name, picked.content, picked.source))


def _checked(image: Image) -> Image:
    if (kind := media_type(image.name, "", image.content)) != by_name(image.name):
        known = kind if kind in IMAGES else "no such image"
        raise BadArgument(f"{image.name[:80]!r} is {known} by its bytes: its name says {by_name(image.name)}.")
    return image


def _packed(html: str, images: Sequence[Image]) -> bytes:
    return zipped([(PAGE_NAME, html.encode()), *((each.name, each.content) for each in images)])
