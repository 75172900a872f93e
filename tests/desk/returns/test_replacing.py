"""Goods sent instead of others: never more than the books allow, and not before the old ones without leave."""

from decimal import Decimal

import pytest

from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.receiving import receive_goods
from aftersales_cli.desk.returns.replacing import (
    deliver_replacement,
    reserve_replacement,
    ship_replacement,
    void_replacement,
)
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.desk.returns.return_helpers import run_sql, sell


@pytest.fixture
def exchange(shop: Shop) -> ReturnRequest:
    """Return an approved exchange of two cups."""
    sell(shop)
    found = request_return(
        shop, order="101", lines=["CUP=2"], kind="exchange", reason="defect", condition="damaged"
    )
    if found.status not in ("approved", "auto_approved"):
        found = review(shop, found.id, "approved")
    return found


def test_an_exchange_goes_its_way(shop: Shop, exchange: ReturnRequest) -> None:
    (stored,) = reserve_replacement(
        shop, request_id=exchange.id, sku="CUP-BLUE", title="Blue cup", pays=Decimal("5.50")
    )
    assert (stored.quantity, stored.title, stored.price_difference, stored.status) == (
        2,
        "Blue cup",
        550,
        "reserved",
    )
    with pytest.raises(RefusedError, match="the old goods are not back yet"):
        ship_replacement(shop, stored.id, number="SF5")
    receive_goods(shop, exchange.id)
    ship_replacement(shop, stored.id, carrier="SF", number="sf5")
    done = deliver_replacement(shop, stored.id)
    assert (done.status, done.number) == ("delivered", "SF5")
    types = [event.type for event in list_case_events(shop.database, exchange.case_number)]
    assert [name for name in types if name.startswith("replacement")] == [
        "replacement_reserved",
        "replacement_shipped",
        "replacement_delivered",
    ]
    with pytest.raises(RefusedError, match="cannot become"):
        void_replacement(shop, stored.id)


def test_no_more_is_sent_than_was_approved(shop: Shop, exchange: ReturnRequest) -> None:
    (first,) = reserve_replacement(shop, request_id=exchange.id, words=["CUP=1"])
    with pytest.raises(RefusedError, match="neither paid back nor replaced"):
        reserve_replacement(shop, request_id=exchange.id, words=["CUP=2"])
    void_replacement(shop, first.id, note="not in stock")
    reserve_replacement(shop, request_id=exchange.id, words=["CUP=2"])


def test_what_was_paid_back_is_not_replaced_too(shop: Shop, exchange: ReturnRequest) -> None:
    (line,) = fetch_rows(shop.database, "SELECT id, order_line_id FROM return_lines")
    run_sql(
        shop,
        "INSERT INTO refund_plans (id, case_number, request_id, order_id, currency, status, route, key, planned_at, "
        "planned_by) VALUES (1, :number, :id, :order_id, 'CNY', 'planned', 'platform', 'k', :at, 'owner')",
        number=exchange.case_number,
        id=exchange.id,
        order_id=exchange.order_id,
        at=shop.stamp,
    )
    run_sql(
        shop,
        "INSERT INTO refund_parts (plan_id, position, type, order_line_id, return_line_id, quantity, amount) "
        "VALUES (1, 1, 'goods', :line, :id, 1, 100)",
        id=line[0],
        line=line[1],
    )
    with pytest.raises(RefusedError, match="1 approved pieces are neither"):
        reserve_replacement(shop, request_id=exchange.id)
    with pytest.raises(RefusedError, match="of 3 pieces 1 are paid back and 0 replaced, 3 more are too many"):
        reserve_replacement(shop, case_number=exchange.case_number, words=["CUP=3"])
    reserve_replacement(shop, request_id=exchange.id, words=["CUP=1"])


def test_an_agent_lets_only_cheap_goods_go_before_the_old_ones_are_back(
    shop: Shop, exchange: ReturnRequest
) -> None:
    add_agent(shop, "lan", role="agent")
    lan = open_shop(shop.folder, agent="lan")
    (one,) = reserve_replacement(lan, request_id=exchange.id, words=["CUP=1"], before_return=True)
    assert one.before_return
    assert ship_replacement(lan, one.id, number="SF5").status == "shipped"
    run_sql(shop, "UPDATE line_values SET goods = 900000 WHERE quantity = 3")
    with pytest.raises(RefusedError, match="above the limit of 200"):
        reserve_replacement(lan, request_id=exchange.id, before_return=True, words=["CUP=1"])
    (two,) = reserve_replacement(lan, request_id=exchange.id, words=["CUP=1"])
    with pytest.raises(RefusedError, match="above the limit of 200"):
        ship_replacement(lan, two.id, before_return=True)
    lan.close()
    assert ship_replacement(shop, two.id, before_return=True).before_return


def test_what_is_missing_is_sent_again_without_a_return(shop: Shop) -> None:
    sell(shop)
    case = open_case(shop, order="101", kind="order_problem", say="The lid is missing")
    (stored,) = reserve_replacement(shop, case_number=case.number, words=["LID=1"])
    assert (stored.request_id, stored.sku, stored.quantity) == (None, "LID", 1)
    ship_replacement(shop, stored.id, number="SF6")
    with pytest.raises(RefusedError):
        reserve_replacement(shop, case_number=case.number, words=["LID=1"])


def test_nothing_is_reserved_without_an_approval_or_with_two_differences(shop: Shop) -> None:
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    found = request_return(shop, order="101", lines=["CUP=1"], reason="changed_mind", condition="unopened")
    with pytest.raises(RefusedError, match="only after an approval"):
        reserve_replacement(shop, request_id=found.id)
    run_sql(shop, "UPDATE return_requests SET status = 'approved'")
    run_sql(shop, "UPDATE return_lines SET approved = 1")
    with pytest.raises(WrongUsageError, match="not both"):
        reserve_replacement(shop, request_id=found.id, pays=Decimal(1), back=Decimal(1))
    (stored,) = reserve_replacement(shop, request_id=found.id, back=Decimal(3))
    assert stored.price_difference == -300
    with pytest.raises(NotFoundError):
        ship_replacement(shop, 99)
