"""The command ``repairs``, as one types it."""

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.database.fetch import insert
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.repairs.booking import Booking, book_repair
from aftersales_cli.records.repairs import Repair, RepairRow
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.storefronts import add_storefront
from tests.conftest import RunCli

Repairs = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def repairs(run_cli: RunCli, shop_folder: Path) -> Repairs:
    """Return a function that runs ``aftersales repairs …`` in the shop."""

    def run(*words: str, agent: str = "owner", now: str = "") -> "subprocess.CompletedProcess[str]":
        env = {"AFTERSALES_NOW": now} if now else None
        return run_cli("--as", agent, "repairs", *words, cwd=shop_folder, env=env)

    return run


def ok(result: "subprocess.CompletedProcess[str]") -> Any:
    """Return what a command printed as JSON."""
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def dump(folder: Path) -> str:
    connection = sqlite3.connect(folder / "aftersales.db")
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


def test_a_repair_from_guidance_to_the_customers_hands(repairs: Repairs, shop: Shop) -> None:
    open_case(shop, kind="repair", say="Left earbud has no sound")
    product = ("--product", "Wireless earphones X2")
    refused = repairs("book", "1", *product)
    assert refused.returncode == 4
    assert "repairs guide 1" in refused.stderr
    guided = repairs("guide", "1", *product)
    assert guided.stdout.startswith("Bluetooth earphones: no connection, one side silent\n")
    assert "send it in the marketplace's chat" in guided.stderr
    assert ok(repairs("points", "add", "sz", "--name", "Shenzhen", "--address", "Nanshan 8", "--json"))
    booked = repairs(
        "book", "1", *product, "--guided", "--serial", "x2 917", "--bought-on", "2026-03-01",
        "--warranty-months", "12", "--point", "sz", "--appointment", "2026-11-23 14:00",
    )  # fmt: skip
    assert booked.returncode == 0, booked.stderr
    assert booked.stdout.splitlines()[:4] == [
        "Repair 1 is now “booked”.",
        "Warranty: in warranty (until 2027-03-01)",
        "  bought, as was said 2026-03-01 + 12 months = 2027-03-01",
        "  told on 2026-11-22: within the warranty",
    ]
    assert (
        "Your appointment: 2026-11-23 14:00. Please bring or send it to Shenzhen, Nanshan 8." in booked.stdout
    )
    assert "Send it in the marketplace's chat; --tell records it with the step." in booked.stderr
    assert "Due back by 2026-11-27." in repairs("receive", "1").stdout
    assert repairs("diagnose", "1", "--say", "Loose wire").returncode == 0
    free = repairs("quote", "1", "50")
    assert (free.returncode, "--not-covered" in free.stderr) == (4, True)
    for words in (("start", "1"), ("test", "1", "--parts", "12.50"), ("ship", "1", "--number", "SF1")):
        assert repairs(*words).returncode == 0, words
    done = ok(repairs("done", "1", "--json"))
    assert set(done) == {"repair", "text", "send", "kept", "booked_serial"}
    assert set(done["repair"]) == set(Repair.__dataclass_fields__)
    assert (done["repair"]["status"], done["repair"]["parts_cost"]) == ("done", 1250)
    assert repairs("list").stderr == "There is no repair.\n"
    rows = ok(repairs("list", "--all", "--json"))
    assert [set(row) for row in rows] == [set(RepairRow.__dataclass_fields__)]


def test_the_page_tells_everything_about_a_repair(repairs: Repairs, shop: Shop) -> None:
    for _index in range(3):
        number = open_case(shop, kind="repair", say="It is dark").number
        assert repairs("book", str(number), "--product", "Shelf light", "--serial", "S1",
                       "--bought-on", "2026-03-01", "--say", "dark").returncode == 0  # fmt: skip
        if number < 3:
            for words in (("receive",), ("diagnose", "--say", "Wire"), ("start",), ("test",), ("done",)):
                assert repairs(words[0], str(number), *words[1:]).returncode == 0
    page = repairs("show", "3").stdout
    for line in (
        "Repair 3 · repair · booked",
        "  Shelf light · serial number S1",
        "Case: 3 · It is dark",
        "Problem: dark",
        "Earlier repairs of this piece: 1 (2026-11-22, done), 2 (2026-11-22, done)",
        "Warranty: in warranty (until 2027-03-01)",
        "  bought, as was said 2026-03-01 + 12 months = 2027-03-01 (months by the setting repairs.warranty_months)",
        "The customer's rights",
        "  Source: 部分商品修理更换退货责任规定 (1995) art. 11. This is not legal advice.",
        "What happened",
        "  2026-11-22 09:00  booked · shop owner: Shelf light · dark",
        "Possible now",
        "  aftersales repairs receive 3",
    ):
        assert line in page.splitlines(), page
    assert "二次" not in page
    shown = ok(repairs("show", "3", "--json"))
    assert [right["code"] for right in shown["rights"]] == ["twice"]
    chinese = repairs("show", "3", "--lang", "zh").stdout
    assert "已预约" in chinese
    assert "维修单号3" in chinese


def test_overdue_repairs_are_listed(repairs: Repairs, shop: Shop) -> None:
    book_repair(shop, open_case(shop).number, Booking(product="Shelf"))
    assert repairs("receive", "1").returncode == 0
    assert repairs("list", "--overdue").stderr == "There is no overdue repair.\n"
    late = "2026-11-29T01:00:00Z"
    assert [row["id"] for row in ok(repairs("list", "--overdue", "--json", now=late))] == [1]
    assert "overdue" in repairs("show", "1", now=late).stdout
    months_later = repairs("show", "1", now="2026-12-25T01:00:00Z").stdout
    assert "33 days with us" in months_later


def test_guidance_that_helped_needs_no_repair(repairs: Repairs, shop: Shop) -> None:
    open_case(shop, kind="repair", say="does not pair")
    done = repairs("guide", "1", "--product", "Bluetooth headset", "--done", "Works after a reset")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Repair 1 is now “solved remotely”.")
    assert repairs("guide", "1", "--product", "Spoon").stderr.startswith("There is no guidance")
    assert repairs("guide", "1", "--product", "Spoon", "--tell").returncode == 2


def test_a_dry_run_of_any_verb_keeps_nothing(repairs: Repairs, shop: Shop, shop_folder: Path) -> None:
    open_case(shop)
    book_repair(shop, open_case(shop).number, Booking(product="Shelf"))
    before = dump(shop_folder)
    for words in (
        ("book", "1", "--product", "Bench"),
        ("receive", "1", "--serial", "S1"),
        ("solve", "1"),
        ("decline", "1"),
        ("guide", "1", "--product", "Bench", "--done", "Reset"),
        ("points", "add", "sz"),
    ):
        result = repairs(*words, "--dry-run")
        assert result.returncode == 0, result.stderr
        assert "nothing was changed" in result.stderr
        assert dump(shop_folder) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "9"), 3),
        (("receive", "9"), 3),
        (("book", "9"), 3),
        (("book", "1"), 2),
        (("book", "1", "--product", "Bench", "--appointment", "2026-11-20 10:00"), 2),
        (("book", "1", "--product", "Bench", "--point", "sz"), 3),
        (("quote", "1", "free"), 2),
        (("quote", "1", "-5"), 2),
        (("quote", "1", "1.005"), 2),
        (("quote", "1", "NaN"), 2),
        (("approve", "1"), 4),
        (("start", "1"), 4),
        (("ship", "1"), 4),
        (("diagnose", "1"), 2),
        (("list", "--all", "--overdue"), 2),
        (("points", "add", "a b"), 2),
        (("points", "change", "sz"), 2),
    ],
)
def test_what_cannot_be_is_said_with_its_exit_code(
    repairs: Repairs, shop: Shop, words: tuple[str, ...], code: int
) -> None:
    open_case(shop)
    book_repair(shop, open_case(shop).number, Booking(product="Shelf"))
    result = repairs(*words)
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_of_two_processes_one_takes_the_step(repairs: Repairs, shop: Shop) -> None:
    add_agent(shop, "lan", name="小兰", role="technician")
    for _index in range(3):
        case = open_case(shop)
        number = book_repair(shop, case.number, Booking(product="Shelf")).repair.id
        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(repairs, "receive", str(number), agent=who) for who in ("owner", "lan")]
            results = [run.result() for run in runs]
        assert Counter(result.returncode for result in results) == {0: 1, 4: 1}
        loser = next(result for result in results if result.returncode == 4)
        assert "was faster" in loser.stderr
        assert ("小兰" in loser.stderr) == (loser is results[0])
        received = "SELECT count(*) FROM case_events WHERE case_number = ? AND type = 'repair_received'"
        assert shop.database.conn.execute(received, (case.number,)).fetchone() == (1,)


def test_the_exchange_that_is_proposed_can_be_typed(
    repairs: Repairs, run_cli: RunCli, shop: Shop, shop_folder: Path
) -> None:
    """An order of one lamp that failed for the third time in its warranty."""
    storefront = add_storefront(shop, "taobao", platform="taobao").id
    with shop.writing("orders.import"):
        order_id = insert(
            shop.database,
            "INSERT INTO orders (storefront_id, external_id, display_number, placed_at, placed_on, delivered_at, "
            "status, status_raw, close_reason, currency, total, paid, paid_basis, refunded_basis, title, "
            "buyer_note, seller_note, progress, as_of) VALUES (:storefront, '1001', '1001', "
            "'2026-06-01T02:00:00Z', '2026-06-01', '2026-06-03T02:00:00Z', 'finished', '', '', 'CNY', 9900, 9900, "
            "'stated', 'none', 'Shelf', '', '', 1, '')",
            {"storefront": storefront},
        )
        insert(
            shop.database,
            "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, variant, "
            "quantity, unit_price, paid, currency, status_raw) "
            "VALUES (:storefront, '1001', :order_id, 'S1', 'S1', 'Shelf', '', 1, 9900, 9900, 'CNY', '')",
            {"storefront": storefront, "order_id": order_id},
        )
    number = open_case(shop, kind="repair", order="1001").number
    for repair in (1, 2, 3):
        assert repairs("book", str(number)).returncode == 0
        if repair < 3:
            for words in (("receive",), ("diagnose", "--say", "Bent"), ("start",), ("test",), ("done",)):
                assert repairs(words[0], str(repair), *words[1:]).returncode == 0
    line = next(line for line in repairs("show", "3").stdout.splitlines() if "To exchange it" in line)
    command = line.partition("aftersales ")[2].split()
    done = run_cli(*command, cwd=shop_folder)
    assert done.returncode == 0, done.stderr
