"""Copies that a spreadsheet with another delimiter saved: every record has become one quoted cell."""

import csv
import io
from pathlib import Path
from typing import Literal

import pytest

from aftersales_cli.errors import FileError, UnknownFileError
from aftersales_cli.reading import OpenTable, Row, open_table

HEADER = ["Name", "Email", "Notes", "Total"]
RECORDS = [
    ["#1001", "ada@example.com", "", "65.00"],
    ["#1002", "ben@example.com", "Street, 3", "24.00"],
    ["#1003", "cleo@example.com", 'says "hello"', "5.00"],
]


def recognise(cells: list[str]) -> str | None:
    return "orders" if {"name", "total"} <= set(cells) else None


def write_record(cells: list[str], *, quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=quoting).writerow(cells)
    return text.getvalue().removesuffix("\n")


def mangle(record: list[str]) -> str:
    """Write a record the way the seen copy has it: one quoted cell and a trailing ``;``."""
    return '"' + write_record(record).replace('"', '""') + '";'


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[OpenTable[str], list[Row]]:
    path = folder / "orders.csv"
    path.write_bytes(text.encode(encoding))
    with open_table(path, recognise) as table:
        return table, list(table.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_records_that_became_one_cell_are_read_as_they_were(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    accented = [*RECORDS, ["#1004", "zoe@example.com", "café", "1.00"]]
    text = newline.join([mangle(HEADER), *map(mangle, accented), ""])
    table, rows = read(tmp_path, text, encoding)
    assert (table.header, table.header_row, table.encoding) == (HEADER, 1, encoding)
    assert rows == list(enumerate(accented, start=2))


@pytest.mark.parametrize("tail", ["", ";", ";;;"])
def test_any_number_of_trailing_semicolons_is_taken_away(tmp_path: Path, tail: str) -> None:
    lines = [mangle(record).rstrip(";") + tail for record in [HEADER, *RECORDS]]
    assert read(tmp_path, "\n".join(lines))[1] == list(enumerate(RECORDS, start=2))


def test_a_header_that_needed_no_quotes_does_not_hide_the_wrapped_records(tmp_path: Path) -> None:
    lines = [",".join(HEADER) + ";", *map(mangle, RECORDS)]
    table, rows = read(tmp_path, "\n".join(lines))
    assert table.header == HEADER
    assert rows == list(enumerate(RECORDS, start=2))


def test_a_text_with_a_semicolon_that_was_cut_there_is_whole_again(tmp_path: Path) -> None:
    record = ["#1005", "dora@example.com", "ring twice; then wait", "7.00"]
    left, right = write_record(record, quoting=csv.QUOTE_ALL).split(";")
    cut = ";".join('"' + part.replace('"', '""') + '"' for part in (left, right))
    assert read(tmp_path, f"{mangle(HEADER)}\n{cut}\n")[1] == [(2, record)]


def test_a_remark_over_two_lines_is_joined_whether_or_not_it_was_cut_at_the_line_end(tmp_path: Path) -> None:
    record = ["#1006", "emil@example.com", "Please leave\nat the door", "8.00"]
    kept = mangle(record)
    cut = ";\n".join('"' + part.replace('"', '""') + '"' for part in write_record(record).split("\n")) + ";"
    for written in (kept, cut):
        text = "\n".join([mangle(HEADER), written, mangle(RECORDS[0]), ""])
        assert read(tmp_path, text)[1] == [(2, record), (4, RECORDS[0])]


def test_an_ordinary_file_whose_last_column_is_named_with_a_semicolon_stays_as_it_is(tmp_path: Path) -> None:
    table, rows = read(tmp_path, 'Name,Email,Total,Tags;\n#1,"a, b",5.00,x\n')
    assert table.header[-1] == "Tags;"
    assert rows == [(2, ["#1", "a, b", "5.00", "x"])]


def test_quotes_that_do_not_balance_inside_a_wrapped_record_are_refused_by_line(tmp_path: Path) -> None:
    broken = '"#1002,""open,ben@example.com,24.00";'
    with pytest.raises(FileError, match="begins in line 3"):
        read(tmp_path, "\n".join([mangle(HEADER), mangle(RECORDS[0]), broken, ""]))


def test_an_unknown_file_of_single_cells_is_still_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError):
        read(tmp_path, '"one,two,three";\n"1,2,3";\n')


def recognise_report(cells: list[str]) -> str | None:
    return "report" if {"order-id", "product-name"} <= set(cells) else None


def read_report(folder: Path, rows: list[str]) -> list[Row]:
    path = folder / "report.txt"
    path.write_text("\n".join(["order-id\tproduct-name\tsku\tpromotion-ids", *rows, ""]), encoding="utf-8")
    with open_table(path, recognise_report) as table:
        return list(table.rows)


def test_unquoted_tab_files_are_read_although_empty_columns_at_the_end_are_missing(tmp_path: Path) -> None:
    rows = read_report(tmp_path, ['1\t"Cloud" pillow, 12"\tCP', "2\tBear\tBB\tPROMO", '3\tend with "x"\tCX'])
    assert [cells[1] for _number, cells in rows] == ['"Cloud" pillow, 12"', "Bear", 'end with "x"']


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    rows = read_report(tmp_path, ['1\t"Cloud\tCP', "2\tBear\tBB\tPROMO", '3\tSnow\tend"', "4\tRain\tRR\t"])
    assert [cells[0] for _number, cells in rows] == ["1", "2", "3", "4"]


def test_a_tab_file_that_a_spreadsheet_quoted_keeps_its_line_breaks(tmp_path: Path) -> None:
    rows = read_report(tmp_path, ['1\t"Cloud\npillow"\tCP\tP', "2\tBear\tBB\tPROMO"])
    assert [(number, cells[1]) for number, cells in rows] == [(2, "Cloud\npillow"), (4, "Bear")]
