"""The two brands of the bank in Actito, their four profile tables and two custom tables."""

import json
from typing import Any, Final

Definition = dict[str, Any]

MERIDIAN: Final = "MeridianBank"
LARK: Final = "LarkDirect"
ENTITIES: Final = ((1, MERIDIAN, None), (4, LARK, "Online brand"))

CUSTOMERS, PROSPECTS, SERVICE_CONTACTS, MEMBERS = 16, 17, 18, 21
PAYMENTS: Final = "5b0c2f6e-1c57-4a33-8f0e-2e3f1d0a9b11"
BRANCHES: Final = "a4aa57cd-64c4-49bc-a17b-34ac8dfa76f8"

INTERESTS: Final = ("Cards", "Savings", "Mortgages", "Travel", "Investing")
LEVELS: Final = ("Bronze", "Silver", "Gold", "Platinum")
STAGES: Final = ("Student", "Family", "Retired")
TIERS: Final = ("Starter", "Saver", "Investor")
SOURCES: Final = ("Web", "Branch", "Event")
STATUSES: Final = ("AUTHORISED", "BOOKED", "REFUNDED")


def _technical(name: str, value_type: str, unique: bool) -> Definition:
    return {
        "type": "CUSTOM",
        "name": name,
        "unique": unique,
        "mandatory": True,
        "valueType": value_type,
        "multiValued": False,
    }


TECHNICAL: Final = (
    _technical("profileId", "INTEGER", True),
    _technical("creationMoment", "TIMESTAMP", False),
    _technical("updateMoment", "TIMESTAMP", False),
)


def _kind(kind: str, name: str, mandatory: bool = False, accepted: tuple[str, ...] = ()) -> Definition:
    item: Definition = {"type": kind, "name": name, "unique": kind == "EMAIL_ADDRESS", "mandatory": mandatory}
    if accepted:
        item["valueRestriction"] = {"acceptedValues": list(accepted)}
    return item


def _custom(name: str, value_type: str, unique: bool = False, several: bool = False, **restriction: Any) -> Definition:
    item: Definition = {
        "type": "CUSTOM",
        "name": name,
        "unique": unique,
        "mandatory": False,
        "valueType": value_type,
        "multiValued": several,
    }
    if restriction:
        item["valueRestriction"] = restriction
    return item


def _person(*languages: str) -> tuple[Definition, ...]:
    return (
        *TECHNICAL,
        _kind("EMAIL_ADDRESS", "emailAddress", mandatory=True),
        _kind("LASTNAME", "lastName"),
        _kind("FIRSTNAME", "firstName"),
        _kind("MOTHER_LANGUAGE", "motherLanguage", accepted=languages),
    )


def _table(attributes: tuple[Definition, ...], subscriptions: tuple[str, ...], **segmentations: Any) -> str:
    definition = {
        "attributes": list(attributes),
        "subscriptions": [{"name": name} for name in subscriptions],
        "segmentations": [
            {"name": name, "exclusive": bool(categories), **({"categories": list(categories)} if categories else {})}
            for name, categories in segmentations.items()
        ],
        "displayOptions": {"forAttributes": [{"name": "emailAddress", "displayName": "E-mail"}]},
    }
    return json.dumps(definition)


def profile_tables() -> list[tuple[int, str, str, str]]:
    """Rows of `actito_profile_tables`."""
    customers = (
        *_person("EN", "FR", "NL"),
        _kind("BIRTHDATE", "birthDate"),
        _kind("SEX", "sex", accepted=("F", "M", "X")),
        _custom("customerNumber", "STRING", unique=True, minLength=8, maxLength=12),
        _custom("homeBranch", "STRING", maxLength=80),
        _custom("loyaltyPoints", "INTEGER"),
        _custom("customerSince", "TIMESTAMP"),
        _custom("interests", "STRING", several=True, acceptedValues=list(INTERESTS)),
        _custom("mobileAppUser", "BOOLEAN"),
    )
    prospects = (*_person("EN", "FR", "NL"), _custom("source", "STRING", acceptedValues=list(SOURCES)))
    contacts = (*_person("EN", "FR", "NL"), _custom("lastReference", "STRING", maxLength=40))
    members = (
        *_person("EN", "FR", "NL", "DE"),
        _kind("BIRTHDATE", "birthDate"),
        _custom("memberNumber", "STRING", unique=True, maxLength=12),
        _custom("savingsGoal", "NUMBER"),
        _custom("joined", "TIMESTAMP"),
    )
    return [
        (
            CUSTOMERS,
            MERIDIAN,
            "Customers",
            _table(
                customers, ("Newsletter", "Promotions", "BranchEvents"), LoyaltyLevel=LEVELS, LifeStage=STAGES, Vip=()
            ),
        ),
        (PROSPECTS, MERIDIAN, "Prospects", _table(prospects, ("Newsletter",))),
        (SERVICE_CONTACTS, MERIDIAN, "ServiceContacts", _table(contacts, ())),
        (MEMBERS, LARK, "Members", _table(members, ("Newsletter", "ProductNews"), Tier=TIERS, EarlyAdopter=())),
    ]


def _column(name: str, value_type: str, mandatory: bool = False, key: bool = False, **restriction: Any) -> Definition:
    item: Definition = {
        "name": name,
        "valueType": value_type,
        "mandatory": mandatory,
        "indexed": key or name.endswith("Id"),
        "unique": key,
    }
    if restriction:
        item["valueRestriction"] = restriction
    return item


def custom_tables() -> list[tuple[str, str, str, str]]:
    """Rows of `actito_custom_tables`; the type of the second is inferred."""
    payments = {
        "type": "INTERACTIONS",
        "primaryKeyAttribute": "paymentId",
        "creationTimeAttribute": "paymentMoment",
        "bigTable": False,
        "attributes": [
            _column("paymentId", "STRING", mandatory=True, key=True, maxLength=20),
            _column("customerId", "LONG", mandatory=True),
            _column("amount", "NUMBER", mandatory=True),
            _column("merchant", "STRING", maxLength=120),
            _column("status", "STRING", acceptedValues=list(STATUSES)),
            _column("branchCode", "STRING"),
            _column("paymentMoment", "TIMESTAMP"),
        ],
        "foreignKeys": [
            {
                "name": "to-customer",
                "attribute": "customerId",
                "reference": {"tableType": "PROFILE_TABLE", "tableId": str(CUSTOMERS), "attribute": "profileId"},
                "onDelete": "CASCADE",
            },
            {
                "name": "to-branch",
                "attribute": "branchCode",
                "reference": {"tableType": "CUSTOM_TABLE", "tableId": BRANCHES, "attribute": "branchCode"},
            },
        ],
        "eventsToTrigger": [
            {"name": "refunded", "triggerRules": [{"onOperation": "UPDATE", "onAnyAttribute": ["status"]}]}
        ],
    }
    branches = {
        "type": "REPOSITORY",
        "primaryKeyAttribute": "branchCode",
        "bigTable": False,
        "attributes": [
            _column("branchCode", "STRING", mandatory=True, key=True, maxLength=8),
            _column("name", "STRING", mandatory=True, maxLength=80),
            _column("town", "STRING", maxLength=40),
            _column("counters", "LONG"),
            _column("opened", "TIMESTAMP"),
        ],
    }
    return [
        (PAYMENTS, MERIDIAN, "CardPayments", json.dumps(payments)),
        (BRANCHES, MERIDIAN, "Branches", json.dumps(branches)),
    ]
