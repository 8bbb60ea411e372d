"""The HTML of an e-mail as it is given: as text, as a file in whatever character set, or in a zip with its images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.actito.email_archive import opened
from tools.actito.email_html import MOST_CHARACTERS
from tools.content import kind_of
from tools.encodings import claiming_utf8, doubts_about, page_text, refuse_controls
from tools.errors import BadArgument
from tools.uploads import Limits, from_file

_PAGES = (".html", ".htm", ".xhtml")
_SOURCES: Mapping[str, str] = {
    ".mjml": "MJML",
    **dict.fromkeys((".hbs", ".handlebars", ".mustache"), "a Handlebars template"),
    **dict.fromkeys((".pug", ".jade"), "a Pug template"),
    **dict.fromkeys(
        (".ejs", ".njk", ".liquid", ".twig", ".erb", ".haml", ".heml", ".jinja"), "the source of a template"
    ),
    **dict.fromkeys((".md", ".markdown"), "Markdown"),
    **dict.fromkeys((".eml", ".msg", ".mht", ".mhtml"), "a saved message"),
}
"""Endings of what a page is made from, or comes in."""


@dataclass(frozen=True)
class Given:
    """The HTML of a call as it is sent, and what became of it.

    Images may be taken from `files`, contents by the names that the HTML has for them, or from `folder`.
    """

    html: str = field(repr=False)
    notes: Sequence[str]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    folder: Path | None = None


def given_html(html: str, limits: Limits) -> Given:
    """The HTML that a call gives as text, or as the path of a file or a zip. Blocks while files are read.

    Raises:
        BadArgument: it is something else, is in no character set that it says, or has control characters.
        UnknownName, Ambiguous: a file that is not there, or in several allowed folders.
    """
    path = html.strip()
    if "<" in html:
        return _checked_html(Given(html, []))
    ending = path[path.rfind(".") :].casefold() if "." in path else ""
    if source := _SOURCES.get(ending):
        raise BadArgument(
            f"{path[:80]!r} is {source}, no HTML that mail programs show.",
            advice="Make HTML of it first (of MJML: `mjml mail.mjml -o mail.html`), and give that.",
        )
    if ending == ".zip":
        archive = opened(from_file(path, "", limits, "give the HTML itself"), limits)
        text, notes = _read(archive.page, archive.name)
        return _checked_html(Given(text, notes, archive.files))
    if ending not in _PAGES:
        raise BadArgument("html is the text of the page, or the path of a file that ends in .html or .zip.")
    text, notes = _read(from_file(path, "", limits, "give the HTML itself").content, path)
    return _checked_html(Given(text, notes, folder=Path(path).parent))


def _read(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of an HTML file, and what is to be told of it."""
    if (kind := kind_of(content)) and kind not in ("an HTML page", "XML"):
        raise BadArgument(f"{name[:80]!r} is {kind}, no HTML.", advice="Save the page as HTML, or give a .zip of it.")
    text, charset = page_text(content, f"The HTML file {name[:80]!r}")
    return text, [] if charset == "utf-8" else [f"The HTML file was read as {charset}."]


def _checked_html(given: Given) -> Given:
    if len(given.html) > MOST_CHARACTERS:
        raise BadArgument(f"The HTML has {len(given.html):,} characters; at most {MOST_CHARACTERS:,} are taken.")
    html, notes = in_utf8(given.html)
    return replace(given, html=html, notes=[*given.notes, *notes])


def in_utf8(html: str) -> tuple[str, list[str]]:
    """HTML that claims to be UTF-8, as which it is sent, and what is to be told of it.

    Raises:
        BadArgument: it has control characters.
    """
    refuse_controls(html, "The HTML")
    corrected, claimed = claiming_utf8(html)
    notes = [f"The HTML claimed to be {claimed[:40]}: it is sent as UTF-8, and now says so."] if claimed else []
    return corrected, [*notes, *doubts_about(html)]
