"""What a case cost: what follows from its refunds, replacements, repairs and minutes, and what is noted by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aftersales_cli.database.fetch import execute, insert
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.costs import CaseCostSheet, add_cost, case_cost, note_recovered
from aftersales_cli.desk.refunds.paying import pay_refund
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.working import record_minutes
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.setting_sections import CostSettings
from aftersales_cli.shop import Shop
from tests.desk.refunds.refund_helpers import make_order, make_request, open_for


def lines(sheet: CaseCostSheet) -> list[tuple[str, int, int]]:
    return [(line.type, line.amount, line.recovered) for line in sheet.lines]


def net(sheet: CaseCostSheet) -> list[tuple[str, int]]:
    return [(total.currency, total.net) for total in sheet.totals]


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ("restock", [("refund", 6000, 6000)]),
        ("scrap", [("write_off", 6000, 0)]),
        ("keep", [("refund", 6000, 0)]),
        ("", [("refund", 6000, 0)]),
    ],
)
def test_goods_paid_back_cost_what_is_not_in_stock_again(
    shop: Shop, disposition: str, expected: list[tuple[str, int, int]]
) -> None:
    order = make_order(shop)
    number = open_for(shop)
    request = make_request(shop, number, order, {"CUP": 2}, disposition=disposition)
    plan = plan_refund(shop, RefundAsk(request_id=request)).plan.id
    assert lines(case_cost(shop, number)) == [], "what is not paid costs nothing yet"
    pay_refund(shop, plan, done=True)
    assert lines(case_cost(shop, number)) == expected


def test_postage_and_goodwill_stand_by_themselves_and_a_fee_lowers_the_cost(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    ask = RefundAsk(
        case_number=number, lines=("CUP=1",), shipping=Decimal(1), fee=Decimal(5), goodwill=Decimal(2)
    )
    pay_refund(shop, plan_refund(shop, ask).plan.id, done=True)
    sheet = case_cost(shop, number)
    assert lines(sheet) == [("refund", 2500, 0), ("postage", 100, 0), ("goodwill", 200, 0)]
    assert net(sheet) == [("CNY", 2800)]


def test_what_the_marketplace_paid_back_by_itself_counts_less_what_came_into_stock(shop: Shop) -> None:
    order = make_order(shop)
    number = open_for(shop)
    make_request(shop, number, order, {"CUP": 2}, disposition="restock", accepted=1)
    with shop.writing("orders.import"):
        insert(
            shop.database,
            "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, to_buyer, "
            "status, status_raw, progress, as_of) VALUES (:number, 1, 'P1', 'A1', 'CNY', 6000, 6000, 'succeeded', '', 1, '')",
            {"number": number},
        )
    assert lines(case_cost(shop, number)) == [("refund", 6000, 3000)]


def test_replacements_and_repairs_cost_goods_and_parts(shop: Shop) -> None:
    make_order(shop)
    number = open_for(shop)
    with shop.writing("cases.note"):
        execute(
            shop.database,
            "INSERT INTO replacements (case_number, order_line_id, sku, title, quantity, status, price_difference, "
            "currency, reserved_at) VALUES (:number, 1, 'CUP', 'A cup', 1, 'shipped', 500, 'CNY', :at), "
            "(:number, 1, 'CUP', 'A cup', 1, 'reserved', 0, 'CNY', :at)",
            {"number": number, "at": shop.stamp},
        )
        execute(
            shop.database,
            "INSERT INTO repairs (case_number, kind, status, product, warranty, booked_at, currency, quote, parts_cost) "
            "VALUES (:number, 'repair', 'done', 'Pot', 'out', :at, 'CNY', 4000, 1500), "
            "(:number, 'repair', 'done', 'Pot', 'in', :at, 'CNY', NULL, 700)",
            {"number": number, "at": shop.stamp},
        )
    assert lines(case_cost(shop, number)) == [("repair", 2200, 1500), ("replacement", 2500, 0)]


def test_minutes_cost_what_the_settings_say(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    with shop.writing("cases.note"):
        record_minutes(shop, number, 25, at=shop.stamp)
    assert (lines(case_cost(shop, number)), case_cost(shop, number).minutes) == ([], 25)
    paid = replace(shop, settings=replace(shop.settings, costs=CostSettings(hour_rate=50.0)))
    assert lines(case_cost(paid, number)) == [("work", 2083, 0)]


def test_entries_name_who_has_to_bear_them(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    add_cost(shop, number, "postage", Decimal(12), recover_from="carrier", note="To and fro")
    entry = add_cost(shop, number, "write-off", Decimal(30), recover_from="supp", recovered=Decimal(10))
    sheet = case_cost(shop, number)
    assert lines(sheet) == [("postage", 1200, 0), ("write_off", 3000, 1000)]
    assert [(total.net, total.claimable) for total in sheet.totals] == [(3200, 3200)]
    note_recovered(shop, number, entry.id, Decimal(30))
    assert [(total.net, total.claimable) for total in case_cost(shop, number).totals] == [(1200, 1200)]


def test_currencies_are_not_added_up(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    add_cost(shop, number, "postage", Decimal(12))
    add_cost(shop, number, "postage", Decimal(3), currency="USD")
    assert net(case_cost(shop, number)) == [("CNY", 1200), ("USD", 300)]


def test_what_makes_no_sense_is_no_cost(shop: Shop) -> None:
    number = open_for(shop, "", "complaint")
    for kind, amount, words, error in (
        ("refund", 1, {}, WrongUsageError),
        ("postage", 0, {}, WrongUsageError),
        ("postage", 1, {"recover_from": "moon"}, WrongUsageError),
        ("postage", 1, {"recovered": Decimal(2)}, RefusedError),
    ):
        with pytest.raises(error):
            add_cost(shop, number, kind, Decimal(amount), **words)
    with pytest.raises(NotFoundError):
        note_recovered(shop, number, 7, Decimal(1))
    with pytest.raises(NotFoundError):
        case_cost(shop, 99)
    assert lines(case_cost(shop, number)) == []
