"""The table of all settings, drawn from the models, so that docs/settings.md can't lag behind them."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from mcp_server.settings.keys import FILE_VARIABLE, Path, is_table, model_within, step, variable
from mcp_server.settings.model import Settings

_DEFAULTS = {
    ("channels",): "`elicitation,code`",
    ("channels_reaching_customers",): "as described",
    ("unica", "platform_url"): "`CAMPAIGN_MCP_UNICA__URL`",
    ("unica", "campaign_url"): "`CAMPAIGN_MCP_UNICA__URL`",
    ("unica", "collaborate_url"): "`CAMPAIGN_MCP_UNICA__URL`",
    ("unica", "time_zone"): "as described",
    ("actito", "time_zone"): "as described",
}
"""Defaults that depend on other settings or on the machine."""


def settings_table() -> str:
    """Markdown: a row for each variable with its default and its meaning."""
    lines = [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in rows()]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *lines])


def rows() -> list[tuple[str, str, str]]:
    """Each variable with its default and its meaning, in Markdown."""
    file = (FILE_VARIABLE, "", "the TOML file to read instead of `settings.toml` in your configuration folder")
    return [file, *_rows(Settings, ())]


def _rows(model: type[BaseModel], before: Path) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for name, field in model.model_fields.items():
        path, inner = (*before, name), model_within(field.annotation)
        if inner is not None:
            found += _rows(inner, path)
            continue
        found.append((variable(path), _DEFAULTS.get(path) or _shown(field), field.description or ""))
        one = step(field.annotation, "NAME") if is_table(field.annotation) else None
        of_each = model_within(one[1]) if one else None
        if of_each is not None:
            found += _rows(of_each, (*path, "NAME"))
    return found


def _shown(field: FieldInfo) -> str:
    value = None if field.default_factory is not None else field.get_default()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value is None or isinstance(value, SecretStr) or value == "":
        return ""
    return f"`{value:g}`" if isinstance(value, float | int) else f"`{value}`"
