"""Words nobody listed: counted, mapped by the owner, taken on by rows old and new."""

from pathlib import Path

import pytest

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
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


def test_a_word_mapped_wrongly_is_corrected_in_every_row(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path))
    import_file(shop, refund_file(tmp_path, "one", 1))
    wrong = [
        f"aftersales.reason:{WORD}=not_as_described",
        "order.status:正在打包中=finished",
        "aftersales.status:钱在路上=succeeded",
    ]
    right = [
        f"aftersales.reason:{WORD}=changed_mind",
        "order.status:正在打包中=paid",
        "aftersales.status:钱在路上=closed",
    ]
    assert [entry.rows for entry in map_words(shop, wrong)] == [1, 1, 1]
    assert [entry.rows for entry in map_words(shop, right)] == [1, 1, 1]
    assert [entry.rows for entry in map_words(shop, right)] == [0, 0, 0]
    connection = shop.database.conn
    assert connection.execute("SELECT status, progress FROM orders").fetchone() == ("paid", 2)
    assert connection.execute("SELECT reason_first, reason_final, status, resolution, closed_at FROM cases").fetchone() == (
        "changed_mind", "changed_mind", "cancelled", "", "2026-11-03T02:00:00Z",
    )  # fmt: skip
    assert connection.execute("SELECT status, succeeded_at, succeeded_on FROM refunds").fetchone() == (
        "closed", None, None,
    )  # fmt: skip
    assert connection.execute("SELECT refunded FROM orders").fetchone() == (0,)
    assert own_words(shop.folder)["order.status"] == {"正在打包中": "paid"}


def test_a_word_that_was_known_already_is_corrected_too(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, refund_file(tmp_path, "one", 1, "退款成功"))
    assert map_words(shop, ["aftersales.status:退款成功=closed"])[0].rows == 1
    assert shop.database.conn.execute("SELECT status FROM refunds").fetchone()[0] == "closed"


def test_what_a_person_has_said_is_kept_when_a_word_is_corrected(shop: Shop, tmp_path: Path) -> None:
    from aftersales_cli.desk.ending import resolve_case

    import_file(shop, refund_file(tmp_path, "one", 1))
    map_words(shop, [f"aftersales.reason:{WORD}=not_as_described"])
    resolve_case(shop, 1, cause="product_quality", reason="defect")
    assert map_words(shop, [f"aftersales.reason:{WORD}=changed_mind"])[0].rows == 1
    found = shop.database.conn.execute("SELECT reason_first, reason_final FROM cases").fetchone()
    assert found == ("changed_mind", "defect")


def test_a_word_written_otherwise_is_the_same_word(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path))
    assert map_words(shop, ["order.status:正在 打包中=finished"])[0].rows == 1
    map_words(shop, ["order.status:正在打包中=paid"])
    assert own_words(shop.folder)["order.status"] == {"正在打包中": "paid"}


@pytest.mark.parametrize(
    "mapping",
    [
        "aftersales.kind:以旧换新=exchange",
        "aftersales.fault:厂家=shop",
        "aftersales.platform_involved:客服来了=yes",
        "survey.csat:棒=5",
        "survey.nps:会的=10",
        "survey.ces:还行=4",
        "review.stars:顶呱呱=5",
    ],
)
def test_words_that_are_not_kept_raw_hold_for_later_files_and_say_so(shop: Shop, mapping: str) -> None:
    [entry] = map_words(shop, [mapping])
    assert (entry.rows, entry.later_only) == (0, True)
    assert own_words(shop.folder)[entry.field] == {entry.word: entry.code}


def test_an_unknown_answer_is_listed_mapped_and_read_in_the_next_file(shop: Shop, tmp_path: Path) -> None:
    text = "Timestamp,How satisfied are you?\n2026/11/{day} 10:00:00,棒极了\n"
    for day in (20, 21):
        path = tmp_path / f"{day}.csv"
        path.write_text(text.format(day=day), "utf-8")
        import_file(shop, path)
        if day == 20:
            assert [(entry.field, entry.word) for entry in unknown_words(shop)] == [("survey.csat", "棒极了")]
            map_words(shop, ["survey.csat:棒极了=5"])
    scores = shop.database.conn.execute("SELECT type, score FROM survey_answers ORDER BY answered_at")
    assert scores.fetchall() == [("comment", None), ("csat", 5)]
    assert unknown_words(shop) == []


def test_a_parcels_unknown_state_is_mapped_and_corrected(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "parcels.csv"
    path.write_text("运单号,物流状态,更新时间\nSF1001,搁门口了,2026-11-20 20:00:00\n", "utf-8")
    words = ["运单号=tracking.number", "物流状态=tracking.status", "更新时间=tracking.status_at"]
    import_file(shop, path, only_format=mapped_format(mapped_document(words)))
    assert [(entry.field, entry.word) for entry in unknown_words(shop)] == [("tracking.status", "搁门口了")]

    def parcel() -> object:
        sql = "SELECT status, received_at, received_on FROM parcels"
        return shop.database.conn.execute(sql).fetchone()

    assert map_words(shop, ["tracking.status:搁门口了=received"])[0].rows == 1
    assert parcel() == ("received", "2026-11-20T12:00:00Z", "2026-11-20")
    assert map_words(shop, ["tracking.status:搁门口了=delivering"])[0].rows == 1
    assert parcel() == ("delivering", None, None)


def test_a_field_may_be_named_as_people_call_it(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, order_file(tmp_path))
    assert map_words(shop, ["Order state：正在打包中=paid"])[0].rows == 1
