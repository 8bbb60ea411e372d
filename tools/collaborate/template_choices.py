"""The templates that a person chooses from."""

from __future__ import annotations

from collections.abc import Sequence

from tools.call import Call
from tools.collaborate.kinds import kind_of_template
from tools.collaborate.template_book import TemplateBook
from upstream.collaborate.kinds import ProjectKind
from upstream.collaborate.templates import Template


class OnDemandTemplates(TemplateBook):
    """The enabled templates of on-demand campaigns, by id and name."""

    async def everything(self, call: Call) -> Sequence[Template]:
        return [
            each
            for each in await super().everything(call)
            if each.state.strip().upper() != "DISABLED"
            and kind_of_template(each.template_type) is ProjectKind.ON_DEMAND_CAMPAIGN
        ]
