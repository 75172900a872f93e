"""Text files: encodings, delimiters, what is mended and what is refused."""

import codecs
from pathlib import Path

import pytest

from aftersales_cli.errors import FileError, UnknownFileError, WrongUsageError
from aftersales_cli.reading import OpenTable, Row, open_table

HEADER = "订单编号,买家会员名,金额"


def recognise(cells: list[str]) -> str | None:
    return "orders" if {"订单编号", "金额"} <= set(cells) else None


def recognise_english(cells: list[str]) -> str | None:
    return "orders" if {"orderid", "name"} <= set(cells) else None


def write(folder: Path, data: bytes | str, encoding: str = "utf-8") -> Path:
    path = folder / "orders.csv"
    path.write_bytes(data.encode(encoding) if isinstance(data, str) else data)
    return path


def read(path: Path, encoding: str | None = None) -> tuple[OpenTable[str], list[Row]]:
    with open_table(path, recognise, encoding=encoding) as table:
        return table, list(table.rows)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_each_encoding_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    table, rows = read(write(tmp_path, f"{HEADER}\r\n1,张三,5.00\r\n2,李四,6.00\r\n", encoding))
    assert (table.encoding, table.header, table.header_row) == (found, HEADER.split(","), 1)
    assert (table.sheet, table.match) == ("", "orders")
    assert rows == [(2, ["1", "张三", "5.00"]), (3, ["2", "李四", "6.00"])]


def test_utf_16_in_big_endian_order_is_read(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_BE + f"{HEADER}\n1,张三,5\n".encode("utf-16-be")
    assert read(write(tmp_path, data))[1] == [(2, ["1", "张三", "5"])]


def test_utf_16_without_a_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="neither a spreadsheet nor a text file"):
        read(write(tmp_path, f"{HEADER}\n1,a,5\n", "utf-16-le"))


def test_western_accents_below_an_ascii_header_are_not_taken_for_chinese(tmp_path: Path) -> None:
    path = write(tmp_path, "Order ID,Name\n1,Über\n2,Café Noël\n", "cp1252")
    with open_table(path, recognise_english) as table:
        assert [cells[1] for _number, cells in table.rows] == ["Über", "Café Noël"]
        assert table.encoding == "cp1252"


def test_chinese_below_an_ascii_header_is_not_taken_for_western(tmp_path: Path) -> None:
    path = write(tmp_path, "Order ID,Name\n1,王小明\n2,李\n", "gb18030")
    with open_table(path, recognise_english) as table:
        assert [cells[1] for _number, cells in table.rows] == ["王小明", "李"]


def test_a_late_chinese_character_decides_for_the_whole_file(tmp_path: Path) -> None:
    body = "".join(f"{number},plain\n" for number in range(100_000))
    path = write(tmp_path, f"Order ID,Name\n{body}9,王小明\n", "gb18030")
    with open_table(path, recognise_english) as table:
        assert table.encoding == "gb18030"
        assert list(table.rows)[-1] == (100_002, ["9", "王小明"])


def test_a_private_use_character_makes_a_guess_fail_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n1,张三,5\n2,".encode("gb18030") + b"\xaa\xa1,6\n")
    with pytest.raises(FileError, match="line 3 is not valid gb18030"):
        read(path)
    assert read(path, "gb18030")[1][1] == (3, ["2", "\ue000", "6"])


def test_a_bad_byte_far_down_refuses_the_file_with_its_line(tmp_path: Path) -> None:
    body = "".join(f"{number},张三,5\n" for number in range(2, 200_000)).encode()
    path = write(tmp_path, f"{HEADER}\n".encode() + body + b"x,\xff\xff,6\n")
    with pytest.raises(FileError, match="line 200000 is not valid utf-8"):
        read(path)


def test_a_bad_byte_near_the_header_does_not_hide_the_header(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="line 2 is not valid utf-8"):
        read(write(tmp_path, f"{HEADER}\n1,".encode() + b"\xff\n"))


def test_a_file_cut_within_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="line 3 is not valid utf-8"):
        read(write(tmp_path, f"{HEADER}\n1,张三,5\n2,李四".encode()[:-1]))


def test_a_cut_chinese_file_is_not_taken_for_western(tmp_path: Path) -> None:
    path = write(tmp_path, "Order ID,Name\n1,王小明\n2,李四".encode("gb18030")[:-1])
    with pytest.raises(FileError, match="is not valid"):
        open_table(path, recognise_english)


def test_a_named_encoding_is_used_and_checked(tmp_path: Path) -> None:
    path = write(tmp_path, "Order ID,Name\n1,張三\n", "big5hkscs")
    with open_table(path, recognise_english, encoding="big5-hkscs") as table:
        assert (table.encoding, list(table.rows)) == ("big5hkscs", [(2, ["1", "張三"])])
    with pytest.raises(FileError, match="line 2 is not valid utf-8"):
        open_table(path, recognise_english, encoding="utf-8")
    for name in ("klingon", "rot13"):
        with pytest.raises(WrongUsageError, match=name):
            open_table(path, recognise_english, encoding=name)


def test_a_damaged_utf_16_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "Order ID,Name\n1,plain\n".encode("utf-16")[:-1])
    with pytest.raises(FileError, match="not valid utf-16"):
        open_table(path, recognise_english)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_delimiter_and_line_end_is_found(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [HEADER, "1,张三,5", '2,"李,四",6']
    text = end.join(lines).replace(",", delimiter) + end
    assert read(write(tmp_path, text))[1] == [(2, ["1", "张三", "5"]), (3, ["2", f"李{delimiter}四", "6"])]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('="35112",张三,5', ["35112", "张三", "5"]),
        ('="35112","张三","5"', ["35112", "张三", "5"]),
        ('"="35112"","张三",5', ["35112", "张三", "5"]),
        ('1,"="35112"","="7""', ["1", "35112", "7"]),
        ('="1,2",张三,5', ["1,2", "张三", "5"]),
        ('"=""35112""",张三,5', ['="35112"', "张三", "5"]),
        ('1,"a,="",b",5', ["1", 'a,=",b', "5"]),
        ('1,"=",""', ["1", "=", ""]),
        ('1,"http://a.cn/?x=""1""",5', ["1", 'http://a.cn/?x="1"', "5"]),
        ('="",张三,5', ['=""', "张三", "5"]),
    ],
)
def test_equals_quote_is_mended_and_valid_csv_left_alone(tmp_path: Path, line: str, cells: list[str]) -> None:
    assert read(write(tmp_path, f"{HEADER}\r\n{line}\r\n9,x,1"))[1] == [(2, cells), (3, ["9", "x", "1"])]


def test_equals_quote_within_a_remark_over_two_lines_is_left_alone(tmp_path: Path) -> None:
    text = f'{HEADER}\n="1","he said\n="",or so",5\n="2",b,6\n'
    assert read(write(tmp_path, text))[1] == [
        (2, ["1", 'he said\n=",or so', "5"]),
        (4, ["2", "b", "6"]),
    ]


def test_a_header_in_equals_quotes_after_a_byte_order_mark_is_recognised(tmp_path: Path) -> None:
    table, _rows = read(write(tmp_path, '="订单编号",="金额 "\n="1",5\n', "utf-8-sig"))
    assert table.header == ["订单编号", "金额 "]


def test_line_ends_within_quotes_belong_to_the_field_and_numbers_stay_right(tmp_path: Path) -> None:
    text = f'{HEADER}\n1,"first\nsecond",5\n\n2,b,6\n , ,\n3,c,7\n'
    assert read(write(tmp_path, text))[1] == [
        (2, ["1", "first\nsecond", "5"]),
        (5, ["2", "b", "6"]),
        (7, ["3", "c", "7"]),
    ]


@pytest.mark.parametrize("stray", ['10,"张三,5', '10,"张"三,5', '"10"1,张三,5'])
@pytest.mark.parametrize("count", [30, 5000])
def test_a_stray_quote_refuses_the_file_with_its_line(tmp_path: Path, stray: str, count: int) -> None:
    lines = [f'{number},"张三",5' for number in range(2, count)]
    lines[8] = stray
    with open_table(write(tmp_path, "\n".join([HEADER, *lines])), recognise) as table:
        seen: list[int] = []
        with pytest.raises(FileError, match="line 10 "):
            seen.extend(number for number, _cells in table.rows)
        assert seen == list(range(2, 10))


def test_a_quote_never_closed_is_refused_with_its_line_before_it_eats_memory(tmp_path: Path) -> None:
    lines = ["1,张三,5"] * 300_000
    lines[8] = '1,"张三,5'
    with (
        open_table(write(tmp_path, "\n".join([HEADER, *lines])), recognise) as table,
        pytest.raises(FileError, match=r"line 10 .*more than 1 MB"),
    ):
        list(table.rows)


def test_two_stray_quotes_that_swallow_many_rows_are_refused(tmp_path: Path) -> None:
    lines = ["1,张三,5"] * 2000
    lines[8], lines[1500] = '1,"张三,5', '1,张三",5'
    with (
        open_table(write(tmp_path, "\n".join([HEADER, *lines])), recognise) as table,
        pytest.raises(FileError, match="line 10 "),
    ):
        list(table.rows)


def test_a_nul_character_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="line 3 holds a NUL"):
        read(write(tmp_path, f"{HEADER}\n1,张三,5\n2,李\0四,5\n"))


def test_remarks_that_begin_with_a_quote_are_read_from_unquoted_tab_files(tmp_path: Path) -> None:
    text = 'order id\tname\tremark\n1\tAnn\t"Best" ever\n2\tBob\t5" pipe\n3\tEve\t"all ""quoted"""\n'
    with open_table(write(tmp_path, text), recognise_english) as table:
        assert [cells[2] for _number, cells in table.rows] == ['"Best" ever', '5" pipe', 'all "quoted"']


def test_title_rows_above_the_header_are_skipped(tmp_path: Path) -> None:
    table, rows = read(write(tmp_path, f"{',' * 9}\n店铺报表,2026\n\n{HEADER}\n1,张三,5\n"))
    assert (table.header_row, rows) == (4, [(5, ["1", "张三", "5"])])


def test_a_header_below_the_twentieth_row_is_not_searched_for(tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError):
        read(write(tmp_path, "a,b\n" * 20 + f"{HEADER}\n1,张三,5\n"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_unknown_file_shows_its_best_header_row(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UnknownFileError) as caught:
        read(write(tmp_path, "报表\n商品,数量,备注\n1,2,好\n", encoding))
    assert caught.value.headers == (("商品", "数量", "备注"),)
    assert (caught.value.exit_code, "--map" in caught.value.remedy) == (8, True)


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="longer than 4 MB"):
        read(write(tmp_path, f"{HEADER}\n" + "x" * (6 << 20)))


def test_the_file_is_closed_when_reading_stops_early(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n1,张三,5\n2,李四,6\n")
    with open_table(path, recognise) as table:
        assert next(table.rows) == (2, ["1", "张三", "5"])
    with pytest.raises(ValueError, match="closed file"):
        list(table.rows)
