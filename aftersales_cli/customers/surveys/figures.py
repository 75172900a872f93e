"""CSAT, CES and NPS with their intervals: scores in, figures out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from aftersales_cli.customers.surveys.scales import DETRACTOR, EASY, PROMOTER, SATISFIED
from aftersales_cli.statistics import Z_95, t_95, wilson_interval

LOW_RATE = 0.10
"""Response rate below which those who answered may not stand for the others."""
FEW_ANSWERS = 30
"""Number of answers below which a figure says little."""


@dataclass(frozen=True)
class Figure:
    """A figure with its sample; ``value`` is None for an empty one."""

    measure: str
    """``csat`` (share), ``ces_share``, ``ces_mean`` or ``nps`` (-100 to 100)."""
    value: float | None
    k: int | None
    """How many count as good, None where nothing is counted."""
    n: int
    low: float | None
    high: float | None
    """Ends of the 95 % interval."""
    method: str
    """How the interval was made: ``wilson``, ``t`` or ``nps_variance``."""


def csat(scores: Sequence[int]) -> Figure:
    """Return the share of satisfied answers (4 and 5 of 5)."""
    return _share("csat", scores, SATISFIED)


def ces_share(scores: Sequence[int]) -> Figure:
    """Return the share of answers that agree that it was easy (5 to 7 of 7)."""
    return _share("ces_share", scores, EASY)


def _share(measure: str, scores: Sequence[int], from_score: int) -> Figure:
    good, total = sum(score >= from_score for score in scores), len(scores)
    low, high = wilson_interval(good, total) or (None, None)
    return Figure(measure, good / total if total else None, good, total, low, high, "wilson")


def ces_mean(scores: Sequence[int]) -> Figure:
    """Return the mean agreement; its interval is Student's, cut at the ends of the scale.

    A single answer, or several that are all the same, tell nothing about the spread: then there is no interval.
    """
    total = len(scores)
    if total == 0:
        return Figure("ces_mean", None, None, 0, None, None, "t")
    mean = sum(scores) / total
    if len(set(scores)) == 1:
        return Figure("ces_mean", mean, None, total, None, None, "t")
    variance = sum((score - mean) ** 2 for score in scores) / (total - 1)
    half = t_95(total - 1) * sqrt(variance / total)
    return Figure("ces_mean", mean, None, total, max(1.0, mean - half), min(7.0, mean + half), "t")


def nps(scores: Sequence[int]) -> Figure:
    """Return promoters (9, 10) minus detractors (0 to 6) in percent, -100 to 100.

    The interval follows from the variance of one answer, p + d - (p - d)². Where all answers are of one group that
    variance is 0 and would feign certainty, so Wilson's interval of that group's share stands instead.
    """
    total = len(scores)
    if total == 0:
        return Figure("nps", None, None, 0, None, None, "nps_variance")
    promoters = sum(score >= PROMOTER for score in scores)
    detractors = sum(score <= DETRACTOR for score in scores)
    p, d = promoters / total, detractors / total
    value, variance = p - d, p + d - (p - d) ** 2
    if total in (promoters, detractors, total - promoters - detractors):
        low, high = _one_group(total, promoters, detractors)
        return Figure("nps", 100 * value, promoters - detractors, total, low, high, "wilson")
    half = Z_95 * sqrt(variance / total)
    low, high = max(-1.0, value - half), min(1.0, value + half)
    return Figure("nps", 100 * value, promoters - detractors, total, 100 * low, 100 * high, "nps_variance")


def _one_group(total: int, promoters: int, detractors: int) -> tuple[float, float]:
    """Return the interval if the others might all be on the other side."""
    share, _one = wilson_interval(total, total) or (0.0, 1.0)
    missing = 100 * (1 - share)
    if promoters == total:
        return 100 - 2 * missing, 100.0
    if detractors == total:
        return -100.0, -100 + 2 * missing
    return -missing, missing


def warnings_of(sent: int, answered: int, n: int) -> list[str]:
    """Return what to be careful about: ``no_invites``, ``low_rate``, ``few_answers``, ``non_response``."""
    found = []
    if sent == 0:
        found.append("no_invites")
    elif answered / sent < LOW_RATE:
        found.append("low_rate")
    if n < FEW_ANSWERS:
        found.append("few_answers")
    if sent and answered < sent:
        found.append("non_response")
    return found
