"""What is said to somebody who adds a route or a tool and has not done all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import contracts
from mcp_server import catalogue, generated
from mcp_server.gaps import gaps
from tools.campaign.cell_changes import target_cells_save
from tools.campaign.target_cells import target_cells_find
from upstream import routes
from upstream.risk import RISKS

CELLS = "upstream.campaign.target_cells"


def test_everything_fits_together() -> None:
    assert gaps() == []


def test_a_request_without_a_row_in_the_risk_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RISKS["unica-campaign"], "getTCSList")  # type: ignore[arg-type]  # a dictionary in truth
    assert gaps() == [
        f"GetTargetCells in {CELLS}: getTCSList of unica-campaign has no row in the risk table (upstream/risk.py). "
        "Think about what it can do, and add one."
    ]


@pytest.mark.parametrize(
    ("system", "removed", "sentence"),
    [
        (
            "unica-campaign",
            "  /v1/targetcells/runresults:",
            f"GetRunResults in {CELLS}: GET /v1/targetcells/runresults is not in contracts/unica-campaign.openapi",
        ),
        (
            "unica-campaign",
            "      x-doc-status:",
            "GET /v1/attributes of contracts/unica-campaign.openapi.yaml says no ",
        ),
        ("unica-collaborate", "      x-evidence:", "openapi.yaml says no x-evidence."),
        ("actito", "      x-confidence:", "openapi.yaml says no x-confidence."),
    ],
)
def test_what_a_contract_lacks(monkeypatch: pytest.MonkeyPatch, system: str, removed: str, sentence: str) -> None:
    read = contracts.read

    def without(name: str) -> str:
        gone = removed.replace(removed.strip(), "x-gone:")
        return read(name).replace(f"\n{removed}", f"\n{gone}", 1) if name.startswith(system) else read(name)

    monkeypatch.setattr("contracts.read", without)
    assert [said for said in gaps() if sentence in said]


def test_an_operation_that_nobody_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    read = contracts.read
    written = "      operationId: getRunResults\n"
    monkeypatch.setattr("contracts.read", lambda name: read(name).replace(written, written.replace("get", "readAll")))
    route = "GET /v1/targetcells/runresults of contracts/unica-campaign.openapi.yaml"
    assert [said for said in gaps() if said.startswith(f"{route} has no request class: write one, and list its module")]


def test_a_module_of_requests_that_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_MODULES", tuple(name for name in routes._MODULES if name != CELLS))
    said = gaps()
    assert (
        f"target_cells_find reaches GetTargetCells, which is no route of the table: add {CELLS} to _MODULES of "
        "upstream/routes.py."
    ) in said


def test_a_module_of_tools_that_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {name: category for name, category in catalogue.MODULES.items() if name != "tools.campaign.target_cells"}
    monkeypatch.setattr(catalogue, "MODULES", listed)
    place = "MODULES of mcp_server/catalogue.py"
    assert f"target_cells_find is not listed: add tools.campaign.target_cells to {place}." in gaps()


def test_a_module_that_is_listed_and_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MODULES", {**catalogue.MODULES, "tools.campaign.sessions": "sessions"})
    (said,) = gaps()
    assert said.startswith("MODULES of mcp_server/catalogue.py names tools.campaign.sessions, which can't be imported:")


def test_a_system_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {prefix: system for prefix, system in catalogue.SYSTEMS.items() if prefix != "tools.browse"}
    monkeypatch.setattr(catalogue, "SYSTEMS", known)
    assert gaps() == ["tools.browse belongs to no system: add it to SYSTEMS of mcp_server/catalogue.py."]


def test_a_route_that_no_tool_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in (target_cells_find, target_cells_save):
        monkeypatch.setattr(tool, "routes", ())
    said = [sentence for sentence in gaps() if "no tool says that it reaches it" in sentence]
    assert f"CreateTargetCell in {CELLS}: no tool says that it reaches it. Name it in @finds or @changes." in said


def test_a_tool_that_only_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target_cells_save, "apply", None)
    assert gaps() == ["target_cells_save only plans: name the function that writes with @target_cells_save.applies."]


def test_the_command_says_them_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(RISKS["unica-campaign"], "getTCSList")  # type: ignore[arg-type]  # a dictionary in truth
    monkeypatch.setattr(sys, "argv", ["generated", "--write"])
    assert generated.main() == 1
    said = capsys.readouterr().err
    assert "has no row in the risk table" in said and "written" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "one of the arguments --write --check is required"),
        (("--wriet",), "required"),
        (("--write", "--check"), "not allowed with"),
        (("--check", "README.md"), "unrecognized arguments: README.md"),
    ],
)
def test_the_command_says_what_it_takes(arguments: tuple[str, ...], said: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mcp_server.generated", *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 2 and said in ran.stderr and "Traceback" not in ran.stderr


def test_the_command_needs_a_clone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["generated", "--check"])
    with pytest.raises(SystemExit):
        generated.main()
    assert "works in a clone of the repository" in capsys.readouterr().err
