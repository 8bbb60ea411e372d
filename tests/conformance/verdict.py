"""What the suite found: read from the files it leaves, because its own summary calls a silent server a good one."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LEAST_SCENARIOS = {"2025-11-25": 30, "2026-07-28": 37}
"""How many scenarios each revision requires of a server, in `requirements/` of 0.2.0-alpha.12."""

_STAMP = re.compile(r"-\d{4}-\d{2}-\d{2}T[\d-]+Z$")


@dataclass
class Verdict:
    """The outcome of one revision; without problems it is conformant."""

    revision: str
    scenarios: int = 0
    checks: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def judge(revision: str, requirements: Path, results: Path) -> Verdict:
    """Hold the results of a revision against what it requires.

    Every required scenario must have run and checked something, and no check may have failed. The same holds for
    scenarios that the suite runs without scoring them, save those of extensions, which our server doesn't offer.
    """
    required, unscored = _wanted(requirements)
    ran = {_STAMP.sub("", path.parent.name.removeprefix("server-")): path for path in results.glob("*/checks.json")}
    verdict = Verdict(revision, left_out=[name for name, reason in unscored.items() if reason == "extension"])
    if len(required) < LEAST_SCENARIOS[revision]:
        verdict.problems.append(f"the suite requires only {len(required)} scenarios")
    for scenario in [*required, *(name for name in unscored if name not in verdict.left_out)]:
        if scenario not in ran:
            verdict.problems.append(f"{scenario} did not run")
            continue
        verdict.scenarios += 1
        _judge_scenario(scenario, json.loads(ran[scenario].read_text(encoding="utf-8")), verdict)
    return verdict


def _judge_scenario(scenario: str, checks: list[dict[str, Any]], verdict: Verdict) -> None:
    found = Counter(check["status"] for check in checks)
    verdict.checks += found
    if not any(found[status] for status in ("SUCCESS", "FAILURE", "WARNING")):
        verdict.problems.append(f"{scenario}: nothing was checked")
    for check in checks:
        told = f"{scenario}: {check['id']}: {check.get('errorMessage') or check['description']}"
        if check["status"] == "FAILURE":
            verdict.problems.append(told)
        elif check["status"] == "WARNING":
            verdict.warnings.append(told)


def _wanted(requirements: Path) -> tuple[list[str], dict[str, str]]:
    """The scenarios that a server must pass, and those that are run without being scored, with the reason."""
    document = yaml.safe_load(requirements.read_text(encoding="utf-8"))
    unscored = {each["scenario"]: each["reason"] for each in document["not_scored"] if each["leg"] == "server"}
    return list(document["server"]), unscored
