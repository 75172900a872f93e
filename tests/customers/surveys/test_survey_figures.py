"""CSAT, CES and NPS: published examples, intervals, and what an empty sample gives."""

import pytest

from aftersales_cli.customers.surveys.figures import ces_mean, ces_share, csat, nps, warnings_of
from aftersales_cli.customers.surveys.scales import LowScores, check_score
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.statistics import t_95


def scores(**counts: int) -> list[int]:
    return [int(name[1:]) for name, count in counts.items() for _one in range(count)]


def test_eight_good_and_two_bad_ratings_are_eighty_percent_satisfied() -> None:
    figure = csat(scores(_5=6, _4=2, _2=2))
    assert (figure.value, figure.k, figure.n, figure.method) == (0.8, 8, 10, "wilson")
    assert (figure.low, figure.high) == pytest.approx((0.4902, 0.9433), abs=5e-5)


def test_a_three_of_five_is_not_satisfied() -> None:
    assert csat([3, 3, 4, 5]).value == 0.5


def test_ten_percent_detractors_and_seventy_percent_promoters_give_sixty() -> None:
    figure = nps(scores(_10=40, _9=30, _8=10, _7=10, _6=5, _0=5))
    assert figure.value == pytest.approx(60.0)
    assert figure.n == 100
    assert figure.low is not None
    assert figure.high is not None
    assert (figure.high - figure.low) / 2 == pytest.approx(13.0, abs=0.05)
    assert figure.method == "nps_variance"


@pytest.mark.parametrize(
    ("score", "value"), [(6, -100.0), (7, 0.0), (8, 0.0), (9, 100.0), (0, -100.0), (10, 100.0)]
)
def test_the_cuts_of_recommendation(score: int, value: float) -> None:
    assert nps([score]).value == value


def test_answers_of_one_group_only_do_not_feign_certainty() -> None:
    figure = nps([10, 9, 10])
    assert figure.method == "wilson"
    assert figure.high == 100.0
    assert figure.low is not None
    assert figure.low < 0
    assert nps([7, 8]).low == -(nps([7, 8]).high or 0)


def test_effort_is_the_share_above_four_with_the_mean_and_students_interval_beside_it() -> None:
    answers = [7, 6, 5, 4, 2]
    assert (ces_share(answers).value, ces_share(answers).k) == (0.6, 3)
    mean = ces_mean(answers)
    # s = 1.9235, s / sqrt(5) = 0.8602, t(4) = 2.7764
    assert mean.value == pytest.approx(4.8)
    assert (mean.n, mean.method) == (5, "t")
    assert (mean.low, mean.high) == pytest.approx((4.8 - 2.3884, 7.0), abs=1e-3)


def test_answers_that_are_all_the_same_give_a_mean_without_an_interval() -> None:
    assert (ces_mean([6, 6, 6]).low, ces_mean([6]).high) == (None, None)


def test_nobody_asked_is_no_figure_and_never_zero() -> None:
    for figure in (csat([]), ces_share([]), ces_mean([]), nps([])):
        assert (figure.value, figure.n, figure.low, figure.high) == (None, 0, None, None)


@pytest.mark.parametrize(
    ("degrees", "printed"),
    [
        (1, 12.706),
        (2, 4.303),
        (4, 2.776),
        (5, 2.571),
        (6, 2.447),
        (9, 2.262),
        (29, 2.045),
        (60, 2.000),
        (120, 1.980),
    ],
)
def test_students_quantiles_are_those_of_the_printed_tables(degrees: int, printed: float) -> None:
    assert t_95(degrees) == pytest.approx(printed, abs=1e-3)


@pytest.mark.parametrize(
    ("sent", "answered", "n", "expected"),
    [
        (0, 0, 40, ["no_invites"]),
        (1000, 99, 99, ["low_rate", "non_response"]),
        (100, 10, 10, ["few_answers", "non_response"]),
        (40, 40, 40, []),
    ],
)
def test_what_a_reader_is_warned_of(sent: int, answered: int, n: int, expected: list[str]) -> None:
    assert warnings_of(sent, answered, n) == expected


@pytest.mark.parametrize(("kind", "score"), [("csat", 0), ("csat", 6), ("ces", 8), ("nps", 11), ("nps", -1)])
def test_a_score_off_its_scale_is_refused(kind: str, score: int) -> None:
    with pytest.raises(WrongUsageError, match=f"{score} is not on the scale"):
        check_score(kind, score)


def test_which_scores_are_low_and_that_a_limit_below_the_scale_switches_it_off() -> None:
    low = LowScores(csat=2, nps=6, ces=3)
    assert [low.is_low("csat", 2), low.is_low("csat", 3), low.is_low("nps", 6), low.is_low("ces", 4)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert not LowScores(csat=0, nps=-1, ces=0).is_low("nps", 0)
