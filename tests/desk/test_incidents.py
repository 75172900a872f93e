"""Many complaints with one cause, answered together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.fetch import insert
from aftersales_cli.database.incidents import list_incidents, list_members
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.ending import cancel_case, resolve_case
from aftersales_cli.desk.incident_finding import incident_title, suggest_incidents
from aftersales_cli.desk.incidents import (
    answer_incident,
    change_incident,
    close_incident,
    open_incident,
)
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent

AddOrder = Callable[..., int]


@pytest.fixture
def broken(shop: Shop, add_order: AddOrder) -> list[int]:
    """Return three complaints by three customers about one product that arrived broken."""
    numbers = []
    for index in range(3):
        add_order(f"T{index}", customer=f"Ann {index}", products=("Cup",))
        opened = open_case(shop, kind="complaint", order=f"T{index}", reason="破损", say=f"Broken {index}")
        numbers.append(opened.number)
    return numbers


def answer_and_solve(shop: Shop, numbers: list[int]) -> None:
    for number in numbers:
        reply_case(shop, number, "Sorry")
        resolve_case(shop, number, cause="packaging")


def test_three_customers_with_the_same_trouble_are_noticed(shop: Shop, broken: list[int]) -> None:
    found = suggest_incidents(shop)
    assert [(entry.sku, entry.product, entry.reason, entry.numbers) for entry in found] == [
        ("SKU0", "Cup", "damaged_transit", tuple(broken))
    ]
    assert (found[0].customers, found[0].open_cases) == (3, 3)


def test_returns_count_where_the_goods_are_to_blame(shop: Shop, add_order: AddOrder) -> None:
    for index, reason in enumerate(
        ("defect", "defect", "defect", "changed_mind", "changed_mind", "changed_mind")
    ):
        add_order(f"T{index}", customer=f"Ann {index}", products=("Cup",))
        open_case(shop, kind="return", order=f"T{index}", reason=reason)
    assert [entry.reason for entry in suggest_incidents(shop)] == ["defect"]


def test_what_is_solved_and_over_is_not_suggested(shop: Shop, broken: list[int]) -> None:
    later = replace(shop, now=shop.now + timedelta(days=8))
    assert suggest_incidents(later)
    answer_and_solve(shop, broken)
    assert suggest_incidents(shop)
    assert suggest_incidents(later) == []


def test_an_incident_takes_the_suggested_cases(shop: Shop, broken: list[int]) -> None:
    add_agent(shop, "lan", name="小兰")
    incident = open_incident(shop, product="cup", reason="破损", lead="lan")
    assert (incident.sku, incident.product, incident.reason) == ("SKU0", "Cup", "damaged_transit")
    assert (incident.title, incident_title(shop, incident)) == ("", "Cup · damaged in transit")
    rows = list_incidents(shop.database, only_open=True)
    assert [(row.lead, row.cases, row.open_cases) for row in rows] == [("小兰", 3, 3)]
    assert [member.number for member in list_members(shop.database, incident.id)] == broken
    event = list_case_events(shop.database, broken[0])[-1]
    assert (event.type, event.after) == ("incident_joined", str(incident.id))
    assert suggest_incidents(shop) == []


def test_cases_can_be_named(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, numbers=broken[:2], title="Bad batch")
    assert (incident.title, incident.sku, incident.reason) == ("Bad batch", "SKU0", "damaged_transit")


def test_nothing_is_guessed(shop: Shop, broken: list[int]) -> None:
    with pytest.raises(WrongUsageError, match="not clear"):
        open_incident(shop)
    with pytest.raises(RefusedError, match="no group"):
        open_incident(shop, product="Plate")
    assert list_incidents(shop.database, only_open=False) == []
    assert all(require_case(shop, number).incident_id is None for number in broken)


def test_members_come_and_go(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, numbers=broken[:1])
    change_incident(shop, incident.id, add=broken[1:], remove=broken[:1])
    assert [member.number for member in list_members(shop.database, incident.id)] == broken[1:]
    assert list_case_events(shop.database, broken[0])[-1].type == "incident_left"
    with pytest.raises(RefusedError, match="does not belong"):
        change_incident(shop, incident.id, remove=broken[:1])


def test_a_case_belongs_to_one_incident(shop: Shop, broken: list[int]) -> None:
    first = open_incident(shop, numbers=broken[:1])
    with pytest.raises(RefusedError, match=f"incident {first.id}"):
        open_incident(shop, numbers=broken)
    assert [row.id for row in list_incidents(shop.database, only_open=False)] == [first.id]


def test_a_cancelled_case_does_not_join(shop: Shop, broken: list[int]) -> None:
    cancel_case(shop, broken[0], "spam")
    with pytest.raises(RefusedError, match="cancelled"):
        open_incident(shop, numbers=broken)


def test_all_open_cases_get_the_same_answer(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, product="Cup")
    answered = answer_incident(shop, incident.id, "A new one is on its way")
    assert [reply.case.number for reply in answered.replies] == broken
    for number in broken:
        assert list_case_messages(shop.database, number)[-1].body == "A new one is on its way"
        assert require_case(shop, number).first_reply_at == shop.stamp


def test_a_solved_case_is_left_in_peace(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, product="Cup")
    answer_incident(shop, incident.id, "Sorry")
    resolve_case(shop, broken[0], cause="packaging")
    answered = answer_incident(shop, incident.id, "It was sent")
    assert [reply.case.number for reply in answered.replies] == broken[1:]


def test_if_one_answer_fails_none_is_kept(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, product="Cup")

    def text_for(_shop: Shop, number: int) -> str:
        return "" if number == broken[2] else "Sorry"

    with pytest.raises(WrongUsageError, match="empty"):
        answer_incident(shop, incident.id, text_for=text_for)
    assert all(len(list_case_messages(shop.database, number)) == 1 for number in broken)


def test_a_closed_incident_is_over(shop: Shop, broken: list[int]) -> None:
    incident = open_incident(shop, product="Cup")
    closed = close_incident(shop, incident.id, note="new packaging")
    assert (closed.closed_at, closed.note) == (shop.stamp, "new packaging")
    for attempt in (
        lambda: answer_incident(shop, incident.id, "Sorry"),
        lambda: change_incident(shop, incident.id, remove=broken[:1]),
        lambda: close_incident(shop, incident.id),
    ):
        with pytest.raises(RefusedError, match="closed"):
            attempt()
    assert require_case(shop, broken[0]).incident_id == incident.id
    assert suggest_incidents(shop) == []


def test_an_unknown_incident_is_told(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="77"):
        answer_incident(shop, 77, "Sorry")


def test_one_case_about_two_products_is_found_by_both(shop: Shop, broken: list[int]) -> None:
    with shop.writing("cases.open"):
        for number in broken:
            insert(
                shop.database,
                "INSERT INTO case_lines (case_number, sku, title) VALUES (:number, 'P', 'Plate')",
                {"number": number},
            )
    assert {entry.product for entry in suggest_incidents(shop)} == {"Cup", "Plate"}


@pytest.mark.parametrize("products", [(), ("Cup", "Plate")], ids=["without lines", "several lines"])
def test_a_case_that_names_no_product_counts_for_those_of_its_order(
    shop: Shop, add_order: AddOrder, products: tuple[str, ...]
) -> None:
    numbers = []
    for index in range(3):
        add_order(f"T{index}", customer=f"Ann {index}", products=products)
        numbers.append(open_case(shop, kind="complaint", order=f"T{index}", reason="破损").number)
    found = suggest_incidents(shop)
    assert {cluster.product for cluster in found} == set(products or ("Cup",))
    assert {cluster.numbers for cluster in found} == {tuple(numbers)}
    assert open_incident(shop, numbers=numbers).product == "Cup"
