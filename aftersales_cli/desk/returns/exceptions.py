"""What of all returns needs a person, in words and with the command that settles it."""

from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import to_text
from aftersales_cli.database.return_exceptions import ExceptionRow, list_exception_rows
from aftersales_cli.language import N_, _
from aftersales_cli.money import format_money
from aftersales_cli.shop import Shop

_STALE_DAYS = 2
"""Days after which a reserved replacement should have left."""
_RECENT_DAYS = 60
"""Days for which a request the marketplace closed is looked at; older ones nobody can change."""

_WHAT = {
    "review": N_("to be decided: {detail}"),
    "undecided_goods": N_("in order/damaged/wrong/rejected {detail}: what becomes of them?"),
    "short": N_("missing {detail}"),
    "extra": N_("came and was not expected: {detail}"),
    "not_granted": N_("{detail} came without an approval"),
    "unopened": N_("delivered by the courier, not received here yet: {detail}"),
    "overdue_parcel": N_("the customer has not sent the goods"),
    "lost": N_("parcel lost: {detail}"),
    "sent_back": N_("the courier takes the parcel back: {detail}"),
    "overdue_refund": N_("refund overdue: {amount}"),
    "failed_refund": N_("refund of {amount} failed: {detail}"),
    "mismatch_paid": N_("the marketplace has paid {amount}, the plan here is still open"),
    "mismatch_amount": N_("the marketplace paid {amount}, planned were {detail}"),
    "mismatch_closed": N_("the marketplace has ended it ({detail}), but goods were sent"),
    "overdue_replacement": N_("reserved and not sent: {detail} pieces"),
    "double": N_("perhaps the same as request {detail} here: merge the cases, or leave both"),
}
_COMMAND = {
    "review": "returns review {request} approve",
    "undecided_goods": "returns inspect {request} --disposition scrap",
    "unopened": "returns receive {request}",
    "overdue_refund": "refunds list",
    "failed_refund": "refunds list",
    "mismatch_paid": "refunds reconcile",
    "mismatch_amount": "refunds list",
    "overdue_replacement": "replacements list",
}


@dataclass(frozen=True)
class ReturnException:
    """One thing somebody has to look at, as the workbook and lists show it."""

    row: ExceptionRow
    what: str
    """In words."""
    command: str
    """What settles it, or where to look."""


def list_exceptions(shop: Shop) -> list[ReturnException]:
    """Return what needs a person, the most urgent first: reviews, odd receipts, overdue parcels and refunds, mismatches."""
    rows = list_exception_rows(
        shop.database,
        now=shop.stamp,
        today=shop.today.isoformat(),
        stale=to_text(shop.now - timedelta(days=_STALE_DAYS)),
        recent=to_text(shop.now - timedelta(days=_RECENT_DAYS)),
    )
    return [ReturnException(row, _words(shop, row), _command(row)) for row in rows]


def _words(shop: Shop, row: ExceptionRow) -> str:
    detail = row.detail
    if row.code in ("review", "overdue_refund"):
        taxonomy = "review_states" if row.code == "review" else "refund_plan_states"
        detail = shop.taxonomy(taxonomy).label(detail)
    if row.code == "mismatch_amount" and detail:
        detail = format_money(int(detail), row.currency)
    amount = format_money(row.amount, row.currency) if row.amount is not None else "–"
    return _(_WHAT[row.code], detail=detail or "–", amount=amount)


def _command(row: ExceptionRow) -> str:
    pattern = _COMMAND.get(row.code)
    if pattern is None or row.request_id is None:
        pattern = "returns show {request}" if row.request_id is not None else "cases show {case}"
    return "aftersales " + pattern.format(request=row.request_id, case=row.case_number)
