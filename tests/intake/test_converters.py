"""Cells become values, or say why they cannot."""

from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.intake.converters import (
    BAD_INTEGER,
    BAD_MONEY,
    BAD_TIME,
    DESTROYED,
    EMPTY_ID,
    NOT_AN_ID,
    CellError,
    convert_currency,
    convert_id,
    convert_integer,
    money_converter,
    time_converter,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4103876543219876543", "4103876543219876543"),
        ('="351234567890123456"', "351234567890123456"),
        ("=351234567890123456", "351234567890123456"),
        ("'13800000000", "13800000000"),
        ("\t6920123456789012345\t", "6920123456789012345"),
        ("260531-123456789012345", "260531-123456789012345"),
        ("#1001", "#1001"),
        ("12-34567-89012", "12-34567-89012"),
        ("P7654321", "P7654321"),
        ("1", "1"),
    ],
)
def test_an_id_keeps_every_digit(cell: str, expected: str) -> None:
    assert convert_id(cell) == expected


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", EMPTY_ID),
        ("-", EMPTY_ID),
        ('=""', EMPTY_ID),
        ("1.23457E+17", DESTROYED),
        ("4.1038765432198764e+18", DESTROYED),
        ("合计", NOT_AN_ID),
        ("record(s) downloaded", NOT_AN_ID),
        ("总计 12", NOT_AN_ID),
    ],
)
def test_what_is_no_id_says_why(cell: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        convert_id(cell)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("cell", "currency", "minor"),
    [
        ("178.8", "CNY", 17880),
        ("¥89.50", "CNY", 8950),
        ("￥1,234.5元", "CNY", 123450),
        ("(12.30)", "USD", -1230),
        ("0元", "CNY", 0),
        ("1.234,56", "EUR", 123456),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("US$ 5", "USD", 500),
        ("US $12.30", "USD", 1230),
        ("AU $3.00", "AUD", 300),
        ("£12.00", "GBP", 1200),
        ("EUR 12,00", "EUR", 1200),
        ("1.234.567", "IDR", 123456700),
        ("Rp 89.000", "IDR", 8900000),
        ("89.000", "VND", 89000),
        ("1,234.50", "THB", 123450),
        ("-", "CNY", None),
        ("无退款申请", "CNY", None),
        ("", "CNY", None),
    ],
)
def test_amounts_become_minor_units(cell: str, currency: str, minor: int | None) -> None:
    assert money_converter(currency, lambda _cell: None)(cell) == minor


def test_an_amount_finer_than_the_currency_is_rounded_and_counted() -> None:
    rounded: list[str] = []
    convert = money_converter("CNY", lambda _cell: rounded.append("x"))
    assert convert("1.005") == 101
    assert len(rounded) == 1


@pytest.mark.parametrize("cell", ["abc", "12.3.4x", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as caught:
        money_converter("CNY", lambda _cell: None)(cell)
    assert caught.value.reason == BAD_MONEY


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2020-02-20 23:59:54", "2020-02-20T15:59:54Z"),
        ("2016/5/23 22:02", "2016-05-23T14:02:00Z"),
        ("2026/09/03 12:00:00", "2026-09-03T04:00:00Z"),
        ("2026年09月03日12时00分05秒", "2026-09-03T04:00:05Z"),
        ("2023-07-01 10:00:00 -0400", "2023-07-01T14:00:00Z"),
        ("2026-09-03T10:00:00+00:00", "2026-09-03T10:00:00Z"),
        ("46268.5", "2026-09-03T04:00:00Z"),
        ("10-Jul-2025", "2025-07-09T16:00:00Z"),
        ("Sep-27-26", "2026-09-26T16:00:00Z"),
        ("09/03/2026 15:04:05", "2026-09-03T07:04:05Z"),
        ("09/03/2026 3:04:05 PM", "2026-09-03T07:04:05Z"),
        ("09/03/26", "2026-09-02T16:00:00Z"),
        ("05 Jan 2024 13:22", "2024-01-05T05:22:00Z"),
        ("2026-09-03 15:04", "2026-09-03T07:04:00Z"),
        ("2026-09-03T10:00:00Z", "2026-09-03T10:00:00Z"),
        ("2026-09-03", "2026-09-02T16:00:00Z"),
        ("-", None),
        ("0000-00-00 00:00:00", None),
        ("", None),
    ],
)
def test_times_of_all_platforms_become_utc(cell: str, moment: str | None) -> None:
    assert time_converter(SHANGHAI)(cell) == moment


def test_day_first_is_a_choice_of_the_format() -> None:
    assert time_converter(SHANGHAI, "day_first")("03/09/2026 08:00:00") == "2026-09-03T00:00:00Z"


def test_a_date_with_am_or_pm_is_american_even_where_days_come_first() -> None:
    assert time_converter(SHANGHAI, "day_first")("03/09/2026 8:00:00 AM") == "2026-03-09T00:00:00Z"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("usd", "USD"),
        ("RMB", "CNY"),
        ("$25.00", "USD"),
        ("AU $3.00", "AUD"),
        ("C $5.10", "CAD"),
        ("£12.00", "GBP"),
        ("EUR 12,00", "EUR"),
        ("Rp 89.000", "IDR"),
        ("12.00", None),
        ("", None),
    ],
)
def test_the_currency_is_told_from_its_code_or_its_sign(cell: str, code: str | None) -> None:
    assert convert_currency(cell) == code


@pytest.mark.parametrize("cell", ["soon", "2026-13-01 00:00:00", "12"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as caught:
        time_converter(SHANGHAI)(cell)
    assert caught.value.reason == BAD_TIME


def test_a_part_of_a_piece_is_no_quantity() -> None:
    assert convert_integer("2.0") == 2
    with pytest.raises(CellError) as caught:
        convert_integer("1.5")
    assert caught.value.reason == BAD_INTEGER
