"""Parameters that many tools share, worded once: what a model reads of them costs tokens in every tool."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Limit = Annotated[int, "Rows", Field(ge=1, le=200)]
"""How many rows an answer has at most."""

PAGE = 50
"""Rows of a page where a tool leaves the number to us; size cuts it further."""

Cursor = Annotated[str, "Next page"]
"""Where the page begins, from an earlier answer."""

Fields = Annotated[list[str], "Columns or all"]
"""The columns to show, by name."""

References = Annotated[list[str], "Ids, codes, names"]
"""Objects as a person calls them: by id, code or exact name."""
