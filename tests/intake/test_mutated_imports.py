"""Whatever happens to a marketplace's file, the import takes it with every row accounted for, or refuses it whole."""

import csv
import io
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import open_shop
from aftersales_cli.team.founding import found_shop
from tests.intake.accounts import import_into_copy
from tests.intake.test_golden_files import FORMS, GOLDEN, marketplace_file

SECONDS_ALLOWED = 10.0
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "utf-16",
    "utf-16-le",
    "cp1252",
    "big5",
    "shift-jis",
    "utf-32",
)
CELLS = ("", " ", "-", "0", "-1", "1e999", "1.23457E+17", "9" * 40, "9" * 5000, "=1+1", '="', '"', "'", "NaN", "0000-00-00",
         "9999-12-31 23:59:59", "0001-01-01", "2026-02-30", "45000.5", "(12.30)", "1.234,50", "¥", "\ufeff", "\u3000",
         "\x1f", "|", "#", "合计", "张**", "\U0010ffff", "１２３", "٣", "²", "1_000", "Infinity", "0x10", "12:00",
         "2026-03-29 02:30:00", "9223372036854775808", "92233720368547758.08", "x" * 40_000)  # fmt: skip
BYTES = (
    b"\0",
    b"\r",
    b"\n",
    b'"',
    b'="',
    b",",
    b";",
    b"\t",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\x80",
    b"\x1a",
    b"\\",
    b"\x81\x30",
)

Table = list[list[str]]


def cut_rows(dice: random.Random, table: Table) -> Table:
    return table[: dice.randrange(len(table) + 1)] + table[dice.randrange(len(table) + 1) :]


def repeat_rows(dice: random.Random, table: Table) -> Table:
    return table + [dice.choice(table) for _ in range(dice.choice([1, 3, 30]))] if table else table


def shuffle_rows(dice: random.Random, table: Table) -> Table:
    return table[:1] + dice.sample(table[1:], max(0, len(table) - 1))


def shuffle_columns(dice: random.Random, table: Table) -> Table:
    order = dice.sample(range(width := max(map(len, table), default=0)), width)
    return [[row[at] for at in order if at < len(row)] for row in table]


def repeat_column(dice: random.Random, table: Table) -> Table:
    at, to = dice.randrange(80), dice.randrange(80)
    return [row[:to] + row[at : at + 1] + row[to:] for row in table]


def drop_column(dice: random.Random, table: Table) -> Table:
    at = dice.randrange(max(map(len, table), default=0) + 1)
    return [row[:at] + row[at + 1 :] for row in table]


def rename_header(dice: random.Random, table: Table) -> Table:
    header = list(table[0]) if table else []
    for _ in range(dice.choice([1, 3])):
        if header:
            at = dice.randrange(len(header))
            header[at] = dice.choice(
                [header[at].swapcase(), f" {header[at]}\n", header[at][:-1], dice.choice(header), ""]
            )
    return [header, *table[1:]]


def replace_cells(dice: random.Random, table: Table) -> Table:
    table = [list(row) for row in table]
    for _ in range(dice.choice([1, 3, 20])):
        row = dice.choice(table[1:] or [[]])
        if row:
            row[dice.randrange(len(row))] = dice.choice(CELLS)
    return table


def swap_cells(dice: random.Random, table: Table) -> Table:
    table = [list(row) for row in table]
    for _ in range(dice.choice([1, 5])):
        one, two = dice.choice(table or [[]]), dice.choice(table or [[]])
        if one and two:
            at, to = dice.randrange(len(one)), dice.randrange(len(two))
            one[at], two[to] = two[to], one[at]
    return table


def fray_rows(dice: random.Random, table: Table) -> Table:
    return [row[: dice.randrange(len(row) + 1)] if dice.random() < 0.2 else row for row in table]


def add_junk(dice: random.Random, table: Table) -> Table:
    junk = [[dice.choice(CELLS)] * dice.choice([0, 1, 2, 50]) for _ in range(dice.choice([1, 5, 25]))]
    return junk + table if dice.random() < 0.5 else table + junk


CHANGES: tuple[Callable[[random.Random, Table], Table], ...] = (
    cut_rows, repeat_rows, shuffle_rows, shuffle_columns, repeat_column, drop_column, rename_header, replace_cells,
    replace_cells, replace_cells, swap_cells, fray_rows, add_junk,
)  # fmt: skip


def damage(dice: random.Random, data: bytes) -> bytes:
    """Change bytes of a file wherever it hurts."""
    at, to = dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)
    kind = dice.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + data[at + dice.randrange(60) :]
    if kind == 2:
        return data + data[to:]
    if kind == 3:
        return data[:at] + dice.randbytes(dice.choice([1, 4])) + data[at + 1 :]
    return data[:at] + dice.choice(BYTES) + data[at:]


def read_golden(name: str) -> Table:
    return list(csv.reader((GOLDEN / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)))


def mutate_text(dice: random.Random, name: str) -> bytes:
    """Return a golden file after one to four changes to its table, written some way, often damaged afterwards."""
    table = read_golden(name)
    for change in dice.choices(CHANGES, k=dice.choice([0, 1, 1, 2, 4])):
        table = change(dice, table)
    output = io.StringIO()
    writer = csv.writer(output, delimiter=dice.choice(",,,,\t;"), quoting=dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
                        lineterminator=dice.choice(["\r\n", "\n", "\r"]))  # fmt: skip
    writer.writerows(table)
    encoding = dice.choice(["utf-8", "utf-8", "gb18030", dice.choice(ENCODINGS)])
    data = output.getvalue().encode(encoding, errors="replace")
    for _ in range(dice.choice([0, 0, 0, 1, 1, 3])):
        data = damage(dice, data)
    return data


def mutate_workbook(dice: random.Random, name: str, folder: Path) -> bytes:
    """Return a golden file as a workbook with changed cells of all types, or damaged bytes."""
    if dice.random() < 0.4:
        return damage(dice, marketplace_file(folder, name, "xlsx").read_bytes())
    import openpyxl

    table = read_golden(name)
    for change in dice.choices(CHANGES, k=dice.choice([1, 2])):
        table = change(dice, table)
    book = openpyxl.Workbook()
    for row in table:
        book.worksheets[0].append([_as_value(dice, cell) for cell in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _as_value(dice: random.Random, cell: str) -> object:
    cell = "".join(letter for letter in cell if letter >= " ")[:32_000]
    if dice.random() < 0.1 and cell.isascii() and cell.isdigit() and len(cell) < 300:
        return int(cell)
    return dice.choice([cell] * 40 + [True, None, 1.5, 45_000.25])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = found_shop(tmp_path_factory.mktemp("template") / "shop").folder
    open_shop(folder).close()
    copy = folder / "copy"
    copy.mkdir()
    shutil.copyfile(folder / "aftersales.toml", copy / "aftersales.toml")
    return folder


def take(template: Path, data: bytes, suffix: str) -> str:
    """Import the bytes into a fresh shop and return what became of them in a word."""
    path = template / f"mutated.{suffix}"
    path.write_bytes(data)
    started = time.perf_counter()
    result = import_into_copy(template, template / "copy", path)
    assert time.perf_counter() - started < SECONDS_ALLOWED
    if isinstance(result, ImportResult):
        return "taken" if not result.rejected else "partly taken"
    return "refused"


NAMES = sorted(FORMS)
FEW, MANY = 300, 10_000


def _run(template: Path, examples: int) -> Counter[str]:
    seen: Counter[str] = Counter()

    @seed(20261122)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.sampled_from(NAMES), st.integers(0, 2**48), st.integers(0, 39))
    def explore(name: str, number: int, kind: int) -> None:
        dice = random.Random(number)
        if kind == 0:
            seen[take(template, mutate_workbook(dice, name, template), "xlsx")] += 1
        else:
            seen[take(template, mutate_text(dice, name), "csv")] += 1

    explore()
    print(dict(seen))  # noqa: T201 - the figures, with pytest -s
    return seen


def test_300_mutated_files_are_taken_or_refused_but_never_half(template: Path) -> None:
    seen = _run(template, FEW)
    assert min(seen["taken"], seen["partly taken"], seen["refused"]) > FEW // 20


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_10000_mutated_files_are_taken_or_refused_but_never_half(template: Path) -> None:
    seen = _run(template, MANY)
    assert min(seen["taken"], seen["partly taken"], seen["refused"]) > MANY // 20
