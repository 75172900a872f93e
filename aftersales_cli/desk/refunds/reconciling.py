"""Compare statements of banks and payment services with refund plans and the marketplaces' records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aftersales_cli.database.plan_checks import find_plan_paid_with, list_beside_marketplace
from aftersales_cli.database.statements import (
    assign_statement_row,
    list_payables,
    list_statement_rows,
)
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.refunds.keeping import PaidOut, keep_payments
from aftersales_cli.desk.refunds.matching import Matched, match_payments
from aftersales_cli.desk.refunds.overpaid import find_overpaid
from aftersales_cli.desk.refunds.paying import record_outcome
from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.records.payouts import Payable, StatementRow
from aftersales_cli.shop import Shop

_RECORDABLE = frozenset({"approved", "requested", "failed"})


@dataclass(frozen=True)
class Difference:
    """Something a person has to look at; amounts in minor units of ``currency``."""

    type: str
    """``not_planned``, ``not_paid``, ``amount``, ``unclear``, ``not_approved``, ``twice``, ``same_number``."""
    at: str | None
    currency: str
    paid: int | None
    planned: int | None
    reference: str
    order: str
    case_number: int | None
    plans: tuple[int, ...]
    """The refunds it can be."""


@dataclass(frozen=True)
class Reconciliation:
    """What comparing a file with the books came to."""

    read: int
    new: int
    known: int
    matched: int
    """Payments of the file that are a refund of ours."""
    by_platform: int
    """Payments of the file that are a marketplace's record without a plan of ours."""
    recorded: tuple[int, ...]
    """Refunds that were marked as paid."""
    recordable: tuple[int, ...]
    """Refunds that could be marked as paid."""
    differences: tuple[Difference, ...]


def reconcile(
    shop: Shop, payments: Sequence[PaidOut], *, source: str, record: bool = False
) -> Reconciliation:
    """Compare the payments of a file, and those kept before, with the refunds.

    Only with ``record`` anything is kept: each payment once, and approved refunds that stand in a statement beyond
    doubt are marked as paid, unless the marketplace has paid them as well. Differences are those of this file, and
    refunds that should stand in it and do not.
    """
    # Without --record it is a look: payments are kept to be compared, and rolled back at the end.
    with changing(shop if record else replace(shop, dry_run=True), "refunds.reconcile") as writing:
        codes, new = keep_payments(shop, payments, source=source)
        matched = match_payments(list_statement_rows(shop.database), list_payables(shop.database))
        for row, payable in matched.pairs:
            if payable.plan_id is not None and row.plan_id is None:
                assign_statement_row(shop.database, row.id, payable.plan_id)
        mine = set(codes)
        near = list_beside_marketplace(shop.database)
        doubled = {
            payable.plan_id
            for row, payable in matched.pairs
            if payable.plan_id in near
            and (row.code in mine or _is_recordable(payable))
            and _is_overpaid(shop, payable)
        }
        ready = [
            (row, payable)
            for row, payable in matched.pairs
            if _is_recordable(payable) and payable.plan_id not in doubled
        ]
        ready, taken = _one_number_each(shop, ready)
        unpaid = [payable for payable in matched.unpaid if _should_be_in(shop, payable, payments)]
        if record:
            for row, payable in ready:
                writing.touch("case", payable.case_number)
                _record(shop, row, payable)
        writing.count(payments=len(codes), payments_new=new, recorded=len(ready) if record else 0)
    pairs = [(row, payable) for row, payable in matched.pairs if row.code in mine]
    plans = tuple(payable.plan_id for _row, payable in ready if payable.plan_id is not None)
    return Reconciliation(
        read=len(codes),
        new=new,
        known=len(codes) - new,
        matched=sum(payable.plan_id is not None for _row, payable in pairs),
        by_platform=sum(payable.plan_id is None for _row, payable in pairs),
        recorded=plans if record else (),
        recordable=() if record else plans,
        differences=(*_differences(matched, mine, doubled), *taken, *map(_unpaid, unpaid)),
    )


def _one_number_each(
    shop: Shop, ready: Sequence[tuple[StatementRow, Payable]]
) -> tuple[list[tuple[StatementRow, Payable]], list[Difference]]:
    """Leave out what would be paid under the number of another refund; return the rest and what was left out."""
    free, taken, used = [], [], dict[str, int]()
    for row, payable in ready:
        assert payable.plan_id is not None
        other = used.get(row.reference) or find_plan_paid_with(shop.database, row.reference, payable.plan_id)
        if other is None:
            free.append((row, payable))
            if row.reference:
                used[row.reference] = payable.plan_id
        else:
            found = _difference("same_number", row, [payable])
            taken.append(replace(found, plans=(payable.plan_id, other)))
    return free, taken


def _is_recordable(payable: Payable) -> bool:
    return payable.plan_id is not None and payable.status in _RECORDABLE


def _is_overpaid(shop: Shop, payable: Payable) -> bool:
    return (
        payable.plan_id is not None and find_overpaid(shop, require_plan(shop, payable.plan_id)) is not None
    )


def _is_marketplaces(shop: Shop, payable: Payable) -> bool:
    """Tell whether the marketplace pays or has paid a refund, so that no statement of ours has to hold it."""
    assert payable.plan_id is not None
    plan = require_plan(shop, payable.plan_id)
    return plan.refund_id is not None or plan.route == "platform" or find_overpaid(shop, plan) is not None


def _record(shop: Shop, row: StatementRow, payable: Payable) -> None:
    assert payable.plan_id is not None
    plan = require_plan(shop, payable.plan_id)
    at = max(row.at or shop.stamp, plan.approved_at or plan.planned_at)
    record_outcome(shop, plan, "succeeded", at=at, reference=row.reference, note=row.source)


def _differences(matched: Matched, mine: set[str], doubled: set[int]) -> list[Difference]:
    found = [_difference("amount", row, [payable]) for row, payable in matched.differing if row.code in mine]
    found += [
        _difference("not_approved", row, [payable])
        for row, payable in matched.pairs
        if row.code in mine and payable.status == "planned"
    ]
    found += [_difference("unclear", row, payables) for row, payables in matched.unclear if row.code in mine]
    found += [_difference("not_planned", row, []) for row in matched.unplanned if row.code in mine]
    found += [
        _difference("twice", row, [payable])
        for row, payable in matched.pairs
        if row.code in mine and payable.plan_id in doubled
    ]
    return found


def _difference(kind: str, row: StatementRow, payables: Sequence[Payable]) -> Difference:
    return Difference(
        kind,
        row.at,
        row.currency,
        row.amount,
        payables[0].amount if payables else None,
        row.reference,
        row.order_external_id,
        payables[0].case_number if payables else None,
        tuple(payable.plan_id for payable in payables if payable.plan_id is not None),
    )


def _unpaid(payable: Payable) -> Difference:
    return Difference(
        "not_paid",
        payable.at,
        payable.currency,
        None,
        payable.amount,
        payable.references[0] if payable.references else "",
        payable.orders[0] if payable.orders else "",
        payable.case_number,
        (payable.plan_id,) if payable.plan_id is not None else (),
    )


def _should_be_in(shop: Shop, payable: Payable, payments: Sequence[PaidOut]) -> bool:
    """Tell whether a refund without a payment is missing in a file: it was handed over, or paid within its time."""
    if payable.plan_id is None:
        return False
    moments = [payment.at for payment in payments if payment.at]
    in_time = bool(moments) and min(moments) <= (payable.at or "") <= max(moments)
    expected = payable.status in ("requested", "failed", "approved") or (
        payable.status == "succeeded" and in_time
    )
    return expected and not _is_marketplaces(shop, payable)
