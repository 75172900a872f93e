"""The way of a repair from booking to its end: each step, each refusal, two people at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.fetch import execute
from aftersales_cli.database.repairs import (
    count_overdue_repairs,
    list_case_repairs,
    list_repairs,
)
from aftersales_cli.desk.axes import REPAIR
from aftersales_cli.desk.ending import cancel_case
from aftersales_cli.desk.joining import merge_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.repairs.booking import Booking, book_repair, find_guidance, solve_case_remotely
from aftersales_cli.desk.repairs.guidance import FILE_NAME as GUIDANCE
from aftersales_cli.desk.repairs.moving import require_repair, take_repair_step
from aftersales_cli.desk.repairs.points import add_service_point, change_point
from aftersales_cli.desk.repairs.receiving import receive_repair
from aftersales_cli.desk.repairs.steps import (
    approve_repair,
    decline_repair,
    diagnose_repair,
    finish_repair,
    give_up_repair,
    quote_repair,
    ship_repair,
    solve_repair,
    start_repair,
    try_repair,
)
from aftersales_cli.desk.repairs.telling import FILE_NAME as TEXTS
from aftersales_cli.desk.repairs.telling import Voice, tell_customer
from aftersales_cli.desk.repairs.viewing import view_repair
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import FileError, NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.desk.conftest import AddOrder

Local = Callable[[str], datetime]

STEPS: dict[str, Callable[[Shop, int], object]] = {
    "received": receive_repair,
    "diagnosed": lambda shop, number: diagnose_repair(shop, number, "Worn out"),
    "quoted": lambda shop, number: quote_repair(shop, number, 12000),
    "approved": approve_repair,
    "in_repair": lambda shop, number: start_repair(shop, number, free=True),
    "tested": try_repair,
    "shipped_back": ship_repair,
    "done": finish_repair,
    "unrepairable": lambda shop, number: give_up_repair(shop, number, "Burnt"),
    "declined": decline_repair,
    "solved_remotely": solve_repair,
}
WAYS = {
    "booked": (),
    "received": ("received",),
    "diagnosed": ("received", "diagnosed"),
    "quoted": ("received", "diagnosed", "quoted"),
    "approved": ("received", "diagnosed", "quoted", "approved"),
    "in_repair": ("received", "diagnosed", "in_repair"),
    "tested": ("received", "diagnosed", "in_repair", "tested"),
    "shipped_back": ("received", "diagnosed", "in_repair", "tested", "shipped_back"),
    "done": ("received", "diagnosed", "in_repair", "tested", "done"),
    "unrepairable": ("received", "diagnosed", "unrepairable"),
    "declined": ("declined",),
    "solved_remotely": ("solved_remotely",),
}


def book(shop: Shop, number: int | None = None, **wish: Any) -> Repair:
    """Book a lamp that is out of warranty unless said otherwise."""
    if number is None:
        number = open_case(shop, kind="repair").number
    wish = {"product": "Shelf", "bought_on": date(2020, 1, 1), **wish}
    return book_repair(shop, number, Booking(**wish)).repair


def bring_to(shop: Shop, state: str) -> Repair:
    repair = book(shop)
    for step in WAYS[state]:
        STEPS[step](shop, repair.id)
    return require_repair(shop, repair.id)


def later(shop: Shop, **span: float) -> Shop:
    return replace(shop, now=shop.now + timedelta(**span))


def test_the_whole_way_with_a_quote(shop: Shop) -> None:
    repair = book(shop)
    receive_repair(shop, repair.id)
    diagnose_repair(later(shop, hours=1), repair.id, "Battery worn out")
    quote_repair(later(shop, hours=2), repair.id, 12000)
    approve_repair(later(shop, hours=26), repair.id, note="in the chat")
    start_repair(later(shop, hours=27), repair.id)
    try_repair(later(shop, hours=28), repair.id, failed=True, parts=1000)
    try_repair(later(shop, hours=29), repair.id, result="two hours", parts=2500)
    ship_repair(later(shop, hours=30), repair.id, carrier="顺丰", number="SF 12 34")
    done = finish_repair(later(shop, hours=60), repair.id).repair
    assert (done.status, done.diagnosis, done.quote, done.parts_cost) == (
        "done",
        "Battery worn out",
        12000,
        3500,
    )
    assert (done.received_at, done.shipped_at, done.ended_at) == (
        "2026-11-22T01:00:00Z",
        "2026-11-23T07:00:00Z",
        "2026-11-24T13:00:00Z",
    )
    # Five days, and the day the customer took to answer.
    assert done.due_at == "2026-11-28T15:59:59Z"
    assert (done.carrier, done.number) == ("顺丰", "SF1234")
    events = [event for event in list_case_events(shop.database, done.case_number) if event.field == "repair"]
    assert [event.after for event in events] == [
        "booked", "received", "diagnosed", "quoted", "approved", "in_repair", "tested", "in_repair", "tested",
        "shipped_back", "done",
    ]  # fmt: skip
    assert [event.before for event in events] == ["", *(event.after for event in events[:-1])]
    assert all(event.note.startswith("#1") for event in events)
    assert events[3].type == "repair_quoted"
    assert "120.00" in events[3].note


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_where_the_axis_has_it_and_refused_elsewhere(
    shop: Shop, state: str, step: str
) -> None:
    repair = bring_to(shop, state)
    assert repair.status == state
    before = list_case_events(shop.database, repair.case_number)
    allowed = step in REPAIR.following[state] and (state, step) != ("tested", "in_repair")
    if (state, step) == ("unrepairable", "shipped_back"):
        assert ship_repair(shop, repair.id).repair.shipped_at == shop.stamp
        return
    if allowed:
        STEPS[step](shop, repair.id)
        assert require_repair(shop, repair.id).status == step
        return
    with pytest.raises(RefusedError):
        STEPS[step](shop, repair.id)
    assert require_repair(shop, repair.id) == repair
    assert list_case_events(shop.database, repair.case_number) == before


@pytest.mark.parametrize("state", WAYS)
def test_a_dry_run_keeps_nothing(shop: Shop, state: str) -> None:
    repair = bring_to(shop, state)
    before = "\n".join(shop.database.conn.iterdump())
    for step in REPAIR.following[state]:
        if (state, step) != ("tested", "in_repair"):
            STEPS[step](replace(shop, dry_run=True), repair.id)
            assert "\n".join(shop.database.conn.iterdump()) == before


def test_a_refusal_names_the_commands_that_are_possible(shop: Shop) -> None:
    repair = bring_to(shop, "quoted")
    with pytest.raises(RefusedError) as refused:
        try_repair(shop, repair.id)
    assert f"Repair {repair.id} is “quoted” and cannot become “tested”." in refused.value.message
    assert f"aftersales repairs approve {repair.id}" in refused.value.remedy


def test_of_two_people_the_second_learns_who_was_faster(shop: Shop, shop_folder: Path) -> None:
    add_agent(shop, "lan", name="小兰", role="technician")
    seen = book(shop)
    other = open_shop(shop_folder, agent="lan")
    receive_repair(other, seen.id)
    other.close()
    with pytest.raises(RefusedError, match=r"小兰 was faster: repair 1 is “received”"):
        receive_repair(shop, seen.id)
    # The change itself is guarded, too, not only the look before it.
    with pytest.raises(RefusedError, match="小兰 was faster"), shop.writing("repairs.receive"):
        take_repair_step(shop, seen, "received", at=None)
    STEPS["diagnosed"](shop, seen.id)
    with pytest.raises(RefusedError, match="You did this already"):
        STEPS["diagnosed"](shop, seen.id)


def test_a_step_cannot_precede_the_last_one(shop: Shop, local: Local) -> None:
    repair = book(shop)
    with pytest.raises(WrongUsageError, match="before"):
        receive_repair(shop, repair.id, at=local("2026-11-21 10:00"))
    with pytest.raises(WrongUsageError, match="future"):
        receive_repair(shop, repair.id, at=local("2026-11-23 10:00"))


def test_booking_begins_the_work_on_the_case(shop: Shop) -> None:
    repair = book(shop)
    case = require_case(shop, repair.case_number)
    assert (case.status, case.assignee_id) == ("in_progress", shop.agent.id)


def test_a_case_that_has_ended_gets_no_repair(shop: Shop) -> None:
    number = open_case(shop, kind="repair").number
    cancel_case(shop, number, "spam")
    with pytest.raises(RefusedError):
        book(shop, number)


def test_help_from_afar_is_offered_before_a_booking(shop: Shop) -> None:
    number = open_case(shop, kind="repair", say="Left earbud has no sound").number
    with pytest.raises(RefusedError, match="Bluetooth earphones") as refused:
        book(shop, number, product="Wireless earphones X2")
    assert f"repairs guide {number}" in refused.value.remedy
    assert list_case_repairs(shop.database, number) == []
    assert [entry.title for entry in find_guidance(shop, number, product="Wireless earphones X2")] == [
        "Bluetooth earphones: no connection, one side silent"
    ]
    assert book(shop, number, product="Wireless earphones X2", guided=True).status == "booked"
    assert book(shop, product="Wireless earphones X2", kind="maintenance").status == "booked"


def test_what_help_from_afar_cured_needs_no_booking(shop: Shop) -> None:
    number = open_case(shop, kind="repair").number
    solved = solve_case_remotely(shop, number, "Paired again", product="Headset").repair
    assert (solved.status, solved.ended_at) == ("solved_remotely", shop.stamp)
    assert list_repairs(shop.database, now=shop.stamp) == []


def test_help_from_afar_also_ends_a_booking(shop: Shop) -> None:
    repair = book(shop)
    assert solve_case_remotely(shop, repair.case_number, "Reset").repair.id == repair.id
    received = bring_to(shop, "received")
    with pytest.raises(RefusedError, match="cannot become"):
        solve_case_remotely(shop, received.case_number, "Reset")


def test_a_piece_in_repair_is_not_booked_twice(shop: Shop) -> None:
    first = book(shop, serial="a b-1")
    assert first.serial == "AB-1"
    with pytest.raises(RefusedError, match=f"repair {first.id}"):
        book(shop, serial="ＡＢ-1")
    with pytest.raises(RefusedError, match="in repair already"):
        book(shop, book(shop).case_number)
    other = book(shop)
    with pytest.raises(RefusedError, match=f"in repair {first.id} already"):
        receive_repair(shop, other.id, serial="AB-1")


def test_the_product_comes_from_the_order(shop: Shop, add_order: AddOrder) -> None:
    add_order("1001", products=("Red cup", "Blue cup"))
    number = open_case(shop, kind="repair", order="1001").number
    with pytest.raises(WrongUsageError, match="not clear") as unclear:
        book(shop, number, product="")
    assert "SKU0 Red cup" in unclear.value.remedy
    with pytest.raises(WrongUsageError, match="No product"):
        book(shop, number, product="bowl")
    repair = book(shop, number, product="blue", bought_on=None)
    assert (repair.product, repair.sku, repair.currency) == ("Blue cup", "SKU1", "CNY")
    assert (repair.warranty, repair.warranty_since, repair.warranty_until) == ("in", "placed", "2027-11-10")
    assert book(shop, number, product="SKU0").product == "Red cup"
    unnamed = open_case(shop, kind="repair").number
    with pytest.raises(WrongUsageError, match="does not say which product"):
        book(shop, unnamed, product="")


@pytest.mark.parametrize(("title", "product"), [("Lamp", "Lamp"), ("Lamp，Cup", "")])
def test_an_order_without_lines_names_its_only_product(
    shop: Shop, add_order: AddOrder, title: str, product: str
) -> None:
    add_order("1001", products=())
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE orders SET title = :title", {"title": title})
    number = open_case(shop, kind="repair", order="1001").number
    if product:
        assert book(shop, number, product="").product == product
    else:
        with pytest.raises(WrongUsageError, match="does not say which product"):
            book(shop, number, product="")


def test_the_months_come_from_option_product_table_or_setting(shop: Shop, shop_folder: Path) -> None:
    folder = shop_folder / "templates" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    shipped = '[[product]]\nwords = ["sofa"]\ncategory = "other"\nwarranty_months = 36\n'
    (folder / "categories.toml").write_text(shipped, encoding="utf-8")
    day = date(2025, 11, 22)
    assert book(shop, product="Sofa", bought_on=day).months_basis == "product"
    assert book(shop, product="Sofa bed", bought_on=day).warranty_until == "2028-11-22"
    assert book(shop, product="Bench", bought_on=day).months_basis == "setting"
    given = book(shop, product="Sofa table", bought_on=day, warranty_months=6)
    assert (given.warranty_until, given.warranty) == ("2026-05-22", "out")


def test_a_serial_number_tells_of_earlier_repairs(shop: Shop) -> None:
    bought = date(2026, 1, 1)
    first = book(shop, serial="S1", bought_on=bought)
    for step in ("received", "diagnosed", "in_repair", "tested", "done"):
        STEPS[step](shop, first.id)
    number = open_case(shop, kind="repair").number
    second = book(shop, number, product="", serial="S1", bought_on=None)
    assert (second.product, second.round, second.warranty_since) == ("Shelf", 2, "earlier")
    assert (second.warranty, second.warranty_until) == ("in", "2027-01-01")
    for step in ("received", "diagnosed", "in_repair", "tested", "done"):
        STEPS[step](shop, second.id)
    third = book(shop, bought_on=None)
    assert (third.round, third.warranty) == (1, "unknown")
    received = receive_repair(shop, third.id, serial="s1").repair
    assert (received.round, received.warranty, received.serial) == (3, "in", "S1")
    view = view_repair(shop, third.id)
    assert [right.code for right in view.rights] == ["twice"]
    assert [other.id for other in view.earlier] == [first.id, second.id]


def test_of_several_pieces_on_a_line_only_a_serial_number_tells_which_is_which(
    shop: Shop, add_order: AddOrder
) -> None:
    """The order has two cups: an earlier repair may have been the other one's."""
    add_order("1001", products=("Cup",))
    number = open_case(shop, kind="repair", order="1001").number
    first, second = book(shop, number, product=""), book(shop, number, product="")
    assert (first.round, second.round) == (1, 1)
    assert view_repair(shop, second.id).several == 2
    with pytest.raises(RefusedError, match="in repair already"):
        book(shop, number, product="", serial="third")


def test_what_the_warranty_covers_costs_nothing_unless_the_fault_is_not_covered(shop: Shop) -> None:
    repair = book(shop, bought_on=date(2026, 11, 1))
    receive_repair(shop, repair.id)
    diagnose_repair(shop, repair.id, "No light")
    with pytest.raises(RefusedError, match="in warranty until 2027-11-01"):
        quote_repair(shop, repair.id, 5000)
    quoted = quote_repair(shop, repair.id, 5000, not_covered="water")
    assert (quoted.repair.warranty, quoted.repair.not_covered) == ("out", "water")
    assert "water" in quoted.text


def test_nobody_pays_for_what_nobody_agreed_to(shop: Shop) -> None:
    repair = bring_to(shop, "diagnosed")
    with pytest.raises(RefusedError, match="nothing is quoted"):
        start_repair(shop, repair.id)
    assert start_repair(shop, repair.id, free=True).repair.status == "in_repair"


def test_maintenance_goes_the_same_way_without_warranty(shop: Shop) -> None:
    repair = book(shop, open_case(shop, kind="maintenance").number)
    assert (repair.kind, repair.warranty, repair.warranty_from) == ("maintenance", "unknown", None)
    receive_repair(shop, repair.id)
    with pytest.raises(WrongUsageError, match="no warranty"):
        diagnose_repair(shop, repair.id, "Dirty", not_covered="dust")
    diagnose_repair(shop, repair.id, "Dirty")
    assert start_repair(shop, repair.id).repair.status == "in_repair"


def test_a_declined_piece_stays_open_until_it_is_sent_back(shop: Shop) -> None:
    repair = bring_to(shop, "quoted")
    declined = decline_repair(shop, repair.id, note="too expensive")
    assert "send it back" in declined.text
    assert [row.status for row in list_repairs(shop.database, now=shop.stamp)] == ["declined"]
    sent = ship_repair(shop, repair.id, carrier="中通", number="ZT9").repair
    assert (sent.status, sent.shipped_at, sent.number) == ("declined", shop.stamp, "ZT9")
    assert list_repairs(shop.database, now=shop.stamp) == []
    with pytest.raises(RefusedError, match="no piece here"):
        ship_repair(shop, repair.id)


def test_overdue_are_late_pieces_and_appointments_nobody_came_to(shop: Shop, local: Local) -> None:
    waiting = book(shop, appointment=local("2026-11-23 10:00"))
    received = bring_to(shop, "received")
    bring_to(shop, "quoted")

    def overdue(days: float) -> list[int]:
        stamp = later(shop, days=days).stamp
        rows = [row.id for row in list_repairs(shop.database, now=stamp, overdue=True)]
        assert count_overdue_repairs(shop.database, stamp) == len(rows)
        return rows

    assert overdue(1) == []
    assert overdue(2) == [waiting.id]
    assert sorted(overdue(6)) == [waiting.id, received.id]


def test_service_points_take_repairs_until_they_are_closed(shop: Shop) -> None:
    point = add_service_point(shop, "sz", name="深圳", address="Nanshan 8")
    told = book_repair(shop, open_case(shop).number, Booking(product="Shelf", point="深圳"))
    assert told.repair.service_point_id == point.id
    assert "Nanshan 8" in told.text
    with pytest.raises(RefusedError, match="already a service point"):
        add_service_point(shop, "sz")
    change_point(shop, "sz", active=False)
    with pytest.raises(RefusedError, match="closed"):
        book(shop, product="Bench", point="sz")
    with pytest.raises(NotFoundError, match="no service point"):
        book(shop, product="Bench", point="bj")
    with pytest.raises(WrongUsageError):
        change_point(shop, "sz")


def test_the_text_speaks_the_customers_language_and_is_kept_on_request(
    shop: Shop, add_order: AddOrder
) -> None:
    add_order("1001", customer="张三", products=("杯子",))
    number = open_case(shop, kind="repair", order="1001", say="杯子漏水").number
    told = book_repair(shop, number, Booking())
    assert told.text.startswith("张三，您好！杯子的维修已登记")
    assert told.send == "in Qianniu"
    assert len(list_case_messages(shop.database, number)) == 1
    english = receive_repair(shop, told.repair.id, voice=Voice("en", keep=True))
    assert english.text.startswith("Hello 张三, your 杯子 has arrived")
    assert list_case_messages(shop.database, number)[-1].body == english.text


def test_repairs_move_along_with_a_merged_case(shop: Shop) -> None:
    repair, other = book(shop), open_case(shop).number
    merge_case(shop, repair.case_number, other)
    assert [found.id for found in list_case_repairs(shop.database, other)] == [repair.id]
    assert receive_repair(shop, repair.id).repair.case_number == other
    assert [event.after for event in view_repair(shop, repair.id).events] == ["booked", "received"]


def test_only_leads_add_service_points_and_viewers_take_no_step(shop: Shop) -> None:
    technician = replace(shop, agent=add_agent(shop, "tech", role="technician"))
    viewer = replace(shop, agent=add_agent(shop, "guest", role="viewer"))
    repair = book(technician)
    with pytest.raises(RefusedError):
        receive_repair(viewer, repair.id)
    with pytest.raises(RefusedError):
        add_service_point(technician, "sz")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["repair", "maintenance"])
@pytest.mark.parametrize("state", WAYS)
def test_every_state_has_a_text_in_both_languages(shop: Shop, state: str, kind: str, language: str) -> None:
    repair = replace(bring_to(shop, state), kind=kind)
    text = tell_customer(shop, repair, Voice(language)).text
    assert "Shelf" in text
    assert "None" not in text
    assert ("亲" in text) == (language == "zh")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (TEXTS, "[booked.default]\nzh = 1\n"),
        (TEXTS, "booked = 1\n"),
        (GUIDANCE, "[[guidance]]\nwords = []\nzh = 'x'\ntitle = { zh = 'x' }\n"),
        (GUIDANCE, "[[guidance]]\nwords = ['a']\nzh = 'x'\ntitle = { zh = 'x' }\ncolour = 'red'\n"),
        (GUIDANCE, "words = ['a']\n"),
    ],
)
def test_a_broken_file_of_the_shop_is_named(shop: Shop, shop_folder: Path, name: str, content: str) -> None:
    folder = shop_folder / "templates" / "scripts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=name):
        book(shop, product="Lamp")


def test_the_shops_own_guidance_stands_before_the_shipped_one(shop: Shop, shop_folder: Path) -> None:
    folder = shop_folder / "templates" / "scripts"
    folder.mkdir(parents=True, exist_ok=True)
    own = "[[guidance]]\nwords = ['headset']\ntitle = { en = 'Ours' }\nen = 'Turn it on.'\n"
    (folder / GUIDANCE).write_text(own, encoding="utf-8")
    number = open_case(shop).number
    titles = [entry.title for entry in find_guidance(shop, number, product="Bluetooth headset")]
    assert titles[0] == "Ours"
    assert len(titles) == 2
