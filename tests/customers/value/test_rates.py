"""Exchange rates from a file: twice harmless, wrong cells named, nothing guessed."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.customers.value.rates import import_rates
from aftersales_cli.database.rates import Rates, list_rates, load_rates
from aftersales_cli.errors import UnknownFileError
from aftersales_cli.records.value import ExchangeRate
from aftersales_cli.shop import Shop


def _file(tmp_path: Path, text: str, name: str = "rates.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_corrects(shop: Shop, tmp_path: Path) -> None:
    path = _file(tmp_path, "date,from,to,rate\n2026-11-01,USD,CNY,7.10\n2026-11-02,EUR,CNY,8.2\n")
    assert import_rates(shop, path).counts() == {"recorded": 2, "unchanged": 0, "blank": 0, "rejected": 0}
    assert import_rates(shop, path).counts() == {"recorded": 0, "unchanged": 2, "blank": 0, "rejected": 0}
    again = _file(tmp_path, "日期,原币种,目标币种,汇率\n2026年11月1日,usd,cny,7.11\n", "新汇率.csv")
    assert import_rates(shop, again).recorded == 1
    assert [(rate.on_day, rate.currency, rate.rate) for rate in list_rates(shop.database)] == [
        ("2026-11-02", "EUR", "8.2"),
        ("2026-11-01", "USD", "7.11"),
    ]


def test_a_workbook_will_do_in_either_language(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["汇率", "日期", "币种", "目标币种", "原币种"], [7.0823, "2026/11/03", "x", "CNY", "USD"]):
        sheet.append(row)
    book.save(tmp_path / "汇率.xlsx")
    assert import_rates(shop, tmp_path / "汇率.xlsx").recorded == 1
    assert list_rates(shop.database) == [ExchangeRate("2026-11-03", "USD", "CNY", "7.0823")]


def test_every_wrong_cell_of_a_row_is_named_and_hides_no_other_row(shop: Shop, tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "date,from,to,rate\n2026-13-01,US,CNY,-1\n2026-11-01,USD,CNY,7.1\n2026-11-01,USD,CNY,7.2\n"
        "2026-11-01,CNY,CNY,1\n2026-11-01,USD,CNY,\n",
    )
    result = import_rates(shop, path)
    assert [entry.cell for entry in result.rejected] == ["A2", "B2", "D2", "D4", "C5", "D6"]
    assert "Row 3" in result.rejected[3].reason
    assert (result.recorded, len(list_rates(shop.database))) == (1, 1)


def test_a_file_without_the_columns_is_refused_whole(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(UnknownFileError, match="exchange rates"):
        import_rates(shop, _file(tmp_path, "date,from,rate\n2026-11-01,USD,7.1\n"))


RATES = Rates(
    [
        ExchangeRate("2026-11-01", "USD", "CNY", "7.1"),
        ExchangeRate("2026-11-10", "USD", "CNY", "7.2"),
        ExchangeRate("2026-11-15", "CNY", "USD", "0.125"),
        ExchangeRate("2026-11-01", "CNY", "JPY", "20"),
        ExchangeRate("2026-11-01", "EUR", "USD", "1.1"),
    ]
)


@pytest.mark.parametrize(
    ("minor", "currency", "into", "day", "expected"),
    [
        (1000, "CNY", "CNY", "2020-01-01", 1000),
        (1000, "USD", "CNY", "2026-10-31", None),
        (1000, "USD", "CNY", "2026-11-01", 7100),
        (1000, "USD", "CNY", "2026-11-09", 7100),
        (1000, "USD", "CNY", "2026-11-10", 7200),
        (1000, "USD", "CNY", "2026-11-16", 8000),
        (1000, "CNY", "JPY", "2026-11-02", 200),
        (500, "JPY", "CNY", "2026-11-02", 2500),
        (-1000, "USD", "CNY", "2026-11-01", -7100),
        (1000, "EUR", "CNY", "2026-11-02", None),
    ],
    ids=["same", "too-early", "that-day", "newest-before", "newer", "inverse-is-newer", "no-digits", "inverse",
         "negative", "never-over-a-third"],
)  # fmt: skip
def test_the_newest_rate_on_or_before_the_day_counts(
    minor: int, currency: str, into: str, day: str, expected: int | None
) -> None:
    assert RATES.convert(minor, currency, into, day) == expected


def test_a_total_exists_only_if_every_rate_does_and_else_says_which_is_missing() -> None:
    total = RATES.total([(100, "CNY", "2026-11-01"), (100, "USD", "2026-11-01")], "CNY")
    assert (total.amount, total.missing) == (810, ())
    total = RATES.total(
        [(100, "CNY", "2026-11-01"), (9, "EUR", "2026-11-09"), (9, "EUR", "2026-11-02")], "CNY"
    )
    assert (total.amount, total.missing) == (None, (("EUR", "2026-11-02"),))


def test_the_commands_import_and_list_rates(
    shop_folder: Path, tmp_path: Path, run_cli: Callable[..., object]
) -> None:
    path = _file(tmp_path, "date,from,to,rate\n2026-11-01,USD,CNY,7.1\n2026-11-01,USD,CNY,x\n")
    done = run_cli("--shop", shop_folder, "rates", "import", path, "--json")
    assert done.returncode == 5  # type: ignore[attr-defined]
    assert json.loads(done.stdout)["recorded"] == 1  # type: ignore[attr-defined]
    shown = run_cli("--shop", shop_folder, "rates", "--lang", "zh")
    assert "7.1" in shown.stdout  # type: ignore[attr-defined]


def test_loaded_rates_convert_as_they_were_written(shop: Shop, tmp_path: Path) -> None:
    import_rates(shop, _file(tmp_path, "date,from,to,rate\n2026-11-01,USD,CNY,7.123456789012\n"))
    assert load_rates(shop.database).convert(10**9, "USD", "CNY", "2026-11-01") == 7123456789
