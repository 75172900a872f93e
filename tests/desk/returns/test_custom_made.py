"""Made to order is told from the words of a title."""

import pytest

from aftersales_cli.desk.returns.policy_categories import classify
from aftersales_cli.desk.returns.policy_files import load_products


@pytest.mark.parametrize("title", ["定制手机壳", "刻字保温杯", "来图印T恤", "私人订制项链", "Engraved cup"])
def test_goods_made_to_order_are_known_by_their_title(title: str) -> None:
    found = classify(load_products(None), sku="", title=title)
    assert (found.category, found.label) == ("custom_made", "custom_made")


def test_a_common_title_is_not_made_to_order() -> None:
    assert classify(load_products(None), sku="", title="保温杯 非定制").label == ""
