"""Couriers' files move parcels: the newest state of a number counts."""

from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.other_rows import OtherFile, OtherResult
from aftersales_cli.intake.tracking import STATUS_WORDS, take_tracking
from aftersales_cli.shop import Shop
from tests.intake.other_files import check_golden, mapped, write_csv
from tests.intake.test_golden_files import marketplace_file

WORDS = [
    "运单号=tracking.number",
    "快递公司=tracking.carrier",
    "物流状态=tracking.status",
    "更新时间=tracking.status_at",
]
QUERY = {
    "parcels": """SELECT p.carrier, p.number, p.status, p.status_raw, p.status_at, p.received_at, p.received_on,
        p.order_external_id AS order_number, o.id IS NOT NULL AS joined
        FROM parcels p LEFT JOIN orders o ON o.id = p.order_id ORDER BY p.number"""
}


def take(shop: Shop, path: Path, *more: str) -> OtherResult:
    with mapped(path, [*WORDS, *more]) as table:
        return take_tracking(OtherFile(shop, table, None))


def test_a_tracking_file_gives_exactly_what_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    result = take(shop, marketplace_file(tmp_path, "tracking", "gb18030"), "订单号=tracking.order_number")
    check_golden(shop, "tracking", result, QUERY)
    assert "13800000000" not in "\n".join(shop.database.conn.iterdump())


def test_the_newest_state_wins_in_any_order_of_files(shop: Shop, tmp_path: Path) -> None:
    header = "运单号,快递公司,物流状态,更新时间\n"
    states = [("已揽收", "2026-11-20 10:00"), ("已签收", "2026-11-22 10:00"), ("派件中", "2026-11-21 10:00")]
    for place, (state, moment) in enumerate(states):
        take(shop, write_csv(tmp_path, f"{place}.csv", f"{header}SF1,顺丰,{state},{moment}\n"))
    found = shop.database.conn.execute("SELECT status, received_on FROM parcels").fetchall()
    assert found == [("received", "2026-11-22")]


def test_a_file_without_order_numbers_leaves_the_one_that_is_known(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    take(shop, marketplace_file(tmp_path, "tracking", "gb18030"), "订单号=tracking.order_number")
    header = "运单号,快递公司,物流状态,更新时间\n"
    result = take(
        shop, write_csv(tmp_path, "b.csv", f"{header}SF1088000000001,顺丰,退回签收,2026-11-22 08:00\n")
    )
    assert result.updated == 1
    found = shop.database.conn.execute(
        "SELECT status, order_external_id, order_id IS NOT NULL, received_at FROM parcels WHERE number LIKE 'SF%'"
    ).fetchall()
    assert found == [("returned", "4103876543219870001", 1, None)]


@pytest.mark.parametrize(
    ("words", "state"),
    [("您的快件已签收", "received"), ("快件派送失败，原因：电话无人接听", "problem"), ("待揽收", "awaiting"),
     ("客户拒收，退回中", "returning"), ("Out for delivery", "delivering"), ("DELIVERED", "received"),
     ("Undelivered", "problem"), ("到达【上海转运中心】", "in_transit"), ("神秘", "unknown")],
)  # fmt: skip
def test_couriers_words_become_states(words: str, state: str, shop: Shop, tmp_path: Path) -> None:
    take(
        shop,
        write_csv(
            tmp_path, "a.csv", f"运单号,快递公司,物流状态,更新时间\nSF1,顺丰,{words},2026-11-20 10:00\n"
        ),
    )
    assert shop.database.conn.execute("SELECT status FROM parcels").fetchall() == [(state,)]


def test_every_state_is_one_of_the_record() -> None:
    states = {"awaiting", "in_transit", "delivering", "received", "problem", "returning", "returned", "lost"}
    assert set(STATUS_WORDS.values()) == states


def test_a_long_sentence_nobody_knows_is_counted_but_not_repeated(shop: Shop, tmp_path: Path) -> None:
    sentence = "收件人陈某某(手机13800000000)要求改到公司前台,请与本人确认后再行处理"
    header = "运单号,快递公司,物流状态,更新时间\n"
    path = write_csv(tmp_path, "a.csv", f'{header}SF1,顺丰,"{sentence}",2026-11-20 10:00\n')
    result = take(shop, path)
    assert [(entry.value, entry.count) for entry in result.warnings] == [("…", 1)]
    assert shop.database.conn.execute("SELECT status, status_raw FROM parcels").fetchall() == [
        ("unknown", "")
    ]
