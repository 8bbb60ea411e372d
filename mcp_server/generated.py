"""Files that are written from the code: the catalogue, and the tables in README and docs.

`python -m mcp_server.generated --write` writes them, `--check` fails when one is not what the code says. Both say first
what is missing between contracts, request classes and tools.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_server import catalogue
from mcp_server.gaps import gaps

ROOT = Path(__file__).resolve().parent.parent


def files() -> Mapping[Path, str]:
    """Every generated file with the text that it should have."""
    from mcp_server.settings import settings_table

    wanted = {ROOT / "mcp_server" / catalogue.FILE: catalogue.text()}
    for path, tables in {
        ROOT / "README.md": {"tools": tools_table(), "actito": confidence_table()},
        ROOT / "docs" / "settings.md": {"settings": settings_table()},
        ROOT / "docs" / "routes.md": {"routes": routes_table()},
    }.items():
        text = path.read_text(encoding="utf-8")
        for name, table in tables.items():
            text = _between(text, name, table, path)
        wanted[path] = text
    return wanted


def _between(text: str, name: str, table: str, path: Path) -> str:
    pattern = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(
            f"{path.name} has no place for the table {name!r}: <!-- {name}: generated --> … <!-- /{name} -->"
        )
    return pattern.sub(lambda found: found[1] + table.strip() + "\n" + found[2], text)


def tools_table() -> str:
    """Name, what it does, risk, and size of what a model is handed (bytes of name, description and input schema).

    What is listed on demand has a star.
    """
    lines = ["| tool | what it does | risk | bytes |", "|---|---|---|--:|"]
    for each in catalogue.build():
        published = each["published"]
        handed = {key: published[key] for key in ("name", "description", "inputSchema")}
        size = len(json.dumps(handed, separators=(",", ":"), ensure_ascii=False).encode())
        star = " *" if each["category"] in catalogue.ON_DEMAND else ""
        lines.append(f"| `{published['name']}`{star} | {published['description']} | {each['risk']} | {size} |")
    return "\n".join(lines)


def routes_table() -> str:
    """The route table: which tool reaches which route, and how sure the route is."""
    from mcp_server.routes import rows

    lines = ["| system | route | tool | risk | documented |", "|---|---|---|---|---|"]
    known = documented()
    for row in rows(catalogue.entries(catalogue.build())):
        route = f"{row['method']} {row['path']}"
        lines.append(
            f"| {row['system']} | `{route}` | `{row['tool']}` | {row['risk']} | {known[row['system'], route]} |"
        )
    return "\n".join(lines)


def documented() -> Mapping[tuple[str, str], str]:
    """How sure each route is, by system and `VERB path`, as the contracts say it; guesses are left out."""
    import yaml

    import contracts

    found = {}
    for system in ("unica-platform", "unica-campaign", "unica-collaborate", "actito"):
        for path, operations in yaml.safe_load(contracts.read(f"{system}.openapi.yaml"))["paths"].items():
            for verb, operation in operations.items():
                if operation.get("x-confidence") != "guess":
                    found[system, f"{verb.upper()} {path}"] = _sureness(operation)
    return found


CONFIDENCE = ("documented", "observed", "inferred", "guess")


def confidence_table() -> str:
    """What there is in Actito, and how well each of it is known; what is only guessed is absent from the product."""
    import yaml

    import contracts

    found: dict[str, dict[str, list[str]]] = {}
    for operations in yaml.safe_load(contracts.read("actito.openapi.yaml"))["paths"].values():
        for operation in operations.values():
            cells = found.setdefault(operation["tags"][0], {each: [] for each in CONFIDENCE})
            cells[operation["x-confidence"]].append(operation["summary"].rstrip(".").replace(";", ","))
    lines = ["| in Actito | documented | observed | inferred | absent: do it in Actito |", "|---|---|---|---|---|"]
    for tag, cells in found.items():
        lines.append(f"| {tag} | " + " | ".join("; ".join(cells[each]) or "–" for each in CONFIDENCE) + " |")
    return "\n".join(lines)


_PARTS = ("request", "response")


def _sureness(operation: Mapping[str, Any]) -> str:
    """`x-doc-status`, for Actito `x-confidence`, or what the `x-evidence` of Collaborate says of route and bodies."""
    for plain in ("x-doc-status", "x-confidence"):
        if plain in operation:
            return str(operation[plain])
    said = operation["x-evidence"]
    route = str(said["route"])
    return ", ".join([route, *(f"{part} {said[part]}" for part in _PARTS if said.get(part, route) != route)])


def main() -> int:
    """Write the files or compare them; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mcp_server.generated", description="Write the generated files.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write those that are not what the code says")
    what.add_argument("--check", action="store_true", help="fail when one is not what the code says")
    options = parser.parse_args()
    if not (ROOT / "README.md").exists():
        parser.error(f"it works in a clone of the repository, and {ROOT} is none.")
    if missing := gaps():
        sys.stderr.write("".join(f"{sentence}\n" for sentence in missing))
        return 1
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if options.write:
            path.write_text(files()[path], encoding="utf-8", newline="\n")
        sys.stderr.write(f"{path.relative_to(ROOT)} {'written' if options.write else 'is not what the code says'}\n")
    if stale and options.check:
        sys.stderr.write("Run `make catalogue`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
