"""The clocks of a case: each of the nine rules under its number, and each metric."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aftersales_cli.clock import from_text, local_text, to_text
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.database.sla import list_case_clocks, list_sla_versions
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.clocks import refresh_clocks
from aftersales_cli.desk.ending import cancel_case, reopen_case, resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.desk.sla_deriving import clock_state
from aftersales_cli.desk.sla_explaining import explain_case
from aftersales_cli.desk.steps import record_event
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.desk.sla_helpers import add_message, set_status, write_settings

Local = Callable[[str], datetime]


def clocks_of(shop: Shop, number: int) -> dict[tuple[str, int, int], SlaClock]:
    found = list_case_clocks(shop.database, number)
    return {(clock.metric, clock.cycle, clock.turn): clock for clock in found}


def due_of(shop: Shop, clock: SlaClock) -> str:
    return local_text(clock.due_at, shop.zone)


def later(shop: Shop, moment: str, local: Local) -> Shop:
    """Return the same shop at another moment."""
    return Shop(shop.folder, shop.settings, shop.database, local(moment), shop.agent, shop.language)


def test_a_case_has_its_clocks_as_soon_as_it_is_opened(shop: Shop, local: Local) -> None:
    case = open_case(shop, kind="inquiry", say="Where is it?", at=local("2026-11-20 17:30"))
    clocks = clocks_of(shop, case.number)
    assert set(clocks) == {("first_reply", 1, 1), ("resolution", 1, 1)}
    assert due_of(shop, clocks["first_reply", 1, 1]) == "2026-11-20 17:33"
    # One working day: until the end of the working day after that of the start.
    assert due_of(shop, clocks["resolution", 1, 1]) == "2026-11-23 18:00"
    assert clocks["resolution", 1, 1].target_seconds == 9.5 * 3600


def test_rule_1_the_make_up_day_counts(shop_folder: Path, local: Local) -> None:
    shop = open_shop(shop_folder)
    case = open_case(shop, kind="complaint", severity="L2", say="!", at=local("2026-10-09 17:30"))
    shop.close()
    clocks = clocks_of(open_shop(shop_folder), case.number)
    assert due_of(shop, clocks["first_reply", 1, 1]) == "2026-10-10 16:30"
    assert due_of(shop, clocks["resolution", 1, 1]) == "2026-10-12 18:00"


def test_rule_2_pauses_are_subtracted_and_never_added_to_the_start(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="Broken", channel="email", at=local("2026-11-16 09:00"))
    reply_case(shop, case.number, "A photo, please", at=local("2026-11-16 09:30"))
    set_status(shop, case.number, "waiting_customer", at=local("2026-11-16 10:00"))
    paused = clocks_of(shop, case.number)["resolution", 1, 1]
    assert (paused.due_at, paused.is_paused, clock_state(paused, shop.stamp)) == (None, True, "paused")
    set_status(shop, case.number, "in_progress", at=local("2026-11-17 11:00"))
    clock = clocks_of(shop, case.number)["resolution", 1, 1]
    assert clock.started_at == case.opened_at
    assert clock.paused_seconds == 10 * 3600
    assert due_of(shop, clock) == "2026-11-19 10:00"


@pytest.mark.parametrize(
    ("status", "pauses"),
    [("waiting_customer", True), ("waiting_platform", True), ("waiting_internal", False)],
)
def test_waiting_for_others_pauses_waiting_for_ourselves_does_not(
    shop: Shop, local: Local, status: str, pauses: bool
) -> None:
    case = open_case(shop, say="Broken", at=local("2026-11-16 09:00"))
    reply_case(shop, case.number, "We look", at=local("2026-11-16 09:01"))
    set_status(shop, case.number, status, at=local("2026-11-16 10:00"))
    clocks = clocks_of(shop, case.number)
    assert {clocks[name, 1, 1].is_paused for name in ("resolution", "update")} == {pauses}
    assert not clocks["first_reply", 1, 1].is_paused


def test_rule_3_a_calendar_without_an_open_second_in_60_days_is_refused(shop: Shop) -> None:
    write_settings(shop.folder, "calendar.toml", ('"09:00-18:00"', '""'))
    with pytest.raises(WrongUsageError, match=r"business\.hours"):
        check_clocks(shop)


@pytest.mark.parametrize("author", ["bot", "system"])
def test_rule_4_bots_never_stop_the_first_reply_clock(shop: Shop, local: Local, author: str) -> None:
    case = open_case(shop, say="Hello?", at=local("2026-11-20 10:00"))
    reply_case(shop, case.number, "Dear customer …", author_type=author, at=local("2026-11-20 10:00"))
    assert clocks_of(shop, case.number)["first_reply", 1, 1].met_at is None
    reply_case(shop, case.number, "Hello, this is Lan", at=local("2026-11-20 10:02"))
    clock = clocks_of(shop, case.number)["first_reply", 1, 1]
    assert local_text(clock.met_at, shop.zone) == "2026-11-20 10:02"
    assert clock_state(clock, shop.stamp) == "met"


def test_rule_5_a_late_or_repeated_look_gives_the_same_rows(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="Hello?", at=local("2026-11-16 10:00"))
    reply_case(shop, case.number, "Hello", at=local("2026-11-16 10:10"))
    set_status(shop, case.number, "waiting_customer", at=local("2026-11-16 11:00"))
    add_message(shop, case.number, "in", at=local("2026-11-17 09:00"))
    set_status(shop, case.number, "in_progress", at=local("2026-11-17 09:00"))
    reply_case(shop, case.number, "Thank you", at=local("2026-11-17 09:10"))
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-17 15:00"))
    first = list_case_clocks(shop.database, case.number)
    assert first
    much_later = later(shop, "2028-01-01 00:00", local)
    with much_later.writing("cases.note"):
        refresh_clocks(much_later, [case.number])
        refresh_clocks(much_later, [case.number])
    assert list_case_clocks(shop.database, case.number) == first
    with shop.writing("cases.note"):
        execute(shop.database, "DELETE FROM sla_clocks")
        execute(shop.database, "DELETE FROM sla_seen")
        refresh_clocks(much_later, [case.number])
    assert list_case_clocks(shop.database, case.number) == first
    assert clock_state(first[0], shop.stamp) == clock_state(first[0], much_later.stamp) == "missed"


def test_rule_6_open_clocks_keep_their_policies_until_they_are_recomputed(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="Hello?", at=local("2026-11-20 10:00"))
    write_settings(shop.folder, "sla.toml", ('target = "3min"', 'target = "2h"'))
    changed = later(shop, "2026-11-20 10:30", local)
    newer = open_case(changed, say="Another", at=local("2026-11-20 10:30"))
    assert [entry.version for entry in list_sla_versions(shop.database)] == [1, 2]
    reply_case(changed, newer.number, "Yes?", at=local("2026-11-20 10:30"))
    kept = clocks_of(shop, case.number)["first_reply", 1, 1]
    assert (kept.version, due_of(shop, kept)) == (1, "2026-11-20 10:03")
    assert clocks_of(shop, newer.number)["first_reply", 1, 1].target_seconds == 7200
    assert check_clocks(changed).recomputed == []

    rehearsal = Shop(
        shop.folder, shop.settings, shop.database, changed.now, shop.agent, shop.language, dry_run=True
    )
    proposed = check_clocks(rehearsal, recompute=True).recomputed
    assert clocks_of(shop, case.number)["first_reply", 1, 1].due_at == kept.due_at
    (change,) = [entry for entry in proposed if entry.case_number == case.number]
    assert (change.metric, local_text(change.due_before, shop.zone), local_text(change.due_after, shop.zone)) == (
        "first_reply", "2026-11-20 10:03", "2026-11-20 12:00",
    )  # fmt: skip

    assert check_clocks(changed, recompute=True).recomputed == proposed
    moved = clocks_of(shop, case.number)["first_reply", 1, 1]
    assert (moved.version, due_of(shop, moved)) == (2, "2026-11-20 12:00")
    assert check_clocks(changed, recompute=True).recomputed == []


def test_a_clock_that_policies_no_longer_know_goes_with_recompute_and_stays_away(
    shop: Shop, local: Local
) -> None:
    case = open_case(shop, say="Hello?", at=local("2026-11-20 10:00"))
    write_settings(shop.folder, "sla.toml", ('target = "3min"', 'target = "none"'))
    check_clocks(later(shop, "2026-11-20 10:01", local), recompute=True)
    assert ("first_reply", 1, 1) not in clocks_of(shop, case.number)
    reply_case(shop, case.number, "Yes?", at=local("2026-11-20 11:00"))
    # What was promised when it began decides about a clock that has ended.
    assert clocks_of(shop, case.number)["first_reply", 1, 1].version == 1


def test_rule_7_reopening_starts_cycle_2_and_keeps_cycle_1(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="Broken", at=local("2026-11-16 09:00"))
    reply_case(shop, case.number, "Sorry", at=local("2026-11-16 09:02"))
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-16 12:00"))
    before = clocks_of(shop, case.number)
    reopen_case(shop, case.number, reason="again", at=local("2026-11-18 10:00"))
    after = clocks_of(shop, case.number)
    assert {key: after[key] for key in before} == before
    assert local_text(after["resolution", 1, 1].met_at, shop.zone) == "2026-11-16 12:00"
    second = after["resolution", 2, 1]
    assert (local_text(second.started_at, shop.zone), due_of(shop, second)) == (
        "2026-11-18 10:00",
        "2026-11-19 18:00",
    )
    assert ("first_reply", 2, 1) not in after


def test_rule_8_explain_shows_the_deadline_window_by_window(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="x", channel="email", at=local("2026-11-20 17:00"))
    story = explain_case(shop, case.number).clocks[0]
    assert [
        (local_text(step.start, shop.zone), step.open_seconds, step.total_seconds) for step in story.walk
    ] == [
        ("2026-11-20 17:00", 3600, 3600),
        ("2026-11-23 09:00", 7 * 3600, 8 * 3600),
    ]
    assert story.walk[-1].total_seconds == story.clock.target_seconds
    assert (story.clock.policy, story.match, story.target) == ("mail", {"channel": ["email", "form"]}, "8h")


def test_rule_9_a_year_without_confirmed_holidays_warns(shop: Shop, local: Local) -> None:
    assert check_clocks(shop).warnings == []
    open_case(later(shop, "2026-12-31 17:30", local), say="x", channel="email")
    (warning,) = check_clocks(later(shop, "2026-12-31 17:45", local)).warnings
    assert warning.startswith("2027: the holidays and make-up days of CN are not confirmed yet")
    (story, _other) = explain_case(later(shop, "2026-12-31 17:45", local), 1).clocks
    assert story.warnings == [warning]


def test_no_first_reply_clock_runs_where_none_is_expected(shop: Shop, local: Local) -> None:
    case = open_case(shop, channel="phone", say="Called", at=local("2026-11-20 10:00"))
    assert set(clocks_of(shop, case.number)) == {("resolution", 1, 1), ("update", 1, 1)}


def test_an_answer_given_in_the_chat_window_stops_the_clock(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-20 10:00"), answered_at=local("2026-11-20 10:02"))
    clocks = clocks_of(shop, case.number)
    assert clock_state(clocks["first_reply", 1, 1], shop.stamp) == "met"
    assert local_text(clocks["update", 1, 1].started_at, shop.zone) == "2026-11-20 10:02"


def test_each_unanswered_message_of_the_customer_starts_a_turn(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-20 10:00"))
    add_message(shop, case.number, "in", at=local("2026-11-20 10:01"))  # still the first reply's
    reply_case(shop, case.number, "Hello", at=local("2026-11-20 10:02"))
    add_message(shop, case.number, "in", at=local("2026-11-20 11:00"))
    add_message(shop, case.number, "in", at=local("2026-11-20 11:01"))
    add_message(shop, case.number, "out", author="bot", at=local("2026-11-20 11:01"))
    reply_case(shop, case.number, "Yes", at=local("2026-11-20 11:05"))
    add_message(shop, case.number, "in", at=local("2026-11-20 12:00"))
    turns = {key[2]: clock for key, clock in clocks_of(shop, case.number).items() if key[0] == "next_reply"}
    assert [
        (local_text(c.started_at, shop.zone), local_text(c.met_at, shop.zone)) for c in turns.values()
    ] == [
        ("2026-11-20 11:00", "2026-11-20 11:05"),
        ("2026-11-20 12:00", "–"),
    ]
    assert clock_state(turns[1], shop.stamp) == "missed"


def test_a_message_after_the_end_counts_from_the_reopening(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-20 10:00"))
    reply_case(shop, case.number, "Hello", at=local("2026-11-20 10:02"))
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-20 10:30"))
    add_message(shop, case.number, "in", at=local("2026-11-20 11:00"))
    assert not [key for key in clocks_of(shop, case.number) if key[0] == "next_reply"]
    reopen_case(shop, case.number, reason="again", at=local("2026-11-20 14:00"))
    clock = clocks_of(shop, case.number)["next_reply", 2, 1]
    assert local_text(clock.started_at, shop.zone) == "2026-11-20 14:00"


def test_the_customer_is_kept_informed_on_an_open_case(shop: Shop, local: Local) -> None:
    case = open_case(shop, say="?", at=local("2026-11-16 10:00"))
    assert ("update", 1, 1) not in clocks_of(shop, case.number)
    reply_case(shop, case.number, "Hello", at=local("2026-11-16 10:02"))
    reply_case(shop, case.number, "Still looking", at=local("2026-11-17 16:00"))
    clocks = clocks_of(shop, case.number)
    first, second = clocks["update", 1, 1], clocks["update", 1, 2]
    assert (clock_state(first, shop.stamp), due_of(shop, first)) == ("met", "2026-11-17 18:00")
    assert due_of(shop, second) == "2026-11-18 18:00"
    resolve_case(shop, case.number, cause="packaging", at=local("2026-11-18 10:00"))
    assert clock_state(clocks_of(shop, case.number)["update", 1, 2], shop.stamp) == "stopped"


@pytest.mark.parametrize("verb", ["cancel", "merge"])
def test_cancelled_and_merged_cases_stop_their_clocks(shop: Shop, local: Local, verb: str) -> None:
    case = open_case(shop, say="?", at=local("2026-11-20 10:00"))
    if verb == "cancel":
        cancel_case(shop, case.number, "spam", at=local("2026-11-20 10:01"))
    else:
        set_status(shop, case.number, "merged", at=local("2026-11-20 10:01"))
    clocks = clocks_of(shop, case.number).values()
    assert {(clock.met_at, local_text(clock.stopped_at, shop.zone)) for clock in clocks} == {
        (None, "2026-11-20 10:01")
    }
    assert {clock_state(clock, shop.stamp) for clock in clocks} == {"stopped"}


def test_what_a_case_became_later_does_not_judge_a_clock_that_has_ended(shop: Shop, local: Local) -> None:
    case = open_case(shop, kind="complaint", severity="L1", say="?", at=local("2026-11-16 10:00"))
    reply_case(shop, case.number, "Sorry", at=local("2026-11-16 15:00"))
    with changing(shop, "cases.note", case.number):
        execute(shop.database, "UPDATE cases SET severity = 'L3' WHERE number = :n", {"n": case.number})
        record_event(
            shop,
            case.number,
            "changed",
            at=to_text(local("2026-11-16 16:00")),
            field="severity",
            before="L1",
            after="L3",
        )
    clocks = clocks_of(shop, case.number)
    assert (clocks["first_reply", 1, 1].policy, clock_state(clocks["first_reply", 1, 1], shop.stamp)) == (
        "complaint", "met",
    )  # fmt: skip
    assert clocks["resolution", 1, 1].policy == "complaint-serious"


@pytest.mark.parametrize("severity", ["L1", "L2", "L3", "L4"])
def test_complaints_are_acknowledged_within_a_day_whatever_the_calendar(
    shop: Shop, local: Local, severity: str
) -> None:
    # The first day of a week of holidays.
    case = open_case(
        shop, kind="complaint", severity=severity, say="!", channel="email", at=local("2026-10-01 08:00")
    )
    clock = clocks_of(shop, case.number)["first_reply", 1, 1]
    assert clock.due_at is not None
    assert from_text(clock.due_at) - from_text(clock.started_at) <= timedelta(hours=24)


def test_a_typed_deadline_runs_on_wall_time_until_the_case_is_handed_on(shop: Shop, local: Local) -> None:
    case = open_case(
        shop, kind="return", say="?", at=local("2026-11-21 10:00"), platform_due=local("2026-11-23 10:00")
    )
    clock = clocks_of(shop, case.number)["platform", 1, 1]
    assert (clock.policy, clock.calendar, clock.target_seconds) == ("platform-due", "wall", 48 * 3600)
    reply_case(shop, case.number, "We look", at=local("2026-11-21 10:05"))
    assert clocks_of(shop, case.number)["platform", 1, 1].met_at is None
    set_status(shop, case.number, "waiting_customer", at=local("2026-11-21 12:00"))
    assert local_text(clocks_of(shop, case.number)["platform", 1, 1].met_at, shop.zone) == "2026-11-21 12:00"


def test_a_marketplaces_own_limit_is_a_clock(shop: Shop, add_order: Callable[..., int], local: Local) -> None:
    add_order("111-1", storefront="amazon")
    case = open_case(shop, kind="return", order="111-1", say="?", at=local("2026-11-21 10:00"))
    assert clocks_of(shop, case.number)["platform", 1, 1].target_seconds == 48 * 3600
    story = next(s for s in explain_case(shop, case.number).clocks if s.clock.metric == "platform")
    assert (story.certainty, "201887610" in story.source) == ("B", True)


def test_check_warns_once_and_passes_up_once(shop: Shop, local: Local) -> None:
    add_agent(shop, "mei", name="梅", role="manager")
    case = open_case(shop, say="?", channel="email", at=local("2026-11-20 09:00"))
    near = later(shop, "2026-11-20 16:00", local)
    assert (check_clocks(near).warned, check_clocks(near).warned) == (1, 0)
    (event,) = [e for e in list_case_events(shop.database, case.number) if e.type == "sla_warned"]
    assert (event.field, local_text(event.after, shop.zone)) == ("first_reply", "2026-11-20 17:00")
    late = later(shop, "2026-11-20 17:00:01", local)
    first, second = check_clocks(late), check_clocks(late)
    assert (first.escalated, second.escalated) == ([case.number], [])
    assert [clock.metric for clock in second.missed] == ["first_reply"]
    assert fetch_value(shop.database, "SELECT escalation FROM cases") == 1
    (told,) = [e for e in list_case_events(shop.database, case.number) if e.type == "escalated"]
    assert (told.before, told.note) == ("first_reply", "")


def test_one_check_passes_a_case_up_once_however_many_promises_are_late(shop: Shop, local: Local) -> None:
    open_case(shop, say="?", at=local("2026-11-16 09:00"))
    result = check_clocks(shop)
    assert (len(result.missed), result.escalated) == (2, [1])
    assert fetch_value(shop.database, "SELECT escalation FROM cases") == 1


def test_the_policy_names_whom_to_tell_and_the_chain_if_nobody_is_there(shop: Shop, local: Local) -> None:
    write_settings(shop.folder, "sla.toml", ('escalate_to = ""', 'escalate_to = "lan"'))
    open_case(shop, say="?", at=local("2026-11-20 09:00"))
    check_clocks(shop)
    add_agent(shop, "lan", name="小兰")
    open_case(shop, say="?", at=local("2026-11-20 09:00"))
    check_clocks(shop)
    told = [
        [e.after for e in list_case_events(shop.database, number) if e.type == "escalated"]
        for number in (1, 2)
    ]
    assert told == [["owner"], ["lan"]]


def test_a_pause_told_late_moves_a_clock_behind_its_warning_which_is_given_again(
    shop: Shop, local: Local
) -> None:
    case = open_case(shop, say="?", channel="email", at=local("2026-11-16 09:00"))
    reply_case(shop, case.number, "A photo?", at=local("2026-11-16 09:30"))
    assert check_clocks(later(shop, "2026-11-17 15:00", local)).warned
    set_status(shop, case.number, "waiting_customer", at=local("2026-11-17 12:00"))
    set_status(shop, case.number, "in_progress", at=local("2026-11-20 09:00"))
    assert clocks_of(shop, case.number)["resolution", 1, 1].warned_at is None


def test_a_broken_file_stops_no_work_but_the_check_names_it(shop: Shop, local: Local) -> None:
    open_case(shop, say="?", at=local("2026-11-20 09:00"))
    path = shop.folder / "templates" / "settings" / "sla.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[[policy]\n", encoding="utf-8")
    second = open_case(shop, say="again", at=local("2026-11-20 09:00"))
    assert clocks_of(shop, second.number)
    with pytest.raises(FileError, match=r"sla\.toml"):
        check_clocks(shop)
