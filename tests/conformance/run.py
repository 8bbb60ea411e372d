"""Run the official suite against our server, for both requirement sets: `python -m tests.conformance.run`.

Exit code 0 when both pass, or when this machine has no npm, Node or registry for it, which is said; else 1.
"""

from __future__ import annotations

import sys
import warnings

import anyio
from mcp import Client
from mcp.shared.exceptions import MCPDeprecationWarning

from mcp_server import NAME
from tests.conformance import suite
from tests.conformance.server import Served, serving
from tests.conformance.verdict import Verdict, judge

REVISIONS = ("2025-11-25", "2026-07-28")
PROBE_SECONDS = 30


def main() -> int:
    # The suite wants what the protocol calls deprecated: sampling, log lines.
    warnings.simplefilter("ignore", MCPDeprecationWarning)
    try:
        runner = suite.installed()
        with serving(suite.FOLDER / "server.log") as served:
            verdicts = [_run(runner, served, revision) for revision in REVISIONS]
    except suite.NotHere as error:
        print(
            f"Conformance SKIPPED: {error} (the suite is a package of npm and needs Node {suite.OLDEST_NODE} or later)."
        )
        return 0
    except suite.Failed as error:
        print(f"Conformance FAILED: {error}")
        return 1
    _report(verdicts)
    return 1 if any(verdict.problems for verdict in verdicts) else 0


def _run(runner: suite.Suite, served: Served, revision: str) -> Verdict:
    before = served.application.asked.total()
    results, code = runner.run(served.url, revision)
    verdict = judge(revision, runner.requirements(revision), results)
    if code and not verdict.problems:
        verdict.problems.append(f"the suite ended with exit code {code}; see {results / 'output.txt'}")
    asked = served.application.asked.total() - before
    if asked < verdict.scenarios:
        verdict.problems.append(f"our server saw only {asked} requests")
    if missed := anyio.run(_probe, served):
        verdict.problems.append(f"after the run our server did not answer as it should: {missed}")
    return verdict


async def _probe(served: Served) -> str:
    """What is wrong with the server at the address, in either era; empty when it is ours and works."""
    tools = served.application.own_tools()
    for mode in ("auto", "legacy"):
        try:
            with anyio.fail_after(PROBE_SECONDS):
                async with Client(served.url, mode=mode) as client:
                    if client.server_info is None or client.server_info.name != NAME:
                        return f"{client.server_info} answered"
                    if missing := tools - {tool.name for tool in (await client.list_tools()).tools}:
                        return f"it does not list {sorted(missing)}"
                    if (found := await client.call_tool("campaigns_find", {"limit": 1})).is_error:
                        return f"campaigns_find failed: {found.content}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs in the report
            return f"{type(error).__name__}: {error}"
    return ""


def _report(verdicts: list[Verdict]) -> None:
    print(f"{'revision':12}{'scenarios':>10}{'passed':>8}{'failed':>8}{'warnings':>10}")
    for each in verdicts:
        passed, failed, warned = (each.checks[status] for status in ("SUCCESS", "FAILURE", "WARNING"))
        print(f"{each.revision:12}{each.scenarios:>10}{passed:>8}{failed:>8}{warned:>10}")
    for each in verdicts:
        for line in each.warnings:
            print(f"warning  {each.revision}  {line}")
        for line in each.problems:
            print(f"PROBLEM  {each.revision}  {line}")
    left_out = sorted({scenario for each in verdicts for scenario in each.left_out})
    print(f"Of extensions that the server does not offer, so not counted: {', '.join(left_out)}.")
    print("Conformance FAILED." if any(each.problems for each in verdicts) else "Conformance passed.")


if __name__ == "__main__":
    sys.exit(main())
