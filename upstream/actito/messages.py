"""Messages to single people: triggers of running campaigns, and transactional messages. Each of them sends."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import Field

from upstream.actito.emails import EmailCampaignRequest
from upstream.actito.objects import NamedValue, Outcome, Stored
from upstream.actito.profile import DataCollection
from upstream.actito.segments import Reference
from upstream.parts import Upload
from upstream.record import Entry
from upstream.request import Body, Part, Path

_MAIL = "/email-campaigns/v4/entity/{entity}/mail/{campaign}"
_TRANSACTIONAL = "/email-campaigns/v4/entity/{entity}/transactionalmail/{campaign}"


class Parameter(Entry):
    """A value for a variable of a campaign or scenario. Source: Actito, Triggering a Transactional Campaign."""

    key: str
    values: list[str | int | float | bool]


class ContactProfile(Entry):
    """To whom a transactional message goes, who is put into the transactional table.

    Source: Actito, Triggering a Transactional Campaign.
    """

    attributes: Annotated[list[NamedValue], Field(min_length=1)]
    data_collection: DataCollection | None = None


class Contact(Entry):
    """A transactional message: to whom, with what. Source: Actito, Triggering a Transactional Campaign."""

    profile: ContactProfile
    parameters: list[Parameter] | None = None

    def fingerprint(self) -> str:
        """Stands for all of it in a target, so that nothing personal does."""
        return _fingerprint(self.model_dump(mode="json", by_alias=True, exclude_unset=True))


class TriggerEmailForProfile(EmailCampaignRequest[Stored]):
    """Send a running continuous campaign to one profile. Opt-ins and marketing pressure hold. Answers the interaction.

    Source: the code of a public client. Inferred: the right, and that the campaign must be in progress.
    """

    method, path, operation, category = (
        "POST",
        _MAIL + "/profile/{profile}",
        "triggerEmailForProfile",
        "email-campaigns",
    )
    confidence, right = "observed", "write_mail_campaigns"
    targets = ("email_to_profile", "entity", "campaign", "profile")

    profile: Annotated[Reference, Path("profile", "reference")]
    parameters: Annotated[list[Parameter], Body()]


class TriggerEmailBulk(EmailCampaignRequest[Outcome]):
    """Send a running continuous campaign to several contacts.

    Source: the code of a public client, which hands on any body. Inferred: body and answer are unknown.
    """

    method, path, operation, category = "POST", _MAIL + "/contact", "triggerEmailBulk", "email-campaigns"
    confidence, right = "observed", "write_mail_campaigns"
    targets = ("email_to_contacts", "entity", "campaign", "message")

    body: Annotated[dict[str, Any], Body()]

    @property
    def message(self) -> str:
        """Stands for the body in a target."""
        return _fingerprint(self.body)


class SendTransactionalEmail(EmailCampaignRequest[Stored]):
    """Put a profile into the transactional table and send it an e-mail, whatever its opt-ins: never for marketing.

    Source: Actito, Triggering a Transactional Campaign. Inferred: the prefix, the answer.
    """

    method, path, operation, category = (
        "POST",
        _TRANSACTIONAL + "/contact",
        "sendTransactionalEmail",
        "transactional-messages",
    )
    confidence, right = "documented", "write_transactional_sendings"
    targets = ("transactional_email", "entity", "campaign", "message")

    contact: Annotated[Contact, Body()]

    @property
    def message(self) -> str:
        """Stands for the contact in a target."""
        return self.contact.fingerprint()


class SendTransactionalEmailWithAttachment(EmailCampaignRequest[Stored]):
    """The same with files.

    Source: Actito, Triggering a Transactional Campaign. Inferred: the prefix, and the names of the parts.
    """

    method, path, operation, category = (
        "POST",
        _TRANSACTIONAL + "/contactWithAttachment",
        "sendTransactionalEmailWithAttachment",
        "transactional-messages",
    )
    confidence, right = "documented", "write_transactional_sendings"
    targets = ("transactional_email", "entity", "campaign", "message")

    contact: Annotated[Contact, Part("contact", "json")]
    attachments: Annotated[list[Upload], Part("attachments", "file")] = []

    @property
    def message(self) -> str:
        """Stands for the contact and the files in a target."""
        files = [[each.name, hashlib.sha256(each.content).hexdigest()] for each in self.attachments]
        return _fingerprint([self.contact.fingerprint(), files])


def _fingerprint(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
