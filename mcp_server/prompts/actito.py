"""Frequent jobs in Actito."""

from __future__ import annotations

from mcp_server.prompts.prompt import Argument, Prompt

_ENTITY = Argument("entity", "Entity, where there are several", shelf="profile-tables", variable="entity")
_TABLE = Argument("table", "Profile table, where there are several", shelf="profile-tables", variable="table")

PROMPTS = (
    Prompt(
        "find_a_customer",
        "Find a customer",
        "Find a profile in Actito, and what is known of it",
        (Argument("customer", "E-mail address, number or other unique attribute", required=True), _ENTITY, _TABLE),
        ("actito_entities_find", "actito_tables_find", "actito_profiles_find", "actito_records_find"),
        """\
Help me find the customer below in Actito.
1. If no entity or table is given, look with actito_entities_find and actito_tables_find which there are. With \
several, ask me which is meant, or look in each and say so.
2. Find the profile with actito_profiles_find (profiles=[...]): an e-mail address, a number, or attribute=value with \
an attribute that actito_tables_find (table=...) shows as unique. Nothing found may also mean that the key lacks the \
right.
3. Say which entity and table it was found in, its opt-ins and segments. Name personal data only where I ask for it \
(fields=[...]).
4. Where I ask about orders, visits or the like, look in the custom tables whose foreign keys lead to profiles: \
actito_records_find (where="attribute=number of the profile").
5. Only read. Change nothing, and opt nobody in or out, before I say so.""",
    ),
    Prompt(
        "prepare_newsletter",
        "Prepare a newsletter",
        "Make a draft of an e-mail campaign in Actito, ready to be finished in its interface",
        (
            Argument("topic", "What it is about", required=True),
            Argument("copy_of", "Campaign to start from, by name or id"),
            _ENTITY,
            _TABLE,
        ),
        ("actito_entities_find", "actito_tables_find", "actito_emails_find", "actito_emails_save"),
        """\
Help me prepare a newsletter in Actito on the topic below.
1. Find the entity and the profile table of the recipients with actito_entities_find and actito_tables_find; the \
entity that sends may be another than the one whose table it is. Ask me where there are several.
2. Look at earlier campaigns with actito_emails_find: sender, reply address, languages. If I named one to start from, \
read it whole (fields=["subject", "body"]).
3. Agree with me on display name, sender, languages, subject and text. A language that is missing drops the recipients \
who have it as their own. Never invent an offer, a price or a link.
4. Show me subject and HTML. Only when I say so, make the draft with actito_emails_save (copy_of="..." where I named \
one), and read it back with actito_emails_find.
5. End by telling me what remains in Actito's interface, because no public route does it: choose the target, set the \
personalisations, send a test, launch. Nothing was sent.""",
    ),
    Prompt(
        "check_imports",
        "Check imports",
        "Look which imports of Actito went well, and what is wrong with the others",
        (
            Argument("days", "How many days to look back; 7 if left out"),
            Argument("entity", "Entity, where there are several", shelf="custom-tables", variable="entity"),
        ),
        ("actito_imports_find",),
        """\
Look at the imports of Actito and report.
1. List the executions with actito_imports_find, latest first, of each entity if none is given. Follow the cursor \
until the days asked for are covered.
2. For each execution that did not end well, or is still running after hours, read it (item="its id"): how many \
rows failed, in which table, and why, as far as it is said. Name no personal data of the rows.
3. Look at the definitions (what="definitions"): which are inactive, and which had no execution in that time.
4. Report in a short table: import, when, state, rows that failed, and the likely cause. Say what is known and what \
you guess.
5. Only read. Actito takes 24 executions a day, an import overwrites in bulk and may start scenarios: start none \
before I say so; that asks me for an approval, which you never give yourself.""",
    ),
)
