"""What the forms of Collaborate ask: the pool of attributes that they choose from."""

from typing import Final, NamedTuple

from sandbox.bank import collaborate_hostile as hostile
from sandbox.bank.attributes import CHANNELS, REGIONS, SEGMENTS


class Question(NamedTuple):
    """An attribute, in whichever form it is."""

    internal_name: str
    display_name: str
    type: str
    description: str | None
    required: bool
    default: str | None
    options: tuple[str, ...] | None = None


_ALL: Final = (
    Question(
        "age_band",
        "Age band",
        "select",
        "Age of the customers to reach",
        True,
        "25-34",
        ("18-24", "25-34", "35-49", "50-64", "65+"),
    ),
    Question("region", "Region", "select", "Sales region of the customer", True, "North", REGIONS),
    Question("channel", "Channel", "radiogroup", "How the message travels", True, "Email", CHANNELS),
    Question("segments", "Segments", "multiselect", "One or more segments", False, "Mass", SEGMENTS),
    Question("branch_ids", "Branches", "text", "Numbers in brackets, as in (17,21,34)", False, None),
    Question("min_balance", "Least balance", "money", "Balance of all accounts, in euro", False, "1000"),
    Question("max_contacts", "Most contacts", "integer", "The list is cut at this number", False, "5000"),
    Question("tenure_years", "Years as a customer", "integer", None, False, "2"),
    Question("discount_percent", "Discount", "decimal", "Percent off the usual rate", False, "0.25"),
    Question("visit_date", "Day of the event", "date", "First day for appointments", False, None),
    Question("letter_text", "Letter", "textarea", "Paragraph above the signature", False, None),
    Question("sender", "Sender", "text", "Name below the letter", False, "Your branch team"),
    Question("language", "Language", "radiogroup", "Language of the text", True, "English", ("English", "German")),
    Question("exclude_recent", "Leave out recent contacts", "radiogroup", None, True, "Yes", ("Yes", "No")),
    Question("consents", "Consents", "checkbox", "All that are needed", False, None, ("Email", "Phone", "Post")),
    Question("campaign_note", "Note", "text", "Passed to the flowchart as it is", False, None),
    Question(
        "quiz_answer",
        "Answer | </td> of the quiz",
        "select",
        "Options that somebody pasted in",
        False,
        "Yes",
        ("Yes", "No", hostile.OPTION),
    ),
)

QUESTIONS: Final = {question.internal_name: question for question in _ALL}
