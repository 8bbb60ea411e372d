"""Settings: read once, at the edge, from the environment and one TOML file; inside, plain typed values are passed.

    settings = load()            # or load(environ={...}, file=Path("settings.toml"))
    settings.unica.policy        # "confirm"

Loading reads files of this machine and nothing else: no network, no database.
"""

from mcp_server.settings.actito import Actito
from mcp_server.settings.installation import FieldSettings, RouteSettings, Timeouts
from mcp_server.settings.model import Settings
from mcp_server.settings.problems import Problem, SettingsError
from mcp_server.settings.reading import load
from mcp_server.settings.surroundings import Surroundings
from mcp_server.settings.table import settings_table
from mcp_server.settings.unica import Unica

__all__ = [
    "Actito",
    "FieldSettings",
    "Problem",
    "RouteSettings",
    "Settings",
    "SettingsError",
    "Surroundings",
    "Timeouts",
    "Unica",
    "load",
    "settings_table",
]
