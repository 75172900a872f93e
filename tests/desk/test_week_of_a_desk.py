"""Two weeks of a real desk around the National Day of 2026: what its pages say, word for word in both languages.

After a wanted change: RENEW_GOLDEN=1 python -m pytest tests/desk/test_week_of_a_desk.py, then read the diff.
"""

import os
from collections.abc import Iterator

import pytest
from wcwidth import wcswidth

from aftersales_cli.database.cases import list_case_events, list_case_messages
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.incidents import list_members
from aftersales_cli.desk.clocks import derive_case, open_clock_desk
from aftersales_cli.records.desk import SlaClock
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.taxonomy import load_taxonomy
from tests.conftest import RunCli
from tests.desk.week import HERE, Played, play_week

GOLDEN = HERE / "golden"
LINE = 100

# Worked out by hand: the shop is open Mon-Fri 09:00-18:00, closed 1-7 October, works on Sat 10 October to make up
# for it, and from the 3rd on it is known that it opens on the 6th from 10:00 to 14:00. The night shift answers
# WhatsApp from 20:00 to 02:00 every day. "1wd" lasts until the end of the working day after that of the start.
DUE = {
    # Chat on Tue 29 at 09:05, 3 minutes; the bot at 09:06 stops nothing.
    (1, "first_reply", 1, 1): "2026-09-29 09:08",
    # 1wd from Tue 29: Wed 30.
    (1, "resolution", 1, 1): "2026-09-30 18:00",
    # Reopened Fri 9 at 11:00, 1wd: the make-up Saturday.
    (1, "resolution", 2, 1): "2026-10-10 18:00",
    # E-mail Tue 29 at 11:00, 8 h: 7 h until 18:00, 1 h on Wed 30.
    (4, "first_reply", 1, 1): "2026-09-30 10:00",
    # E-mail Tue 6 at 13:00, 8 h: 1 h until 14:00, 7 h on Thu 8.
    (4, "next_reply", 1, 1): "2026-10-08 16:00",
    # L2 Tue 29 at 14:00, 8 h: 4 h that day, 4 h on Wed 30; the limit of 24 h comes later.
    (5, "first_reply", 1, 1): "2026-09-30 13:00",
    # L2, 2wd from Tue 29: Wed 30, Tue 6.
    (5, "resolution", 1, 1): "2026-10-06 14:00",
    # 1wd from Tue 29 at 15:00 = 3 h + 9 h = 12 h; one is used at 16:00, then the customer is waited for until
    # Thu 8 at 10:00: 8 h that day, 3 h on Fri 9.
    (6, "resolution", 1, 1): "2026-10-09 12:00",
    # As it was typed in.
    (7, "platform", 1, 1): "2026-10-01 16:30",
    # L4 Wed 30 at 09:10, 30 minutes of wall time; answered 09:25, then the next word within 4 h.
    (9, "first_reply", 1, 1): "2026-09-30 09:40",
    (9, "update", 1, 1): "2026-09-30 13:25",
    # Said Thu 1 at 10:00 on a holiday, 4 h of wall time.
    (9, "update", 1, 5): "2026-10-01 14:00",
    # Said Sat 3 at 10:00, paused from 10:01 to Thu 8 at 15:00: 1 minute, then 3 h 59 min.
    (9, "update", 1, 6): "2026-10-08 18:59",
    # A complex one, 3wd from Wed 30: Tue 6, Thu 8, Fri 9 at 18:00; 45 minutes of waiting for the photos go on Sat 10.
    (11, "resolution", 1, 1): "2026-10-10 09:45",
    # L3 Wed 30 at 11:30, 2 h of wall time; answered 11:50, then 24 h of wall time.
    (14, "first_reply", 1, 1): "2026-09-30 13:30",
    (14, "update", 1, 1): "2026-10-01 11:50",
    # Praise, 5wd from Wed 30: Tue 6, Thu 8, Fri 9, Sat 10, Mon 12.
    (18, "resolution", 1, 1): "2026-10-12 18:00",
    # E-mail Wed 30 at 17:00, 8 h: 1 h, 4 h on Tue 6, 3 h on Thu 8.
    (21, "first_reply", 1, 1): "2026-10-08 12:00",
    # WhatsApp at 23:30, 30 minutes of the night shift: midnight.
    (23, "first_reply", 1, 1): "2026-10-01 00:00",
    # WhatsApp at 01:50: 10 minutes until 02:00, 20 minutes from 20:00 on.
    (24, "first_reply", 1, 1): "2026-10-01 20:20",
    # L1 Fri 2 at 10:00, a holiday: 24 h of wall time; solved in 3wd: Tue 6, Thu 8, Fri 9.
    (25, "first_reply", 1, 1): "2026-10-03 10:00",
    (25, "resolution", 1, 1): "2026-10-09 18:00",
    # L2 Fri 9 at 17:30, 8 h: 30 minutes, 7 h 30 min on the make-up Saturday; 2wd: Sat 10, Mon 12.
    (29, "first_reply", 1, 1): "2026-10-10 16:30",
    (29, "resolution", 1, 1): "2026-10-12 18:00",
    # Sunday 11, 3 minutes: Mon 12.
    (31, "first_reply", 1, 1): "2026-10-12 09:03",
    # Departments have 8 h: 09:15 → 17:15; 11:40 → 6 h 20 min, 1 h 40 min; Thu 8 12:00 → 6 h, 2 h;
    # Fri 9 17:35 → 25 min, 7 h 35 min on the make-up Saturday. 3 and 5 have a time of their own.
    ("handoff", 1): "2026-09-29 17:15",
    ("handoff", 2): "2026-09-30 10:40",
    ("handoff", 3): "2026-09-30 12:00",
    ("handoff", 4): "2026-10-09 11:00",
    ("handoff", 6): "2026-10-10 16:35",
}
MOVED = {
    # Before and after the shop decided to open on Tue 6: 5wd from Wed 30 without it end on Tue 13, 2wd from Tue 29
    # on Thu 8, 8 h from Wed 30 17:00 on Thu 8 at 16:00, 3wd from the holiday on the make-up Saturday.
    (18, "resolution", 1, 1): ("2026-10-13 18:00", "2026-10-12 18:00"),
    (5, "resolution", 1, 1): ("2026-10-08 18:00", "2026-10-06 14:00"),
    (21, "first_reply", 1, 1): ("2026-10-08 16:00", "2026-10-08 12:00"),
    (25, "resolution", 1, 1): ("2026-10-10 18:00", "2026-10-09 18:00"),
    # 3wd end on the make-up Saturday, the 45 minutes of waiting go on Monday; with the 6th a day earlier.
    (11, "resolution", 1, 1): ("2026-10-12 09:45", "2026-10-10 09:45"),
}


@pytest.fixture(scope="module", params=["en", "zh"])
def week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Play the script once in each language."""
    with pytest.MonkeyPatch.context() as patch:
        yield play_week(tmp_path_factory.mktemp("week"), request.param, patch)


@pytest.fixture
def after(week: Played) -> Iterator[Shop]:
    """Return the shop as the weeks have left it."""
    opened = open_shop(week.folder)
    yield opened
    opened.close()


def test_every_step_ends_as_the_script_says(week: Played) -> None:
    assert week.wrong == []


@pytest.mark.parametrize("name", ["boards", "pages"])
def test_what_was_printed_is_right_word_for_word(week: Played, name: str) -> None:
    path = GOLDEN / f"week_{name}.{week.language}.txt"
    text = "\n".join(week.shown[name])
    if os.environ.get("RENEW_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_promises_end_when_they_do_by_hand(week: Played) -> None:
    due = week.probes["end"]
    assert {key: due.get(key) for key in DUE} == DUE


def test_a_day_that_is_opened_moves_what_is_still_open(week: Played) -> None:
    moments = [week.probes[name] for name in ("before", "after")]
    assert {key: tuple(due[key] for due in moments) for key in MOVED} == MOVED


def test_all_kinds_came_and_most_of_what_can_happen_to_a_case_did(after: Shop) -> None:
    rows = fetch_rows(after.database, "SELECT kind, severity FROM cases")
    assert len(rows) >= 30
    assert {kind for kind, _severity in rows} == set(load_taxonomy("kinds").terms)
    assert {severity for _kind, severity in rows} == set(load_taxonomy("severities").terms)
    happened = {row[0] for row in fetch_rows(after.database, "SELECT DISTINCT type FROM case_events")}
    assert happened >= {
        "opened", "sorted", "triaged", "assigned", "started", "replied", "heard", "waiting", "waits_until", "resumed",
        "handed_off", "handoff_answered", "handoff_withdrawn", "escalated", "sla_warned", "resolved", "confirmed",
        "closed", "timed_out", "reopened", "cancelled", "merged", "took_in", "split", "linked", "follow_up",
        "incident_joined", "typical",
    }  # fmt: skip


def test_one_batch_of_broken_cups_is_one_incident(after: Shop) -> None:
    members = {member.number for member in list_members(after.database, 1)}
    assert members == {11, 12, 13, 14}
    said = {list_case_messages(after.database, number)[-1].case_number for number in members}
    assert said == members


def test_what_the_register_brought_back_is_in_the_cases(after: Shop) -> None:
    actors = {event.actor for event in list_case_events(after.database, 28)}
    assert "lan" in actors
    statuses = dict(
        fetch_rows(after.database, "SELECT number, status FROM cases WHERE number IN (8, 12, 28)")
    )
    assert statuses == {8: "resolved", 12: "closed", 28: "in_progress"}


def test_no_row_of_the_daily_lists_is_too_wide(week: Played) -> None:
    verbs = ("> sla show", "> cases list", "> cases complaints", "> cases incidents list")
    lists = [text for text in week.shown["boards"] if any(verb in text for verb in verbs)]
    assert len(lists) >= 7
    assert max(wcswidth(line) for text in lists for line in text.splitlines()) <= LINE


def test_a_process_of_its_own_prints_the_same_page(week: Played, run_cli: RunCli) -> None:
    page = run_cli("cases", "show", "9", cwd=week.folder, env={"AFTERSALES_NOW": "2026-10-12T09:10:00Z"})
    assert page.returncode == 0, page.stderr
    shown = next(text for text in week.shown["pages"] if "cases show 9" in text)
    # Nothing has happened to it since the page was printed.
    assert page.stdout == shown.partition("\n\n")[2]


def test_the_clocks_on_record_are_those_of_the_history(after: Shop) -> None:
    desk = open_clock_desk(after)
    for (number,) in fetch_rows(after.database, "SELECT number FROM cases ORDER BY number"):
        derived = derive_case(desk, int(str(number)))
        assert derived is not None
        # What had ended before a day was opened keeps the deadline it had.
        assert lately_ended(derived.clocks) == lately_ended(derived.stored)


def lately_ended(clocks: list[SlaClock]) -> list[SlaClock]:
    """Return the clocks that ran when the shop decided to open on the 6th, or later."""
    running = [
        clock for clock in clocks if (clock.met_at or clock.stopped_at or "9") > "2026-10-03T04:00:00Z"
    ]
    return sorted(running, key=lambda clock: (clock.metric, clock.cycle, clock.turn))
