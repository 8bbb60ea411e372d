"""For each category of Actito the read that shows in which style of paths an installation answers it.

Only the list of entities names nothing at all; the others name what the request at hand names as well, such as its
entity. So a 404 of theirs proves nothing, and what else they answer does.
"""

from __future__ import annotations

from typing import Any

from upstream.request import Request


def cheap_read(request: Any) -> Request[Any] | None:
    """The read for a request of Actito; None for a category that has none.

    Of profiles it is a search that finds nobody. The messages have no read and live with the e-mail campaigns.
    """
    match request.category:
        case "entities":
            from upstream.actito.entities import ListEntities

            return ListEntities()
        case "profile-table-structure":
            from upstream.actito.profile_tables import ListProfileTables

            return ListProfileTables(entity=request.entity)
        case "custom-table-structure":
            from upstream.actito.custom_tables import ListCustomTables

            return ListCustomTables(entity=request.entity)
        case "profiles":
            from upstream.actito.profiles import SearchProfiles

            table = getattr(request, "profile_table_id", "") or request.table
            return SearchProfiles(entity=request.entity, profile_table_id=table, filter={"profileId": "0"})
        case "custom-data":
            from upstream.actito.records import SearchRecords

            return SearchRecords(entity=request.entity, custom_table=request.custom_table, number=1)
        case "mass-imports":
            from upstream.actito.imports import ListEtls

            return ListEtls(entity=request.entity)
        case "email-campaigns" | "transactional-messages":
            from upstream.actito.emails import ListEmailCampaigns

            return ListEmailCampaigns(entity=request.entity)
        case "scenarios":
            from upstream.actito.scenarios import ListScenarios

            return ListScenarios(entity=request.entity, table=request.table)
        case "custom-actions":
            from upstream.actito.custom_actions import ListCustomActions

            return ListCustomActions(entity=request.entity)
        case "webhooks":
            from upstream.actito.webhooks import ListWebhooks

            return ListWebhooks(entity=request.entity)
        case "forms":
            from upstream.actito.forms import GetFormStructure

            return GetFormStructure(entity=request.entity, form=request.form)
    return None
