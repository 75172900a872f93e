"""Forms: every sheet of a workbook is read, each cell in its type, and what is wrong is named by its cell."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.errors import FileError, UnknownFileError
from aftersales_cli.reading.form_rows import (
    CellError,
    FilledRow,
    FilledSheet,
    FormImport,
    read_forms,
    take_rows,
)
from aftersales_cli.reading.forms import Form, form_id, load_form, make_token, parse_token
from aftersales_cli.taxonomy import load_taxonomy

CASES, HANDOFFS = load_form("case_register.toml", "cases"), load_form("case_register.toml", "handoffs")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def _save(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _row(**texts: str) -> FilledRow:
    names = list(texts)
    sheet = FilledSheet(CASES, "Lan", names, {name: index for index, name in enumerate(names)}, [])
    return FilledRow(sheet, 7, list(texts.values()))


def test_every_recognised_sheet_is_read_in_its_order(tmp_path: Path) -> None:
    heads: list[object] = ["New status", "Cause", "Code (keep)"]
    path = _save(
        tmp_path / "register.xlsx",
        {
            "兰": [["title"], heads, ["resolved", "packaging", "1.1.ABC"], [], [None, None, "2.1.ABC"]],
            "How to": [["Read me"], ["again"]],
            "Empty": [],
            "Asked": [["答复", "编号(勿改)"], ["no", "3.1.ABC"]],
            "Chen": [["only a title"], ["编号(勿改)", "责任原因", "新状态"], ["4.1.ABC"]],
            "Left": [heads],
        },
    )
    found = read_forms(path, [HANDOFFS, CASES])
    assert [(sheet.name, sheet.form.name) for sheet in found] == [
        ("兰", "cases"), ("Asked", "handoffs"), ("Chen", "cases"), ("Left", "cases"),
    ]  # fmt: skip
    assert [[number for number, _cells in sheet.rows] for sheet in found] == [[3, 5], [2], [3], []]
    assert [row.text("token") for sheet in found for row in sheet] == [
        "1.1.ABC", "2.1.ABC", "3.1.ABC", "4.1.ABC",
    ]  # fmt: skip


def test_more_rows_than_one_message_holds_stay_with_their_sheet(tmp_path: Path) -> None:
    heads: list[object] = ["New status", "Cause", "Code (keep)"]
    many: list[list[object]] = [heads]
    many.extend([None, None, f"{number}.1.ABC"] for number in range(1300))
    found = read_forms(_save(tmp_path / "long.xlsx", {"a": many, "b": many[:3], "c": many}), [CASES])
    assert [(sheet.name, len(sheet.rows)) for sheet in found] == [("a", 1300), ("b", 2), ("c", 1300)]


def test_a_workbook_without_a_form_is_said_to_be_unknown(tmp_path: Path) -> None:
    path = _save(tmp_path / "other.xlsx", {"a": [["订单编号", "实付"]], "b": [["x"]]})
    with pytest.raises(UnknownFileError) as caught:
        read_forms(path, [CASES, HANDOFFS])
    assert caught.value.headers == (("订单编号", "实付"), ("x",))


def test_a_sheet_that_lost_its_headings_is_not_left_out_silently(tmp_path: Path) -> None:
    heads: list[object] = ["Customer", "Reason", "New status", "Cause", "Code (keep)"]
    path = _save(tmp_path / "r.xlsx", {"Lan": [heads], "Chen": [["title"], [*heads[:2], None, *heads[3:]]]})
    with pytest.raises(FileError, match=r"Sheet “Chen” of .* has lost these headings in row 2: New status"):
        read_forms(path, [CASES, HANDOFFS])
    alone = _save(tmp_path / "alone.xlsx", {"Chen": [[*heads[:2], None, *heads[3:]]]})
    with pytest.raises(UnknownFileError):
        read_forms(alone, [CASES, HANDOFFS])


@pytest.mark.parametrize(
    "form", [CASES, HANDOFFS, load_form("callback_list.toml")], ids=lambda form: form.name
)
def test_no_two_columns_of_a_form_share_a_heading(form: Form) -> None:
    titles = [title for column in form.columns.values() for title in (column.zh, column.en, *column.aliases)]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert [column.name for column in form.columns.values() if column.small][-1] == "token"


def test_forms_are_not_taken_for_one_another() -> None:
    forms = [CASES, HANDOFFS, load_form("callback_list.toml")]
    for form in forms:
        headers = ["".join(column.en.split()).lower() for column in form.columns.values()]
        assert [other.name for other in forms if other.recognise(headers)] == [form.name]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 15:20", "2026-11-21T07:20"),
        ("2026-11-21 15:20:00", "2026-11-21T07:20"),
        ("2026年11月21日 15：20", "2026-11-21T07:20"),
        ("2026/11/21 15:20", "2026-11-21T07:20"),
        ("8:59", "2026-11-22T00:59"),
        ("9:01", "2026-11-21T01:01"),
        ("15:20:00", "2026-11-21T07:20"),
        ("1899-12-31 15:20:00", "2026-11-21T07:20"),
        ("1900-01-00 15:20:00", "2026-11-21T07:20"),
    ],
)
def test_a_moment_may_be_written_in_the_usual_ways(text: str, moment: str) -> None:
    found = _row(at=text).moment("at", NOW)
    assert found is not None
    assert found.astimezone(UTC).isoformat()[:16] == moment


@pytest.mark.parametrize("text", ["25:00", "9:61", "noon", "2026-13-01 10:00", "15"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a date and time"):
        _row(at=text).moment("at", NOW)


@pytest.mark.parametrize(
    ("text", "number"), [("15", 15), ("15.0", 15), ("１５ 分钟", 15), ("0", 0), ("9 min", 9)]
)
def test_a_whole_number_may_carry_its_unit(text: str, number: int) -> None:
    assert _row(minutes=text).whole("minutes", smallest=0, largest=99) == number


@pytest.mark.parametrize("text", ["1.5", "-1", "100", "many", "1e2", "9" * 30])
def test_what_is_no_whole_number_in_its_range_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="from 0 to 99"):
        _row(minutes=text).whole("minutes", smallest=0, largest=99)


def test_empty_cells_and_missing_columns_are_nothing() -> None:
    row = _row(token="1.1.ABC", note=" \u200b\u3000")
    assert (row.text("note"), row.text("gone"), row.day("gone"), row.moment("gone", NOW)) == (
        "",
        "",
        None,
        None,
    )
    assert row.whole("gone", smallest=0, largest=9) is None
    assert row.word("gone", load_taxonomy("kinds")) == ""
    assert row.filled() == {}


def test_a_day_and_a_word_are_read() -> None:
    row = _row(day="2026年11月27日", kind="换货", wrong="x")
    assert row.day("day") == date(2026, 11, 27)
    assert row.word("kind", load_taxonomy("kinds")) == "exchange"
    with pytest.raises(CellError) as caught:
        row.word("wrong", load_taxonomy("kinds"))
    assert caught.value.column == "wrong"


def test_rows_are_counted_and_a_wrong_one_hides_no_other() -> None:
    sheet = FilledSheet(CASES, "Lan", ["Note", "Code"], {"note": 0, "token": 1}, [])
    sheet.rows.extend((number, [text, "1.1.ABC"]) for number, text in enumerate(("a", "b", "", "c"), start=3))

    def take(row: FilledRow) -> bool | None:
        if row.text("note") == "b":
            raise CellError("note", "b is wrong")
        return {"a": True, "c": False}.get(row.text("note"))

    result = FormImport()
    take_rows([sheet], take, result)
    assert (result.recorded, result.unchanged, result.blank) == (1, 1, 1)
    assert [(entry.sheet, entry.cell, entry.column) for entry in result.rejected] == [("Lan", "A4", "Note")]


def test_a_token_of_another_seed_is_damaged() -> None:
    token = str(make_token(17, 2, "case here"))
    row = _row(token=token)
    assert row.token(lambda _token: "case here", missing="", damaged="") == parse_token(token)
    with pytest.raises(CellError, match=f"bad {token}"):
        row.token(lambda _token: "case there", missing="", damaged="bad {code}")
    with pytest.raises(CellError, match=f"bad {token}"):
        row.token(lambda _token: None, missing="", damaged="bad {code}")


def test_a_form_is_told_apart_by_its_rows_its_language_and_its_kind() -> None:
    tokens = [make_token(1, 1, ""), make_token(2, 1, "")]
    ids = {
        form_id("register", "2026-11-22", tokens, "en"),
        form_id("register", "2026-11-22", tokens, "zh"),
        form_id("register", "2026-11-22", tokens[:1], "en"),
        form_id("callbacks", "2026-11-22", tokens, "en"),
    }
    assert len(ids) == 4
