"""What each operation can do to the world outside: one table, reviewed by hand.

The flags of the contracts help and do not suffice: clearing an offer list hides inside a change of it, and so does
turning a list into the other kind, which drops its members or its query. Deleting, retiring and clearing are
destructive. Changes of values and of attribute definitions are writes, since the product
itself only lets definitions grow and `before` is kept; drawing a code reads, since nothing is created. Login and
logout write: they end tokens.

In Collaborate a flowchart selects customers and may contact them, and no route stops a run. So a run reaches customers,
and so does what lets the server run by itself: to start or resume a project, whose tasks run when they are due, and to
change its recurrence in any way, since the setting is replaced as a whole. To cancel or to finish is final, hence
destructive; to pause can be taken back. Making a project only writes: on-demand campaigns and advanced lists wait to be
started, and a simple list, in progress at once, selects and contacts nobody. Values put into a form write as well: they
take effect with a run, which is asked for, and where a project repeats by itself its tool asks for them. A deleted
folder might take along what is in it, and no route brings back an attachment.

In Actito a message to one person and the start of a scenario reach customers, and so does an import: it overwrites in
bulk, no route stops it, and what it changes can start scenarios; the definition of an import runs by itself unless it
is inactive. A webhook carries personal data out of the house, whence they can't be called back: of the guarded risks
that is the one that production asks a person for most strictly. Opt-ins and segments are consent, one by one as well as
inside the write of a profile. Every change of the structure of a table is destructive, and so is a new table, which no
route takes back. Single profiles and records, participations in forms, drafts of e-mails with their content, and custom
actions, which do nothing by themselves, only write, though scenarios may fire; what asks says so. A token only reads:
nobody knows of earlier ones that it would end.

What a route can do that no contract has, nobody knows: by its verb a GET reads and a DELETE destroys, and all else is
taken to reach customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upstream.request import Request, Risk

_READ, _WRITE, _CONSENT = Risk.READ, Risk.WRITE, Risk.CONSENT
_REACHES, _DESTRUCTIVE = Risk.REACHES_CUSTOMERS, Risk.DESTRUCTIVE


@dataclass(frozen=True, slots=True)
class Case:
    """Requests of an operation that are of another risk than usual; `said` has them in words."""

    risk: Risk
    holds: Callable[[Any], bool]
    said: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The usual risk of an operation, and the cases in which a request is of another."""

    usual: Risk
    cases: tuple[Case, ...] = ()

    @property
    def worst(self) -> Risk:
        """The worst that a request of the operation can be."""
        return max(self.usual, *(each.risk for each in self.cases), key=list(Risk).index) if self.cases else self.usual

    @property
    def worst_when(self) -> str:
        """The cases in words, for the table of routes; empty where there are none."""
        return "; ".join(f"{each.risk}: {each.said}" for each in self.cases)

    def of(self, request: Request[Any]) -> Risk:
        return next((each.risk for each in self.cases if each.holds(request)), self.usual)


def _empties_a_list(request: Any) -> bool:
    return bool(request.clear_existing) or request.is_smart_list is not None


def _sets_going(request: Any) -> bool:
    return request.change.action in ("START", "RESUME")


def _ends(request: Any) -> bool:
    return request.change.action in ("CANCEL", "FINISH")


def _gives_consent(request: Any) -> bool:
    return bool(request.body.subscriptions or request.body.segmentations)


def _runs_by_itself(request: Any) -> bool:
    return request.etl.active is not False or bool(request.etl.may_activate)


def _gets(request: Any) -> bool:
    return bool(request.verb == "GET")


def _deletes(request: Any) -> bool:
    return bool(request.verb == "DELETE")


_PROFILE_WRITE = Rule(_WRITE, (Case(_CONSENT, _gives_consent, "subscriptions or segmentations given"),))

RISKS: Mapping[str, Mapping[str, Rule]] = {
    # System -> operation -> rule; a class that stands for several operations has one row, under its pattern.
    "unica-platform": {
        "login": Rule(_WRITE),
        "logout": Rule(_WRITE),
    },
    "unica-campaign": {
        "getAttributeMetadataByNameGlobal": Rule(_READ),
        "getAttributeMetadataByTypeAndName": Rule(_READ),
        "getAttributesByName": Rule(_READ),
        "createAttributeMetadata": Rule(_WRITE),
        "updateAttributeMetadata": Rule(_WRITE),
        "updateAttributes": Rule(_WRITE),
        "deleteAttributeMetadata": Rule(_DESTRUCTIVE),
        "getCampaigns": Rule(_READ),
        "searchCampaigns": Rule(_READ),
        "getCampaign": Rule(_READ),
        "getCampaignMetrics": Rule(_READ),
        "generateCampaignCode": Rule(_READ),
        "createCampaign": Rule(_WRITE),
        "updateCampaign": Rule(_WRITE),
        "deleteCampaign": Rule(_DESTRUCTIVE),
        "deleteCampaigns": Rule(_DESTRUCTIVE),
        "getOffers": Rule(_READ),
        "getOfferTemplates": Rule(_READ),
        "validateOffers": Rule(_READ),
        "generateOfferCodes": Rule(_READ),
        "createOffers": Rule(_WRITE),
        "retireOffers": Rule(_DESTRUCTIVE),
        "deleteOffers": Rule(_DESTRUCTIVE),
        "getOffersByIds": Rule(_READ),
        "getOfferByIdV2": Rule(_READ),
        "getOffersPostV2": Rule(_READ),
        "searchOffersV2": Rule(_READ),
        "getOfferTemplatesV2": Rule(_READ),
        "getOfferTemplatesPostV2": Rule(_READ),
        "validateOffersV2": Rule(_READ),
        "validateOffersPostV2": Rule(_READ),
        "generateOfferCodesV2": Rule(_READ),
        "createBulkOffers": Rule(_WRITE),
        "duplicateOffersV2": Rule(_WRITE),
        "retireOffersV2": Rule(_DESTRUCTIVE),
        "deleteOffersV2": Rule(_DESTRUCTIVE),
        "deleteOffersPostV2": Rule(_DESTRUCTIVE),
        "getOfferListDetails": Rule(_READ),
        "createOfferList": Rule(_WRITE),
        "createSmartOffer": Rule(_WRITE),
        "updateOfferList": Rule(
            _WRITE, (Case(_DESTRUCTIVE, _empties_a_list, "clear_existing, or is_smart_list given"),)
        ),
        "retireOfferLists": Rule(_DESTRUCTIVE),
        "deleteOfferLists": Rule(_DESTRUCTIVE),
        "getTCSList": Rule(_READ),
        "getRunResults": Rule(_READ),
        "createTargetCells": Rule(_WRITE),
        "updateTargetCells": Rule(_WRITE),
        "deleteTargetCell": Rule(_DESTRUCTIVE),
        "deleteTargetCells": Rule(_DESTRUCTIVE),
    },
    "unica-collaborate": {
        "listTemplates": Rule(_READ),
        "getTemplate": Rule(_READ),
        "listTemplatesInFolder": Rule(_READ),
        "getTemplateInFolder": Rule(_READ),
        "list{tree}Folders": Rule(_READ),
        "get{tree}Folder": Rule(_READ),
        "list{tree}Subfolders": Rule(_READ),
        "create{tree}Folder": Rule(_WRITE),
        "create{tree}Subfolder": Rule(_WRITE),
        "update{tree}Folder": Rule(_WRITE),
        "delete{tree}Folder": Rule(_DESTRUCTIVE),
        "listForms": Rule(_READ),
        "getForm": Rule(_READ),
        "listFormAttributes": Rule(_READ),
        "getFormAttribute": Rule(_READ),
        "listFormOffers": Rule(_READ),
        "getFormOffer": Rule(_READ),
        "listFormsInFolder": Rule(_READ),
        "getFormInFolder": Rule(_READ),
        "listFormAttributesInFolder": Rule(_READ),
        "getFormAttributeInFolder": Rule(_READ),
        "listFormOffersInFolder": Rule(_READ),
        "getFormOfferInFolder": Rule(_READ),
        "list{kind}s": Rule(_READ),
        "get{kind}": Rule(_READ),
        "create{kind}": Rule(_WRITE),
        "update{kind}": Rule(_WRITE),
        "change{kind}State": Rule(
            _WRITE, (Case(_REACHES, _sets_going, "START, RESUME"), Case(_DESTRUCTIVE, _ends, "CANCEL, FINISH"))
        ),
        "list{kind}ProjectForms": Rule(_READ),
        "get{kind}ProjectForm": Rule(_READ),
        "update{kind}ProjectForm": Rule(_WRITE),
        "list{kind}WorkflowRows": Rule(_READ),
        "get{kind}WorkflowRow": Rule(_READ),
        "get{kind}WorkflowRunResult": Rule(_READ),
        "run{kind}WorkflowRow": Rule(_REACHES),
        "get{kind}Recurrence": Rule(_READ),
        "update{kind}Recurrence": Rule(_REACHES),
        "list{kind}Attachments": Rule(_READ),
        "download{kind}Attachment": Rule(_READ),
        "list{kind}AttachmentFolders": Rule(_READ),
        "get{kind}AttachmentFolder": Rule(_READ),
        "add{kind}Attachment": Rule(_WRITE),
        "delete{kind}Attachment": Rule(_DESTRUCTIVE),
    },
    "actito": {
        "getAccessToken": Rule(_READ),
        "listEntities": Rule(_READ),
        "listEntitiesV4": Rule(_READ),
        "listProfileTables": Rule(_READ),
        "createProfileTable": Rule(_DESTRUCTIVE),
        "getProfileTable": Rule(_READ),
        "requestProfileTableChange": Rule(_DESTRUCTIVE),
        "listProfileTableNamesV4": Rule(_READ),
        "getProfileTableV4": Rule(_READ),
        "listCustomTables": Rule(_READ),
        "createCustomTable": Rule(_DESTRUCTIVE),
        "getCustomTable": Rule(_READ),
        "requestCustomTableChange": Rule(_DESTRUCTIVE),
        "listCustomTablesV4": Rule(_READ),
        "getCustomTableV4": Rule(_READ),
        "searchProfiles": Rule(_READ),
        "upsertProfile": _PROFILE_WRITE,
        "createProfile": _PROFILE_WRITE,
        "getProfile": Rule(_READ),
        "patchProfile": _PROFILE_WRITE,
        "deleteProfile": Rule(_DESTRUCTIVE),
        "createOrUpdateProfileV4": _PROFILE_WRITE,
        "listProfilesV4": Rule(_READ),
        "getProfileV4": Rule(_READ),
        "updateProfileV4": _PROFILE_WRITE,
        "deleteProfileV4": Rule(_DESTRUCTIVE),
        "listProfileSubscriptionsV4": Rule(_READ),
        "subscribeProfileV4": Rule(_CONSENT),
        "unsubscribeProfileV4": Rule(_CONSENT),
        "listProfileSegmentationsV4": Rule(_READ),
        "setProfileSegmentationV4": Rule(_CONSENT),
        "removeProfileSegmentationV4": Rule(_CONSENT),
        "searchRecords": Rule(_READ),
        "upsertRecord": Rule(_WRITE),
        "getRecord": Rule(_READ),
        "updateRecord": Rule(_WRITE),
        "deleteRecord": Rule(_DESTRUCTIVE),
        "listEtls": Rule(_READ),
        "createEtl": Rule(_WRITE, (Case(_REACHES, _runs_by_itself, "active, or not said"),)),
        "getEtl": Rule(_READ),
        "createOneShotEtlExecution": Rule(_REACHES),
        "listEtlExecutions": Rule(_READ),
        "getEtlExecution": Rule(_READ),
        "importProfilesV4": Rule(_REACHES),
        "importRecordsV4": Rule(_REACHES),
        "getImportResultV4": Rule(_READ),
        "getImportResultFileV4": Rule(_READ),
        "listEmailCampaigns": Rule(_READ),
        "createEmailCampaign": Rule(_WRITE),
        "getEmailCampaign": Rule(_READ),
        "updateEmailCampaign": Rule(_WRITE),
        "deleteEmailCampaign": Rule(_DESTRUCTIVE),
        "getEmailSubject": Rule(_READ),
        "setEmailSubject": Rule(_WRITE),
        "getEmailBody": Rule(_READ),
        "uploadEmailBody": Rule(_WRITE),
        "triggerEmailForProfile": Rule(_REACHES),
        "triggerEmailBulk": Rule(_REACHES),
        "sendTransactionalEmail": Rule(_REACHES),
        "sendTransactionalEmailWithAttachment": Rule(_REACHES),
        "listScenarios": Rule(_READ),
        "triggerScenario": Rule(_REACHES),
        "listCustomActions": Rule(_READ),
        "createCustomAction": Rule(_WRITE),
        "getCustomAction": Rule(_READ),
        "patchCustomAction": Rule(_WRITE),
        "deleteCustomAction": Rule(_DESTRUCTIVE),
        "listWebhooks": Rule(_READ),
        "createWebhook": Rule(_REACHES),
        "getWebhook": Rule(_READ),
        "updateWebhook": Rule(_REACHES),
        "deleteWebhook": Rule(_DESTRUCTIVE),
        "getWebhookDailyErrors": Rule(_READ),
        "getFormStructure": Rule(_READ),
        "getParticipation": Rule(_READ),
        "updateParticipation": Rule(_WRITE),
        "createParticipation": Rule(_WRITE),
        "anyRoute": Rule(_REACHES, (Case(_READ, _gets, "GET"), Case(_DESTRUCTIVE, _deletes, "DELETE"))),
    },
}


def rule_of(request: Request[Any] | type[Request[Any]]) -> Rule:
    """The row of an operation.

    Raises:
        LookupError: the operation has no row, so nobody has thought about its risk; it must not be sent.
    """
    rule = RISKS.get(request.api.name, {}).get(request.operation)
    if rule is None:
        raise LookupError(f"{request.operation} of {request.api.name} has no row in the risk table (upstream/risk.py).")
    return rule


def risk_of(request: Request[Any]) -> Risk:
    """What this very request can do. Raises LookupError as `rule_of` does."""
    return rule_of(request).of(request)
