"""Each figure of the catalogue against an example computed by hand."""

from dataclasses import replace

import pytest

from aftersales_cli.clock import from_text, parse_period
from aftersales_cli.insight.breakdowns import ageing, products, split
from aftersales_cli.insight.catalogue import BASES, BREAKDOWNS, CLOCKS, ENTRIES, GROUPS
from aftersales_cli.insight.measuring import Value, measure, reader_of, target_of
from aftersales_cli.insight.report import judge, make_report
from aftersales_cli.setting_sections import TargetSettings
from aftersales_cli.shop import Shop
from tests.kpi_shop import Filler

OCTOBER = parse_period("2026-10")


@pytest.fixture
def fill(shop: Shop) -> Filler:
    return Filler(shop)


def figure(shop: Shop, code: str, period: str = "2026-10") -> Value:
    return measure(shop, parse_period(period))[code]


def test_every_entry_is_declared_completely() -> None:
    for entry in ENTRIES:
        assert entry.formula_text.endswith("."), entry.code
        assert entry.basis in BASES
        assert entry.clock in CLOCKS
        assert entry.group in GROUPS
        assert not entry.target or hasattr(TargetSettings(), entry.target)
        assert entry.unit in {"count", "share", "money", "seconds", "score"}
    assert len({entry.code for entry in ENTRIES}) == len(ENTRIES)


def test_a_shop_without_data_has_no_rates_and_no_durations(shop: Shop) -> None:
    for entry in ENTRIES:
        value = figure(shop, entry.code)
        if entry.unit == "count":
            assert value.value == 0
        else:
            assert value.value is None, entry.code
            assert (value.low, value.high, value.n) == (None, None, 0)


def test_orders_count_by_their_own_day_and_only_paid_ones_are_paid(shop: Shop, fill: Filler) -> None:
    fill.order("2026-10-01")
    fill.order("2026-10-31", paid=0, refunded=500)
    fill.order("2026-11-01", placed_on="2026-10-31")
    fill.order(None, paid=None, placed_on="2026-10-10")
    fill.order("2026-10-10", paid=0, refunded=0)
    assert figure(shop, "orders_placed").value == 5
    assert figure(shop, "orders_paid").value == 2
    assert figure(shop, "orders_paid", "2026-11").value == 1
    assert figure(shop, "orders_paid", "2026-10-31..2026-11-01").value == 2


def test_the_published_amount_rate_comes_out(shop: Shop, fill: Filler) -> None:
    fill.order(paid=22_953_506 - 767_818, refunded=0)
    fill.order(paid=767_818, refunded=767_818)
    fill.order(paid=99_999, refunded=99_999, currency="USD")
    value = figure(shop, "refund_rate_amount")
    assert value.value is not None
    assert round(value.value, 5) == 0.03345
    assert (value.k, value.n, value.sample) == (767_818, 22_953_506, 2)
    assert figure(shop, "paid_amount").value == 22_953_506
    assert figure(shop, "refund_rate").k == 2


def test_the_published_return_rate_comes_out(shop: Shop, fill: Filler) -> None:
    with shop.writing("orders.import"):
        orders = [fill.order() for _count in range(1268)]
        for order in orders[:48]:
            fill.case(kind="return", order_id=order)
        fill.case(kind="return", order_id=orders[0])
        fill.case(kind="return", order_id=orders[50], status="cancelled", cancel_reason="withdrawn")
        fill.case(kind="return", order_id=orders[51], status="merged")
        fill.case(kind="complaint", order_id=orders[52])
    value = figure(shop, "return_rate")
    assert (value.k, value.n) == (48, 1268)
    assert value.value is not None
    assert round(value.value, 4) == 0.0379


def test_without_any_return_case_the_return_rate_is_missing_and_not_zero(shop: Shop, fill: Filler) -> None:
    fill.order()
    fill.case(kind="complaint")
    value = figure(shop, "return_rate")
    assert (value.value, value.low, value.missing) == (None, None, "no return data")


def test_return_cases_that_begin_later_say_nothing_about_older_orders(shop: Shop, fill: Filler) -> None:
    fill.order("2020-02-03")
    fill.order("2026-10-03")
    fill.case("2026-10-20T02:00:00Z", kind="return")
    assert figure(shop, "return_rate", "2020-02").missing == "no return data"
    assert figure(shop, "return_rate", "2026-10").value == 0.0


def test_orders_that_tell_nothing_about_refunds_give_no_refund_rate(shop: Shop, fill: Filler) -> None:
    fill.order(refunded=None)
    assert figure(shop, "refund_rate").missing == "no refund data"
    assert figure(shop, "refund_rate_amount").missing == "no refund data"
    fill.order(refunded=0)
    assert figure(shop, "refund_rate").value == 0.0


def test_refund_rate_carries_its_wilson_interval(shop: Shop, fill: Filler) -> None:
    with shop.writing("orders.import"):
        for position in range(263):
            fill.order(refunded=100 if position < 81 else 0)
    value = figure(shop, "refund_rate")
    assert (value.k, value.n, value.small) == (81, 263, False)
    assert value.low == pytest.approx(0.2553, abs=5e-5)
    assert value.high == pytest.approx(0.3662, abs=5e-5)


def test_void_cases_are_counted_nowhere_but_in_the_footer(shop: Shop, fill: Filler) -> None:
    fill.case()
    fill.case(status="cancelled", cancel_reason="withdrawn")
    for reason in ("spam", "test", "duplicate"):
        fill.case(status="cancelled", cancel_reason=reason, kind="complaint")
    fill.case(status="merged")
    assert figure(shop, "cases_opened").value == 2
    assert make_report(shop, OCTOBER).void_cases == 4


def test_first_reply_is_measured_by_the_wall_clock_over_answered_cases(shop: Shop, fill: Filler) -> None:
    for seconds in (10, 20, 60):
        fill.case("2026-10-05T02:00:00Z", replied=f"2026-10-05T02:{seconds // 60:02}:{seconds % 60:02}Z")
    fill.case("2026-10-05T02:00:00Z", reply_expected=1)
    fill.case("2026-10-05T02:00:00Z", reply_expected=0)
    assert figure(shop, "first_reply").value == 30
    assert figure(shop, "first_reply").small
    assert figure(shop, "first_reply_median").value == 20
    assert figure(shop, "first_reply_p90").value is None
    within = figure(shop, "first_reply_within")
    assert (within.k, within.n) == (2, 4)


def test_a_case_not_answered_yet_counts_as_missed_only_once_overdue(shop: Shop, fill: Filler) -> None:
    fill.case("2026-11-22T00:59:29Z", reply_expected=1)
    fill.case("2026-11-22T00:59:45Z", reply_expected=1)
    within = figure(shop, "first_reply_within", "2026-11")
    assert (within.k, within.n) == (0, 1)


def test_quantiles_interpolate_linearly_from_ten_cases_on(shop: Shop, fill: Filler) -> None:
    for minutes in range(1, 11):
        fill.case("2026-10-05T02:00:00Z", replied=f"2026-10-05T02:{minutes:02}:00Z")
    # Type 7: position 9 x 0.9 = 8.1, between 9 and 10 minutes.
    assert figure(shop, "first_reply_p90").value == pytest.approx(9.1 * 60)
    assert figure(shop, "first_reply_median").value == pytest.approx(5.5 * 60)


def test_resolution_time_belongs_to_the_period_of_the_solution(shop: Shop, fill: Filler) -> None:
    fill.case("2026-09-30T02:00:00Z", status="closed", solved="2026-10-01T02:00:00Z")
    fill.case("2026-10-30T02:00:00Z", status="resolved", solved="2026-10-30T08:00:00Z")
    fill.case("2026-10-30T02:00:00Z", status="resolved", solved="2026-11-02T02:00:00Z")
    fill.case("2026-10-30T02:00:00Z", status="in_progress", solved="2026-10-30T03:00:00Z")
    value = figure(shop, "resolution")
    assert (value.value, value.n) == ((24 + 6) / 2 * 3600, 2)
    assert figure(shop, "resolution_median").value == 15 * 3600


def test_resolution_rate_follows_the_cases_opened_in_the_period(shop: Shop, fill: Filler) -> None:
    fill.case(status="closed", solved="2026-11-03T02:00:00Z")
    fill.case(status="resolved", solved="2026-10-06T02:00:00Z")
    fill.case(status="waiting_customer")
    fill.case(status="cancelled", cancel_reason="withdrawn")
    value = figure(shop, "resolution_rate")
    assert (value.k, value.n, value.value) == (2, 4, 0.5)


def test_backlog_is_the_state_at_the_end_of_the_period(shop: Shop, fill: Filler) -> None:
    fill.case("2026-10-05T02:00:00Z")
    fill.case("2026-10-31T15:59:59Z", status="closed", solved="2026-11-02T02:00:00Z")
    fill.case("2026-10-31T16:00:00Z")
    fill.case("2026-10-01T02:00:00Z", status="closed", solved="2026-10-31T15:59:59Z")
    fill.case("2026-10-01T02:00:00Z", status="merged")
    assert figure(shop, "backlog", "2026-10").value == 2
    assert figure(shop, "backlog", "2026-11").value == 2
    assert figure(shop, "backlog", "2026-12").value is None


@pytest.mark.parametrize(
    ("opened", "bucket"),
    [
        ("2026-11-22T00:59:59Z", 0),
        ("2026-11-21T01:00:01Z", 0),
        ("2026-11-21T01:00:00Z", 1),
        ("2026-11-19T01:00:00Z", 2),
        ("2026-11-15T01:00:00Z", 3),
        ("2026-11-07T01:00:01Z", 3),
        ("2026-11-07T01:00:00Z", 4),
    ],
)
def test_open_cases_age_by_the_calendar(shop: Shop, fill: Filler, opened: str, bucket: int) -> None:
    fill.case(opened)
    parts = ageing(shop, reader_of(shop, parse_period("2026-11")))
    assert [part.k for part in parts] == [int(position == bucket) for position in range(5)]


def test_complaints_are_set_against_the_orders_paid_in_the_same_period(shop: Shop, fill: Filler) -> None:
    for _count in range(40):
        fill.order()
    fill.case(kind="complaint")
    fill.case(kind="complaint", status="cancelled", cancel_reason="spam")
    value = figure(shop, "complaint_rate")
    assert (value.k, value.n, value.value) == (1, 40, 0.025)


def test_more_complaints_than_orders_have_no_interval(shop: Shop, fill: Filler) -> None:
    fill.order()
    fill.case(kind="complaint")
    fill.case(kind="complaint")
    value = figure(shop, "complaint_rate")
    assert (value.value, value.low, value.high) == (2.0, None, None)


def test_callbacks_count_once_and_only_when_due(shop: Shop, fill: Filler) -> None:
    first = fill.callback("2026-11-01", status="done")
    second = fill.callback("2026-11-02", status="done", follows=first, attempt=2)
    fill.callback("2026-11-20", status="dropped", follows=second, attempt=3)
    fill.callback("2026-11-10")
    fill.callback("2026-11-10", status="dropped")
    fill.callback("2026-11-22")
    fill.callback("2026-11-22", status="done")
    fill.callback("2026-11-25")
    fill.callback("2026-11-26", status="done")
    value = figure(shop, "callback_completion", "2026-11")
    assert (value.k, value.n) == (3, 4)


def test_what_is_due_today_is_missed_once_the_shops_day_is_over(shop: Shop, fill: Filler) -> None:
    fill.callback("2026-11-22")
    for now, missed in (("2026-11-22T15:59:59Z", 0), ("2026-11-22T16:00:00Z", 1)):
        late = replace(shop, now=from_text(now))
        assert figure(late, "callback_completion", "2026-11").n == missed


def test_a_second_call_that_is_no_further_attempt_is_a_duty_of_its_own(shop: Shop, fill: Filler) -> None:
    first = fill.callback("2026-11-01", status="done")
    fill.callback("2026-11-03", follows=first, attempt=1)
    value = figure(shop, "callback_completion", "2026-11")
    assert (value.k, value.n) == (1, 2)


def test_satisfied_means_four_or_five(shop: Shop, fill: Filler) -> None:
    for score in (5, 5, 4, 4, 4, 5, 5, 5, 3, 1):
        fill.rating(score)
    fill.rating(10, kind="nps")
    value = figure(shop, "satisfaction")
    assert (value.k, value.n, value.value, value.small) == (8, 10, 0.8, True)
    assert figure(shop, "satisfaction_mean").value == 4.1


def test_cases_split_by_kind_channel_and_reason(shop: Shop, fill: Filler) -> None:
    number = fill.case(kind="return", channel="phone", reason="defect")
    fill.refund(number, 1_250)
    other = fill.case(kind="refund_only", channel="email", reason="defect")
    fill.refund(other, 999, status="closed")
    fill.case(kind="return", channel="email")
    fill.case(kind="complaint", channel="email", reason="late")
    reader = reader_of(shop, OCTOBER)
    parts = {entry.code: split(shop, reader, entry) for entry in BREAKDOWNS}
    assert [(part.code, part.k) for part in parts["kinds"]] == [
        ("return", 2), ("complaint", 1), ("refund_only", 1),
    ]  # fmt: skip
    assert [(part.label, part.k, part.n) for part in parts["channels"]] == [("e-mail", 3, 4), ("phone", 1, 4)]
    assert [(part.label, part.k, part.amount) for part in parts["reasons"]] == [
        ("defect", 2, 1_250), ("not stated", 1, 0),
    ]  # fmt: skip


def test_products_come_from_lines_or_from_the_orders_title(shop: Shop, fill: Filler) -> None:
    mixed = fill.order(refunded=500)
    fill.line(mixed, "lamp", quantity=2, refunded=500)
    fill.line(mixed, "cup")
    unclear = fill.order(refunded=100)
    fill.line(unclear, "lamp")
    fill.line(unclear, "lamp")
    fill.order(title="cup")
    fill.order("2026-09-30", title="cup")
    fill.case(titles=("lamp", "cup"))
    fill.case(order_id=unclear)
    fill.case(order_id=mixed)
    listed = {row.title: row for row in products(shop, OCTOBER)}
    lamp, cup = listed["lamp"], listed["cup"]
    assert (lamp.orders, lamp.units, lamp.refunded, lamp.cases) == (2, 4, 2, 2)
    assert (cup.orders, cup.units, cup.refunded, cup.cases) == (2, 2, 0, 1)
    assert next(iter(listed)) == "lamp"


@pytest.mark.parametrize(
    ("code", "value", "light"),
    [
        ("refund_rate", 0.10, "good"),
        ("refund_rate", 0.11, "near"),
        ("refund_rate", 0.1101, "bad"),
        ("satisfaction", 0.85, "good"),
        ("satisfaction", 0.766, "near"),
        ("satisfaction", 0.764, "bad"),
        ("satisfaction", None, "none"),
        ("orders_paid", 3, "none"),
    ],
)
def test_lights_follow_target_and_direction(shop: Shop, code: str, value: float | None, light: str) -> None:
    entry = next(entry for entry in ENTRIES if entry.code == code)
    measured = replace(figure(shop, code), value=value, small=False)
    assert judge(entry, measured, target_of(shop, entry)) == light
    if light != "none":
        assert judge(entry, replace(measured, small=True), target_of(shop, entry)) == "small"


def test_other_currencies_are_named_and_left_out_of_amounts(shop: Shop, fill: Filler) -> None:
    fill.order(paid=1_000)
    fill.order(paid=2_000, currency="USD")
    report = make_report(shop, OCTOBER)
    assert [(row.currency, row.orders, row.paid) for row in report.currencies] == [
        ("CNY", 1, 1_000), ("USD", 1, 2_000),
    ]  # fmt: skip
    assert report.figure("paid_amount").value.value == 1_000


def test_a_shop_that_keeps_no_cases_has_no_complaint_rate_of_zero(shop: Shop, fill: Filler) -> None:
    fill.order()
    assert figure(shop, "complaint_rate").missing == "no case data"
    fill.case(kind="inquiry")
    assert figure(shop, "complaint_rate").value == 0
