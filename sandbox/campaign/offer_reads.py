"""Operations that read offers and templates, v1 and v2.

Unknown ids: v1 and templates answer 404 that names them; v2 answers "the offers found" (contract) and 404 when none is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from sandbox import json_text
from sandbox.campaign import bracket_ids, folders, offer_views, query_language
from sandbox.campaign.codes import DELIMITER, OFFER_FORMAT
from sandbox.campaign.work import Work, operation
from sandbox.json_text import quote
from sandbox.reading import BODY, Arguments
from sandbox.refusals import not_found


@operation("getOffers")
def get_offers(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers/getoffers: the offers with these ids, all when none is given."""
    ids = arguments.get("offerids")
    if ids is None:
        return _all(work)
    return offer_views.offers(work, work.known("offers", "Offer", ids))


@operation("getOffersByIds")
def get_offers_by_ids(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers: the offers found among the ids in brackets."""
    return _found(work, bracket_ids.read("offerIds", arguments["offerIds"]))


@operation("getOffersPostV2")
def get_offers_post_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/getoffers: the offers found among the ids of the body, all without a body."""
    ids = arguments.get(BODY)
    return _all(work) if ids is None else _found(work, ids)


@operation("getOfferByIdV2")
def get_offer(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers/{offerId}."""
    return offer_views.offer(work, work.known("offers", "Offer", [arguments["offerId"]])[0])


@operation("searchOffersV2")
def search_offers(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers/search: offers that meet a condition, retired ones included (they stay searchable)."""
    predicate = (
        query_language.compile_query(arguments["query"], work.definitions, work.dates) if "query" in arguments else None
    )
    scope: set[int] | None = None
    if "scopeFolders" in arguments:
        scope = set(bracket_ids.read("scopeFolders", arguments["scopeFolders"]))
        for folder_id in sorted(scope):
            folders.check(work, folder_id, "offer")
        if arguments.get("includeSubFolder"):
            scope = folders.below(work, scope)
    most = arguments.get("maxSize")
    found: list[sqlite3.Row] = []
    for row in work.connection.execute("SELECT * FROM offers ORDER BY id"):
        if most is not None and len(found) >= most:
            break
        if scope is not None and row["folder_id"] not in scope:
            continue
        if predicate is None or predicate(query_language.Subject(row)):
            found.append(row)
    return offer_views.offers(work, found)


@operation("getOfferTemplates")
def get_templates(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers/templates."""
    return _templates(work, arguments.get("templateids"))


@operation("getOfferTemplatesPostV2")
def get_templates_post_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/templates."""
    return _templates(work, arguments.get(BODY))


@operation("getOfferTemplatesV2")
def get_templates_v2(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers/templates."""
    text = arguments.get("templateIds")
    return _templates(work, None if text is None else bracket_ids.read("templateIds", text))


@operation("generateOfferCodes")
def generate_codes(work: Work, arguments: Arguments) -> str:
    """GET /v1/offers/gencode: a free code, one entry for each part of the template's format."""
    code_format = OFFER_FORMAT
    if "templateid" in arguments:
        template = work.known("offer_templates", "Offer template", [arguments["templateid"]])[0]
        code_format = template["code_format"]
    return json_text.dump(work.codes.offer(code_format).split(DELIMITER))


@operation("generateOfferCodesV2")
def generate_codes_v2(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers/gencode, as in v1."""
    return generate_codes(work, arguments)


@operation("validateOffers")
def validate(work: Work, arguments: Arguments) -> str:
    """POST /v1/offers/validate: the codes first, then the names, which may be those of offer lists."""
    return _validations(work, arguments.get("offercodes", ()), arguments.get("offernames", ()))


@operation("validateOffersV2")
def validate_v2(work: Work, arguments: Arguments) -> str:
    """GET /v2/offers/validate, as in v1."""
    return _validations(work, arguments.get("offerCodes", ()), arguments.get("offerNames", ()))


@operation("validateOffersPostV2")
def validate_post_v2(work: Work, arguments: Arguments) -> str:
    """POST /v2/offers/validate: each text is the code or name of an offer, or the name of a list where it says so."""
    entries = []
    for item in arguments[BODY]:
        text = item["codeOrName"]
        if item.get("isListName"):
            entries.append(_validation(f"offer list has the name {text}", _lists(work, text)))
        else:
            query = "SELECT * FROM offers WHERE code = ? OR name = ? ORDER BY id"
            rows = work.connection.execute(query, (text, text))
            matches = [offer_views.offer(work, row) for row in rows]
            entries.append(_validation(f"offer has the code or name {text}", matches))
    return f"[{','.join(entries)}]"


def _all(work: Work) -> str:
    return offer_views.offers(work, work.connection.execute("SELECT * FROM offers ORDER BY id"))


def _found(work: Work, ids: Iterable[int]) -> str:
    wanted = list(dict.fromkeys(ids))
    rows = [row for row in (work.row("offers", id_) for id_ in wanted) if row is not None]
    if wanted and not rows:
        raise not_found("Offer", *wanted)
    return offer_views.offers(work, rows)


def _templates(work: Work, ids: Iterable[int] | None) -> str:
    rows: Iterable[sqlite3.Row]
    if ids is None:
        rows = work.connection.execute("SELECT * FROM offer_templates ORDER BY id")
    else:
        rows = work.known("offer_templates", "Offer template", ids)
    return f"[{','.join([offer_views.template(work, row) for row in rows])}]"


def _validations(work: Work, codes: Iterable[str], names: Iterable[str]) -> str:
    entries = []
    for code in codes:
        rows = work.connection.execute("SELECT * FROM offers WHERE code = ?", (code,))
        entries.append(_validation(f"offer has the code {code}", [offer_views.offer(work, row) for row in rows]))
    for name in names:
        rows = work.connection.execute("SELECT * FROM offers WHERE name = ? ORDER BY id", (name,))
        matches = [offer_views.offer(work, row) for row in rows] + _lists(work, name)
        entries.append(_validation(f"offer or offer list has the name {name}", matches))
    return f"[{','.join(entries)}]"


def _lists(work: Work, name: str) -> list[str]:
    rows = work.connection.execute("SELECT * FROM offer_lists WHERE name = ? ORDER BY id", (name,))
    return [offer_views.list_as_offer(work, row) for row in rows]


def _validation(what: str, matches: list[str]) -> str:
    """OfferValidationInfo: the only match, or an error for none and for several."""
    if len(matches) == 1:
        return f'{{"offerInfo":{matches[0]},"errorCode":null,"errorMessage":null}}'
    code, count = ("NO_MATCH", "No") if not matches else ("SEVERAL_MATCHES", "More than one")
    return f'{{"offerInfo":null,"errorCode":"{code}","errorMessage":{quote(f"{count} {what}")}}}'
