"""Figures as people read them."""

import pytest
from wcwidth import wcswidth

from aftersales_cli.insight.catalogue import BY_CODE
from aftersales_cli.insight.wording import (
    format_duration,
    format_target,
    format_value,
    shorten,
    sparkline,
    wrap,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (25, "25 s"), (119, "119 s"), (120, "2 min"), (4_554, "75.9 min"), (7_200, "2 h"),
        (160_200, "44.5 h"), (259_200, "3 d"), (356_400, "4.1 d"),
    ],
)  # fmt: skip
def test_durations_come_in_the_unit_that_reads_best(seconds: int, words: str) -> None:
    assert format_duration(seconds) == words


def test_what_cannot_be_measured_is_a_dash_and_never_zero() -> None:
    for code in ("refund_rate", "paid_amount", "first_reply", "satisfaction_mean"):
        assert format_value(BY_CODE[code], None, "CNY") == "–"


def test_targets_show_their_direction() -> None:
    assert format_target(BY_CODE["refund_rate"], 0.1) == "≤ 10 %"
    assert format_target(BY_CODE["satisfaction"], 0.855) == "≥ 85.5 %"
    assert format_target(BY_CODE["first_reply"], 30) == "≤ 30 s"


def test_mini_trends_span_smallest_to_largest_and_mark_gaps() -> None:
    assert sparkline([0, 1, 2, 3, 4]) == "▁▂▃▅▇"
    assert sparkline([None, 5, 5]) == "·▃▃"
    assert sparkline([None, None]) == ""


def test_short_amounts_drop_the_cents() -> None:
    assert format_value(BY_CODE["paid_amount"], 1_234_567, "CNY", short=True) == "CN¥12,346"
    assert format_value(BY_CODE["paid_amount"], 1_234, "JPY", short=True) == "¥1,234"


def test_shortening_counts_chinese_characters_as_two_columns() -> None:
    assert shorten("棉花糖纯棉四件套", 9) == "棉花糖纯…"
    assert shorten("lamp", 4) == "lamp"
    assert all(wcswidth(shorten("全棉 four-piece 套装" * 3, width)) <= width for width in range(2, 40))


def test_wrapped_lines_keep_all_words_and_fit() -> None:
    text = "已付款订单中发生退款的比例 paid orders with a refund ÷ paid orders，按付款日统计。" * 3
    lines = wrap(text, 30, "  ")
    assert all(wcswidth(line) <= 30 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
