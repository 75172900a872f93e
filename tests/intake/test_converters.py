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
        ("-", "CNY", None),
        ("无退款申请", "CNY", None),
        ("", "CNY", None),
    ],
)
def test_amounts_become_minor_units(cell: str, currency: str, minor: int | None) -> None:
    assert money_converter(currency, lambda: None)(cell) == minor


def test_an_amount_finer_than_the_currency_is_rounded_and_counted() -> None:
    rounded: list[bool] = []
    convert = money_converter("CNY", lambda: rounded.append(True))
    assert convert("1.005") == 101
    assert len(rounded) == 1


@pytest.mark.parametrize("cell", ["abc", "12.3.4x", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as caught:
        money_converter("CNY", lambda: None)(cell)
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
