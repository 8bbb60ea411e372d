"""All handlers by operationId."""

from __future__ import annotations

from sandbox.campaign import (  # noqa: F401 (importing a module registers its handlers)
    attributes,
    campaigns,
    offer_changes,
    offer_lists,
    offer_reads,
    target_cell_changes,
    target_cells,
)
from sandbox.campaign.work import HANDLERS

__all__ = ["HANDLERS"]
