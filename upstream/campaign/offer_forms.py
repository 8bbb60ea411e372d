"""One way to read offers and to make the requests that write them, whichever of three forms an installation has.

The routes of the offers exist as v1, as v2 of the reference page and as v2 of the index, and the pages contradict each
other. Which form is there is learnt by a read, on 404 or 405; a write uses only a form that a read has learnt. v1 goes
first, since its writes are documented in most detail; the settings can name one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from upstream.campaign import offers as v1
from upstream.campaign import offers_v2 as v2
from upstream.campaign.offer_models import (
    BulkOfferInfo,
    BulkOfferInfoResponse,
    OfferCodeOrName,
    OfferInfo,
    OfferTemplateInfo,
    OfferValidationInfo,
)
from upstream.errors import NotFound, RouteMissing
from upstream.request import Request

if TYPE_CHECKING:
    from upstream.session import Session

T = TypeVar("T")

V1, REFERENCE, INDEX = "v1", "v2-reference", "v2-index"
FAMILY = "offers"


class OfferForms:
    """The offer routes of one session, in the form that is there. `api` and `verbs` are settings (auto, v1, v2 ...)."""

    def __init__(self, session: Session, api: str = "auto", verbs: str = "auto") -> None:
        self._session = session
        second = {"auto": [REFERENCE, INDEX], "reference": [REFERENCE], "index": [INDEX]}[verbs]
        self._wanted = {"auto": [V1, *second], "v1": [V1], "v2": second}[api]

    async def read(self, ids: Sequence[int]) -> list[OfferInfo]:
        """The offers with these ids; an id without an offer is left out."""
        if not ids:
            return []
        one: Request[Any] = v2.GetOffersByIds(offer_ids=list(ids))
        if len(ids) == 1:
            one = v2.GetOffer(offer_id=ids[0])
        try:
            found = await self._send(
                {
                    V1: v1.GetOffers(offer_ids=list(ids)),
                    REFERENCE: one,
                    INDEX: v2.GetOffersV2Index(offer_ids=list(ids)),
                }
            )
        except NotFound:
            if len(ids) == 1:
                return []
            half = len(ids) // 2
            return [*await self.read(ids[:half]), *await self.read(ids[half:])]
        return [found] if isinstance(found, OfferInfo) else found

    async def everything(self) -> list[OfferInfo]:
        """Every offer, retired ones too."""
        forms = {V1: v1.GetOffers(), REFERENCE: v2.SearchOffers(), INDEX: v2.GetOffersV2Index()}
        try:
            return await self._send(forms)
        except NotFound:
            return []

    async def search(
        self, query: str = "", folder_ids: Sequence[int] = (), *, subfolders: bool = True, max_size: int | None = None
    ) -> list[OfferInfo]:
        """The offers that meet a smart-list condition, or lie in these folders (and below). Only v2 can do this."""
        request = v2.SearchOffers(
            query=query or None,
            scope_folders=list(folder_ids),
            include_sub_folder=subfolders if folder_ids else None,
            max_size=max_size,
        )
        try:
            return await self._session.send(request)
        except NotFound as error:
            raise RouteMissing(
                "This installation has no search for offers (v2), which a folder or a smart list needs.",
                operation=error.operation,
            ) from error

    async def templates(self, ids: Sequence[int] = ()) -> list[OfferTemplateInfo]:
        """The templates with these ids, or all of them."""
        try:
            return await self._send(self._template_forms(ids))
        except NotFound:
            return []

    async def validate(self, codes: Sequence[str], names: Sequence[str]) -> list[OfferValidationInfo]:
        """For each code, then for each name: its only offer, or why there is none."""
        inputs = [OfferCodeOrName(code_or_name=each) for each in [*codes, *names]]
        return await self._send(
            {
                V1: v1.ValidateOffers(offer_codes=list(codes), offer_names=list(names)),
                REFERENCE: v2.ValidateOffersV2(offer_codes=list(codes), offer_names=list(names)),
                INDEX: v2.ValidateOffersV2Index(inputs=inputs),
            }
        )

    async def draw_code(self, template_id: int) -> str:
        """A free code in the format of this template, its parts joined as by default; nothing is created."""
        modern = v2.GenerateOfferCodesV2(template_id=template_id)
        parts = await self._send({V1: v1.GenerateOfferCodes(template_id=template_id), REFERENCE: modern, INDEX: modern})
        return "-".join(parts)

    async def creation(
        self, template: str, offers: Sequence[BulkOfferInfo], folder_id: int | None
    ) -> Request[list[BulkOfferInfoResponse]]:
        """Make the request that creates offers; it answers one outcome for each, in order."""
        if await self._learnt() == V1:
            return v1.CreateOffers(template_name=template, offers=list(offers), folder_id=folder_id)
        return v2.CreateOffersV2(template_name=template, offers=list(offers), folder_id=folder_id)

    async def can_duplicate(self) -> bool:
        """Whether the installation copies offers itself: only v2 of the reference page does."""
        if REFERENCE not in self._wanted:
            return False
        if self._session.form(FAMILY) == REFERENCE:
            return True
        try:
            await self._session.send(v2.GetOfferTemplatesV2())
        except (NotFound, RouteMissing):
            return False
        return True

    def duplication(self, ids: Sequence[int], folder_id: int | None) -> Request[list[BulkOfferInfoResponse]]:
        """Make the request that copies offers, retired ones too; it answers one outcome for each."""
        return v2.DuplicateOffers(offer_ids=list(ids), folder_id=folder_id)

    async def retirement(self, ids: Sequence[int]) -> Request[list[int]]:
        """Make the request that retires offers for good; it answers the ids that the server names."""
        if await self._learnt() == V1:
            return v1.RetireOffers(offer_ids=list(ids))
        return v2.RetireOffersV2(offer_ids=list(ids))

    async def deletion(self, ids: Sequence[int]) -> Request[list[int]]:
        """Make the request that deletes offers for good; it answers the ids that the server names."""
        match await self._learnt():
            case form if form == V1:
                return v1.DeleteOffers(offer_ids=list(ids))
            case form if form == REFERENCE:
                return v2.DeleteOffersV2(offer_ids=list(ids))
        return v2.DeleteOffersV2Index(offer_ids=list(ids))

    async def _learnt(self) -> str:
        await self._learn()
        form = self._session.form(FAMILY)
        if form is None:
            raise RouteMissing("No form of the offer routes has answered a read, so nothing is written.")
        return form

    async def _learn(self) -> None:
        """Learn the form by the templates, which every form reads differently: other reads of v2 tell no form apart."""
        if self._session.form(FAMILY) in self._wanted:
            return
        forms = self._template_forms(())
        with suppress(RouteMissing, NotFound):
            await self._session.send_form(FAMILY, {form: forms[form] for form in self._wanted})

    async def _send(self, forms: Mapping[str, Request[T]]) -> T:
        await self._learn()
        wanted = {form: forms[form] for form in self._wanted}
        return await self._session.send_form(FAMILY, wanted, probe=self._template_forms(()))

    def _template_forms(self, ids: Sequence[int]) -> dict[str, Request[list[OfferTemplateInfo]]]:
        chosen = list(ids)
        return {
            V1: v1.GetOfferTemplates(template_ids=chosen),
            REFERENCE: v2.GetOfferTemplatesV2(template_ids=chosen),
            INDEX: v2.GetOfferTemplatesV2Index(template_ids=chosen or None),
        }
