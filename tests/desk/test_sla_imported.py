"""Clocks of cases that platforms' files brought: derived by the check, never in the way of an undo."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from aftersales_cli.clock import local_text, to_text
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.clock_counts import count_clocks
from aftersales_cli.database.fetch import execute, fetch_value, insert
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.answering import reply_case
from aftersales_cli.desk.sla_checking import check_clocks
from aftersales_cli.desk.sla_deriving import clock_state
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront
from tests.intake.test_golden_files import marketplace_file

Local = Callable[[str], datetime]
AddCase = Callable[..., int]


@pytest.fixture
def add_case(shop: Shop) -> AddCase:
    """Return a function that adds a platform's case as an import leaves it."""
    storefront = add_storefront(shop, "taobao", platform="taobao").id

    def add(opened: datetime, status: str = "new", *, ended: datetime | None = None) -> int:
        values: dict[str, object] = {
            "storefront": storefront,
            "opened": to_text(opened),
            "status": status,
            "day": "2026-11-16",
        }
        values["ended"] = to_text(ended) if ended else None
        with shop.writing("orders.import"):
            number = insert(
                shop.database,
                "INSERT INTO cases (kind, channel, origin, storefront_id, order_external_id, external_id, severity, "
                "status, status_raw, title, opened_at, opened_on, reason_first, reason_final, reason_raw, resolved_at, "
                "closed_at) VALUES ('refund_only', 'platform_file', 'platform', :storefront, '1', '1', 'normal', "
                ":status, '', 'x', :opened, :day, '', '', '', :ended, :ended)",
                values,
            )
            _imported(shop, number, "", status, at=opened)
        return number

    return add


def _imported(shop: Shop, number: int, before: str, after: str, *, at: datetime) -> None:
    execute(
        shop.database,
        "INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after) "
        "SELECT :n, coalesce(max(seq), 0) + 1, :at, :now, 'import', 'imported', 'status', :before, :after "
        "FROM case_events WHERE case_number = :n",
        {"n": number, "at": to_text(at), "now": shop.stamp, "before": before, "after": after},
    )


def test_the_check_makes_the_missing_clocks_of_imported_cases(
    shop: Shop, add_case: AddCase, local: Local
) -> None:
    number = add_case(local("2026-11-19 10:00"))
    assert list_case_clocks(shop.database, number) == []
    assert check_clocks(shop).refreshed == 1
    (clock,) = list_case_clocks(shop.database, number)
    assert (clock.metric, local_text(clock.due_at, shop.zone)) == ("resolution", "2026-11-20 18:00")
    assert check_clocks(shop).refreshed == 0


def test_an_untouched_imported_case_is_listed_but_not_passed_up(
    shop: Shop, add_case: AddCase, local: Local
) -> None:
    number = add_case(local("2026-11-16 10:00"))
    result = check_clocks(shop)
    assert ([clock.case_number for clock in result.missed], result.escalated) == ([number], [])
    assert {event.type for event in list_case_events(shop.database, number)} == {"imported"}
    assert count_clocks(shop.database, shop.stamp).missed == 1


def test_one_we_work_on_is_passed_up(shop: Shop, add_case: AddCase, local: Local) -> None:
    number = add_case(local("2026-11-16 10:00"))
    reply_case(shop, number, "We look", at=local("2026-11-16 11:00"))
    assert check_clocks(shop).escalated == [number]


def test_a_file_that_ends_a_case_ends_its_clocks_by_the_files_time(
    shop: Shop, add_case: AddCase, local: Local
) -> None:
    number = add_case(local("2026-11-16 10:00"))
    check_clocks(shop)
    with shop.writing("orders.import"):
        ended = to_text(local("2026-11-17 12:00"))
        execute(
            shop.database,
            "UPDATE cases SET status = 'closed', resolved_at = :ended, closed_at = :ended WHERE number = :n",
            {"ended": ended, "n": number},
        )
        _imported(shop, number, "new", "closed", at=local("2026-11-21 10:00"))
    assert check_clocks(shop).refreshed == 1
    (clock,) = list_case_clocks(shop.database, number)
    assert (local_text(clock.met_at, shop.zone), clock_state(clock, shop.stamp)) == (
        "2026-11-17 12:00",
        "met",
    )


def test_an_import_whose_cases_the_check_has_seen_can_be_undone(shop: Shop, tmp_path: Path) -> None:
    imported = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    result = check_clocks(shop)
    assert result.refreshed
    assert result.missed
    undo(shop, imported.import_id)
    assert fetch_value(shop.database, "SELECT count(*) FROM sla_clocks") == 0
    assert fetch_value(shop.database, "SELECT count(*) FROM sla_seen") == 0
