"""The content of an e-mail on its way to Actito: HTML and the images that it shows, packed as the zip of an upload."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tools.actito.email_html import MOST_CHARACTERS, Page, file_of, fingerprint, read_page
from tools.actito.zips import zipped
from tools.content import IMAGES, by_name, media_type
from tools.errors import BadArgument, UnknownName
from tools.uploads import Limits, Picked, from_file, from_text
from upstream.parts import Upload

CHARSET = "utf8"
"""The HTML that we send is UTF-8. Source: contract, the example of `charset`."""

PAGE_NAME = "index.html"
_LONGEST_NAME = 200


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

    `missing` are images that the HTML shows and that don't come along.
    """

    html: str = field(repr=False)
    page: Page
    images: Sequence[Image] = ()
    missing: Sequence[str] = ()
    archive: bytes = field(default=b"", repr=False)

    @property
    def unused(self) -> Sequence[str]:
        """Images that come along and that the HTML doesn't show."""
        shown = set(self.page.local)
        return [each.name for each in self.images if each.name not in shown]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.html)

    def upload(self) -> Upload:
        """The zip: first the HTML, then its images; the same content makes the same bytes."""
        return Upload("content.zip", self.archive or _packed(self.html, self.images), "application/zip")


def body_of(html: str, images: Mapping[str, Any], limits: Limits) -> Body:
    """The content that a call gives: HTML as text or as a file, and its images. Blocks while files are read.

    Images that HTML from a file shows are taken from beside it where they are not given.

    Raises:
        BadArgument: it is no HTML, an image is none, or one that the HTML shows is not there.
        UnknownName, Ambiguous: a file that is not there, or in several allowed folders.
    """
    text, folder = _html(html, limits)
    page = read_page(text)
    if not page.tags:
        raise BadArgument("html holds no HTML: give the text of the page, or the path of an .html file.")
    if page.unusable:
        raise BadArgument(
            "The HTML shows images by addresses that recipients can't reach.",
            advice="Write https://..., or the name of an image in images.",
            lines=[each[:200] for each in page.unusable[:10]],
        )
    given = with_images(Body(text, page), images, limits)
    beside = [_beside(folder, name, limits) for name in given.missing] if folder is not None else []
    found = [each for each in beside if each is not None]
    names = {each.name for each in found}
    missing = [each for each in given.missing if each not in names]
    if missing:
        raise BadArgument(
            f"{len(missing)} of the images that the HTML shows {'is' if len(missing) == 1 else 'are'} not given.",
            advice='Give each by its name there, as in images={"logo.png": "path or base64"}, or write its address.',
            lines=[each[:200] for each in missing[:20]],
        )
    body = replace(given, images=[*given.images, *found], missing=())
    size = len(text.encode("utf-8", "replace")) + sum(len(each.content) for each in body.images)
    if size > limits.most:
        raise BadArgument(f"HTML and images have {size:,} bytes; at most {limits.most:,} can be sent.")
    return body


def with_images(body: Body, images: Mapping[str, Any], limits: Limits) -> Body:
    """The content with these images, given by the name in the HTML as a path or as base64."""
    found = [_image(name, value, limits) for name, value in images.items()]
    names = {each.name for each in found}
    if len(names) < len(found):
        raise BadArgument("images names the same file twice.")
    return replace(body, images=found, missing=[each for each in body.page.local if each not in names])


def _html(given: str, limits: Limits) -> tuple[str, Path | None]:
    """The text of the HTML, and the path of the folder that it was read from."""
    if "<" in given:
        text, folder = given, None
    else:
        if not given.strip().casefold().endswith((".html", ".htm")):
            raise BadArgument("html is the text of the page, or the path of a file that ends in .html.")
        text = _decoded(from_file(given.strip(), "", limits, "give the HTML itself").content)
        folder = Path(given.strip()).parent
    if len(text) > MOST_CHARACTERS:
        raise BadArgument(f"The HTML has {len(text):,} characters; at most {MOST_CHARACTERS:,} are taken.")
    return text, folder


def _decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, else as UTF-8, else in the character set that it claims."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace").removeprefix("\ufeff")
    claimed = re.search(rb"charset\s*=\s*[\"']?((?:iso|windows|latin|us-ascii)[\w-]*)", content[:4096], re.IGNORECASE)
    for name in ("utf-8", claimed[1].decode("ascii") if claimed else ""):
        try:
            return content.decode(name or "utf-8")
        except (LookupError, UnicodeError):
            continue
    raise BadArgument("The HTML file is not in UTF-8, and claims no other character set that is known: save it anew.")


def _image(name: str, value: Any, limits: Limits) -> Image:
    """An image as a call gives it: base64, or the path of a file. A path has a dot, which base64 never has."""
    known = _checked_name(name)
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


def _beside(folder: Path, name: str, limits: Limits) -> Image | None:
    """An image that lies beside the HTML; None where none is."""
    if ".." in name.split("/") or name.startswith("/"):
        return None
    known = _checked_name(name)
    try:
        picked = from_file(str(folder.joinpath(*known.split("/"))), "", limits)
    except UnknownName:
        return None
    return _checked(Image(known, picked.content, picked.source))


def _checked_name(name: str) -> str:
    known = file_of(name)
    parts = known.split("/")
    if not known or len(known) > _LONGEST_NAME or not known.isprintable() or "\\" in known:
        raise BadArgument(f"{name[:80]!r} can't be the name of an image.", advice="Write it like logo.png.")
    if any(each.strip() in ("", ".", "..") for each in parts) or ":" in known:
        raise BadArgument(f"{name[:80]!r} leads out of the content: write a name like logo.png or img/logo.png.")
    if by_name(known) not in IMAGES:
        raise BadArgument(f"{name[:80]!r} is no image that mail programs show: PNG, JPEG, GIF or WebP.")
    return known


def _checked(image: Image) -> Image:
    if (kind := media_type(image.name, "", image.content)) != by_name(image.name):
        known = kind if kind in IMAGES else "no such image"
        raise BadArgument(f"{image.name[:80]!r} is {known} by its bytes: its name says {by_name(image.name)}.")
    return image


def _packed(html: str, images: Sequence[Image]) -> bytes:
    return zipped([(PAGE_NAME, html.encode("utf-8", "replace")), *((each.name, each.content) for each in images)])
