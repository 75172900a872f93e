"""What an answer to a survey is about: the invitation whose code it carries, a case, or a customer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from aftersales_cli.customers.surveys.codes import find_codes
from aftersales_cli.database.other_files import find_case_link, find_customer_by_contact
from aftersales_cli.database.survey_answers import find_invite_of
from aftersales_cli.intake.contact_cells import phone_digits
from aftersales_cli.intake.survey_questions import Questions
from aftersales_cli.reading.cells import clean_cell

if TYPE_CHECKING:
    from sqlite_utils import Database

_LONGEST_CASE = 12
"""Longer numbers are those of a platform, and more than SQLite keeps."""


class Links(NamedTuple):
    """Whom and what an answer is tied to."""

    case_number: int | None = None
    customer_id: int | None = None
    agent_id: int | None = None
    how: str = ""
    """``case``, ``contact``, or ``""`` for not at all."""
    invite_id: int | None = None


def find_links(db: "Database", asked: Questions, cells: Sequence[str], said_at: str) -> Links:
    """Return what a respondent's answers are about.

    The code of an invitation wins: it may stand in any cell, since survey tools put the parameter of a link into a
    column of their own. Then a case number, then the only customer with the phone number or e-mail address. ``said_at`` is when it was
    answered.
    """
    invite = find_invite_of(db, [code for cell in cells for code in find_codes(cell)])
    if invite is not None:
        how = "case" if invite.case_number is not None else "contact"
        return Links(invite.case_number, invite.customer_id, invite.agent_id, how, invite.id)
    if asked.case is not None:
        number = clean_cell(cells[asked.case]).lstrip("#")
        if number.isascii() and number.isdigit() and len(number) < _LONGEST_CASE:
            link = find_case_link(db, int(number))
            if link:
                return Links(int(number), link[0], link[1], "case")
    phone = phone_digits(cells[asked.phone]) if asked.phone is not None else ""
    email = clean_cell(cells[asked.email]).lower() if asked.email is not None else ""
    customer = find_customer_by_contact(db, phone=phone, email=email, said_at=said_at)
    return Links(customer_id=customer, how="contact" if customer else "")


def is_only_code(text: str) -> bool:
    """Tell whether a text is nothing but the code of an invitation."""
    return find_codes(text) == [text.strip().upper()]
