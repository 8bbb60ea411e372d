"""The stand-in of Actito: what each of its documented, observed and inferred operations does to the data.

`service.Actito` is what the application drives; `handlers.HANDLERS` has one function for each operationId that is
served. Contract and data are loaded by the first request, so that a sandbox nobody asks for Actito starts as quickly
as before. Nothing but tokens and the quota of a minute asks the clock: its day is the day of the demo bank.
"""

from __future__ import annotations
