"""Listings that stay on their lines, and clocks that ran out at closing time."""

import pytest
from wcwidth import wcswidth

from aftersales_cli.cli.durations import remaining_text
from aftersales_cli.cli.output import Column, Output
from aftersales_cli.cli.title_room import title_room
from aftersales_cli.insight.wording import shorten

ROWS = [("小兰", "a word " * 30), ("Somebody with a long name", "杯子碎了" * 30), ("", "")]
COLUMNS = [Column("Assignee", lambda row: row[0]), Column("Day", lambda row: row[0][:1], right=True)]


def test_the_last_column_takes_what_is_left_of_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    room = title_room(ROWS, COLUMNS, line=80)
    Output().listing(ROWS, [*COLUMNS, Column("Title", lambda row: shorten(row[1], room))], empty="")
    widths = [wcswidth(line) for line in capsys.readouterr().out.splitlines()]
    assert 78 <= max(widths) <= 80


def test_a_title_keeps_a_little_room_beside_wide_columns() -> None:
    assert title_room(ROWS, COLUMNS * 5) == 12


def test_a_clock_that_ran_out_at_closing_time_is_not_told_with_no_time_left() -> None:
    assert remaining_text(0, "business", is_missed=True) == "closed since"
    assert remaining_text(0, "business") == "0 s left"
