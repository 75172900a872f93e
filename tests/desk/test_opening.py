"""Opening a case: its order, its customer, its clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.case_listings import count_cases, count_matching_cases
from aftersales_cli.database.case_orders import insert_customer, join_waiting_cases
from aftersales_cli.database.cases import get_case, list_case_events, list_case_lines, list_case_messages
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.database.incidents import list_quality_cases
from aftersales_cli.desk.clusters import QUALITY_REASONS
from aftersales_cli.desk.opening import TITLE_LENGTH, make_title, open_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.cases import CaseFilter
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

AddOrder = Callable[..., int]
Local = Callable[[str], datetime]


def customers(shop: Shop) -> int:
    return int(fetch_value(shop.database, "SELECT count(*) FROM customers"))


def test_a_case_takes_storefront_customer_and_only_product_from_its_order(
    shop: Shop, add_order: AddOrder
) -> None:
    order_id = add_order("1234567", customer="张三", products=("Cup",))
    case = open_case(shop, order="1234567", kind="退货", say="碎了")
    assert (case.order_id, case.order_external_id, case.kind) == (order_id, "1234567", "return")
    assert case.storefront_id is not None
    assert case.customer_id is not None
    assert [(line.title, line.quantity) for line in list_case_lines(shop.database, case.number)] == [
        ("Cup", 2)
    ]
    message = list_case_messages(shop.database, case.number)[0]
    assert (message.direction, message.author_type, message.author, message.body) == (
        "in",
        "customer",
        "张三",
        "碎了",
    )
    assert message.sent_at == case.opened_at


def test_of_several_products_none_is_guessed(shop: Shop, add_order: AddOrder) -> None:
    add_order("1234567", products=("Cup", "Plate"))
    case = open_case(shop, order="1234567")
    assert list_case_lines(shop.database, case.number) == []


@pytest.mark.parametrize("typed", ["#1001", "1001", "450789469"])
def test_an_order_is_found_by_its_own_or_its_displayed_number(
    shop: Shop, add_order: AddOrder, typed: str
) -> None:
    order_id = add_order("450789469", display="#1001", storefront="shopify")
    assert open_case(shop, order=typed).order_id == order_id


def test_several_orders_of_one_number_are_listed_and_the_storefront_decides(
    shop: Shop, add_order: AddOrder
) -> None:
    add_order("450789469", display="#1001", storefront="shopify-eu", customer="Ann")
    wanted = add_order("990000001", display="#1001", storefront="shopify-us", customer="Bob")
    with pytest.raises(WrongUsageError) as caught:
        open_case(shop, order="1001")
    assert "shopify-eu 450789469 (#1001)" in caught.value.remedy
    assert "shopify-us 990000001 (#1001)" in caught.value.remedy
    assert count_matching_cases(shop.database, CaseFilter()) == 0
    assert open_case(shop, order="1001", storefront="shopify-us").order_id == wanted


def test_an_unknown_order_number_is_told(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="99"):
        open_case(shop, order="99")


@pytest.mark.parametrize("arrived", [{"external_id": "99"}, {"external_id": "7001", "display": "#99"}])
def test_with_a_storefront_a_case_waits_for_its_order_and_is_joined_to_it(
    shop: Shop, add_order: AddOrder, arrived: dict[str, str]
) -> None:
    add_order("1")
    case = open_case(shop, order="99", storefront="taobao")
    assert (case.order_id, case.order_external_id) == (None, "99")
    assert case.storefront_id is not None
    order_id = add_order(customer="李四", **arrived)
    with shop.writing("orders.import"):
        assert join_waiting_cases(shop.database, case.storefront_id, at=shop.stamp, actor="owner") == [
            case.number
        ]
    joined = get_case(shop.database, case.number)
    assert joined is not None
    assert (joined.order_id, joined.order_external_id) == (order_id, arrived["external_id"])
    assert joined.customer_id is not None
    assert list_case_events(shop.database, case.number)[-1].type == "joined"


def test_a_number_that_fits_two_orders_stays_waiting(shop: Shop, add_order: AddOrder) -> None:
    add_order("1", storefront="shopify")
    case = open_case(shop, order="99", storefront="shopify")
    assert case.storefront_id is not None
    add_order("7001", display="#99", storefront="shopify")
    add_order("99", display="#12", storefront="shopify")
    with shop.writing("orders.import"):
        assert join_waiting_cases(shop.database, case.storefront_id, at=shop.stamp, actor="owner") == []


def test_an_unknown_storefront_is_told(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        open_case(shop, order="99", storefront="nowhere")


def test_a_customer_without_an_order_is_made_once(shop: Shop) -> None:
    first = open_case(shop, customer="王五")
    second = open_case(shop, customer="王五")
    assert first.customer_id is not None
    assert first.customer_id == second.customer_id


def test_two_customers_of_one_name_are_listed(shop: Shop, add_order: AddOrder) -> None:
    add_order("1", customer="王五")
    add_order("2", customer="王五")
    with pytest.raises(WrongUsageError, match="王五"):
        open_case(shop, customer="王五")


def test_a_customer_who_is_not_that_of_the_order_is_told(shop: Shop, add_order: AddOrder) -> None:
    add_order("1", customer="张三")
    with pytest.raises(WrongUsageError, match="张三"):
        open_case(shop, order="1", customer="李四")
    assert open_case(shop, order="1", customer="张三").customer_id is not None


@pytest.mark.parametrize("channel", ["平台聊天", "email", "微信", "whatsapp", "social", "form"])
def test_a_written_message_starts_the_first_reply_clock(shop: Shop, channel: str) -> None:
    case = open_case(shop, channel=channel)
    assert case.reply_expected
    assert case.first_reply_at is None


@pytest.mark.parametrize("channel", ["电话", "store", "other"])
def test_a_phone_case_has_a_clock_only_with_an_answer_time(shop: Shop, channel: str, local: Local) -> None:
    assert not open_case(shop, channel=channel).reply_expected
    moment = local("2026-11-22 08:40")
    answered = open_case(shop, channel=channel, at=local("2026-11-22 08:30"), answered_at=moment)
    assert answered.reply_expected
    assert answered.first_reply_at == "2026-11-22T00:40:00Z"
    assert answered.status == "in_progress"


def test_an_answer_before_the_opening_opens_nothing(shop: Shop, local: Local) -> None:
    with pytest.raises(WrongUsageError):
        open_case(shop, at=local("2026-11-22 08:30"), answered_at=local("2026-11-22 08:29"))
    assert count_matching_cases(shop.database, CaseFilter()) == 0


def test_the_opening_day_is_that_of_the_shop_not_of_utc(shop: Shop, local: Local) -> None:
    case = open_case(shop, at=local("2026-11-22 07:30"))
    assert (case.opened_at, case.opened_on) == ("2026-11-21T23:30:00Z", "2026-11-22")


def test_the_future_opens_nothing(shop: Shop, local: Local) -> None:
    with pytest.raises(WrongUsageError):
        open_case(shop, at=local("2026-11-22 09:01"))


def test_a_complaint_begins_at_the_lowest_level_and_can_be_graded(shop: Shop) -> None:
    assert open_case(shop, kind="投诉").severity == "L1"
    assert open_case(shop, kind="投诉", severity="严重投诉").severity == "L3"
    assert open_case(shop, kind="return").severity == "normal"


def test_an_ambiguous_word_lists_the_choices(shop: Shop) -> None:
    with pytest.raises(WrongUsageError) as caught:
        open_case(shop, kind="re")
    assert "return" in caught.value.remedy
    assert "repair" in caught.value.remedy


def test_a_case_can_be_handed_to_an_employee_at_once(shop: Shop) -> None:
    agent = add_agent(shop, "lan", name="小兰")
    case = open_case(shop, assignee="小兰", reason="破损")
    assert (case.assignee_id, case.reason_first) == (agent.id, "damaged_transit")
    types = [event.type for event in list_case_events(shop.database, case.number)]
    assert types == ["opened", "assigned"]


def test_a_viewer_opens_nothing(shop: Shop) -> None:
    viewer = add_agent(shop, "eye", role="viewer")
    with pytest.raises(RefusedError):
        open_case(replace(shop, agent=viewer))
    assert count_matching_cases(shop.database, CaseFilter()) == 0


def test_the_audit_names_the_case_but_none_of_its_words(shop: Shop) -> None:
    case = open_case(shop, say="secret words", customer="王五")
    entry = list_audit(shop.database, limit=1)[0]
    assert (entry.operation, entry.subjects) == ("cases.open", f"case:{case.number}")
    assert "secret" not in entry.counts + entry.subjects


@pytest.mark.parametrize(
    ("say", "title"),
    [
        ("碎 了", "碎 了"),
        ("two\n lines", "two lines"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("", ""),
    ],
)
def test_a_title_is_the_beginning_of_what_was_said(say: str, title: str) -> None:
    assert make_title(say) == title
    assert len(make_title(say)) <= TITLE_LENGTH


def test_counts_tell_what_is_open_unassigned_and_new_today(shop: Shop, local: Local) -> None:
    open_case(shop, at=local("2026-11-21 23:59"))
    open_case(shop, at=local("2026-11-22 00:00"), assignee="owner")
    open_case(shop, channel="phone", at=local("2026-11-22 08:00"), answered_at=local("2026-11-22 08:00"))
    counts = count_cases(shop.database, shop.today.isoformat())
    assert counts.by_status == {"new": 2, "in_progress": 1}
    assert (counts.open, counts.unassigned, counts.opened_today) == (3, 2, 2)


def test_counts_of_an_empty_desk_are_zero(shop: Shop) -> None:
    counts = count_cases(shop.database, "2026-11-22")
    assert (counts.by_status, counts.open, counts.unassigned, counts.opened_today) == ({}, 0, 0, 0)


@pytest.fixture
def people(shop: Shop) -> dict[str, int]:
    """Add customers and return their ids by name."""
    with shop.writing("orders.import"):
        return {
            name: insert_customer(shop.database, created_at=shop.stamp, name=name, phone=phone)
            for name, phone in (
                ("王小明", "13800138000"),
                ("王小红", "13900139000"),
                ("Ann Miller", "+14155550123"),
            )
        }


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("小明", "王小明"),
        ("miller", "Ann Miller"),
        ("138 0013 8000", "王小明"),
        ("13900", "王小红"),
        ("9000", "王小红"),
        ("0123", "Ann Miller"),
    ],
)
def test_a_part_of_a_name_or_phone_finds_the_only_customer_it_fits(
    shop: Shop, people: dict[str, int], typed: str, name: str
) -> None:
    assert open_case(shop, customer=typed, part_of_name=True).customer_id == people[name]


@pytest.mark.usefixtures("people")
def test_several_customers_who_fit_are_listed_masked_and_none_is_guessed(shop: Shop) -> None:
    with pytest.raises(WrongUsageError) as caught:
        open_case(shop, customer="王小", part_of_name=True)
    assert "#1 王小明 138****8000\n  #2 王小红 139****9000" in caught.value.remedy
    assert "--new-customer" in caught.value.remedy
    assert "13800138000" not in caught.value.remedy
    assert count_matching_cases(shop.database, CaseFilter()) == 0


def test_a_name_in_full_wins_over_names_it_is_a_part_of(shop: Shop, people: dict[str, int]) -> None:
    with shop.writing("orders.import"):
        insert_customer(shop.database, created_at=shop.stamp, name="王小明明")
    assert open_case(shop, customer="王小明", part_of_name=True).customer_id == people["王小明"]


def test_a_new_customer_can_be_called_like_a_part_of_another(shop: Shop, people: dict[str, int]) -> None:
    case = open_case(shop, customer="小明", part_of_name=True, new_customer=True)
    assert case.customer_id not in people.values()


def test_three_digits_are_no_phone_number_and_programs_never_go_by_a_part(
    shop: Shop, people: dict[str, int]
) -> None:
    with pytest.raises(NotFoundError, match="There is no customer 138"):
        open_case(shop, customer="138", part_of_name=True)
    assert open_case(shop, customer="138").customer_id not in people.values()
    assert open_case(shop, customer="小明").customer_id not in people.values()


def test_an_order_and_a_part_of_its_customers_name_go_together(shop: Shop, add_order: AddOrder) -> None:
    add_order("1", customer="欧阳娜娜")
    assert open_case(shop, order="1", customer="娜娜", part_of_name=True).customer_id is not None
    with pytest.raises(WrongUsageError, match="欧阳娜娜"):
        open_case(shop, order="1", customer="司马", part_of_name=True)


def test_the_platforms_deadline_may_lie_in_the_future(shop: Shop, local: Local) -> None:
    case = open_case(shop, platform_due=local("2026-11-24 18:00"))
    assert case.platform_due_at == "2026-11-24T10:00:00Z"


def test_the_products_named_are_those_the_case_is_about(shop: Shop, add_order: AddOrder) -> None:
    add_order("1234567", products=("Cup", "Plate", "Plate cover"))
    case = open_case(shop, order="1234567", kind="complaint", reason="defect", products=("sku0", "#3=1"))
    assert [(line.sku, line.quantity) for line in list_case_lines(shop.database, case.number)] == [
        ("SKU0", 2),
        ("SKU2", 1),
    ]
    since = "2026-01-01T00:00:00Z"
    rows = list_quality_cases(shop.database, since=since, reasons=QUALITY_REASONS)
    assert [row.product for row in rows] == ["Cup", "Plate cover"]
    frozen = "SELECT count(*) FROM line_values"
    assert fetch_value(shop.database, frozen) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"order": "1234567", "products": ("Plate",)}, "names no product of this order, or several"),
        ({"products": ("Cup",)}, "products of an order"),
        ({"order": "7654321", "storefront": "taobao", "products": ("Cup",)}, "has not arrived yet"),
    ],
)
def test_a_product_that_is_not_clear_is_not_guessed(
    shop: Shop, add_order: AddOrder, words: dict[str, Any], message: str
) -> None:
    add_order("1234567", products=("Cup", "Plate deep", "Plate flat"))
    with pytest.raises(WrongUsageError, match=message):
        open_case(shop, **words)
    assert count_matching_cases(shop.database, CaseFilter()) == 0


def test_a_customer_is_found_by_number(shop: Shop, add_order: AddOrder) -> None:
    add_order("1234567", customer="张三")
    for word in ("1", "#1"):
        assert open_case(shop, customer=word, part_of_name=True).customer_id == 1
        assert open_case(shop, order="1234567", customer=word, part_of_name=True).customer_id == 1
    assert customers(shop) == 1


@pytest.mark.parametrize("word", ["2", "#2", "123456", "9" * 30])
def test_a_number_that_is_nobody_becomes_no_customer(shop: Shop, add_order: AddOrder, word: str) -> None:
    add_order("1234567", customer="张三")
    with pytest.raises(NotFoundError, match="There is no customer"):
        open_case(shop, customer=word, part_of_name=True)
    assert (customers(shop), count_matching_cases(shop.database, CaseFilter())) == (1, 0)
    assert open_case(shop, customer=word, part_of_name=True, new_customer=True).customer_id == 2


def test_a_number_that_is_also_somebodys_phone_is_not_guessed(shop: Shop) -> None:
    with shop.writing("cases.open"):
        ids = [insert_customer(shop.database, name="Anna", created_at=shop.stamp) for _ in range(1234)]
        insert_customer(shop.database, phone="13800001234", created_at=shop.stamp)
    assert ids[-1] == 1234
    with pytest.raises(WrongUsageError, match="Several customers fit") as caught:
        open_case(shop, customer="1234", part_of_name=True)
    assert "#1234" in caught.value.remedy
    assert open_case(shop, customer="#1234", part_of_name=True).customer_id == 1234


def test_a_phone_number_in_full_is_a_new_customer(shop: Shop) -> None:
    case = open_case(shop, customer="13800138000", part_of_name=True)
    assert case.customer_id == 1
