"""The page about one customer, and who is meant by a word."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.shop import Shop

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def full_shop(shop: Shop) -> Path:
    """Return the folder of a shop with one customer of whom much is known, and a namesake."""
    with shop.writing("orders.import"):
        for sql in (
            "INSERT INTO storefronts (id, code, platform, country, timezone, currency, created_at) VALUES "
            "(1, 'taobao', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', '2026-01-01T00:00:00Z'), "
            "(2, 'shopify', 'shopify', 'CN', 'Asia/Shanghai', 'USD', '2026-01-01T00:00:00Z')",
            "INSERT INTO customers (id, name, phone, email, country, zone, created_at) VALUES "
            "(11, '小鹿', '13800138000', 'deer@example.test', 'FR', 'Europe/Paris', '2026-01-01T00:00:00Z'), "
            "(12, '小鹿', '13900139000', '', 'CN', '', '2026-01-01T00:00:00Z')",
            "INSERT INTO customer_keys VALUES (1, 'deer', 11), (1, 'deer2', 11), (2, 'deer@example.test', 11)",
            "INSERT INTO orders (id, storefront_id, external_id, display_number, customer_id, placed_at, placed_on, "
            "paid_on, status, status_raw, close_reason, currency, paid, refunded, paid_basis, refunded_basis, title, "
            "buyer_note, seller_note, progress, as_of) VALUES "
            "(1, 1, '540001', '', 11, '2026-11-01T12:10:00Z', '2026-11-01', '2026-11-01', 'finished', '', '', 'CNY', "
            "30000, 5000, 'stated', 'records', '智能手机', '', '', 0, ''), "
            "(2, 1, '540002', '', 11, '2026-11-02T12:40:00Z', '2026-11-02', '2026-11-02', 'finished', '', '', 'CNY', "
            "10000, NULL, 'stated', 'none', '无线耳机', '', '', 0, ''), "
            "(3, 2, '77001', '#1001', 11, '2026-11-05T07:00:00Z', '2026-11-05', '2026-11-05', 'finished', '', '', "
            "'USD', 2000, NULL, 'stated', 'none', 'x', '', '', 0, ''), "
            "(4, 1, '540004', '', 11, NULL, '2026-11-06', NULL, 'closed', '', '', 'CNY', 0, NULL, 'stated', 'none', "
            "'', '', '', 0, '')",
            "INSERT INTO cases (number, kind, channel, origin, customer_id, status, title, opened_at, opened_on) "
            "VALUES (1, 'return', 'phone', 'own', 11, 'closed', 'Too small', '2026-11-03T01:00:00Z', '2026-11-03'), "
            "(2, 'complaint', 'phone', 'own', 11, 'in_progress', 'Late', '2026-11-07T01:00:00Z', '2026-11-07')",
            "INSERT INTO case_messages (case_number, direction, author_type, author, channel, sent_at, body) VALUES "
            "(2, 'in', 'customer', '', 'phone', '2026-11-07T01:00:00Z', 'Call me on 13800138000 please')",
            "INSERT INTO survey_answers (type, case_number, customer_id, score, source, answered_at, answered_on) "
            "VALUES ('csat', 1, 11, 2, 'file', '2026-11-04T01:00:00Z', '2026-11-04')",
            "INSERT INTO callbacks (reason, case_number, customer_id, due_on, priority, planned_at) VALUES "
            "('low_score', 1, 11, '2026-11-08', 1, '2026-11-04T01:00:00Z')",
        ):
            shop.database.conn.execute(sql)
    return shop.folder


def _show(run_cli: RunCli, folder: Path, word: str, *more: str) -> "subprocess.CompletedProcess[str]":
    return run_cli("--shop", folder, "customers", "show", word, *more)


def test_one_page_shows_all_that_is_known_with_contacts_masked(full_shop: Path, run_cli: RunCli) -> None:
    run_cli("--shop", full_shop, "customers", "tag", "11", "vip", "--why", "friend")
    done = _show(run_cli, full_shop, "11")
    assert done.returncode == 0, done.stderr
    for part in (
        "Customer 11 · 小鹿",
        "Contact: 138****8000, d***@example.test",
        "Known in: shopify, taobao (2)",
        "3 paid of 4, on 3 days, 2026-11-01 to 2026-11-05; money came back from 1",
        "Paid, refunded, net in CNY: CN¥400.00, CN¥50.00, CN¥350.00",
        "Paid, refunded, net in USD: $20.00, $0.00, $20.00",
        "Net in the shop's currency: –",
        "the rate from USD into CNY on 2026-11-05 is missing",
        "Segment: promising: R5 F3 M–; rule R3–5 F2–3",
        "Buys mostly: ",
        "Orders mostly at (Europe/Paris): 13–14 (2), 08–09 (1)",
        "vip (by hand: friend)",
        "1 open, 1 ended",
        "2 · 2026-11-07 · complaint",
        "2026-11-04 · satisfaction · 2 · case 1",
        "Call me on 138****8000 please",
        "2026-11-08 · ",
        "marketing (win-back, care, next product): not asked",
    ):
        assert part in done.stdout, part
    assert "13800138000" not in done.stdout
    assert "deer@example.test" not in done.stdout


def test_a_rate_makes_the_total_and_chinese_pages_are_chinese(
    full_shop: Path, tmp_path: Path, run_cli: RunCli
) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("date,from,to,rate\n2026-11-01,USD,CNY,7\n", encoding="utf-8")
    assert run_cli("--shop", full_shop, "rates", "import", rates).returncode == 0
    data = json.loads(_show(run_cli, full_shop, "11", "--json").stdout)
    assert data["facts"]["spend"] == 49_000
    assert (data["value"]["segment"], data["missing_rates"], data["open_cases"]) == ("promising", [], 1)
    assert [entry["net"] for entry in data["spend"]] == [35_000, 2_000]
    assert data["phone"] == "138****8000"
    assert data["hours"][0] == {"what": 13, "orders": 2}
    assert "小鹿" in _show(run_cli, full_shop, "11", "--lang", "zh").stdout


@pytest.mark.parametrize(
    "word", ["#11", "540001", "#1001", "1001", "13800138000", "deer@example.test", "138001"]
)
def test_a_customer_is_found_by_number_order_phone_or_address(
    full_shop: Path, run_cli: RunCli, word: str
) -> None:
    done = _show(run_cli, full_shop, word, "--json")
    if word == "138001":
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["customer_id"] == 11


def test_several_who_fit_are_listed_and_nobody_is_not_found(full_shop: Path, run_cli: RunCli) -> None:
    done = _show(run_cli, full_shop, "小鹿")
    assert done.returncode == 2
    assert "#11 小鹿 138****8000" in done.stderr
    assert "#12 小鹿 139****9000" in done.stderr
    assert _show(run_cli, full_shop, "nobody").returncode == 3
    assert _show(run_cli, full_shop, "#99").returncode == 3


def test_tags_are_put_on_taken_off_and_filter_the_list(full_shop: Path, run_cli: RunCli) -> None:
    def customers(*words: str) -> "subprocess.CompletedProcess[str]":
        return run_cli("--shop", full_shop, "customers", *words)

    assert customers("tag", "12", "vip", "--dry-run").returncode == 0
    assert json.loads(customers("list", "--tag", "vip", "--json").stdout) == []
    done = json.loads(customers("tag", "12", "vip", "--json").stdout)
    assert (done["changed"], [tag["tag"] for tag in done["tags"]]) == (True, ["vip"])
    assert [row["id"] for row in json.loads(customers("list", "--tag", "vip", "--json").stdout)] == [12]
    assert "vip" in customers("tag").stdout
    assert "vip" in customers("tag", "12").stdout
    assert customers("tag", "12", "vip", "--remove").returncode == 0
    assert customers("tag", "12", "vip", "--remove").returncode == 3


def test_a_tag_by_rule_and_by_hand_is_named_once_in_a_line(full_shop: Path, run_cli: RunCli) -> None:
    assert run_cli("--shop", full_shop, "customers", "value").returncode == 0
    done = run_cli("--shop", full_shop, "customers", "tag", "11", "prefers_electronics", "--json")
    assert [tag["origin"] for tag in json.loads(done.stdout)["tags"]] == ["hand", "rule"]
    line = run_cli("--shop", full_shop, "customers", "tag", "11", "prefers_electronics").stdout
    assert line.count("electronics") == 1, line


@pytest.mark.parametrize(
    "words",
    [
        ("tag", "--remove"),
        ("tag", "12", "--remove"),
        ("tag", "12", "--why", "nice"),
        ("list", "--limit", "0"),
    ],
)
def test_half_a_customers_command_is_wrong_usage(
    full_shop: Path, run_cli: RunCli, words: tuple[str, ...]
) -> None:
    done = run_cli("--shop", full_shop, "customers", *words)
    assert done.returncode == 2
    assert done.stderr
