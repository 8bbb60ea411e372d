"""The chapters on Unica Collaborate: somebody in a branch runs a campaign that the bank has prepared."""

from __future__ import annotations

from mcp_server.demo.teller import Teller

FOLDERS = "unica://collaborate/template-folders"
FOLDER = f"{FOLDERS}/Branches/Events/Open days"
TEMPLATE = "Open day invitation"
PROJECT = "Open day in Fernton"
TASK = "Generate target list"


async def tell(teller: Teller) -> None:
    """Browse to a template, start a campaign from it, fill its form, run it and read the result."""
    await _browse(teller)
    started = await _start(teller)
    await _fill_the_form(teller)
    if not started:
        teller.page.tell("There the story ends: only what is in progress can run, and the person did not start it.")
    elif await _run(teller):
        await _result(teller)
    else:
        teller.page.tell("Nobody is selected: a no runs nothing.")


async def _browse(teller: Teller) -> None:
    teller.page.chapter("In Collaborate: is there a template for our open day?")
    await teller.call("browse", address=FOLDERS)
    found = await teller.call("browse", address=FOLDER)
    (address,) = [each["id"] for each in found["items"] if each["name"] == TEMPLATE] or [""]
    teller.expect(bool(address), f"{TEMPLATE} is not in its folder")
    await teller.call("browse", address=address)


async def _start(teller: Teller) -> bool:
    teller.page.chapter("Make an on-demand campaign from it and start it")
    made = await teller.call(
        "projects_save", template=TEMPLATE, name=PROJECT, description="Saturday before the summer holidays"
    )
    teller.expect(made["status"] == "done", "the campaign was not created")
    return await teller.ask("projects_change_state", scripted=True, projects=[PROJECT], action="start")


async def _fill_the_form(teller: Teller) -> None:
    teller.page.chapter("Fill its form: the assistant guesses a region, and reads which there are")
    said = await teller.err("project_forms_save", project=PROJECT, form="Target", values={"region": "Suoth"})
    teller.expect("South" in said, "the nearest option was not named")
    filled = await teller.call(
        "project_forms_save", project=PROJECT, form="Target", values={"region": "South", "segments": ["Youth", "Mass"]}
    )
    teller.expect(filled["status"] == "done", "the form was not filled")


async def _run(teller: Teller) -> bool:
    teller.page.chapter("Select the customers: a run can't be stopped, so a person is asked")
    return await teller.ask("workflow_run", scripted=True, project=PROJECT, row=TASK)


async def _result(teller: Teller) -> None:
    teller.page.chapter("How many customers will be invited?")
    found = await teller.call(
        "workflow_find", project=PROJECT, row=TASK, fields=["state", "run", "customers", "run_started", "outputs"]
    )
    teller.expect(any(each["run"] == "succeeded" for each in found["items"]), "the run has no result")
