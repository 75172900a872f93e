"""``customers value`` as people and programs see it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import Shop

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def shop_of_four(shop: Shop) -> Path:
    """Return the folder of a shop with four customers: three new ones, one who is leaving."""
    db = shop.database
    with shop.writing("orders.import"):
        db.conn.execute(
            "INSERT INTO storefronts (code, platform, country, timezone, currency, created_at) "
            "VALUES ('taobao', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', '2026-01-01T00:00:00Z')"
        )
        for number, (name, day, amount, currency) in enumerate(
            [
                ("小鹿", "2026-11-01", 12_000, "CNY"),
                ("13800138000", "2026-11-02", 5_000, "CNY"),
                ("晚风", "2026-11-03", 5_000, "CNY"),
                ("云朵", "2026-01-03", 300_000, "CNY"),
            ],
            start=1,
        ):
            insert(
                db,
                "INSERT INTO customers (name, created_at) VALUES (:name, '2026-01-01T00:00:00Z')",
                {"name": name},
            )
            insert(
                db,
                "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_on, paid_on, "
                "status, status_raw, close_reason, currency, paid, paid_basis, refunded_basis, title, buyer_note, "
                "seller_note, progress, as_of) VALUES (1, :id, '', :customer, :day, :day, 'finished', '', '', "
                ":currency, :paid, 'stated', 'none', '', '', '', 0, '')",
                {
                    "id": f"53{number:06}",
                    "customer": number,
                    "day": day,
                    "paid": amount,
                    "currency": currency,
                },
            )
    return shop.folder


def test_the_overview_shows_segments_with_share_and_spend(shop_of_four: Path, run_cli: RunCli) -> None:
    done = run_cli("--shop", shop_of_four, "customers", "value")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[2][:6] == ["at", "risk", "1", "25.0%", "1", "CN¥3,000.00"]
    assert lines[3][:5] == ["new", "3", "75.0%", "3", "CN¥220.00"]
    assert "4 customers, CN¥3,220.00, as of 2026-11-22" in done.stderr


def test_the_customers_of_a_segment_are_listed_with_masked_contacts(
    shop_of_four: Path, run_cli: RunCli
) -> None:
    done = run_cli("--shop", shop_of_four, "customers", "value", "--segment", "新客户", "--json")
    rows = json.loads(done.stdout)
    assert [(row["name"], row["recency_days"], row["last_on"], row["spend"]) for row in rows] == [
        ("小鹿", 21, "2026-11-01", 12_000),
        ("138****8000", 20, "2026-11-02", 5_000),
        ("晚风", 19, "2026-11-03", 5_000),
    ]
    marked = run_cli("--shop", shop_of_four, "customers", "value", "--high-value", "--lang", "zh")
    assert "云朵" in marked.stdout
    assert "小鹿" not in marked.stdout


def test_the_rules_are_printed_with_their_limits(shop_of_four: Path, run_cli: RunCli) -> None:
    done = run_cli("--shop", shop_of_four, "customers", "value", "--rules")
    assert "R5  last order at most 30 days ago" in done.stdout
    assert "champions (champions): R5 F4–5 M4–5" in done.stdout
    assert "50% or more of at least 3 orders came back" in done.stdout


def test_an_earlier_day_and_a_word_nobody_knows(shop_of_four: Path, run_cli: RunCli) -> None:
    done = run_cli("--shop", shop_of_four, "customers", "value", "--as-of", "2026-01-31", "--json")
    assert [row["segment"] for row in json.loads(done.stdout)["segments"]] == ["new"]
    assert run_cli("--shop", shop_of_four, "customers", "value", "--segment", "zzz").returncode == 2


def test_movement_is_a_matrix_that_adds_up(shop_of_four: Path, run_cli: RunCli) -> None:
    done = run_cli("--shop", shop_of_four, "customers", "value", "--movement", "--from", "2026-01")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["2026-01", "→", "2026-11", "at", "risk", "new", "All"]
    assert rows[2:] == [
        ["not", "a", "customer", "yet", "–", "3", "3"],
        ["new", "1", "–", "1"],
        ["All", "1", "3", "4"],
    ]
    assert "Nothing was kept of 2026-01" in done.stderr
    assert (
        run_cli("--shop", shop_of_four, "customers", "value", "--movement", "--to", "2027-01").returncode == 2
    )


def test_nobody_yet_is_said(shop_folder: Path, run_cli: RunCli) -> None:
    done = run_cli("--shop", shop_folder, "customers", "value")
    assert (done.returncode, done.stdout) == (0, "")
    assert "No customer has a paid order yet." in done.stderr
