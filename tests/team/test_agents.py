"""Employees: added, changed, leaving with their cases handed over, and coming back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.cases import get_case
from aftersales_cli.database.fetch import fetch_rows, insert
from aftersales_cli.database.handoffs import get_handoff
from aftersales_cli.desk.assigning import assign_case, auto_assign_case
from aftersales_cli.desk.handing_off import answer_handoff, hand_off
from aftersales_cli.desk.leaving import deactivate_agent
from aftersales_cli.desk.opening import open_case
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import activate_agent, add_agent, change_agent, read_languages

As = Callable[[str], Shop]


@pytest.fixture
def acting(shop: Shop) -> As:
    """Return a function that returns the shop as an employee acts in it, added with this role as code."""

    def act(role: str) -> Shop:
        agent = find_agent(shop.database, role) or add_agent(shop, role, role=role)
        return replace(shop, agent=agent)

    return act


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ((), ""),
        (("zh",), "zh"),
        (("en, zh", "de"), "de,en,zh"),
        (("中文", "English"), "en,zh"),
        (("EN",), "en"),
    ],
)
def test_languages_are_kept_as_codes(words: tuple[str, ...], codes: str) -> None:
    assert read_languages(words) == codes


def test_a_word_that_is_no_language_is_named() -> None:
    with pytest.raises(WrongUsageError, match="“12” is no language"):
        read_languages(["zh", "12"])


def test_who_speaks_the_customers_language_gets_the_case(shop: Shop) -> None:
    add_agent(shop, "lan", languages=["zh"])
    add_agent(shop, "kate", languages=["en", "zh"])
    english = open_case(shop, say="Where is my parcel?")
    case, _choice = auto_assign_case(shop, english.number)
    kate = find_agent(shop.database, "kate")
    assert kate
    assert case.assignee_id == kate.id
    change_agent(shop, "kate", languages=["zh"])
    change_agent(shop, "lan", languages=["zh", "en"])
    again, _choice = auto_assign_case(shop, open_case(shop, say="Still waiting for it").number)
    lan = find_agent(shop.database, "lan")
    assert lan
    assert again.assignee_id == lan.id


def test_a_change_is_audited_with_its_columns_and_leaves_the_rest(shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰", department="logistics", languages=["zh"])
    changed = change_agent(shop, "小兰", role="manager", department="finance")
    assert (changed.name, changed.role, changed.department, changed.languages) == (
        "小兰", "manager", "finance", "zh",
    )  # fmt: skip
    entry = list_audit(shop.database)[0]
    assert (entry.operation, entry.subjects, entry.counts) == (
        "team.change", f"agent:{changed.id}", '{"department": 1, "role": 1}',
    )  # fmt: skip


def test_two_employees_have_two_names_and_a_code_belongs_to_one_for_ever(shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰")
    with pytest.raises(RefusedError, match="already an employee called “小兰”: lan"):
        add_agent(shop, "lan2", name="小兰")
    add_agent(shop, "mei")
    with pytest.raises(RefusedError, match="called “小兰”"):
        change_agent(shop, "mei", name="小兰")
    deactivate_agent(shop, "lan")
    with pytest.raises(RefusedError) as refused:
        add_agent(shop, "lan")
    assert refused.value.remedy == "If it is the same person: aftersales team activate lan"
    add_agent(shop, "lan2", name="小兰")
    found = find_agent(shop.database, "小兰")
    assert found
    assert found.code == "lan2"


def test_only_an_owner_makes_owners(shop: Shop, acting: As) -> None:
    manager = acting("manager")
    for attempt in (
        lambda: change_agent(manager, "manager", role="owner"),
        lambda: change_agent(manager, "owner", role="agent"),
        lambda: add_agent(manager, "second", role="owner"),
        lambda: deactivate_agent(manager, "owner"),
    ):
        with pytest.raises(RefusedError, match="A manager may not do “team appoint owner”"):
            attempt()
    with pytest.raises(RefusedError, match="only owner"):
        change_agent(shop, "owner", role="agent")
    add_agent(shop, "second", role="owner")
    assert change_agent(shop, "second", role="manager").role == "manager"


def test_the_one_who_acts_by_default_cannot_leave(shop: Shop) -> None:
    add_agent(shop, "second", role="owner")
    with pytest.raises(RefusedError, match=r"shop\.agent in aftersales\.toml"):
        deactivate_agent(shop, "owner")


def test_who_leaves_hands_all_open_cases_over_or_none(shop: Shop) -> None:
    add_agent(shop, "lan")
    add_agent(shop, "mei")
    add_agent(shop, "wu", role="viewer")
    numbers = [open_case(shop, say=f"word {index}", assignee="lan").number for index in range(3)]
    with pytest.raises(RefusedError, match="cannot work on cases"):
        deactivate_agent(shop, "lan", to="wu")
    lan = find_agent(shop.database, "lan")
    assert lan
    assert lan.active
    departure = deactivate_agent(shop, "lan", to="mei")
    assert [row.number for row in departure.cases] == numbers
    mei = find_agent(shop.database, "mei")
    assert mei
    for number in numbers:
        case = get_case(shop.database, number)
        assert case
        assert case.assignee_id == mei.id
    with pytest.raises(NotFoundError, match="There is no employee “lan”"):
        assign_case(shop, numbers[0], "lan")
    with pytest.raises(NotFoundError):
        deactivate_agent(shop, "lan")
    assert activate_agent(shop, "lan").active


@pytest.mark.parametrize("to", ["", "mei"])
def test_who_leaves_hands_callbacks_and_questions_over_or_they_are_listed(shop: Shop, to: str) -> None:
    add_agent(shop, "lan")
    mei = add_agent(shop, "mei")
    number, other = (open_case(shop, say=words).number for words in ("now", "before"))
    mine = hand_off(shop, number, "warehouse", ask="Where is it?", to="lan").id
    answered = hand_off(shop, number, "warehouse", ask="And now?", to="lan").id
    answer_handoff(shop, number, "Here", handoff_id=answered)
    lan = find_agent(shop.database, "lan")
    assert lan
    with shop.writing("callbacks.plan"):
        for status, about in (("open", number), ("done", other)):
            insert(
                shop.database,
                "INSERT INTO callbacks (reason, case_number, due_on, assignee_id, status, planned_at, priority) "
                "VALUES ('service_followup', :number, '2026-11-25', :agent, :status, :at, 3)",
                {"number": about, "agent": lan.id, "status": status, "at": shop.stamp},
            )
    departure = deactivate_agent(shop, "lan", to=to)
    assert [(entry.id, entry.due_on, entry.case_number) for entry in departure.callbacks] == [
        (1, "2026-11-25", number)
    ]
    assert [(entry.id, entry.question) for entry in departure.handoffs] == [(mine, "Where is it?")]
    taker = mei.id if to else lan.id
    sql = "SELECT assignee_id FROM callbacks ORDER BY id"
    assert fetch_rows(shop.database, sql) == [(taker,), (lan.id,)]
    asked = [get_handoff(shop.database, entry) for entry in (mine, answered)]
    assert [entry.assignee_id for entry in asked if entry] == [mei.id if to else None, lan.id]
    audit = list_audit(shop.database, limit=1)[0]
    assert {f"handoff:{mine}", *(["callback:1"] if to else [])} <= set(audit.subjects.split())


def test_the_cases_of_who_has_left_are_free_for_everybody(shop: Shop, acting: As) -> None:
    add_agent(shop, "lan")
    number = open_case(shop, say="word", assignee="lan").number
    agent = acting("agent")
    with pytest.raises(RefusedError, match="lan works on case 1 since 2026-11-22 09:00"):
        assign_case(agent, number, "agent")
    departure = deactivate_agent(shop, "lan")
    assert (departure.taker, [row.number for row in departure.cases]) == (None, [number])
    assert assign_case(agent, number, "agent").assignee_id == agent.agent.id
