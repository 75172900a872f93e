"""Files of one shop in any order give the same end, to every column that people see."""

import itertools
from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import open_shop
from aftersales_cli.team.founding import found_shop
from aftersales_cli.team.storefronts import add_storefront

from .test_golden_chinese import FORMS as CHINESE_FORMS
from .test_golden_files import marketplace_file
from .test_golden_international import FORMS as OTHER_FORMS

FORMS = CHINESE_FORMS | OTHER_FORMS
GROUPS = [
    ("taobao", ("taobao_orders_o7", "taobao_items_d3", "taobao_items_d4")),
    ("taobao", ("taobao_orders_o4", "taobao_items_d1", "taobao_refunds_r1")),
    ("taobao", ("taobao_orders_o6", "taobao_items_d2", "taobao_refunds_r3")),
    ("douyin", ("douyin_orders_y1", "douyin_orders_y2", "douyin_aftersales")),
    ("jd", ("jd_orders_j1", "jd_orders_j2", "jd_aftersales_s1")),
    ("pdd", ("pdd_orders_p1", "pdd_orders_p2", "pdd_orders_2019")),
    ("etsy", ("etsy_items", "etsy_orders")),
    ("amazon", ("amazon_all_orders_2017", "amazon_fbm_returns", "amazon_fba_returns")),
    ("amazon", ("amazon_all_orders_2026", "amazon_new_orders", "amazon_fbm_returns_brazil")),
    ("shopify", ("shopify_orders", "shopify_orders_73", "shopify_orders_78")),
]
TABLES = {
    "orders": """external_id, display_number, placed_at, placed_on, paid_at, paid_on, shipped_at, delivered_at, finished_at,
        status, status_raw, close_reason, currency, goods, postage, discount, total, paid, paid_basis, refunded_stated,
        refunded, refunded_basis, item_count, title, buyer_note, seller_note, progress, as_of""",
    "order_lines": """order_external_id, line_key, order_id IS NOT NULL, sku, title, variant, quantity, unit_price, paid,
        refunded, status_raw, progress, as_of""",
    "cases": """external_id, kind, status, status_raw, order_external_id, order_id IS NOT NULL, customer_id IS NOT NULL,
        resolved_at, resolution, reason_first, reason_final""",
    "refunds": "external_id, status, status_raw, amount, to_buyer, requested_at, succeeded_at, progress, as_of",
    "case_lines": "(SELECT external_id FROM cases WHERE number = case_number), sku, title, quantity, line_id",
    "return_requests": "(SELECT external_id FROM cases WHERE number = case_number), kind, status, status_raw, ended_at",
    "return_lines": "sku, title, asked, approved, (SELECT line_key FROM order_lines AS o WHERE o.id = order_line_id)",
    "return_parcels": "status, carrier, number, received_at",
    "conflicts": "table_name, row_key, column_name, ours, theirs",
}


def state_after(folder: Path, platform: str, paths: tuple[Path, ...]) -> dict[str, list[tuple[object, ...]]]:
    shop = open_shop(found_shop(folder).folder)
    try:
        add_storefront(shop, "one", platform=platform)
        for path in paths:
            import_file(shop, path, storefront="one")
        return {
            table: sorted(shop.database.conn.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
            for table, columns in TABLES.items()
        }
    finally:
        shop.close()


@pytest.mark.parametrize(("platform", "names"), GROUPS, ids=["-".join(names) for _platform, names in GROUPS])
def test_files_of_a_shop_in_any_order_give_the_same_end(
    platform: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    paths = [marketplace_file(tmp_path, name, FORMS[name]) for name in names]
    orders = list(itertools.permutations(paths))
    ends = [state_after(tmp_path / f"shop{number}", platform, order) for number, order in enumerate(orders)]
    assert any(ends[0].values())
    for end in ends[1:]:
        for table in TABLES:
            assert end[table] == ends[0][table], table
