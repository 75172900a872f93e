"""Three files of different times about the same order and line: the end does not depend on which came first."""

import itertools
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.shop import open_shop
from aftersales_cli.team.founding import found_shop

Row = dict[str, str]
COLUMNS = {
    "单号": "order.external_id", "下单": "order.placed_at", "付款": "order.paid_at", "发货": "order.shipped_at",
    "标题": "order.title", "卖家备注": "order.seller_note", "总额": "order.total", "邮费": "order.postage",
    "实付": "order.paid", "退款": "order.refunded", "件数": "order.item_count", "买家": "order.buyer_key",
    "行号": "line.line_id", "品名": "line.title", "规格": "line.variant", "数量": "line.quantity",
    "单价": "line.unit_price", "行实付": "line.paid", "行退款": "line.refunded",
}  # fmt: skip
ALWAYS = {"单号": "77001", "下单": "2026-11-01 09:00:00", "行号": "L1", "品名": "抱枕"}
WORDS, AMOUNTS = ("", "甲", "乙", "丙"), ("", "0", "5.00", "9.00", "12.00")
CELLS = {
    "付款": ("", "2026-11-01 10:00:00", "2026-11-01 11:00:00"),
    "发货": ("", "2026-11-02 10:00:00", "2026-11-03 10:00:00", "2026-11-04 10:00:00"),
    **dict.fromkeys(("标题", "卖家备注", "规格", "买家"), WORDS),
    **dict.fromkeys(("总额", "邮费", "实付", "退款", "单价", "行实付", "行退款"), AMOUNTS),
    **dict.fromkeys(("件数", "数量"), ("", "1", "2", "3")),
}  # fmt: skip
ROWS = st.fixed_dictionaries({}, optional={name: st.sampled_from(cells) for name, cells in CELLS.items()})
STATES = (
    """SELECT placed_at, placed_on, paid_at, paid_on, shipped_at, status, total, postage, paid, paid_basis,
        refunded_stated, refunded, refunded_basis, item_count, title, seller_note, progress, as_of,
        (SELECT k.external_id FROM customer_keys AS k WHERE k.customer_id = orders.customer_id) FROM orders""",
    """SELECT line_key, title, variant, quantity, unit_price, paid, refunded, progress, as_of, order_id IS NOT NULL
        FROM order_lines""",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = found_shop(tmp_path_factory.mktemp("template") / "shop").folder
    open_shop(folder).close()
    return folder


def end_after(template: Path, rows: tuple[Row, ...]) -> list[list[tuple[object, ...]]]:
    """Return the order and its line after files of one row each, which have only the columns that are given."""
    folder = template.parent / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    with closing(open_shop(folder)) as shop:
        for number, row in enumerate(rows):
            cells = {**ALWAYS, **row}
            path = folder / f"{number}.csv"
            path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n", "utf-8")
            mapping = [f"{column}={COLUMNS[column]}" for column in cells]
            import_file(shop, path, only_format=mapped_format(mapped_document(mapping)))
        return [shop.database.conn.execute(sql).fetchall() for sql in STATES]


PAID, SHIPPED, LATER = "2026-11-01 10:00:00", "2026-11-02 10:00:00", "2026-11-03 10:00:00"


@settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.tuples(ROWS, ROWS, ROWS))
@example(
    (
        {"付款": PAID, "标题": "甲", "规格": "甲"},
        {"发货": SHIPPED, "标题": "乙", "规格": "乙"},
        {"发货": LATER},
    )
)
@example(
    (
        {"付款": PAID, "总额": "9.00", "单价": "9.00"},
        {"发货": SHIPPED, "总额": "5.00", "单价": "5.00"},
        {"发货": LATER},
    )
)
@example(({"付款": PAID, "实付": "9.00"}, {"付款": PAID, "实付": "0"}, {"发货": LATER}))
@example(
    (
        {"标题": "丙", "规格": "丙"},
        {"标题": "乙", "退款": "5.00", "规格": "乙", "行退款": "5.00"},
        {"标题": "甲", "退款": "0"},
    )
)
@example(({"数量": "2"}, {"发货": SHIPPED}, {"付款": PAID, "数量": "3"}))
@example(({"买家": "甲"}, {"买家": "乙"}, {"发货": SHIPPED, "买家": ""}))
def test_three_files_end_the_same_in_any_order(template: Path, rows: tuple[Row, Row, Row]) -> None:
    ends = {turn: end_after(template, turn_of(rows, turn)) for turn in itertools.permutations(range(3))}
    first = ends[0, 1, 2]
    for turn, end in ends.items():
        assert end == first, turn


def turn_of(rows: tuple[Row, Row, Row], turn: tuple[int, ...]) -> tuple[Row, ...]:
    return tuple(rows[index] for index in turn)


@pytest.mark.parametrize("turn", list(itertools.permutations(range(3))), ids=str)
def test_a_cell_the_newest_file_leaves_blank_is_the_next_newests(
    turn: tuple[int, ...], template: Path
) -> None:
    rows = (
        {"付款": PAID, "标题": "甲", "总额": "9.00", "规格": "甲", "数量": "1"},
        {"发货": SHIPPED, "标题": "乙", "总额": "5.00", "规格": "乙", "数量": "2"},
        {"发货": LATER, "标题": "", "规格": ""},
    )  # fmt: skip
    [order], [line] = end_after(template, turn_of(rows, turn))
    assert (order[6], order[14], order[4]) == (500, "乙", "2026-11-03T02:00:00Z")
    assert line[2:4] == ("乙", 2)
