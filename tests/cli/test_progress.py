"""The progress line of a long import."""

import pytest

from aftersales_cli.cli.progress import RowProgress, describe_progress


def test_the_line_tells_rows_rate_and_what_is_left() -> None:
    assert (
        describe_progress("a.csv", 12000, 2.0, 0.25)
        == "a.csv: 12,000 rows, 6,000 a second · 25%, about 6 s left"
    )
    assert describe_progress("a.xlsx", 12000, 2.0, None) == "a.xlsx: 12,000 rows, 6,000 a second"


def test_nothing_is_shown_where_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = RowProgress("a.csv")
    progress(1000, 0.5)
    progress.end()
    assert capsys.readouterr().err == ""
