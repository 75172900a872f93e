"""Clocks that have ended keep what they were due, whatever the shop learns about its hours later."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from aftersales_cli.clock import local_text
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.calendar_file import import_calendar
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.ending import cancel_case, close_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.desk.sla_explaining import explain_case
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.shop import Shop
from tests.desk.sla_helpers import set_status

Local = Callable[[str], datetime]


def clocks_of(shop: Shop, number: int) -> dict[str, SlaClock]:
    return {clock.metric: clock for clock in list_case_clocks(shop.database, number)}


def close_the_17th(shop: Shop, folder: Path) -> None:
    path = folder / "closed.csv"
    path.write_text("date,open|closed\n2026-11-17,closed\n", encoding="utf-8")
    assert import_calendar(shop, path).changed == 1


def touch(shop: Shop, number: int) -> None:
    with changing(shop, "cases.note", number):
        pass


@pytest.mark.parametrize("ending", ["cancelled", "answered"])
def test_a_clock_that_ended_before_a_day_was_closed_is_not_judged_anew(
    shop: Shop, local: Local, tmp_path: Path, ending: str
) -> None:
    case = open_case(shop, say="?", channel="email", at=local("2026-11-16 15:00"))
    if ending == "cancelled":
        cancel_case(shop, case.number, "spam", at=local("2026-11-17 16:00"))
    else:
        reply_case(shop, case.number, "Sorry", at=local("2026-11-17 16:00"))
    before = clocks_of(shop, case.number)
    assert local_text(before["first_reply"].due_at, shop.zone) == "2026-11-17 14:00"
    close_the_17th(shop, tmp_path)
    touch(shop, case.number)
    check_clocks(shop)
    after = clocks_of(shop, case.number)
    assert after["first_reply"] == before["first_reply"]
    if ending == "cancelled":
        assert after == before
    else:
        assert local_text(after["resolution"].due_at, shop.zone) == "2026-11-18 18:00"


def test_a_pause_written_down_later_is_counted_all_the_same(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-16 09:00"))
    reply_case(shop, case.number, "Sorry", at=local("2026-11-16 09:01"))
    reply_case(shop, case.number, "Still looking", at=local("2026-11-17 17:00"))
    before = clocks_of(shop, case.number)["update"]
    set_status(shop, case.number, "waiting_customer", at=local("2026-11-16 10:00"))
    set_status(shop, case.number, "in_progress", at=local("2026-11-16 11:00"))
    first = next(c for c in list_case_clocks(shop.database, case.number) if c.metric == "update")
    assert (before.paused_seconds, first.paused_seconds) == (0, 3600)


def test_explaining_an_ended_clock_says_that_the_hours_were_others_then(
    shop: Shop, local: Local, tmp_path: Path
) -> None:
    case = open_case(shop, say="?", channel="email", at=local("2026-11-16 15:00"))
    reply_case(shop, case.number, "Sorry", at=local("2026-11-17 16:00"))

    def warnings() -> list[str]:
        story = next(s for s in explain_case(shop, case.number).clocks if s.clock.metric == "first_reply")
        return [text for text in story.warnings if "calendar" in text]

    assert warnings() == []
    close_the_17th(shop, tmp_path)
    assert "had ended" in warnings()[0]


def test_a_closed_case_keeps_when_it_was_solved(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-16 09:00"))
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-16 12:00"))
    close_case(shop, case.number, at=local("2026-11-18 12:00"))
    clock = clocks_of(shop, case.number)["resolution"]
    assert local_text(clock.met_at, shop.zone) == "2026-11-16 12:00"
