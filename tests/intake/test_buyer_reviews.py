"""Buyers' reviews through a mapping made by hand."""

from pathlib import Path

from aftersales_cli.intake.buyer_reviews import take_reviews
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.other_rows import OtherFile, OtherResult
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import require_storefront
from tests.intake.other_files import check_golden, mapped, write_csv
from tests.intake.test_golden_files import GOLDEN, marketplace_file

WORDS = ["订单号=review.order_number", "评价时间=review.reviewed_at", "评价等级=review.stars", "评价内容=review.body",
         "商家编码=review.sku"]  # fmt: skip
QUERY = {
    "reviews_received": """SELECT r.order_external_id AS order_number, o.id IS NOT NULL AS joined, r.reviewed_at,
        r.reviewed_on, r.stars, r.body, r.sku FROM reviews_received r LEFT JOIN orders o ON o.id = r.order_id
        ORDER BY r.order_external_id"""
}


def take(shop: Shop, path: Path) -> OtherResult:
    with mapped(path, WORDS) as table:
        return take_reviews(OtherFile(shop, table, require_storefront(shop, "taobao")))


def test_a_review_file_gives_exactly_what_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    result = take(shop, marketplace_file(tmp_path, "buyer_reviews", "gb18030"))
    check_golden(shop, "buyer_reviews", result, QUERY)
    assert "小鹿" not in repr(result.rejects)


def test_changed_stars_are_an_update_and_other_words_another_review(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "taobao_orders_o7", "xlsx"))
    path = marketplace_file(tmp_path, "buyer_reviews", "gb18030")
    take(shop, path)
    again = take(shop, path)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 3)
    text = (GOLDEN / "buyer_reviews.csv").read_text("utf-8")
    changed = text.replace("差评,拉链坏了", "中评,拉链坏了").replace("4星,,", "4星,追评：好用,")
    result = take(shop, write_csv(tmp_path, "changed.csv", changed))
    assert (result.new, result.updated, result.unchanged) == (1, 1, 1)
    stars = "SELECT stars FROM reviews_received WHERE body = '拉链坏了'"
    assert shop.database.conn.execute(stars).fetchall() == [(3,)]
