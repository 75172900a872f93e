"""Follow complaints up until the customer says that all is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aftersales_cli.database.complaints import list_all_complaints, list_unsettled_complaints
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.ending import confirm_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.transitions import VERBS
from aftersales_cli.records.cases import OPEN_STATUSES, Case
from aftersales_cli.records.desk_rows import ComplaintRow
from aftersales_cli.shop import Shop

COMPLAINT = "complaint"
CONTENT_SCORE = 4
"""Satisfaction (1 to 5) from which a customer counts as satisfied; the usual cut of a scale of five: 4 and 5."""


@dataclass(frozen=True)
class Complaint(ComplaintRow):
    """A complaint as its list shows it: the customer masked."""

    satisfied: str
    """``confirmed``, ``satisfied``, ``neutral``, ``dissatisfied``, ``to_ask`` (solved, nobody asked yet) or ``""``
    for one that is open."""


def list_complaints(shop: Shop, *, everything: bool = False) -> list[Complaint]:
    """Return the complaints that need something: open, or solved and not yet confirmed by the customer.

    Those solved longer than ``complaints.follow_up_days`` ago come only with ``everything``, as confirmed ones do.
    """
    first_day = shop.today - timedelta(days=shop.settings.complaints.follow_up_days)
    rows = (
        list_all_complaints(shop.database)
        if everything
        else list_unsettled_complaints(shop.database, solved_since=first_day.isoformat())
    )
    low = shop.settings.callbacks.low_score
    return [
        Complaint(
            **{**vars(row), "customer": mask_word(row.customer)},
            satisfied=judge_satisfaction(row, low_score=low),
        )
        for row in rows
    ]


def judge_satisfaction(row: ComplaintRow, *, low_score: int) -> str:
    """Return what is known of the customer's satisfaction, a code of ``Complaint.satisfied``."""
    if row.status in OPEN_STATUSES:
        return ""
    if row.confirmed_at:
        return "confirmed"
    if row.score is None:
        return "to_ask"
    if row.score >= CONTENT_SCORE:
        return "satisfied"
    return "dissatisfied" if row.score <= low_score else "neutral"


def confirm_by_score(shop: Shop, number: int, score: int | None, *, note: str, at: datetime) -> Case | None:
    """Take a good satisfaction as the customer's word that a solved complaint is settled; None if it is not.

    To be used inside ``writing`` where an answer is recorded.
    """
    if score is None or score < CONTENT_SCORE:
        return None
    case = require_case(shop, number)
    if case.kind != COMPLAINT or case.confirmed_at or case.status not in VERBS["confirm"].paths:
        return None
    if case.resolved_at is None or at < datetime.fromisoformat(case.resolved_at):
        return None
    return confirm_case(shop, number, note=note, at=at)
