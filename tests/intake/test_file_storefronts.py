"""Files that hold no orders: which storefront they belong to is said or clear, never guessed."""

from pathlib import Path

import pytest

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

CHATS = "旺旺昵称,日期,平均响应时长(秒)\n小美,2026-11-20,30\n"
SURVEY = "Timestamp,How satisfied are you?\n2026/11/20 10:00:00,5\n"
PARCELS = "运单号,物流状态\nSF1001,已签收\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_platforms_report_goes_to_its_platforms_storefront_made_if_new(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "jd-shop", platform="jd")
    assert import_file(shop, write(tmp_path, CHATS)).storefront == "taobao"


def test_the_only_storefront_without_a_platform_is_taken(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "mine")
    assert import_file(shop, write(tmp_path, CHATS)).storefront == "mine"
    assert import_file(shop, write(tmp_path, SURVEY)).storefront == "mine"


@pytest.mark.parametrize("text", [CHATS, SURVEY])
def test_of_several_storefronts_one_must_be_named(shop: Shop, tmp_path: Path, text: str) -> None:
    add_storefront(shop, "one", platform="taobao")
    add_storefront(shop, "two", platform="taobao")
    with pytest.raises(WrongUsageError, match="several") as caught:
        import_file(shop, write(tmp_path, text))
    assert "--storefront" in caught.value.remedy
    assert "one, two" in caught.value.remedy
    assert import_file(shop, write(tmp_path, text), storefront="two").storefront == "two"


def test_rows_that_find_their_storefront_by_themselves_ask_nobody(shop: Shop, tmp_path: Path) -> None:
    add_storefront(shop, "one", platform="taobao")
    add_storefront(shop, "two", platform="taobao")
    survey = "Timestamp,How satisfied are you?,Order number\n2026/11/20 10:00:00,5,1001\n"
    assert import_file(shop, write(tmp_path, survey)).others == (1, 0, 0)
    words = ["运单号=tracking.number", "物流状态=tracking.status"]
    import_file(shop, write(tmp_path, PARCELS), only_format=mapped_format(mapped_document(words)))
    for table in ("survey_answers", "parcels"):
        assert shop.database.conn.execute(f"SELECT storefront_id FROM {table}").fetchall() == [(None,)]
