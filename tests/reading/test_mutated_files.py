"""Damage anywhere in a file ends in rows or in a FileError, never in anything else and never in a hang."""

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.errors import FileError
from aftersales_cli.reading import open_table

LINES = [
    "订单编号,买家会员名,金额 ,备注",
    *(f'="{n}","张三{n}",{n}.00,"好\n的 ""x"" ,{n}"' for n in range(60)),
]
PIECES = [b'"', b'="', b"\0", b"\r", b"\n", b",", b"\xff", b'""', b"\t", b"\xef\xbb\xbf"]


def mutate(dice: random.Random, data: bytes) -> bytes:
    for _ in range(dice.choice([1, 2, 5, 20])):
        at, kind = dice.randrange(len(data) + 1), dice.randrange(4)
        if kind == 0:
            data = data[:at] + dice.randbytes(1) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + dice.randrange(50) :]
        elif kind == 2:
            data = data[:at] + dice.choice(PIECES) + data[at:]
        elif dice.random() < 0.1:
            data = data[:at]
    return data


def mutate_part(dice: random.Random, data: bytes) -> bytes:
    """Change one part inside a workbook, so that the archive around it stays sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = dice.choice(sorted(parts))
    parts[chosen] = mutate(dice, parts[chosen])
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return output.getvalue()


def outcome(path: Path) -> str:
    try:
        with open_table(path, lambda cells: "订单编号" in cells or None) as table:
            list(table.rows)
    except FileError as error:
        return "refused" if error.message and error.remedy else "refused without a word"
    return "read"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_mutated_text_files(tmp_path: Path, encoding: str) -> None:
    dice = random.Random(encoding)
    whole = "\r\n".join(LINES).encode(encoding)
    path = tmp_path / "orders.csv"
    seen: Counter[str] = Counter()
    for _ in range(300):
        path.write_bytes(mutate(dice, whole))
        seen[outcome(path)] += 1
    assert seen["refused"] + seen["read"] == 300
    assert min(seen["refused"], seen["read"]) > 10


@pytest.mark.parametrize("change", [mutate, mutate_part])
def test_mutated_workbooks(tmp_path: Path, change: Callable[[random.Random, bytes], bytes]) -> None:
    dice = random.Random(5)
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["订单编号", "金额"])
    for number in range(60):
        workbook.worksheets[0].append([str(number), number])
    whole = io.BytesIO()
    workbook.save(whole)
    path = tmp_path / "orders.xlsx"
    seen: Counter[str] = Counter()
    for _ in range(40):
        path.write_bytes(change(dice, whole.getvalue()))
        seen[outcome(path)] += 1
    assert seen["refused"] + seen["read"] == 40
    assert seen["refused"] > 2
