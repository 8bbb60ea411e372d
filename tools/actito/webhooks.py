"""Finding webhooks of Actito, and the pushes of a day that failed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from tools.actito.entity_book import ROUTES, OfEntity, entity_of
from tools.actito.webhook_book import ROUTES as ELEMENT_ROUTES
from tools.actito.webhook_book import Names, called, facts, webhook_of
from tools.call import Call
from tools.columns import choose, words_in
from tools.dates import read_day
from tools.declare import finds
from tools.errors import BadArgument
from tools.listing import Listing, left_out, narrowed_by, paged
from tools.parameters import Cursor, Fields, Limit
from upstream.actito.webhooks import GetWebhook, GetWebhookDailyErrors, ListWebhooks, Webhook
from upstream.errors import NotFound, RouteMissing
from upstream.moment import Dates

COLUMNS = ("name", "id", "on", "event", "only_fields", "address", "push", "active", "headers")
SHOWN = ("name", "id", "on", "address", "push", "active")

_MOMENT = re.compile(r"moment|time|date|^at$", re.IGNORECASE)
_BIRTH = re.compile(r"birth", re.IGNORECASE)


@finds(ListWebhooks, GetWebhook, GetWebhookDailyErrors, *ELEMENT_ROUTES, *ROUTES, title="Find webhooks")
async def actito_webhooks_find(
    call: Call,
    webhook: Annotated[int, "Id"] = 0,
    failed_on: Annotated[str, "Day: its failed pushes"] = "",
    search: Annotated[str, "Words"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing:
    """Find webhooks: what each listens to and where it sends data. Values of secret headers are never shown."""
    if failed_on and not webhook:
        raise BadArgument("Failed pushes are read of one webhook: give its id as webhook.")
    if failed_on and search.strip():
        raise BadArgument("Failed pushes are not searched, so give one of failed_on and search.")
    question = {"tool": "actito_webhooks_find", "what": [webhook, failed_on, search, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        listed = ListWebhooks(entity=where)
        found = [await webhook_of(call, where, webhook)] if webhook else await call.send(listed)
        names = await Names(call, where).learn(found)
        rows = [_row(each, names) for each in found]
        if failed_on:
            return await _failed(call, where, webhook, rows[0], failed_on, fields)
        rows = [each for each in rows if words_in(search, each["name"], each["on"], each["address"])]
        notes = narrowed_by(search, rows) + (left_out(len(rows), len(found)) if webhook else [])
        shown = choose(fields, COLUMNS, COLUMNS if webhook else SHOWN)
        return Listing("webhooks", rows, shown, COLUMNS, len(rows), notes=notes)

    return await paged(call, question, cursor, limit, look)


def _row(webhook: Webhook, names: Names) -> dict[str, Any]:
    element = names.of(webhook)
    return {"name": called(webhook, element), "id": webhook.id, **facts(webhook, element)}


async def _failed(
    call: Call, entity: str, number: int, row: Mapping[str, Any], failed_on: str, fields: Sequence[str]
) -> Listing:
    """The failed pushes of a day: how many and when. What else Actito says of them waits until it is asked for."""
    on = read_day(failed_on, call.time_zone)
    try:
        answer = await call.send(GetWebhookDailyErrors(entity=entity, webhook_id=number, day=on))
    except (NotFound, RouteMissing) as error:
        raise RouteMissing(
            f"The failed pushes of {on} could not be read: {error.message}",
            advice="The webhook itself is there. Its errors may have another address in this installation: look into "
            "its documentation, or into Actito's interface.",
            status=error.status,
            operation=error.operation,
        ) from None
    extra = answer.model_extra or {}
    listed = next((each for each in extra.values() if isinstance(each, list)), None)
    dates = call.session.dates(GetWebhookDailyErrors.api.name)
    rows = [_push(dates, place, each) for place, each in enumerate(listed or [], start=1)]
    columns = list(dict.fromkeys(["name", "id", "moment", *(key for each in rows for key in each)]))
    # Numbers are counts; a text of unknown meaning may name somebody.
    counts = {name: value for name, value in extra.items() if isinstance(value, int) and listed is None}
    notes = ["What Actito says of failed pushes is not documented."]
    if (further := columns[3:]) and not fields:
        notes.append("More columns are there and may hold personal data: they are shown when asked for in fields.")
    if listed is None:
        notes.append("No list of pushes came, so how many failed is not known.")
    about = {"webhook": row["name"], "id": number, "address": row["address"], "day": on.isoformat(), **counts}
    return Listing(
        "failed pushes",
        rows,
        choose(fields, columns, ("name", "moment")),
        columns,
        len(rows),
        notes=notes,
        about=about | ({"more columns": further} if further and not fields else {}),
        counts=f"{len(rows)} failed pushes" if listed is not None else "Failed pushes",
    )


def _push(dates: Dates, place: int, said: Any) -> dict[str, Any]:
    """One failed push: when it was, and all that is said of it under names that don't hide ours."""
    values = said if isinstance(said, dict) else {"value": said}
    row: dict[str, Any] = {"name": f"push {place}", "id": None, "moment": None}
    for name, value in values.items():
        moment = dates.read(value) if _MOMENT.search(name) and not _BIRTH.search(name) else None
        if row["moment"] is None and isinstance(moment, datetime):
            row["moment"] = moment
        else:
            row[f"pushed {name}" if name in ("name", "id", "moment") else name] = value
    return row
