"""Reminders that a product wants its care, and hints about the next product."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from aftersales_cli.clock import parse_moment
from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import list_due_callbacks
from aftersales_cli.customers.plans.hints import find_pairs
from aftersales_cli.customers.plans.maintenance import due_spans, load_care_rules, open_care_table
from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.shop import Shop

Add = Callable[..., int]
TODAY = date(2026, 11, 22)


def _on(shop: Shop, day: str) -> Shop:
    moment: datetime = parse_moment(f"{day} 09:00", shop.zone)
    return replace(shop, now=moment)


def _write(shop: Shop, text: str) -> None:
    path = shop.folder / "templates" / "settings" / "maintenance.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("delivered", "planned"),
    [
        ("2026-05-21", 1), ("2026-05-22", 0), ("2026-05-08", 1), ("2026-05-07", 0), ("2025-11-20", 1),
        ("2024-11-20", 1), ("2024-05-20", 0),
    ],
)  # fmt: skip
def test_a_filter_is_due_every_six_months_after_delivery_four_times(
    shop: Shop, add_customer: Add, add_order: Add, delivered: str, planned: int
) -> None:
    add_order(add_customer("Lin", "13800000000"), "家用净水器 X1", on=delivered)
    assert plan_callbacks(shop, TODAY).planned == planned


def test_the_reminder_names_the_product_and_what_is_due(
    shop: Shop, add_customer: Add, add_order: Add
) -> None:
    add_order(add_customer("Lin"), "Cups", "Water purifier X1", on="2026-05-20")
    plan_callbacks(shop, TODAY)
    entry = list_due_callbacks(shop, TODAY)[0]
    assert (entry.plan, entry.reason, entry.product) == (
        "maintenance", "maintenance_due", "Water purifier X1",
    )  # fmt: skip
    assert entry.why == ("the filter cartridge is to be changed · due every 6 months · bought 186 days ago")
    lines = fetch_rows(
        shop.database,
        "SELECT l.title FROM callbacks b JOIN order_lines l ON l.id = b.order_line_id",
    )
    assert lines == [("Water purifier X1",)]


def test_what_was_reminded_is_not_reminded_again_before_its_next_time(
    shop: Shop, add_customer: Add, add_order: Add
) -> None:
    add_order(add_customer("Lin"), "Water purifier X1", on="2026-05-20")
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached"))
    assert plan_callbacks(_on(shop, "2026-12-02"), date(2026, 12, 2)).planned == 0
    later = _on(shop, "2027-05-22")
    assert plan_callbacks(later, later.today).planned == 1


def test_accessories_returned_goods_and_other_products_are_no_occasion(
    shop: Shop, add_customer: Add, add_order: Add
) -> None:
    add_order(add_customer("a"), "净水器滤芯 三支装", on="2026-05-20")
    add_order(add_customer("b"), "净水器 X1", on="2026-05-20", refunded=5000)
    add_order(add_customer("c"), "Rice cooker", on="2026-05-20")
    assert plan_callbacks(shop, TODAY).planned == 0


def test_a_rule_may_go_by_category_and_article_number(shop: Shop) -> None:
    _write(
        shop,
        '[[rule]]\nen = "ears"\ncategories = ["headset"]\nmonths = 2\n'
        '[[rule]]\nen = "own"\nskus = ["AC-"]\nmonths = 3\n',
    )
    table, rules = open_care_table(shop.folder)
    assert table.find("Z-1", "蓝牙耳机 黑") == rules[0]
    assert table.find("ac-77", "anything") == rules[1]
    assert table.find("Z-1", "cups") is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[[rule]]\nen = "x"\nmonths = 3\n', "words"),
        ('[[rule]]\nen = "x"\nwords = ["a"]\n', "months"),
        ('[[rule]]\nen = "x"\nwords = ["a"]\nmonths = 0\n', "months"),
        ('[[rule]]\nen = "x"\ncategories = ["rockets"]\nmonths = 1\n', "categories"),
    ],
)
def test_a_slip_in_the_rules_is_named(shop: Shop, text: str, key: str) -> None:
    _write(shop, text)
    with pytest.raises(WrongUsageError, match=f"maintenance.toml, rule 1 .x.: “{key}”"):
        load_care_rules(shop.folder)


def test_spans_end_at_the_last_day_of_short_months(shop: Shop) -> None:
    rules = [replace(load_care_rules(shop.folder)[0], months=1, times=2)]
    spans = [(span.number, span.last) for span in due_spans(rules, date(2026, 3, 31), 0)]
    assert spans == [(1, date(2026, 2, 28)), (2, date(2026, 1, 31))]


def _buyers(add_customer: Add, add_order: Add, count: int, *titles: str) -> None:
    for _number in range(count):
        add_order(add_customer(), *titles, on="2026-06-01")


def test_pairs_are_counted_by_customers_with_their_lift(
    shop: Shop, add_customer: Add, add_order: Add
) -> None:
    _buyers(add_customer, add_order, 6, "Teapot", "Cups")
    _buyers(add_customer, add_order, 2, "Teapot")
    _buyers(add_customer, add_order, 12, "Towel")
    pairs = find_pairs(shop, limit=10)
    assert [(pair.bought, pair.next_product, pair.both) for pair in pairs] == [
        ("Cups", "Teapot", 6), ("Teapot", "Cups", 6),
    ]  # fmt: skip
    # 20 customers; 8 bought a teapot, 6 cups, 6 both.
    assert pairs[0].lift == pytest.approx(6 * 20 / (8 * 6))
    assert pairs[1].share == pytest.approx(6 / 8)
    assert find_pairs(shop, support=7, limit=10) == []


def test_care_calls_need_a_yes_and_name_what_the_customer_does_not_have_yet(
    shop: Shop, add_customer: Add, add_order: Add, write_plan: Callable[..., None]
) -> None:
    _buyers(add_customer, add_order, 6, "Teapot", "Cups")
    _buyers(add_customer, add_order, 12, "Towel")
    wanted, silent = add_customer("Lin"), add_customer("Mei")
    for customer in (wanted, silent):
        add_order(customer, "Teapot", on="2026-11-01")
    record_consent(shop, wanted, purpose="marketing", given=True, channel="phone", proof="call of 2 November")
    write_plan(
        code='"care"', event='"purchase"', degrees=None, after_days=14, window_days=30, script='"care"'
    )
    result = plan_callbacks(shop, TODAY)
    listed = list_due_callbacks(shop, TODAY)
    assert [entry.customer for entry in listed] == ["Lin"]
    assert listed[0].why == (
        "bought 21 days ago · may like “Cups”: 6 customers bought both, 2.5 times more often than by chance"
    )
    assert result.no_consent == 1


def test_care_follows_no_more_often_than_the_plan_says(
    shop: Shop, add_customer: Add, add_order: Add, write_plan: Callable[..., None]
) -> None:
    customer = add_customer("Lin")
    record_consent(shop, customer, purpose="marketing", given=True, channel="phone", proof="said so")
    write_plan(
        code='"care"', event='"purchase"', degrees=None, after_days=14, window_days=30, script='"care"'
    )
    add_order(customer, "Teapot", on="2026-11-01")
    plan_callbacks(shop, TODAY)
    record_callback(shop, list_due_callbacks(shop, TODAY)[0].id, Answer("reached"))
    add_order(customer, "Cups", on="2027-01-01")
    assert plan_callbacks(_on(shop, "2027-01-20"), date(2027, 1, 20)).planned == 0
    add_order(customer, "Towel", on="2027-02-01")
    assert plan_callbacks(_on(shop, "2027-02-20"), date(2027, 2, 20)).planned == 1
