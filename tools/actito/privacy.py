"""Personal data: what of a profile an answer may show when nobody asked for it by name.

Shown unasked are numbers, opt-ins, segments, language and moments, and the e-mail address with its first letter and
host alone. All else waits until its column is asked for. What the caller wrote itself may be said again as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

MASK = "***"


def masked(value: Any) -> str:
    """A value that names a person, with enough left to tell two from each other: `a***@example.org`, `***89`."""
    text = str(value or "").strip()
    if not text:
        return ""
    local, at, host = text.rpartition("@")
    if at:
        return f"{local[:1]}{MASK}@{host}"
    return MASK + (text[-2:] if len(text) > 4 else "")


def personal_names(names: Iterable[str]) -> frozenset[str]:
    """Those of the attributes of a custom table whose names speak of a person; custom tables tell nothing else of it.

    A lone `name` is that of a shop or a product, unless a way to reach a person stands beside it. Decided here: Actito
    marks no attribute of a custom table as personal.
    """
    split = {name: {word.lower() for word in _WORD.findall(name)} for name in names}
    reach = {name for name, words in split.items() if words & _REACH or name.lower().replace("_", "") in _TOGETHER}
    person = {name for name, words in split.items() if words & _PERSON or ("name" in words and words & _WHOSE)}
    lone = {name for name, words in split.items() if words == {"name"}} if reach | person else set()
    return frozenset(reach | person | lone)


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_REACH = {"email", "mail", "phone", "mobile", "gsm", "telephone", "tel", "fax", "iban"}
_PERSON = {
    *("address", "street", "postcode", "zip", "postal", "birth", "birthdate", "birthday", "dob", "passport", "ssn"),
    *("firstname", "lastname", "surname", "fullname", "gender", "sex"),
}
_WHOSE = {"first", "last", "full", "family", "given", "middle", "sur", "maiden", "contact", "customer", "person"}
_TOGETHER = {"emailaddress", "phonenumber", "mobilenumber"}


def without_people(text: str) -> str:
    """A message of Actito without the values in it that may be a person's: addresses, long numbers, quoted values.

    A quoted word of letters alone stays, since messages name attributes so. Decided here: Actito's messages are not
    documented.
    """
    shorter = _ADDRESS.sub(lambda found: masked(found[0]), text)
    shorter = _QUOTED.sub(lambda found: found[1] + masked(found[2]) + found[1], shorter)
    return _NUMBER.sub(lambda found: masked(found[0]), shorter)


_ADDRESS = re.compile(r"[^\s@'\"<>,;:()]+@[^\s@'\"<>,;:()]+")
_QUOTED = re.compile(r"(?<!\w)(['\"])((?![A-Za-z_]+\1)[^'\"*]{2,})\1(?!\w)")
_NUMBER = re.compile(r"\+?\d(?:[ ./-]?\d){6,}")
