"""The workbook of what returns need a person for, as a form: sheets, words of its drop-downs, codes of its rows."""

import hashlib
from functools import cache
from pathlib import Path

from aftersales_cli.database.register import find_founding
from aftersales_cli.language import pick
from aftersales_cli.reading.forms import Form, Token, load_form, load_words, make_token
from aftersales_cli.records.returns import ReturnLine
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import Taxonomy, Term, load_taxonomy

FILE_NAME = "return_exceptions.toml"
REVIEW = load_form(FILE_NAME, "review")
RECEIPTS = load_form(FILE_NAME, "receipts")
PROBLEMS = load_form(FILE_NAME, "problems")
FORMS = (REVIEW, RECEIPTS, PROBLEMS)
WORDS = load_words(FILE_NAME)
VERDICTS = ("approved", "rejected", "needs_evidence")
"""What can be decided in the workbook."""
PROBLEM_CODES = (
    "overdue_refund",
    "failed_refund",
    "unplanned",
    "mismatch_paid",
    "mismatch_amount",
    "mismatch_closed",
    "lost",
    "sent_back",
    "overdue_parcel",
    "short",
    "extra",
    "not_granted",
    "overdue_replacement",
    "double",
)
"""What the last sheet lists. A row's code holds the place in here: only ever add at the end."""
_CODES = 100
ACTIONS: dict[str, tuple[str, ...]] = {
    "refunded": ("overdue_refund", "failed_refund"),
    "handed_over": ("overdue_refund", "failed_refund"),
    "approve_refund": ("overdue_refund",),
    "refund_failed": ("overdue_refund",),
    "void_refund": ("overdue_refund", "failed_refund", "mismatch_paid"),
    "plan_refund": ("unplanned",),
    "replacement_sent": ("overdue_replacement",),
    "void_replacement": ("overdue_replacement",),
    "withdraw": ("overdue_parcel",),
}
"""What can be done in the workbook, and about which of the codes."""


def exceptions_path(shop: Shop) -> Path:
    """Return where the day's workbook is written."""
    return shop.folder / "outbox" / pick(WORDS["file"]).format(day=shop.today.isoformat())


def recognise_exceptions(headers: list[str]) -> bool:
    """Tell whether these normalised headers are those of a sheet of this workbook."""
    return any(form.recognise(headers) is not None for form in FORMS)


@cache
def verdict_choices(folder: Path) -> Taxonomy:
    """Return the verdicts that can be chosen."""
    terms = load_taxonomy("review_verdicts", folder).terms
    return Taxonomy("verdicts", {code: terms[code] for code in VERDICTS})


@cache
def action_choices() -> Taxonomy:
    """Return what can be chosen to be done about a problem."""
    entries = WORDS["actions"]
    return Taxonomy(
        "actions", {code: Term(code, entries[code]["zh"], entries[code]["en"]) for code in ACTIONS}
    )


def actions_of(code: str) -> list[str]:
    """Return what can be done about a problem of this kind, in words."""
    terms = action_choices().terms
    return [terms[action].name for action, codes in ACTIONS.items() if code in codes]


def seed_of(shop: Shop, form: Form) -> str:
    """Return what the codes of a sheet's rows are made with."""
    return f"return {form.name} {find_founding(shop.database)}"


def row_token(shop: Shop, form: Form, identity: int, state: str) -> Token:
    """Return the code of a row; its revision stands for the state of what the row is about."""
    return make_token(identity, digest_state(state), seed_of(shop, form))


def digest_state(state: str) -> int:
    """Return a number for a state, so that a row written in another one is known."""
    return int.from_bytes(hashlib.sha256(state.encode()).digest()[:4]) % 10**6


def problem_identity(code: str, thing: int) -> int:
    """Return the number of a row of the last sheet."""
    return thing * _CODES + PROBLEM_CODES.index(code)


def split_identity(identity: int) -> tuple[str, int] | None:
    """Return code and id of what a row of the last sheet is about, None if there is no such code."""
    thing, place = divmod(identity, _CODES)
    return (PROBLEM_CODES[place], thing) if place < len(PROBLEM_CODES) else None


def line_state(line: ReturnLine) -> str:
    """Return the state of a product in a request as rows of the warehouse know it."""
    figures = (
        line.approved,
        line.received,
        line.accepted,
        line.damaged,
        line.wrong,
        line.short,
        line.rejected,
    )
    return " ".join([*map(str, figures), line.disposition])
