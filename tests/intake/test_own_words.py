"""Words nobody listed: counted, mapped by the owner, taken on by rows old and new."""

from pathlib import Path

import pytest

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.own_words import FILE, map_words, own_words, unknown_words
from aftersales_cli.shop import Shop, open_shop

REFUNDS = "退款编号,订单编号,退款申请时间,完结时间,买家退款金额,退款状态,买家退款原因,售后类型\n"
ORDERS = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额\n"
WORD = '颜色太像"月光"=夜'


def refund_file(folder: Path, name: str, number: int, state: str = "钱在路上") -> Path:
    path = folder / f"{name}.csv"
    row = f'{number},77001,2026-11-02 10:00:00,2026-11-03 10:00:00,12.00,{state},"{WORD.replace(chr(34), chr(34) * 2)}",仅退款\n'
    path.write_text(REFUNDS + row, "utf-8")
    return path


def order_file(folder: Path) -> Path:
    path = folder / "orders.csv"
    path.write_text(
        ORDERS + "77001,50.00,50.00,正在打包中,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00\n", "utf-8"
    )
    return path


def test_unknown_words_are_counted_over_imports_until_they_are_mapped(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, refund_file(tmp_path, "one", 1))
    import_file(shop, refund_file(tmp_path, "two", 2))
    import_file(shop, order_file(tmp_path))
    assert [(entry.field, entry.word, entry.count, entry.imports) for entry in unknown_words(shop)] == [
        ("aftersales.reason", WORD, 2, 2),
        ("aftersales.status", "钱在路上", 2, 2),
        ("order.status", "正在打包中", 1, 1),
    ]
    found = map_words(shop, [f"aftersales.reason:{WORD}=not_as_described", "order.status:正在打包中=paid"])
    assert [(entry.code, entry.rows) for entry in found] == [("not_as_described", 2), ("paid", 1)]
    assert [entry.field for entry in unknown_words(shop)] == ["aftersales.status"]
    connection = shop.database.conn
    assert connection.execute("SELECT DISTINCT reason_first, reason_final FROM cases").fetchall() == [
        ("not_as_described", "not_as_described")
    ]
    assert connection.execute("SELECT status, progress FROM orders").fetchone() == ("paid", 2)
    assert own_words(shop.folder)["aftersales.reason"] == {WORD: "not_as_described"}


def test_a_mapped_word_is_known_in_the_next_file(shop: Shop, tmp_path: Path) -> None:
    map_words(shop, [f"aftersales.reason:{WORD}=描述不符", "aftersales.status:钱在路上=succeeded"])
    result = import_file(shop, refund_file(tmp_path, "one", 1))
    assert [entry for entry in result.warnings if entry.code == "unknown_word"] == []
    row = shop.database.conn.execute("SELECT reason_first, status, resolution FROM cases").fetchone()
    assert row == ("not_as_described", "closed", "refunded")


def test_a_mapped_state_moves_refunds_cases_and_the_orders_figure_as_if_known_before(
    shop: Shop, tmp_path: Path
) -> None:
    tables = {
        "cases": "status, resolution, cancel_reason, closed_at, resolved_at, resolved_on",
        "refunds": "status, progress, succeeded_at, succeeded_on",
        "orders": "refunded, refunded_basis",
    }

    def look() -> list[object]:
        return [
            shop.database.conn.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()
            for table, columns in tables.items()
        ]

    import_file(shop, order_file(tmp_path))
    import_file(shop, refund_file(tmp_path, "one", 1))
    assert look()[2] == [(0, "stated")]
    assert map_words(shop, ["aftersales.status:钱在路上=succeeded"])[0].rows == 1
    after = look()
    assert after[2] == [(1200, "records")]
    with shop.writing("orders.import"):
        for table in ("refunds", "row_history"):
            shop.database.conn.execute(f"DELETE FROM {table}")
        shop.database.conn.execute("UPDATE cases SET external_id = '', status = 'merged'")
    import_file(shop, refund_file(tmp_path, "known", 1, "退款成功"))
    row = shop.database.conn.execute(
        f"SELECT {tables['cases']} FROM cases WHERE external_id = '1'"
    ).fetchone()
    assert (row, *look()[1:]) == (after[0][0], *after[1:])  # type: ignore[index]


def test_a_case_people_work_on_keeps_its_state(shop: Shop, tmp_path: Path) -> None:
    from aftersales_cli.desk.answering import note_case

    import_file(shop, refund_file(tmp_path, "one", 1))
    note_case(shop, 1, "rung up")
    map_words(shop, ["aftersales.status:钱在路上=succeeded"])
    assert shop.database.conn.execute("SELECT status FROM cases").fetchone()[0] == "new"
    assert shop.database.conn.execute("SELECT status FROM refunds").fetchone()[0] == "succeeded"


def test_a_dry_run_keeps_no_word(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, refund_file(tmp_path, "one", 1))
    dry = open_shop(shop.folder, dry_run=True)
    assert map_words(dry, [f"aftersales.reason:{WORD}=not_as_described"])[0].rows == 1
    dry.close()
    assert not (shop.folder / FILE).exists()
    assert shop.database.conn.execute("SELECT reason_first FROM cases").fetchone()[0] == "unknown"


@pytest.mark.parametrize(
    "mapping", ["颜色=x", "aftersales.reason:颜色", "order.colour:a=b", "aftersales.reason:=x"]
)
def test_a_wrong_mapping_lists_the_fields(shop: Shop, mapping: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        map_words(shop, [mapping])
    assert "aftersales.reason" in caught.value.remedy


@pytest.mark.parametrize("mapping", ["aftersales.reason:颜色=nonsense", "aftersales.fault:我们=nobody"])
def test_a_wrong_code_lists_the_codes(shop: Shop, mapping: str) -> None:
    with pytest.raises(WrongUsageError, match="not known") as caught:
        map_words(shop, [mapping])
    assert "Choose one of" in caught.value.remedy


def test_a_broken_vocabulary_file_is_named(shop: Shop) -> None:
    path = shop.folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('["aftersales.colour"]\n"a" = "b"\n', "utf-8")
    with pytest.raises(WrongUsageError, match=r"own\.toml.*aftersales\.colour"):
        own_words(shop.folder)
