"""Recording what became of a refund: paid, failed and tried again, given up; and the order's figure after it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import execute, insert
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.refund_plans import list_attempts, list_plans
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.due import date_plans, list_due_refunds
from aftersales_cli.desk.refunds.paying import fail_refund, pay_refund, void_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def plan_goods(shop: Shop, amount: int = 30, route: str = "") -> int:
    number = open_for(shop)
    return plan_refund(
        shop, RefundAsk(case_number=number, amount=Decimal(amount), again=True, route=route)
    ).plan.id


def test_a_payment_is_handed_over_fails_and_is_tried_again(shop: Shop) -> None:
    make_order(shop)
    plan = plan_goods(shop)
    assert pay_refund(shop, plan).status == "requested"
    assert pay_refund(shop, plan).status == "requested"
    with pytest.raises(RefusedError, match="cannot become") as caught:
        void_refund(shop, plan)
    assert "may be paid already" in caught.value.remedy
    assert fail_refund(shop, plan, note="Account closed").failure == "Account closed"
    paid = pay_refund(shop, plan, reference=" T9 ")
    assert (paid.status, paid.reference, paid.failure, paid.succeeded_on) == (
        "succeeded",
        "T9",
        "",
        "2026-11-22",
    )
    assert [(attempt.seq, attempt.outcome) for attempt in list_attempts(shop.database, plan)] == [
        (1, "requested"),
        (2, "failed"),
        (3, "succeeded"),
    ]
    assert [event.type for event in list_case_events(shop.database, 1)][-4:] == [
        "refund_planned",
        "refund_requested",
        "refund_failed",
        "refund_paid",
    ]


def test_the_same_payment_twice_is_one_and_another_number_is_refused(shop: Shop) -> None:
    make_order(shop)
    plan = plan_goods(shop)
    pay_refund(shop, plan, reference="T9")
    assert pay_refund(shop, plan, reference="T9").reference == "T9"
    assert len(list_attempts(shop.database, plan)) == 1
    with pytest.raises(RefusedError, match="“paid” and cannot become"):
        pay_refund(shop, plan, reference="T10")
    with pytest.raises(RefusedError, match="“paid” and cannot become"):
        void_refund(shop, plan)
    with pytest.raises(RefusedError):
        fail_refund(shop, plan, note="?")
    with pytest.raises(NotFoundError):
        pay_refund(shop, 99)
    with pytest.raises(WrongUsageError):
        fail_refund(shop, plan, note=" ")


def test_what_was_paid_here_is_in_the_orders_figure(shop: Shop) -> None:
    order = make_order(shop)
    plan = plan_goods(shop)
    assert get_order(shop.database, order).refunded is None  # type: ignore[union-attr]
    pay_refund(shop, plan, done=True)
    found = get_order(shop.database, order)
    assert found is not None
    assert (found.refunded, found.refunded_basis) == (3000, "own")


@pytest.mark.parametrize(
    ("stated", "route", "refunded", "basis"),
    [
        (0, "original", 3000, "own"),
        (3000, "original", 3000, "stated"),
        (5000, "platform", 5000, "stated"),
        (5000, "transfer", 8000, "stated"),
        (1000, "balance", 4000, "own"),
    ],
)
def test_what_the_marketplace_states_holds_its_own_share_once(
    shop: Shop, stated: int, route: str, refunded: int, basis: str
) -> None:
    order = make_order(shop)
    plan = plan_goods(shop, route=route)
    with shop.writing("orders.import"):
        execute(
            shop.database,
            "UPDATE orders SET refunded_stated = :stated, refunded_stated_basis = 'stated', refunded = :stated, "
            "refunded_basis = 'stated'",
            {"stated": stated},
        )
    pay_refund(shop, plan, done=True)
    found = get_order(shop.database, order)
    assert found is not None
    assert (found.refunded, found.refunded_basis) == (refunded, basis)


def test_money_the_marketplace_paid_back_meanwhile_is_not_handed_over_again(shop: Shop) -> None:
    make_order(shop)
    plan = plan_goods(shop, 90)
    number = open_for(shop)
    with shop.writing("orders.import"):
        insert(
            shop.database,
            "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, to_buyer, "
            "status, status_raw, succeeded_at, progress, as_of) VALUES (:number, 1, 'P1', 'A1', 'CNY', 5000, 5000, "
            "'succeeded', '', '2026-11-22T00:30:00Z', 1, '')",
            {"number": number},
        )
    with pytest.raises(RefusedError, match=r"paid back CN¥50\.00 of this order by itself"):
        pay_refund(shop, plan)
    with pytest.raises(RefusedError, match="paid back already"):
        plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(1)))
    with pytest.raises(RefusedError, match=r"paid back CN¥50\.00 of this order by itself"):
        pay_refund(shop, plan, reference="T1")
    assert pay_refund(shop, plan, reference="T1", twice=True).status == "succeeded", (
        "what happened is recorded"
    )


def test_a_refund_is_due_seven_days_after_the_goods_came_back(shop: Shop) -> None:
    order = make_order(shop)
    number = open_for(shop)
    request = make_request(shop, number, order, {"CUP": 1})
    with shop.writing("cases.note"):
        insert(
            shop.database,
            "INSERT INTO return_parcels (case_number, request_id, direction, status, received_at) "
            "VALUES (:number, :request, 'in', 'received', '2026-11-21T15:00:00Z')",
            {"number": number, "request": request},
        )
    waiting = list_due_refunds(shop)
    assert [(row.request_id, row.plan_id, row.due_at, row.overdue) for row in waiting] == [
        (1, None, "2026-11-28T16:00:00Z", False)
    ]
    late = replace(shop, now=shop.now + timedelta(days=7))
    assert len(list_due_refunds(late, only_overdue=True)) == 1
    plan_refund(shop, RefundAsk(request_id=request))
    assert [(row.plan_id, row.due_at) for row in list_due_refunds(shop)] == [(1, "2026-11-28T16:00:00Z")]
    assert list_due_refunds(shop, only_overdue=True) == []
    assert [row.plan_id for row in list_due_refunds(late, only_overdue=True)] == [1]
    pay_refund(shop, 1, done=True)
    assert list_due_refunds(late) == []


def test_a_refund_planned_before_the_goods_came_is_due_once_they_are_back(shop: Shop) -> None:
    order = make_order(shop)
    number = open_for(shop)
    request = make_request(shop, number, order, {"CUP": 1})
    plan = plan_refund(shop, RefundAsk(request_id=request)).plan
    assert plan.due_at is None
    late = replace(shop, now=shop.now + timedelta(days=7))
    assert [row.overdue for row in list_due_refunds(late)] == [False]
    with shop.writing("cases.note"):
        insert(
            shop.database,
            "INSERT INTO return_parcels (case_number, request_id, direction, status, received_at) "
            "VALUES (:number, :request, 'in', 'received', '2026-11-21T15:00:00Z')",
            {"number": number, "request": request},
        )
    assert [row.due_at for row in date_plans(shop, list_plans(shop.database))] == ["2026-11-28T16:00:00Z"]
    assert [(row.due_at, row.overdue) for row in list_due_refunds(late)] == [("2026-11-28T16:00:00Z", True)]
    assert list_due_refunds(shop, only_overdue=True) == []
    assert pay_refund(shop, plan.id).due_at == "2026-11-28T16:00:00Z"


def test_compensation_is_due_by_the_settings(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    assert (
        plan_refund(shop, RefundAsk(case_number=number, goodwill=Decimal(1))).plan.due_at
        == "2026-11-29T16:00:00Z"
    )


def test_a_dry_run_pays_and_plans_nothing(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    dry = replace(shop, dry_run=True)
    assert plan_refund(dry, RefundAsk(case_number=number, amount=Decimal(1))).is_new
    assert list_plans(shop.database) == []
    plan = plan_goods(shop)
    assert pay_refund(dry, plan, done=True).status == "succeeded"
    assert list_plans(shop.database)[0].status == "approved"
