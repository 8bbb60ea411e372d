"""The stand-in of Unica Collaborate: what each of its REST operations does to the data.

`Work` is what an operation is handed; `handlers.HANDLERS` has one function for each operationId that is served.
Nothing in it asks the clock: its day is the day of the demo bank, so that the same calls give the same answers.
"""

from __future__ import annotations

from sandbox.collaborate.work import Work

__all__ = ["Work"]
