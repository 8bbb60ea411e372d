"""Values for attributes, checked against the structure of their table before anything is sent, and compared with it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.actito.table_structure import TECHNICAL, Attribute, Kind, Table
from tools.columns import number
from tools.dates import read_day, read_moment
from tools.errors import BadArgument
from tools.nearest import nearest, spelt
from tools.texts import stored_text
from upstream.actito.structure import typed
from upstream.moment import Dates

ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_SHOWN = 60


def checked(attribute: Attribute, value: Any, zone: ZoneInfo) -> Any:
    """The value as it is sent: in the type of the attribute, in the spelling of its accepted values.

    A moment is given as `yyyy-mm-dd` or `yyyy-mm-dd hh:mm` in `zone` and sent in UTC as `yyyy-mm-ddThh:mm:ssZ`, a day
    as `yyyy-mm-dd`. Inferred: both forms; Actito's documentation doesn't say what it takes. Of several values each is
    sent once.

    Raises:
        BadArgument: the attribute does not take it, with what it takes.
    """
    if attribute.several:
        given = value if isinstance(value, list) else [value]
        return list(dict.fromkeys(_single(attribute, each, zone) for each in given))
    if isinstance(value, list):
        raise BadArgument(f"{attribute.name} has one value, not several.")
    return _single(attribute, value, zone)


def checked_values(
    table: Table, values: Mapping[str, Any], clear: Sequence[str] = (), *, zone: ZoneInfo
) -> dict[str, Any]:
    """All values as they are sent, under the names of the table; None for those to clear.

    Where the structure is not known they are taken as they are.

    Raises:
        BadArgument: attributes that the table has not (with the nearest), that Actito writes itself, or values that
            they don't take; all that is wrong at once.
    """
    problems: list[str] = []
    lines: list[str] = []
    sent: dict[str, Any] = {}
    for given, value in values.items():
        try:
            attribute = attribute_of(table, given)
            if value is None or value == "" or value == []:
                raise BadArgument(f"{attribute.name} has no value: to empty it, name it in clear.")
            if attribute.name in sent:
                raise BadArgument(f"{attribute.name} is given twice.")
            sent[attribute.name] = checked(attribute, value, zone) if table.known else value
        except BadArgument as error:
            problems.append(error.message)
            lines += error.lines
    for given in clear:
        try:
            attribute = attribute_of(table, given)
            if attribute.name in sent:
                raise BadArgument(f"{attribute.name} is in both values and clear.")
            if attribute.mandatory or attribute.name == table.key:
                raise BadArgument(f"{attribute.name} is mandatory, so it can't be cleared.")
            sent[attribute.name] = None
        except BadArgument as error:
            problems.append(error.message)
            lines += error.lines
    if problems:
        raise BadArgument(
            " ".join(problems), advice=f"actito_tables_find with table={table.name} has its attributes.", lines=lines
        )
    return sent


def attribute_of(table: Table, name: str) -> Attribute:
    """The attribute of a name; another spelling in cases serves where only one has it.

    Raises:
        BadArgument: the table has none of this name, with the nearest, or Actito writes it.
    """
    wanted = name.strip()
    if table.kind is Kind.PROFILES and (technical := spelt(wanted, TECHNICAL)):
        raise BadArgument(f"{technical} is written by Actito itself.")
    if not table.known:
        return Attribute(wanted)
    if found := spelt(wanted, table.attributes):
        return table.attributes[found]
    near = nearest(wanted, table.attributes)
    hint = listed("nearest:" if near else "known are", near or written(table))
    raise BadArgument(f"{table.name} has no attribute {wanted[:_SHOWN]!r}.", lines=hint)


def written(table: Table) -> list[str]:
    """The names of the attributes that can be written."""
    return [each.name for each in table.attributes.values() if not each.technical]


def missing(table: Table, values: Mapping[str, Any]) -> list[str]:
    """The mandatory attributes that a new row of the table would not have; Actito's own are left out."""
    automatic = table.more.get("creation_time_attribute")
    return [
        each.name
        for each in table.attributes.values()
        if each.mandatory and not each.technical and each.name != automatic and values.get(each.name) is None
    ]


def changed(table: Table, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that differ from what is there, read in the types of the structure; moments as moments."""
    plain = Attribute("")

    def meaning(name: str, value: Any) -> Any:
        return comparable(table.attributes.get(name, plain), value, table.dates)

    return {name: value for name, value in values.items() if meaning(name, before.get(name)) != meaning(name, value)}


def for_people(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a change shows them: moments as moments, which a person reads in the time zone of the answers."""
    known = table.attributes
    return {name: dated(known.get(name), value, table.dates) for name, value in values.items()}


def learn(table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Look at the dates of rows before any is shown: one of them may show how another is meant."""
    for values in rows:
        for_people(table, values)


def for_actito(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a change as they are sent, see `checked`."""
    return {name: _in_utc(value) if isinstance(value, datetime) else value for name, value in values.items()}


def comparable(attribute: Attribute, value: Any, dates: Dates) -> Any:
    """A value in the form in which it equals others of the same meaning, however they are written."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return [comparable(attribute, each, dates) for each in value]
    found = dated(attribute, typed(value, attribute.type), dates)
    if attribute.type == "STRING":
        return "true" if found is True else "false" if found is False else str(found)
    return found


def dated(attribute: Attribute | None, value: Any, dates: Dates) -> Any:
    """The value of a moment as a moment, that of a day as yyyy-mm-dd, in whichever form it came; all else as it is.

    A date without a zone is read in that of the settings: nobody documents which Actito means. What can't be
    understood is a `NotUnderstood`.
    """
    if isinstance(value, list):
        return [dated(attribute, each, dates) for each in value]
    match attribute.type if attribute else "":
        case "TIMESTAMP":
            return dates.read(value)
        case "DATE":
            found = dates.read_day(value)
            return found.isoformat() if isinstance(found, date) else found
    return value


def _single(attribute: Attribute, value: Any, zone: ZoneInfo) -> Any:
    read = _address if attribute.kind == "EMAIL_ADDRESS" else _READERS.get(attribute.type, _text)
    try:
        found = read(value, zone)
    except BadArgument as error:
        raise BadArgument(f"{attribute.name}: {error.message}") from None
    except (TypeError, ValueError) as error:
        raise BadArgument(f"{attribute.name} takes {error}, not {str(value)[:_SHOWN]!r}.") from None
    written_so = str(found).lower() if isinstance(found, bool) else str(found)
    if attribute.accepted and written_so not in attribute.accepted:
        return _accepted(attribute, written_so)
    if attribute.shortest and len(written_so) < attribute.shortest:
        raise BadArgument(f"{attribute.name} takes at least {attribute.shortest} characters, not {len(written_so)}.")
    if attribute.longest is not None and len(written_so) > attribute.longest:
        raise BadArgument(f"{attribute.name} takes at most {attribute.longest} characters, not {len(written_so)}.")
    return found


def _accepted(attribute: Attribute, given: str) -> str:
    if found := spelt(given, attribute.accepted):
        return found
    near = nearest(given, attribute.accepted) if len(attribute.accepted) > 12 else []
    hint = listed(
        f"{attribute.name}: nearest are" if near else f"{attribute.name}: accepted are", near or attribute.accepted
    )
    raise BadArgument(f"{attribute.name} does not take {given[:_SHOWN]!r}.", lines=hint)


def listed(label: str, names: Sequence[str]) -> list[str]:
    """Names that a person gave in Actito, as lines of an error: they are data, and no part of what we say."""
    return textwrap.wrap(f"{label} {', '.join(names[:40])}", 115)


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise ValueError("a text")
    return stored_text(str(value), "The text", lines=True)


def _address(value: Any, zone: ZoneInfo) -> str:
    text = _text(value, zone)
    if not ADDRESS.fullmatch(text):
        raise ValueError("an e-mail address")
    return text


def _whole(value: Any, zone: ZoneInfo) -> int:
    plain = re.fullmatch(r"-?\d{1,19}", value.strip(), re.ASCII) if isinstance(value, str) else None
    if plain:
        value = int(plain[0])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError("a whole number")
    return value


def _number(value: Any, zone: ZoneInfo) -> int | float:
    if isinstance(value, bool):
        raise ValueError("a number such as 12.5")
    try:
        found = number(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("a number such as 12.5") from None
    if isinstance(value, int):
        return value
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


def _yes_or_no(value: Any, zone: ZoneInfo) -> bool:
    said = str(value).strip().casefold()
    if said not in ("true", "false", "yes", "no"):
        raise ValueError("true or false")
    return said in ("true", "yes")


def _moment(value: Any, zone: ZoneInfo) -> str:
    return _in_utc(read_moment(_text(value, zone), zone))


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def _day(value: Any, zone: ZoneInfo) -> str:
    return read_day(_text(value, zone), zone).isoformat()


_READERS: Mapping[str, Callable[[Any, ZoneInfo], Any]] = {
    "INTEGER": _whole,
    "LONG": _whole,
    "NUMBER": _number,
    "DOUBLE": _number,
    "DECIMAL": _number,
    "BOOLEAN": _yes_or_no,
    "TIMESTAMP": _moment,
    "DATE": _day,
}
