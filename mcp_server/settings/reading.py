"""Reading: variables win over the file, and every fault is found before anything is refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from mcp_server.settings.faults import Writer, faults
from mcp_server.settings.installation import RouteSettings, overrides_of
from mcp_server.settings.keys import DELIMITER, FILE_VARIABLE, variable
from mcp_server.settings.model import Origin, Settings
from mcp_server.settings.problems import Problem, SettingsError
from mcp_server.settings.sources import SECRETS, File, Secrets, Variables


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings from the environment and the TOML file, whose place is a variable or the usual one.

    An empty variable counts as not set. Reads files of this machine (settings, passwords, keyring), nothing else.

    Raises:
        SettingsError: with every problem, a line each.
    """
    environ = os.environ if environ is None else environ
    variables = Variables(environ)
    table = File(*_place(environ, file))
    secrets = Secrets()

    def written(path: tuple[str, ...]) -> str:
        return _written(path, variables, table)

    try:
        settings = Settings(_build_sources=((variables, table, secrets), {}))
    except ValidationError as error:
        found = faults(error, written)
        if secrets.problems:
            consequences = [variable((system, secret)) for system, secret in SECRETS.items()]
            found = [problem for problem in found if problem.key not in consequences]
        raise SettingsError([*variables.problems, *table.problems, *secrets.problems, *found]) from None
    problems = [*variables.problems, *table.problems, *secrets.problems, *_route_faults(settings, written)]
    if problems:
        raise SettingsError(problems)
    settings._origin = Origin(table.found, tuple(sorted(variables.names.values())))
    return settings


def usual_file() -> Path:
    """Where the settings file is when no variable names another."""
    from platformdirs import user_config_path

    return user_config_path("campaign-mcp") / "settings.toml"


def _place(environ: Mapping[str, str], file: Path | None) -> tuple[Path, bool]:
    """The settings file, and whether the operator named it."""
    named = environ.get(FILE_VARIABLE, "").strip()
    if file is not None or named:
        return (file or Path(named)).expanduser(), True
    return usual_file(), False


def _written(path: tuple[str, ...], variables: Variables, table: File) -> str:
    """A key as the person wrote it: the variable, or the dotted name in the file; else the variable to set."""
    for length in range(len(path), 0, -1):
        if name := variables.names.get(path[:length]):
            return ".".join((name, *path[length:]))
    for known, name in variables.names.items():
        if known[: len(path)] == path:
            return DELIMITER.join(name.split(DELIMITER)[: len(path)])
    while path and path[-1].isdigit():
        path = path[:-1]
    return ".".join(path) if table.has(path) else variable(path)


def _route_faults(settings: Settings, written: Writer) -> list[Problem]:
    """Overrides that name an unknown route or field, or a request that could not be sent."""
    problems = []
    for system, own in (("unica", settings.unica), ("actito", settings.actito)):
        for name, route in own.routes.items() if own else ():
            try:
                overrides_of(system, {name: route})
            except ValueError as error:
                what = str(error).rstrip(".")
                for value in filter(None, _values(route)):
                    what = what.replace(repr(value), "the value")
                problems.append(Problem(written((system, "routes", name)), what))
    return problems


def _values(route: RouteSettings) -> list[str]:
    fields = [value for field in route.fields.values() for value in (field.name, field.place, field.encoding)]
    return [route.method.upper(), route.path, *fields]
