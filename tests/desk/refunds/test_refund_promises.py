"""Refunds that have to be paid by a day stand on the board of promises, beside the clocks of the cases."""

from dataclasses import replace
from datetime import timedelta

from aftersales_cli.desk.assigning import assign_case
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.paying import pay_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.refunds.promises import RefundPromise
from aftersales_cli.desk.sla_board import list_board
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def at_day(shop: Shop, days: int) -> Shop:
    return replace(shop, now=shop.now + timedelta(days=days))


def refunds(shop: Shop, *, everything: bool = False, assignee_id: int | None = None) -> list[RefundPromise]:
    rows = list_board(shop, everything=everything, assignee_id=assignee_id)
    return [row for row in rows if isinstance(row, RefundPromise)]


def grant(shop: Shop) -> int:
    """Let a refund be decided on 2026-11-20, to be paid within seven days, and return its request."""
    order = make_order(shop)
    return make_request(shop, open_for(shop, kind="refund_only"), order, {"CUP": 1}, kind="refund_only")


def test_a_refund_is_near_two_days_before_its_last_day_ends_and_missed_then(shop: Shop) -> None:
    request = grant(shop)
    assert refunds(shop) == []
    (running,) = refunds(shop, everything=True)
    assert (running.state, running.due_at) == ("running", "2026-11-27T16:00:00Z")
    (near,) = refunds(at_day(shop, 4))
    assert (near.state, near.request_id, near.plan_id, near.metric) == ("near", request, None, "refund")
    assert near.remaining_seconds is not None
    assert 0 < near.remaining_seconds <= 2 * 86_400
    (missed,) = refunds(at_day(shop, 9))
    assert (missed.state, (missed.remaining_seconds or 0) < 0) == ("missed", True)


def test_a_planned_refund_stays_on_the_board_until_it_is_paid(shop: Shop) -> None:
    request = grant(shop)
    plan = plan_refund(shop, RefundAsk(request_id=request)).plan
    late = at_day(shop, 9)
    assert [(row.plan_id, row.state) for row in refunds(late)] == [(plan.id, "missed")]
    pay_refund(late, plan.id, reference="778")
    assert refunds(late, everything=True) == []


def test_what_waits_for_the_goods_is_shown_with_everything_only(shop: Shop) -> None:
    order = make_order(shop)
    request = make_request(shop, open_for(shop), order, {"CUP": 1}, accepted=0)
    plan_refund(shop, RefundAsk(request_id=request, lines=("CUP=1",)))
    assert refunds(at_day(shop, 30)) == []
    assert [(row.state, row.remaining_seconds) for row in refunds(shop, everything=True)] == [
        ("paused", None)
    ]


def test_the_board_of_one_employee_has_the_refunds_of_their_cases(shop: Shop) -> None:
    grant(shop)
    late = at_day(shop, 9)
    assert refunds(late, assignee_id=shop.agent.id) == []
    assign_case(shop, 1, shop.agent.code)
    assert [row.assignee for row in refunds(late, assignee_id=shop.agent.id)] == [shop.agent.name]


def test_missed_rows_of_both_kinds_come_first_and_a_check_lists_the_refunds(shop: Shop) -> None:
    grant(shop)
    late = at_day(shop, 9)
    states = [row.state for row in list_board(late, everything=True)]
    assert states == sorted(states, key=("missed", "near", "running", "paused").index)
    assert [row.state for row in check_clocks(late).refunds] == ["missed"]
    assert check_clocks(shop).refunds == []
