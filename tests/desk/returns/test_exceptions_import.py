"""The workbook of what returns need a person for: written, filled in, and taken back as steps of the desk."""

from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.refund_plans import get_plan
from aftersales_cli.database.returns import get_request, list_return_lines, list_reviews
from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.desk.returns.exception_form import PROBLEMS, RECEIPTS, REVIEW
from aftersales_cli.desk.returns.exception_import import ExceptionsImport, import_exceptions
from aftersales_cli.desk.returns.receiving import Words, receive_goods
from aftersales_cli.desk.returns.returning import request_return
from aftersales_cli.desk.returns.reviewing import review
from aftersales_cli.desk.returns.sending import ship_parcel
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.records.returns import ReturnLine
from aftersales_cli.reports.exceptions_workbook import export_exceptions
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from tests.desk.returns.return_helpers import run_sql, sell

REVIEWS, GOODS, ODD = "Review queue", "Warehouse receipts", "Overdue and mismatches"
FORMS = {REVIEWS: REVIEW, GOODS: RECEIPTS, ODD: PROBLEMS}


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Return a shop where request 1 for two cups waits for a decision: it came too late."""
    add_agent(shop, "lan", name="Lan")
    add_agent(shop, "store", name="Wu", role="warehouse")
    sell(shop, delivered_at="2026-10-01T02:00:00Z", customer="13800138000")
    request_return(
        shop, order="101", lines=["CUP=2"], reason="changed_mind", condition="unopened", say="Too big"
    )
    return shop


@pytest.fixture
def awaited(shop: Shop) -> Shop:
    """Return a shop where two cups and a lid of request 1 are on their way."""
    add_agent(shop, "store", name="Wu", role="warehouse")
    sell(shop)
    request_return(shop, order="101", lines=["CUP=2", "LID=1"], reason="changed_mind", condition="unopened")
    ship_parcel(shop, 1, carrier="SF", number="SF1")
    return shop


def write(shop: Shop) -> Path:
    path = export_exceptions(shop).path
    assert path is not None
    return path


def fill(path: Path, sheet: str, row: int = 3, **values: object) -> Path:
    book = openpyxl.load_workbook(path)
    columns = list(FORMS[sheet].columns)
    for name, value in values.items():
        book[sheet].cell(row, columns.index(name) + 1).value = value  # type: ignore[assignment]
    book.save(path)
    return path


def read(path: Path, sheet: str, row: int = 3) -> dict[str, object]:
    entry = openpyxl.load_workbook(path)[sheet]
    return {name: entry.cell(row, place).value for place, name in enumerate(FORMS[sheet].columns, start=1)}


def counts(result: ExceptionsImport) -> tuple[int, int, int]:
    return result.recorded, result.unchanged, len(result.rejected)


def status(shop: Shop, request: int = 1) -> str:
    found = get_request(shop.database, request)
    assert found is not None
    return found.status


def figures(line: ReturnLine) -> tuple[int, int, int, int, int, str]:
    return line.received, line.accepted, line.damaged, line.wrong, line.short, line.disposition


def everything(shop: Shop) -> list[list[tuple[object, ...]]]:
    tables = ("return_requests", "return_lines", "reviews", "return_parcels", "refund_plans", "case_events")
    return [fetch_rows(shop.database, f"SELECT * FROM {name}") for name in tables]


def plan_overdue(shop: Shop) -> int:
    """Plan the refund of request 1, whose goods are back, and let its time run out; return its number."""
    receive_goods(shop, 1)
    plan = plan_refund(shop, RefundAsk(request_id=1)).plan
    run_sql(shop, "UPDATE refund_plans SET due_at = '2026-11-20T16:00:00Z'")
    return plan.id


def test_without_anything_to_do_no_workbook_is_written(shop: Shop) -> None:
    exported = export_exceptions(shop)
    assert (exported.path, exported.written) == (None, False)
    assert list((shop.folder / "outbox").iterdir()) == []


def test_a_row_tells_all_a_decision_needs(waiting: Shop) -> None:
    row = read(write(waiting), REVIEWS)
    assert (row["request"], row["case"], row["customer"], row["said"]) == (1, 1, "138****8000", "Too big")
    assert row["product"] == "2 × Red cup (CUP)"
    assert str(row["proposal"]).endswith("the window is over")
    assert row["age"] == 0
    again = export_exceptions(waiting)
    assert not again.written


def test_a_verdict_is_recorded_once_and_by_whom_the_row_names(waiting: Shop) -> None:
    path = fill(write(waiting), REVIEWS, verdict="approve", reason="goodwill", pieces=1, by="Lan")
    assert counts(import_exceptions(waiting, path)) == (1, 0, 0)
    assert status(waiting) == "approved"
    assert list_return_lines(waiting.database, 1)[0].approved == 1
    last = list_reviews(waiting.database, 1)[-1]
    assert (last.reviewer, last.reason) == ("lan", "goodwill")
    before = everything(waiting)
    assert counts(import_exceptions(waiting, path)) == (0, 1, 0)
    assert everything(waiting) == before


def test_an_older_workbook_never_overwrites_a_newer_decision(waiting: Shop) -> None:
    path = fill(write(waiting), REVIEWS, verdict="approve", by="Lan")
    review(waiting, 1, "rejected", reasons=["window_over"])
    result = import_exceptions(waiting, path)
    (entry,) = result.rejected
    owner = get_agent(waiting.database, 1)
    assert owner is not None
    assert entry.reason == f"{owner.name} has decided since: “reject”. Look at a fresh workbook."
    assert (status(waiting), entry.column, entry.sheet) == ("rejected", "Verdict", REVIEWS)


def test_above_the_limit_a_second_person_agrees_in_a_fresh_workbook(waiting: Shop) -> None:
    run_sql(waiting, "UPDATE return_requests SET second_needed = 1, requested_by = 'lan'")
    first = write(waiting)
    import_exceptions(waiting, fill(first, REVIEWS, verdict="approve"))
    assert status(waiting) == "needs_manual"
    same = import_exceptions(waiting, fill(first, REVIEWS, by="Lan"))
    assert counts(same) == (0, 1, 0)
    fresh = write(waiting)
    assert "a second person has to agree" in str(read(fresh, REVIEWS)["proposal"])
    (own,) = import_exceptions(waiting, fill(fresh, REVIEWS, verdict="approve")).rejected
    assert "a second person has to agree" in own.reason
    (asker,) = import_exceptions(waiting, fill(fresh, REVIEWS, by="Lan")).rejected
    assert "cannot be its second person" in asker.reason
    add_agent(waiting, "mei", name="Mei", role="manager")
    assert counts(import_exceptions(waiting, fill(fresh, REVIEWS, by="Mei"))) == (1, 0, 0)
    assert status(waiting) == "approved"


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"verdict": "maybe"}, "Verdict", "“maybe”"),
        ({"verdict": "reject"}, "Reason for it", "Choose why it is rejected"),
        ({"verdict": "approve", "pieces": 3}, "Verdict", "2 pieces are asked"),
        ({"verdict": "reject", "note": "no", "pieces": 1}, "Pieces approved", "with an approval only"),
        ({"pieces": 1}, "Verdict", "missing"),
        ({"verdict": "approve", "by": "Nobody"}, "Done by", "Nobody"),
        ({"verdict": "approve", "by": "Wu"}, "Verdict", "warehouse"),
        ({"verdict": "approve", "token": "1.1.AAA"}, "Code (keep)", "damaged"),
    ],
)
def test_a_wrong_value_is_named_by_its_cell_and_changes_nothing(
    waiting: Shop, values: dict[str, object], column: str, reason: str
) -> None:
    path = fill(write(waiting), REVIEWS, 3, **values)
    before = everything(waiting)
    (entry,) = import_exceptions(waiting, path).rejected
    assert entry.column == column
    assert reason in entry.reason
    assert entry.cell.endswith("3")
    assert everything(waiting) == before


def test_the_warehouse_writes_down_what_came(awaited: Shop) -> None:
    path = write(awaited)
    row = read(path, GOODS)
    assert (row["parcel"], row["state"], row["approved"]) == ("SF SF1", "on its way", 2)
    assert row["left"] == "2 to come, 0 to inspect"
    fill(path, GOODS, received=2, accepted=1, damaged=1, disposition="scrapped", by="Wu", extra="a spoon")
    fill(path, GOODS, 4, missing=1)
    assert counts(import_exceptions(awaited, path)) == (2, 0, 0)
    cup, lid = list_return_lines(awaited.database, 1)
    assert figures(cup) == (2, 1, 1, 0, 0, "scrap")
    assert figures(lid) == (0, 0, 0, 0, 1, "")
    received = [event for event in list_case_events(awaited.database, 1) if event.type == "received"]
    assert received[0].actor == "store"
    before = everything(awaited)
    assert counts(import_exceptions(awaited, path)) == (0, 2, 0)
    assert everything(awaited) == before


def test_pieces_that_were_only_counted_are_inspected_in_the_next_workbook(awaited: Shop) -> None:
    import_exceptions(awaited, fill(write(awaited), GOODS, received=2))
    fresh = write(awaited)
    assert read(fresh, GOODS)["left"] == "0 to come, 2 to inspect"
    assert counts(import_exceptions(awaited, fill(fresh, GOODS, accepted=1, wrong=1))) == (1, 0, 0)
    assert figures(list_return_lines(awaited.database, 1)[0]) == (2, 1, 0, 1, 0, "")
    last = write(awaited)
    assert "say what becomes of it" in str(read(last, GOODS)["left"])
    import_exceptions(awaited, fill(last, GOODS, disposition="sent back to the customer"))
    assert figures(list_return_lines(awaited.database, 1)[0])[-1] == "return"


def test_what_was_received_since_is_not_received_again(awaited: Shop) -> None:
    path = fill(write(awaited), GOODS, received=2, accepted=2)
    receive_goods(awaited, 1, Words(pieces=["CUP=1"]))
    (entry,) = import_exceptions(awaited, path).rejected
    assert "has changed since" in entry.reason
    assert figures(list_return_lines(awaited.database, 1)[0])[:2] == (1, 1)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"received": 2, "accepted": 1}, "Accepted"),
        ({"received": "two"}, "Received"),
        ({"received": 0}, "Received"),
        ({"received": 1, "missing": 3}, "Received"),
        ({"received": 1, "disposition": "eaten"}, "What becomes of it"),
        ({"received": 1, "at": "2027-01-01 10:00"}, "Received"),
    ],
)
def test_wrong_pieces_are_named_by_their_cell(awaited: Shop, values: dict[str, object], column: str) -> None:
    before = everything(awaited)
    (entry,) = import_exceptions(awaited, fill(write(awaited), GOODS, 3, **values)).rejected
    assert entry.column == column
    assert everything(awaited) == before


def test_an_overdue_refund_is_paid_by_its_row(awaited: Shop) -> None:
    plan = plan_overdue(awaited)
    path = write(awaited)
    row = read(path, ODD)
    assert "refund overdue" in str(row["what"])
    assert "refunded" in str(row["possible"])
    fill(path, ODD, action="refunded", reference="ALI-7", note="by Alipay")
    assert counts(import_exceptions(awaited, path)) == (1, 0, 0)
    stored = get_plan(awaited.database, plan)
    assert stored is not None
    assert (stored.status, stored.reference) == ("succeeded", "ALI-7")
    before = everything(awaited)
    assert counts(import_exceptions(awaited, path)) == (0, 1, 0)
    (entry,) = import_exceptions(awaited, fill(path, ODD, action="give the refund up", reference="")).rejected
    assert entry.column == "What was done"
    assert everything(awaited) == before


def test_what_does_not_go_with_a_row_is_told_with_what_does(awaited: Shop) -> None:
    plan_overdue(awaited)
    path = write(awaited)
    (entry,) = import_exceptions(awaited, fill(path, ODD, action="replacement sent")).rejected
    assert entry.reason.startswith("“replacement sent” does not go with this row. Possible: refunded,")
    (entry,) = import_exceptions(awaited, fill(path, ODD, action="payment failed")).rejected
    assert entry.column == "Note"
    (entry,) = import_exceptions(awaited, fill(path, ODD, action="", reference="X")).rejected
    assert entry.column == "What was done"


def test_a_refund_that_was_not_planned_is_planned_by_its_row(awaited: Shop) -> None:
    receive_goods(awaited, 1)
    run_sql(awaited, "UPDATE return_parcels SET received_at = '2026-11-01T02:00:00Z'")
    path = write(awaited)
    assert read(path, ODD)["possible"] == "plan the refund"
    assert counts(import_exceptions(awaited, fill(path, ODD, action="plan the refund"))) == (1, 0, 0)
    assert get_plan(awaited.database, 1) is not None


def test_a_note_is_kept_once_for_what_no_step_fits(awaited: Shop) -> None:
    receive_goods(awaited, 1, Words(pieces=["CUP=2"], short=["LID=1"]))
    path = write(awaited)
    row = next(number for number in range(3, 6) if read(path, ODD, number)["product"] == "Lid")
    fill(path, ODD, row, note="asked the courier")
    assert counts(import_exceptions(awaited, path)) == (1, 0, 0)
    assert counts(import_exceptions(awaited, path)) == (0, 1, 0)
    notes = [event for event in list_case_events(awaited.database, 1) if event.note == "asked the courier"]
    assert len(notes) == 1


def test_the_inbox_takes_a_filled_workbook(waiting: Shop) -> None:
    path = fill(write(waiting), REVIEWS, verdict="ask for evidence", note="a photo, please")
    path.rename(waiting.folder / "inbox" / path.name)
    (outcome,) = run_inbox(waiting)
    assert (outcome.kind, status(waiting)) == ("return_exceptions", "needs_evidence")


def test_an_employee_cannot_hand_in_what_somebody_else_decided(waiting: Shop) -> None:
    path = fill(write(waiting), REVIEWS, verdict="approve", by="Lan")
    add_agent(waiting, "mei", name="Mei")
    mei = open_shop(waiting.folder, agent="mei")
    (entry,) = import_exceptions(mei, path).rejected
    mei.close()
    assert entry.column == "Done by"


def test_another_workbook_is_no_workbook_of_returns(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Price"])  # type: ignore[union-attr]
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(UnknownFileError):
        import_exceptions(shop, tmp_path / "x.xlsx")
