"""Opt-ins of a profile, one by one. Each change is a change of consent, and scenarios may wait for it."""

from __future__ import annotations

from typing import Annotated

from upstream.actito.objects import Outcome, Wrapped
from upstream.actito.profile import Subscriptions
from upstream.actito.routes import ProfileRequestV4
from upstream.actito.segments import Segment
from upstream.request import Path

_SUBSCRIPTIONS = "/profiles/v4/entity/{entity}/table/{table}/profile/{profile}/subscription"


class ListProfileSubscriptionsV4(ProfileRequestV4[Annotated[Subscriptions, Wrapped("subscriptions")]]):
    """Read the opt-ins of a profile: subscription -> whether it is opted in.

    Source: the code of a public client. Inferred: the prefix, and the items after the write side.
    """

    method, path, operation, category = "GET", _SUBSCRIPTIONS, "listProfileSubscriptionsV4", "profiles"
    confidence, right = "observed", "read_profiles"


class SubscribeProfileV4(ProfileRequestV4[Outcome]):
    """Opt a profile in. Without a body.

    Source: the code of a public client. Inferred: the prefix; the answer is unknown.
    """

    method, path, operation, category = "POST", _SUBSCRIPTIONS + "/{subscription}", "subscribeProfileV4", "profiles"
    confidence, right = "observed", "write_profiles"
    targets = ("subscription", "entity", "table", "profile", "subscription")

    subscription: Annotated[Segment, Path()]


class UnsubscribeProfileV4(ProfileRequestV4[Outcome]):
    """Opt a profile out.

    Source: the code of a public client. Inferred: the prefix.
    """

    method, path, operation, category = "DELETE", _SUBSCRIPTIONS + "/{subscription}", "unsubscribeProfileV4", "profiles"
    confidence, right = "observed", "write_profiles"
    targets = ("subscription", "entity", "table", "profile", "subscription")

    subscription: Annotated[Segment, Path()]
