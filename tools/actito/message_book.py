"""What is sent to single people: the campaign that can be sent so, its recipients, and the request for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools import reads
from tools.actito.email_book import campaign_of, key_of, kind_of, label_of, line_of, state_of
from tools.actito.email_content import subject_of
from tools.actito.profile_book import Found, named_by, profile_of
from tools.actito.profile_choice import whom
from tools.actito.profile_rows import opted_in
from tools.actito.table_book import Tables
from tools.actito.table_structure import Kind, Table
from tools.call import Call
from tools.errors import BadArgument, ToolProblem, UnknownName
from upstream.actito.emails import EmailCampaign
from upstream.errors import Forbidden, Refused, Unreadable

MOST = 50
"""Recipients of one call: what goes to more people is a mass mailing."""

_NOT_RUNNING = ("DRAFT", "SCHEDULED", "DONE")


@dataclass(frozen=True)
class Mailing:
    """A campaign from which messages go out. `listed` is false where Actito shows none of this name as an e-mail."""

    entity: str
    campaign: EmailCampaign
    subject: str = ""
    listed: bool = True

    @property
    def key(self) -> str:
        """What stands for the campaign in an address."""
        return key_of(self.campaign)

    @property
    def label(self) -> str:
        """What people call the campaign."""
        return label_of(self.campaign)

    @property
    def target_entity(self) -> str:
        """The entity that owns the recipients, which may be another than that of the campaign."""
        return self.campaign.entity_of_target or self.entity

    def words(self) -> list[str]:
        """The campaign and where its recipients are, in a line each."""
        number = self.campaign.campaign_id
        known = [self.campaign.name, "" if number is None else f"id {number}", state_of(self.campaign)]
        more = ", ".join(each for each in known if each not in ("", self.label))
        said = [f"{self.label} ({more})" if more else self.label]
        said += [f"subject: {self.subject}"] if self.subject else []
        said += [f"from {self.campaign.sender}"] if self.campaign.sender else []
        table = self.campaign.target_table
        whose = f"to {f'the table {table}' if table else 'a table not said'} of {self.target_entity}"
        if self.target_entity != self.entity:
            whose += f", while the campaign belongs to {self.entity}"
        return ["; ".join(said), whose]

    def bound(self) -> dict[str, Any]:
        """What an approval is for."""
        return {"settings": self.campaign.model_dump(mode="json", exclude_unset=True), "subject": self.subject}

    def doubts(self) -> list[str]:
        """What of the campaign could not be read."""
        if not self.listed:
            return ["Actito shows no e-mail campaign of this name, so its subject and state could not be read."]
        known = {"kind": kind_of(self.campaign), "state": state_of(self.campaign)}
        unread = [what for what, value in known.items() if not value]
        said = [f"Actito did not say the {' and the '.join(unread)} of the campaign."] if unread else []
        return said if self.subject else [*said, "The subject of the campaign could not be read."]


async def mailing_of(call: Call, entity: str, reference: str, *, triggered: bool) -> Mailing:
    """The campaign that is meant, if messages of this kind can go out from it.

    A transactional campaign may be missing among the e-mails (unknown); its number is then taken as it is.

    Raises:
        BadArgument: it is a mass mailing, of the other kind, or not running.
        UnknownName: there is none, with the nearest.
        Ambiguous: several have this label.
        UpstreamError: it could not be read.
    """
    try:
        campaign = await campaign_of(call, entity, reference)
    except UnknownName as error:
        if triggered or not reference.strip().isdigit():
            advice = error.advice if triggered else f"{error.advice} A transactional campaign also goes by its number."
            raise UnknownName(error.message, advice=advice, lines=error.lines) from None
        return Mailing(entity, EmailCampaign(name=reference.strip()), listed=False)
    _check(campaign, triggered=triggered)
    return Mailing(entity, campaign, await _subject(call, entity, key_of(campaign)))


def _check(campaign: EmailCampaign, *, triggered: bool) -> None:
    name, which = f"The campaign {key_of(campaign)}", [line_of(campaign)]
    mode = campaign.sending_mode
    if mode == "MASS":
        raise BadArgument(
            f"{name} is a mass mailing: it goes to its whole target, and no public route of Actito sends it.",
            advice="The person targets, tests and launches it in Actito's interface.",
            lines=which,
        )
    if mode == "TRANSACTIONAL" and triggered:
        raise BadArgument(
            f"{name} is transactional: Actito is sent the recipient's values, not a profile.",
            advice='Give recipient instead, such as {"emailAddress": "ada@example.org"}.',
            lines=which,
        )
    if mode == "CONTINUOUS" and not triggered:
        raise BadArgument(
            f"{name} is a continuous one: it goes to profiles that are there already, without files.",
            advice="Give profiles instead of recipient, files, content and collected.",
            lines=which,
        )
    if campaign.state in _NOT_RUNNING:
        raise BadArgument(
            f"{name} has the state {state_of(campaign)}: only from a running one e-mails go to single people.",
            advice="No public route activates it: the person does that in Actito's interface.",
            lines=which,
        )


async def _subject(call: Call, entity: str, key: str) -> str:
    try:
        return await subject_of(call, entity, key)
    except (Forbidden, Refused, Unreadable):
        return ""


@dataclass(frozen=True)
class Recipient:
    """A profile that is to get a message: what the caller called it, and what stands for it in an address.

    `found` is None where the key may not read profiles.
    """

    called: str
    key: str
    found: Found | None = None

    @property
    def whom(self) -> str:
        """The profile in a line of its own, see `profile_choice.whom`."""
        return whom(self.found) if self.found else self.called

    @property
    def name(self) -> str:
        """The same among others: as the caller called it, and the masked address where that says more."""
        if self.found is None or "@" in self.called:
            return self.called
        return f"{self.called} ({self.found.name})"

    @property
    def language(self) -> str:
        """As Actito writes it, such as `EN`; empty where it is not known."""
        return self.found.language if self.found else ""

    @property
    def address(self) -> str:
        """The e-mail address, unmasked; empty where it is not known."""
        return self.found.address if self.found else ""

    @property
    def opt_ins(self) -> list[str]:
        """The subscriptions that the profile is opted in to."""
        return (opted_in(self.found) if self.found else None) or []


@dataclass(frozen=True)
class Recipients:
    """Those that were found, each once, and why the others were not."""

    found: Sequence[Recipient]
    missing: Mapping[str, str] = field(default_factory=dict)


async def recipients_of(call: Call, mailing: Mailing, profiles: Sequence[str]) -> Recipients:
    """The profiles, looked for in the target table of the campaign.

    Raises:
        BadArgument: none or too many, or what names no profile.
        UnknownName: none of them is in the table.
    """
    wanted = list(dict.fromkeys(each.strip() for each in profiles))
    if len(wanted) > MOST:
        raise BadArgument(
            f"At most {MOST} profiles at once; {len(wanted)} were named.",
            advice="For more people a mass mailing is prepared, which the person launches in Actito's interface.",
        )
    table = await _table(call, mailing)
    for called in wanted:
        named_by(table, called)

    async def look(called: str) -> Recipient:
        try:
            found = await profile_of(call, table, called)
        except Forbidden:
            if not called.isdigit():
                raise
            return Recipient(called, called)
        return Recipient(called, found.reference, found)

    # The first alone: it learns which version of the API is there.
    looked = {
        **await reads.each_or_problem(wanted[:1], look),
        **await reads.each_or_problem(wanted[1:], look),
    }
    there: dict[str, Recipient] = {}
    for each in looked.values():
        if isinstance(each, Recipient):
            there.setdefault(each.key, each)
    if not there:
        raise next(each for each in looked.values() if isinstance(each, ToolProblem))
    missing = {called: each.message for called, each in looked.items() if isinstance(each, ToolProblem)}
    return Recipients(list(there.values()), missing)


async def _table(call: Call, mailing: Mailing) -> Table:
    """The target table; a key that may read no tables still names it as the campaign does."""
    name = mailing.campaign.target_table
    if not name:
        raise BadArgument(
            "Actito did not say to which profile table the campaign sends, so its recipients can't be looked up.",
            advice="The person sends it in Actito's interface.",
        )
    found: Table = await call.kept(Tables).one(call, mailing.target_entity, name, Kind.PROFILES)
    return found


async def target_table(call: Call, mailing: Mailing) -> Table | None:
    """The table into which a transactional campaign puts its recipients, None where that is not said."""
    return await _table(call, mailing) if mailing.campaign.target_table else None
