"""Watching an import that was started: progress while it goes on, and what to say of it in the end.

An end is believed when the import was seen under way before, or when two readings in a row tell the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools import watching
from tools.actito.import_book import (
    ENDS,
    UNDER_WAY,
    Loading,
    errors_in_groups,
    loadings_of,
    state_of,
    total,
)
from tools.call import Call
from tools.change import Outcome
from tools.watching import Patience, Words
from upstream.actito.imports import GetEtlExecution, GetImportResultV4
from upstream.errors import UpstreamError

POLL_SECONDS = 15.0
SLOWEST_SECONDS = 120.0
"""Between two readings at least and at most. Source: Actito, migrating v4 imports (actito-notes, section 8)."""
WATCH_SECONDS = 600.0
"""An import that takes longer is left to itself."""
ABSENT = 5
"""Readings in which an import that was just started may not be there yet."""


@dataclass(frozen=True)
class Reading:
    """An import as it was read: state in words, whether that is an end, and what was loaded, as far as it is told."""

    state: str
    ended: bool
    under_way: bool = False
    failed: bool = False
    rows: int | None = None
    in_error: int | None = None
    loadings: tuple[Loading, ...] = ()
    moments: Mapping[str, Any] | None = None


@dataclass
class Started:
    """An import that was started, by the id that Actito gave it; `old` for one of v4, which has a number."""

    entity: str
    id: str
    old: bool = False
    reading: Reading | None = None
    ends: int = 0
    seen_under_way: bool = False

    @property
    def over(self) -> bool:
        """Whether it has ended, and that can be believed."""
        return self.ends >= 2 or (self.ends == 1 and self.seen_under_way)

    @property
    def state(self) -> str:
        """In words for a person: an end that can't be believed yet is none."""
        if self.reading is None:
            return "not read yet"
        return "ended, checking once more" if self.ends and not self.over else self.reading.state

    @property
    def how_to_look(self) -> str:
        """The call that shows it."""
        what = 'what="v4", ' if self.old else ""
        return f'Look with actito_imports_find({what}item="{self.id}", entity="{self.entity}").'

    async def look(self, call: Call) -> None:
        """Read it once more.

        Raises:
            NotFound: it is not there, or not yet.
            UpstreamError: it could not be read.
        """
        found = await (_old if self.old else _execution)(call, self.entity, self.id)
        again = self.reading is not None and self.reading.state == found.state
        self.ends = 0 if not found.ended else self.ends + 1 if again else 1
        self.seen_under_way = self.seen_under_way or found.under_way
        self.reading = found


async def _execution(call: Call, entity: str, number: str) -> Reading:
    found = await call.send(GetEtlExecution(entity=entity, etl_execution_id=number))
    loadings = loadings_of(found)
    said = found.status.upper()
    return Reading(
        state_of(found),
        ended=said in ENDS,
        under_way=said in UNDER_WAY,
        failed=said == "FAILED",
        rows=total(each.rows for each in loadings),
        in_error=total(each.in_error for each in loadings),
        loadings=tuple(loadings),
        moments={"started": found.start_moment, "ended": found.end_moment},
    )


async def _old(call: Call, entity: str, number: str) -> Reading:
    found = await call.send(GetImportResultV4(entity=entity, import_id=int(number)))
    more = Loading.of(found.model_extra or {})
    words = {None: "no result yet", False: "succeeded", True: "with errors"}
    ended = found.with_errors is not None
    return Reading(words[found.with_errors], ended, not ended, rows=more.rows, in_error=found.rows_in_error)


async def watch(call: Call, run: Started) -> UpstreamError | None:
    """Read an import until it is over or `WATCH_SECONDS` have passed.

    Answers the error because of which it can't be watched any more, if there is one.
    """
    words = Words(f"Import {run.id}", lambda: run.state, run.how_to_look, first="started")
    patience = Patience(lambda took: max(POLL_SECONDS, min(SLOWEST_SECONDS, took / 4)), WATCH_SECONDS, ABSENT)
    return await watching.watch(call, run, words, patience)


def told(outcome: Outcome, run: Started, trouble: UpstreamError | None, sent: int | None) -> Outcome:
    """The outcome of a start with what is known of the import. `sent` are the rows of its file, None if not counted."""
    reading = run.reading
    if trouble is not None or reading is None:
        why = f"could not be read ({trouble.message})" if trouble else "was not read"
        reason = f"import {run.id} was started; its state {why}, so how it goes on is not known. {run.how_to_look}"
        return replace(outcome, status="unknown", reason=reason)
    after = {**outcome.after, "state": reading.state, "rows": reading.rows, "in_error": reading.in_error}
    after |= {**(reading.moments or {}), "errors": _errors(reading)}
    after = {name: value for name, value in after.items() if value not in (None, "", [])}
    if not run.over:
        said = run.state if run.ends or reading.under_way else f"{reading.state[:60]!r}, a state not known here"
        reason = f"import {run.id} was started and is not over yet ({said}). It goes on. {run.how_to_look}"
        return replace(outcome, reason=reason, after=after)
    return _over(replace(outcome, after=after), run, reading, sent)


def _over(outcome: Outcome, run: Started, reading: Reading, sent: int | None) -> Outcome:
    """The outcome of an import that has ended."""
    read = (
        "" if reading.rows in (None, sent) or sent is None else f"it read {reading.rows:,} rows, the file has {sent:,}"
    )
    lost = outcome.after.get("answer") == "lost"
    if lost and read:
        reason = f"{outcome.reason} But {read}, so it may be somebody else's. {run.how_to_look}"
        return replace(outcome, status="unknown", reason=reason, ended="unknown")
    errors = outcome.after.get("errors", [])
    more = "".join([f" Most frequent: {'; '.join(errors[:2])}." if errors else "", f" Mind: {read}." if read else ""])
    which = f"{'the answer was lost, but most likely ' if lost else ''}import {run.id}"
    if reading.failed or (reading.in_error and reading.in_error == reading.rows):
        reason = f"{which} was started and failed.{more} {run.how_to_look}"
        return replace(outcome, status="refused", reason=reason, ended="failed")
    loaded = f"{reading.rows:,} row{'' if reading.rows == 1 else 's'}" if reading.rows is not None else "its rows"
    if reading.state == ENDS["SUCCESS"]:
        reason = f"{which} succeeded: {loaded}, none in error.{more}"
        return replace(outcome, reason=reason, ended="succeeded")
    wrong = "some" if reading.in_error is None else f"{reading.in_error:,}"
    reason = f"{which} ended with errors: {wrong} of {loaded} were not loaded.{more} {run.how_to_look}"
    return replace(outcome, reason=reason, ended="with errors")


def _errors(reading: Reading) -> list[str]:
    groups = errors_in_groups(reading.loadings, whole=False)[:5]
    return [f"{row['rows']:,} x {str(row['name'])[:100]}" for row in groups]
