"""A place as a short text in Markdown that a person can click through.

Names in links are texts of a campaign system: one line each, and what Markdown would make something of is escaped. The
facts of a place and its rows stand in a fence, as data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from mcp_server.words import counted, fenced, one_line, shown, table
from tools.places.place import Link, Place, Section

NAME = 120
FACT = 1000
CELL = 80
WIDE_CELL = 400
"""Characters of a value in a table; `CELL` where the text gets longer than `ROOMY_BYTES`."""
MOST = 200
"""Links or rows of one section; how many there are is always said."""
MOST_BYTES = 65_536
"""Of one text; 200 templates with names of usual length are a third of it."""
ROOMY_BYTES = 16_384

_MEANS_SOMETHING = re.compile(r"[\\`*_\[\]<>#!|~&@]|:(?=//)|(?<=www)\.|^(?=[-+=])|^(\d+)(?=[.)])", re.IGNORECASE)


def markdown(place: Place, zone: ZoneInfo) -> str:
    """The text of a place; moments are in `zone`. Cut where it gets too long, which is said."""
    for names, cells, most in ((NAME, WIDE_CELL, ROOMY_BYTES), (NAME, CELL, MOST_BYTES), (CELL, CELL, MOST_BYTES)):
        text = _text(place, zone, names, cells)
        if len(text.encode()) <= most:
            return text
    return _text(place, zone, 40, 40)


def harmless(text: str, length: int = NAME) -> str:
    """A text of a campaign system as a piece of a Markdown line that means nothing but itself."""
    return _MEANS_SOMETHING.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", one_line(text, length))


def link(to: Link, length: int = NAME) -> str:
    """A link with a harmless name; what has no name goes by its address."""
    return f"[{harmless(to.name, length) or to.address}]({to.address})"


def _text(place: Place, zone: ZoneInfo, names: int, cells: int) -> str:
    parts = [
        f"# {harmless(place.name, names) or place.kind}",
        f"{place.kind[:1].upper()}{place.kind[1:]}, {place.address}",
    ]
    if place.path:
        parts.append("In " + " / ".join(link(each, names) for each in place.path))
    facts = [f"{name}: {text}" for name, value in place.facts.items() if (text := shown(value, zone, FACT))]
    if facts:
        parts.append(fenced("\n".join(facts)))
    for section in place.sections:
        more = section.more or f'browse with address="{place.address}"'
        parts += [f"## {section.title} ({section.total})", *_content(section, zone, names, cells, more)]
    return "\n\n".join(parts) + "\n"


def _content(section: Section, zone: ZoneInfo, names: int, cells: int, more: str) -> list[str]:
    parts, links, rows = [], section.links[:MOST], section.rows[:MOST]
    if links:
        parts.append("\n".join(f"- {_line(each, names)}" for each in links))
    if rows:
        parts.append(fenced("\n".join(_table(rows, zone, cells))))
    if missing := section.total - len(links) - len(rows):
        parts.append(f"{counted(missing, 'others')} of {section.total} not shown here: use {more}.")
    return parts


def _line(to: Link, names: int) -> str:
    detail = harmless(to.detail, names)
    return link(to, names) + (f": {detail}" if detail else "")


def _table(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo, length: int) -> list[str]:
    """The rows with those columns that hold anything."""
    columns = [name for name in rows[0] if any(row.get(name) not in (None, "", [], {}) for row in rows)]
    cells = [[shown(row.get(name), zone, length) for name in columns] for row in rows]
    return table(columns, cells)
