"""Finding e-mail campaigns of Actito: their settings, their subject, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from tools import reads
from tools.actito import entity_book
from tools.actito.email_book import ROUTES, campaign_of, key_of, kind_of, label_of, state_of
from tools.actito.email_content import ROUTES as CONTENT_ROUTES
from tools.actito.email_content import attached, content_row, stored_body, subject_of
from tools.actito.email_settings import MODES
from tools.actito.entity_book import OfEntity, entity_of
from tools.call import Call
from tools.columns import choose, words_in
from tools.content import Content
from tools.declare import finds
from tools.errors import BadArgument, ToolProblem, UnknownName
from tools.listing import Listing, Row, left_out, narrowed_by, paged
from tools.parameters import PAGE, Cursor, Fields
from upstream.actito.emails import EmailCampaign, ListEmailCampaigns
from upstream.errors import UpstreamError

LISTED = ("name", "id", "technical", "state", "kind", "table")
"""What the list of an entity holds of each campaign."""
SETTINGS = ("table_entity", "sender", "reply_to", "languages", "encoding", "goal_tracking")
BODY = ("body", "links", "images", "html")
COLUMNS = (*LISTED, "entity", *SETTINGS, "subject", *BODY)
ONE = (*LISTED, *SETTINGS, "subject")

MOST_READ = 30
"""Campaigns that are read one by one: above a hundred calls a minute Actito slows everybody down."""

TYPES: dict[str, Literal["MASS_SENDING", "CONTINUOUS"]] = {"mass": "MASS_SENDING", "continuous": "CONTINUOUS"}
"""What a person calls a kind -> what the list is asked for, which calls it otherwise than a campaign does."""

INFERRED = "Actito's pages don't name the states of a campaign: these words are inferred."


@finds(*entity_book.ROUTES, *ROUTES, *CONTENT_ROUTES, title="Find e-mail campaigns")
async def actito_emails_find(
    call: Call,
    emails: Annotated[list[str], "Ids or names"] = [],
    search: Annotated[str, "Words"] = "",
    state: Annotated[Literal["", "draft", "scheduled", "running", "done"], "State"] = "",
    kind: Annotated[Literal["", "mass", "continuous"], "Kind"] = "",
    entity: OfEntity = "",
    fields: Fields = [],
    cursor: Cursor = "",
) -> Listing:
    """Find e-mail campaigns; named ones with all settings. Fields body and html read the content."""
    question = {"tool": "actito_emails_find", "what": [emails, search, state, kind, entity, fields]}

    async def look() -> Listing:
        where = await entity_of(call, entity)
        shown = choose(fields, COLUMNS, ONE if emails else LISTED)
        notes: list[str] = []
        if emails:
            there = await _named(call, where, emails, notes)
            found = [each for each in there if not kind or each.sending_mode == MODES[kind]]
        else:
            found = there = await call.send(ListEmailCampaigns(entity=where, type=TYPES[kind] if kind else None))
        found = [each for each in found if words_in(search, each.display_name, each.name)]
        notes += narrowed_by(search, found)
        if state:
            notes += _without_state(found)
            found = [each for each in found if state_of(each) == state]
        notes += left_out(len(found), len(there)) if emails else []
        rows, files = await _rows(call, where, found, shown, notes, whole=bool(emails))
        if any(each.state for each in found):
            notes.append(INFERRED)
        return Listing("e-mail campaigns", rows, shown, COLUMNS, len(rows), notes=notes, files=files)

    return await paged(call, question, cursor, PAGE, look)


async def _named(call: Call, entity: str, references: Sequence[str], notes: list[str]) -> list[EmailCampaign]:
    """The campaigns that are meant; of several, one that is not there is told and the others are shown."""
    if len(references) > MOST_READ:
        raise BadArgument(f"At most {MOST_READ} campaigns can be named at once; {len(references)} were.")
    read = await reads.each_or_problem(references, lambda each: campaign_of(call, entity, each))
    found = {key_of(each): each for each in read.values() if isinstance(each, EmailCampaign)}
    problems = [each for each in read.values() if isinstance(each, ToolProblem)]
    if problems and not (found and all(isinstance(each, UnknownName) for each in problems)):
        raise problems[0]
    notes += [each.message for each in problems]
    return list(found.values())


def _without_state(found: Sequence[EmailCampaign]) -> list[str]:
    unknown = sum(not each.state for each in found)
    return [f"Of {unknown} campaigns the list doesn't say the state; they are left out."] if unknown else []


async def _rows(
    call: Call,
    entity: str,
    found: Sequence[EmailCampaign],
    shown: Sequence[str],
    notes: list[str],
    *,
    whole: bool,
) -> tuple[list[Row], list[Content]]:
    """The campaigns as rows, with what has to be read of each for the columns that are shown."""
    needs_settings = not whole and any(each in shown for each in SETTINGS)
    needs_subject, needs_body = "subject" in shown, any(each in shown for each in BODY)
    if not (needs_settings or needs_subject or needs_body):
        return [row(entity, each) for each in found], []
    if len(found) > MOST_READ:
        raise BadArgument(
            f"These columns are read campaign by campaign: at most {MOST_READ} are, and {len(found)} match.",
            advice="Narrow it with search, state or kind, or name campaigns in emails.",
        )
    files: list[Content] = []
    numbers = range(len(found))

    async def read(number: int) -> Row:
        campaign = found[number]
        key = key_of(campaign)
        if needs_settings:
            campaign = await campaign_of(call, entity, key)
        line = row(entity, campaign)
        if needs_subject:
            line["subject"] = await subject_of(call, entity, key) or None
        if needs_body:
            body = await stored_body(call, entity, key)
            line |= content_row(body)
            if body is not None and "html" in shown and len(found) == 1:
                files.append(attached(campaign.name or key, body))
        return line

    try:
        rows = list((await reads.each(numbers, read)).values())
    except UpstreamError as error:
        error.advice += " Without the columns subject, body, links, images and html less is read."
        raise
    if "html" in shown and len(found) > 1:
        notes.append("The whole HTML comes along when one campaign is named.")
    return rows, files


def row(entity: str, campaign: EmailCampaign) -> dict[str, Any]:
    """A campaign as a row; what an answer doesn't say is None."""
    return {
        "name": label_of(campaign),
        "id": campaign.campaign_id if campaign.campaign_id is not None else campaign.name,
        "technical": campaign.name or None,
        "state": state_of(campaign) or None,
        "kind": kind_of(campaign) or None,
        "table": campaign.target_table or None,
        "entity": entity,
        "table_entity": campaign.entity_of_target or None,
        "sender": campaign.sender or None,
        "reply_to": campaign.reply_to or None,
        "languages": list(campaign.supported_languages) or None,
        "encoding": campaign.encoding or None,
        "goal_tracking": campaign.goal_tracking,
    }
