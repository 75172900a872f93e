"""The three sentences about what is wrong."""

from aftersales_cli.clock import parse_period
from aftersales_cli.insight.findings import three_findings
from aftersales_cli.shop import Shop
from tests.kpi_shop import PRODUCTS, Filler, fill_year

OCTOBER = parse_period("2026-10")


def test_an_empty_shop_is_told_that_there_is_nothing(shop: Shop) -> None:
    assert three_findings(shop, OCTOBER) == ["There are no orders and no cases in 2026-10."]


def test_a_shop_without_faults_is_told_so(shop: Shop) -> None:
    fill = Filler(shop)
    for _count in range(40):
        fill.order()
    assert three_findings(shop, OCTOBER) == ["No figure of 2026-10 misses its target."]


def test_the_product_that_drives_refunds_is_named_beside_the_shops_rate(shop: Shop) -> None:
    fill = Filler(shop)
    with shop.writing("orders.import"):
        for position in range(100):
            fill.order(title="cup", refunded=100 if position < 4 else 0)
        for position in range(50):
            order = fill.order(title="lamp", refunded=100 if position < 20 else 0)
            if position < 6:
                fill.case(kind="return", order_id=order, reason="defect", status="closed")
    found = three_findings(shop, OCTOBER)
    assert found[0].startswith("Refund rate, orders: 16.0 % (24 of 150), target ≤ 10 %.")
    assert found[1] == (
        "“lamp” was refunded in 20 of 50 orders (40.0 %) in 2026-10; the shop's rate is 16.0 %. "
        "That is 83.3 % of all refunded orders. Most frequent reason: defect (6 of 6 cases)."
    )


def test_customers_who_wait_are_counted(shop: Shop) -> None:
    fill = Filler(shop)
    for day in ("01", "02", "03", "04", "20"):
        fill.case(f"2026-11-{day}T01:00:00Z")
    found = three_findings(shop, parse_period("2026-11"))
    assert "4 of 5 open cases have been waiting for more than 7 days, the oldest for 21 days." in found


def test_slow_replies_are_named_with_median_and_target(shop: Shop) -> None:
    fill = Filler(shop)
    for _count in range(12):
        fill.case(replied="2026-10-05T04:00:00Z", status="closed", solved="2026-10-05T05:00:00Z")
    assert (
        "The first reply took 2 h on average (half of them 2 h or less, 12 cases, wall clock); "
        "the target is ≤ 30 s."
    ) in three_findings(shop, OCTOBER)


def test_a_year_of_an_ordinary_shop_gives_three_sentences(shop: Shop) -> None:
    fill_year(shop, orders=900)
    found = three_findings(shop, OCTOBER)
    assert len(found) == 3
    assert any(PRODUCTS[1] in sentence for sentence in found)
