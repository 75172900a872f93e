"""What ``orders show`` and ``orders list`` tell of an order."""

import json
from pathlib import Path

import pytest

from aftersales_cli.desk.opening import open_case
from aftersales_cli.shop import Shop
from tests.conftest import RunCli
from tests.intake.test_golden_files import marketplace_file


@pytest.fixture
def orders(run_cli: RunCli, shop_folder: Path, tmp_path: Path) -> Path:
    """Return a shop that has taken in three Shopify orders, which have products but no title."""
    path = marketplace_file(tmp_path, "shopify_orders", "utf-8")
    assert run_cli("orders", "import", path, cwd=shop_folder).returncode == 0
    return shop_folder


def test_an_orders_cases_stand_on_its_page(orders: Path, shop: Shop, run_cli: RunCli) -> None:
    open_case(shop, order="1003", kind="return", say="The seam is open")
    open_case(shop, order="1003", say="When does it come?")
    page = run_cli("orders", "show", "1003", cwd=orders).stdout
    assert "1 · return · new · The seam is open" in page
    assert "2 · inquiry · new · When does it come?" in page
    (shown,) = json.loads(run_cli("orders", "show", "1003", "--json", cwd=orders).stdout)
    assert [(case["number"], case["kind"], case["status"], case["title"]) for case in shown["cases"]] == [
        (1, "return", "new", "The seam is open"),
        (2, "inquiry", "new", "When does it come?"),
    ]


def test_an_order_without_cases_says_nothing_of_them(orders: Path, run_cli: RunCli) -> None:
    assert "Cases" not in run_cli("orders", "show", "1003", cwd=orders).stdout
    (shown,) = json.loads(run_cli("orders", "show", "1003", "--json", cwd=orders).stdout)
    assert shown["cases"] == []


@pytest.mark.parametrize("words", ["Cloud", "cloud p"])
def test_orders_are_found_and_named_by_their_products(words: str, orders: Path, run_cli: RunCli) -> None:
    listed = run_cli("orders", "list", "--words", words, cwd=orders).stdout
    assert "#1003" in listed
    assert "Cloud Pillow" in listed
    found = json.loads(run_cli("orders", "list", "--words", words, "--json", cwd=orders).stdout)
    assert all("Cloud" in row["title"] for row in found)


def test_a_word_no_product_has_finds_nothing(orders: Path, run_cli: RunCli) -> None:
    assert json.loads(run_cli("orders", "list", "--words", "Quartz", "--json", cwd=orders).stdout) == []


def test_a_known_file_says_in_local_time_when_it_came(orders: Path, tmp_path: Path, run_cli: RunCli) -> None:
    again = run_cli("orders", "import", tmp_path / "shopify_orders.csv", cwd=orders)
    assert "already imported at 2026-11-22 09:00" in again.stdout
