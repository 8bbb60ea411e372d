"""What a run is handed: form values, offers, and the customers that the runs before it have selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools import reads
from tools.call import Call
from tools.change import Dependents
from tools.collaborate.form_book import offers_of
from tools.collaborate.parts import Part
from tools.collaborate.project_book import Found
from tools.collaborate.project_form_book import Filled, filled, forms_of
from tools.collaborate.run_watch import job_of
from tools.collaborate.runs import Run, Runs
from upstream.collaborate.workflow import WorkflowRow
from upstream.errors import UpstreamError


@dataclass(frozen=True)
class Handed:
    """A form whose values a flowchart is handed; `unchosen` tells that it makes offers available and none is chosen."""

    filled: Filled
    unchosen: bool = False

    @property
    def offers(self) -> list[str]:
        """The chosen offers, each as `name (id 5)`."""
        return [f"{each.offer_name} (id {each.offer_id})" for each in self.filled.form.offers]


async def forms_on_tab(call: Call, project: Found, row: WorkflowRow) -> Sequence[Handed] | None:
    """The forms on the row's tab: the flowchart is handed their values. None when time ran out.

    Inferred: that the tab decides which forms these are.
    """
    tab = row.flowchart_tab_name.strip().casefold()
    on_tab = [each for each in await forms_of(call, project) if each.tab_name.strip().casefold() == tab]

    async def read(number: int) -> Handed:
        form = await filled(call, project, number)
        return Handed(form, not form.form.offers and await _makes_offers_available(call, form))

    found = await reads.each([each.form_id for each in on_tab], read, until=call.deadline)
    return list(found.values()) if len(found) == len(on_tab) else None


async def _makes_offers_available(call: Call, form: Filled) -> bool:
    """Not where the form does not say which are chosen, or where that can't be read: then there is nothing to tell."""
    if "offers" not in form.form.model_fields_set:
        return False
    try:
        return bool(await offers_of(call, form.id))
    except UpstreamError:
        return False


async def latest_run(call: Call, part: Part) -> Run | None:
    """The latest run that was started here, looked at as it is now as far as it can be."""
    run: Run | None = call.kept(Runs).latest(part)
    if run is not None and run.readable:
        try:
            await run.seen(call)
        except UpstreamError:
            return run
    return run


async def customers(
    call: Call, project: Found, row: WorkflowRow, rows: Sequence[WorkflowRow], latest: Run | None
) -> list[str]:
    """How many customers the runs that the row builds on have selected, and its own last one.

    On each way back along what the row depends on the nearest run that was started here is told.
    """
    by_id = {each.row_id: each for each in rows}
    lines: list[str] = []
    seen, waiting = {row.row_id}, [*row.depends_on]
    while waiting:
        before = by_id.get(waiting.pop(0))
        if before is None or before.row_id in seen:
            continue
        seen.add(before.row_id)
        run = await latest_run(call, Part(project.kind, project.id, before.row_id))
        if run is None:
            waiting += before.depends_on
        elif (count := _count(run)) is not None:
            lines.append(f"customers: {count:,} selected by {before.row_name!r} (job {job_of(run)})")
        else:
            state = run.state if run.readable else "its job id is not known"
            lines.append(f"customers: not known, {before.row_name!r} was run: {state}")
    if (count := _count(latest)) is not None:
        lines.append(f"customers: {count:,} in the last run")
    return lines or ["customers: not known before the run"]


def _count(run: Run | None) -> int | None:
    return run.result.count if run is not None and run.succeeded and run.result is not None else None


def handed(forms: Sequence[Handed] | None, selected: Sequence[str]) -> Dependents:
    """All of it in lines for a person."""
    lines = [*selected]
    if forms is None:
        lines.append("form values: not shown, they could not be read in time")
    elif not forms:
        lines.append("form values: none, no form is on this tab")
    for each in forms or ():
        lines += [f"{name}: {', '.join(texts) or '(empty)'}" for name, texts in each.filled.values.items()]
        lines += [f"offer: {offer}" for offer in each.offers]
        if each.unchosen:
            lines.append("offers: none chosen")
    return Dependents(lines, label="With")
