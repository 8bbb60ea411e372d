"""What the typed data of an answer looks like: one schema for tools that find, one for tools that change.

Nothing is required, so that an error fits as well: a result that does not fit would reach nobody.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_ERROR = {
    "type": "object",
    "properties": {"code": _TEXT, "message": _TEXT, "retry": {"type": "boolean"}},
}

FIND_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "environment": _TEXT,
        "total": {"type": "integer"},
        "at_least": {"type": "boolean"},
        "about": {"type": "object"},
        "items": _OBJECTS,
        "files": _OBJECTS,
        "cursor": _TEXT,
        "warnings": _TEXTS,
        "error": _ERROR,
    },
}
CHANGE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {
            "type": "string",
            "enum": ["done", "needs_approval", "declined", "void", "refused", "unknown", "preview"],
        },
        "environment": _TEXT,
        "message": _TEXT,
        "results": _OBJECTS,
        "counts": {"type": "object"},
        "changes": _OBJECTS,
        "total": {"type": "integer"},
        "preview": _TEXT,
        "code": _TEXT,
        "reference": _TEXT,
        "warnings": _TEXTS,
        "error": _ERROR,
    },
}
