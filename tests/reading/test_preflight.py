"""Hostile workbooks are refused before a reader touches them, quickly and in little memory."""

import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.errors import FileError
from aftersales_cli.reading import open_table
from aftersales_cli.reading.preflight import check_workbook

SHEET = "xl/worksheets/sheet1.xml"
SECONDS = 2.0


def make(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def sheet(inside: bytes, prefix: bytes = b"") -> bytes:
    tag = prefix + b"worksheet"
    return b'<?xml version="1.0"?>\n<' + tag + b">" + inside + b"</" + tag + b">"


def noise(size: int) -> bytes:
    """Return text that hardly packs, so that no ratio gives the file away."""
    return b"".join(b"%d " % (number * 2654435761 % 4294967291) for number in range(size // 10))


HOSTILE = {
    "far cell": ({SHEET: sheet(b'<row r="1"/><c r="XFD1048576"/>')}, "beyond column ZZ"),
    "cells that all claim one place": (
        {SHEET: sheet(b'<row r="1">' + b'<c r="A1"/>' * 2_000 + b"</row>")},
        "beyond column ZZ",
    ),
    "far cell in other quotes": ({SHEET: sheet(b"<c t='s' r = 'AAA1'/>")}, "beyond column ZZ"),
    "far row": ({SHEET: sheet(b'<row r="1"/><row r="1048576"/>')}, "far below"),
    "far row by a cell": ({SHEET: sheet(b'<row r="1"><c r="CV1048576"/></row>')}, "far below"),
    "far row by a cell, no longer than its row's": (
        {SHEET: sheet(b'<row r="100000"/>' * 1900 + b'<row r="100000"><c r="A999999"/></row>')},
        "far below",
    ),
    "far row with a prefix": ({SHEET: sheet(b'<x:row r="1"/><x:c r="A1048576"/>', b"x:")}, "far below"),
    "impossible row": ({SHEET: sheet(b'<row r="1048577"/>')}, "beyond the last one"),
    "endless number": ({SHEET: sheet(b'<row r="' + b"9" * 50_000 + b'"/>')}, "beyond the last one"),
    "document type": ({SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]>' + sheet(b"")}, "entities"),
    "document type elsewhere": ({"docProps/app.xml": b"<!DOCTYPE x><x/>"}, "entities"),
    "UTF-16 with a long head": ({SHEET: (" " * 300 + "<worksheet/>").encode("utf-16-be")}, "UTF-16"),
    "UTF-16": ({SHEET: "<worksheet/>".encode("utf-16")}, "UTF-16"),
    "one huge text": (
        {"xl/sharedStrings.xml": b"<sst><si><t>" + noise(6 << 20) + b"</t></si></sst>"},
        "4 MB",
    ),
    "bomb": ({SHEET: sheet(b" " * (20 << 20))}, "200 times"),
    "too many parts": ({f"xl/media/{number}.bin": b"" for number in range(2001)}, "2000 parts"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_at_once(tmp_path: Path, name: str) -> None:
    parts, words = HOSTILE[name]
    path = make(tmp_path / "orders.xlsx", parts)
    started = time.perf_counter()
    with pytest.raises(FileError, match=words) as caught:
        open_table(path, lambda cells: cells)
    assert time.perf_counter() - started < SECONDS
    assert "is refused" in caught.value.message
    assert caught.value.exit_code == 8


def test_more_rows_than_a_workbook_can_have_are_refused(tmp_path: Path) -> None:
    rows = b"".join(b'<row s="%d"/>' % (number * 2654435761 % 4294967291) for number in range(1_048_577))
    path = make(tmp_path / "orders.xlsx", {SHEET: sheet(rows)})
    with pytest.raises(FileError, match="beyond the last one"):
        check_workbook(path)


def test_the_directory_of_a_bomb_is_not_even_read(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, 900 << 20, 0, 0)
    path = tmp_path / "orders.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end)
    with pytest.raises(FileError, match="2000 parts"):
        check_workbook(path)


def test_more_than_400_mb_are_refused_before_unpacking(tmp_path: Path) -> None:
    path = make(tmp_path / "orders.xlsx", {SHEET: sheet(noise(100_000))})
    data = path.read_bytes()
    at = data.rfind(b"PK\x01\x02")
    path.write_bytes(data[: at + 24] + struct.pack("<L", 401 << 20) + data[at + 28 :])
    with pytest.raises(FileError, match="400 MB"):
        check_workbook(path)


def test_a_forged_size_is_found_while_reading(tmp_path: Path) -> None:
    path = make(tmp_path / "orders.xlsx", {SHEET: sheet(noise(100_000))})
    data = path.read_bytes()
    at = data.rfind(b"PK\x01\x02")
    path.write_bytes(data[: at + 24] + struct.pack("<L", 500) + data[at + 28 :])
    with pytest.raises(FileError, match="damaged"):
        check_workbook(path)


def test_text_that_looks_like_a_reference_is_only_text(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    worksheet = workbook.worksheets[0]
    worksheet.append(["Order ID", 'why r="XFD1048576" ?', " r='9999999'"])
    worksheet["ZZ3"] = "the last column allowed"
    workbook.save(tmp_path / "orders.xlsx")
    with open_table(tmp_path / "orders.xlsx", lambda cells: cells) as table:
        assert table.header[1] == 'why r="XFD1048576" ?'
        assert [number for number, _cells in table.rows] == [3]


def test_a_sparse_but_honest_sheet_passes(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    worksheet = workbook.worksheets[0]
    worksheet["A1"] = "Order ID"
    worksheet["A9000"] = "a remark far down"
    workbook.save(tmp_path / "orders.xlsx")
    with open_table(tmp_path / "orders.xlsx", lambda cells: cells) as table:
        assert [number for number, _cells in table.rows] == [9000]


def test_rows_of_long_texts_below_many_short_ones_pass(tmp_path: Path) -> None:
    short = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (number, number) for number in range(1, 60_001))
    text = noise(1 << 20)
    long = b"".join(
        b'<row r="%d"><c r="A%d"><v>%s</v></c></row>' % (number, number, text)
        for number in range(60_001, 60_005)
    )
    check_workbook(make(tmp_path / "orders.xlsx", {SHEET: sheet(short + long)}))
