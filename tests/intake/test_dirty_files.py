"""Dirt that real exports carry: the file is refused with a line number, or every row of it is accounted for."""

import codecs
import io
import re
from pathlib import Path

import openpyxl
import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.results import ImportResult
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from tests.intake.accounts import import_into_copy
from tests.intake.test_golden_files import GOLDEN

HEADER = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间 ,退款金额,宝贝标题"
ROW = "{},10.00,10.00,2026-11-01 10:00:00,2026-11-01 10:01:00,0,{}"
ROWS = [ROW.format(number, "云朵抱枕") for number in range(1001, 1011)]
TEXT = "\r\n".join([HEADER, *ROWS]) + "\r\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = found_shop(tmp_path_factory.mktemp("template") / "shop").folder
    open_shop(folder).close()
    return folder


def take(template: Path, data: bytes | str, *, suffix: str = "csv") -> ImportResult | str:
    path = template / f"orders.{suffix}"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (template / "copy").mkdir(exist_ok=True)
    (template / "copy/aftersales.toml").write_bytes((template / "aftersales.toml").read_bytes())
    return import_into_copy(template, template / "copy", path)


def with_lines(*lines: str, newline: str = "\r\n") -> str:
    return newline.join([HEADER, *ROWS[:5], *lines, *ROWS[5:]]) + newline


TAKEN: dict[str, tuple[str | bytes, tuple[int, int, int]]] = {
    # what the file holds → rows read, orders stored, rows rejected
    "clean": (TEXT, (10, 10, 0)),
    "LF": (TEXT.replace("\r\n", "\n"), (10, 10, 0)),
    "CR": (TEXT.replace("\r\n", "\r"), (10, 10, 0)),
    "mixed newlines": ("".join(line + end for line, end in zip([HEADER, *ROWS], ["\r\n", "\n", "\r"] * 4, strict=False)),
                       (10, 10, 0)),
    "no last newline": (TEXT.rstrip(), (10, 10, 0)),
    "blank lines": (TEXT.replace("\r\n", "\r\n\r\n \r\n,,,\r\n"), (10, 10, 0)),
    "only a header": (HEADER, (0, 0, 0)),
    "a header and blank lines": (HEADER + "\r\n\r\n,,,,,,\r\n", (0, 0, 0)),
    "a title above": ("店铺订单报表\r\n导出时间：2026-11-20\r\n\r\n" + TEXT, (10, 10, 0)),
    "totals below": (TEXT + "合计,100.00,100.00,,,0,\r\n共 10 条记录\r\n", (12, 10, 0)),
    "short and long rows": (with_lines("1,2", ROWS[0].replace("1001", "1020") + ",,更多,列", "1030"), (13, 11, 2)),
    "the header again in the middle": (with_lines(HEADER), (11, 10, 1)),
    "the same rows twice": (TEXT + "\r\n".join(ROWS), (20, 10, 0)),
    "a column twice": (TEXT.replace("宝贝标题", "退款金额"), (10, 10, 0)),
    "a cell of nearly a megabyte": (with_lines(ROW.format(1020, "长" * 300_000)), (11, 11, 0)),
    "a row of 100,000 columns": (with_lines(ROWS[0].replace("1001", "1020") + "," * 100_000), (11, 11, 0)),
    "100,000 columns": (TEXT.replace("\r\n", "," * 100_000 + "\r\n", 1), (10, 10, 0)),
    "a byte order mark": ("\ufeff" + TEXT, (10, 10, 0)),
    "two byte order marks": ("\ufeff\ufeff" + TEXT, (10, 10, 0)),
    "a byte order mark in the middle": (with_lines("\ufeff" + ROWS[0].replace("1001", "1020")), (11, 11, 0)),
    "UTF-16": (TEXT.encode("utf-16"), (10, 10, 0)),
    "UTF-16 the other way round": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), (10, 10, 0)),
    "UTF-16 with tabs": (TEXT.replace(",", "\t").encode("utf-16"), (10, 10, 0)),
    "GB 18030": (TEXT.encode("gb18030"), (10, 10, 0)),
    "GB 18030 with a mark": (("\ufeff" + TEXT).encode("gb18030"), (10, 10, 0)),
    "semicolons": (TEXT.replace(",", ";"), (10, 10, 0)),
    "a quote inside a cell": (with_lines(ROW.format(1020, '45" 抱枕')), (11, 11, 0)),
    "a line end inside a cell": (with_lines(ROW.format(1020, '"一\r\n二\r三"')), (11, 11, 0)),
    "control characters": (with_lines(ROW.format(1020, "a\x01\x0b\x0c\x1f\x7f\x85\u2028b")), (11, 11, 0)),
    "an id that has lost digits": (with_lines(ROW.format("1.23457E+17", "")), (11, 10, 1)),
    "surrogates and strange planes": (with_lines(ROW.format(1020, "\U0001f9f8\U0010fffd")), (11, 11, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_every_row_of_a_dirty_file_is_accounted_for(name: str, template: Path) -> None:
    data, counts = TAKEN[name]
    result = take(template, data)
    assert isinstance(result, ImportResult), result
    assert (result.rows, result.orders[0], result.rejected) == counts
    assert result.rows == sum(result.orders) + result.rejected + result.skipped


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "NUL": (with_lines(ROW.format(1020, "a\0b")), "line 7 holds a NUL"),
    "NUL in the header": ("\0" + TEXT, "line 1 holds a NUL"),
    "NUL in UTF-16": (with_lines(ROW.format(1020, "a\0b")).encode("utf-16"), "line 7 holds a NUL"),
    "a quote never closed": (with_lines(ROW.format(1020, '"抱枕')), "line 7 do not balance"),
    "a quote closed too soon": (with_lines(ROW.format(1020, '"抱"枕')), "line 7 do not balance"),
    "two stray quotes far apart": (
        with_lines(ROW.format(1020, '"抱枕'), *(ROW.format(2000 + n, "") for n in range(600)), '"'),
        "line 7 do not balance",
    ),
    "a cell of two megabytes": (with_lines(ROW.format(1020, "x" * (2 << 20))), "line 7 has a field of more"),
    "a line of five megabytes": (with_lines(ROW.format(1020, "x," * (5 << 19))), "longer than 4 MB"),
    "cut inside a character": (TEXT.encode()[:-4], "is not valid"),
    "cut inside a quote": (TEXT + ROW.format(1020, '"抱枕'), "line 12 do not balance"),
    "UTF-16 cut in the middle": (TEXT.encode("utf-16")[:-1], "is not valid"),
    "two encodings": (TEXT.encode() + "\r\n".join(ROWS).encode("gb18030"), "is not valid"),
    "nothing": ("", "is empty"),
    "only a mark": ("\ufeff", "is empty"),
    "rows without a header": ("\r\n".join(ROWS), "no file this program knows"),
    "a header far below": ("前言\r\n" * 30 + TEXT, "no file this program knows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_by_name_and_line(name: str, template: Path) -> None:
    data, words = REFUSED[name]
    reason = take(template, data)
    assert isinstance(reason, str), reason
    assert re.search(words, reason)


def test_a_dirty_workbook_is_accounted_for(template: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["报表"])
    sheet.append([*HEADER.split(","), "总金额", None, "备注"])
    for row in [*ROWS, ROWS[0], "", "合计", "1,2", ROW.format("1.23457E+17", "")]:
        sheet.append([*row.split(","), *[None] * 30, " "])
    sheet.append([4103876543219870001, 10, 10, "2026-11-01 10:00:00"])
    saved = io.BytesIO()
    book.save(saved)
    result = take(template, saved.getvalue(), suffix="xlsx")
    assert isinstance(result, ImportResult), result
    assert (result.rows, result.orders, result.rejected) == (15, (11, 0, 1), 2)
    assert result.skipped == 1


def test_a_refused_file_says_what_it_said_to_a_shop_with_orders_too(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(TEXT, "utf-8")
    import_file(shop, path)
    path.write_text(TEXT + TEXT.replace("10.00", "12.00") + '"', "utf-8")
    with pytest.raises(Exception, match="do not balance"):
        import_file(shop, path)
    assert shop.database.conn.execute("SELECT COUNT(*), SUM(total) FROM orders").fetchone() == (10, 10_000)


def test_a_further_row_of_an_order_without_a_product_is_rejected_not_lost(template: Path) -> None:
    """Found by the mutated files: Shopify's second row of an order, whose cells were blanked."""
    text = (GOLDEN / "shopify_orders.csv").read_text("utf-8")
    whole, header = take(template, text), text.splitlines()[0].split(",")
    blank = dict.fromkeys(header, "") | {
        "Name": "#1001",
        "Created at": "2026-10-29 07:59:00 -0500",
        "Lineitem quantity": "1",
    }
    result = take(template, text + ",".join(blank.values()) + "\n")
    assert isinstance(result, ImportResult)
    assert isinstance(whole, ImportResult)
    assert (result.orders, result.lines, result.rejected) == (whole.orders, whole.lines, whole.rejected + 1)
    assert result.samples[-1][2] == "the row belongs to the order before it, but has no product"
