"""The detection table: every header list that was ever seen is one format's, and only one's."""

from pathlib import Path

import pytest

from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.formats import Format, load_formats, nearest, recognise
from aftersales_cli.intake.loading import import_file
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.shop import Shop

from .header_lists import CHINESE, INTERNATIONAL

HEADERS = CHINESE | INTERNATIONAL
NOT_ORDERS = [
    name for name in CHINESE if name.startswith(("jd settlement", "jd comp", "jd analytics", "pdd small"))
]


@pytest.fixture(scope="module")
def formats() -> list[Format]:
    return load_formats(None)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_list_matches_exactly_one_format(name: str, formats: list[Format]) -> None:
    code, names = HEADERS[name]
    header = frozenset(normalise_header(cell) for cell in names)
    assert [fmt.code for fmt in formats if fmt.must and fmt.matches(header)] == [code]


@pytest.mark.parametrize("name", HEADERS)
def test_the_order_of_the_columns_and_the_dirt_around_them_do_not_matter(
    name: str, formats: list[Format]
) -> None:
    code, names = HEADERS[name]
    dirty = [f"\ufeff{cell} ".upper() for cell in reversed(names)]
    found = recognise(formats, [normalise_header(cell) for cell in dirty])
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("name", HEADERS)
def test_no_title_block_or_single_column_is_taken_for_a_format(name: str, formats: list[Format]) -> None:
    code, names = HEADERS[name]
    for cell in names:
        assert recognise(formats, [normalise_header(cell)]) is None, f"{cell} alone was taken for {code}"


def test_codes_and_names_of_formats_are_unique(formats: list[Format]) -> None:
    for names in ([fmt.code for fmt in formats], [fmt.zh for fmt in formats], [fmt.en for fmt in formats]):
        assert len(names) == len(set(names))


def test_a_header_that_lacks_one_column_names_the_format_and_the_column(formats: list[Format]) -> None:
    names = [cell for cell in CHINESE["kuaishou"][1] if cell != "订单支付时间"]
    assert recognise(formats, [normalise_header(cell) for cell in names]) is None
    closest, missing = nearest(formats, names)[0]
    assert closest.code == "kuaishou.orders"
    assert missing == ["订单支付时间"]


def test_a_near_miss_is_explained_with_the_closest_formats(shop: Shop, tmp_path: Path) -> None:
    names = [cell for cell in CHINESE["douyin after-sales"][1] if cell != "商品单号"]
    path = tmp_path / "after-sales.csv"
    path.write_text(",".join(names) + "\n" + ",".join("x" for _ in names) + "\n", encoding="utf-8")
    with pytest.raises(UnknownFileError) as caught:
        import_file(shop, path)
    message = str(caught.value)
    assert "售后单号" in message
    assert "Nearest: Douyin after-sales (douyin.aftersales); missing: 商品单号" in message
    assert message.count("Nearest:") == 3


@pytest.mark.parametrize("name", NOT_ORDERS)
def test_a_file_without_orders_is_named_as_what_it_is(name: str, shop: Shop, tmp_path: Path) -> None:
    code, names = CHINESE[name]
    kind = {fmt.code: fmt.not_orders for fmt in load_formats(None)}[code]
    path = tmp_path / "file.csv"
    path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n", encoding="gb18030")
    with pytest.raises(UnknownFileError) as caught:
        import_file(shop, path)
    assert kind
    assert "holds no orders" in str(caught.value)
    assert not shop.database.execute("SELECT 1 FROM imports").fetchall()


def test_missing_headers_are_told_as_the_marketplace_writes_them(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_text("Order ID,Order date,ASIN,Merchant SKU,Return Reason,Resolution\n1,2,3,4,5,6\n", "utf-8")
    with pytest.raises(UnknownFileError) as caught:
        import_file(shop, path)
    assert "Amazon RMA ID, Return request status" in caught.value.message
