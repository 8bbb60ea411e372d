"""What is publicly known of the systems: OpenAPI files with source and certainty of each fact, notes, routes."""

from __future__ import annotations

from importlib import resources


def read(name: str) -> str:
    """The text of one file of this folder, such as `unica-campaign.openapi.yaml`."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
