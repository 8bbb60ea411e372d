"""ETLs and their executions, imports, custom actions, webhooks and forms of Actito."""

import json
from typing import Any, Final

from sandbox.bank import actito_hostile as hostile
from sandbox.bank.actito_people import FIRST_ID
from sandbox.bank.actito_structures import CUSTOMERS, LARK, MEMBERS, MERIDIAN, PAYMENTS
from sandbox.bank.chance import Chance

Rows = list[tuple[Any, ...]]

_SHOWN: Final = 9
"""Readings of an execution that has long come to its end."""


def etls() -> Rows:
    """Rows of `actito_etls`."""
    listed = (
        (123456, MERIDIAN, "CustomerSync", "SCHEDULED", True),
        (123457, MERIDIAN, "CardPaymentsDaily", "TRIGGERED", True),
        (123458, MERIDIAN, "BranchUpload", "TRIGGERED_BY_API", False),
        (123460, LARK, "MemberSync", "SCHEDULED", True),
    )
    return [
        (id_, entity, name, json.dumps({"type": kind, "active": active})) for id_, entity, name, kind, active in listed
    ]


def executions() -> Rows:
    """Rows of `actito_etl_executions`: good ones, some with errors, one that failed and one still under way."""
    listed = (
        (123654981, MERIDIAN, 123456, "SUCCESS", _SHOWN, 3400, 0),
        (123654982, MERIDIAN, 123457, "WITH_ERROR", _SHOWN, 2000, 3),
        (123654983, MERIDIAN, 123457, "FAILED", _SHOWN, 0, 1),
        (123654984, LARK, 123460, "SUCCESS", _SHOWN, 1200, 0),
        (123654985, MERIDIAN, 123457, "SUCCESS", _SHOWN, 2000, 0),
        (123654986, MERIDIAN, 123456, "WITH_ERROR", _SHOWN, 3400, 12),
        (123654987, MERIDIAN, 123456, "SUCCESS", 1, 3400, 0),
    )
    found: Rows = []
    for day, (id_, entity, etl_id, status, readings, rows, wrong) in enumerate(listed, start=13):
        table = {123456: "Customers", 123457: "CardPayments", 123460: "Members"}[etl_id]
        errors = [
            {"line": 2 + 7 * place, "message": "Attribute 'emailAddress' of type EMAIL: takes an e-mail address"}
            for place in range(wrong)
        ]
        loadings = [{"table": table, "rows": rows, "rowsInError": wrong, "errors": errors}]
        moments = (f"2026-11-{day}T02:00:00Z", f"2026-11-{day}T02:04:00Z")
        found.append((id_, entity, etl_id, status, readings, *moments, json.dumps(loadings), 0))
    return found


def imports() -> Rows:
    """Rows of `actito_imports`."""
    errors = json.dumps([[4, "Attribute 'emailAddress' is mandatory"], [9, "The line has 3 columns instead of 4"]])
    return [
        (1000125, MERIDIAN, f"ProfileTable {CUSTOMERS}", 120, errors, 0),
        (1000126, MERIDIAN, f"CustomTable {PAYMENTS}", 300, "[]", 0),
    ]


def custom_actions() -> Rows:
    """Rows of `actito_custom_actions`."""
    wallet = {"parameters": [{"name": "campaignGroup", "valueType": "STRING"}]}
    branch = {"parameters": [{"name": "branchCode", "valueType": "STRING"}, {"name": "urgent", "valueType": "BOOLEAN"}]}
    return [
        (700101, MERIDIAN, "UpdateWalletPass", json.dumps(wallet)),
        (700102, MERIDIAN, "NotifyBranch", json.dumps(branch)),
    ]


def webhooks() -> Rows:
    """Rows of `actito_webhooks`."""
    listed: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
        (MERIDIAN, "PROFILE_TABLE", str(CUSTOMERS), "UPDATED_SUBSCRIPTION", {"onFields": ["Newsletter"]}),
        (MERIDIAN, "ETL", "123456", "FINISHED", {}),
        (MERIDIAN, "CUSTOM_ACTION", "700101", "TRIGGER", {"headers": {"X-Shared-Secret": "sandbox-webhook-secret"}}),
        (MERIDIAN, "CUSTOM_TABLE", PAYMENTS, "CREATE", {"webhookPushType": "BULK", "maxBlockSize": 100}),
        (LARK, "PROFILE_TABLE", str(MEMBERS), "UPDATE", {"isActive": False}),
    )
    return [
        (
            123789601 + place,
            entity,
            json.dumps(
                {
                    "on": on,
                    "onElementId": element,
                    "eventType": event,
                    "targetUrl": f"https://hooks.example.org/actito/{place + 1}",
                    "webhookPushType": "ONE_BY_ONE",
                    "isActive": True,
                    **more,
                }
            ),
        )
        for place, (entity, on, element, event, more) in enumerate(listed)
    ]


def webhook_errors() -> Rows:
    """Rows of `actito_webhook_errors`: two failed pushes of one day."""
    return [
        (
            place,
            123789601,
            "2026-11-18",
            json.dumps({"moment": f"2026-11-18T1{place}:00:00Z", "status": status, "profileId": FIRST_ID + place}),
        )
        for place, status in ((1, 503), (2, 504))
    ]


def forms() -> Rows:
    """Rows of `actito_forms`."""
    contest = [
        {
            "name": "favouriteColour",
            "label": "Your favourite colour",
            "valueType": "STRING",
            "mandatory": True,
            "valueRestriction": {"acceptedValues": ["green", "blue", "red"]},
        },
        {"name": "branch", "label": "Your branch", "valueType": "STRING", "enriches": "homeBranch"},
        {"name": "visits", "label": "Visits in a year", "valueType": "INTEGER"},
        {"name": "wantsCall", "label": "May we call you?", "valueType": "BOOLEAN"},
        {"name": "comment", "label": "Comment", "valueType": "STRING", "valueRestriction": {"maxLength": 400}},
    ]
    survey = [{"name": "score", "label": "How likely?", "valueType": "INTEGER", "mandatory": True}]
    return [
        (12, MERIDIAN, "contest_autumn", "Autumn contest", "RUNNING", CUSTOMERS, json.dumps(contest)),
        (13, LARK, "survey_2025", "Survey 2025", "CLOSED", MEMBERS, json.dumps(survey)),
    ]


def participations() -> Rows:
    """Rows of `actito_participations`: 30 of the contest from id 4711."""
    chance = Chance(530)
    found: Rows = []
    for place in range(30):
        answers = {
            "favouriteColour": chance.pick(("green", "blue", "red")),
            "visits": chance.between(0, 20),
            "wantsCall": chance.between(0, 1) == 1,
        }
        if place == 3:
            answers["comment"] = hostile.ANSWER
        day = f"2026-10-{1 + place % 28:02}T15:00:00Z"
        found.append((4711 + place, 12, FIRST_ID + place, json.dumps(answers, ensure_ascii=False), day))
    return found
