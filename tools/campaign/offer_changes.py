"""Creating, retiring and deleting offers of Unica Campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from tools.batches import in_batches
from tools.call import Call
from tools.campaign.attribute_values import as_inputs, as_values, new_option_lines
from tools.campaign.offer_book import OfferBook, TemplateBook, TemplateGuess, offer_forms, template_definitions
from tools.campaign.usage import usage_of_offers
from tools.change import Change, Outcome, Plan, gone
from tools.declare import changes
from tools.errors import BadArgument
from tools.parameters import References
from upstream.campaign import offers, offers_v2
from upstream.campaign.attributes import GetAttributeDefinitionsByType
from upstream.campaign.offer_models import BulkOfferInfo, BulkOfferInfoResponse, OfferInfo, OfferTemplateInfo
from upstream.errors import NotFound, OutcomeUnknown, Refused, UpstreamError
from upstream.request import Risk

MOST_AT_ONCE = 1000

NEW_AT_ONCE = 100
"""New offers in one request: when its answer is lost, no more of them are in doubt."""


def _change(offer: OfferInfo, verb: str, after: dict[str, Any]) -> Change:
    before: dict[str, Any] = {"retired": offer.retired}
    if verb == "delete":
        before["description"] = offer.description
    return Change("unica", "offer", verb, offer.name, str(offer.id), offer.offer_code, Risk.DESTRUCTIVE, before, after)


async def _find(call: Call, references: list[str]) -> tuple[list[OfferInfo], list[str]]:
    book: OfferBook = call.kept(OfferBook)
    return await book.chosen(call, references, MOST_AT_ONCE)


@changes(offers.RetireOffers, offers_v2.RetireOffersV2, title="Retire offers")
async def offers_retire(call: Call, offers: References) -> Plan:
    """Retire offers for good: still seen and reported on, never assigned again."""
    found, missing = await _find(call, offers)
    active = [each for each in found if not each.retired]
    already = [Outcome(_change(each, "retire", {}), "already", "retired before") for each in found if each.retired]
    return Plan(
        [_change(each, "retire", {"retired": True}) for each in active],
        [*already, *(gone("offer", "retire", each) for each in missing)],
        await usage_of_offers(call, {each.id: each.name for each in active}) if active else None,
        final="a retired offer can never be used in a campaign again; it can only be copied.",
    )


@offers_retire.applies
async def _retire(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> list[int]:
        return await call.send(await offer_forms(call).retirement([int(each.id) for each in batch]))

    async def remaining(ids: Sequence[int]) -> set[int]:
        return set(ids) - {each.id for each in await offer_forms(call).read(ids) if each.retired}

    refusal = "the system left it out of its answer: it was not retired"
    outcomes = await in_batches(changes, send, refusal, remaining=remaining)
    _forget(call)
    return outcomes


@changes(offers.DeleteOffers, offers_v2.DeleteOffersV2, offers_v2.DeleteOffersV2Index, title="Delete offers")
async def offers_delete(call: Call, offers: References) -> Plan:
    """Delete offers that were never used. A used one is refused: retire it."""
    found, missing = await _find(call, offers)
    return Plan(
        [_change(each, "delete", {}) for each in found],
        [gone("offer", "delete", each) for each in missing],
        await usage_of_offers(call, {each.id: each.name for each in found}),
        final="the offers and their attribute values are gone, and they leave every static offer list without a word.",
        safer="retire them (offers_retire): reports keep them, and nobody can assign them any more.",
    )


@offers_delete.applies
async def _delete(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    async def send(batch: Sequence[Change]) -> list[int]:
        return await call.send(await offer_forms(call).deletion([int(each.id) for each in batch]))

    async def remaining(ids: Sequence[int]) -> set[int]:
        return {each.id for each in await offer_forms(call).read(ids)}

    refusal = "in use, so the system did not delete it; retire it instead"
    outcomes = await in_batches(changes, send, refusal, remaining=remaining)
    _forget(call)
    return outcomes


def _forget(call: Call) -> None:
    call.kept(OfferBook).forget()


@changes(
    offers.CreateOffers,
    offers_v2.CreateOffersV2,
    offers_v2.DuplicateOffers,
    GetAttributeDefinitionsByType,
    title="Create or copy offers",
    repeatable=False,
)
async def offers_create(
    call: Call,
    template: Annotated[str, "Id or name"] = "",
    names: Annotated[list[str], "One new offer each"] = [],
    attributes: Annotated[dict[str, Any], "For all of them"] = {},
    offers: Annotated[list[dict[str, Any]], "Or {name, attributes} each"] = [],
    copy_of: Annotated[list[str], "Offers to copy instead"] = [],
    folder: Annotated[int, "Folder id"] = 0,
) -> Plan:
    """Create offers from a template, or copy offers. Codes are generated."""
    if copy_of:
        if names or offers or template or attributes:
            raise BadArgument("copy_of goes without template, names, offers and attributes: a copy is like its offer.")
        return await _plan_copies(call, copy_of, folder)
    chosen = await _template(call, template)
    wanted = [(name, attributes) for name in names] + [_entry(each, attributes) for each in offers]
    if not wanted:
        raise BadArgument('Say what to create: names=["Spring cashback 2027"], or offers, or copy_of.')
    if len(wanted) > MOST_AT_ONCE:
        raise BadArgument(f"At most {MOST_AT_ONCE} offers at once; {len(wanted)} were named.")
    known = await template_definitions(call, chosen)
    planned: list[Change] = []
    gains: dict[str, None] = {}
    for name, values in wanted:
        if not name.strip():
            raise BadArgument("An offer needs a name.")
        checked = as_values(as_inputs(values, known, call.time_zone))
        gains |= {line: None for line in new_option_lines(known, checked, call.time_zone)}
        after = {"template": chosen.name, "folder": folder or None, "attributes": checked}
        planned.append(Change("unica", "offer", "create", name.strip(), after=after))
    return Plan(planned, asks=" ".join([*gains, await _twins(call, [each.name for each in planned])]).strip())


def _entry(given: dict[str, Any], common: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    unknown = set(given) - {"name", "attributes"}
    own = given.get("attributes") or {}
    if unknown or not isinstance(given.get("name"), str) or not isinstance(own, dict):
        raise BadArgument(
            'Each of offers is an object like {"name": "Spring cashback", "attributes": {"channel": "Email"}}.'
        )
    return given["name"], {**common, **own}


async def _template(call: Call, reference: str) -> OfferTemplateInfo:
    book: TemplateBook = call.kept(TemplateBook)
    if not reference:
        known = await book.everything(call)
        raise BadArgument(
            "Say which template the offers come from.",
            lines=[str(book.named(each)) for each in known if not each.retired][:20],
        )
    return await book.one(call, reference)


async def _twins(call: Call, names: Sequence[str]) -> str:
    book: OfferBook = call.kept(OfferBook)
    twins = [str(twin) for twin in await book.twins(call, *names)]
    within = sorted({name for name in names if names.count(name) > 1})
    if twins:
        return "Offers of this name exist already: " + ", ".join(twins[:5]) + ". Create a second one?"
    if within:
        return "The same name is asked for several times: " + ", ".join(within[:5]) + ". Create all of them?"
    return ""


async def _plan_copies(call: Call, references: list[str], folder: int) -> Plan:
    found, missing = await _find(call, references)
    settled = [gone("offer", "copy", each) for each in missing]
    if await offer_forms(call).can_duplicate():
        planned = [
            Change("unica", "offer", "copy", each.name, after={"copy_of": each.id, "folder": folder or None})
            for each in found
        ]
        return Plan(planned, settled)
    guess = TemplateGuess(await offer_forms(call).templates())
    planned = []
    for each in found:
        template = guess.of(each)
        if template is None:
            change = Change("unica", "offer", "copy", each.name, id=str(each.id), code=each.offer_code)
            settled.append(Outcome(change, "refused", "its template can't be told; create it anew from a template"))
            continue
        values = {name: value for name, value in each.attribute_values.items() if value is not None}
        after = {"template": template.name, "folder": folder or None, "attributes": values}
        planned.append(Change("unica", "offer", "create", f"Copy of {each.name}", after=after))
    note = "This installation has no route for copies: new offers with the same attributes are created."
    return Plan(planned, settled, warnings=[note])


@offers_create.applies
async def _create(call: Call, changes: Sequence[Change]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    groups: dict[tuple[str, str, int | None], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.verb, change.after.get("template", ""), change.after["folder"]), []).append(change)
    stop = ""
    for group in groups.values():
        for start in range(0, len(group), NEW_AT_ONCE):
            batch = group[start : start + NEW_AT_ONCE]
            if stop:
                outcomes += [Outcome(each, "refused", stop) for each in batch]
                continue
            try:
                outcomes += _read_outcomes(batch, await _make(call, batch))
            except OutcomeUnknown as error:
                outcomes += [Outcome(each, "unknown", f"{_how_to_check(each)} {error.message}") for each in batch]
                stop = "not tried, because an answer before it was lost"
            except UpstreamError as error:
                outcomes += [Outcome(each, "refused", str(error)) for each in batch]
                if not isinstance(error, Refused | NotFound):
                    stop = "not tried, because of the trouble before it"
    _forget(call)
    return outcomes


async def _make(call: Call, batch: Sequence[Change]) -> list[BulkOfferInfoResponse]:
    first = batch[0]
    folder = first.after["folder"]
    forms = offer_forms(call)
    if first.verb == "copy":
        return await call.send(forms.duplication([each.after["copy_of"] for each in batch], folder), batch)
    return await call.send(
        await forms.creation(first.after["template"], [_bulk(each) for each in batch], folder), batch
    )


def _how_to_check(change: Change) -> str:
    return f'Look with offers_find search="{change.name}" before you try again.'


def _bulk(change: Change) -> BulkOfferInfo:
    return BulkOfferInfo(offer_name=change.name, attributes=as_inputs(change.after["attributes"], None, None))


def _read_outcomes(group: Sequence[Change], said: Sequence[BulkOfferInfoResponse]) -> list[Outcome]:
    outcomes = []
    for index, change in enumerate(group):
        if index >= len(said):
            reason = f"{_how_to_check(change)} The system's answer has no entry for it."
            outcomes.append(Outcome(change, "unknown", reason))
        elif (entry := said[index]).reference is None or entry.refusal:
            outcomes.append(Outcome(change, "refused", entry.refusal or "the system gave no reason"))
        else:
            shown = {**change.after, "name": entry.name or change.name}
            outcomes.append(Outcome(change, "done", id=str(entry.reference.id), code=entry.offer_code, after=shown))
    return outcomes
