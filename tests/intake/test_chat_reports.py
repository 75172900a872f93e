"""Platforms' reports on chat service: one row per employee and day, never a total."""

from pathlib import Path

import pytest

from aftersales_cli.intake.chats import parse_seconds, parse_share, take_chats
from aftersales_cli.intake.converters import CellError
from aftersales_cli.intake.other_rows import OtherFile, OtherResult
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.storefronts import add_storefront, require_storefront
from tests.intake.other_files import check_golden, open_shipped, write_csv
from tests.intake.test_golden_files import GOLDEN, marketplace_file

QUERY = {
    "chat_reports": """SELECT c.agent_name, a.code AS agent, c.day, c.chats, c.first_reply_seconds AS first,
        c.average_reply_seconds AS average, c.answered_share AS answered, c.satisfaction, c.as_of
        FROM chat_reports c LEFT JOIN agents a ON a.id = c.agent_id ORDER BY c.agent_name, c.day"""
}


@pytest.fixture(autouse=True)
def _storefront(shop: Shop) -> None:
    add_storefront(shop, "tb", platform="taobao", name="棉花糖家居")


def take(shop: Shop, path: Path) -> OtherResult:
    with open_shipped(path) as table:
        return take_chats(OtherFile(shop, table, require_storefront(shop, "tb")))


def test_a_taobao_report_gives_exactly_what_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    add_agent(shop, "xiaomei", name="小美", role="agent")
    check_golden(shop, "chat_taobao", take(shop, marketplace_file(tmp_path, "chat_taobao", "xlsx")), QUERY)


def test_a_later_report_of_the_same_days_wins_and_an_earlier_one_does_not(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "chat_taobao", "gb18030")
    assert take(shop, path).new == 3
    again = take(shop, path)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 3)
    text = (GOLDEN / "chat_taobao.csv").read_text("utf-8")
    later = text.replace("12.5,32.4", "11,30") + "棉花糖家居:小美,2026-11-22,9,3,10,20,99%,100%,-,1分\n"
    result = take(shop, write_csv(tmp_path, "later.csv", later))
    assert (result.new, result.updated, result.unchanged) == (1, 1, 2)
    earlier = take(shop, write_csv(tmp_path, "copy.csv", text))
    assert (earlier.updated, earlier.unchanged) == (0, 3)
    assert "older" in {entry.code for entry in earlier.warnings}
    first = "SELECT first_reply_seconds FROM chat_reports WHERE day = '2026-11-20'"
    assert shop.database.conn.execute(first).fetchall() == [(11.0,)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("32.5", 32.5), ("32秒", 32), ("1分20秒", 80), ("2分", 120), ("1小时1分1秒", 3661), ("0:01:20", 80), ("01:20", 80),
     ("", None), ("-", None), ("1m 5s", 65)],
)  # fmt: skip
def test_response_times_are_seconds(cell: str, expected: float | None) -> None:
    assert parse_seconds(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"), [("98.5%", 0.985), ("0.985", 0.985), ("100%", 1), ("1", 1), ("0%", 0), ("-", None)]
)
def test_shares_are_between_0_and_1(cell: str, expected: float | None) -> None:
    assert parse_share(cell) == expected


@pytest.mark.parametrize("cell", ["101%", "98.5", "-1%", "most"])
def test_what_is_no_share_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        parse_share(cell)


@pytest.mark.parametrize("cell", ["fast", "-5", "1.2.3"])
def test_what_is_no_time_span_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        parse_seconds(cell)


@pytest.mark.parametrize("chats", ["-5", "9" * 30, "9" * 5000, "1E+400", "viele"])
def test_an_impossible_number_of_chats_rejects_its_row_only(chats: str, shop: Shop, tmp_path: Path) -> None:
    header = "旺旺昵称(客服),日期,咨询人数,平均响应时长(秒)\n"
    path = write_csv(tmp_path, "a.csv", f"{header}小美,2026-11-20,{chats},20\n大壮,2026-11-20,4,20\n")
    result = take(shop, path)
    assert (result.new, [reject[:2] for reject in result.rejects]) == (1, [(2, "咨询人数")])
