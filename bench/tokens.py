"""Tokens of what a model is handed (o200k_base), counted by the npm package gpt-tokenizer where there is npm."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping

from bench.budget import Budget
from bench.processes import OURS, Server

_COUNT = """
let text = '';
process.stdin.on('data', d => text += d).on('end', () => {
  const { encode } = require('gpt-tokenizer/encoding/o200k_base');
  console.log(JSON.stringify(JSON.parse(text).map(t => encode(t, {disallowedSpecial: new Set()}).length)));
});
"""


def measure(environ: Mapping[str, str], large: Mapping[str, str]) -> Iterator[Budget]:
    """`environ` points at the usual sandbox, `large` at one with thousands of offers."""
    with Server(OURS, environ) as server:
        tools = server.request("tools/list")["tools"]
        handed = [_compact({key: tool[key] for key in ("name", "description", "inputSchema")}) for tool in tools]
        unica = [text for text, tool in zip(handed, tools, strict=True) if not tool["name"].startswith("actito_")]
    with Server(OURS, large) as server:
        rows = server.call("offers_find", search="2026")
        total = rows["structuredContent"]["total"]
    lists = ["[" + ",".join(each) + "]" for each in (unica, handed)]
    counts, how = count([*lists, rows["content"][0]["text"], *handed])
    yield Budget("tokens of the listed tools, Unica", counts[0], 5500, f"{len(unica)} tools; {how}")
    yield Budget("tokens of the listed tools, Unica and Actito", counts[1], 9000, f"{len(tools)} tools; {how}")
    yield Budget("tokens of a tool on average", counts[1] / len(tools), 140, f"largest: {_largest(tools, counts[3:])}")
    yield Budget(
        "tokens of a list of 1,000 rows or more, as answered by default", counts[2], 1500, f"{total:,} rows found"
    )


def count(texts: list[str]) -> tuple[list[int], str]:
    """Tokens of each text, and how they were counted."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([npm, "install", "--silent", "--no-save", "gpt-tokenizer"], cwd=folder, check=False)
            if done.returncode == 0:
                said = subprocess.run(
                    [node, "-e", _COUNT],
                    input=json.dumps(texts),
                    capture_output=True,
                    cwd=folder,
                    check=True,
                    encoding="utf-8",
                )
                return json.loads(said.stdout), "o200k_base"
    return [round(len(text.encode()) / 4) for text in texts], "estimated as bytes / 4, for want of npm"


def _largest(tools: list[dict[str, object]], counts: list[int]) -> str:
    number, name = max(zip(counts, (str(tool["name"]) for tool in tools), strict=True))
    return f"{name} ({number})"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
