"""Writing a draft of an e-mail campaign step by step: settings, subject, body, whatever fails between them.

A new draft that can't be completed is deleted again, by what the guard lends the call for it (`Call.make`). A change
that stops half-way stays as far as it came, and is told so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from tools.actito.email_book import campaigns_of, key_of
from tools.actito.email_content import stored_body, subject_of
from tools.actito.email_files import CHARSET, Body
from tools.actito.email_settings import free_name, in_words, settings_of
from tools.call import Call, Made
from tools.change import Change, Outcome
from upstream.actito.emails import (
    CreateEmailCampaign,
    EmailInput,
    EmailSettings,
    GetEmailCampaign,
    SetEmailSubject,
    UpdateEmailCampaign,
    UploadEmailBody,
)
from upstream.actito.objects import Stored
from upstream.errors import NotFound, OutcomeUnknown, Refused, UpstreamError
from upstream.request import Request

KIND = "email_campaign"


@dataclass(frozen=True)
class Draft:
    """What a change sends. `settings` is empty where they stay; `key` names a campaign that exists."""

    entity: str
    technical: str
    settings: Mapping[str, Any]
    subject: str = ""
    body: Body | None = None
    key: str = ""


@dataclass(frozen=True)
class _Step:
    """One write, and how to see that it has happened when its answer was lost."""

    what: str
    request: Request[Any]
    seen: Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class _Trouble:
    """The step at which it stopped, and why; `lost`: it may have happened all the same."""

    what: str
    reason: str
    lost: bool

    def __str__(self) -> str:
        refused = "were refused" if self.what == "settings" else "was refused"
        became = "may or may not be saved" if self.lost else refused
        return f"The {self.what} {became}: {self.reason}"


async def update(call: Call, change: Change, draft: Draft) -> Outcome:
    """Write what changes of a draft, and say how far that came."""
    steps = _steps(call, draft, draft.key)
    done, trouble = await _carry_out(call, steps)
    if trouble is not None:
        left = [each.what for each in steps[len(done) + 1 :]]
        parts = [f"Only in part: {_joined(done)} saved."] if done else []
        parts += [f"Not tried: {_joined(left)}."] if left else []
        reason = " ".join([*parts, str(trouble)])
        return Outcome(change, "unknown" if trouble.lost else "refused", reason, draft.key, after=_saved(change, done))
    try:
        now = await call.send(GetEmailCampaign(entity=draft.entity, campaign=draft.key))
    except UpstreamError as error:
        return Outcome(change, "done", f"the system said so; it could not be read again ({error.message})", draft.key)
    wanted, found = in_words(draft.settings), in_words(settings_of(now))
    other = [name for name in wanted | found if wanted.get(name) != found.get(name)] if draft.settings else []
    if other:
        reason = f"the system reported success, but these are not as they should be: {', '.join(other)}"
        return Outcome(change, "refused" if {*change.after} <= {*other} else "done", reason, draft.key)
    return Outcome(change, "done", id=draft.key)


async def create(call: Call, change: Change, draft: Draft) -> Outcome:
    """Make a draft and fill it; one that can't be filled is deleted again."""
    made: Made[Stored] | None = None
    note = ""
    try:
        known = {key_of(each) for each in await campaigns_of(call, draft.entity)}
        body = EmailInput(name=draft.technical, **draft.settings)
        made = await call.make(CreateEmailCampaign(entity=draft.entity, body=body))
        key = made.answer.id or draft.technical
    except OutcomeUnknown as loss:
        found = await _found_again(call, draft)
        if not found:
            look = f'look with actito_emails_find(emails=["{draft.technical}"]) before you try again'
            return Outcome(change, "unknown", f"It may have been created: {look}. {loss.message}")
        key, note = found, "the answer was lost, but the draft is there"
    except UpstreamError as error:
        return Outcome(change, "refused", await _not_created(call, draft, error))
    if key in known:
        reason = f"Actito answered with the id {key} of a campaign that was there before: nothing more was written."
        return Outcome(change, "unknown", f"{reason} Look at it in Actito's interface.", key)
    # Its settings went along with the creation.
    steps = _steps(call, replace(draft, settings={}), key)
    _, trouble = await _carry_out(call, steps)
    if trouble is None:
        return Outcome(change, "done", note, key)
    left = await _taken_back(call, draft, key, made)
    if not left:
        failed = f"It failed at the {trouble.what}: {trouble.reason}"
        return Outcome(change, "refused", f"Nothing is left of it: the half-made draft was deleted again. {failed}")
    what = f"The half-made draft {draft.technical} (id {key}) is left: {left.rstrip('.')}."
    do = f'Complete it with actito_emails_save(email="{key}"), or delete it with actito_emails_delete.'
    return Outcome(change, "unknown", f"{what} {do} {trouble}", key)


def _steps(call: Call, draft: Draft, key: str) -> list[_Step]:
    entity, steps = draft.entity, []

    async def settings_seen() -> bool:
        now = await call.send(GetEmailCampaign(entity=entity, campaign=key))
        return in_words(settings_of(now)) == in_words(draft.settings)

    async def subject_seen() -> bool:
        return await subject_of(call, entity, key) == draft.subject

    async def body_seen() -> bool:
        stored = await stored_body(call, entity, key)
        return stored is not None and draft.body is not None and stored.html.strip() == draft.body.html.strip()

    if draft.settings:
        replaced = UpdateEmailCampaign(entity=entity, campaign=key, body=EmailSettings(**draft.settings))
        steps.append(_Step("settings", replaced, settings_seen))
    if draft.subject:
        subject = SetEmailSubject(entity=entity, campaign=key, subject=draft.subject)
        steps.append(_Step("subject", subject, subject_seen))
    if draft.body is not None:
        charset = None if draft.body.archive else CHARSET
        upload = UploadEmailBody(entity=entity, campaign=key, input_file=draft.body.upload(), charset=charset)
        steps.append(_Step("body", upload, body_seen))
    return steps


async def _carry_out(call: Call, steps: Sequence[_Step]) -> tuple[list[str], _Trouble | None]:
    """The steps that were done, and the trouble at which the rest was given up."""
    done: list[str] = []
    for step in steps:
        try:
            await call.send(step.request)
        except OutcomeUnknown as loss:
            if not await _seen(step):
                return done, _Trouble(step.what, loss.message, lost=True)
        except UpstreamError as error:
            # Of the steps before it something was changed, whatever a refusal says of its own.
            return done, _Trouble(step.what, error.message if isinstance(error, Refused) else str(error), lost=False)
        done.append(step.what)
    return done, None


async def _seen(step: _Step) -> bool:
    try:
        return await step.seen()
    except UpstreamError:
        return False


async def _found_again(call: Call, draft: Draft) -> str:
    """After a lost answer: the draft of the name that was free before, by its number; empty where none is."""
    try:
        there = await call.send(GetEmailCampaign(entity=draft.entity, campaign=draft.technical))
    except UpstreamError:
        return ""
    return key_of(there) if there.name == draft.technical and there.state in ("", "DRAFT") else ""


async def _not_created(call: Call, draft: Draft, error: UpstreamError) -> str:
    if error.status != 409:
        return f"Not created: {error}"
    taken = {draft.technical.casefold()}
    with suppress(UpstreamError):  # a name to propose is worth less than the refusal
        taken |= {each.name.casefold() for each in await campaigns_of(call, draft.entity)}
    give = f'Give another, such as name="{free_name(draft.technical, taken)}".'
    return f"Not created: a campaign has or had the technical name {draft.technical}. {give} {error.message}"


async def _taken_back(call: Call, draft: Draft, key: str, made: Made[Stored] | None) -> str:
    """Delete the draft that this call has made; why it is left, or nothing when it is gone."""
    if made is None:
        return "the answer to its creation was lost, so it is not certain that it is this call's"
    try:
        there = await call.send(GetEmailCampaign(entity=draft.entity, campaign=key))
        if there.name != draft.technical or there.state not in ("", "DRAFT"):
            return "it is not the draft that was made"
        return await made.take_back()
    except NotFound:
        return ""
    except OutcomeUnknown as loss:
        return "" if await _is_gone(call, draft.entity, key) else f"whether it was deleted is not known, {loss.message}"
    except UpstreamError as error:
        return f"it could not be deleted, {error.message}"


async def _is_gone(call: Call, entity: str, key: str) -> bool:
    try:
        await call.send(GetEmailCampaign(entity=entity, campaign=key))
    except NotFound:
        return True
    except UpstreamError:
        return False
    return False


def _saved(change: Change, done: Sequence[str]) -> dict[str, Any]:
    """What is so now of what the change shows, by the steps that were done."""
    content = {"subject": "subject", "body": "body", "images": "body"}
    return {name: each for name, each in change.after.items() if content.get(name, "settings") in done}


def _joined(words: Sequence[str]) -> str:
    """`settings`, `settings and subject`, `settings, subject and body`."""
    return " and ".join(([", ".join(words[:-1])] if words[:-1] else []) + [*words[-1:]])
