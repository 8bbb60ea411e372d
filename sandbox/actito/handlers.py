"""All handlers by operationId."""

from __future__ import annotations

from sandbox.actito import (  # noqa: F401 (importing a module registers its handlers)
    custom_actions,
    custom_tables,
    email_content,
    emails,
    entities,
    etls,
    forms,
    imports_v4,
    messages,
    profile_tables,
    profiles_v4,
    profiles_v5,
    records,
    scenarios,
    webhooks,
)
from sandbox.actito.work import HANDLERS

__all__ = ["HANDLERS"]
