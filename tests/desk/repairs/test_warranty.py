"""Whether a piece is in warranty: the arithmetic, to the day."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.desk.repairs.warranty import (
    choose_start,
    count_failed,
    count_rounds,
    explain_warranty,
    judge_warranty,
)
from tests.desk.repairs.helpers import a_repair

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("since", "start", "months", "on", "verdict", "until"),
    [
        ("delivered", "2025-11-22", 12, "2026-11-22", "in", "2026-11-22"),
        ("delivered", "2025-11-22", 12, "2026-11-23", "out", "2026-11-22"),
        ("delivered", "2025-08-31", 6, "2026-02-28", "in", "2026-02-28"),
        ("delivered", "2025-08-31", 6, "2026-03-01", "out", "2026-02-28"),
        ("delivered", "2024-02-29", 12, "2025-02-28", "in", "2025-02-28"),
        ("given", "2025-11-22", 24, "2027-11-22", "in", "2027-11-22"),
        ("given", "2025-11-22", 24, "2027-11-23", "out", "2027-11-22"),
        ("finished", "2025-11-22", 12, "2026-11-23", "out", "2026-11-22"),
        # Without the day of delivery an end that is near is not certain.
        ("paid", "2025-11-22", 12, "2026-11-22", "in", "2026-11-22"),
        ("paid", "2025-11-22", 12, "2026-11-23", "unknown", "2026-11-22"),
        ("paid", "2025-11-22", 12, "2026-12-22", "unknown", "2026-11-22"),
        ("paid", "2025-11-22", 12, "2026-12-23", "out", "2026-11-22"),
    ],
)
def test_the_last_day_counts(since: str, start: str, months: int, on: str, verdict: str, until: str) -> None:
    found = judge_warranty(
        since, date.fromisoformat(start), months, earlier=[], on=date.fromisoformat(on), zone=ZONE
    )
    assert (found.verdict, str(found.until)) == (verdict, until)


def test_without_any_day_nothing_is_guessed() -> None:
    found = judge_warranty("unknown", None, 12, earlier=[], on=date(2026, 11, 22), zone=ZONE)
    assert (found.verdict, found.until, found.months) == ("unknown", None, None)


def test_days_in_earlier_repairs_lengthen_the_warranty() -> None:
    """Received on 1 March, back on 10 March in Shanghai: nine days more."""
    earlier = [
        a_repair(status="done", received_at="2026-03-01T02:00:00Z", shipped_at="2026-03-09T17:00:00Z", id=3)
    ]
    found = judge_warranty(
        "delivered", date(2025, 11, 22), 12, earlier=earlier, on=date(2026, 12, 1), zone=ZONE
    )
    assert (found.verdict, found.added, str(found.until)) == ("in", 9, "2026-12-01")


@pytest.mark.parametrize(("on", "verdict"), [("2026-11-30", "in"), ("2026-12-01", "out")])
def test_a_repaired_piece_has_to_work_for_thirty_days(on: str, verdict: str) -> None:
    earlier = [a_repair(status="done", received_at=None, shipped_at="2026-10-31T02:00:00Z")]
    found = judge_warranty(
        "delivered", date(2025, 1, 1), 12, earlier=earlier, on=date.fromisoformat(on), zone=ZONE
    )
    assert (found.verdict, str(found.until)) == (verdict, "2026-11-30")


def test_that_holds_without_an_order_too() -> None:
    earlier = [a_repair(status="done", shipped_at="2026-10-31T02:00:00Z")]
    found = judge_warranty("unknown", None, 12, earlier=earlier, on=date(2026, 11, 30), zone=ZONE)
    assert (found.verdict, str(found.until)) == ("in", "2026-11-30")
    later = judge_warranty("unknown", None, 12, earlier=earlier, on=date(2026, 12, 1), zone=ZONE)
    assert (later.verdict, later.until) == ("unknown", None)


def test_the_first_known_moment_of_the_order_counts_in_local_days() -> None:
    moments = [("delivered", None), ("finished", "2026-03-01T17:00:00Z"), ("paid", "2026-02-01T00:00:00Z")]
    assert choose_start(moments, ZONE) == ("finished", date(2026, 3, 2))
    assert choose_start([("delivered", None)], ZONE) == ("unknown", None)


def test_only_repairs_that_were_carried_out_count() -> None:
    earlier = [
        a_repair(status=status, kind=kind, warranty=warranty)
        for status, kind, warranty in [
            ("done", "repair", "in"),
            ("shipped_back", "repair", "out"),
            ("unrepairable", "repair", "in"),
            ("declined", "repair", "in"),
            ("solved_remotely", "repair", "in"),
            ("done", "maintenance", "unknown"),
        ]
    ]
    assert count_rounds(earlier) == 4
    assert count_failed(earlier) == 2


def test_the_arithmetic_is_written_line_by_line() -> None:
    repair = a_repair(
        warranty="in",
        warranty_since="delivered",
        warranty_from="2025-11-22",
        warranty_months=12,
        warranty_added=9,
        warranty_until="2026-12-15",
        booked_at="2026-11-22T01:00:00Z",
    )
    assert explain_warranty(repair, ZONE) == [
        "delivered 2025-11-22 + 12 months = 2026-11-22",
        "+ 9 days in earlier repairs = 2026-12-01",
        "the last repair has to hold 30 days: until 2026-12-15",
        "told on 2026-11-22: within the warranty",
    ]
    uncovered = replace(repair, warranty="out", not_covered="water")
    assert explain_warranty(uncovered, ZONE)[-1] == "not covered: water"
    unknown = a_repair(warranty="unknown", warranty_from=None, warranty_until=None)
    assert explain_warranty(unknown, ZONE) == [
        "neither the order nor an earlier repair tells when it was bought"
    ]
