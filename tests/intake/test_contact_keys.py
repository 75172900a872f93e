"""Buyers whom a file names by phone number or e-mail only are customers, too."""

from pathlib import Path

import pytest

from aftersales_cli.customers.merging import suggestions
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop

FIELDS = {
    "nr": "external_id",
    "nick": "buyer_key",
    "tel": "buyer_phone",
    "mail": "buyer_email",
    "paid": "paid",
}


def import_orders(shop: Shop, folder: Path, name: str, *rows: str, storefront: str = "one") -> None:
    path = folder / f"{name}.csv"
    path.write_text("".join(line + "\n" for line in ("nr,nick,tel,mail,paid", *rows)), "utf-8")
    words = [f"{column}=order.{field}" for column, field in FIELDS.items()]
    import_file(shop, path, storefront=storefront, only_format=mapped_format(mapped_document(words)))


def customers(shop: Shop) -> dict[str, int | None]:
    return dict(shop.database.conn.execute("SELECT external_id, customer_id FROM orders").fetchall())


def keys(shop: Shop) -> list[str]:
    return [row[0] for row in shop.database.conn.execute("SELECT external_id FROM customer_keys ORDER BY 1")]


def test_one_contact_is_one_customer_of_the_storefront(shop: Shop, tmp_path: Path) -> None:
    import_orders(
        shop, tmp_path, "a", "1001,,138 0000 0001,,1", "1002,,,Ann@Example.com,1", "1003,,+86-13800000001,,1"
    )
    import_orders(shop, tmp_path, "b", "1004,,13800000001,,1", "1005,,,ann@example.com,1")
    found = customers(shop)
    assert found["1001"] == found["1003"] == found["1004"] is not None
    assert found["1002"] == found["1005"] not in {None, found["1001"]}
    assert keys(shop) == ["13800000001", "ann@example.com"]


def test_a_contact_that_belongs_to_one_known_buyer_is_that_buyer(shop: Shop, tmp_path: Path) -> None:
    import_orders(shop, tmp_path, "a", "1001,nick,13800000001,,1", "1002,,13800000001,,1")
    import_orders(shop, tmp_path, "b", "1003,,13800000001,,1")
    assert keys(shop) == ["nick"]
    assert len(set(customers(shop).values())) == 1


def test_a_contact_that_several_buyers_share_is_a_customer_of_its_own(shop: Shop, tmp_path: Path) -> None:
    import_orders(
        shop, tmp_path, "a", "1001,nick,13800000001,,1", "1002,nack,13800000001,,1", "1003,,13800000001,,1"
    )
    assert keys(shop) == ["13800000001", "nack", "nick"]
    assert [entry.customers for entry in suggestions(shop)] == [(1, 2, 3)]


@pytest.mark.parametrize(
    "contact", ["138****0001,", "18400000001-1234,", "00000000000,", "123,", "n.n.,", ",a**@b.de", ",none"]
)
def test_what_is_masked_borrowed_or_no_contact_makes_nobody(shop: Shop, tmp_path: Path, contact: str) -> None:
    import_orders(shop, tmp_path, "a", f"1001,,{contact},1")
    assert customers(shop) == {"1001": None}


def test_customers_of_two_storefronts_are_suggested_for_merging_and_undone(
    shop: Shop, tmp_path: Path
) -> None:
    import_orders(shop, tmp_path, "a", "1001,,13800000001,,1")
    import_orders(shop, tmp_path, "b", "2001,,13800000001,,1", storefront="two")
    assert [(entry.by, entry.customers) for entry in suggestions(shop)] == [("phone", (1, 2))]
    undo(shop, 2)
    assert keys(shop) == ["13800000001"]
    assert suggestions(shop) == []
