"""Triage of cases in the shop: suggested from what is known, set by people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aftersales_cli.database.case_listings import count_matching_cases
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import execute
from aftersales_cli.desk.answering import hear_customer, note_case
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.triage import suggest_triage, triage_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.records.cases import Case, CaseFilter
from aftersales_cli.shop import Shop

AddOrder = Callable[..., int]


def changes(shop: Shop, case: Case) -> list[tuple[str, str, str]]:
    events = list_case_events(shop.database, case.number)
    return [(event.field, event.before, event.after) for event in events if event.type == "changed"]


def test_a_suggestion_changes_nothing(shop: Shop) -> None:
    case = open_case(shop, kind="inquiry", say="杯子碎了，要退货")
    found = suggest_triage(shop, case.number).suggestion
    assert (found.kind, found.reason) == ("return", "damaged_transit")
    assert require_case(shop, case.number) == case
    assert len(list_case_events(shop.database, case.number)) == 1


def test_accepting_takes_the_suggestion_over_with_an_event_for_each_change(shop: Shop) -> None:
    number = open_case(shop, kind="inquiry", say="差评！东西碎了，要投诉").number
    case = triage_case(shop, number, accept=True, note="as the rules say").case
    assert (case.status, case.kind, case.severity, case.reason_first) == (
        "triaged",
        "complaint",
        "L2",
        "damaged_transit",
    )
    assert changes(shop, case) == [
        ("kind", "inquiry", "complaint"),
        ("severity", "normal", "L2"),
        ("reason_first", "", "damaged_transit"),
    ]
    event = next(event for event in list_case_events(shop.database, number) if event.type == "triaged")
    assert (event.before, event.after, event.note) == ("new", "triaged", "as the rules say")


def test_what_is_said_wins_over_the_suggestion(shop: Shop) -> None:
    number = open_case(shop, kind="inquiry", say="要退货，急用").number
    case = triage_case(shop, number, kind="换货", complexity="复杂", accept=True).case
    assert (case.kind, case.severity, case.complexity) == ("exchange", "high", "complex")


def test_without_accept_only_what_is_said_changes(shop: Shop) -> None:
    number = open_case(shop, kind="inquiry", say="要退货，急用").number
    case = triage_case(shop, number, severity="urgent").case
    assert (case.kind, case.severity, case.status) == ("inquiry", "urgent", "triaged")


def test_a_kind_of_the_other_scale_takes_its_lowest_severity_along(shop: Shop) -> None:
    number = open_case(shop, kind="complaint", severity="L3").number
    assert triage_case(shop, number, kind="return").case.severity == "normal"
    assert triage_case(shop, number, kind="complaint").case.severity == "L1"


@pytest.mark.parametrize(("kind", "severity"), [("complaint", "high"), ("return", "L2")])
def test_a_severity_of_the_wrong_scale_is_told(shop: Shop, kind: str, severity: str) -> None:
    number = open_case(shop, kind=kind).number
    with pytest.raises(WrongUsageError, match=severity):
        triage_case(shop, number, severity=severity)
    assert require_case(shop, number).status == "new"


def test_a_case_in_progress_is_sorted_anew_without_changing_its_state(shop: Shop) -> None:
    number = open_case(shop, assignee="owner").number
    triage_case(shop, number, kind="return")
    again = triage_case(shop, number, kind="exchange").case
    assert (again.status, again.kind) == ("triaged", "exchange")


def test_an_ended_case_is_not_sorted(shop: Shop) -> None:
    number = open_case(shop).number
    resolve_case(shop, number)
    with pytest.raises(RefusedError, match="triage"):
        triage_case(shop, number, kind="return")


def test_opened_without_a_kind_a_case_takes_over_what_rules_are_certain_of(shop: Shop) -> None:
    case = open_case(shop, say="我要打12315投诉你们")
    assert (case.kind, case.severity, case.status) == ("complaint", "L3", "new")
    sorted_by = next(
        event for event in list_case_events(shop.database, case.number) if event.type == "sorted"
    )
    assert (sorted_by.field, sorted_by.after) == ("rule", "speaks of complaining")
    assert sorted_by.note == "“投诉”, “12315”"
    assert changes(shop, case)[0] == ("kind", "inquiry", "complaint")


def test_opened_without_a_kind_a_mere_suggestion_leaves_it_an_inquiry(shop: Shop) -> None:
    case = open_case(shop, say="要退货")
    assert (case.kind, case.severity) == ("inquiry", "normal")
    assert suggest_triage(shop, case.number).suggestion.kind == "return"


def test_a_kind_given_at_the_opening_is_never_changed_by_a_rule(shop: Shop) -> None:
    case = open_case(shop, kind="return", say="我要投诉")
    assert (case.kind, case.severity) == ("return", "normal")


def test_the_orders_amount_counts(shop: Shop, add_order: AddOrder) -> None:
    add_order("1001")
    number = open_case(shop, order="1001", kind="complaint").number
    assert suggest_triage(shop, number).suggestion.severity == ""
    with shop.writing("orders.import"):
        execute(shop.database, "UPDATE orders SET paid = 150000")
    assert suggest_triage(shop, number).suggestion.severity == "L3"


def test_a_customer_who_writes_on_three_days_had_to_get_in_touch_again(shop: Shop) -> None:
    number = open_case(shop, kind="complaint", customer="张三", say="first").number
    for days in (0, 1):
        hear_customer(replace(shop, now=shop.now + timedelta(days=days)), number, "well?")
    assert suggest_triage(shop, number).suggestion.severity == ""
    third = replace(shop, now=shop.now + timedelta(days=2))
    note_case(third, number, "our own notes are no contact")
    assert suggest_triage(third, number).suggestion.severity == ""
    open_case(third, kind="inquiry", customer="张三", say="and here again")
    hear_customer(third, number, "third day")
    found = suggest_triage(third, number).suggestion
    assert found.severity == "L2"
    assert "4 contacts within 7 days" in found.fired[-1].evidence


def test_the_third_case_of_a_product_and_reason_in_a_week_is_a_batch(shop: Shop, add_order: AddOrder) -> None:
    for index in range(3):
        add_order(f"100{index}", products=("Cup",))
    numbers = [
        open_case(shop, order=f"100{index}", kind="complaint", reason="defect").number for index in range(2)
    ]
    assert suggest_triage(shop, numbers[0]).suggestion.severity == ""
    numbers.append(open_case(shop, order="1002", kind="return", reason="defect").number)
    found = suggest_triage(shop, numbers[0]).suggestion
    assert (found.severity, found.complexity) == ("L3", "complex")
    assert suggest_triage(shop, numbers[2]).suggestion.severity == "high"


@pytest.mark.parametrize(
    ("kind", "expected"), [("complaint", "L4"), ("", "L4"), ("return", "urgent"), ("投诉", "L4")]
)
def test_a_level_nobody_gave_comes_from_certain_rules_whoever_gave_the_kind(
    shop: Shop, kind: str, expected: str
) -> None:
    case = open_case(shop, kind=kind, say="孩子过敏住院")
    assert case.severity == expected
    told = [
        event.after for event in list_case_events(shop.database, case.number) if event.type == "escalated"
    ]
    assert told == (["owner"] if expected == "L4" else [])


def test_a_level_given_at_the_opening_stays(shop: Shop) -> None:
    assert open_case(shop, kind="complaint", severity="L2", say="孩子过敏住院").severity == "L2"
    assert open_case(shop, severity="L2", say="我要投诉，孩子过敏住院").severity == "L2"


@pytest.mark.parametrize(("kind", "severity"), [("return", "L2"), ("complaint", "high"), ("", "L2")])
def test_a_case_is_not_opened_with_a_severity_of_the_wrong_scale(
    shop: Shop, kind: str, severity: str
) -> None:
    with pytest.raises(WrongUsageError, match=severity):
        open_case(shop, kind=kind, severity=severity, say="Hello")
    assert count_matching_cases(shop.database, CaseFilter()) == 0


@pytest.mark.parametrize(
    ("products", "others"),
    [((), ()), (("Cup", "Plate"), ("Cup", "Bowl"))],
    ids=["without lines", "several lines"],
)
def test_the_orders_products_count_for_a_batch_where_the_case_names_none(
    shop: Shop, add_order: AddOrder, products: tuple[str, ...], others: tuple[str, ...]
) -> None:
    for index in range(3):
        add_order(f"100{index}", products=products if index else others)
        number = open_case(shop, order=f"100{index}", kind="complaint", reason="defect").number
    assert suggest_triage(shop, number).suggestion.severity == "L3"
