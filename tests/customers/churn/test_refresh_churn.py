"""Scoring a shop's customers: what is read, what is written, what is listed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.churn.listing import get_churn, list_churn
from aftersales_cli.customers.churn.refreshing import ChurnRefresh, read_buyers, refresh_churn
from aftersales_cli.database.churn import list_scores, write_scores
from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.errors import NotAllowedError
from aftersales_cli.records.churn import ChurnScore
from aftersales_cli.shop import Shop, open_shop
from tests.kpi_shop import Filler

Buys = Callable[..., int]
TODAY = date(2026, 11, 22)


def _run(shop: Shop, sql: str, **values: object) -> None:
    with shop.writing("orders.import"):
        execute(shop.database, sql, values)


def _score(shop: Shop, customer: int, on: date = TODAY) -> ChurnScore:
    refresh_churn(shop, on)
    return list_scores(shop.database)[customer]


def _audits(shop: Shop) -> int:
    return int(
        fetch_value(shop.database, "SELECT COUNT(*) FROM audit_log WHERE operation = 'customers.churn'")
    )


def test_a_small_shop_is_scored_by_gaps_and_says_why(shop: Shop, buys: Buys) -> None:
    customer = buys(175, 145, 115, 75)
    score = _score(shop, customer)
    assert (score.method, score.gap_days, score.overdue, score.degree) == ("gaps", 30, 2.5, "at_risk")
    assert (score.purchases, score.last_on) == (4, "2026-09-08")
    found = list_churn(shop)
    assert (found.method, found.customers, found.repeaters, found.as_of) == ("gaps", 1, 1, "2026-11-22")
    assert [(guard["code"], guard["ok"]) for guard in found.guards] == [
        ("customers", False), ("repeaters", False), ("history", True),
    ]  # fmt: skip


def test_orders_of_one_local_day_unpaid_and_later_ones_do_not_count(
    shop: Shop, buys: Buys, filler: Filler
) -> None:
    customer = buys(100, 100, 40)
    unpaid = filler.order(None, paid=None, placed_on="2026-11-20")
    for order in (unpaid, filler.order("2026-11-21", paid=0), filler.order("2026-11-23")):
        _run(shop, "UPDATE orders SET customer_id = :customer WHERE id = :id", customer=customer, id=order)
    (buyer,) = read_buyers(shop, TODAY)
    assert (buyer.gaps, buyer.values) == ([60], (20_000.0, 10_000.0))


def test_refunds_and_other_currencies_are_valued_in_the_shops_own(shop: Shop, buys: Buys) -> None:
    buys(10, paid=5_000, refunded=2_000)
    buys(20, paid=1_000, currency="USD")
    assert [buyer.values for buyer in read_buyers(shop, TODAY)] == [(3_000.0,), None]
    _run(shop, "INSERT INTO exchange_rates VALUES ('2026-10-01', 'USD', 'CNY', '7.10')")
    assert [buyer.values for buyer in read_buyers(shop, TODAY)] == [(3_000.0,), (7_100.0,)]


def test_the_second_time_on_a_day_nothing_is_written(shop: Shop, buys: Buys) -> None:
    buys(200, 100)
    buys(50)
    first = refresh_churn(shop, TODAY)
    assert (first.written, first.deleted, first.new_run) == (2, 0, True)
    audits = _audits(shop)
    assert refresh_churn(shop, TODAY) == ChurnRefresh("2026-11-22", "gaps", 2, 0, 0, 0, new_run=False)
    assert _audits(shop) == audits
    assert fetch_value(shop.database, "SELECT COUNT(*) FROM churn_runs") == 1


def test_only_scores_that_are_different_are_written_and_each_day_has_its_run(shop: Shop, buys: Buys) -> None:
    stays, moves = buys(300), buys(200, 190, 180, 100)
    refresh_churn(shop, TODAY)
    order = fetch_value(shop.database, "SELECT MAX(id) FROM orders")
    _run(shop, "UPDATE orders SET paid_on = '2026-11-01' WHERE id = :id", id=order)
    assert refresh_churn(shop, TODAY).written >= 1
    refresh_churn(shop, TODAY + timedelta(days=1))
    days = dict(fetch_rows(shop.database, "SELECT customer_id, as_of FROM churn_scores"))
    assert days[moves] == "2026-11-23"
    assert set(days) == {stays, moves}
    runs = [day for (day,) in fetch_rows(shop.database, "SELECT as_of FROM churn_runs ORDER BY id")]
    assert runs == ["2026-11-22", "2026-11-22", "2026-11-23"]


def test_customers_without_paid_orders_and_erased_ones_lose_their_score(shop: Shop, buys: Buys) -> None:
    erased, kept = buys(30), buys(40)
    refresh_churn(shop, TODAY)
    _run(shop, "UPDATE customers SET erased_at = '2026-11-22T00:00:00Z' WHERE id = :id", id=erased)
    assert refresh_churn(shop, TODAY).deleted == 1
    assert set(list_scores(shop.database)) == {kept}


def test_a_score_goes_with_its_customer(shop: Shop, buys: Buys) -> None:
    customer = buys()
    other = buys(10)
    refresh_churn(shop, TODAY)
    _run(shop, "UPDATE orders SET customer_id = :customer", customer=customer)
    _run(shop, "DELETE FROM customers WHERE id = :other", other=other)
    assert list_scores(shop.database) == {}


def test_a_customer_who_was_merged_while_scores_were_made_is_left_out(shop: Shop, buys: Buys) -> None:
    score = _score(shop, buys(30))
    with shop.writing("customers.churn"):
        write_scores(
            shop.database, "2026-11-23", [replace(score, customer_id=999), replace(score, purchases=2)]
        )
    assert set(list_scores(shop.database)) == {score.customer_id}
    assert list_scores(shop.database)[score.customer_id].purchases == 2


def test_a_dry_run_writes_nothing(shop: Shop, buys: Buys) -> None:
    buys(30)
    dry = open_shop(shop.folder, dry_run=True)
    assert refresh_churn(dry, TODAY).written == 1
    dry.close()
    assert list_scores(shop.database) == {}


def test_a_viewer_may_not_score(shop: Shop, buys: Buys) -> None:
    buys(30)
    _run(
        shop,
        "INSERT INTO agents (code, name, role, created_at) VALUES ('eye', 'Eye', 'viewer', '2026-11-01T00:00:00Z')",
    )
    viewer = open_shop(shop.folder, agent="eye")
    with pytest.raises(NotAllowedError):
        refresh_churn(viewer, TODAY)
    viewer.close()


def test_a_large_shop_is_scored_by_the_model_and_its_parameters_are_kept(crowd: Shop) -> None:
    done = refresh_churn(crowd, TODAY)
    assert (done.method, done.customers) == ("bg_nbd", 500)
    assert 0 < done.evaluations <= fetch_value(crowd.database, "SELECT repeaters FROM churn_runs")
    methods = {
        (method, purchases > 1)
        for method, purchases in fetch_rows(crowd.database, "SELECT method, purchases FROM churn_scores")
    }
    assert methods == {("bg_nbd", True), ("gaps", False)}
    kept = json.loads(fetch_value(crowd.database, "SELECT parameters FROM churn_runs"))
    assert {"r", "alpha", "a", "b", "gap_median", "fitted_on"} <= set(kept)


def _sign(shop: Shop, customer: int) -> tuple[str, str, int | None, int | None]:
    score = _score(shop, customer)
    return score.reason, score.sign, score.sign_case, score.sign_number


def test_a_complaint_of_the_customer_or_of_an_order_points_to_the_reason(
    shop: Shop, buys: Buys, filler: Filler
) -> None:
    customer = buys(500, 350)
    order = fetch_value(shop.database, "SELECT MAX(id) FROM orders")
    assert _sign(shop, customer) == ("no_sign", "", None, None)
    number = filler.case("2026-06-01T02:00:00Z", kind="complaint", status="closed", order_id=order)
    assert _sign(shop, customer) == ("complaint", "complaint", number, None)
    _run(shop, "UPDATE cases SET status = 'in_progress' WHERE number = :number", number=number)
    assert _sign(shop, customer) == ("complaint_open", "complaint", number, None)
    _run(shop, "UPDATE cases SET status = 'cancelled' WHERE number = :number", number=number)
    assert _sign(shop, customer) == ("no_sign", "", None, None)


@pytest.mark.parametrize(
    ("type_", "score", "reason"),
    [("csat", 2, "low_score"), ("csat", 3, "no_sign"), ("nps", 6, "low_score"), ("nps", 7, "no_sign"),
     ("ces", 3, "low_score"), ("ces", 4, "no_sign")],
)  # fmt: skip
def test_a_low_score_points_to_the_reason(
    shop: Shop, buys: Buys, filler: Filler, type_: str, score: int, reason: str
) -> None:
    customer = buys(500, 350)
    filler._insert(
        "survey_answers", type=type_, customer_id=customer, score=score, source="file",
        answered_at="2026-06-01T02:00:00Z", answered_on="2026-06-01",
    )  # fmt: skip
    found = _score(shop, customer)
    assert (found.reason, found.sign_number) == (reason, score if reason == "low_score" else None)


def test_a_late_refund_a_slow_reply_and_returns_point_to_the_reason(
    shop: Shop, buys: Buys, filler: Filler
) -> None:
    customer = buys(500, 350)
    order = fetch_value(shop.database, "SELECT MAX(id) FROM orders")
    returned = filler.case("2026-06-01T02:00:00Z", kind="return", status="closed", order_id=order)
    assert _sign(shop, customer) == ("returns", "return", returned, 1)
    slow = filler.case(
        "2026-06-02T02:00:00Z", order_id=order, replied="2026-06-04T02:00:00Z", status="closed"
    )
    assert _sign(shop, customer) == ("long_wait", "reply", slow, 48)
    refund = filler.refund(returned, 500)
    _run(
        shop,
        "UPDATE refunds SET requested_at = '2026-06-01T02:00:00Z', succeeded_at = '2026-06-11T02:00:00Z', "
        "succeeded_on = '2026-06-11' WHERE id = :id",
        id=refund,
    )
    assert _sign(shop, customer) == ("late_refund", "refund", returned, 10)


def test_words_in_messages_and_reasons_of_cases_point_to_stock_and_price(
    shop: Shop, buys: Buys, filler: Filler
) -> None:
    customer, other = buys(500, 350), buys(500, 350)
    number = filler.case("2026-06-01T02:00:00Z", status="closed", reason="price")
    _run(
        shop,
        "UPDATE cases SET customer_id = :customer WHERE number = :number",
        customer=customer,
        number=number,
    )
    assert _sign(shop, customer) == ("price", "word", number, None)
    asked = filler.case("2026-06-01T02:00:00Z", status="closed")
    _run(
        shop, "UPDATE cases SET customer_id = :customer WHERE number = :number", customer=other, number=asked
    )
    filler._insert(
        "case_messages", case_number=asked, direction="in", author_type="customer", author="", channel="phone",
        sent_at="2026-06-01T02:00:00Z", body="红色的又缺货了?",
    )  # fmt: skip
    assert _sign(shop, other) == ("stock", "word", asked, None)


def test_what_the_customer_said_in_a_callback_is_the_reason(shop: Shop, buys: Buys, filler: Filler) -> None:
    customer = buys(500, 350)
    filler._insert(
        "callbacks", reason="promised", customer_id=customer, due_on="2026-07-01", priority=1, status="done",
        churn_reason="competitor", planned_at=shop.stamp, recorded_at=shop.stamp, recorded_on="2026-07-01",
    )  # fmt: skip
    assert _sign(shop, customer) == ("competitor", "said", None, None)


def test_customers_without_a_rate_are_counted_and_stand_last(shop: Shop, buys: Buys) -> None:
    unknown, known = buys(400, 300, currency="USD"), buys(400, 300, paid=1)
    refresh_churn(shop, TODAY)
    found = list_churn(shop)
    assert [(row.customer_id, row.value_lost is None) for row in found.rows] == [
        (known, False),
        (unknown, True),
    ]
    assert [entry.without_value for entry in found.degrees] == [1]


def test_the_list_shows_those_who_leave_by_what_that_costs_with_masked_contacts(
    shop: Shop, buys: Buys
) -> None:
    cheap = buys(400, 300, paid=1_000, name="Ma")
    dear = buys(400, 300, paid=90_000)
    buys(2)
    refresh_churn(shop, TODAY)
    found = list_churn(shop)
    assert [row.customer_id for row in found.rows] == [dear, cheap]
    assert {row.phone for row in found.rows} == {"138****1234"}
    assert [(entry.degree, entry.customers) for entry in found.degrees] == [("active", 1), ("at_risk", 2)]
    assert sum(entry.without_value for entry in found.degrees) == 0
    assert [row.name for row in list_churn(shop, ["active", "lost"], 5).rows] == ["Lin"]
    assert len(list_churn(shop, limit=1).rows) == 1
    one = get_churn(shop, cheap)
    assert one is not None
    assert (one.name, one.phone) == ("Ma", "138****1234")
    assert get_churn(shop, 999) is None
