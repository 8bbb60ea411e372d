"""Frequent jobs in Unica Collaborate."""

from __future__ import annotations

from mcp_server.prompts.prompt import Argument, Prompt

PROMPTS = (
    Prompt(
        "find_a_template",
        "Find a template",
        "Find the template in Unica Collaborate that fits what is planned",
        (
            Argument("purpose", "What the list or campaign is for", required=True),
            Argument("folder", "Template folder to look in, by name or id", shelf="template-folders"),
        ),
        ("templates_find", "folders_find"),
        """\
Help me find the template in Unica Collaborate that fits the purpose below.
1. Look for it with templates_find: search with one or two words of the purpose, in the folder if one is given \
(subfolders=true). If nothing fits, list the folders with folders_find (tree="templates") and look in those that fit.
2. Leave out disabled templates, and say so if one of them would have fitted.
3. Show me at most five: name, id, what is made from it (simple list, advanced list, on-demand campaign), its folder, \
and in a few words why it fits. Say which you would take.
4. Only read. Create nothing from a template before I have chosen one.""",
    ),
    Prompt(
        "start_on_demand_campaign",
        "Start an on-demand campaign",
        "Create an on-demand campaign from a template, fill in its forms, and run it",
        (
            Argument("template", "Template, by name or id", required=True, shelf="templates", choice="on-demand"),
            Argument("name", "Name of the new campaign"),
        ),
        (
            "templates_find",
            "projects_save",
            "projects_find",
            "forms_find",
            "project_forms_save",
            "projects_change_state",
            "workflow_find",
            "workflow_run",
        ),
        """\
Help me start an on-demand campaign in Unica Collaborate from the template below. Go step by step:
1. Read the template with templates_find. If several have the name, ask me which one. Stop if it is disabled, or makes \
something other than on-demand campaigns.
2. Agree with me on the name and on what else it needs, then create it with projects_save.
3. Read its forms with projects_find (fields=["forms"]), and with forms_find (forms=the ids of these forms, \
fields=["attributes", "offers"]) which values are required or possible and which offers there are. Ask me for each \
value that is missing; never invent one. Fill them in with project_forms_save, and choose the offers there.
4. Show me everything once more. Only when I say so, start the campaign with projects_change_state; that asks me for \
an approval.
5. Find what can be run with workflow_find. Tell me what runs and for whom, and wait for my word before workflow_run: \
it reaches customers and asks me for an approval, which you never give yourself.
6. Tell me the result: state, how many people, and what failed.""",
    ),
    Prompt(
        "audit_folder",
        "Audit a folder",
        "Look through a folder of Unica Collaborate: what is in it, and what should be tidied up",
        (
            Argument("tree", "templates or forms; templates if left out", words=("templates", "forms")),
            Argument(
                "folder",
                "Folder, by name, path or id",
                required=True,
                shelf="template-folders",
                instead=("tree", {"forms": "form-folders"}),
            ),
        ),
        ("folders_find", "templates_find", "forms_find"),
        """\
Look through the folder below in Unica Collaborate (the tree is templates unless another is given) and report.
1. Find it with folders_find (tree, folders=[...]). If several have the name, ask me which one.
2. Read what is in it and below it: folders_find for the subfolders, templates_find or forms_find (folder=..., \
subfolders=true) for the rest. Follow the cursor until you have seen everything, and say how many there are.
3. Report in a short table: how many of each folder, what is disabled or not published, names that occur twice or say \
nothing, empty folders, missing descriptions, security policies that differ from the folder above.
4. Suggest what to tidy up. Change and delete nothing: wait until I choose, and show me a dry run first \
(dry_run=true). Deleting asks me for an approval, which you never give yourself.""",
    ),
)
