"""Files nobody knows: what they look like is told, with the words that would map them, and a format is drafted."""

from pathlib import Path

import pytest

from aftersales_cli.errors import RefusedError, UnknownFileError
from aftersales_cli.intake.format_guess import guess_format
from aftersales_cli.intake.header_words import guess_columns, likely_kind
from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import Shop
from tests.intake.test_golden_files import marketplace_file

HEADERS = {
    "订单编号,星级,评价内容,评价时间": {
        "订单编号": "review.order_number", "星级": "review.stars", "评价内容": "review.body",
        "评价时间": "review.reviewed_at",
    },
    "商品标题,订单号,评价,评论,评论时间,商家编码": {
        "商品标题": "review.title", "订单号": "review.order_number", "评价": "review.stars", "评论": "review.body",
        "评论时间": "review.reviewed_at", "商家编码": "review.sku",
    },
    "Order number,Rating,Review text,Review date,SKU": {
        "Order number": "review.order_number", "Rating": "review.stars", "Review text": "review.body",
        "Review date": "review.reviewed_at", "SKU": "review.sku",
    },
    "运单号,快递公司,物流状态,签收时间,订单编号": {
        "运单号": "tracking.number", "快递公司": "tracking.carrier", "物流状态": "tracking.status",
        "签收时间": "tracking.status_at", "订单编号": "tracking.order_number",
    },
    "快递单号,状态,最新时间": {
        "快递单号": "tracking.number", "状态": "tracking.status", "最新时间": "tracking.status_at",
    },
    "Tracking number,Carrier,Status,Last update time,Order": {
        "Tracking number": "tracking.number", "Carrier": "tracking.carrier", "Status": "tracking.status",
        "Last update time": "tracking.status_at", "Order": "tracking.order_number",
    },
    "填写时间,您对我们的服务满意吗,您愿意推荐给朋友吗,您的订单号": {
        "填写时间": "survey.answered_at", "您对我们的服务满意吗": "survey.csat", "您愿意推荐给朋友吗": "survey.nps",
        "您的订单号": "survey.order_number",
    },
    "Submitted at,How satisfied are you?": {"Submitted at": "survey.answered_at", "How satisfied are you?": "survey.csat"},
    "客服,统计日期,接待人数,首次响应时长,平均响应时长,满意率": {
        "客服": "chat.agent", "统计日期": "chat.day", "接待人数": "chat.chats", "首次响应时长": "chat.first_reply",
        "平均响应时长": "chat.average_reply", "满意率": "chat.satisfaction",
    },
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_shows_what_the_file_is_and_which_column_means_what(header: str) -> None:
    columns, expected = header.split(","), HEADERS[header]
    kind = likely_kind(columns)
    assert {field.partition(".")[0] for field in expected.values()} == {kind}
    assert dict(guess_columns(kind, columns)) == expected


@pytest.mark.parametrize(
    "header",
    [
        "订单编号,运单号,物流状态,实付金额",
        "Order,Feedback left,Feedback received,Total price",
        "单号,客户,备注",
        "name,age",
        "",
    ],
)
def test_a_file_of_orders_or_of_nothing_known_is_called_nothing_else(header: str) -> None:
    assert likely_kind(header.split(",")) == "order"


def unknown(shop: Shop, folder: Path, header: str) -> UnknownFileError:
    path = folder / "odd.csv"
    path.write_text(f"{header}\n" + ",".join("1" for _cell in header.split(",")) + "\n", "utf-8")
    with pytest.raises(UnknownFileError) as caught:
        import_file(shop, path)
    return caught.value


def test_the_advice_names_the_files_own_columns(shop: Shop, tmp_path: Path) -> None:
    error = unknown(shop, tmp_path, "运单号,快递公司,物流状态,签收时间")
    assert "tracking of parcels" in error.message
    assert "Nearest" not in error.message
    assert "--map 运单号=tracking.number" in error.remedy
    assert "order.external_id" not in error.remedy
    assert "formats new" in error.remedy
    error = unknown(shop, tmp_path, "Order number,Rating,Review text")
    assert '--map "Order number=review.order_number" --map Rating=review.stars' in error.remedy
    assert "order.external_id" in unknown(shop, tmp_path, "流水,客户,备注").remedy


def test_a_wide_header_is_cut_and_says_how_much_is_left(shop: Shop, tmp_path: Path) -> None:
    error = unknown(shop, tmp_path, ",".join(f"column {number}" for number in range(1, 501)))
    assert "column 30 … and 470 more" in error.message
    assert "column 31" not in error.message


@pytest.mark.parametrize(
    ("name", "text", "table"),
    [
        ("reviews", "订单编号,星级,评价内容,评价时间\n1001,5,好,2026-11-20 10:00:00\n", "reviews_received"),
        ("parcels", "运单号,快递公司,物流状态,签收时间\nSF1001,顺丰,已签收,2026-11-20 10:00:00\n", "parcels"),
        ("survey", "填写时间,您满意吗\n2026-11-20 10:00:00,5\n", "survey_answers"),
        ("chats", "客服,统计日期,平均响应时长\n小美,2026-11-20,30\n", "chat_reports"),
    ],
)
def test_a_draft_of_another_kind_of_file_imports_at_once(
    shop: Shop, tmp_path: Path, name: str, text: str, table: str
) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text(text, "utf-8")
    guess_format(shop, path, name)
    assert import_file(shop, path).others == (1, 0, 0)
    assert shop.database.conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] == 1


def test_a_known_file_needs_no_draft_unless_it_is_wanted_anyway(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "taobao_orders_o7", "utf-8")
    with pytest.raises(RefusedError, match=r"taobao\.orders"):
        guess_format(shop, path, "mine")
    assert not (shop.folder / "templates/formats/mine.toml").exists()
    guess_format(shop, path, "mine", anyway=True)
    assert import_file(shop, path).format == "mine"
