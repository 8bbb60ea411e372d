"""Creating, copying and changing drafts of e-mail campaigns in Actito."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from anyio import to_thread

from tools.actito import SYSTEM, entity_book, table_book
from tools.actito.email_addresses import name_to_write
from tools.actito.email_book import ROUTES, campaign_of, campaigns_of, key_of, kind_of, label_of, state_of
from tools.actito.email_check import check
from tools.actito.email_content import ROUTES as CONTENT_ROUTES
from tools.actito.email_content import Stored, excerpt, stored_body, subject_of
from tools.actito.email_files import Body, body_of, with_images
from tools.actito.email_html import read_page
from tools.actito.email_settings import MODES, free_name, given, in_words, settings_of, technical_name
from tools.actito.email_source import in_utf8
from tools.actito.email_writing import KIND, Draft, create, update
from tools.actito.entity_book import OfEntity, entity_of
from tools.actito.ready import Ready
from tools.actito.table_book import Tables
from tools.actito.table_structure import Kind
from tools.call import Call
from tools.change import Change, Outcome, Plan
from tools.declare import changes
from tools.errors import BadArgument
from tools.texts import stored_text
from tools.uploads import Limits
from upstream.actito import emails as routes
from upstream.actito.emails import EmailCampaign

REMAINS = (
    "Still to be done in Actito's interface, no public route does it: choose the target, check the personalisation, "
    "send a test, and launch or schedule it."
)
NOT_COPIED = "Target and personalisations don't come along with a copy."


@changes(
    routes.CreateEmailCampaign,
    routes.UpdateEmailCampaign,
    routes.SetEmailSubject,
    routes.UploadEmailBody,
    *ROUTES,
    *CONTENT_ROUTES,
    *entity_book.ROUTES,
    *table_book.PROFILE_ROUTES,
    title="Prepare an e-mail campaign",
    repeatable=False,
    # What it deletes is only its own draft of the same call.
    takes_back=(routes.DeleteEmailCampaign,),
)
async def actito_emails_save(
    call: Call,
    email: Annotated[str, "Draft to change"] = "",
    copy_of: Annotated[str, "Or campaign to copy"] = "",
    label: Annotated[str, "Display name"] = "",
    name: Annotated[str, "Technical name"] = "",
    subject: Annotated[str, "Text"] = "",
    html: Annotated[str, "HTML, or path of .html or .zip"] = "",
    images: Annotated[dict[str, Any], "By src: path or base64"] = {},
    sender: Annotated[str, "From"] = "",
    reply_to: Annotated[str, "Address"] = "",
    table: Annotated[str, "Table or Entity/Table"] = "",
    languages: Annotated[list[str], "Like EN"] = [],
    kind: Annotated[Literal["", "mass", "continuous"], "Kind"] = "",
    clear: Annotated[list[str], "reply_to"] = [],
    entity: OfEntity = "",
) -> Plan:
    """Create a draft (label, sender, languages), copy one, or change one. Target, test and launch: in Actito only."""
    if email.strip() and copy_of.strip():
        raise BadArgument("Give email to change a draft, or copy_of to make a new one, not both.")
    if email.strip() and name.strip():
        raise BadArgument("The technical name of a campaign is fixed: label can be changed, name can't.")
    if images and not (html or copy_of.strip()):
        raise BadArgument("images come with the html that shows them.")
    if clear and not (email.strip() or copy_of.strip()):
        raise BadArgument("clear is for a campaign that exists.")
    fields = given(label, sender, reply_to, languages, kind, clear)
    # Joiners hold emoji together.
    stored_text(subject.replace("\u200d", ""), "subject")
    line, limits = subject.strip(), Limits.of(call.options)
    body = await to_thread.run_sync(body_of, html, images, limits) if html else None
    where = await entity_of(call, entity)
    if email.strip():
        return await _plan_change(call, where, email, fields, table, line, body)
    source: EmailCampaign | None = None
    if copy_of.strip():
        source = await campaign_of(call, where, copy_of)
        line = line or await subject_of(call, where, key_of(source))
        body = body or await _copied(call, where, source, images, limits)
    return await _plan_new(call, where, name, fields, table, line, body, source)


async def _plan_new(
    call: Call,
    entity: str,
    name: str,
    fields: Mapping[str, Any],
    table: str,
    subject: str,
    body: Body | None,
    source: EmailCampaign | None,
) -> Plan:
    known: dict[str, Any] = settings_of(source) if source else {"content_type": "HTML", "encoding": "utf-8"}
    known["sending_mode"] = fields.get("sending_mode") or _mode(source)
    settings = {key: value for key, value in {**known, **fields}.items() if value is not None}
    if source and "display_name" not in fields:
        settings.pop("display_name", None)
    needed = {"label": "display_name", "sender": "sender", "languages": "supported_languages"}
    if missing := [word for word, field in needed.items() if field not in settings]:
        raise BadArgument(
            f"A new campaign needs {', '.join(missing)}.",
            advice='As in label="Autumn news", sender="Meridian Bank", languages=["EN", "FR"]: recipients of other '
            "languages are left out.",
        )
    settings |= await _table(call, entity, table, settings)
    technical = technical_name(name, settings["display_name"])
    there = await campaigns_of(call, entity)
    taken = {each.name.casefold() for each in there}
    if technical.casefold() in taken:
        raise BadArgument(
            f"{entity} has a campaign of the technical name {technical} already; names are never used twice.",
            advice=f'Give another, such as name="{free_name(technical, taken)}", or change that one by email.',
        )
    shown = {"entity": entity, **in_words(settings), "subject": subject, **_content(body)}
    del shown["label"]
    if shown.get("table_entity") == entity:
        del shown["table_entity"]
    if source:
        shown["copy_of"] = f"{label_of(source)} ({key_of(source)})"
    after = {key: value for key, value in shown.items() if value}
    change = Change(SYSTEM, KIND, "create", settings["display_name"], code=technical, after=after)
    ready: Ready = call.kept(Ready)
    ready.keep(change, Draft(entity, technical, settings, subject, body))
    label = settings["display_name"]
    twins = [f"{each.name} ({key_of(each)})" for each in there if each.display_name.strip() == label]
    asks = f"A campaign of this label exists already: {', '.join(twins[:5])}. Make another?" if twins else ""
    copied = [*_other_rule(source, settings), NOT_COPIED] if source else []
    checks = await _checked(body, subject, True) if body else []
    return Plan([change], warnings=[*_warnings(settings, body), *copied, REMAINS, *checks], asks=asks)


async def _plan_change(
    call: Call,
    entity: str,
    reference: str,
    fields: Mapping[str, Any],
    table: str,
    subject: str,
    body: Body | None,
) -> Plan:
    campaign = await campaign_of(call, entity, reference)
    key, settings = key_of(campaign), settings_of(campaign)
    wanted = {**settings, **fields, **(await _table(call, entity, table, settings) if table.strip() else {})}
    replaced = {name: value for name, value in wanted.items() if value is not None}
    old, new = in_words(settings), in_words(replaced)
    before = {name: old.get(name) for name in (*old, *new) if old.get(name) != new.get(name)}
    after = {name: new.get(name) for name in before}
    keeps = not before
    if subject and (now := await subject_of(call, entity, key)) != subject:
        before["subject"], after["subject"] = now or None, subject
    else:
        subject = ""
    if body and (stored := await stored_body(call, entity, key)) is not None and not _differs(body, stored):
        body = None
    elif body:
        before |= {"body": stored.summary()} if stored else {"body": None}
        after |= _content(body)
    change = Change(
        SYSTEM,
        KIND,
        "update",
        label_of(campaign),
        f"{entity}/{key}",
        campaign.name,
        before=before,
        after=after,
        number=key,
    )
    if not after:
        return Plan([], [Outcome(change, "already", "it is so already, or nothing to change was given", key)])
    if campaign.state and campaign.state != "DRAFT" and (state := state_of(campaign)) in _LIVE:
        return Plan([], [Outcome(change, "refused", f"it is {state}: {_LIVE[state]}", key)])
    draft = Draft(entity, campaign.name, {} if keeps else replaced, subject, body, key)
    ready: Ready = call.kept(Ready)
    ready.keep(change, draft)
    warnings = [*_warnings({} if keeps else after, body), REMAINS]
    if body:
        known = subject or await subject_of(call, entity, key)
        warnings += await _checked(body, known, campaign.sending_mode != "TRANSACTIONAL")
    return Plan([change], warnings=warnings, asks=_doubt(campaign))


_LIVE: Mapping[str, str] = {
    "scheduled": "what is sent would change unseen. Take it back to a draft in Actito's interface first, or copy it",
    "running": "customers would get the change unseen. Change it in Actito's interface, or copy it with copy_of",
    "done": "it was sent. Make a new one with copy_of",
}
"""States in which a change is not made here, with what to do instead. Inferred: only drafts are known to allow it."""


def _doubt(campaign: EmailCampaign) -> str:
    if campaign.state == "DRAFT":
        return ""
    said = f"Its state is {state_of(campaign)!r}" if campaign.state else "Actito doesn't say its state"
    return f"{said}, so it may not be a draft: customers may already get it. Change it all the same?"


def _mode(source: EmailCampaign | None) -> str:
    """How a new campaign sends: as the one it is copied from, if that is a mode that can be written."""
    if source is None or not source.sending_mode:
        return MODES["mass"]
    if source.sending_mode not in MODES.values():
        raise BadArgument(
            f"A campaign of the kind {kind_of(source)!r} can only be made in Actito's interface.",
            advice="Give kind to make a mass or continuous one of its content.",
        )
    return source.sending_mode


def _other_rule(source: EmailCampaign, settings: Mapping[str, Any]) -> list[str]:
    """A warning where a copy leaves the rules of transactional messages, and what of them comes along."""
    if source.sending_mode != "TRANSACTIONAL":
        return []
    said = "What is copied is transactional; the copy is marketing, for which people must be opted in."
    if (table := source.target_table) and table == settings.get("target_table"):
        said += f" It keeps the table of service messages, {table}: give another as table."
    return [said]


async def _table(call: Call, entity: str, table: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The table of the recipients and the entity that owns it, as said, as it was, or as the only one there is."""
    owner, slash, name = (each.strip() for each in table.rpartition("/"))
    owner = await entity_of(call, owner) if slash else settings.get("entity_of_target") or entity
    if not name and (known := settings.get("target_table")):
        return {"entity_of_target": owner, "target_table": known}
    found = await call.kept(Tables).one(call, owner, name, Kind.PROFILES)
    return {"entity_of_target": owner, "target_table": found.name or found.id}


async def _copied(
    call: Call, entity: str, source: EmailCampaign, images: Mapping[str, Any], limits: Limits
) -> Body | None:
    """The body of a campaign as it can be uploaded again: with all its files where it comes as an archive."""
    stored = await stored_body(call, entity, key_of(source))
    if stored is None:
        return None
    if stored.archive and not images:
        return Body(stored.html, stored.page, archive=stored.archive)
    html, notes = in_utf8(stored.html)
    return await to_thread.run_sync(with_images, Body(html, read_page(html), notes=notes), images, limits)


def _differs(body: Body, stored: Stored) -> bool:
    """Whether an upload changes anything; what images look like can't be seen from here."""
    return bool(body.images or body.archive) or body.html.strip() != stored.html.strip()


def _content(body: Body | None) -> dict[str, Any]:
    """What a person is shown of a body: its size, a fingerprint, how it begins, and the images that come along."""
    if body is None:
        return {}
    said = f"{len(body.html):,} characters ({body.fingerprint}): {excerpt(body.page.text, 120)}"
    return {"body": said, "images": [str(each) for each in body.images] or None}


async def _checked(body: Body, subject: str, marketing: bool) -> list[str]:
    return await to_thread.run_sync(partial(check, body, subject=bool(subject), marketing=marketing))


def _warnings(settings: Mapping[str, Any], body: Body | None) -> Sequence[str]:
    warnings = []
    if languages := settings.get("supported_languages") or settings.get("languages"):
        warnings.append(f"Recipients whose language is not {' or '.join(languages)} are left out.")
    if body is None:
        return warnings
    if body.missing:
        names = ", ".join(body.missing[:5])
        warnings.append(f"The API doesn't give the images of the copied HTML: {names}. Add them with images.")
    if body.unused:
        warnings.append(f"Images that the HTML doesn't show: {', '.join(body.unused[:5])}.")
    if body.left_behind:
        names = ", ".join(body.left_behind[:5])
        warnings.append(f"The HTML needs files that don't come along: {names}. Put styles into its <style> or style=.")
    if body.page.base:
        warnings.append(f"Mail programs don't heed <base href={body.page.base[:60]!r}>: write whole addresses.")
    if cids := body.page.without_file:
        write = name_to_write(cids[0])
        warnings.append(
            f"Nothing comes along for images with cid: addresses, so they stay empty: {', '.join(cids[:3])}. Write "
            f"names of files instead, such as {write if '.' in write else f'{write}.png'}, and give those in images."
        )
    if count := body.page.inline:
        which = "1 image is" if count == 1 else f"{count:,} images are"
        warnings.append(
            f"{which} part of the HTML (data:), which Actito refuses and many mail programs don't show. Write names of "
            "files instead, such as logo.png, and give those in images."
        )
    return [*warnings, *body.notes]


@actito_emails_save.applies
async def _save(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    ready: Ready = call.kept(Ready)
    return [await (create if each.verb == "create" else update)(call, each, ready.of(each)) for each in changes]
