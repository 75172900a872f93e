"""Intervals and quantiles for figures, from the standard library alone."""

from collections.abc import Sequence
from math import floor, sqrt

Z_95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""


def wilson_interval(successes: int, total: int, z: float = Z_95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, None for an empty sample.

    Source: Wilson 1927, as given by Newcombe 1998 (Statistics in Medicine 17, 857-872), method 3.
    """
    if total == 0:
        return None
    share = successes / total
    scale = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / scale
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    # At the ends the interval touches 0 or 1 exactly; floating point would miss it by a hair.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == total else min(1.0, centre + half)
    return low, high


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return a quantile of ascending values by linear interpolation (Hyndman and Fan type 7), None if empty."""
    if not ordered:
        return None
    position = (len(ordered) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
