"""Our refund plans and the marketplaces' records of the same money: tied by an import, untied by its undo."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.database.ledger import read_order_facts
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.refund_plans import find_ties, list_attempts, list_plans, tie_plan
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.paying import pay_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.refunds.plans import require_plan
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, open_for

HEADER = "退款编号,订单编号,退款申请时间,完结时间,买家退款金额,退款状态,买家退款原因,售后类型\n"
ORDER = "1234567890123456789"
Report = Callable[..., int]


@pytest.fixture
def report(shop: Shop, tmp_path: Path) -> Report:
    """Return a function that takes in a refund list of the marketplace (number → amount) and returns the import."""

    def take(refunds: dict[str, str], status: str = "退款成功", finished: str = "2026-11-22 08:30:00") -> int:
        rows = [
            f"{number},{ORDER},2026-11-21 10:00:00,{finished},{amount},{status},质量问题,仅退款\n"
            for number, amount in refunds.items()
        ]
        path = tmp_path / f"{abs(hash((status, finished, *refunds.items())))}.csv"
        path.write_text(HEADER + "".join(rows), "utf-8")
        return import_file(shop, path, storefront="taobao").import_id

    return take


def plan_amount(shop: Shop, amount: int, route: str = "") -> int:
    number = open_for(shop, ORDER)
    return plan_refund(shop, RefundAsk(case_number=number, amount=Decimal(amount), route=route)).plan.id


def state(shop: Shop, plan: int) -> tuple[str, int | None, str]:
    found = require_plan(shop, plan)
    return found.status, found.refund_id, found.reference


def test_a_record_of_the_same_order_and_amount_is_our_plan_and_counts_once(
    shop: Shop, report: Report
) -> None:
    order = make_order(shop, ORDER)
    plan = plan_amount(shop, 30)
    report({"9001": "30.00"})
    assert state(shop, plan) == ("succeeded", 1, "9001")
    assert [attempt.outcome for attempt in list_attempts(shop.database, plan)] == ["succeeded"]
    found = get_order(shop.database, order)
    assert found is not None
    assert (found.refunded, found.refunded_basis) == (3000, "records")
    assert read_order_facts(shop.database, order).platform == 0


def test_a_plan_that_was_paid_before_the_file_came_is_tied_too(shop: Shop, report: Report) -> None:
    order = make_order(shop, ORDER)
    plan = plan_amount(shop, 30)
    pay_refund(shop, plan, reference="T1")
    report({"9001": "30.00"})
    assert state(shop, plan) == ("succeeded", 1, "T1")
    assert get_order(shop.database, order).refunded == 3000  # type: ignore[union-attr]


def test_an_undo_unties_and_the_plan_is_as_before(shop: Shop, report: Report) -> None:
    order = make_order(shop, ORDER)
    planned, paid = plan_amount(shop, 30), plan_amount(shop, 20, route="transfer")
    pay_refund(shop, paid, reference="T1")
    number = report({"9001": "30.00", "9002": "20.00"})
    assert (state(shop, planned)[0], state(shop, paid)[1]) == ("succeeded", 2)
    undo(shop, number)
    assert (state(shop, planned), state(shop, paid)) == (("approved", None, ""), ("succeeded", None, "T1"))
    assert list_attempts(shop.database, planned) == []
    found = get_order(shop.database, order)
    assert found is not None
    assert (found.refunded, found.refunded_basis) == (2000, "own")
    report({"9001": "30.00", "9002": "20.00"})
    assert state(shop, planned) == ("succeeded", 1, "9001")


def test_a_tie_made_by_hand_does_not_keep_an_import_from_being_undone(shop: Shop, report: Report) -> None:
    make_order(shop, ORDER)
    number = report({"9001": "30.00"})
    plan = plan_amount(shop, 20)
    with shop.writing("refunds.pay"):
        assert tie_plan(shop.database, plan, 1)
        assert not tie_plan(shop.database, plan, 1)
    undo(shop, number)
    assert state(shop, plan)[1] is None


def test_what_was_known_when_the_plan_was_made_is_other_money(shop: Shop, report: Report) -> None:
    order = make_order(shop, ORDER)
    report({"9001": "30.00"})
    plan = plan_amount(shop, 30)
    report({"9002": "10.00"})
    assert state(shop, plan) == ("approved", None, "")
    assert read_order_facts(shop.database, order).platform == 4000


def test_two_that_fit_are_never_guessed(shop: Shop, report: Report) -> None:
    make_order(shop, ORDER)
    first, second = plan_amount(shop, 30), plan_amount(shop, 30)
    number = report({"9001": "30.00"})
    assert (state(shop, first)[1], state(shop, second)[1]) == (None, None)
    assert find_ties(shop.database, number) == []


@pytest.mark.parametrize(
    ("amount", "status"), [("29.00", "退款成功"), ("30.00", "待商家处理"), ("30.00", "退款关闭")]
)
def test_another_amount_or_no_success_ties_nothing(
    shop: Shop, report: Report, amount: str, status: str
) -> None:
    make_order(shop, ORDER)
    plan = plan_amount(shop, 30)
    report({"9001": amount}, status)
    assert state(shop, plan) == ("approved", None, "")


def test_a_record_is_tied_when_it_succeeds_later(shop: Shop, report: Report) -> None:
    make_order(shop, ORDER)
    report({"9001": "30.00"}, "待商家处理", "")
    case = fetch_value(shop.database, "SELECT case_number FROM refunds")
    plan = plan_refund(shop, RefundAsk(case_number=case, amount=Decimal(30))).plan.id
    other = plan_amount(shop, 30)
    report({"9001": "30.00"})
    assert (state(shop, plan), state(shop, other)) == (("succeeded", 1, "9001"), ("approved", None, ""))
    assert len(list_plans(shop.database)) == 2
