"""The 20 forms of Collaborate from id 301, their attributes from id 7001, and the offers they make available."""

import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.collaborate_attributes import QUESTIONS
from sandbox.bank.collaborate_days import day
from sandbox.bank.collaborate_folders import FORM_FOLDERS
from sandbox.bank.offers import Offer
from sandbox.bank.seasons import DAY_MS, TODAY_MS

FIRST_ID: Final = 301
FIRST_ATTRIBUTE_ID: Final = 7001


class FormRow(NamedTuple):
    """A row of `forms`."""

    id: int
    name: str
    description: str | None
    database_table: str
    state: str
    publish_status: str
    created: str
    modified: str
    folder_id: int | None


class AttributeRow(NamedTuple):
    """A row of `form_attributes`."""

    id: int
    form_id: int
    internal_name: str
    display_name: str
    type: str
    description: str | None
    required: int
    default_value: str | None
    options: str | None


class Form(NamedTuple):
    """A form as it is written below; `products` say which offers it makes available."""

    key: str
    name: str
    folder: str | None
    questions: str
    products: tuple[str, ...] = ()
    state: str = "ENABLED"
    publish_status: str = "PUBLISHED"


_BRANCHES: Final = "Target selection/Retail/Branches"
_CARDS: Final = "Target selection/Retail/Cards"

FORMS: Final = (
    Form("branch_target", "Target selection - branch mailing", _BRANCHES,
         "age_band region channel branch_ids max_contacts campaign_note"),
    Form("branch_letter", "Letter of the branch", "Fulfilment/Letters",
         "letter_text sender language", ("Garden loan", "Home improvement loan", "Fixed saver")),
    Form("event_target", "Target selection - open day", _BRANCHES, "region branch_ids visit_date segments"),
    Form("event_mail", "Invitation by e-mail", "Fulfilment/E-mail",
         "letter_text language sender", ("Gold card", "Junior saver")),
    Form("gold_target", "Target selection - gold card", _CARDS,
         "age_band segments min_balance exclude_recent campaign_note"),
    Form("card_offer", "Offer of the card mailing", "Fulfilment/Letters",
         "discount_percent language", ("Gold card", "Everyday card", "Platinum card", "Travel card")),
    Form("usage_target", "Target selection - card usage", _CARDS, "channel tenure_years exclude_recent max_contacts"),
    Form("usage_mail", "Cashback reminder", "Fulfilment/E-mail", "letter_text language", ("Everyday card",)),
    Form("private_target", "Target selection - private clients", "Target selection/Private",
         "region min_balance tenure_years consents campaign_note"),
    Form("private_letter", "Invitation by letter", "Fulfilment/Letters",
         "letter_text sender visit_date", ("Private club points", "Art and valuables bundle")),
    Form("list_region", "Criteria - region", "List criteria/Regional", "region branch_ids max_contacts campaign_note"),
    Form("list_age", "Criteria - age and tenure", "List criteria", "age_band tenure_years exclude_recent"),
    Form("list_balance", "Criteria - balance", "List criteria", "min_balance segments consents campaign_note"),
    Form("moving_target", "Target selection - moving house", "Target selection/Retail",
         "region channel max_contacts campaign_note"),
    Form("moving_letter", "Moving house package", "Fulfilment/Letters",
         "letter_text language", ("Home and contents bundle", "First home mortgage")),
    Form("saver_target", "Target selection - savings", "Target selection/Retail",
         "age_band min_balance channel campaign_note"),
    Form("saver_mail", "Savings newsletter", "Fulfilment/E-mail", "language letter_text", ("Junior saver",)),
    Form("quiz", hostile.FORM_NAME, None, "quiz_answer campaign_note"),
    Form("retired", "Target selection - phone (old)", "Target selection/Retail", "region tenure_years", (), "DISABLED"),
    Form("blank", "Blank form for a flowchart in work", None, "", (), "ENABLED", "UNPUBLISHED"),
)  # fmt: skip

FORM_IDS: Final = {form.key: FIRST_ID + index for index, form in enumerate(FORMS)}


def forms() -> list[FormRow]:
    """All forms; two at the top level, one disabled, one that was never published."""
    rows = []
    for index, form in enumerate(FORMS):
        created, folder = -640 + 17 * index, FORM_FOLDERS.get(form.folder or "")
        description = None if index % 5 == 4 else f"{form.name.partition(' - ')[0]}, asked of the field marketer"
        rows.append(
            FormRow(
                FIRST_ID + index,
                form.name,
                description,
                f"dyn_{form.key}",
                form.state,
                form.publish_status,
                day(created),
                day(created // 3),
                folder,
            )
        )
    return rows


def form_attributes() -> list[AttributeRow]:
    """The attributes of all forms, form by form."""
    asked = [(FORM_IDS[form.key], QUESTIONS[name]) for form in FORMS for name in form.questions.split()]
    return [
        AttributeRow(
            FIRST_ATTRIBUTE_ID + index,
            form_id,
            question.internal_name,
            question.display_name,
            question.type,
            question.description,
            int(question.required),
            question.default,
            None if question.options is None else json.dumps(question.options),
        )
        for index, (form_id, question) in enumerate(asked)
    ]


def form_offers(offers: Iterable[Offer]) -> list[tuple[Any, ...]]:
    """Rows of `form_offers`: per form up to four offers of its products that are still valid."""
    valid = [o for o in offers if not o.row.retired and json.loads(o.row.attributes)["expiry_date"] > TODAY_MS]
    rows: list[tuple[Any, ...]] = []
    for form in FORMS:
        for position, offer in enumerate([o for o in valid if o.product in form.products][:4], 1):
            values = json.loads(offer.row.attributes)
            ends = (values["expiry_date"] - TODAY_MS) // DAY_MS
            parameters = {name: [str(values[name])] for name in ("discount_rate", "bonus_points") if name in values}
            parameters["channel"] = [offer.channel]
            starts = None if position == 4 else day(ends - 120)
            rows.append((FORM_IDS[form.key], position, offer.row.id, starts, day(ends), json.dumps(parameters)))
    return rows
