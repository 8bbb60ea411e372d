"""The stand-in of Unica Campaign: what each of its REST operations does to the data.

`Work` is what an operation is handed; `handlers.HANDLERS` has one function for each operationId of the contract.
"""

from __future__ import annotations

from sandbox.campaign.work import Work

__all__ = ["Work"]
