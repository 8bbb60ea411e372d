"""HCL Unica Collaborate: request classes and models, one module for each route category.

The project routes (/lists, /advlists, /locals) are one set of classes with a kind, the routes of the two folder trees
one set with a tree; what differs between the kinds and the trees stands in `kinds`.
"""

from __future__ import annotations

from typing import ClassVar, Generic

from upstream.request import Answer, Api, Request

# 401: no permission or not authenticated. Source: Collaborate REST API 12.1.0, status codes.
COLLABORATE_API = Api("unica-collaborate", "/collaborate/api/collaborate/v1", rights_by_401=True)


class CollaborateRequest(Request[Answer], Generic[Answer]):
    """A route of the Collaborate REST API. Source: Collaborate REST API 12.1.0 (base address)."""

    api: ClassVar[Api] = COLLABORATE_API
