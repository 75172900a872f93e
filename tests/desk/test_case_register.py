"""The case register on its way back: every row becomes steps of the desk, or is reported with its cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftersales_cli.clock import from_text
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.case_links import sum_case_minutes
from aftersales_cli.database.cases import get_case, list_case_events, list_case_messages
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.handoffs import list_handoffs
from aftersales_cli.desk.answering import hear_customer, note_case, reply_case
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.handing_off import hand_off
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.register_form import CASES, HANDOFFS, recognise_register
from aftersales_cli.desk.register_import import RegisterImport, import_register
from aftersales_cli.desk.waiting import wait_case
from aftersales_cli.errors import RefusedError, UnknownFileError
from aftersales_cli.language import use_language
from aftersales_cli.reading.form_rows import column_letters
from aftersales_cli.records.cases import Case
from aftersales_cli.reports.register_workbook import export_register
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent

Local = Callable[..., Any]
COLUMNS = list(CASES.columns)


@pytest.fixture
def desk(shop: Shop, local: Local) -> Shop:
    """Return a shop with Lan's cases 1 and 2, Chen's case 3 and case 4 of nobody, all of the evening before."""
    add_agent(shop, "lan", name="Lan")
    add_agent(shop, "chen", name="Chen", role="technician")
    at = local("2026-11-21 18:00")
    for kind, worker in (("return", "lan"), ("inquiry", "lan"), ("repair", "chen"), ("exchange", "")):
        open_case(
            shop, kind=kind, say=f"It is about a {kind}", customer=f"Guest {kind}", assignee=worker, at=at
        )
    return shop


def _write(shop: Shop) -> Path:
    return export_register(shop).path


def _fill(path: Path, sheet: str, row: int, **values: object) -> Path:
    book = openpyxl.load_workbook(path)
    columns = list((HANDOFFS if sheet == "Hand-offs" else CASES).columns)
    for name, value in values.items():
        book[sheet].cell(row, columns.index(name) + 1).value = value  # type: ignore[assignment]
    book.save(path)
    return path


def _counts(result: RegisterImport) -> tuple[int, int, int]:
    # Two cases and two questions at most; the empty rows for new cases are not counted.
    assert result.blank <= 5
    return result.recorded, result.unchanged, len(result.rejected)


def _case(shop: Shop, number: int) -> Case:
    case = get_case(shop.database, number)
    assert case is not None
    return case


def _everything(shop: Shop) -> list[list[tuple[object, ...]]]:
    tables = ("cases", "case_events", "case_messages", "case_work", "handoffs", "register_rows")
    return [fetch_rows(shop.database, f"SELECT * FROM {name}") for name in tables]


def _reason(result: RegisterImport) -> tuple[str, str, str]:
    assert len(result.rejected) == 1, result.rejected
    entry = result.rejected[0]
    return entry.sheet, entry.cell, entry.reason


def test_a_row_becomes_steps_of_its_employee_and_twice_changes_nothing(desk: Shop) -> None:
    path = _write(desk)
    _fill(
        path, "Lan", 3, kind="exchange", reason="defect", reply="A new one comes today", status="resolved",
        cause="产品质量", note="second time", minutes="15 min", at="2026-11-21 19:30",
    )  # fmt: skip
    assert _counts(import_register(desk, path)) == (1, 0, 0)
    case = _case(desk, 1)
    assert (case.kind, case.status, case.cause, case.reason_final) == (
        "exchange", "resolved", "product_quality", "defect",
    )  # fmt: skip
    assert case.first_reply_at == case.resolved_at == "2026-11-21T11:30:00Z"
    said = list_case_messages(desk.database, 1)[-1]
    assert (said.body, said.author, said.sent_at) == ("A new one comes today", "lan", "2026-11-21T11:30:00Z")
    events = [event for event in list_case_events(desk.database, 1) if event.recorded_at > case.opened_at]
    assert {event.actor for event in events if event.type in {"replied", "resolved", "noted"}} == {"lan"}
    assert sum_case_minutes(desk.database, 1) == 15
    audit = fetch_rows(
        desk.database, "SELECT actor, operation, subjects FROM audit_log ORDER BY id DESC LIMIT 1"
    )
    assert audit[0][:2] == ("owner", "cases.register_import")
    assert "case:1" in str(audit[0][2])
    before = _everything(desk)
    assert _counts(import_register(desk, path)) == (0, 1, 0)
    assert _everything(desk) == before


def test_every_wrong_cell_of_a_row_is_named_and_the_row_counts_once(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, minutes="long", kind="nonsense", at="soon", reply="Sorry")
    result = import_register(desk, path)
    assert [(entry.row, entry.cell) for entry in result.rejected] == [
        (3, f"{column_letters(COLUMNS.index(name))}3") for name in ("kind", "minutes", "at")
    ]
    assert result.counts()["rejected"] == 1
    assert _case(desk, 1).status == "new"


def test_every_wrong_cell_of_a_row_for_a_new_case_is_named(desk: Shop) -> None:
    values = {"order": "4.1E+18", "channel": "pigeon", "opened": "2027-01-01 10:00", "kind": "nonsense"}
    result = import_register(desk, _fill(_write(desk), "Lan", 5, **values))
    wrong = {entry.cell for entry in result.rejected}
    names = ("said", "order", "channel", "opened", "kind")
    assert wrong == {f"{column_letters(COLUMNS.index(name))}5" for name in names}
    assert (result.opened, result.counts()["rejected"]) == ([], 1)


def test_steps_that_do_not_fit_are_all_named(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, cause="packaging", step="ask Warehouse", at="2026-11-01 09:00")
    result = import_register(desk, path)
    assert {entry.column for entry in result.rejected} >= {"Cause", "Note"}


def test_more_on_the_same_row_later_that_day_is_taken_alone(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, reply="We look into it", status="waiting internally")
    import_register(desk, path)
    later = replace(desk, now=desk.now + timedelta(hours=3))
    _fill(path, "Lan", 3, status="waiting for customer", note="asked for a photo")
    assert _counts(import_register(later, path)) == (1, 0, 0)
    assert _case(desk, 1).status == "waiting_customer"
    assert [entry.body for entry in list_case_messages(desk.database, 1)][1:] == ["We look into it"]


def test_minutes_alone_are_kept_with_an_event(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, minutes=20)
    assert _counts(import_register(desk, path)) == (1, 0, 0)
    event = list_case_events(desk.database, 1)[-1]
    assert (event.type, event.actor, event.field, event.after) == ("worked", "lan", "minutes", "20")
    assert sum_case_minutes(desk.database, 1) == 20
    assert _counts(import_register(desk, path)) == (0, 1, 0)


def test_what_the_customer_said_further_ends_the_waiting_for_it(desk: Shop) -> None:
    wait_case(desk, 1, "customer")
    path = _fill(_write(desk), "Lan", 3, heard="Here is the photo", reply="Thank you")
    assert _counts(import_register(desk, path)) == (1, 0, 0)
    assert _case(desk, 1).status == "in_progress"
    said = [(entry.direction, entry.body) for entry in list_case_messages(desk.database, 1)]
    assert said[1:] == [("in", "Here is the photo"), ("out", "Thank you")]


def test_an_older_register_never_overwrites_what_came_later(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, status="in progress", reply="One moment", note="mine")
    path = _fill(path, "Lan", 4, reply="Of course")
    add_agent(desk, "mei", name="Mei")
    wait_case(replace(desk, agent=_agent(desk, "mei")), 1, "platform")
    note_case(desk, 2, "a note overwrites nothing")
    before = _everything(desk)[0][0]
    result = import_register(desk, path)
    assert _counts(result) == (1, 0, 1)
    assert _reason(result) == (
        "Lan",
        "Q3",
        "Mei changed case 1 on 2026-11-22 09:00 from “in progress” to “waiting for platform”. "
        "Look at a fresh register.",
    )
    assert _everything(desk)[0][0] == before
    assert len(list_case_messages(desk.database, 1)) == 1
    assert list_case_messages(desk.database, 2)[-1].body == "Of course"


def _agent(shop: Shop, code: str) -> Any:
    return find_agent(shop.database, code)


def test_what_the_case_has_already_counts_as_unchanged(desk: Shop) -> None:
    path = _fill(
        _write(desk),
        "Lan",
        3,
        status="resolved",
        cause="packaging",
        reply="Sorry",
        kind="return",
        heard="Well",
    )
    hear_customer(desk, 1, "Well")
    reply_case(desk, 1, "Sorry")
    resolve_case(desk, 1, cause="packaging")
    before = _everything(desk)
    assert _counts(import_register(desk, path)) == (0, 1, 0)
    assert _everything(desk) == before


@pytest.mark.parametrize(
    ("filled", "cell", "reason"),
    [
        ({"kind": "flood"}, "L3", "“flood” is not known here. Choose one of: inquiry, order problem,"),
        ({"kind": "a" * 5000}, "L3", "“aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…” is not known here"),
        ({"status": "resolved"}, "R3", "The cause is missing"),
        ({"status": "cancelled"}, "Q3", ", cancelled: spam, "),
        ({"status": "new"}, "Q3", "“new” is not known here"),
        ({"cause": "packaging"}, "R3", "kept when a case is solved"),
        ({"step": "ask warehouse", "note": None}, "U3", "Write the question"),
        ({"assignee": "Nobody Known"}, "T3", "There is no employee “Nobody Known”"),
        ({"reply": "x", "minutes": "a lot"}, "V3", "“a lot” does not fit"),
        ({"reply": "x", "minutes": -5}, "V3", "“-5” does not fit"),
        ({"reply": "x", "at": "yesterday"}, "W3", "“yesterday” is not a date and time"),
        ({"reply": "x", "at": "2026-11-21 17:00"}, "W3", "is before 2026-11-21 18:00"),
        ({"reply": "x", "at": "2026-11-23 17:00"}, "W3", "is in the future"),
        ({"reply": "x", "token": "1.2.AAA"}, "Y3", "damaged or from another shop"),
        ({"reply": "x", "token": None}, "Y3", "The code is missing"),
    ],
)
def test_a_wrong_value_is_named_by_its_cell_and_nothing_of_its_row_is_done(
    desk: Shop, filled: dict[str, object], cell: str, reason: str
) -> None:
    path = _fill(_write(desk), "Lan", 3, **({"note": "kept out", "kind": "exchange"} | filled))
    _fill(path, "Lan", 4, reply="Good morning")
    before = _everything(desk)
    result = import_register(desk, path)
    assert _counts(result) == (1, 0, 1)
    assert _reason(result)[:2] == ("Lan", cell)
    assert reason in result.rejected[0].reason
    assert "--" not in result.rejected[0].reason
    assert _case(desk, 2).status == "in_progress"
    assert [row for row in _everything(desk)[0] if row[0] == 1] == [row for row in before[0] if row[0] == 1]
    assert [row for row in _everything(desk)[1] if row[0] == 1] == [row for row in before[1] if row[0] == 1]


def test_a_step_that_is_refused_late_takes_back_the_whole_row(desk: Shop) -> None:
    hand_off(desk, 1, "warehouse", ask="Where is it?")
    path = _fill(_write(desk), "Lan", 3, reply="Found", note="done", status="resolved", cause="packaging")
    before = _everything(desk)
    result = import_register(desk, path)
    assert _reason(result)[:2] == ("Lan", "Q3")
    assert "still waits for answers" in result.rejected[0].reason
    assert _everything(desk) == before
    audit = fetch_rows(desk.database, "SELECT subjects FROM audit_log ORDER BY id DESC LIMIT 1")
    assert "case:1" not in str(audit)


def test_an_empty_row_becomes_a_new_case_and_never_two(desk: Shop) -> None:
    path = _write(desk)
    _fill(
        path, "Lan", 5, customer="Anna Example", channel="phone", said="Lid broken", reason="defect", kind="return",
        opened="2026-11-22 08:10", reply="We replace it", at="8:20", status="waiting for customer",
    )  # fmt: skip
    _fill(path, "Nobody yet", 4, said="Do you ship to Malta?")
    result = import_register(desk, path)
    assert (_counts(result), result.opened) == ((2, 0, 0), [5, 6])
    case = _case(desk, 5)
    assert (case.kind, case.channel, case.status, case.opened_at) == (
        "return", "phone", "waiting_customer", "2026-11-22T00:10:00Z",
    )  # fmt: skip
    assert case.assignee_id == _agent(desk, "lan").id
    assert [(entry.body, entry.sent_at) for entry in list_case_messages(desk.database, 5)] == [
        ("Lid broken", "2026-11-22T00:10:00Z"),
        ("We replace it", "2026-11-22T00:20:00Z"),
    ]
    before = _everything(desk)
    assert _counts(import_register(desk, path)) == (0, 2, 0)
    assert _everything(desk) == before
    _fill(path, "Lan", 5, note="wants it in blue")
    assert _counts(import_register(desk, path)) == (1, 1, 0)
    assert list_case_events(desk.database, 5)[-1].note == "wants it in blue"
    _fill(path, "Lan", 5, said="Something else")
    result = import_register(desk, path)
    assert _reason(result)[1:] == (
        "I5", "This row has become case 5 already. Write another case into another row.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("filled", "cell", "reason"),
    [
        ({"customer": "Anna"}, "I5", "Write down what the customer said"),
        ({"order": "4.10300012345679E+18"}, "G5", "destroyed the order number"),
        ({"order": 4103000123456789012}, "G5", "destroyed the order number"),
        ({"order": "77"}, "G5", "There is no order 77."),
        ({"storefront": "elsewhere"}, "F5", "elsewhere"),
        ({"opened": "2026-11-22 12:00"}, "J5", "is in the future"),
        ({"channel": "smoke"}, "N5", "“smoke” is not known here"),
    ],
)
def test_what_is_wrong_with_a_new_case_is_named_by_its_cell(
    desk: Shop, filled: dict[str, object], cell: str, reason: str
) -> None:
    said = {} if "customer" in filled else {"said": "Hello"}
    result = import_register(desk, _fill(_write(desk), "Lan", 5, **said, **filled))
    assert _reason(result)[:2] == ("Lan", cell)
    assert reason in result.rejected[0].reason
    assert result.opened == []


def test_a_copied_code_belongs_to_its_first_row_only(desk: Shop) -> None:
    path = _write(desk)
    sheet = openpyxl.load_workbook(path)["Lan"]
    code = sheet.cell(5, len(COLUMNS)).value
    _fill(path, "Lan", 5, said="One")
    _fill(path, "Lan", 6, said="Two", token=code)
    result = import_register(desk, path)
    assert result.opened == [5]
    assert _reason(result) == (
        "Lan", "Y6", "Row 5 of “Lan” has the same code. Each code belongs to one row only.",
    )  # fmt: skip


def test_two_registers_of_one_moment_never_share_a_row_for_new_cases(desk: Shop, tmp_path: Path) -> None:
    one = _fill(_write(desk), "Lan", 5, said="One")
    two = _fill(export_register(desk, out=tmp_path / "other.xlsx").path, "Lan", 5, said="Two")
    assert import_register(desk, one).opened == [5]
    assert import_register(desk, two).opened == [6]


def test_a_case_is_taken_over_asked_about_passed_up_and_confirmed(desk: Shop) -> None:
    path = _fill(_write(desk), "Nobody yet", 3, assignee="Lan", reply="I am on it")
    _fill(path, "Chen", 3, step="ask warehouse", note="Is the spare part there?")
    _fill(path, "Lan", 3, step="customer says it is solved", cause="packaging")
    _fill(path, "Lan", 4, step="pass upwards", note="wants the boss")
    assert _counts(import_register(desk, path)) == (4, 0, 0)
    taken = _case(desk, 4)
    assert taken.assignee_id == _agent(desk, "lan").id
    assert list_case_messages(desk.database, 4)[-1].author == "lan"
    handoff = list_handoffs(desk.database)[0]
    assert (handoff.question, handoff.asked_by) == ("Is the spare part there?", "Chen")
    assert _case(desk, 3).status == "waiting_internal"
    assert (_case(desk, 1).status, _case(desk, 1).confirmed_at is not None) == ("closed", True)
    assert _case(desk, 2).escalation == 1
    before = _everything(desk)
    assert _counts(import_register(desk, path)) == (0, 4, 0)
    assert _everything(desk) == before


def test_questions_to_departments_are_answered_on_their_sheet(desk: Shop) -> None:
    hand_off(desk, 1, "warehouse", ask="Was the box damaged?")
    hand_off(desk, 4, "purchasing", ask="Since when?")
    path = _fill(_write(desk), "Hand-offs", 3, answer="No, it was whole", answered_by="Chen")
    result = import_register(desk, path)
    assert _counts(result) == (0, 0, 1)
    assert "which Chen does not belong to" in result.rejected[0].reason
    _fill(path, "Hand-offs", 3, answered_by="Lan")
    assert _counts(import_register(desk, path)) == (1, 0, 0)
    assert [(row.answer, row.done_by) for row in list_handoffs(desk.database, case_number=1)] == [
        ("No, it was whole", "Lan")
    ]
    assert _counts(import_register(desk, path)) == (0, 1, 0)
    result = import_register(desk, _fill(path, "Hand-offs", 3, answer="Yes, it was wet"))
    assert _reason(result)[:2] == ("Hand-offs", "H3")
    assert "answered hand-off 1 already" in result.rejected[0].reason
    assert "“No, it was whole”" in result.rejected[0].reason


def test_only_the_owner_a_manager_or_the_employee_hands_in_a_sheet(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 3, reply="Hello")
    _fill(path, "Chen", 3, note="is here")
    as_lan = open_shop(desk.folder, agent="lan")
    result = import_register(as_lan, path)
    as_lan.close()
    assert _counts(result) == (1, 0, 1)
    assert _reason(result)[:2] == ("Chen", "Y3")
    assert "filled in by Chen" in result.rejected[0].reason
    assert _counts(import_register(desk, path)) == (1, 1, 0)
    assert list_case_events(desk.database, 3)[-1].actor == "chen"
    _fill(path, "Chen", 3, reply="It can be repaired", status="resolved", cause="product_quality")
    as_chen = open_shop(desk.folder, agent="chen")
    result = import_register(as_chen, path)
    as_chen.close()
    # A technician hands in the own sheet, answers and solves the own cases.
    assert _counts(result) == (1, 1, 0)
    assert _case(desk, 3).status == "resolved"
    eye = add_agent(desk, "eye", role="viewer")
    with pytest.raises(RefusedError, match="viewer"):
        import_register(replace(desk, agent=eye), path)


def test_a_role_may_do_on_its_sheet_what_it_may_do_elsewhere(desk: Shop) -> None:
    result = import_register(desk, _fill(_write(desk), "Chen", 3, assignee="Lan"))
    assert _reason(result)[:2] == ("Chen", "T3")
    assert "technician" in result.rejected[0].reason


def test_sorted_deleted_rows_and_moved_columns_do_no_harm(desk: Shop, tmp_path: Path) -> None:
    path = _fill(_write(desk), "Lan", 3, reply="Hello", note="left out")
    title, heads, *rows = openpyxl.load_workbook(path)["Lan"].iter_rows(values_only=True)
    kept = [COLUMNS.index(name) for name in ("token", "reply", "status", "cause", "customer")]
    book = openpyxl.Workbook()
    for row in (title, ("",), [heads[position] for position in kept], ["somebody's remark"]):
        book.worksheets[0].append(list(row))
    for row in reversed(rows[:-3]):
        book.worksheets[0].append([row[position] for position in kept])
    book.save(tmp_path / "sorted.xlsx")
    result = import_register(desk, tmp_path / "sorted.xlsx")
    assert (result.recorded, result.rejected) == (1, [])
    assert list_case_messages(desk.database, 1)[-1].body == "Hello"
    assert "left out" not in {event.note for event in list_case_events(desk.database, 1)}


def test_a_chinese_register_comes_back_whatever_the_language(desk: Shop) -> None:
    use_language("zh")
    path = _write(desk)
    _fill(path, "Lan", 3, kind="换货", status="已取消：重复", note="与 2 重复")
    use_language("en")
    assert _counts(import_register(desk, path)) == (1, 0, 0)
    assert (_case(desk, 1).status, _case(desk, 1).cancel_reason) == ("cancelled", "duplicate")


def test_a_dry_run_counts_and_keeps_nothing(desk: Shop) -> None:
    path = _fill(_write(desk), "Lan", 5, said="Hello")
    before = _everything(desk)
    trying = open_shop(desk.folder, dry_run=True)
    assert import_register(trying, path).recorded == 1
    trying.close()
    assert _everything(desk) == before


def test_a_time_alone_is_the_last_one(desk: Shop) -> None:
    import_register(desk, _fill(_write(desk), "Lan", 3, reply="Hello", at="23:30"))
    assert from_text(_case(desk, 1).first_reply_at or "").isoformat() == "2026-11-21T15:30:00+00:00"


def test_another_file_is_said_to_be_no_register(desk: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["订单编号", "买家会员名"])
    book.save(tmp_path / "orders.xlsx")
    with pytest.raises(UnknownFileError, match="is not a case register"):
        import_register(desk, tmp_path / "orders.xlsx")
    assert not recognise_register(["回访结果", "编号(勿改)"])
