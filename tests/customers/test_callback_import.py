"""Reading a filled callback list back."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_import import CallbackImport, import_callbacks
from aftersales_cli.customers.callback_list import COLUMNS, list_words, make_token
from aftersales_cli.customers.callback_plan import plan_callbacks
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.callbacks import ListedCallback, list_due_callbacks
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.reading.form_rows import column_letters as _letters
from aftersales_cli.shop import Shop, open_shop

Add = Callable[..., int]
TODAY = date(2026, 11, 22)
Filled = dict[str, Any]


@pytest.fixture
def listed(shop: Shop, add_case: Add, add_customer: Add) -> list[ListedCallback]:
    for name in ("Lin", "Chen", "Zhao"):
        add_case(customer_id=add_customer(name))
    plan_callbacks(shop, TODAY)
    return list_due_callbacks(shop, TODAY)


def _token(entry: ListedCallback) -> str:
    return str(make_token(entry.id, entry.revision, entry.planned_at))


def _write_list(
    path: Path, rows: list[Filled], *, language: str = "en", columns: tuple[str, ...] = COLUMNS
) -> Path:
    """Write a list the way a person leaves it: only what ``rows`` says, under headings in row 2."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Callbacks"])
    sheet.append([list_words()["columns"][name][language] for name in columns])
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    book.save(path)
    return path


def _counts(result: CallbackImport) -> tuple[int, int, int, int]:
    return result.recorded, result.unchanged, result.blank, len(result.rejected)


def _callbacks(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(shop.database, "SELECT * FROM callbacks ORDER BY id")


def test_answers_in_either_language_are_recorded_and_the_file_twice_changes_nothing(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    tokens = [_token(entry) for entry in listed]
    path = _write_list(
        tmp_path / "回访 名单.xlsx",
        [
            {"token": tokens[0], "outcome": "已接通", "score": 5, "note": "很好\n下次再来"},
            {"token": tokens[1], "outcome": "call again later", "next_on": datetime(2026, 11, 27)},
            {"token": tokens[2]},
        ],
        language="zh",
    )
    assert _counts(import_callbacks(shop, path)) == (2, 0, 1, 0)
    stored = fetch_rows(
        shop.database,
        "SELECT outcome, score, next_due_on, note FROM callbacks WHERE status = 'done' ORDER BY id",
    )
    assert stored[0] == ("reached", 5, None, "很好\n下次再来")
    assert stored[1] == ("later", None, "2026-11-27", "")
    before = _callbacks(shop)
    assert _counts(import_callbacks(shop, path)) == (0, 2, 1, 0)
    assert _callbacks(shop) == before


def test_sorted_deleted_added_rows_and_moved_columns_do_no_harm(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    path = _write_list(
        tmp_path / "list.xlsx",
        [
            {"customer": "a remark of somebody"},
            {"token": _token(listed[2]), "outcome": "no answer"},
            {"token": _token(listed[0]), "outcome": "REACHED", "score": "4分"},
        ],
        columns=("token", "note", "score", "customer", "outcome"),
    )
    assert _counts(import_callbacks(shop, path)) == (2, 0, 1, 0)
    outcomes = fetch_rows(shop.database, "SELECT outcome FROM callbacks WHERE follows_id IS NULL ORDER BY id")
    assert outcomes == [("reached",), ("",), ("no_answer",)]


@pytest.mark.parametrize(
    ("filled", "cell", "column", "reason"),
    [
        ({"outcome": "maybe"}, "N3", "Outcome", "“maybe” is not known here"),
        ({"score": 5}, "N3", "Outcome", "missing"),
        ({"note": "phoned"}, "N3", "Outcome", "missing"),
        ({"outcome": "reached", "score": 6}, "O3", "Satisfaction (1-5)", "“6” is no satisfaction"),
        ({"outcome": "reached", "score": 4.5}, "O3", "Satisfaction (1-5)", "“4.5”"),
        ({"outcome": "no_answer", "score": 4}, "O3", "Satisfaction (1-5)", "nobody was reached"),
        ({"outcome": "later"}, "P3", "Next date", "needs the day"),
        ({"outcome": "later", "next_on": "next week"}, "P3", "Next date", "“next week” is not a day"),
        ({"outcome": "later", "next_on": "2025-11-27"}, "P3", "Next date", "cannot be on 2025-11-27"),
        ({"outcome": "declined", "next_on": "2026-11-27"}, "P3", "Next date", "does not go with"),
    ],
)
def test_a_wrong_value_is_named_by_its_cell_and_hides_no_other_row(
    shop: Shop,
    listed: list[ListedCallback],
    tmp_path: Path,
    filled: Filled,
    cell: str,
    column: str,
    reason: str,
) -> None:
    rows = [{"token": _token(listed[0]), **filled}, {"token": _token(listed[1]), "outcome": "reached"}]
    result = import_callbacks(shop, _write_list(tmp_path / "list.xlsx", rows))
    assert _counts(result) == (1, 0, 0, 1)
    rejected = result.rejected[0]
    assert (rejected.row, rejected.cell, rejected.column) == (3, cell, column)
    assert reason in rejected.reason
    assert fetch_rows(shop.database, "SELECT status FROM callbacks ORDER BY id") == [
        ("open",), ("done",), ("open",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["2026/11/27", "2026年11月27日", "2026.11.27", "20261127", "2026-11-27 10:00"]
)
def test_a_day_may_be_written_in_the_usual_ways(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path, text: str
) -> None:
    rows = [{"token": _token(listed[0]), "outcome": "later", "next_on": text}]
    import_callbacks(shop, _write_list(tmp_path / "list.xlsx", rows))
    stored = fetch_rows(shop.database, "SELECT next_due_on FROM callbacks WHERE status = 'done'")
    assert stored == [("2026-11-27",)]


def test_a_code_that_is_damaged_missing_or_of_another_shop_rejects_its_row(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    good = _token(listed[0])
    dragged = good[:-1] + ("A" if good[-1] != "A" else "B")
    foreign = str(make_token(listed[0].id, 1, "2020-01-01T00:00:00Z"))
    next_id = good.replace(f"{listed[0].id}.", f"{listed[1].id}.", 1)
    rows = [
        {"token": token, "outcome": "reached"} for token in (dragged, None, foreign, next_id, "9999.1.ABC")
    ]
    result = import_callbacks(shop, _write_list(tmp_path / "list.xlsx", rows))
    assert [entry.cell for entry in result.rejected] == ["S3", "S4", "S5", "S6", "S7"]
    assert _counts(result) == (0, 0, 0, 5)
    assert {row[0] for row in fetch_rows(shop.database, "SELECT status FROM callbacks")} == {"open"}


def test_an_older_list_never_overwrites_a_newer_answer(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    record_callback(shop, listed[0].id, Answer("no_answer"))
    before = _callbacks(shop)
    rows = [{"token": _token(listed[0]), "outcome": "reached", "score": 5}]
    result = import_callbacks(shop, _write_list(tmp_path / "list.xlsx", rows))
    assert _counts(result) == (0, 0, 0, 1)
    assert "already has an answer: “no answer”" in result.rejected[0].reason
    assert "record it with callback 4" in result.rejected[0].reason
    assert _callbacks(shop) == before


def test_answers_of_a_handed_out_list_are_taken_after_its_rows_were_given_up(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    rows = [{"token": _token(entry), "outcome": "reached"} for entry in listed]
    path = _write_list(tmp_path / "list.xlsx", rows)
    later = replace(shop, now=shop.now + timedelta(days=15))
    assert plan_callbacks(later, later.today).dropped == 3
    assert _counts(import_callbacks(later, path)) == (3, 0, 0, 0)
    assert _counts(import_callbacks(later, path)) == (0, 3, 0, 0)


def test_two_different_answers_to_one_callback_are_told_by_row(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    token = _token(listed[0])
    rows = [{"token": token, "outcome": word} for word in ("reached", "declined", "reached")]
    result = import_callbacks(shop, _write_list(tmp_path / "list.xlsx", rows))
    assert _counts(result) == (1, 1, 0, 1)
    assert (result.rejected[0].cell, result.rejected[0].reason) == ("S4", "Row 3 answers the same callback.")


def test_a_list_saved_as_csv_in_gb18030_is_read_as_well(
    shop: Shop, listed: list[ListedCallback], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([list_words()["columns"][name]["zh"] for name in COLUMNS])
        values = {"token": _token(listed[0]), "outcome": "已接通", "score": "5", "note": "满意"}
        writer.writerow([values.get(name, "") for name in COLUMNS])
    assert _counts(import_callbacks(shop, path)) == (1, 0, 0, 0)
    assert fetch_rows(shop.database, "SELECT comment FROM survey_answers") == [("满意",)]


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_cells_are_named_as_spreadsheets_name_them(position: int, letters: str) -> None:
    assert _letters(position) == letters


def test_a_dry_run_counts_and_keeps_nothing(shop: Shop, listed: list[ListedCallback], tmp_path: Path) -> None:
    path = _write_list(tmp_path / "list.xlsx", [{"token": _token(listed[0]), "outcome": "reached"}])
    before = _callbacks(shop)
    trying = open_shop(shop.folder, dry_run=True)
    assert _counts(import_callbacks(trying, path)) == (1, 0, 0, 0)
    trying.close()
    assert _callbacks(shop) == before


def test_another_workbook_is_said_to_be_no_callback_list(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["订单编号", "买家会员名"])
    book.save(tmp_path / "orders.xlsx")
    with pytest.raises(UnknownFileError, match="is not a callback list"):
        import_callbacks(shop, tmp_path / "orders.xlsx")
