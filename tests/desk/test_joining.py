"""Merging, linking, splitting, following up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aftersales_cli.clock import month_of
from aftersales_cli.database.case_links import list_case_links, list_linked_cases
from aftersales_cli.database.cases import list_case_events, list_case_lines, list_case_messages
from aftersales_cli.database.facts import Rows, count_rows
from aftersales_cli.desk.ending import cancel_case, close_case, reopen_case, resolve_case
from aftersales_cli.desk.joining import follow_up_case, link_cases, merge_case, split_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

AddOrder = Callable[..., int]


def links(shop: Shop, number: int) -> list[tuple[int, int, str]]:
    return [
        (link.case_number, link.other_number, link.type) for link in list_case_links(shop.database, number)
    ]


def test_a_merged_case_keeps_its_words_and_both_name_each_other(shop: Shop) -> None:
    first, second = open_case(shop, say="one").number, open_case(shop, say="two").number
    case = merge_case(shop, second, first, note="same matter")
    assert (case.status, case.merged_into) == ("merged", first)
    assert case.closed_at == shop.stamp
    assert [message.body for message in list_case_messages(shop.database, second)] == ["two"]
    assert [message.body for message in list_case_messages(shop.database, first)] == ["one"]
    assert links(shop, first) == links(shop, second) == [(first, second, "merged")]
    taken = list_case_events(shop.database, first)[-1]
    assert (taken.type, taken.field, taken.after, taken.note) == ("took_in", "case", "2", "same matter")
    given = list_case_events(shop.database, second)[-1]
    assert (given.type, given.field, given.after) == ("merged_into", "case", "1")


def test_a_merged_case_counts_in_no_figure(shop: Shop) -> None:
    first, second = open_case(shop).number, open_case(shop).number
    rows, month = Rows("cases", "opened_on"), month_of(shop.today)
    bounds = {"start": month.start.isoformat(), "stop": month.end.isoformat()}
    assert count_rows(shop.database, rows, bounds) == 2
    merge_case(shop, second, first)
    assert count_rows(shop.database, rows, bounds) == 1


def test_the_remaining_case_takes_over_what_only_the_other_knew(shop: Shop, add_order: AddOrder) -> None:
    order_id = add_order("1001", customer="张三", products=("Cup",))
    plain, rich = open_case(shop).number, open_case(shop, order="1001").number
    merge_case(shop, rich, plain)
    case = require_case(shop, plain)
    assert (case.order_id, case.order_external_id) == (order_id, "1001")
    assert case.customer_id == require_case(shop, rich).customer_id is not None
    assert case.storefront_id is not None
    assert [line.title for line in list_case_lines(shop.database, plain)] == ["Cup"]


def test_an_order_of_its_own_is_never_replaced(shop: Shop, add_order: AddOrder) -> None:
    kept = add_order("1", products=("Cup",))
    add_order("2", products=("Plate",))
    first, second = open_case(shop, order="1").number, open_case(shop, order="2").number
    merge_case(shop, second, first)
    assert require_case(shop, first).order_id == kept
    assert [line.title for line in list_case_lines(shop.database, first)] == ["Cup"]


def test_a_waiting_case_can_be_merged(shop: Shop) -> None:
    first, second = open_case(shop).number, open_case(shop).number
    wait_case(shop, second, "customer")
    assert merge_case(shop, second, first).status == "merged"


def test_cases_of_different_customers_are_not_merged(shop: Shop) -> None:
    first, second = open_case(shop, customer="张三").number, open_case(shop, customer="李四").number
    with pytest.raises(RefusedError) as caught:
        merge_case(shop, second, first)
    assert f"aftersales cases link {second} {first}" in caught.value.remedy
    assert require_case(shop, second).status == "new"


def test_nothing_is_merged_into_an_ended_case_itself_or_one_that_does_not_exist(shop: Shop) -> None:
    first, second, third = (open_case(shop).number for _index in range(3))
    with pytest.raises(WrongUsageError):
        merge_case(shop, first, first)
    with pytest.raises(NotFoundError):
        merge_case(shop, first, 99)
    resolve_case(shop, second)
    with pytest.raises(RefusedError, match="resolved"):
        merge_case(shop, first, second)
    merge_case(shop, third, first)
    with pytest.raises(RefusedError) as caught:
        merge_case(shop, open_case(shop).number, third)
    assert caught.value.remedy == f"Merge into case {first}."


def test_a_merged_case_refuses_every_step_and_names_the_one_that_goes_on(shop: Shop) -> None:
    first, second = open_case(shop).number, open_case(shop).number
    merge_case(shop, second, first)
    with pytest.raises(RefusedError) as caught:
        resolve_case(shop, second)
    assert f"aftersales cases show {first}" in caught.value.remedy


def test_linking_twice_or_the_other_way_round_is_one_link(shop: Shop) -> None:
    first, second = open_case(shop).number, open_case(shop).number
    link_cases(shop, second, first)
    link_cases(shop, first, second)
    assert links(shop, first) == [(first, second, "related")]
    for number, other in ((first, second), (second, first)):
        linked = [event for event in list_case_events(shop.database, number) if event.type == "linked"]
        assert [event.after for event in linked] == [str(other)]
        assert [case.number for case in list_linked_cases(shop.database, number)] == [other]


def test_a_linked_case_that_is_merged_later_is_linked_as_merged(shop: Shop) -> None:
    first, second = open_case(shop).number, open_case(shop).number
    link_cases(shop, first, second)
    merge_case(shop, second, first)
    assert links(shop, second) == [(first, second, "merged")]


def test_a_second_matter_becomes_a_case_of_the_same_customer_order_and_employee(
    shop: Shop, add_order: AddOrder
) -> None:
    add_order("1001", customer="张三", products=("Cup",))
    lan = add_agent(shop, "lan")
    old = open_case(shop, order="1001", kind="return", say="broken", assignee="lan", reason="defect")
    new = split_case(shop, old.number, "And I need an invoice", kind="发票")
    assert (new.kind, new.status, new.title) == ("invoice", "new", "And I need an invoice")
    assert (new.order_id, new.customer_id, new.channel) == (old.order_id, old.customer_id, old.channel)
    assert (new.assignee_id, new.reason_first, new.severity) == (lan.id, "", "normal")
    assert [line.title for line in list_case_lines(shop.database, new.number)] == ["Cup"]
    assert links(shop, new.number) == [(old.number, new.number, "split")]
    message = list_case_messages(shop.database, new.number)[0]
    assert (message.author, message.body) == ("张三", "And I need an invoice")


def test_an_ended_case_or_no_words_are_not_split(shop: Shop) -> None:
    number = open_case(shop).number
    with pytest.raises(WrongUsageError):
        split_case(shop, number, " ")
    cancel_case(shop, number, "spam")
    with pytest.raises(RefusedError, match="split"):
        split_case(shop, number, "more")


def test_a_case_closed_too_long_is_followed_up_by_a_linked_one(shop: Shop, add_order: AddOrder) -> None:
    add_order("1001", customer="张三", products=("Cup",))
    old = open_case(shop, order="1001", kind="return", reason="defect").number
    resolve_case(shop, old, cause="packaging")
    closed = close_case(shop, old)
    later = replace(shop, now=shop.now + timedelta(days=31))
    with pytest.raises(RefusedError) as caught:
        reopen_case(later, old, reason="again")
    assert f"aftersales cases reopen {old} --follow-up" in caught.value.remedy
    new = follow_up_case(later, old, reason="The new one is broken, too")
    assert (new.status, new.kind, new.reason_first) == ("new", "return", "defect")
    assert (new.order_id, new.customer_id) == (closed.order_id, closed.customer_id)
    assert new.opened_at == later.stamp
    assert links(shop, old) == [(old, new.number, "follow_up")]
    assert require_case(shop, old) == closed
    with pytest.raises(RefusedError, match=f"case {new.number} follows case {old} since"):
        follow_up_case(later, old, reason="The new one is broken, too")
    resolve_case(later, new.number, cause="packaging")
    assert follow_up_case(later, old).number > new.number


def test_an_open_case_is_not_followed_up(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="reopen"):
        follow_up_case(shop, open_case(shop).number)
