"""The marketplaces outside China against small invented files of them, as in test_golden_files.py.

After a wanted change: RENEW_GOLDEN=1 python -m pytest tests/intake/test_golden_international.py, then read the diff.
"""

import os
from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

from .test_golden_files import GOLDEN, _dump, marketplace_file

CASES = [
    # name, how the text file is turned into the marketplace's file, further files imported before it
    ("shopify_orders_78", "utf-8", ()),
    ("shopify_orders_75", "utf-8", ()),
    ("shopify_orders_73", "utf-8-sig", ()),
    ("shopify_orders_mangled", "utf-8", ()),
    ("woo_advanced_export", "utf-8", ()),
    ("amazon_all_orders_2017", "utf-8", ()),
    ("amazon_all_orders_2026", "utf-8", ()),
    ("amazon_new_orders", "utf-8", ()),
    ("amazon_fba_returns", "utf-8", ("amazon_all_orders_2017",)),
    ("amazon_fbm_returns", "utf-8", ("amazon_all_orders_2017",)),
    ("amazon_fbm_returns_brazil", "cp1252", ("amazon_all_orders_2026",)),
    ("ebay_orders", "utf-8-sig", ()),
    ("ebay_orders_old", "utf-8", ()),
    ("ebay_orders_old_uk", "utf-8-sig", ()),
    ("etsy_items", "utf-8", ()),
    ("etsy_orders", "utf-8", ("etsy_items",)),
    ("tiktok_orders", "utf-8-sig", ()),
    ("tiktok_orders_us", "xlsx", ()),
    ("shopee_orders", "xlsx", ()),
    ("shopee_orders_indonesian", "xlsx", ()),
    ("shopee_returns", "xlsx", ("shopee_orders",)),
    ("lazada_orders", "xlsx", ()),
    ("lazada_returns", "utf-8", ("lazada_orders",)),
]
STOREFRONTS = {
    # file → platform, currency and time zone of its storefront, where the file itself names none
    "woo_advanced_export": ("woocommerce", "EUR", "Europe/Berlin"),
    "amazon_fbm_returns": ("amazon", "USD", "America/New_York"),
    "ebay_orders": ("ebay", "USD", "America/New_York"),
    "etsy_items": ("etsy", "USD", "America/New_York"),
    "etsy_orders": ("etsy", "USD", "America/New_York"),
    "tiktok_orders": ("tiktok", "VND", "Asia/Ho_Chi_Minh"),
    "tiktok_orders_us": ("tiktok", "USD", "America/New_York"),
    "shopee_orders": ("shopee", "PHP", "Asia/Manila"),
    "shopee_returns": ("shopee", "PHP", "Asia/Manila"),
    "lazada_orders": ("lazada", "SGD", "Asia/Singapore"),
    "lazada_returns": ("lazada", "SGD", "Asia/Singapore"),
}
FORMS = {name: form for name, form, _before in CASES}


@pytest.mark.parametrize(("name", "form", "before"), CASES, ids=[case[0] for case in CASES])
def test_a_file_from_abroad_gives_exactly_what_stands_beside_it(
    name: str, form: str, before: tuple[str, ...], shop: Shop, tmp_path: Path
) -> None:
    storefront = None
    if name in STOREFRONTS:
        platform, currency, timezone = STOREFRONTS[name]
        storefront = f"{platform}-shop"
        add_storefront(shop, storefront, platform=platform, currency=currency, timezone=timezone)
    for earlier in before:
        import_file(shop, marketplace_file(tmp_path, earlier, FORMS[earlier]), storefront=storefront)
    found = _dump(shop, import_file(shop, marketplace_file(tmp_path, name, form), storefront=storefront))
    expected = GOLDEN / f"{name}.expected.txt"
    if os.environ.get("RENEW_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
