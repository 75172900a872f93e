"""The KPI workbook: summary, trends, cases, products and definitions of one period."""

from pathlib import Path

from openpyxl.workbook import Workbook

from aftersales_cli.access import require
from aftersales_cli.clock import Period
from aftersales_cli.insight.breakdowns import products
from aftersales_cli.insight.findings import findings_of
from aftersales_cli.insight.report import make_report
from aftersales_cli.language import _
from aftersales_cli.reports.kpi_cases import add_cases
from aftersales_cli.reports.kpi_definitions import add_definitions
from aftersales_cli.reports.kpi_products import add_products
from aftersales_cli.reports.kpi_summary import add_summary
from aftersales_cli.reports.kpi_trends import add_trends
from aftersales_cli.reports.workbook import new_workbook, require_workbook_name, save
from aftersales_cli.shop import Shop

TREND_MONTHS = 12


def kpi_path(shop: Shop, period: Period) -> Path:
    """Return where a period's workbook stands, e.g. ``outbox/KPI-2026-11.xlsx``."""
    return shop.folder / "outbox" / f"KPI-{period.label.replace('..', '_')}.xlsx"


def build_kpi_workbook(shop: Shop, period: Period) -> Workbook:
    """Measure a period and put everything into a workbook."""
    report = make_report(shop, period, months=TREND_MONTHS)
    listed = products(shop, period)
    book = new_workbook(shop, _("KPI {period}", period=period.label))
    add_summary(shop, book, report, findings_of(shop, report))
    add_trends(shop, book, report)
    add_cases(shop, book, report)
    add_products(book, report, listed)
    add_definitions(shop, book, report)
    return book


def export_kpi_workbook(shop: Shop, period: Period, *, path: Path | None = None) -> Path:
    """Write the workbook and return where it stands; a dry run writes nothing.

    Raises RefusedError if the role may not, WrongUsageError for a name that is not that of a workbook,
    FileError if it cannot be written.
    """
    require("kpi.export", shop.agent.role)
    wanted = path or kpi_path(shop, period)
    require_workbook_name(wanted)
    written = save(shop, build_kpi_workbook(shop, period), wanted)
    with shop.writing("kpi.export", f"period:{period.label}"):
        pass
    return written
