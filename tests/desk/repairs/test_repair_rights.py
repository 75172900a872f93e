"""What a repair's state means: open, late, and the customer's rights."""

from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.desk.axes import REPAIR
from aftersales_cli.desk.repairs.rights import (
    COMMANDS,
    days_in_repair,
    due_after,
    find_rights,
    is_late,
    move_due,
    next_commands,
    repair_is_open,
)
from aftersales_cli.records.repairs import Repair
from tests.desk.repairs.helpers import a_repair

NOW = "2026-11-22T01:00:00Z"
FAILED_TWICE = [a_repair(id=2, status="done"), a_repair(id=3, status="shipped_back")]


def test_every_open_state_has_a_command_and_no_end_has_one() -> None:
    assert set(COMMANDS) == set(REPAIR.following) - REPAIR.ends


def test_a_repair_is_due_at_the_end_of_its_last_local_day() -> None:
    assert due_after("2026-11-22T20:00:00Z", 5, ZoneInfo("Asia/Shanghai")) == "2026-11-28T15:59:59Z"


def test_the_customers_thinking_moves_the_due_moment() -> None:
    moved = move_due("2026-11-28T15:59:59Z", since="2026-11-23T00:00:00Z", until="2026-11-25T06:00:00Z")
    assert moved == "2026-11-30T21:59:59Z"


@pytest.mark.parametrize(
    ("repair", "late"),
    [
        (a_repair(status="received", due_at="2026-11-22T00:59:59Z"), True),
        (a_repair(status="received", due_at=NOW), False),
        (a_repair(status="quoted", due_at="2026-11-01T00:00:00Z"), False),
        (a_repair(status="shipped_back", due_at="2026-11-01T00:00:00Z"), False),
        (a_repair(status="booked", appointment_at="2026-11-21T00:00:00Z"), True),
        (a_repair(status="booked", appointment_at=None), False),
    ],
)
def test_only_what_the_shop_owes_is_late(repair: Repair, late: bool) -> None:
    assert is_late(repair, NOW) is late


@pytest.mark.parametrize(
    ("repair", "is_open"),
    [
        (a_repair(status="booked"), True),
        (a_repair(status="shipped_back"), True),
        (a_repair(status="done", ended_at=NOW), False),
        (a_repair(status="declined", ended_at=NOW), False),
        (a_repair(status="declined", ended_at=NOW, received_at=NOW), True),
        (a_repair(status="declined", ended_at=NOW, received_at=NOW, shipped_at=NOW), False),
    ],
)
def test_a_repair_is_open_until_nobody_owes_anything(repair: Repair, is_open: bool) -> None:
    assert repair_is_open(repair) is is_open
    assert bool(next_commands(repair)) is is_open


def test_what_the_warranty_covers_is_not_proposed_to_be_quoted() -> None:
    assert not any("quote" in command for command in next_commands(a_repair(status="diagnosed")))
    paid = next_commands(a_repair(status="diagnosed", warranty="out"))
    assert [command.split()[2] for command in paid] == ["quote", "start", "unrepairable"]
    assert paid[1].endswith("--free")


def test_two_repairs_without_success_give_a_right_to_exchange() -> None:
    rights = find_rights(a_repair(status="booked"), FAILED_TWICE, country="CN", now=NOW)
    assert [right.code for right in rights] == ["twice"]
    assert rights[0].source == "部分商品修理更换退货责任规定 (1995) art. 11"
    assert find_rights(a_repair(status="booked"), FAILED_TWICE[:1], country="CN", now=NOW) == []


def test_abroad_no_chinese_rule_is_cited() -> None:
    rights = find_rights(a_repair(), FAILED_TWICE, country="DE", now=NOW)
    assert [(right.code, right.source) for right in rights] == [("twice", "")]
    assert "DE" in rights[0].text


@pytest.mark.parametrize(
    "repair",
    [
        a_repair(warranty="out"),
        a_repair(warranty="unknown"),
        a_repair(kind="maintenance"),
        a_repair(status="done", ended_at=NOW),
    ],
)
def test_without_warranty_or_after_the_end_there_is_no_such_right(repair: Repair) -> None:
    assert find_rights(repair, FAILED_TWICE, country="CN", now=NOW) == []


@pytest.mark.parametrize(
    ("received", "quoted", "approved", "slow"),
    [
        ("2026-10-23T00:59:59Z", None, None, True),
        ("2026-10-23T01:00:00Z", None, None, False),
        # A day of thinking is the customer's own.
        ("2026-10-22T01:00:00Z", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", False),
        ("2026-10-22T00:59:59Z", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", True),
    ],
)
def test_more_than_thirty_days_by_our_fault_give_a_right_to_a_new_one(
    received: str, quoted: str | None, approved: str | None, slow: bool
) -> None:
    repair = a_repair(status="in_repair", received_at=received, quoted_at=quoted, approved_at=approved)
    rights = find_rights(repair, [], country="CN", now=NOW)
    assert [right.code for right in rights] == (["slow"] if slow else [])


def test_a_quote_nobody_answered_yet_stops_our_days() -> None:
    repair = a_repair(status="quoted", received_at="2026-10-01T00:00:00Z", quoted_at="2026-10-03T00:00:00Z")
    assert days_in_repair(repair, NOW) == 2


def test_what_cannot_be_repaired_in_warranty_is_exchanged() -> None:
    repair = a_repair(status="unrepairable", ended_at=NOW)
    assert [right.code for right in find_rights(repair, [], country="CN", now=NOW)] == ["unrepairable"]
