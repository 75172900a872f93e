"""Undoing an import: as if the file had never come, unless somebody has built on it."""

import itertools
import sqlite3
from pathlib import Path

import pytest

from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from aftersales_cli.team.storefronts import resolve_storefront
from tests.intake.test_golden_files import CASES, FORMS, marketplace_file

OUTSIDE = {"imports", "audit_log", "row_history", "sqlite_sequence", "_sqlite_migrations"}
# How the search index arranges its words follows from the past; which words a case has stands in other tables.
OUTSIDE |= {"search_words_config", "search_words_data", "search_words_idx"}
# Whose orders are to be counted anew; one too many does no harm.
OUTSIDE |= {"customers_stale"}
HEADER = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家会员名\n"
)


def dump(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that an undo has to bring back."""
    connection = shop.database.conn
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for name in names
        if name not in OUTSIDE
    }


def order_file(folder: Path, name: str, *rows: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(HEADER + "".join(row + "\n" for row in rows), "utf-8")
    return path


def events(shop: Shop) -> int:
    return int(shop.database.conn.execute("SELECT COUNT(*) FROM case_events").fetchone()[0])


NAMES = [case[0] for case in CASES]


def _pairs() -> list[tuple[str, str]]:
    """Return all pairs of one platform's files, and each file with its neighbours, in both orders."""
    related = {
        pair
        for pair in itertools.permutations(NAMES, 2)
        if len({name.partition("_")[0] for name in pair}) == 1
    }
    neighbours = {(NAMES[place - 1], name) for place, name in enumerate(NAMES)}
    return sorted(related | neighbours | {(second, first) for first, second in neighbours})


PAIRS = _pairs()


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
def test_after_an_undo_every_table_is_as_before(first: str, second: str, tmp_path: Path) -> None:
    shop = open_shop(found_shop(tmp_path / "shop").folder)
    try:
        empty = import_file(shop, marketplace_file(tmp_path, first, FORMS[first]))
        path = marketplace_file(tmp_path, second, FORMS[second])
        # The storefront is a setting of the shop: a file makes it, an undo leaves it.
        known = import_file(open_dry(shop), path)
        with shop.writing("orders.import"):
            resolve_storefront(
                shop,
                platform=known.platform,
                named=known.storefront,
                shop_name="",
                currency=None,
                timezone=None,
            )
        before = dump(shop)
        result = import_file(shop, path, storefront=known.storefront)
        changed = dump(shop)
        assert changed != before
        undo(shop, result.import_id)
        assert dump(shop) == before
        again = import_file(shop, path, storefront=known.storefront)
        assert again.already_at is None
        assert (again.orders, again.lines, again.aftersales) == (
            result.orders,
            result.lines,
            result.aftersales,
        )
        undo(shop, again.import_id)
        undo(shop, empty.import_id)
        assert not any(rows for name, rows in dump(shop).items() if name not in {"storefronts", "agents"})
        assert shop.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        shop.close()


def open_dry(shop: Shop) -> Shop:
    return open_shop(shop.folder, dry_run=True)


def test_an_order_file_can_go_while_its_refund_file_stays_and_waits(shop: Shop, tmp_path: Path) -> None:
    orders = import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    undo(shop, orders.import_id)
    connection = shop.database.conn
    assert connection.execute("SELECT COUNT(*) FROM orders").fetchone()[0] == 0
    assert connection.execute("SELECT COUNT(*), COUNT(order_id) FROM cases").fetchone() == (4, 0)
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    assert connection.execute("SELECT COUNT(order_id) FROM cases").fetchone()[0] > 0


def test_a_later_import_of_the_same_rows_is_named_and_refuses(shop: Shop, tmp_path: Path) -> None:
    row = "77001,50.00,50.00,{0},2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,小鹿"
    first = import_file(shop, order_file(tmp_path, "first", row.format("买家已付款，等待卖家发货")))
    later = import_file(shop, order_file(tmp_path, "later", row.format("交易成功")))
    same = import_file(shop, order_file(tmp_path, "same", row.format("交易成功") + " "))
    with pytest.raises(RefusedError, match=r"2 \(later\.csv\)"):
        undo(shop, first.import_id)
    with pytest.raises(RefusedError, match=r"3 \(same\.csv\)"):
        undo(shop, later.import_id)
    for number in (same.import_id, later.import_id, first.import_id):
        undo(shop, number)
    assert dump(shop)["orders"] == []


def test_a_customer_whom_a_later_file_names_stays_until_that_goes_too(shop: Shop, tmp_path: Path) -> None:
    row = "{0},50.00,50.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,小鹿"
    first = import_file(shop, order_file(tmp_path, "first", row.format(1)))
    later = import_file(shop, order_file(tmp_path, "later", row.format(2)))
    undo(shop, first.import_id)
    assert len(dump(shop)["customers"]) == 1
    undo(shop, later.import_id)
    assert dump(shop)["customers"] == dump(shop)["customer_keys"] == []


def test_work_of_people_is_named_and_refuses(shop: Shop, tmp_path: Path) -> None:
    from aftersales_cli.desk.answering import note_case

    result = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    note_case(shop, 3, "rung up")
    before = dump(shop)
    with pytest.raises(RefusedError, match="case 3") as caught:
        undo(shop, result.import_id)
    assert caught.value.exit_code == 4
    assert dump(shop) == before


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO callbacks (reason, case_number, due_on, priority, planned_at, status, outcome, recorded_at) "
        "VALUES ('service_followup', 2, '2026-11-23', 1, '2026-11-22T01:00:00Z', 'done', 'reached', "
        "'2026-11-22T02:00:00Z')",
        "INSERT INTO case_messages (case_number, direction, author_type, author, channel, sent_at, body) "
        "VALUES (2, 'in', 'customer', '', 'phone', '2026-11-22T01:00:00Z', 'hello')",
    ],
)
def test_an_answered_callback_or_a_message_refuses(shop: Shop, tmp_path: Path, sql: str) -> None:
    result = import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    with shop.writing("cases.note"):
        shop.database.conn.execute(sql)
    with pytest.raises(RefusedError, match=r"case 2 \("):
        undo(shop, result.import_id)


def test_a_case_opened_here_for_an_imported_order_refuses(shop: Shop, tmp_path: Path) -> None:
    row = "77001,50.00,50.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,小鹿"
    result = import_file(shop, order_file(tmp_path, "orders", row))
    with shop.writing("cases.open"):
        shop.database.conn.execute(
            "INSERT INTO cases (kind, channel, origin, storefront_id, order_id, order_external_id, status, opened_at, "
            "opened_on) VALUES ('inquiry', 'phone', 'own', 1, 1, '77001', 'new', '2026-11-22T01:00:00Z', '2026-11-22')"
        )
    with pytest.raises(RefusedError, match="case 1"):
        undo(shop, result.import_id)


def test_a_case_that_waited_for_its_order_waits_again(shop: Shop, tmp_path: Path) -> None:
    row = "77001,50.00,50.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,小鹿"
    other = "77002,50.00,50.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,晚风"
    import_file(shop, order_file(tmp_path, "others", other))
    with shop.writing("cases.open"):
        shop.database.conn.execute(
            "INSERT INTO cases (kind, channel, origin, storefront_id, order_external_id, status, opened_at, opened_on) "
            "VALUES ('inquiry', 'phone', 'own', 1, '77001', 'new', '2026-11-22T01:00:00Z', '2026-11-22')"
        )
    before = dump(shop)
    result = import_file(shop, order_file(tmp_path, "orders", row))
    assert events(shop) == 1
    undo(shop, result.import_id)
    assert dump(shop) == before


def test_what_is_undone_already_or_unknown_is_said(shop: Shop, tmp_path: Path) -> None:
    result = import_file(shop, marketplace_file(tmp_path, "shopify_orders", "utf-8"))
    undo(shop, result.import_id)
    with pytest.raises(RefusedError, match="undone before"):
        undo(shop, result.import_id)
    with pytest.raises(NotFoundError):
        undo(shop, 99)


def test_case_events_are_deleted_by_nothing_but_an_undo(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_refunds_r3", "xlsx"))
    count = events(shop)
    assert count
    for sql in ("DELETE FROM case_events", "DELETE FROM case_events WHERE case_number = 1",
                "UPDATE case_events SET note = 'x'"):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), shop.writing("orders.undo"):
            shop.database.conn.execute(sql)
    assert events(shop) == count


def test_nothing_is_recorded_about_rows_that_stay_as_they_are(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "taobao_orders_o3", "gb18030")
    import_file(shop, path)
    noted = shop.database.conn.execute("SELECT COUNT(*) FROM row_history").fetchone()[0]
    again = tmp_path / "again.csv"
    again.write_bytes(path.read_bytes().decode("gb18030").encode("utf-16"))
    import_file(shop, again)
    assert shop.database.conn.execute("SELECT COUNT(*) FROM row_history").fetchone()[0] == noted
    assert shop.database.conn.execute("SELECT * FROM import_overlaps").fetchall() == [(2, 1)]
    with shop.writing("cases.note"):
        shop.database.conn.execute("UPDATE orders SET seller_note = 'by hand'")
    assert shop.database.conn.execute("SELECT COUNT(*) FROM row_history").fetchone()[0] == noted


def test_callbacks_the_program_planned_do_not_block_an_undo_but_answers_do(
    shop: Shop, tmp_path: Path
) -> None:
    from aftersales_cli.customers.answers import Answer
    from aftersales_cli.customers.callback_plan import plan_callbacks
    from aftersales_cli.customers.callback_record import record_callback

    text = (Path(__file__).parent / "golden/taobao_refunds_r3.csv").read_text("utf-8")
    path = tmp_path / "refunds.csv"
    path.write_text(text.replace("2026-11-12 16:30:00", "2026-11-20 16:30:00"), "utf-8")
    result = import_file(shop, path)
    assert plan_callbacks(shop, shop.today).planned == 1
    undo(shop, result.import_id)
    assert shop.database.conn.execute("SELECT COUNT(*) FROM callbacks").fetchone()[0] == 0
    again = import_file(shop, path)
    plan_callbacks(shop, shop.today)
    callback = shop.database.conn.execute("SELECT id FROM callbacks").fetchone()[0]
    record_callback(shop, callback, Answer("reached", 5, None, ""))
    with pytest.raises(RefusedError):
        undo(shop, again.import_id)
