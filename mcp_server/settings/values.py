"""Kinds of values as settings have them: each accepts what a person writes in a variable or in the file."""

from __future__ import annotations

import json
import os
import shlex
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from mcp_server.settings.problems import Wrong, nearest
from mcp_server.settings.zones import known_zone

API_ROOTS = ("/campaign", "/collaborate", "/unica")
"""Context roots that the server adds itself, in small letters."""

HEADER_NAMES = (
    "m_user_name",
    "m_user_password",
    "m_tokenId",
    "api_auth_mode",
    "f_userId",
    "f_clientId",
    "f_spId",
    "f_tokenId",
)
"""Headers of the documented authentication. Source: Campaign REST API 12.1.0, index page."""


class Hidden(str):
    """A value on its way into the models, which a debugging log of the settings library must not show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


def hidden(value: Any) -> Any:
    """A value read from outside, with each text in it hidden."""
    if isinstance(value, list):
        return [hidden(each) for each in value]
    return Hidden(value) if isinstance(value, str) else value


def _names(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _json(value)
    return [name for name in (part.strip() for part in value.split(",")) if name]


def _folders(value: list[str]) -> list[str]:
    try:
        found = [Path(each).expanduser() for each in value]
    except RuntimeError:
        raise Wrong("names the home of somebody who has none here", "Write whole paths") from None
    if not all(each.is_absolute() for each in found):
        raise Wrong("holds a folder without its whole path", "Write whole paths, such as /srv/uploads or C:\\Uploads")
    return [str(each) for each in found]


def _command(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _json(value)
    try:
        return shlex.split(value, posix=os.name != "nt")
    except ValueError:
        raise Wrong("a quotation mark is not closed", 'Write a JSON list such as ["get-token", "--quiet"]') from None


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise Wrong("not readable as JSON", 'Write a list as ["a", "b"]') from None


def base_address(value: str, instead: str) -> str:
    """An http or https address of scheme, host, port and path, without a slash at its end.

    Raises:
        Wrong: it is another; `instead` says what to do with a password in it.
    """
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Wrong("not an address", "Write it as https://host or https://host:7001/path") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise Wrong("not an http or https address", "Write it as https://host or https://host:7001/path")
    if parts.username is not None or parts.password is not None:
        raise Wrong("holds a user name or password", instead)
    if parts.query or parts.fragment or any(character.isspace() for character in value):
        raise Wrong("has more than scheme, host, port and path", "Leave out what comes from ? or # on, and blanks")
    return value.rstrip("/")


def on_this_machine(address: str) -> bool:
    """Whether an address leads to this machine, so that nobody can listen on the way."""
    from ipaddress import ip_address

    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".") == "localhost"


def in_the_clear(address: str) -> bool:
    """Whether what is sent to an address can be read by others on the way: plain http to another machine."""
    return address.casefold().startswith("http:") and not on_this_machine(address)


def _address(value: str) -> str:
    value = base_address(value, "Put them into USERNAME and PASSWORD")
    path = urlsplit(value).path.casefold()
    if path.endswith(API_ROOTS) or any(f"{root}/api/" in f"{path}/" for root in API_ROOTS):
        raise Wrong(
            "holds a part that the server adds itself",
            "Write only what stands before /Campaign/api, /collaborate/api or /unica/api",
        )
    return value


def _certificates(value: str) -> str:
    import ssl

    try:
        place = str(Path(value).expanduser())
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=place)
    except FileNotFoundError:
        raise Wrong("there is no such file", "Write the full path of the file of certificates") from None
    except ssl.SSLError:
        raise Wrong("the file holds no certificates", "Write the path of a file of certificates in PEM form") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise Wrong(f"the file can't be read ({type(error).__name__})", "Let this user read it") from None
    return place


def _headers(value: dict[str, str]) -> dict[str, str]:
    documented = {name.casefold(): name for name in HEADER_NAMES}
    result: dict[str, str] = {}
    for name, other in value.items():
        if name.casefold() not in documented:
            close = nearest(name, HEADER_NAMES)
            raise Wrong(
                f"{name} is no documented header",
                f"Did you mean {close}?" if close else f"There are: {', '.join(HEADER_NAMES)}",
            )
        if not other or not all(each.isascii() and (each.isalnum() or each in "!#$%&'*+-.^_`|~") for each in other):
            raise Wrong(f"the other name of {name} is no header name", "Use letters, digits, - and _")
        result[documented[name.casefold()]] = other
    return result


def in_any_case(value: Any, shape: Any) -> Any:
    """A value as the words of its shape spell it, where it is one of them in other letters.

    Yes and no may also be true and false, on and off, 1 and 0. `shape` is the type of the setting; one that has no
    words leaves the value as it is.
    """
    if get_origin(shape) is list and get_origin(get_args(shape)[0]) is Literal:
        words = _names(value)
        return [in_any_case(word, get_args(shape)[0]) for word in words] if isinstance(words, list) else words
    if get_origin(shape) is not Literal or not isinstance(value, str | int):
        return value
    spelled = {word.casefold(): word for word in get_args(shape)}
    if "yes" in spelled:
        spelled |= dict.fromkeys(("true", "on", "1"), "yes") | dict.fromkeys(("false", "off", "0"), "no")
    return spelled.get(str(value).casefold(), value)


def _day(value: Any) -> Any:
    """A day of the years that a clock can be set to; in the file TOML has days of its own."""
    wrong = Wrong("not a day of the years 1970 to 9998", "Write yyyy-mm-dd, such as 2026-11-30")
    if isinstance(value, date) and not isinstance(value, datetime):
        found = value
    else:
        try:
            found = date.fromisoformat(str(value))
        except ValueError:
            raise wrong from None
        if found.isoformat() != str(value):
            raise wrong
    if not 1970 <= found.year <= 9998:
        raise wrong
    return found


Commas = BeforeValidator(_names)
"""Marks a list that may be given as names separated by commas."""

Names = Annotated[list[str], Commas]

Folders = Annotated[list[str], BeforeValidator(_names), AfterValidator(_folders)]
"""Folders of this machine, each with its whole path; `~` is the home folder. They need not be there at start."""

Command = Annotated[list[str], BeforeValidator(_command)]
"""A command with its arguments: a list, or one line as in a shell (no shell runs it)."""

Address = Annotated[str, AfterValidator(_address)]
"""A base address without a final slash; empty where it is not given."""

Certificates = Annotated[str, AfterValidator(_certificates)]
"""A file of certificates that can be read; empty where it is not given."""

Zone = Annotated[str, AfterValidator(known_zone)]

Day = Annotated[date, BeforeValidator(_day)]

HeaderNames = Annotated[dict[str, str], AfterValidator(_headers)]
