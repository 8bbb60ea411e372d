"""Where settings come from, first the strongest: variables, the file, and what these say holds a password or key.

Each source drops the keys that do not exist and notes a problem for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from mcp_server.settings import actito, unica
from mcp_server.settings.credentials import from_file, from_keyring
from mcp_server.settings.keys import (
    DELIMITER,
    FILE_VARIABLE,
    PREFIX,
    is_table,
    known_keys,
    sift,
    step,
    unknown,
    variable,
)
from mcp_server.settings.model import Settings
from mcp_server.settings.problems import Problem, Wrong
from mcp_server.settings.values import hidden

ONE_OF_EACH: Mapping[str, tuple[tuple[str, ...], ...]] = {"unica": unica.ONE_OF_EACH, "actito": actito.ONE_OF_EACH}
"""System to groups of keys of which one says it all."""

SECRETS: Mapping[str, str] = {"unica": unica.SECRET, "actito": actito.SECRET}
"""System to the key whose value may be in a file (`KEY_file`) or in the keyring (`KEY_keyring`)."""


class Source(PydanticBaseSettingsSource):
    """One origin of values; `values` is read when it is made, `problems` is what was wrong with it."""

    def __init__(self) -> None:
        super().__init__(Settings)
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self.values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self.values

    def has(self, path: tuple[str, ...]) -> bool:
        """Whether this source gave that key."""
        at: Any = self.values
        for part in path:
            if not isinstance(at, Mapping) or part not in at:
                return False
            at = at[part]
        return True


class Variables(Source):
    """The environment. An empty variable counts as not set; tables may be given as JSON.

    `names` has the variable of each key, by its path in the models.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__()
        self.names: dict[tuple[str, ...], str] = {}
        for name in sorted(environ, key=lambda each: (each.count(DELIMITER), each)):
            if name.upper().startswith(PREFIX) and name.upper() != FILE_VARIABLE and environ[name].strip():
                self._take(name, environ[name])

    def _take(self, name: str, text: str) -> None:
        *tables, last = name[len(PREFIX) :].split(DELIMITER)
        at: dict[str, Any] = self.values
        path: tuple[str, ...] = ()
        shape: Any = Settings
        for part in tables:
            found = step(shape, part)
            inner = at.setdefault(found[0], {}) if found and is_table(found[1]) else None
            if found is None or not isinstance(inner, dict):
                return self._unknown(name)
            at, shape, path = inner, found[1], (*path, found[0])
        found = step(shape, last)
        if found is None:
            return self._unknown(name)
        key, inner = found
        self.names[(*path, key)] = name
        at[key] = self._table(name, text, inner) if is_table(inner) else hidden(_trimmed(text, inner))
        return None

    def _table(self, name: str, text: str, shape: Any) -> Any:
        import json

        try:
            table = json.loads(text)
        except ValueError:
            return hidden(text)
        if not isinstance(table, dict):
            return hidden(text)
        kept, problems = sift(table, shape, f"{name}: ")
        self.problems += problems
        return kept

    def _unknown(self, name: str) -> None:
        self.problems.append(unknown(name, [variable(path) for path in known_keys()]))


def _trimmed(text: str, shape: Any) -> str:
    """A text without the blanks around it, unless it is a secret, where they may belong to it."""
    return text if shape is SecretStr else text.strip()


class File(Source):
    """The TOML file; it need not be there unless the operator named it."""

    def __init__(self, place: Path, named: bool) -> None:
        super().__init__()
        self.found: Path | None = None
        self._place = place
        text = self._text(named)
        if text is not None:
            self.found = place
            self.values, problems = sift(self._tables(text))
            self.problems += problems

    def __call__(self) -> dict[str, Any]:
        """The values, without those that a variable replaces under another key, such as a password by its file."""
        left = dict(self.values)
        for system, groups in ONE_OF_EACH.items():
            stronger, own = self.current_state.get(system), self.values.get(system)
            if not isinstance(stronger, dict) or not isinstance(own, dict):
                continue
            replaced = {key for group in groups if stronger.keys() & set(group) for key in group}
            if "url" in stronger:
                replaced |= set(unica.ADDRESSES)
            left[system] = {key: value for key, value in own.items() if key not in replaced}
        return left

    def _text(self, named: bool) -> str | None:
        try:
            return self._place.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if named:
                self._fault("there is no such file", "Write the full path of the settings file")
        except UnicodeDecodeError:
            self._fault("the file is no text in UTF-8", "Save it as UTF-8")
        except OSError as error:
            self._fault(f"the file can't be read ({type(error).__name__})", "Let this user read it")
        return None

    def _tables(self, text: str) -> dict[str, Any]:
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = str(error).rpartition("(")[2].rstrip(")")
            self._fault(f"not readable as TOML ({place})", 'Write texts in quotation marks: url = "https://host"')
            return {}

    def _fault(self, what: str, instead: str) -> None:
        self.problems.append(Problem(f"{FILE_VARIABLE} or the usual file {self._place.name}", what, instead))


class Secrets(Source):
    """The password or key of each account, read from where variables and file say it is."""

    def __call__(self) -> dict[str, Any]:
        found = {}
        for system, secret in SECRETS.items():
            own = self.current_state.get(system)
            if isinstance(own, dict) and (value := self._read(system, own, secret)):
                found[system] = {secret: hidden(value)}
        return found

    def _read(self, system: str, own: Mapping[str, Any], secret: str) -> str:
        """The secret of one system where a file or the keyring holds it, else nothing."""
        for group in ONE_OF_EACH[system]:
            given = [key for key in group if own.get(key)]
            if len(given) > 1:
                keys = " and ".join(variable((system, key)) for key in given)
                self.problems.append(Problem(keys, "say the same thing twice", "Keep one of them"))
                return ""
        for key, read in ((f"{secret}_file", from_file), (f"{secret}_keyring", from_keyring)):
            if isinstance(place := own.get(key), str) and place:
                try:
                    return read(place, secret)
                except Wrong as error:
                    self.problems.append(Problem(variable((system, key)), error.what, error.instead))
        return ""
