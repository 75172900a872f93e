"""What the page of a case shows."""

from collections.abc import Callable
from datetime import datetime

import pytest

from aftersales_cli.cli.cases_page import write_page
from aftersales_cli.cli.durations import counted_text, duration_text, remaining_text
from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.answering import note_case, reply_case
from aftersales_cli.desk.ending import cancel_case, reopen_case, resolve_case
from aftersales_cli.desk.history import load_history, measure_clocks
from aftersales_cli.desk.opening import open_case
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

AddOrder = Callable[..., int]
Local = Callable[[str], datetime]


@pytest.fixture
def told_case(shop: Shop, add_order: AddOrder, local: Local) -> int:
    """A return with an order, an answer, a note and an end, in this order of time but recorded at once."""
    add_agent(shop, "lan", name="小兰")
    add_order("1234567", customer="张三", products=("Cup", "Plate"))
    open_case(shop, order="1234567", kind="exchange", say="before", at=local("2026-11-20 08:00"))
    case = open_case(
        shop, order="1234567", kind="return", say="It broke", assignee="lan", at=local("2026-11-22 08:00")
    )
    note_case(shop, case.number, "shelf 7 is wet", at=local("2026-11-22 08:20"))
    reply_case(shop, case.number, "Sorry!\nSend it back", at=local("2026-11-22 08:10"))
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-22 08:45"))
    return case.number


def test_the_page_tells_a_case_word_for_word(shop: Shop, told_case: int) -> None:
    page = "\n".join(write_page(shop, load_history(shop, told_case)))
    assert page == EXPECTED


EXPECTED = """Case 2 · return · resolved · normal
  It broke

Opened: 2026-11-22 08:00 (platform chat)
Customer: 张三
Assignee: 小兰
Cause: packaging
Resolution: returned and refunded
Order: taobao · 1234567 · shipped · Cup
Placed, shipped, delivered: 2026-11-10 10:00, –, –
Paid, refunded: CN¥99.00, –
Products: 2 × Cup; 2 × Plate
Other cases of this order: 1 (exchange, new)
First reply: after 10 min (2026-11-22 08:10)
Time to solve: after 45 min (2026-11-22 08:45)

Promises
  first reply: met · due 2026-11-23 09:03 · done 2026-11-22 08:10
  solution: met · due 2026-11-23 18:00 · done 2026-11-22 08:45

What happened
  2026-11-22 08:00  opened · shop owner
  2026-11-22 08:00  张三 (platform chat): “It broke”
  2026-11-22 08:00  given to 小兰 · shop owner
  2026-11-22 08:10  shop owner (platform chat): “Sorry!
                    Send it back”
  2026-11-22 08:10  work began · shop owner
  2026-11-22 08:20  note · shop owner: shelf 7 is wet
  2026-11-22 08:45  resolved · shop owner
  2026-11-22 08:45  Resolution: returned and refunded · shop owner
  2026-11-22 08:45  Cause: packaging · shop owner"""


def test_the_page_shows_a_platforms_refund(shop: Shop, told_case: int) -> None:
    with shop.writing("orders.import"):
        execute(
            shop.database,
            "INSERT INTO refunds (case_number, storefront_id, external_id, order_external_id, currency, amount, "
            "to_buyer, status, status_raw, succeeded_at, succeeded_on, progress, as_of) VALUES (:number, 1, 'R1', "
            "'1234567', 'CNY', 5000, 5000, 'succeeded', '', '2026-11-21T16:30:00Z', '2026-11-22', 1, '')",
            {"number": told_case},
        )
    assert "Refund: CN¥50.00, succeeded, 2026-11-22 00:30" in write_page(shop, load_history(shop, told_case))


def test_the_page_speaks_chinese_where_names_are_data(shop: Shop, told_case: int) -> None:
    use_language("zh")
    page = "\n".join(write_page(shop, load_history(shop, told_case)))
    for word in ("退货退款", "已解决", "平台聊天", "包装", "¥99.00"):
        assert word in page


def test_an_open_case_has_running_clocks(shop: Shop, local: Local) -> None:
    case = open_case(shop, at=local("2026-11-21 07:00"))
    clocks = {clock.metric: (clock.met_at, clock.seconds) for clock in measure_clocks(case, shop.stamp)}
    assert clocks == {"first_reply": (None, 93600), "resolution": (None, 93600)}


def test_a_cancelled_case_has_no_running_clock(shop: Shop) -> None:
    case = cancel_case(shop, open_case(shop).number, "spam")
    assert measure_clocks(case, shop.stamp) == []


def test_a_phone_case_has_no_reply_clock_and_says_so(shop: Shop) -> None:
    case = open_case(shop, channel="phone")
    assert [clock.metric for clock in measure_clocks(case, shop.stamp)] == ["resolution"]
    assert "First reply: no clock" in write_page(shop, load_history(shop, case.number))


def test_a_waiting_and_reopened_case_says_so(shop: Shop, add_order: AddOrder) -> None:
    add_order("1")
    number = open_case(shop, order="99", storefront="taobao").number
    resolve_case(shop, number)
    reopen_case(shop, number, reason="not answered at all")
    page = write_page(shop, load_history(shop, number))
    assert "Order: 99, not arrived yet" in page
    assert "Reopened: once" in page
    assert any("reopened · shop owner: not answered at all" in line for line in page)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (86399, "23 h 59 min"),
        (86400, "1 d 0 h"),
        (273600, "3 d 4 h"),
    ],
)
def test_a_duration_shows_its_two_largest_units(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text


def test_working_time_is_never_told_in_days() -> None:
    assert counted_text(97200, "business") == "27 h 0 min"
    assert counted_text(97200, "wall") == "1 d 3 h"
    assert remaining_text(-97200, "business") == "27 h 0 min late"
    assert remaining_text(None, "business") == "–"
