"""All handlers by operationId."""

from __future__ import annotations

from sandbox.collaborate import (  # noqa: F401 (importing a module registers its handlers)
    attachments,
    folders,
    forms,
    project_forms,
    projects,
    runs,
    schedules,
    templates,
    workflow,
)
from sandbox.collaborate.work import HANDLERS

__all__ = ["HANDLERS"]
