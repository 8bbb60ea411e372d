"""Runs of flowcharts as a session knows them. The product has no list of runs: to see one takes its job id.

Right after the start a reading may still tell how an earlier run ended. So an end is believed when the run was seen
under way before, or when two readings in a row tell the same. Source: collaborate-notes, section 5.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

import anyio

from tools.call import Call
from tools.collaborate.parts import Part
from upstream.collaborate.workflow import GetRunResult, RunResult

POLL_SECONDS = 2.0
"""Between two readings of a run at least. Source: collaborate-notes, section 5."""

MOST = 200
"""Runs that a session keeps in mind."""


@dataclass
class Run:
    """A run that this session has started, or was asked about by its job id.

    `job` is empty where the system did not say it; `lost` tells that the answer to the start was lost, so that there
    may be no such run. `result` is the latest reading, `ends` how many in a row told the same end.
    """

    part: Part
    job: str
    ours: bool = False
    lost: bool = False
    result: RunResult | None = None
    ends: int = 0
    under_way: bool = False
    read_at: float = float("-inf")

    @property
    def readable(self) -> bool:
        """Whether its job id can be asked for: dots alone would leave the route."""
        return re.search(r"[^.]", self.job) is not None

    @property
    def over(self) -> bool:
        """Whether it has ended, and that can be believed."""
        return self.ends >= 2 or (self.ends == 1 and self.under_way)

    @property
    def running(self) -> bool:
        """Whether its latest reading says that it is under way."""
        return self.result is not None and self.result.under_way

    @property
    def state(self) -> str:
        """In words, such as `running`."""
        said = self.result.flowchart_status if self.result else ""
        return said.replace("_", " ").lower() or "not known yet"

    @property
    def succeeded(self) -> bool:
        """Only a run that succeeded has a count. Source: the contract; inferred: the name of the state."""
        result = self.result
        if not self.over or result is None or result.flowchart_status == "FAILED":
            return False
        return result.flowchart_status == "SUCCEEDED" or result.count is not None

    @property
    def failed(self) -> bool:
        result = self.result
        return (
            self.over
            and not self.succeeded
            and result is not None
            and (result.flowchart_status == "FAILED" or bool(result.error_message))
        )

    async def look(self, call: Call) -> RunResult:
        """Read it once more.

        Raises:
            NotFound: it is not there, or not yet.
            UpstreamError: it could not be read.
        """
        part = self.part
        request = GetRunResult(kind=part.kind, project_id=part.project_id, row_id=part.number, job_id=self.job)
        result = await call.send(request)
        ended = bool(result.flowchart_status) and not result.under_way
        again = self.result is not None and self.result.flowchart_status == result.flowchart_status
        self.ends = 0 if not ended else self.ends + 1 if again else 1
        self.under_way = self.under_way or result.under_way
        self.result, self.read_at = result, anyio.current_time()
        return result

    async def seen(self, call: Call) -> None:
        """Make sure that the latest reading is fresh, and an end one that can be believed.

        Raises:
            As `look`.
        """
        if self.over:
            return
        if anyio.current_time() - self.read_at >= POLL_SECONDS:
            await self.look(call)
        if self.ends and not self.over:
            await anyio.sleep(POLL_SECONDS)
            await self.look(call)


class Runs:
    """The runs of a session, the latest at the end; the oldest are forgotten."""

    def __init__(self) -> None:
        self._runs: OrderedDict[tuple[Part, str], Run] = OrderedDict()

    def started(self, part: Part, job: str, *, lost: bool = False) -> Run:
        """A run that was just started here."""
        run = Run(part, job, ours=True, lost=lost)
        self._runs.pop((part, job), None)
        self._runs[part, job] = run
        while len(self._runs) > MOST:
            self._runs.popitem(last=False)
        return run

    def asked(self, part: Part, job: str) -> Run:
        """The run of this job id, which may have been started elsewhere."""
        return self._runs.get((part, job)) or Run(part, job)

    def keep(self, run: Run) -> None:
        """Bear in mind a run that was asked about and is there; it counts as older than those started here."""
        if (run.part, run.job) not in self._runs:
            self._runs[run.part, run.job] = run
            self._runs.move_to_end((run.part, run.job), last=False)
            while len(self._runs) > MOST:
                self._runs.popitem(last=False)

    def latest(self, part: Part) -> Run | None:
        """The latest run of a row that was started here."""
        return next((run for run in reversed(self._runs.values()) if run.ours and run.part == part), None)
