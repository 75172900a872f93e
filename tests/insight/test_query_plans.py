"""A month's figures cost what the month costs, however long the history is."""

from aftersales_cli.clock import parse_period
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.insight.breakdowns import products
from aftersales_cli.insight.report import make_report
from aftersales_cli.shop import Shop
from tests.kpi_shop import fill_year

_BY_DAY = ("paid_on", "placed_on", "opened_on", "resolved_on", "due_on", "answered_on")


def _statements(shop: Shop) -> list[str]:
    seen: list[str] = []
    shop.database.conn.set_trace_callback(seen.append)
    make_report(shop, parse_period("2026-10"))
    products(shop, parse_period("2026-10"))
    shop.database.conn.set_trace_callback(None)
    return seen


def test_every_question_about_a_period_is_answered_by_the_index_of_its_day(shop: Shop) -> None:
    fill_year(shop, orders=300)
    statements = _statements(shop)
    by_day = [sql for sql in statements if any(f"f.{name} >= '2026-" in sql for name in _BY_DAY)]
    by_day = [sql for sql in by_day if "f.resolved_at >=" not in sql]
    assert len(by_day) > 30
    for sql in by_day:
        plan = [str(row[3]) for row in fetch_rows(shop.database, "EXPLAIN QUERY PLAN " + sql)]
        ways = [step for step in plan if step.split()[1] in {"f", "orders", "cases"}]
        assert ways, plan
        for way in ways:
            assert "_on>? AND" in way, (way, sql)


def test_open_cases_are_found_by_their_status_and_not_by_reading_all(shop: Shop) -> None:
    fill_year(shop, orders=300)
    for sql in _statements(shop):
        if "f.resolved_at >=" in sql:
            plan = [str(row[3]) for row in fetch_rows(shop.database, "EXPLAIN QUERY PLAN " + sql)]
            assert not any(step.startswith("SCAN f") for step in plan), plan
