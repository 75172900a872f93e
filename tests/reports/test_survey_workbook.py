"""The workbook of survey invitations: one row a customer, everything to paste, nothing that was not to be sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.customers.surveys.inviting import invite_customers
from aftersales_cli.customers.surveys.sending import note_sent
from aftersales_cli.database.fetch import execute, fetch_value
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import use_language
from aftersales_cli.reports.survey_workbook import export_invitations
from aftersales_cli.shop import Shop

TODAY = date(2026, 11, 22)


def cells(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def invited(shop: Shop) -> Iterator[Shop]:
    """A Chinese and a German customer with a resolved case each, invited today."""
    with shop.writing("cases.open"):
        for number, (name, phone, country) in enumerate(
            (("=Lin", "13800000000", "CN"), ("Ann", "+49 30 1234567", "DE")), start=1
        ):
            execute(
                shop.database,
                "INSERT INTO customers (name, phone, country, created_at) VALUES (:name, :phone, :country, :now)",
                {"name": name, "phone": phone, "country": country, "now": shop.stamp},
            )
            execute(
                shop.database,
                "INSERT INTO cases (kind, channel, origin, customer_id, status, title, opened_at, opened_on, "
                "resolved_at, resolved_on, resolution) VALUES ('return', 'phone', 'own', :n, 'closed', 'x', :now, "
                "'2026-11-18', :now, '2026-11-20', 'refunded')",
                {"n": number, "now": shop.stamp},
            )
    invite_customers(shop, TODAY)
    yield shop
    use_language("en")


def test_each_row_has_the_way_the_text_and_the_code(invited: Shop) -> None:
    exported = export_invitations(invited, TODAY)
    assert exported.path == invited.folder / "outbox/survey-invitations-2026-11-22.xlsx"
    assert (exported.invitations, exported.reminders) == (2, 0)
    head, lin, ann = cells(exported.path)
    assert head == [
        "No.",
        "What",
        "Customer",
        "How to reach",
        "Language",
        "Text to paste",
        "Code",
        "Case",
        "Until",
    ]
    code = fetch_value(invited.database, "SELECT code FROM survey_invites WHERE customer_id = 1")
    assert (lin[2], lin[3], lin[4], lin[6], lin[8]) == (
        "=Lin",
        "phone: 138****0000",
        "Chinese",
        code,
        "2026-12-06",
    )
    assert str(code) in str(lin[5])
    assert "您对本次售后处理的结果满意吗" in str(lin[5])
    assert "How satisfied are you" in str(ann[5])
    assert "Cotton Candy" in str(ann[5])


def test_a_customers_name_never_becomes_a_formula(invited: Shop) -> None:
    path = export_invitations(invited, TODAY).path
    assert path is not None
    assert openpyxl.load_workbook(path).worksheets[0]["C2"].data_type == "s"


def test_the_chinese_file_has_its_chinese_name(invited: Shop) -> None:
    use_language("zh")
    path = export_invitations(invited, TODAY).path
    assert path is not None
    assert path.name == "满意度邀请-2026-11-22.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["满意度邀请"]


def test_what_was_sent_is_gone_from_the_list_until_its_reminder_is_due(invited: Shop) -> None:
    note_sent(invited, everything=True)
    assert export_invitations(invited, TODAY).path is None
    exported = export_invitations(invited, date(2026, 11, 27))
    assert (exported.invitations, exported.reminders) == (0, 2)
    assert exported.path is not None
    assert cells(exported.path)[1][1] == "satisfaction (reminder)"
    assert "A few days ago" in str(cells(exported.path)[2][5])


def test_a_dry_run_writes_no_file(invited: Shop) -> None:
    exported = export_invitations(replace(invited, dry_run=True), TODAY)
    assert exported.path is not None
    assert not exported.path.exists()


def test_a_name_that_is_none_of_a_workbook_is_refused(invited: Shop, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match=r"\.xlsx|workbook"):
        export_invitations(invited, TODAY, tmp_path / "list.txt")
