"""A check of a draft: what recipients, mail programs and Actito will most likely mind. Notes, never an obstacle.

Source: Actito, respecting HTML rules and formatting an HTML file (links, data: images, sizes); mail programs' known
habits for all else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tools.actito.email_addresses import has_scheme, is_filled_in
from tools.actito.email_files import Body
from tools.actito.email_html import Link, Page

LONG_BYTES = 100_000
"""Gmail cuts a message off at about 102 KB, and tracked links make it longer."""
MOST_ZIP_BYTES = 4 * 1024 * 1024
HEAVY_IMAGE_BYTES = 200_000
"""Source of both: Actito, formatting an HTML file (that of its interface)."""

_NAMED = 3
_SHOWN = 40

_UNSUBSCRIBE = re.compile(
    r"un-?subscri|opt-?out|preference|desinscri|desabonn|abmeld|abbestell|austrag|uitschrij|afmeld|cancela|cancella|"
    r"darse de baja|dar de baja|desuscri|disiscri|avregistrer|avsluta|avanmal|frameld|avmeld|peruuta|wypis|rezygn|"
    r"odhlas|leiratkoz|dezabon|отпис|відпис|διαγραφ"
)
"""What a link to end a subscription is called, in the languages of Europe, without accents."""

_FOREIGN = re.compile(
    r"\{\{.{0,60}?\}\}|\{%.{0,60}?%\}|\*\|.{0,60}?\|\*|%%\w.{0,60}?%%|<%.{0,60}?%>|\[%.{0,60}?%\]|\[\[.{1,60}?\]\]"
)
"""Placeholders of other systems: Actito's are ${name}."""


def check(body: Body, *, subject: bool, marketing: bool) -> list[str]:
    """What is to be looked at before this content goes out, one line a topic, the weightiest first.

    `subject` tells whether it has one, `marketing` whether consent is what it goes by.
    """
    page = body.page
    topics = (
        _sizes(body),
        _unsubscribing(page) if marketing else [],
        _links(page),
        _left_out(page),
        _images(body),
        _placeholders(body.html),
        _head(page, subject),
    )
    return [f"Check: {'; '.join(found)}." for found in topics if found]


def _sizes(body: Body) -> list[str]:
    found = []
    if (size := len(body.html.encode())) > LONG_BYTES:
        found.append(f"the HTML has {size / 1000:,.0f} KB, and Gmail cuts messages off at about 102 KB")
    size = len(body.archive) or len(body.html.encode()) + sum(len(each.content) for each in body.images)
    if size > MOST_ZIP_BYTES:
        found.append(f"HTML and images have {size / 1024 / 1024:.1f} MB, and Actito's own import takes 4 MB")
    return found


def _unsubscribing(page: Page) -> list[str]:
    if any(map(_unsubscribes, page.anchors)):
        return []
    if any(is_filled_in(each.address) for each in page.anchors):
        return ["no link speaks of unsubscribing, but one with a placeholder may be it"]
    return ["no link speaks of unsubscribing"]


def _links(page: Page) -> list[str]:
    found = []
    if empty := [each for each in page.anchors if _is_empty(each, page)]:
        found.append(f"{_counted(len(empty), 'link leads', 'links lead')} nowhere: {_some(map(_called, empty))}")
    if relative := [each.address for each in page.anchors if _is_relative(each)]:
        said = _counted(len(relative), "link has", "links have")
        found.append(f"{said} no https://, which Actito refuses: {_some(relative)}")
    if plain := [each.address for each in page.anchors if _is_plain(each.address)]:
        found.append(f"{_counted(len(plain), 'link is', 'links are')} not encrypted: {_some(plain)}")
    return found


def _left_out(page: Page) -> list[str]:
    parts = [f"<{name}> ({count})" for name, count in page.stripped.items()]
    if page.handlers:
        parts.append(f"event handlers such as onclick ({page.handlers})")
    found = [f"most mail programs leave out {', '.join(parts)}"] if parts else []
    if linked := [address for address, what in page.needs.items() if has_scheme(address) and what != "font"]:
        found.append(f"many mail programs don't load what is linked: {_some(linked)}")
    return found


def _images(body: Body) -> list[str]:
    page, found = body.page, []
    if page.without_alt:
        said = _counted(len(page.without_alt), "image has", "images have")
        found.append(f"{said} no alt text, which shows where images are blocked: {_some(page.without_alt)}")
    if plain := [each for each in page.images if _is_plain(each)]:
        found.append(f"{_counted(len(plain), 'image is', 'images are')} not encrypted: {_some(plain)}")
    if heavy := [each.name for each in body.images if len(each.content) > HEAVY_IMAGE_BYTES]:
        found.append(f"{_counted(len(heavy), 'image has', 'images have')} more than 200 KB: {_some(heavy)}")
    return found


def _placeholders(html: str) -> list[str]:
    foreign = _FOREIGN.findall(html)
    said = "look like placeholders of another system: Actito's are ${name}, the rest goes out as it is"
    return [f"{_some(foreign)} {said}"] if foreign else []


def _head(page: Page, subject: bool) -> list[str]:
    parts = {"subject": subject, "<title>": page.title, "language (<html lang>)": page.language}
    absent = [name for name, there in parts.items() if not there]
    return [f"it has no {', no '.join(absent)}"] if absent else []


def _unsubscribes(link: Link) -> bool:
    plain = unicodedata.normalize("NFKD", f"{link.words} {link.address}").casefold()
    return _UNSUBSCRIBE.search("".join(each for each in plain if not unicodedata.combining(each))) is not None


def _is_empty(link: Link, page: Page) -> bool:
    address = link.address.lower()
    if is_filled_in(address):
        return False
    if address.startswith("#"):
        return address == "#" or link.address[1:] not in page.names
    return not address or address.startswith(("javascript:", "about:")) or address.strip("/") in ("http:", "https:")


def _is_plain(address: str) -> bool:
    return address.lower().startswith("http:")


def _is_relative(link: Link) -> bool:
    address = link.address
    return bool(address) and not (has_scheme(address) or is_filled_in(address) or address.startswith("#"))


def _called(link: Link) -> str:
    words, address = link.words[:_SHOWN], link.address[:_SHOWN]
    return f"{words!r} ({address})" if words and address else repr(words) if words else address or "one without words"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _some(texts: Iterable[str]) -> str:
    shown = [each if len(each) <= _SHOWN else f"{each[: _SHOWN - 1]}…" for each in dict.fromkeys(texts)]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
