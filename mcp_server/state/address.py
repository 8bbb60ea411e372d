"""The address of the state database: which forms there are, and how to say one without its secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SETTING = "CAMPAIGN_MCP_STATE_URL"
_FORMS = "`sqlite:///path/to/state.db` or `postgresql://user:password@host:5432/database`"
_POSTGRES = ("postgresql+psycopg", "postgresql", "postgres")
_LOCATION = re.compile(
    r"postgresql\+psycopg://(?:[^@?]*@)?((?:[\w.,-]*|\[[\da-fA-F:]+\])(?::\d+)?/[\w.-]*)(?:\?[^@]*)?"
)
"""Host and database, where it is certain that they are that and not a piece of a password with odd characters."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place for the state. `path` is set for files only; `url` is what SQLAlchemy's psycopg dialect reads."""

    kind: Literal["file", "memory", "postgresql"]
    path: Path = field(default_factory=Path)
    own_folder: bool = False
    url: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Address:
        """Read the setting; empty means `state.db` in the user's state folder.

        Raises:
            ValueError: not one of the forms.
        """
        url = url.strip()
        if not url:
            from platformdirs import user_state_path

            return cls("file", user_state_path("campaign-mcp") / "state.db", own_folder=True)
        scheme, colon, rest = url.partition("://")
        scheme = scheme.lower()
        if colon and scheme == "sqlite":
            if rest in ("", "/", "/:memory:"):
                return cls("memory")
            if not rest.startswith("/") or "?" in rest:
                raise ValueError(
                    f"{SETTING}: a SQLite file is written `sqlite:///relative/path` or `sqlite:////absolute/path`, "
                    "without options."
                )
            return cls("file", Path(rest[1:]).expanduser().absolute())
        if colon and scheme in _POSTGRES and rest:
            return cls("postgresql", url=f"postgresql+psycopg://{rest}")
        raise ValueError(f"{SETTING} must be empty or have the form {_FORMS}.")

    @property
    def place(self) -> str:
        """The address for people, without user, password and options."""
        if self.kind == "file":
            return str(self.path)
        if self.kind == "memory":
            return "memory of this process"
        found = _LOCATION.fullmatch(self.url)
        return f"postgresql://{found[1]}" if found else "a PostgreSQL address"
