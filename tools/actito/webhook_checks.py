"""What a call gives for a webhook, checked before anything is sent: address, headers, event, fields."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tools.actito.privacy import MASK
from tools.actito.webhook_book import EVENTS, EVENTS_OF, Element, event_words, kind_words
from tools.errors import BadArgument
from tools.nearest import nearest, spelt

LONGEST = 2000
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_MASKED = re.compile(r"[*\u2022\u25cf.xX#-]{2,}")


def checked_address(said: str) -> str:
    """The address that pushes go to.

    Raises:
        BadArgument: it is not https, has an account in it or characters that an address can't have, or no host that
            can be reached from the internet.
    """
    address = said.strip()
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise BadArgument("url is no complete address.", advice="Such as https://hooks.example.org/actito.") from None
    if parts.scheme.lower() != "https" or not host:
        raise BadArgument("url has to begin with https:// and name a host.", advice="Actito pushes to nothing else.")
    if not (address.isascii() and address.isprintable()) or set(address) & set(' "<>\\^`{}|') or len(address) > LONGEST:
        raise BadArgument(
            f"url holds characters that an address can't have, or more than {LONGEST} of them.",
            advice="Write other letters percent-encoded, and in a host as xn--...",
        )
    if "@" in parts.netloc:
        raise BadArgument("url must not hold an account or password.", advice="Put a secret into headers.")
    if parts.fragment:
        raise BadArgument("url must not have a part behind #: it never reaches a server.")
    if _is_inside(host):
        raise BadArgument(f"{host[:60]} can't be reached from Actito: it is no public name or address.")
    return f"https{address[len('https') :]}"


def _is_inside(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.lower().rstrip(".").split(".")
        # 127.1, 0x7f.1 and 2130706433 are addresses too for those who look them up; no public name ends so.
        numeric = labels[-1][:1].isdigit()
        return len(labels) == 1 or numeric or labels[-1] in ("local", "localhost", "internal")


def checked_headers(said: Mapping[str, Any]) -> dict[str, str]:
    """Headers as they travel.

    Raises:
        BadArgument: a name or value that no header can have, or Content-Type, which Actito ignores.
    """
    headers = {}
    for name, value in said.items():
        if not _TOKEN.fullmatch(name):
            raise BadArgument(f"{name[:40]!r} can't be the name of a header.", advice="Such as X-Shared-Secret.")
        if name.casefold() == "content-type":
            raise BadArgument("Actito ignores a header Content-Type: leave it out.")
        text = value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
        if not text.strip() or not (text.isascii() and text.isprintable()):
            raise BadArgument(f"The value of the header {name} has to be a text of plain letters, in one line.")
        headers[name] = text.strip()
    return headers


def is_masked(value: str) -> bool:
    """Whether what was read of a secret is no value but what stands for one."""
    return not value.strip() or value == MASK or _MASKED.fullmatch(value.strip()) is not None


def check_event(element: Element, event: str) -> None:
    """Raises BadArgument for an event that can't happen to what is listened to."""
    kind = kind_words(element.on)
    possible = EVENTS_OF.get(kind)
    if possible is not None and event not in {EVENTS[each] for each in possible}:
        raise BadArgument(
            f"{event_words(event)!r} doesn't happen to this kind ({kind}): it can be {', '.join(possible)}."
        )


def checked_fields(element: Element, event: str, said: Sequence[str]) -> list[str]:
    """The fields whose change alone is pushed: attributes, or opt-ins or segments where the event is about them.

    Raises:
        BadArgument: what is listened to has no fields, or not these, with the nearest.
    """
    wanted = list(dict.fromkeys(each.strip() for each in said if each.strip()))
    if not wanted:
        return []
    if kind_words(element.on) not in ("profile table", "custom table"):
        raise BadArgument("only_fields is for tables: nothing else has fields.")
    table = element.table
    if table is None or not table.known:
        return wanted
    known: Sequence[str] = list(table.attributes)
    if event == "UPDATED_SUBSCRIPTION":
        known = table.subscriptions
    elif event == "UPDATED_SEGMENT":
        known = list(table.segmentations)
    for name in wanted:
        if not spelt(name, known):
            raise BadArgument(
                f"{table.name} has nothing called {name[:60]!r} that {event_words(event)!r} is about.",
                advice="Give only_fields, or clear it: what there is is shown.",
                lines=nearest(name, known) or list(known)[:20],
            )
    return [spelt(each, known) for each in wanted]
