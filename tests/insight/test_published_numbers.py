"""Statistics against numbers published elsewhere."""

import pytest

from aftersales_cli.statistics import quantile, wilson_interval


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
        (1, 11, 0.0162, 0.3774),
        (10, 100, 0.0552, 0.1744),
        (0, 30, 0.0, 0.1135),
        (30, 30, 0.8865, 1.0),
    ],
)
def test_wilson_intervals_match_published_ones(successes: int, total: int, low: float, high: float) -> None:
    found = wilson_interval(successes, total, 1.96)
    assert found is not None
    assert found[0] == pytest.approx(low, abs=6e-5)
    assert found[1] == pytest.approx(high, abs=6e-5)


def test_no_sample_has_no_interval() -> None:
    assert wilson_interval(0, 0) is None


def test_quantiles_are_of_type_7() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([15, 20, 35, 40, 50], 0.4) == pytest.approx(29.0)
    assert quantile([7], 0.9) == 7
    assert quantile([], 0.5) is None
