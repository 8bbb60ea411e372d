"""HCL Unica Campaign: request classes and models, one module for each route category."""

from __future__ import annotations

from typing import ClassVar, Generic

from upstream.request import Answer, Api, Request

CAMPAIGN_API = Api("unica-campaign", "/Campaign/api/campaign/rest")


class CampaignRequest(Request[Answer], Generic[Answer]):
    """A route of the Campaign REST API. Source: Campaign REST API 12.1.0, index page (base address)."""

    api: ClassVar[Api] = CAMPAIGN_API
