"""Single cells and headers."""

import datetime as dt

import pytest

from aftersales_cli.reading import clean_cell, normalise_header
from aftersales_cli.reading.cells import is_blank, value_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("351123", "351123"),
        ('="00123"', "00123"),
        ('=""', ""),
        ('"="00123""', "00123"),
        ('\t="00123" ', "00123"),
        ("=00123", "00123"),
        ("'00123", "00123"),
        ("\t123\t", "123"),
        ("\ufeff订单\u3000", "订单"),
        ("\u00a012\u200b", "12"),
        ("张 三", "张 三"),
        ('5" pipe', '5" pipe'),
        ('"quoted"', '"quoted"'),
        ("-5.00", "-5.00"),
        ("'", ""),
        ("", ""),
    ],
)
def test_a_cell_loses_its_wrapping_and_nothing_else(raw: str, clean: str) -> None:
    assert clean_cell(raw) == clean
    assert clean_cell(clean) == clean


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("订单付款时间 ", "订单付款时间"),
        ("商品 ID", "商品id"),
        ("退商品金额（元）", "退商品金额(元)"),
        ("\ufeff订单编号", "订单编号"),
        ("Order\u00a0\u3000\nNumber", "ordernumber"),
        ("ＡＢＣ：／", "abc:/"),
        ("ÄRGER", "Ärger"),
    ],
)
def test_headers_are_compared_under_one_spelling(raw: str, normal: str) -> None:
    assert normalise_header(raw) == normal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as is ", "as is "),
        (True, "TRUE"),
        (5.0, "5"),
        (-12.0, "-12"),
        (7, "7"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1e+15"),
        (1234567890123456.0, "1.234567890123456e+15"),
        (4.1038765432198764e18, "4.1038765432198764e+18"),
        (float("nan"), ""),
        (float("inf"), ""),
        (None, ""),
        (dt.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04:05"),
        (dt.datetime(2026, 1, 2, 8, 25, 59, 999_999), "2026-01-02 08:26:00"),
        (dt.datetime(2026, 1, 2), "2026-01-02"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
def test_a_workbook_value_becomes_text_that_shows_whether_digits_are_lost(value: object, text: str) -> None:
    assert value_text(value) == text


def test_blank_means_nothing_but_white_space() -> None:
    assert is_blank([]) and is_blank(["", " \t", "\u3000"])  # noqa: PT018 - one statement about one word
    assert not is_blank(["", "0"])
