"""Intervals, quantiles and fitting for figures, from the standard library alone."""

from collections.abc import Callable, Sequence
from math import floor, inf, isfinite, sqrt

Z_95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""
_MAXIMUM_STEPS = 2_000
_T_95 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764}


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


def t_95(degrees: int) -> float:
    """Return the two-sided 95 % quantile of Student's t for 1 or more degrees of freedom, right to 0.1 %.

    Source: Abramowitz and Stegun 26.7.5 (expansion by the normal quantile); up to 4 degrees the printed table.
    """
    if degrees in _T_95:
        return _T_95[degrees]
    z, v = Z_95, degrees
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    quantile_95: float = z + sum(term / v**power for power, term in enumerate(terms, start=1))
    return quantile_95


def newcombe_difference(
    successes: int, total: int, others: int, others_total: int, z: float = Z_95
) -> tuple[float, float, float] | None:
    """Return a share minus another one and the interval of that difference, None if a sample is empty.

    Source: Newcombe 1998, Statistics in Medicine 17, 873-890, method 10: from the Wilson intervals of both.
    """
    mine, theirs = wilson_interval(successes, total, z), wilson_interval(others, others_total, z)
    if mine is None or theirs is None:
        return None
    first, second = successes / total, others / others_total
    difference = first - second
    low = difference - sqrt((first - mine[0]) ** 2 + (theirs[1] - second) ** 2)
    high = difference + sqrt((mine[1] - first) ** 2 + (second - theirs[0]) ** 2)
    return difference, low, high


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return a quantile of ascending values by linear interpolation (Hyndman and Fan type 7), None if empty."""
    if not ordered:
        return None
    position = (len(ordered) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def minimise(
    loss: Callable[[Sequence[float]], float], start: Sequence[float], *, tolerance: float = 1e-8
) -> tuple[list[float], float]:
    """Return where a smooth function of a few variables is least, and its value there.

    Source: Nelder and Mead 1965, Computer Journal 7, 308-313, restarted once from its own end, which frees it where
    it has come to rest on a slope.
    """
    first, _value = _descend(loss, start, tolerance)
    return _descend(loss, first, tolerance)


def _descend(
    loss: Callable[[Sequence[float]], float], start: Sequence[float], tolerance: float
) -> tuple[list[float], float]:
    def rated(point: Sequence[float]) -> tuple[float, list[float]]:
        try:
            value = loss(point)
        except (OverflowError, ValueError):
            value = inf
        return (value if isfinite(value) else inf), list(point)

    size = len(start)
    corners = [rated(start)]
    corners += [rated([v + (0.5 if i == axis else 0.0) for i, v in enumerate(start)]) for axis in range(size)]
    for _step in range(_MAXIMUM_STEPS):
        corners.sort(key=lambda corner: corner[0])
        (best, best_point), (worst, worst_point) = corners[0], corners[-1]
        spread = max(abs(v - w) for v, w in zip(best_point, worst_point, strict=True))
        if worst - best < tolerance and spread < tolerance**0.5:
            break
        centre = [sum(point[i] for _v, point in corners[:-1]) / size for i in range(size)]

        def along(
            factor: float, centre: list[float] = centre, away: list[float] = worst_point
        ) -> Sequence[float]:
            return [c + factor * (c - w) for c, w in zip(centre, away, strict=True)]

        reflected = rated(along(1.0))
        if reflected[0] < best:
            corners[-1] = min(reflected, rated(along(2.0)), key=lambda corner: corner[0])
        elif reflected[0] < corners[-2][0]:
            corners[-1] = reflected
        else:
            inner = rated(along(0.5 if reflected[0] < worst else -0.5))
            if inner[0] < min(worst, reflected[0]):
                corners[-1] = inner
            else:
                corners[1:] = [
                    rated([(v + w) / 2 for v, w in zip(point, best_point, strict=True)])
                    for _v, point in corners[1:]
                ]
    value, point = min(corners, key=lambda corner: corner[0])
    return point, value
