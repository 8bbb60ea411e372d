"""A profile, the same whichever version of the API answers it, and how each version is sent one.

v4 has lists of names and values, v5 flat objects. Values come back as text now and then: `upstream.actito.structure`
types them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from upstream.actito.objects import ByName, NamedValue, named
from upstream.record import Entry, Record


def _truth(value: Any) -> Any:
    return {"true": True, "false": False}.get(value.strip().lower(), value) if isinstance(value, str) else value


def _opt_ins(data: Any) -> Any:
    """Subscription -> whether the profile is opted in, from a list (v4) or a mapping (v5)."""
    if isinstance(data, list):
        data = {
            str(each["name"]): each.get("subscribe") for each in data if isinstance(each, dict) and each.get("name")
        }
    if not isinstance(data, Mapping):
        return {} if data is None else data
    return {name: _truth(value) for name, value in data.items() if value is not None}


def _segments(data: Any) -> Any:
    """Segmentation -> category (exclusive) or membership (simple), from a list (v4) or a mapping (v5)."""
    if isinstance(data, list):
        found = [_segment(each) for each in data if isinstance(each, dict)]
        return {name: value for name, value in found if name}
    if not isinstance(data, Mapping):
        return {} if data is None else data
    return {name: _truth(value) for name, value in data.items() if value is not None}


def _segment(item: Mapping[str, Any]) -> tuple[str, Any]:
    inner = item.get("segmentation")
    within = inner if isinstance(inner, Mapping) else {}
    name = str(within.get("name") or item.get("name") or "")
    if "belongs" in item:
        return name, bool(_truth(item["belongs"]))
    return name, within.get("category") or item.get("category") or True


Subscriptions = Annotated[dict[str, bool], BeforeValidator(_opt_ins)]
Segmentations = Annotated[dict[str, Any], BeforeValidator(_segments)]


class DataCollection(Entry):
    """Where and how the data were collected, as the GDPR wants it kept. `date` is DD/MM/YYYY HH:mm:ss.

    Source: Actito, Creating or Updating a Single Profile.
    """

    date: str | None = None
    source: str | None = None
    way: str | None = None


class Collected(Record):
    """The same as it is answered."""

    date: str = ""
    source: str = ""
    way: str = ""


class Profile(Record):
    """A profile as v4 or v5 answers it: values, opt-ins and segments by name.

    A segmentation is the name of a category (exclusive) or whether the profile belongs to it (simple).

    Source: the code of public clients, the Actito SDK; Actito, Creating or Updating a Single Profile. Inferred: what v5
    answers, after what it is sent.
    """

    profile_id: str = ""
    attributes: Annotated[dict[str, Any], ByName] = {}
    subscriptions: Subscriptions = {}
    segmentations: Segmentations = {}
    data_collection_information: Collected | None = None

    @property
    def id(self) -> str:
        """The number of the profile, as text, wherever it stands; empty when it was not said."""
        return self.profile_id or str(self.attributes.get("profileId") or "")


class ProfileInput(Entry):
    """A profile as v5 is sent it; `key` is one unique attribute with its value. What is left out stays as it is.

    Source: the code of a public client. Inferred: the segmentations.
    """

    key: Annotated[dict[str, Any], Field(min_length=1)]
    attributes: dict[str, Any] | None = None
    subscriptions: dict[str, bool] | None = None
    segmentations: dict[str, Any] | None = None


class ProfilePatch(Entry):
    """Changes of a profile as v5 is sent them; what is left out stays as it is. Inferred: as of the upsert."""

    attributes: dict[str, Any] | None = None
    subscriptions: dict[str, bool] | None = None
    segmentations: dict[str, Any] | None = None


class SubscriptionV4(Entry):
    """An opt-in as v4 is sent it. Source: the code of a public client."""

    name: str
    subscribe: bool


class SegmentV4(Entry):
    """What a simple segmentation is called as v4 is sent it. Source: the Actito SDK."""

    name: str | None = None
    category: str | None = None


class SegmentationV4(Entry):
    """A segmentation as v4 is sent it: `name` and `category` (exclusive), or `belongs` and `segmentation` (simple).

    Source: the Actito SDK, which has both.
    """

    name: str | None = None
    category: str | None = None
    belongs: bool | None = None
    segmentation: SegmentV4 | None = None


class ProfileV4Input(Entry):
    """A profile as v4 is sent it. What is left out stays as it is.

    Source: Actito, Creating or Updating a Single Profile.
    """

    attributes: list[NamedValue] | None = None
    subscriptions: list[SubscriptionV4] | None = None
    segmentations: list[SegmentationV4] | None = None
    data_collection_information: DataCollection | None = None


def as_v4(
    attributes: Mapping[str, Any] | None = None,
    subscriptions: Mapping[str, bool] | None = None,
    segmentations: Mapping[str, str | bool] | None = None,
) -> ProfileV4Input:
    """The flat parts of a profile in the shape of v4; a part that is empty does not travel."""
    parts: dict[str, Any] = {}
    if attributes:
        parts["attributes"] = named(attributes)
    if subscriptions:
        parts["subscriptions"] = [SubscriptionV4(name=name, subscribe=value) for name, value in subscriptions.items()]
    if segmentations:
        parts["segmentations"] = [_segment_v4(name, value) for name, value in segmentations.items()]
    return ProfileV4Input(**parts)


def _segment_v4(name: str, value: str | bool) -> SegmentationV4:
    if isinstance(value, bool):
        return SegmentationV4(belongs=value, segmentation=SegmentV4(name=name, category=name))
    return SegmentationV4(name=name, category=value)
