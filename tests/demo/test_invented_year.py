"""The invented year holds together, and the story an owner is to find is truly in it."""

from datetime import timedelta
from random import Random

from aftersales_cli.demo.days import DOWNLOADED, FIRST_DAY, MORNING, NEW_BATCH_FROM
from aftersales_cli.demo.desk_cases import invent_desk_cases, invent_morning_cases
from aftersales_cli.demo.products import PRODUCTS, SOLD_ABROAD, TROUBLED_SKU
from tests.demo.conftest import Year, invent_year


def test_the_same_seed_invents_the_same_year(year: Year) -> None:
    assert invent_year() == year


def test_there_are_five_thousand_orders_within_a_year_before_the_download(year: Year) -> None:
    moments = [order.placed_at for order in year.taobao] + [order.placed_at for order in year.shopify]
    assert len(moments) == 5000
    assert min(moments).date() >= FIRST_DAY
    assert max(moments) < DOWNLOADED


def test_numbers_nicknames_and_phones_tell_people_and_orders_apart(year: Year) -> None:
    assert len({order.number for order in year.taobao}) == len(year.taobao)
    assert {len(order.number) for order in year.taobao} == {19}
    assert len({refund.number for refund in year.refunds}) == len(year.refunds)
    buyers = {order.buyer for order in year.taobao}
    assert len({buyer.nick for buyer in buyers}) == len(buyers)
    assert len({buyer.phone for buyer in buyers}) == len(buyers)


def test_nobody_invented_has_a_number_or_an_address_of_a_real_person(year: Year) -> None:
    assert all(order.buyer.phone.startswith("160") for order in year.taobao)
    assert all(order.customer.email.endswith("@example.com") for order in year.shopify)
    assert all(" 555 01" in order.customer.phone for order in year.shopify)


def test_products_are_told_apart_and_no_title_holds_the_sign_that_joins_titles() -> None:
    assert len({product.sku for product in PRODUCTS}) == len(PRODUCTS) == 24
    assert len({product.title for product in PRODUCTS}) == 24
    assert not any("，" in product.title for product in PRODUCTS)
    assert all(product.english for product in SOLD_ABROAD)


def test_refunds_belong_to_paid_orders_and_never_exceed_them(year: Year) -> None:
    assert 250 < len(year.refunds) < 400
    for refund in year.refunds:
        assert refund.order.paid
        assert 0 <= refund.amount <= refund.order.total
        assert refund.order.placed_at < refund.requested_at <= DOWNLOADED
        if refund.finished_at is not None:
            assert refund.requested_at < refund.finished_at <= DOWNLOADED
        assert refund.succeeded <= (refund.finished_at is not None)


def test_the_new_batch_of_cushions_comes_back_three_times_as_often(year: Year) -> None:
    came_back = {refund.order.number for refund in year.refunds if refund.succeeded}
    before: list[bool] = []
    since: list[bool] = []
    for order in year.taobao:
        if order.paid and order.items[0].product.sku == TROUBLED_SKU:
            part = before if order.placed_at.date() < NEW_BATCH_FROM else since
            part.append(order.number in came_back)
    assert min(len(before), len(since)) > 100
    assert sum(since) / len(since) > 2.5 * sum(before) / len(before)


def test_enough_was_settled_lately_for_a_callback_list(year: Year) -> None:
    since = DOWNLOADED - timedelta(days=13)
    lately = [refund for refund in year.refunds if refund.succeeded and (refund.finished_at or since) > since]
    assert len(lately) > 15


def test_the_double_eleven_sale_is_the_liveliest_time(year: Year) -> None:
    days = [order.placed_at.date().isoformat() for order in year.taobao]
    assert max(days, key=days.count) in {"2026-11-10", "2026-11-11"}


def test_desk_cases_are_about_orders_that_fit_and_replies_turn_slow_at_night_in_november(year: Year) -> None:
    refunded = {refund.order.number for refund in year.refunds}
    cases = invent_desk_cases(Random(7), year.taobao, year.shopify, refunded)
    placed = {order.number: order.placed_at for order in year.taobao} | {
        order.name: order.placed_at for order in year.shopify
    }
    waits: dict[bool, list[float]] = {True: [], False: []}
    for case in cases:
        assert placed[case.order_number] < case.opened_at
        assert case.order_number not in refunded
        if case.answered_at is not None:
            waits[case.opened_at.month == 11].append((case.answered_at - case.opened_at).total_seconds())
        if case.resolved_at is not None:
            assert case.answered_at is not None
            assert case.answered_at < case.resolved_at <= DOWNLOADED
    assert 60 <= len(cases) <= 100
    assert max(waits[False]) < 60
    assert max(waits[True]) > 8 * 3600
    assert sorted(waits[True])[len(waits[True]) // 2] < 60


def test_the_morning_brings_a_question_and_a_complaint_about_the_cushion(year: Year) -> None:
    refunded = {refund.order.number for refund in year.refunds}
    question, complaint = invent_morning_cases(Random(7), year.taobao, refunded)
    assert (question.talk.kind, complaint.talk.kind) == ("invoice", "complaint")
    assert question.opened_at == complaint.opened_at == MORNING
    assert "云朵抱枕" in complaint.say
