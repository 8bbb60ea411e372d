"""What goes into a message besides campaign and recipient: values for its variables, files, the origin of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from anyio import to_thread

from tools.call import Call
from tools.content import media_type
from tools.dates import read_moment
from tools.errors import BadArgument
from tools.texts import stored_text
from tools.uploads import SIZE_SETTING, Limits, Picked, from_file, from_text
from upstream.actito.messages import Parameter
from upstream.actito.profile import DataCollection
from upstream.date_text import Layout
from upstream.parts import Upload
from upstream.written import text as written
from upstream.zones import local

COLLECTED = Layout("dmy", "/", " ", offset=False)
"""How the moment at which data were collected is written. Source: Actito, Creating or Updating a Single Profile."""

MOST_FILES = 10
LINE = 200
"""Characters of a line for a person: a longer one would be cut."""


@dataclass(frozen=True)
class Parts:
    """The variables and the files of a message, ready to be sent."""

    parameters: Sequence[Parameter] = ()
    files: Sequence[Upload] = ()
    fingerprints: Sequence[str] = ()

    def words(self) -> list[str]:
        """The variables and the files, where there are any, in lines of `LINE` characters."""
        values = "; ".join(f"{each.key}: {', '.join(map(written, each.values))}" for each in self.parameters)
        sizes = ", ".join(f"{each.name} ({_size(len(each.content))})" for each in self.files)
        given = (("parameters", values), ("attachments", sizes))
        return [line for what, said in given if said for line in in_lines(f"{what}: {said}")]

    def bound(self) -> dict[str, Any]:
        """What an approval is for: every value, and what the files hold."""
        return {
            "parameters": {each.key: list(each.values) for each in self.parameters},
            "files": [[each.name, known] for each, known in zip(self.files, self.fingerprints, strict=True)],
        }


async def parts_of(
    call: Call, parameters: Mapping[str, Any], files: Sequence[str], content: Mapping[str, Any]
) -> Parts:
    """The parts as they were given: `files` are paths in allowed folders, `content` has bare name -> base64.

    Raises:
        BadArgument: a value that no variable takes, a file that can't be sent, or too much of them.
        UnknownName: there is no such file, with the nearest.
    """
    picked = await _picked(call, files, content)
    uploads = [Upload(each.name, each.content, media_type(each.name, "", each.content)) for each in picked]
    return Parts(parameters_of(parameters), uploads, [each.fingerprint for each in picked])


def parameters_of(values: Mapping[str, Any]) -> list[Parameter]:
    """Variable -> value or list of values, as Actito takes them.

    Raises:
        BadArgument: a name without words, or a value that is no text, number, truth value or list of these with at
            least one.
    """
    return [Parameter(key=_key(name), values=_values(name, value)) for name, value in values.items()]


def collected_of(given: Mapping[str, Any], zone: ZoneInfo) -> DataCollection | None:
    """Where the recipient's data come from; the date is given in `zone` and sent as DD/MM/YYYY HH:mm:ss in it.

    Raises:
        BadArgument: another key than date, source and way, or a date that is none.
    """
    if other := [each for each in given if each not in ("date", "source", "way")]:
        raise BadArgument(f"collected takes date, source and way, not {other[0][:60]!r}.")
    said = {name: stored_text(str(value), f"collected: {name}") for name, value in given.items() if value}
    if "date" in said:
        said["date"] = COLLECTED.write(local(read_moment(said["date"], zone), zone)) or ""
    return DataCollection(**said) if said else None


async def _picked(call: Call, files: Sequence[str], content: Mapping[str, Any]) -> list[Picked]:
    if len(files) + len(content) > MOST_FILES:
        raise BadArgument(f"At most {MOST_FILES} files can be attached; {len(files) + len(content)} were given.")
    limits = Limits.of(call.options)
    picked = [await to_thread.run_sync(from_file, each, "", limits) for each in files]
    for name, text in content.items():
        if not isinstance(text, str):
            raise BadArgument(f"content has base64 text under the name of each file; {name[:60]!r} has none.")
        picked.append(from_text(text, name, limits))
    names = [each.name.casefold() for each in picked]
    if twice := [each for each in names if names.count(each) > 1]:
        raise BadArgument(f"Two attachments are called {twice[0]!r}.")
    if sum(len(each.content) for each in picked) > limits.most:
        raise BadArgument(f"Together the attachments are larger than {_size(limits.most)} ({SIZE_SETTING}).")
    return picked


def in_lines(text: str) -> list[str]:
    """All of a text, in lines that are shown whole."""
    return [text[place : place + LINE] for place in range(0, len(text), LINE)]


def _key(name: str) -> str:
    if not (key := stored_text(name, "The name of a parameter")):
        raise BadArgument("A parameter needs a name: that of a variable of the campaign or scenario.")
    return key


def _values(name: str, value: Any) -> list[str | int | float | bool]:
    given = value if isinstance(value, list) else [value]
    if not given or not all(isinstance(each, str | int | float | bool) for each in given):
        raise BadArgument(
            f"The parameter {name[:60]!r} takes a text, a number, true or false, or a list of these.",
            advice='Such as {"coupon": "SPRING", "sizes": [38, 39]}.',
        )
    said = f"The parameter {name[:60]!r}"
    return [stored_text(each, said, lines=True) if isinstance(each, str) else each for each in given]


def _size(number: int) -> str:
    return f"{number / 1024 / 1024:.1f} MiB" if number >= 1024 * 1024 else f"{max(1, round(number / 1024))} KiB"
