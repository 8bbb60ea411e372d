"""Faults for the switch `faults` of a sandbox."""

from __future__ import annotations

from typing import Any


def fault(kind: str, method: str, path: str, **more: Any) -> dict[str, Any]:
    """A fault of that kind for the requests of a method to a path; `times`, `skip`, `status` and others as keywords."""
    return {"kind": kind, "method": method, "path": path, **more}
