"""Replay past requests against a changed policy, and compare reviewers. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path

from aftersales_cli.clock import to_text
from aftersales_cli.database.policies import (
    PastLine,
    ReviewerCount,
    count_reviewer_verdicts,
    list_past_lines,
)
from aftersales_cli.desk.returns.policy_facts import judge_lines
from aftersales_cli.desk.returns.policy_files import load_policies
from aftersales_cli.shop import Shop
from aftersales_cli.statistics import wilson_interval


@dataclass(frozen=True)
class ChangedVerdict:
    """A past request the changed policy would judge otherwise."""

    request_id: int
    case_number: int
    requested_on: str
    kind: str
    reason: str
    status: str
    """What became of it."""
    before: str
    """Verdict of the policy as it is."""
    after: str
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    postage_before: str
    postage_after: str


@dataclass(frozen=True)
class Trial:
    """What a changed policy would have done."""

    requests: int
    """How many were replayed."""
    changed: tuple[ChangedVerdict, ...]
    """Those with another verdict, and those with another payer of the postage."""

    @property
    def verdicts(self) -> int:
        """How many would get another verdict."""
        return sum(entry.before != entry.after for entry in self.changed)


def try_policy(shop: Shop, changed: Path, *, since: date) -> Trial:
    """Judge all requests from a local day on by the policy as it is and with one file changed.

    Raises FileError, and WrongUsageError naming file, rule and key.
    """
    before, after = load_policies(shop.folder), load_policies(shop.folder, changed=changed)
    found, count = [], 0
    for _request, grouped in groupby(
        list_past_lines(shop.database, since=since.isoformat()), key=_request_of
    ):
        lines, count = list(grouped), count + 1
        old = judge_lines(shop, before, lines)
        new = judge_lines(shop, after, lines)
        if (old.verdict, old.postage_by) != (new.verdict, new.postage_by):
            first = lines[0]
            found.append(
                ChangedVerdict(
                    first.request_id,
                    first.case_number,
                    first.requested_on,
                    first.kind,
                    first.reason,
                    first.status,
                    old.verdict,
                    new.verdict,
                    old.rules,
                    new.rules,
                    old.postage_by,
                    new.postage_by,
                )
            )
    return Trial(count, tuple(found))


def _request_of(line: PastLine) -> int:
    return line.request_id


@dataclass(frozen=True)
class ReviewerRate:
    """How often a reviewer says yes to requests of one rule and reason."""

    rule: str
    reason: str
    reviewer: str
    k: int
    n: int
    low: float
    high: float
    unequal: bool
    """Its interval does not touch that of another reviewer of the same rule and reason."""


def compare_reviewers(shop: Shop, *, since: date | None = None) -> list[ReviewerRate]:
    """Return the rates of approval by rule, reason and reviewer, with Wilson intervals.

    Only first verdicts of people count, of those only yes and no. The rule is the one that decided.
    """
    start = None if since is None else to_text(datetime.combine(since, time(), tzinfo=shop.zone))
    return rate_reviewers(count_reviewer_verdicts(shop.database, since=start))


def rate_reviewers(counts: Sequence[ReviewerCount]) -> list[ReviewerRate]:
    """Return the rates of some counts, unequal ones marked."""
    totals: dict[tuple[str, str, str], tuple[int, int]] = {}
    for entry in counts:
        key = entry.rules.split(",")[0], entry.reason, entry.reviewer
        k, n = totals.get(key, (0, 0))
        totals[key] = k + entry.approved, n + entry.decided
    intervals = {key: wilson_interval(k, n) or (0.0, 1.0) for key, (k, n) in totals.items()}
    rates = []
    for (rule, reason, reviewer), (k, n) in sorted(totals.items()):
        low, high = intervals[rule, reason, reviewer]
        others = [span for key, span in intervals.items() if key[:2] == (rule, reason) and key[2] != reviewer]
        unequal = any(high < other_low or other_high < low for other_low, other_high in others)
        rates.append(ReviewerRate(rule, reason, reviewer, k, n, low, high, unequal))
    return rates
