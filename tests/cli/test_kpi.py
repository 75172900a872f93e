"""The command ``kpi`` as a real process."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from wcwidth import wcswidth

from aftersales_cli.shop import open_shop
from tests.conftest import RunCli
from tests.kpi_shop import Filler, fill_year


@pytest.fixture
def busy_folder(shop_folder: Path) -> Path:
    shop = open_shop(shop_folder)
    fill_year(shop, orders=600)
    filler = Filler(shop)
    with shop.writing("orders.import"):
        for _count in range(30):
            filler.order(paid=9_999_999_999, refunded=8_888_888_888)
    shop.close()
    return shop_folder


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("period", ["2026-10", "2026", "2026-10-01..2026-11-14"])
def test_the_table_fits_eighty_columns(
    run_cli: RunCli, busy_folder: Path, language: str, period: str
) -> None:
    done = run_cli("kpi", "show", period, "--shop", busy_folder, "--lang", language)
    assert done.returncode == 0, done.stderr
    assert period in done.stdout
    assert max(wcswidth(line) for line in done.stdout.splitlines()) <= 80


def test_json_gives_numerator_denominator_and_interval(run_cli: RunCli, shop_folder: Path) -> None:
    shop = open_shop(shop_folder)
    filler = Filler(shop)
    for refunded in (100, 0, 0, 0):
        filler.order(refunded=refunded, title="=1+1")
    filler.case(kind="complaint", channel="phone")
    shop.close()
    done = run_cli("kpi", "show", "2026-10", "--shop", shop_folder, "--json")
    data = json.loads(done.stdout)
    rate = next(figure for figure in data["figures"] if figure["code"] == "refund_rate")
    assert (rate["value"], rate["k"], rate["n"], rate["small"], rate["light"]) == (0.25, 1, 4, True, "small")
    assert rate["low"] == pytest.approx(0.0456, abs=1e-4)
    assert rate["high"] == pytest.approx(0.6994, abs=1e-4)
    assert rate["before"] == {"value": None, "k": 0, "n": 0, "low": None, "high": None}
    assert data["period"] == {"label": "2026-10", "first": "2026-10-01", "last": "2026-10-31"}
    assert [part["code"] for part in data["kinds"]] == ["complaint"]
    assert data["products"][0]["title"] == "=1+1"
    assert len(data["ageing"]) == 5
    assert {"channels", "statuses", "reasons", "currencies", "void_cases", "measured_at"} <= set(data)


def test_without_a_period_the_current_month_is_shown(run_cli: RunCli, shop_folder: Path) -> None:
    done = run_cli("kpi", "show", "--shop", shop_folder)
    assert done.stdout.startswith("2026-11 (not over yet)")
    assert "Refund rate, orders" in done.stdout
    assert "0.0 %" not in done.stdout


def test_a_period_nobody_understands_is_refused(run_cli: RunCli, shop_folder: Path) -> None:
    done = run_cli("kpi", "show", "soon", "--shop", shop_folder)
    assert done.returncode == 2
    assert "2026Q1" in done.stderr


@pytest.mark.parametrize("words", [("show", "0001-01"), ("show", "9999-12"), ("export", "9999")])
def test_a_period_of_another_age_is_wrong_usage(
    run_cli: RunCli, shop_folder: Path, words: tuple[str, str]
) -> None:
    assert run_cli("kpi", *words, "--shop", shop_folder).returncode == 2


@pytest.mark.parametrize("period", ["1990", "2100", "1990-01-01..2100-12-31"])
def test_the_ends_of_the_calendar_are_measured(run_cli: RunCli, shop_folder: Path, period: str) -> None:
    done = run_cli("kpi", "export", period, "--shop", shop_folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["k.txt", "k", "k.xls"])
def test_a_workbook_is_written_under_no_other_suffix(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path, name: str
) -> None:
    for noun in ("kpi", "callbacks"):
        done = run_cli(noun, "export", "--out", tmp_path / name, "--shop", shop_folder)
        assert (done.returncode, ".xlsx" in done.stderr) == (2, True)
        assert not (tmp_path / name).exists()


def test_a_folder_to_write_to_takes_the_usual_name(
    run_cli: RunCli, shop_folder: Path, tmp_path: Path
) -> None:
    done = run_cli("kpi", "export", "2026-10", "--out", tmp_path, "--shop", shop_folder)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "KPI-2026-10.xlsx").is_file()


def test_an_unknown_table_format_is_refused_before_anything_is_printed(
    run_cli: RunCli, shop_folder: Path
) -> None:
    done = run_cli("kpi", "show", "--format", "nope", "--shop", shop_folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nope" in done.stderr


def test_every_figure_is_explained(run_cli: RunCli, shop_folder: Path) -> None:
    listed = run_cli("kpi", "list", "--shop", shop_folder).stdout
    assert max(wcswidth(line) for line in listed.splitlines()) <= 80
    entries = json.loads(run_cli("kpi", "list", "--shop", shop_folder, "--json").stdout)
    for entry in entries:
        assert f"[{entry['code']}]" in listed
        assert entry["formula"].split()[0] in listed
    assert next(entry for entry in entries if entry["code"] == "resolution")["target"] == 72 * 3600


def test_the_workbook_goes_to_the_outbox_and_its_path_is_printed(run_cli: RunCli, busy_folder: Path) -> None:
    done = run_cli("kpi", "export", "2026Q4", "--shop", busy_folder, "--lang", "zh")
    path = busy_folder / "outbox" / "KPI-2026Q4.xlsx"
    assert str(path) in done.stdout
    assert len(load_workbook(path).sheetnames) == 5
    named = run_cli(
        "kpi", "export", "2026-10", "--out", busy_folder / "我的 报表.xlsx", "--shop", busy_folder, "--json"
    )
    assert json.loads(named.stdout) == {"path": str(busy_folder / "我的 报表.xlsx")}
    assert (busy_folder / "我的 报表.xlsx").is_file()


def test_a_dry_run_of_the_export_says_where_it_would_write(run_cli: RunCli, shop_folder: Path) -> None:
    done = run_cli("kpi", "export", "--dry-run", "--shop", shop_folder)
    assert done.returncode == 0, done.stderr
    assert "KPI-2026-11.xlsx" in done.stdout
    assert not (shop_folder / "outbox" / "KPI-2026-11.xlsx").exists()
