"""Several customers with the same trouble."""

from datetime import UTC, datetime, timedelta
from random import Random

from aftersales_cli.clock import to_text
from aftersales_cli.desk.clusters import find_clusters
from aftersales_cli.records.desk_rows import QualityCase

START = datetime(2026, 11, 1, tzinfo=UTC)


def row(
    number: int,
    hours: float,
    *,
    sku: str = "C1",
    product: str = "Cup",
    reason: str = "defect",
    person: str = "",
) -> QualityCase:
    at = to_text(START + timedelta(hours=hours))
    return QualityCase(number, sku, product, reason, "complaint", "new", at, person or f"customer {number}")


def numbers(rows: list[QualityCase], count: int = 3, days: int = 7) -> list[tuple[int, ...]]:
    return [found.numbers for found in find_clusters(rows, count=count, days=days)]


def test_three_within_a_week_are_one_thing() -> None:
    found = find_clusters([row(1, 0), row(2, 24), row(3, 7 * 24)], count=3, days=7)
    assert [
        (entry.sku, entry.reason, entry.numbers, entry.customers, entry.open_cases) for entry in found
    ] == [("C1", "defect", (1, 2, 3), 3, 3)]


def test_a_second_more_than_a_week_is_too_long() -> None:
    assert numbers([row(1, 0), row(2, 24), row(3, 7 * 24 + 1 / 3600)]) == []


def test_two_are_too_few() -> None:
    assert numbers([row(1, 0), row(2, 24)]) == []


def test_one_customer_who_complains_three_times_is_one() -> None:
    assert numbers([row(1, 0, person="a"), row(2, 1, person="a"), row(3, 2, person="b")]) == []


def test_other_products_and_other_reasons_do_not_count_together() -> None:
    assert numbers([row(1, 0), row(2, 1, sku="C2"), row(3, 2, reason="late"), row(4, 3)]) == []


def test_without_a_number_the_title_tells_the_product() -> None:
    assert numbers([row(1, 0, sku=""), row(2, 1, sku=""), row(3, 2, sku="")]) == [(1, 2, 3)]


def test_windows_that_overlap_are_one_run_and_a_later_one_is_another() -> None:
    days = [0, 3, 6, 9, 12, 40, 41, 42]
    rows = [row(index, day * 24) for index, day in enumerate(days, start=1)]
    assert numbers(rows) == [(1, 2, 3, 4, 5), (6, 7, 8)]


def test_every_case_of_a_run_lies_in_a_full_window_and_no_full_window_is_missed() -> None:
    chance = Random(7)
    for _round in range(200):
        rows = [
            row(number, chance.randrange(0, 40 * 24), person=f"p{chance.randrange(8)}")
            for number in range(1, chance.randrange(2, 16))
        ]
        expected = set()
        for start in rows:
            end = to_text(datetime.fromisoformat(start.opened_at) + timedelta(days=7))
            window = [entry for entry in rows if start.opened_at <= entry.opened_at <= end]
            if len({entry.person for entry in window}) >= 3:
                expected |= {entry.number for entry in window}
        assert {number for run in numbers(rows) for number in run} == expected
