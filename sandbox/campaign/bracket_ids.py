"""Several ids as one bracketed, comma-separated text, `[1,2]`: how v2 takes them in the query (notes, section 5)."""

from __future__ import annotations

import re

from sandbox.json_text import INT64_MAX, INT64_MIN
from sandbox.refusals import invalid


def read(name: str, text: str) -> list[int]:
    """The ids of a text; 400 when it has another form."""
    if not re.fullmatch(r"\[\s*(?:-?[0-9]{1,19}\s*(?:,\s*-?[0-9]{1,19}\s*)*)?\]", text):
        raise invalid(f"{name} takes ids in brackets, such as [1,2], not {text[:40]!r}")
    ids = [int(part) for part in re.findall(r"-?[0-9]+", text)]
    if any(not INT64_MIN <= id_ <= INT64_MAX for id_ in ids):
        raise invalid(f"{name} has an id that does not fit into 64 bits")
    return ids
