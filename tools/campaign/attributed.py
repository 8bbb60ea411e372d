"""Objects that carry attributes, of whatever kind, found by what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tools.call import Call
from tools.campaign.campaign_book import CampaignBook
from tools.campaign.offer_book import OfferBook, TemplateBook
from tools.errors import BadArgument
from tools.names import Book, Named, is_id
from upstream.campaign import campaigns, offers, offers_v2
from upstream.request import Request

Kind = Literal["campaign", "offer", "cell", "offer_template"]

ROUTES: tuple[type[Request[Any]], ...] = (
    campaigns.GetCampaigns,
    campaigns.GetCampaign,
    offers.GetOffers,
    offers.GetOfferTemplates,
    offers_v2.GetOffersByIds,
    offers_v2.GetOffer,
    offers_v2.GetOffersV2Index,
    offers_v2.SearchOffers,
    offers_v2.GetOfferTemplatesV2,
    offers_v2.GetOfferTemplatesV2Index,
)
"""What finding an object may take."""

_BOOKS: Mapping[str, type[Book[Any]]] = {"campaign": CampaignBook, "offer": OfferBook, "offer_template": TemplateBook}


async def find(call: Call, kind: Kind, reference: str) -> Named:
    """The object that this id, code or name means; a cell goes by its id alone, for no route reads it by a name.

    Raises:
        BadArgument: a cell that is not given by its id.
        UnknownName, Ambiguous: no object is called so, or several are.
    """
    if kind != "cell":
        book: Book[Any] = call.kept(_BOOKS[kind])
        return book.named(await book.one(call, reference))
    if not is_id(reference):
        raise BadArgument(
            f"A cell goes by its id here, not {reference[:80]!r}.", advice="Find it with target_cells_find."
        )
    return Named(int(reference), f"target cell {int(reference)}")
