"""``returns exceptions`` as it is typed, and what ``today``, ``status`` and ``cases show`` tell of returns."""

import json

import openpyxl
import pytest

from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.returns.receiving import receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.desk.returns.return_helpers import run_sql, sell


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Return a shop where a request waits for a decision that is overdue."""
    sell(shop, delivered_at="2026-10-01T02:00:00Z")
    request_return(shop, order="101", lines=["CUP=2"], reason="changed_mind", condition="unopened")
    run_sql(shop, "UPDATE return_requests SET decide_by = '2026-11-20T02:00:00Z'")
    return shop


def test_the_workbook_goes_out_and_comes_back(waiting: Shop, run_cli: RunCli) -> None:
    out = run_cli("returns", "exceptions", cwd=waiting.folder)
    path = waiting.folder / "outbox" / "return-exceptions-2026-11-22.xlsx"
    assert out.stdout == f"To decide: 1, for the warehouse: 0, overdue or not fitting: 0: {path}\n", (
        out.stderr
    )
    assert "there already" in run_cli("returns", "exceptions", cwd=waiting.folder).stderr
    book = openpyxl.load_workbook(path)
    sheet = book["Review queue"]
    column = next(cell.column for cell in sheet[2] if cell.value == "Verdict")
    sheet.cell(3, column).value = "approve"
    book.save(path)
    tried = run_cli("returns", "exceptions", "--import", str(path), "--dry-run", cwd=waiting.folder)
    assert "1 recorded" in tried.stdout
    taken = run_cli("returns", "exceptions", "--import", str(path), cwd=waiting.folder)
    assert taken.stdout == "1 recorded, 0 known already, 0 not filled in, 0 rejected.\n", taken.stderr
    sheet.cell(3, column).value = "perhaps"
    book.save(path)
    refused = run_cli("returns", "exceptions", "--import", str(path), cwd=waiting.folder)
    assert refused.returncode == 5
    assert "Review queue!" in refused.stderr


def test_nothing_to_do_is_said_and_written_nowhere(shop: Shop, run_cli: RunCli) -> None:
    out = run_cli("returns", "exceptions", cwd=shop.folder)
    assert (out.returncode, out.stdout) == (0, "")
    assert "no workbook" in out.stderr
    assert run_cli("returns", "exceptions", "--list", "--out", "x.xlsx", cwd=shop.folder).returncode == 2


def test_today_and_status_tell_what_returns_wait_for(waiting: Shop, run_cli: RunCli) -> None:
    day = run_cli("today", cwd=waiting.folder)
    assert "1 return request to decide: aftersales returns queue (1 of them overdue)" in day.stdout, (
        day.stderr
    )
    path = waiting.folder / "outbox" / "return-exceptions-2026-11-22.xlsx"
    assert f"Returns that need a person, to fill in and put into the inbox: {path}" in day.stdout
    status = run_cli("status", cwd=waiting.folder)
    assert f"Returns to look at: {path}" in status.stdout
    counted = json.loads(run_cli("status", "--json", cwd=waiting.folder).stdout)
    assert counted["returns"] == {"reviews": 1, "overdue_reviews": 1, "overdue_parcels": 0}
    review(waiting, 1, "approved")
    receive_goods(waiting, 1)
    plan_refund(waiting, RefundAsk(request_id=1))
    run_sql(waiting, "UPDATE refund_plans SET due_at = '2026-11-20T16:00:00Z'")
    late = run_cli("status", cwd=waiting.folder).stdout
    assert "1 refund to be paid: aftersales refunds list (1 of them overdue)" in late


def test_the_page_of_a_case_leads_to_its_requests_and_refunds(waiting: Shop, run_cli: RunCli) -> None:
    review(waiting, 1, "approved")
    receive_goods(waiting, 1)
    plan_refund(waiting, RefundAsk(request_id=1))
    page = run_cli("cases", "show", "1", cwd=waiting.folder).stdout
    assert "Return requests: 1 (approved) → aftersales returns show 1" in page
    assert "Refunds planned here: 1 (approved) → aftersales refunds show 1" in page
    assert "goods came, parcel “received”" in page
