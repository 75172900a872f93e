"""The Chinese marketplaces' files, every generation: invented files against what is expected of them.

After a wanted change: RENEW_GOLDEN=1 python -m pytest tests/intake/test_golden_chinese.py, then read the diff.
"""

import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import Shop

from .test_golden_files import FORMS as OTHER_FORMS
from .test_golden_files import GOLDEN, _dump, marketplace_file

CASES = [
    # name, how the text file is turned into the marketplace's file, further files imported before it
    ("taobao_orders_o1", "gb18030", ()),
    ("taobao_orders_o2", "gb18030", ()),
    ("taobao_orders_o4", "gb18030", ()),
    ("taobao_orders_o6", "gb18030", ()),
    ("taobao_items_d1", "gb18030", ("taobao_orders_o4",)),
    ("taobao_items_d2", "gb18030", ("taobao_orders_o6",)),
    ("taobao_items_d4", "xlsx", ("taobao_orders_o7",)),
    ("taobao_refunds_r1", "xlsx", ("taobao_orders_o4",)),
    ("taobao_refunds_r2", "xlsx", ("taobao_orders_o4", "taobao_refunds_r1")),
    ("jd_orders_j1", "gb18030", ()),
    ("jd_orders_j2", "gb18030", ()),
    ("jd_orders_j2b", "gb18030", ()),
    ("jd_orders_j3", "xlsx", ()),
    ("jd_aftersales_s1", "xlsx", ("jd_orders_j1",)),
    ("jd_aftersales_s2", "xlsx", ("jd_orders_j3",)),
    ("pdd_orders_p1", "utf-8-sig", ()),
    ("pdd_orders_p2", "gb18030", ()),
    ("pdd_orders_2019", "xlsx", ()),
    ("douyin_orders_y1", "utf-8-sig", ()),
    ("douyin_orders_y2", "xlsx", ()),
    ("douyin_aftersales", "xlsx", ("douyin_orders_y1",)),
    ("kuaishou_orders", "xlsx", ()),
    ("xhs_orders", "xlsx", ()),
    ("xhs_aftersales", "xlsx", ("xhs_orders",)),
    ("wechat_shop_orders", "gb18030", ()),
    ("youzan_orders", "utf-8-sig", ()),
    ("alibaba1688_orders", "xlsx", ()),
    ("aliexpress_orders", "xlsx", ()),
]
FORMS = OTHER_FORMS | {name: form for name, form, _before in CASES}


@pytest.mark.parametrize(("name", "form", "before"), CASES, ids=[case[0] for case in CASES])
def test_a_file_gives_exactly_what_stands_beside_it(
    name: str, form: str, before: tuple[str, ...], shop: Shop, tmp_path: Path
) -> None:
    for earlier in before:
        import_file(shop, marketplace_file(tmp_path, earlier, FORMS[earlier]))
    found = _dump(shop, import_file(shop, marketplace_file(tmp_path, name, form)))
    expected = GOLDEN / f"{name}.expected.txt"
    if os.environ.get("RENEW_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "form", "before"), CASES, ids=[case[0] for case in CASES])
def test_nothing_changes_when_the_same_rows_come_in_another_file(
    name: str, form: str, before: tuple[str, ...], shop: Shop, tmp_path: Path
) -> None:
    del before
    first = import_file(shop, marketplace_file(tmp_path, name, form))
    second = import_file(shop, marketplace_file(tmp_path, name, "utf-8"))
    assert (second.rows, second.rejected) == (first.rows, first.rejected)
    for kind in ("orders", "lines", "aftersales"):
        counts = getattr(second, kind)
        assert (counts.new, counts.updated) == (0, 0), kind


@pytest.mark.parametrize(
    ("orders", "aftersales"),
    [
        ("taobao_orders_o4", "taobao_refunds_r1"),
        ("taobao_orders_o4", "taobao_items_d1"),
        ("jd_orders_j1", "jd_aftersales_s1"),
        ("douyin_orders_y1", "douyin_aftersales"),
        ("xhs_orders", "xhs_aftersales"),
    ],
)
def test_the_order_in_which_two_files_arrive_does_not_matter(
    orders: str, aftersales: str, shop: Shop, tmp_path: Path
) -> None:
    import_file(shop, marketplace_file(tmp_path, aftersales, FORMS[aftersales]))
    result = import_file(shop, marketplace_file(tmp_path, orders, FORMS[orders]))
    found = _dump(shop, result).partition("[orders]")[2].partition("[rejects]")[0]
    expected = (GOLDEN / f"{aftersales}.expected.txt").read_text(encoding="utf-8")
    assert found.strip() == expected.partition("[orders]")[2].partition("[rejects]")[0].strip()


def test_cells_merged_over_the_lines_of_an_order_are_read_like_blank_ones(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "alibaba1688_orders", "xlsx")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for column in (*range(1, 19), *range(29, 33)):
        sheet.merge_cells(start_row=3, end_row=5, start_column=column, end_column=column)
    book.save(path)
    found = _dump(shop, import_file(shop, path))
    assert found == (GOLDEN / "alibaba1688_orders.expected.txt").read_text(encoding="utf-8")


PRIVATE = {
    "xhs_orders": ("林某某", "110101199001010000"),
    "jd_orders_j2b": ("6200000000000000000",),
    "taobao_orders_o1": ("lin***@example.com",),
}


@pytest.mark.parametrize("name", PRIVATE)
def test_identity_cards_and_accounts_are_never_stored(name: str, shop: Shop, tmp_path: Path) -> None:
    result = import_file(shop, marketplace_file(tmp_path, name, FORMS[name]))
    assert result.orders.new
    stored = "\n".join(shop.database.conn.iterdump())
    for word in PRIVATE[name]:
        assert word in (GOLDEN / f"{name}.csv").read_text(encoding="utf-8")
        assert word not in stored
