"""Every row of a file like Online Retail is somewhere after the import, and the made file is like it."""

from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from tests.benchmarks.csv_files import account, check
from tests.benchmarks.memory import repeat_file
from tests.benchmarks.retail import count_retail, write_retail
from tests.benchmarks.setup import Setup


def test_the_made_file_has_the_shape_of_the_real_one(tmp_path: Path) -> None:
    write_retail(tmp_path / "retail.csv")
    counted = count_retail(tmp_path / "retail.csv")
    assert (counted.rows, counted.identical, counted.repeated_pairs) == (541_909, 5_268, 10_684)
    assert (counted.orders, counted.lines, counted.negative) == (20_725, 531_283, 10_626)


@pytest.mark.parametrize("rows", [20_000, pytest.param(541_909, marks=pytest.mark.slow)])
def test_every_row_is_accounted_for(rows: int, tmp_path: Path) -> None:
    source, setup = tmp_path / "made.csv", Setup(tmp_path)
    write_retail(source, rows)
    setup.file = source
    table = account(setup)
    assert [row[1] for row in table.rows] == [f"{rows:,}"] * 2
    assert [row[-1] for row in table.rows] == ["0", "0"]
    assert [row[-2] for row in table.rows] == ["0", "0"]


def test_a_lost_row_is_noticed(tmp_path: Path) -> None:
    source, setup = tmp_path / "made.csv", Setup(tmp_path)
    write_retail(source, 2_000)
    shop = setup.new_shop()
    first = import_file(shop, source)
    counted = count_retail(source)
    counted.lines += 1
    with pytest.raises(AssertionError):
        check(shop, counted, first, first)
    shop.close()


def test_a_file_repeated_holds_new_orders_of_the_same_shape(tmp_path: Path) -> None:
    source, twice = tmp_path / "made.csv", tmp_path / "twice.csv"
    write_retail(source, 3_000)
    repeat_file(source, twice, 2)
    one, two = count_retail(source), count_retail(twice)
    assert (two.rows, two.orders, two.lines, two.identical) == (
        2 * one.rows, 2 * one.orders, 2 * one.lines, 2 * one.identical,
    )  # fmt: skip
