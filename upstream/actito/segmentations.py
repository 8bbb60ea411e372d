"""Segments of a profile, one by one: an exclusive segmentation is one category of several, a simple one yes or no."""

from __future__ import annotations

from typing import Annotated

from upstream.actito.objects import Outcome, Wrapped
from upstream.actito.profile import Segmentations
from upstream.actito.routes import ProfileRequestV4
from upstream.actito.segments import Segment
from upstream.request import Matrix, Path

_SEGMENTATIONS = "/profiles/v4/entity/{entity}/table/{table}/profile/{profile}/segmentation"


class ListProfileSegmentationsV4(ProfileRequestV4[Annotated[Segmentations, Wrapped("segmentation", "segmentations")]]):
    """Read the segments of a profile: segmentation -> its category, or whether the profile belongs to it.

    Source: the code of a public client. Inferred: the prefix and the items.
    """

    method, path, operation, category = "GET", _SEGMENTATIONS, "listProfileSegmentationsV4", "profiles"
    confidence, right = "observed", "read_profiles"


class SetProfileSegmentationV4(ProfileRequestV4[Outcome]):
    """Put a profile into a segment: into `of_category` of an exclusive segmentation, or into a simple one.

    Source: the code of a public client (category as a matrix parameter). Inferred: the prefix.
    """

    method, path, operation, category = (
        "PUT",
        _SEGMENTATIONS + "/{segmentation}",
        "setProfileSegmentationV4",
        "profiles",
    )
    confidence, right = "observed", "write_profiles"
    targets = ("segmentation", "entity", "table", "profile", "segmentation")

    segmentation: Annotated[Segment, Path()]
    of_category: Annotated[Segment | None, Matrix("category")] = None


class RemoveProfileSegmentationV4(ProfileRequestV4[Outcome]):
    """Take a profile out of a segment.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = (
        "DELETE",
        _SEGMENTATIONS + "/{segmentation}",
        "removeProfileSegmentationV4",
        "profiles",
    )
    confidence, right = "observed", "write_profiles"
    targets = ("segmentation", "entity", "table", "profile", "segmentation")

    segmentation: Annotated[Segment, Path()]
    of_category: Annotated[Segment | None, Matrix("category")] = None
