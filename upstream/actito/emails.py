"""E-mail campaigns: settings, subject and body. Target, personalisation, test, launch, report have no public route."""

from __future__ import annotations

from typing import Annotated, Generic, Literal

from pydantic import Field

from upstream.actito.objects import Outcome, Stored, Wrapped
from upstream.actito.routes import EntityRequest
from upstream.actito.segments import Segment
from upstream.parts import Upload
from upstream.record import Entry, Many, Record
from upstream.replies import Content
from upstream.request import Answer, Body, Part, Path, Query, Text

_MAILS = "/email-campaigns/v4/entity/{entity}/mail"


class EmailCampaign(Record):
    """An e-mail campaign. `name` is technical and fixed, `display_name` the label; lists answer less than one read.

    `entity_of_target` owns the table of the recipients and may be another than the entity of the address.

    Source: the code of a public client. Inferred: campaign_id and state (DRAFT, SCHEDULED, RUNNING, DONE).
    """

    campaign_id: int | None = None
    state: str = ""
    name: str = ""
    display_name: str = ""
    content_type: str = ""
    encoding: str = ""
    entity_of_target: str = ""
    target_table: str = ""
    sender: str = Field("", alias="from")
    reply_to: str = ""
    sending_mode: str = ""
    supported_languages: Many[str] = []
    goal_tracking: bool | None = None


class EmailSettings(Entry):
    """The settings of a campaign, all but its name. `supported_languages` drops recipients of other languages.

    `sending_mode` is MASS, or (inferred) CONTINUOUS. Source: Actito, daily newsletter; the code of a public client.
    """

    display_name: str | None = None
    content_type: Literal["HTML"] | None = None
    encoding: str | None = None
    entity_of_target: str | None = None
    target_table: str | None = None
    sender: str | None = Field(None, alias="from")
    reply_to: str | None = None
    sending_mode: str | None = None
    supported_languages: list[str] | None = None
    goal_tracking: bool | None = None


class EmailInput(Entry):
    """A new campaign. `name`: letters, digits and underscores, once in an entity, for ever.

    `sending_mode` is MASS, or (inferred) CONTINUOUS. Source: Actito, daily newsletter. Inferred: what is required.
    """

    name: Annotated[str, Field(pattern="^[A-Za-z0-9_]+$")]
    content_type: Literal["HTML"]
    encoding: str
    entity_of_target: str
    target_table: str
    sender: str = Field(alias="from")
    supported_languages: Annotated[list[str], Field(min_length=1)]
    display_name: str | None = None
    reply_to: str | None = None
    sending_mode: str | None = None
    goal_tracking: bool | None = None


class Subject(Record):
    """The subject of a campaign. Inferred: how languages are told apart is unknown."""

    subject: str = ""


class EmailCampaignRequest(EntityRequest[Answer], Generic[Answer]):
    """A route of one e-mail campaign, which goes by its number or its technical name."""

    campaign: Annotated[Segment, Path()]


class ListEmailCampaigns(EntityRequest[Annotated[Many[EmailCampaign], Wrapped("mailDocuments")]]):
    """List the e-mail campaigns of an entity. Items are light: read one for all of its settings.

    Source: Actito, API reference reorganization (the path); the code of a public client. Inferred: how `date_filter` is
    written, the key of the list.
    """

    method, path, operation, category = "GET", _MAILS, "listEmailCampaigns", "email-campaigns"
    confidence, right = "documented", "read_mail_campaigns"

    name: Annotated[str | None, Query()] = None
    type: Annotated[Literal["MASS_SENDING", "CONTINUOUS"] | None, Query()] = None
    date_filter: Annotated[str | None, Query("dateFilter")] = None


class CreateEmailCampaign(EntityRequest[Stored]):
    """Create a draft with its settings; 409 for a name that is taken.

    Source: Actito, daily newsletter. Inferred: the 409, from the code of a public client.
    """

    method, path, operation, category = "POST", _MAILS, "createEmailCampaign", "email-campaigns"
    confidence, right = "documented", "write_mail_campaigns"

    body: Annotated[EmailInput, Body()]

    def taken_back(self, answer: Stored) -> DeleteEmailCampaign | None:
        number = answer.id.isascii() and answer.id.isdigit()
        return DeleteEmailCampaign(entity=self.entity, campaign=answer.id) if number else None


class GetEmailCampaign(EmailCampaignRequest[EmailCampaign]):
    """Read the settings of a campaign.

    Source: the code of a public client.
    """

    method, path, operation, category = "GET", _MAILS + "/{campaign}", "getEmailCampaign", "email-campaigns"
    confidence, right = "observed", "read_mail_campaigns"


class UpdateEmailCampaign(EmailCampaignRequest[Stored]):
    """Replace the settings of a draft: send all of them, not only those that change.

    Source: the code of a public client.
    """

    method, path, operation, category = "PUT", _MAILS + "/{campaign}", "updateEmailCampaign", "email-campaigns"
    confidence, right = "observed", "write_mail_campaigns"

    body: Annotated[EmailSettings, Body()]


class DeleteEmailCampaign(EmailCampaignRequest[Outcome]):
    """Delete a campaign.

    Source: the code of a public client. Inferred: the states that allow it are unknown, but a draft's does.
    """

    method, path, operation, category = "DELETE", _MAILS + "/{campaign}", "deleteEmailCampaign", "email-campaigns"
    confidence, right = "observed", "write_mail_campaigns"
    targets = ("email_campaign", "entity", "campaign")


class GetEmailSubject(EmailCampaignRequest[Subject | str]):
    """Read the subject, which may also come as a bare text.

    Source: the code of a public client. Inferred: how languages are told apart is unknown.
    """

    method, path, operation, category = (
        "GET",
        _MAILS + "/{campaign}/content/subject",
        "getEmailSubject",
        "email-campaigns",
    )
    confidence, right = "observed", "read_mail_campaigns"


class SetEmailSubject(EmailCampaignRequest[Stored]):
    """Set the subject, which travels as the bare text.

    Source: the code of a public client. Inferred: the media type; no language can be named.
    """

    method, path, operation, category = (
        "PUT",
        _MAILS + "/{campaign}/content/subject",
        "setEmailSubject",
        "email-campaigns",
    )
    confidence, right = "observed", "write_mail_campaigns"

    subject: Annotated[str, Text()]


class GetEmailBody(EmailCampaignRequest[Content]):
    """Read the content of a campaign.

    Source: the code of a public client. Inferred: that it is HTML; it could be a zip (`Content.zipped`).
    """

    method, path, operation, category = "GET", _MAILS + "/{campaign}/content/body", "getEmailBody", "email-campaigns"
    confidence, right = "observed", "read_mail_campaigns"


class UploadEmailBody(EmailCampaignRequest[Stored]):
    """Upload the content of a campaign: a zip with the HTML and its images. `charset` is that of the HTML, as in utf8.

    Source: the code of a public client. Inferred: no language can be named.
    """

    method, path, operation, category = (
        "POST",
        _MAILS + "/{campaign}/content/body",
        "uploadEmailBody",
        "email-campaigns",
    )
    confidence, right = "observed", "write_mail_campaigns"

    input_file: Annotated[Upload, Part("inputFile", "file")]
    charset: Annotated[str | None, Query()] = None
