"""Importing: wholly or not at all, once, in any order, and the figures of a known file."""

import csv
import itertools
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from aftersales_cli.errors import RefusedError, UnknownFileError, WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format, save_format
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from aftersales_cli.team.storefronts import add_storefront
from tests.intake.test_golden_files import FORMS, marketplace_file

TABLES = {
    "orders": "storefront_id, external_id, status, paid, paid_basis, refunded, refunded_basis, paid_on, title",
    "order_lines": "order_external_id, line_key, order_id IS NOT NULL, quantity, paid, refunded",
    "cases": "external_id, kind, status, status_raw, order_external_id, order_id IS NOT NULL, resolved_at, reason_first",
    "refunds": "external_id, status, amount, to_buyer, succeeded_at",
}


def state(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Return the contents that matter, free of row ids and import numbers."""
    return {
        table: sorted(shop.database.conn.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
        for table, columns in TABLES.items()
    }


def count(shop: Shop, sql: str) -> int:
    return int(shop.database.conn.execute(sql).fetchone()[0])


def test_the_same_bytes_again_change_nothing_and_say_so(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "taobao_orders_o5", "gb18030")
    first = import_file(shop, path)
    before = state(shop)
    renamed = path.rename(tmp_path / "另一个 名字.csv")
    again = import_file(shop, renamed)
    assert again.already_at == shop.stamp
    assert again.import_id == first.import_id
    assert again.orders == (0, 0, 6)
    assert state(shop) == before
    assert count(shop, "SELECT COUNT(*) FROM imports") == 1


def test_the_same_rows_in_other_bytes_are_all_unchanged(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o3", "gb18030"))
    before = state(shop)
    other = tmp_path / "as utf-16.csv"
    other.write_bytes(
        (Path(__file__).parent / "golden/taobao_orders_o3.csv").read_text("utf-8").encode("utf-16")
    )
    again = import_file(shop, other)
    assert again.orders == (0, 0, 5)
    assert state(shop) == before


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_files_in_any_order_give_the_same_end(order: tuple[int, ...], tmp_path: Path) -> None:
    names = ["taobao_orders_o7", "taobao_refunds_r3", "taobao_refunds_r4", "taobao_items_d3"]
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    for index in order:
        import_file(shop, marketplace_file(tmp_path, names[index], FORMS[names[index]]))
    found = state(shop)
    shop.close()
    calm = open_shop(found_shop(tmp_path / "calm").folder)
    for name in names:
        import_file(calm, marketplace_file(tmp_path, name, FORMS[name]))
    assert found == state(calm)
    calm.close()


def test_an_older_file_never_takes_back_what_a_newer_one_said(shop: Shop, tmp_path: Path) -> None:
    header = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量\n"
    newer, older = tmp_path / "newer.csv", tmp_path / "older.csv"
    newer.write_text(
        header + "77001,50.00,20.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,30.00,1\n", "utf-8"
    )
    older.write_text(
        header
        + "77001,50.00,50.00,买家已付款，等待卖家发货,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1\n",
        "utf-8",
    )
    import_file(shop, newer)
    before = state(shop)
    assert import_file(shop, older).orders == (0, 0, 1)
    assert state(shop) == before


def test_read_is_stored_plus_unchanged_plus_rejected(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额\n"
        "1,10.00,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n"
        "1.23457E+17,10.00,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n"
        "2,zehn,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n"
        "3,10.00,10.00,bald,2026-11-01 10:01:00,0\n"
        "1,10.00,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n",
        "utf-8",
    )
    result = import_file(shop, path)
    assert (result.rows, sum(result.orders), result.rejected) == (5, 2, 3)
    rejects = shop.database.conn.execute(
        "SELECT row_number, column_name, reason FROM rejects ORDER BY id"
    ).fetchall()
    assert [(row, column) for row, column, _reason in rejects] == [
        (3, "订单编号"),
        (4, "总金额"),
        (5, "订单创建时间"),
    ]
    assert "export again" in rejects[0][2]


def test_figures_of_a_taobao_file_equal_those_of_plain_python(shop: Shop, tmp_path: Path) -> None:
    """The synthetic twin of a real month: 28,010 orders there, 400 here, the same kinds of rows."""
    path = tmp_path / "tmall.csv"
    choose = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            [
                "订单编号",
                "总金额",
                "买家实际支付金额",
                "收货地址 ",
                "订单创建时间",
                "订单付款时间 ",
                "退款金额",
            ]
        )
        for number in range(1, 401):
            total = Decimal(choose.randrange(100, 40000)) / 100
            kind = choose.choice(["kept", "kept", "kept", "partly", "fully", "never"])
            refund = {"partly": (total / 3).quantize(Decimal("0.1")), "fully": total}.get(kind, Decimal(0))
            paid = Decimal(0) if kind == "never" else total - refund
            moment = f"2020-02-{choose.randrange(1, 29):02d} {choose.randrange(24):02d}:00:00"
            writer.writerow([number, total, paid, "上海", moment, "" if kind == "never" else moment, refund])
    result = import_file(shop, path)
    assert result.orders == (400, 0, 0)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(stream)]
    paid_rows = [row for row in rows if row["订单付款时间"]]
    refunds = [Decimal(row["退款金额"]) for row in paid_rows]
    expected = (
        len(paid_rows),
        sum(int(Decimal(row["总金额"]) * 100) for row in paid_rows),
        sum(1 for refund in refunds if refund),
        sum(int(refund * 100) for refund in refunds),
    )
    found = shop.database.conn.execute(
        "SELECT COUNT(*), SUM(paid), SUM(refunded > 0), SUM(refunded) FROM orders WHERE paid_on IS NOT NULL"
    ).fetchone()
    assert found == expected


def test_a_shop_name_in_the_file_names_the_storefront_made_without_one(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    assert shop.database.conn.execute("SELECT code, name FROM storefronts").fetchall() == [
        ("taobao", "棉花糖家居")
    ]


def test_with_two_storefronts_a_file_that_names_none_is_refused(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "one", platform="taobao", name="一店")
    add_storefront(shop, "two", platform="taobao", name="二店")
    path = marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx")
    with pytest.raises(WrongUsageError, match="several on taobao"):
        import_file(shop, path)
    assert count(shop, "SELECT COUNT(*) FROM cases") == 0
    assert import_file(shop, path, storefront="two").storefront == "two"


def test_our_work_on_a_platform_case_stays_until_the_platform_moves(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    with shop.writing("cases.note"):
        shop.database.conn.execute(
            "UPDATE cases SET status = 'waiting_internal', cause = 'packaging' WHERE number = 4"
        )
    text = (Path(__file__).parent / "golden/taobao_refunds_r3.csv").read_text("utf-8")
    same = tmp_path / "same.csv"
    same.write_text(text.replace("拉链坏了", "拉链 坏了"), "utf-8")
    import_file(shop, same)
    moved = tmp_path / "moved.csv"
    moved.write_text(
        text.replace("买家已经退货，等待卖家确认收货", "退款成功").replace("小额收款", "小额收款 "), "utf-8"
    )
    import_file(shop, moved)
    found = shop.database.conn.execute("SELECT status, cause FROM cases ORDER BY number").fetchall()
    assert found[3] == ("waiting_internal", "packaging")
    assert found[2][0] == "closed"


def test_a_mapping_made_by_hand_imports_and_is_kept(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "店铺 流水.csv"
    path.write_text(
        "单号;买家;付款;实付;品名;件数\n"
        "A1;小鹿;2026-11-02 10:00;1.234,50;云朵抱枕;2\n"
        "A1;小鹿;2026-11-02 10:00;1.234,50;小熊毛毯;1\n",
        "utf-8",
    )
    with pytest.raises(UnknownFileError, match="单号, 买家, 付款, 实付"):
        import_file(shop, path)
    words = ["单号=order.external_id", "买家=order.buyer_key", "付款=order.paid_at", "实付=order.paid",
             "品名=line.title", "件数=line.quantity"]  # fmt: skip
    document = mapped_document(words, name="流水")
    result = import_file(shop, path, only_format=mapped_format(document))
    assert (result.orders, result.lines) == ((1, 0, 1), (2, 0, 0))
    assert count(shop, "SELECT paid FROM orders WHERE external_id = 'A1'") == 123450
    save_format(shop, document, "流水")
    path.write_text(path.read_text("utf-8") + "A2;晚风;2026-11-03 10:00;5,00;棉拖鞋;1\n", "utf-8")
    assert import_file(shop, path).format == "流水"
    with pytest.raises(RefusedError):
        save_format(shop, document, "流水")


@pytest.mark.parametrize("word", ["单号", "单号=order.nonsense", "=order.paid", "单号=external_id"])
def test_a_wrong_mapping_lists_the_fields(word: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        mapped_document([word])
    assert "order.external_id" in caught.value.remedy


def test_a_dry_run_counts_but_keeps_nothing(shop_folder: Path, tmp_path: Path) -> None:
    shop = open_shop(shop_folder, dry_run=True)
    path = marketplace_file(tmp_path, "taobao_orders_o3", "gb18030")
    assert import_file(shop, path).orders == (5, 0, 0)
    assert count(shop, "SELECT COUNT(*) FROM orders") == 0
    assert count(shop, "SELECT COUNT(*) FROM audit_log WHERE operation = 'orders.import'") == 0
    shop.close()


def _killed_imports(tmp_path: Path, tries: int) -> Counter[str]:
    """Kill an import at random moments and look at what is left each time."""
    source = tmp_path / "orders.csv"
    header = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额\n"
    rows = "".join(
        f"{number},10.00,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0\n" for number in range(1, 8001)
    )
    source.write_text(header + rows, "utf-8")
    folder = found_shop(tmp_path / "shop").folder
    program = (
        "import sys; from pathlib import Path; from aftersales_cli.shop import open_shop;"
        "from aftersales_cli.intake.loading import import_file;"
        "shop = open_shop(Path(sys.argv[1])); print('start', flush=True);"
        "import_file(shop, Path(sys.argv[2])); print('done', flush=True)"
    )
    choose, found = random.Random(50), Counter[str]()
    longest = 0.0
    for attempt in range(tries):
        process = subprocess.Popen(
            [sys.executable, "-c", program, folder, source], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"start\n", process.stderr
        if attempt == 0:
            begin = time.perf_counter()
            assert process.stdout.readline() == b"done\n"
            longest = time.perf_counter() - begin
            process.wait()
        else:
            try:
                process.wait(timeout=choose.uniform(0, longest * 1.1))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.wait()
        process.stdout.close()
        shop = open_shop(folder)
        assert shop.database.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        orders = count(shop, "SELECT COUNT(*) FROM orders")
        imports = count(shop, "SELECT COUNT(*) FROM imports")
        assert (orders, imports) in {(0, 0), (8000, 1)}
        found["whole" if orders else "not at all"] += 1
        with shop.writing("orders.import"):
            for table in ("orders", "imports"):
                shop.database.conn.execute(f"DELETE FROM {table}")
        shop.close()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_killed_at_50_moments_a_file_is_there_wholly_or_not_at_all(tmp_path: Path) -> None:
    found = _killed_imports(tmp_path, 50)
    assert found.total() == 50
    assert found["not at all"] >= 10
    assert found["whole"] >= 1


def test_equal_rows_are_all_kept_also_when_an_orders_rows_stand_apart(shop: Shop, tmp_path: Path) -> None:
    """Identical rows, repeated pairs of order and sku with other titles, and an order that comes back later."""
    path = tmp_path / "lines.csv"
    header = "单号,时间,编码,品名,件数,单价\n"
    rows = ["A1,2026-11-01 10:00,X,抱枕,1,5.00", "A1,2026-11-01 10:00,X,抱枕,1,5.00", "A1,2026-11-01 10:00,X,云朵抱枕,2,5.00",
            "B1,2026-11-01 11:00,X,抱枕,1,5.00", "A1,2026-11-01 10:00,X,抱枕,1,5.00"]  # fmt: skip
    path.write_text(header + "\n".join(rows) + "\n", "utf-8")
    words = ["单号=order.external_id", "时间=order.paid_at", "编码=line.sku", "品名=line.title", "件数=line.quantity",
             "单价=line.unit_price"]  # fmt: skip
    fmt = mapped_format(mapped_document(words))
    result = import_file(shop, path, only_format=fmt)
    assert (result.orders, result.lines) == ((2, 0, 3), (5, 0, 0))
    keys = shop.database.conn.execute("SELECT line_key FROM order_lines ORDER BY line_key").fetchall()
    assert [key for (key,) in keys] == ["X\x1f#1", "X\x1f#1", "X\x1f#2", "X\x1f#3", "X\x1f#4"]
    path.write_text(header + "\n".join(rows) + "\n\n", "utf-8")
    assert import_file(shop, path, only_format=fmt).lines == (0, 0, 5)


def test_negative_lines_become_after_sales_records(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    header = "单号,时间,编码,件数,单价\n"
    rows = ["A1,2026-11-01 10:00,X,2,5.00", "CA1,2026-11-03 10:00,X,-1,5.00", "CA1,2026-11-03 10:00,X,-1,5.00",
            "D1,2026-11-04 10:00,X,-3,0", "E1,2026-11-05 10:00,DEBT,1,-110.62"]  # fmt: skip
    path.write_text(header + "\n".join(rows) + "\n", "utf-8")
    words = ["单号=order.external_id", "时间=order.placed_at", "编码=line.sku", "编码=line.title", "件数=line.quantity",
             "单价=line.unit_price"]  # fmt: skip
    result = import_file(shop, path, only_format=mapped_format(mapped_document(words)))
    assert (result.orders, result.lines, result.aftersales) == ((1, 0, 0), (1, 0, 0), (4, 0, 0))
    found = shop.database.conn.execute(
        "SELECT c.order_external_id, c.kind, c.status, c.resolution, c.opened_on, r.amount, r.status, l.quantity "
        "FROM cases c JOIN refunds r ON r.case_number = c.number JOIN case_lines l ON l.case_number = c.number "
        "ORDER BY c.number"
    ).fetchall()
    assert found == [
        ("CA1", "refund_only", "closed", "refunded", "2026-11-03", 500, "succeeded", 1),
        ("CA1", "refund_only", "closed", "refunded", "2026-11-03", 500, "succeeded", 1),
        ("D1", "other", "closed", "noted", "2026-11-04", 0, "closed", 3),
        ("E1", "other", "closed", "noted", "2026-11-05", 0, "closed", 1),
    ]


def test_a_row_that_was_cut_off_is_rejected(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    header = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额\n"
    path.write_text(
        header + "1,10.00,0.00,2026-11-01 10:00:00,2026-11-01 10:01:00,10.00\n2,10.00,0.00,2026-11-01",
        "utf-8",
    )
    result = import_file(shop, path)
    assert (result.orders.new, result.rejected) == (1, 1)
    assert result.samples[0][1].strip() == "订单付款时间"
    assert "cut off" in result.samples[0][2]


def test_a_missing_core_column_is_told(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单编号,总金额,买家实际支付金额,订单付款时间 \n1,10.00,10.00,2026-11-01 10:01:00\n", "utf-8"
    )
    told = [warning.text() for warning in import_file(shop, path).warnings]
    assert [text for text in told if "退款金额" in text]
    assert [text for text in told if "订单状态" in text]


def test_an_own_format_never_catches_the_marketplaces_own_files(shop: Shop, tmp_path: Path) -> None:
    save_format(shop, mapped_document(["订单编号=order.external_id", "总金额=order.paid"], name="own"), "own")
    assert (
        import_file(shop, marketplace_file(tmp_path, "taobao_orders_o5", "gb18030")).format == "taobao.orders"
    )


def test_a_mapping_for_a_file_taken_in_before_is_not_silently_ignored(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "taobao_orders_o3", "gb18030")
    import_file(shop, path)
    again = import_file(
        shop, path, only_format=mapped_format(mapped_document(["订单编号=order.external_id"]))
    )
    assert "orders undo 1" in again.warnings[0].text()


def test_a_currency_that_had_to_be_assumed_is_told(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "shopee_orders", "xlsx")
    assert "currency" in [warning.code for warning in import_file(shop, path).warnings]
    add_storefront(shop, "ph", platform="shopee", currency="PHP")
    other = marketplace_file(tmp_path, "shopee_orders_indonesian", "xlsx")
    assert "currency" not in [warning.code for warning in import_file(shop, other, storefront="ph").warnings]
