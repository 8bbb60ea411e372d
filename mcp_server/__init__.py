"""The MCP face of campaign-mcp: catalogue, composition, guard, state, settings, command line."""

NAME = "campaign-mcp"


def version() -> str:
    """The version of the installed package; 0 where the sources run without being installed."""
    from importlib import metadata

    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "0"
