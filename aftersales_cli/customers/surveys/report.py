"""The figures of surveys: satisfaction, effort, recommendation, and how many answered at all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from aftersales_cli.clock import Period
from aftersales_cli.customers.surveys.figures import Figure, ces_mean, ces_share, csat, nps, warnings_of
from aftersales_cli.customers.surveys.scales import SCALES
from aftersales_cli.database.survey_answers import (
    count_topics,
    list_later_answers,
    list_scored,
    list_sent_invites,
)
from aftersales_cli.records.surveys import LaterAnswer, ScoredAnswer, SentInvite
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import wilson_interval

GROUPS = ("agent", "product", "reason", "channel", "segment", "wave")
"""What a report can be divided by."""
Row = TypeVar("Row", ScoredAnswer, SentInvite)
_TAXONOMIES = {"reason": "reasons", "channel": "channels", "segment": "segments"}


@dataclass(frozen=True)
class ResponseRate:
    """How many of those who were sent an invitation have answered."""

    sent: int
    """Invitations sent in the period, those that came back left out."""
    answered: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SurveyGroup:
    """The figures of one group, or of all."""

    name: str
    """Code or name of the group; ``""`` for what belongs to none."""
    label: str
    figures: list[Figure]
    """csat, ces_share, ces_mean and nps; only those with answers, except for the whole."""
    response: ResponseRate
    """Of all invitations."""
    responses: dict[str, ResponseRate]
    """Type (csat, ces, nps) → that of its invitations; types nobody was sent are left out."""
    warnings: list[str]
    """Codes of figures.warnings_of."""


@dataclass(frozen=True)
class SurveyReport:
    """The figures of a period."""

    first_day: str
    last_day: str
    by: str
    """One of GROUPS, or ``""``."""
    total: SurveyGroup
    groups: list[SurveyGroup]
    """Most answers first; an answer about several products counts for each."""
    invited_answers: int
    """Answers that came by invitation; the others came by callbacks or open forms."""
    all_answers: int
    topics: list[tuple[str, int]]
    """(code of the reasons, answers with words); ``""`` for those without a topic."""
    later: list[LaterAnswer]
    """Answers to invitations answered before: kept, not counted."""


def survey_report(shop: Shop, period: Period, *, by: str = "") -> SurveyReport:
    """Return the figures of a period, by the day of the answer; response rates by the day of sending."""
    days = {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()}
    answers = list_scored(shop.database, **days)
    sent = list_sent_invites(shop.database, **days)
    later = [
        entry for entry in list_later_answers(shop.database)
        if days["first_day"] <= entry.answered_on <= days["last_day"]
    ]  # fmt: skip
    return SurveyReport(
        **days,
        by=by,
        total=_group("", "", answers, sent, whole=True),
        groups=_divide(shop, answers, sent, by) if by else [],
        invited_answers=sum(entry.invited for entry in answers),
        all_answers=len(answers),
        topics=count_topics(shop.database, **days),
        later=later,
    )


def measure(answers: Iterable[ScoredAnswer]) -> list[Figure]:
    """Return the four figures of these answers, empty ones too."""
    scores: dict[str, list[int]] = defaultdict(list)
    for entry in answers:
        scores[entry.type].append(entry.score)
    return [csat(scores["csat"]), ces_share(scores["ces"]), ces_mean(scores["ces"]), nps(scores["nps"])]


def _group(
    name: str, label: str, answers: Sequence[ScoredAnswer], sent: Sequence[SentInvite], *, whole: bool = False
) -> SurveyGroup:
    figures = [figure for figure in measure(answers) if figure.n or whole]
    smallest = min((figure.n for figure in figures if figure.n), default=0)
    responses = {
        kind: _response([entry for entry in sent if entry.type == kind])
        for kind in SCALES
        if any(entry.type == kind for entry in sent)
    }
    told = [warnings_of(part.sent, part.answered, smallest) for part in responses.values()]
    return SurveyGroup(
        name=name,
        label=label,
        figures=figures,
        response=_response(sent),
        responses=responses,
        warnings=list(dict.fromkeys(chain(*(told or [warnings_of(0, 0, smallest)])))),
    )


def _response(sent: Sequence[SentInvite]) -> ResponseRate:
    answered = sum(entry.answered for entry in sent)
    low, high = wilson_interval(answered, len(sent)) or (None, None)
    return ResponseRate(len(sent), answered, answered / len(sent) if sent else None, low, high)


def _divide(
    shop: Shop, answers: Sequence[ScoredAnswer], sent: Sequence[SentInvite], by: str
) -> list[SurveyGroup]:
    answers_of, sent_of = _by_name(answers, by), _by_name(sent, by)
    names = sorted({*answers_of, *sent_of}, key=lambda name: (-len(answers_of.get(name, ())), name))
    label = _labels(shop, by)
    return [_group(name, label(name), answers_of.get(name, []), sent_of.get(name, [])) for name in names]


def _by_name(rows: Sequence[Row], by: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        names = row.products.split("\n") if by == "product" else [str(getattr(row, by))]
        for name in dict.fromkeys(names):
            found[name].append(row)
    return dict(found)


def _labels(shop: Shop, by: str) -> Callable[[str], str]:
    if by not in _TAXONOMIES:
        return lambda name: name
    taxonomy = shop.taxonomy(_TAXONOMIES[by])
    return lambda name: taxonomy.label(name) if name else ""
