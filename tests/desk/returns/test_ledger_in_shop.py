"""The books in the database: random operations of employees keep every invariant, added up in plain SQL."""

import random
from decimal import Decimal

import pytest

from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.ledger import read_order_facts
from aftersales_cli.database.refund_plans import insert_plan
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.books import open_books, read_books
from aftersales_cli.desk.returns.ledger_checks import check_refund
from aftersales_cli.desk.returns.line_values import amount_for
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.desk.returns.withdrawing import withdraw_return
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.ledger import MoneyPart
from aftersales_cli.shop import Shop
from tests.desk.returns.return_helpers import run_sql, sell

STEPS = 14

_PIECES = """SELECT l.quantity, coalesce(sum(CASE
        WHEN r.status IN ('submitted', 'needs_evidence', 'needs_manual') THEN a.asked
        WHEN r.status IN ('auto_approved', 'approved') THEN a.approved ELSE 0 END), 0)
    FROM order_lines AS l LEFT JOIN return_lines AS a ON a.order_line_id = l.id
    LEFT JOIN return_requests AS r ON r.id = a.request_id GROUP BY l.id"""
_MONEY = """SELECT v.goods, v.quantity, coalesce(sum(p.amount), 0), coalesce(sum(p.quantity), 0)
    FROM line_values AS v LEFT JOIN (SELECT p.* FROM refund_parts AS p JOIN refund_plans AS r ON r.id = p.plan_id
        WHERE r.status <> 'void' AND p.type = 'goods') AS p ON p.order_line_id = v.order_line_id
    GROUP BY v.order_line_id"""
_TOTAL = """SELECT coalesce(sum(p.amount), 0) FROM refund_parts AS p JOIN refund_plans AS r ON r.id = p.plan_id
    WHERE r.status <> 'void'"""


def plan(shop: Shop, order_id: int, parts: list[MoneyPart], key: str) -> int:
    """Plan a refund the way every part of the program has to: check and write in one transaction."""
    with shop.writing("orders.import"):
        check_refund(open_books(shop, order_id), parts)
        values = {
            "case_number": 1,
            "order_id": order_id,
            "currency": "CNY",
            "status": "planned",
            "route": "original",
            "key": key,
            "planned_at": shop.stamp,
            "planned_by": "owner",
        }
        rows = [
            {
                "type": part.type,
                "order_line_id": part.order_line_id,
                "return_line_id": part.return_line_id,
                "quantity": part.quantity,
                "amount": part.amount,
            }
            for part in parts
        ]
        return insert_plan(shop.database, values, rows)


def step(shop: Shop, order_id: int, dice: random.Random, key: str) -> None:
    requests = [row[0] for row in fetch_rows(shop.database, "SELECT id FROM return_requests")]
    lines = read_books(shop, order_id).lines
    line = dice.choice(lines)
    choice = dice.choice(["ask", "ask", "review", "review", "withdraw", "plan", "plan", "void"])
    if choice == "ask":
        request_return(
            shop,
            order=f"{order_id}",
            lines=[f"{line.sku}={dice.randint(1, line.bought + 1)}"],
            kind=dice.choice(["return", "exchange", "repair"]),
            reason=dice.choice(["changed_mind", "defect"]),
            condition="unopened",
            again=dice.choice([None, None, *requests]),
        )
    elif choice == "review" and requests:
        verdict = dice.choice(["approved", "approved", "rejected", "needs_manual"])
        review(shop, dice.choice(requests), verdict, reasons=["other"])
    elif choice == "withdraw" and requests:
        withdraw_return(shop, dice.choice(requests))
    elif choice == "plan":
        pieces = dice.randint(0, line.bought)
        amount = amount_for(line, pieces) + dice.choice([0, 0, 0, 1, 5])
        plan(shop, order_id, [MoneyPart("goods", amount, line.order_line_id, None, pieces)], key)
    elif choice == "void":
        run_sql(shop, "UPDATE refund_plans SET status = 'void' WHERE id % 3 = :rest", rest=dice.randint(0, 2))


def check_invariants(shop: Shop, order_id: int, paid: int) -> None:
    assert all(held <= bought for bought, held in fetch_rows(shop.database, _PIECES))
    for goods, quantity, amount, pieces in fetch_rows(shop.database, _MONEY):
        assert amount <= goods
        assert pieces <= quantity
    assert fetch_rows(shop.database, _TOTAL)[0][0] <= paid
    values = fetch_rows(shop.database, "SELECT coalesce(sum(goods), 0), count(*) FROM line_values")[0]
    assert values[1] in (0, 2)
    if values[1]:
        assert values[0] + read_books(shop, order_id).postage == paid


def play(shop: Shop, seed: int) -> int:
    """Play one order; return how many steps were refused."""
    dice, refused = random.Random(seed), 0
    open_case(shop, say="the case all refunds are booked on")
    products = (
        ("CUP", "Cup", dice.randint(1, 3), dice.choice([333, 1000])),
        ("LID", "Lid", 1, dice.choice([99, 101])),
    )
    number = str(seed + 1)
    paid = (
        sum(quantity * (price or 0) for _sku, _title, quantity, price in products) + 50 - dice.randint(0, 60)
    )
    order_id = sell(shop, number, paid=paid, postage=50, products=products)
    run_sql(shop, "UPDATE orders SET external_id = :id, display_number = :id WHERE id = :id", id=order_id)
    for index in range(STEPS):
        try:
            step(shop, order_id, dice, f"{seed} {index}")
        except (RefusedError, WrongUsageError):
            refused += 1
        check_invariants(shop, order_id, paid)
    return refused


@pytest.mark.parametrize("seed", range(12))
def test_random_operations_keep_every_invariant_in_the_database(shop: Shop, seed: int) -> None:
    assert play(shop, seed) < STEPS


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 300))
def test_many_random_operations_keep_every_invariant_in_the_database(shop: Shop, seed: int) -> None:
    play(shop, seed)


def test_platform_refunds_count_until_they_are_tied_to_a_plan(shop: Shop) -> None:
    order_id = sell(shop)
    request = request_return(shop, order="101", lines=["LID"], reason="defect")
    refund = (
        "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, to_buyer, "
        "status, status_raw, progress, as_of) VALUES (:case, 1, 'R1', '101', 'CNY', 9000, 8000, :status, '', 1, '')"
    )
    run_sql(shop, refund, case=request.case_number, status="requested")
    assert read_order_facts(shop.database, order_id).platform == 0
    run_sql(shop, "UPDATE refunds SET status = 'succeeded'")
    assert read_order_facts(shop.database, order_id).platform == 8000
    plan_id = plan(shop, order_id, [MoneyPart("goods", 8000, 1, None, 0)], "k")
    assert read_books(shop, order_id).given == 16000
    run_sql(shop, "UPDATE refund_plans SET refund_id = 1 WHERE id = :id", id=plan_id)
    assert read_books(shop, order_id).given == 8000
    # Void again, the marketplace's own money counts again.
    run_sql(shop, "UPDATE refund_plans SET status = 'void'")
    assert read_order_facts(shop.database, order_id).platform == 8000


def test_the_orders_own_figure_counts_where_there_are_no_records(shop: Shop) -> None:
    order_id = sell(shop)
    run_sql(shop, "UPDATE orders SET refunded_stated = 5000, refunded_stated_basis = 'stated'")
    assert read_books(shop, order_id).platform == 5000
    request_return(shop, order="101", lines=["LID"], reason="defect")
    plan_id = plan(shop, order_id, [MoneyPart("goods", 3000, 1, None, 0)], "k")
    assert read_books(shop, order_id).given == 8000
    # What we paid through the marketplace is part of its figure.
    run_sql(shop, "UPDATE refund_plans SET status = 'succeeded' WHERE id = :id", id=plan_id)
    assert (read_books(shop, order_id).platform, read_books(shop, order_id).given) == (2000, 5000)


def test_replacements_count_for_the_line_and_request_they_belong_to(shop: Shop) -> None:
    order_id = sell(shop)
    request = request_return(shop, order="101", lines=["CUP=2"], kind="exchange", reason="defect")
    run_sql(shop, "UPDATE return_requests SET status = 'approved'")
    run_sql(shop, "UPDATE return_lines SET approved = 2")
    sent = (
        "INSERT INTO replacements (case_number, request_id, order_line_id, sku, title, quantity, status, currency, "
        "reserved_at) VALUES (1, :request, 1, 'CUP', 'Cup', 1, :status, 'CNY', :at)"
    )
    run_sql(shop, sent, request=request.id, status="shipped", at=shop.stamp)
    run_sql(shop, sent, request=None, status="reserved", at=shop.stamp)
    run_sql(shop, sent, request=request.id, status="void", at=shop.stamp)
    books = read_books(shop, order_id)
    assert (books.lines[0].replaced, books.lines[0].sent_again, books.lines[0].free) == (2, 1, 1)
    assert (books.asked[0].replaced, books.asked[0].free) == (1, 1)


def test_an_asked_amount_of_a_cent_less_is_no_compensation(shop: Shop) -> None:
    order_id = sell(shop)
    request = request_return(
        shop, order="101", lines=["CUP=3"], kind="refund_only", reason="late", amount=Decimal("242.89")
    )
    run_sql(shop, "UPDATE return_requests SET status = 'approved' WHERE id = :id", id=request.id)
    run_sql(shop, "UPDATE return_lines SET approved = 3")
    assert read_books(shop, order_id).lines[0].held == 3
