"""Operations on profiles in v4, and the subscriptions and segments of one profile, which have no v5 twin."""

from __future__ import annotations

import sqlite3

from sandbox.actito import profiles
from sandbox.actito.profile_search import criterion, search
from sandbox.actito.profile_shapes import change_v4, segmentations_v4, subscriptions_v4, view_v4
from sandbox.actito.profiles import Change
from sandbox.actito.structure import ProfileTable, profile_table_by_name
from sandbox.actito.work import DONE, Work, invalid, not_found, one, operation
from sandbox.answers import Answer
from sandbox.reading import BODY, Arguments
from sandbox.refusals import Refused


@operation("createOrUpdateProfileV4")
def create_or_update(work: Work, arguments: Arguments) -> Answer:
    """POST .../profile: updates unless `allowUpdate` is false, since public clients leave it out and still update."""
    table = _table(work, arguments)
    change = change_v4(table, arguments[BODY])
    row = profiles.matching(work, table, change)
    if row is not None and not arguments.get("allowUpdate", True):
        raise Refused(409, f"The profile {row['id']} already exists and allowUpdate is false")
    id_ = profiles.create(work, table, change) if row is None else profiles.update(work, table, row, change)
    return one({"profileId": id_})


@operation("listProfilesV4")
def list_profiles(work: Work, arguments: Arguments) -> Answer:
    """GET .../profile: at most `number` profiles."""
    table = _table(work, arguments)
    criteria = criterion(arguments["search"]) if "search" in arguments else {}
    rows = search(work, table, criteria, since=arguments.get("dateFilter"), number=arguments.get("number"))
    return one({"profiles": [view_v4(table, row) for row in rows]})


@operation("getProfileV4")
def get_profile(work: Work, arguments: Arguments) -> Answer:
    """GET .../profile/{profile}."""
    return one(view_v4(*_found(work, arguments)))


@operation("updateProfileV4")
def update_profile(work: Work, arguments: Arguments) -> Answer:
    """PUT .../profile/{profile}: what is not sent stays as it is."""
    table, row = _found(work, arguments)
    return one({"profileId": profiles.update(work, table, row, change_v4(table, arguments[BODY]))})


@operation("deleteProfileV4")
def delete_profile(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../profile/{profile}."""
    profiles.delete(work, *_found(work, arguments))
    return DONE


@operation("listProfileSubscriptionsV4")
def list_subscriptions(work: Work, arguments: Arguments) -> Answer:
    """GET .../subscription."""
    return one({"subscriptions": subscriptions_v4(*_found(work, arguments))})


@operation("subscribeProfileV4")
def subscribe(work: Work, arguments: Arguments) -> Answer:
    """POST .../subscription/{subscription}: an opt-in, also of who is in already."""
    return _set_subscription(work, arguments, True)


@operation("unsubscribeProfileV4")
def unsubscribe(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../subscription/{subscription}: an opt-out, also of who is out already."""
    return _set_subscription(work, arguments, False)


@operation("listProfileSegmentationsV4")
def list_segmentations(work: Work, arguments: Arguments) -> Answer:
    """GET .../segmentation: under a key in the singular."""
    return one({"segmentation": segmentations_v4(*_found(work, arguments))})


@operation("setProfileSegmentationV4")
def set_segmentation(work: Work, arguments: Arguments) -> Answer:
    """PUT .../segmentation/{segmentation}: an exclusive one with its category as a matrix parameter."""
    table, row = _found(work, arguments)
    name = _segmentation(table, arguments)
    category = arguments.get("category")
    if table.segmentations[name] and category is None:
        raise invalid(f"Segmentation '{name}' is exclusive: append ;category=... to its name")
    if not table.segmentations[name] and category not in (None, name):
        raise invalid(f"Segmentation '{name}' is simple: it has no categories")
    change = Change()
    change.set_segmentation(table, name, category if table.segmentations[name] else True)
    profiles.update(work, table, row, change)
    return DONE


@operation("removeProfileSegmentationV4")
def remove_segmentation(work: Work, arguments: Arguments) -> Answer:
    """DELETE .../segmentation/{segmentation}: out of it, also who is out already."""
    table, row = _found(work, arguments)
    change = Change()
    change.set_segmentation(table, _segmentation(table, arguments), None)
    profiles.update(work, table, row, change)
    return DONE


def _table(work: Work, arguments: Arguments) -> ProfileTable:
    return profile_table_by_name(work, arguments["table"])


def _found(work: Work, arguments: Arguments) -> tuple[ProfileTable, sqlite3.Row]:
    table = _table(work, arguments)
    return table, profiles.find(work, table, arguments["profile"])


def _set_subscription(work: Work, arguments: Arguments, wanted: bool) -> Answer:
    table, row = _found(work, arguments)
    name = arguments["subscription"]
    if name not in table.subscriptions:
        raise not_found("Subscription", name)
    change = Change()
    change.set_subscription(table, name, wanted)
    profiles.update(work, table, row, change)
    return DONE


def _segmentation(table: ProfileTable, arguments: Arguments) -> str:
    name: str = arguments["segmentation"]
    if name not in table.segmentations:
        raise not_found("Segmentation", name)
    return name
