"""Requests customers filled in themselves become cases: once, whatever file they come in."""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.cases import get_case, list_case_events, list_case_messages
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.desk.answering import note_case
from aftersales_cli.errors import RefusedError, UnknownFileError, WrongUsageError
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.request_files import choose_request_format
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.intake.undo import undo
from aftersales_cli.records.cases import Case
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

WJX = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、您的订单号", "2、联系电话", "3、称呼",
       "4、申请类型", "5、售后原因", "6、请详细描述您的问题"]  # fmt: skip
WJX_ROWS = [
    ["1", "2026/11/20 10:15:30", "60秒", "微信", "N/A", "198.51.100.7(上海)", "订单 2026112000011 谢谢", "138 0013 8000",
     "小鹿", "退货", "尺码不合适", "鞋子太小了"],
    ["2", "2026/11/21 21:00:01", "50秒", "微信", "N/A", "198.51.100.8(北京)", "(跳过)", "13900139000", "云朵", "开箱视频",
     "(跳过)", "杯子碎了"],
    ["3", "2026/11/21 22:00:01", "50秒", "微信", "N/A", "198.51.100.9(北京)", "(跳过)", "", "", "投诉┋退货", "", ""],
]  # fmt: skip


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    """Write a small table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def take(shop: Shop, path: Path, *mappings: str, storefront: str | None = None) -> ImportResult:
    chosen = choose_request_format(shop, path, mappings)
    return import_file(shop, path, only_format=chosen.format, mapping=chosen.mapping, storefront=storefront)


def case_of(shop: Shop, number: int) -> Case:
    case = get_case(shop.database, number)
    assert case
    return case


def said(shop: Shop, number: int) -> str:
    return list_case_messages(shop.database, number)[0].body


def notes(shop: Shop, number: int) -> str:
    return "\n".join(event.note for event in list_case_events(shop.database, number) if event.type == "noted")


def wjx(folder: Path, rows: list[list[str]], name: str = "answers.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in [WJX, *rows]:
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def test_a_form_of_wjx_is_understood_by_its_questions(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "tmall-1", platform="tmall")
    result = take(shop, wjx(tmp_path, WJX_ROWS))
    assert (result.rows, result.others, result.rejected) == (3, (3, 0, 0), 0)
    assert result.opened == (1, 2, 3)
    first, second = case_of(shop, 1), case_of(shop, 2)
    assert (first.kind, first.reason_first, first.channel, first.opened_at) == (
        "return", "size_fit", "form", "2026-11-20T02:15:30Z",
    )  # fmt: skip
    # The only storefront is the one it waits for.
    assert (first.order_external_id, first.order_id) == ("2026112000011", None)
    assert said(shop, 1) == "鞋子太小了"
    customer = get_customer(shop.database, first.customer_id or 0)
    assert customer
    assert (customer.name, customer.phone) == ("小鹿", "13800138000")
    # What no list knows is told and stands in a note, not among the customer's words.
    assert (second.kind, said(shop, 2), notes(shop, 2)) == ("inquiry", "杯子碎了", "Wanted: 开箱视频")
    assert (list_case_messages(shop.database, 3), notes(shop, 3)) == ([], "Wanted: 投诉, 退货")
    assert [(entry.field, entry.value) for entry in result.warnings] == [
        ("request.kind", "开箱视频"), ("request.kind", "投诉, 退货"),
    ]  # fmt: skip
    dump = "\n".join(shop.database.conn.iterdump())
    assert "198.51.100" not in dump


def test_google_forms_and_any_table_are_understood_too(shop: Shop, tmp_path: Path) -> None:
    google = write_csv(
        tmp_path / "form.csv",
        ["Timestamp", "Email Address", "What is your order number?", "Please describe your problem"],
        [["11/21/2026 10:00:00", "Kim@example.com", "1001", "The lamp flickers"]],
    )
    result = take(shop, google)
    assert result.opened == (1,)
    case = case_of(shop, 1)
    customer = get_customer(shop.database, case.customer_id or 0)
    assert customer
    assert (customer.email, case.opened_at) == ("kim@example.com", "2026-11-21T02:00:00Z")


def test_the_same_file_and_a_newer_export_make_no_second_case(shop: Shop, tmp_path: Path) -> None:
    path = wjx(tmp_path, WJX_ROWS[:2])
    assert len(take(shop, path).opened) == 2
    assert take(shop, path).already_at
    newer = take(shop, wjx(tmp_path, WJX_ROWS, "newer.xlsx"))
    assert (newer.others, newer.opened) == ((1, 0, 2), (3,))
    assert fetch_value(shop.database, "SELECT count(*) FROM cases") == 3


@pytest.mark.parametrize("columns", [(), ("No",), ("When",), ("No", "When")])
def test_rows_are_told_apart_by_what_the_file_has(
    shop: Shop, tmp_path: Path, columns: tuple[str, ...]
) -> None:
    mapping = {"No": "id", "When": "asked_at", "What": "said"}
    names = [*columns, "What", "Extra"]
    rows = [
        {"No": "1", "When": "2026-11-20 10:00", "What": "red", "Extra": "a"},
        {"No": "2", "When": "2026-11-20 10:00", "What": "blue", "Extra": "b"},
    ]

    def write(name: str, entries: list[dict[str, str]]) -> Path:
        return write_csv(tmp_path / name, names, [[entry[column] for column in names] for entry in entries])

    words = [f"{column}={mapping[column]}" for column in (*columns, "What")]
    assert len(take(shop, write("one.csv", rows), *words).opened) == 2
    rows.append({"No": "3", "When": "2026-11-21 10:00", "What": "green", "Extra": "c"})
    assert len(take(shop, write("two.csv", rows), *words).opened) == 1


def test_two_forms_that_both_count_from_one_hide_nothing(shop: Shop, tmp_path: Path) -> None:
    for name, words in (("a.csv", "red"), ("b.csv", "blue")):
        path = write_csv(tmp_path / name, ["No", "What"], [["1", words]])
        assert len(take(shop, path, "No=id", "What=said").opened) == 1


def test_rows_that_cannot_be_taken_are_named_and_leave_nothing(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "requests.csv",
        ["When", "Shop", "Order", "Phone", "What"],
        [
            ["2026-11-21 10:00", "", "", "13800138000", "good"],
            ["2027-01-01 10:00", "", "", "13800138001", "from the future"],
            ["2026-11-21 10:00", "nowhere", "", "13800138002", "wrong shop"],
            ["2026-11-21 10:00", "", "1.23457E+17", "13800138003", "destroyed"],
            ["whenever", "", "", "13800138004", "no time"],
            ["2026-11-21 10:00", "", "", "13800138005", ""],
        ],
    )
    words = ("When=asked_at", "Shop=storefront", "Order=order_number", "Phone=phone", "What=said")
    result = take(shop, path, *words)
    assert (result.rows, result.rejected, result.opened) == (6, 5, (1,))
    assert [(row, column) for row, column, _reason in result.samples] == [
        (3, "When"), (4, "Shop"), (5, "Order"), (6, "When"), (7, "What"),
    ]  # fmt: skip
    assert "in the future" in result.samples[0][2]
    assert fetch_rows(shop.database, "SELECT phone FROM customers") == [("13800138000",)]
    kept = fetch_value(shop.database, "SELECT count(*) FROM rejects")
    assert kept == 5


def test_an_order_nobody_knows_still_becomes_a_case(shop: Shop, tmp_path: Path) -> None:
    for code in ("tmall-1", "jd-1"):
        add_storefront(shop, code, platform=code[:2])
    path = write_csv(tmp_path / "requests.csv", ["Order", "What"], [["12345678", "broken"]])
    result = take(shop, path, "Order=order_number", "What=said")
    assert result.opened == (1,)
    assert (said(shop, 1), notes(shop, 1)) == ("broken", "Order number given: 12345678")
    assert case_of(shop, 1).title == "broken"
    assert [entry.code for entry in result.warnings] == ["order_not_found"]
    again = write_csv(tmp_path / "more.csv", ["Order", "What"], [["12345678", "other"]])
    assert take(shop, again, "Order=order_number", "What=said", storefront="jd-1").opened == (2,)
    assert case_of(shop, 2).order_external_id == "12345678"


def test_the_customer_is_known_by_contact_never_by_name(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "requests.csv",
        ["Name", "Phone", "What"],
        [["王芳", "13800138000", "one"], ["王芳", "", "two"], ["王小芳", "+86 138-0013-8000", "three"]],
    )
    take(shop, path, "Name=name", "Phone=phone", "What=said")
    customers = [case_of(shop, number).customer_id for number in (1, 2, 3)]
    assert customers[0] == customers[2] != customers[1]
    assert (said(shop, 3), notes(shop, 3)) == ("three", "Contact given: 王小芳")


def test_an_undo_takes_the_cases_back_unless_somebody_has_worked_on_them(shop: Shop, tmp_path: Path) -> None:
    before = fetch_rows(shop.database, "SELECT count(*) FROM customers UNION ALL SELECT count(*) FROM cases")
    path = wjx(tmp_path, WJX_ROWS)
    result = take(shop, path)
    undo(shop, result.import_id)
    after = fetch_rows(shop.database, "SELECT count(*) FROM customers UNION ALL SELECT count(*) FROM cases")
    assert after == before
    again = take(shop, path)
    assert len(again.opened) == 3
    note_case(shop, again.opened[0], "I am on it")
    with pytest.raises(RefusedError, match=f"case {again.opened[0]}"):
        undo(shop, again.import_id)


def test_headings_that_tell_nothing_are_listed_with_what_to_do(shop: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ["Alpha", "Beta"], [["1", "2"]])
    with pytest.raises(UnknownFileError) as error:
        choose_request_format(shop, path, ())
    assert "Its columns: Alpha, Beta" in error.value.message
    assert "--map COLUMN=said" in error.value.remedy
    with pytest.raises(WrongUsageError, match="“Alpha=colour” is not a mapping"):
        choose_request_format(shop, path, ["Alpha=colour"])


Cases = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cases(run_cli: Cases, shop_folder: Path) -> Cases:
    """Return a function that runs ``aftersales cases …`` in the shop."""

    def run(*words: str | Path, agent: str = "owner") -> Any:
        return run_cli("--as", agent, "cases", *words, cwd=shop_folder)

    return run


def test_a_mapping_saved_once_is_known_to_the_inbox(
    cases: Cases, shop: Shop, shop_folder: Path, tmp_path: Path
) -> None:
    done = cases("import", wjx(tmp_path, WJX_ROWS[:1]), "--save-format", "售后申请")
    assert done.returncode == 0, done.stderr
    assert "Column “6、请详细描述您的问题” is taken as said." in done.stderr
    assert "New case: 1." in done.stdout
    assert (shop_folder / "templates/formats/售后申请.toml").is_file()
    # Without the saved format the inbox would take this for a survey.
    wjx(shop_folder / "inbox", WJX_ROWS, "later.xlsx")
    outcome = run_inbox(shop)[0]
    assert isinstance(outcome.result, ImportResult)
    assert (outcome.result.format, outcome.result.opened) == ("售后申请", (2, 3))
    again = cases("import", wjx(tmp_path, WJX_ROWS[:2], "again.xlsx"), "--json")
    assert json.loads(again.stdout)[0]["format"] == "售后申请"


def test_the_command_reports_rejected_rows_with_exit_code_5(cases: Cases, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", ["When", "What"], [["never", "one"], ["2026-11-20", "two"]])
    result = cases("import", path, "--map", "When=asked_at", "--map", "What=said")
    assert result.returncode == 5
    assert "row 2, When:" in result.stderr
    assert "New case: 1." in result.stdout


def test_nothing_is_kept_of_a_dry_run(cases: Cases, shop: Shop, tmp_path: Path) -> None:
    result = cases("import", wjx(tmp_path, WJX_ROWS), "--dry-run", "--save-format", "form")
    assert result.returncode == 0, result.stderr
    assert not (shop.folder / "templates/formats/form.toml").exists()
    assert fetch_value(shop.database, "SELECT count(*) FROM cases") == 0


def test_an_import_is_one_audited_operation(shop: Shop, tmp_path: Path) -> None:
    before = len(list_audit(shop.database, limit=99))
    take(shop, wjx(tmp_path, WJX_ROWS))
    entries = list_audit(shop.database, limit=99)
    assert len(entries) == before + 1
    assert entries[0].operation == "orders.import"
    assert "case:3" in entries[0].subjects
