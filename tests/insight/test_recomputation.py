"""Every figure once more, in plain Python over exported rows, on random shops; no code is shared."""

import math
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

import pytest

from aftersales_cli.clock import parse_period
from aftersales_cli.insight.catalogue import ENTRIES
from aftersales_cli.insight.measuring import measure
from aftersales_cli.shop import Shop
from tests.kpi_shop import Filler

Row = dict[str, Any]
NOW = "2026-11-22T01:00:00Z"
STATUSES = (
    "new", "triaged", "in_progress", "waiting_customer", "waiting_internal", "waiting_platform", "resolved",
    "closed", "closed", "closed", "merged", "cancelled",
)  # fmt: skip
FINISHED = {"resolved", "closed", "merged", "cancelled"}


def fill_at_random(shop: Shop, seed: int) -> None:
    dice, fill = random.Random(seed), Filler(shop)
    with shop.writing("orders.import"):
        orders = [_random_order(fill, dice) for _count in range(400)]
        for _count in range(250):
            _random_case(fill, dice, orders)
        previous = None
        for _count in range(80):
            day = f"2026-{dice.randrange(9, 13):02}-{dice.randrange(1, 29):02}"
            follows = previous if dice.random() < 0.3 else None
            previous = fill.callback(
                day, status=dice.choice(("open", "done", "done", "dropped")), follows=follows,
                attempt=dice.randrange(1, 4),
            )  # fmt: skip
        for _count in range(60):
            fill.rating(dice.randrange(1, 6), f"2026-{dice.randrange(9, 12):02}-{dice.randrange(1, 31):02}")


def _random_order(fill: Filler, dice: random.Random) -> int:
    day = f"2026-{dice.randrange(9, 12):02}-{dice.randrange(1, 31):02}"
    return fill.order(
        day if dice.random() < 0.9 else None,
        paid=dice.choice((None, 0, *(dice.randrange(100, 50_000) for _count in range(8)))),
        refunded=dice.choice((None, 0, 0, 0, dice.randrange(1, 100))),
        currency=dice.choice(("CNY", "CNY", "CNY", "USD")),
        placed_on=day,
    )


def _random_case(fill: Filler, dice: random.Random, orders: list[int]) -> None:
    start = datetime.fromisoformat("2026-08-28T00:00:00+00:00")
    opened = start + timedelta(seconds=dice.randrange(85 * 86_400))
    replied = opened + timedelta(seconds=int(dice.expovariate(1 / 300)))
    solved = replied + timedelta(seconds=int(dice.expovariate(1 / 200_000)))
    status = dice.choice(STATUSES)
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    over = status in {"resolved", "closed"} or dice.random() < 0.1
    fill.case(
        opened.strftime(stamp),
        kind=dice.choice(("return", "return", "refund_only", "complaint", "inquiry")),
        status=status,
        replied=replied.strftime(stamp) if dice.random() < 0.7 else None,
        reply_expected=dice.choice((0, 1)),
        solved=solved.strftime(stamp) if over and solved.strftime(stamp) < NOW else None,
        order_id=dice.choice((None, *orders)),
        cancel_reason=dice.choice(("spam", "withdrawn", "test")) if status == "cancelled" else "",
    )


class Exported:
    """All rows of a shop, and what the months' figures are when counted one by one."""

    def __init__(self, shop: Shop, month: str) -> None:
        names = ("orders", "cases", "callbacks", "survey_answers")
        self.rows = {name: list(shop.database[name].rows) for name in names}
        self.month = month
        cases = [row for row in self.rows["cases"] if not self._is_void(row)]
        self.all_cases = cases
        self.opened = [row for row in cases if self._inside(row["opened_on"])]
        self.paid = [row for row in self.rows["orders"] if self._is_paid(row)]
        self.local = [row for row in self.paid if row["currency"] == "CNY"]
        solved = [row for row in cases if self._inside(row["resolved_on"])]
        solved = [row for row in solved if row["status"] in {"resolved", "closed"}]
        self.solve_seconds = [_seconds(row["opened_at"], row["resolved_at"]) for row in solved]
        waiting = [row for row in self.opened if row["reply_expected"]]
        self.reply_seconds = [
            _seconds(row["opened_at"], row["first_reply_at"]) for row in waiting if row["first_reply_at"]
        ]
        silent = [row for row in waiting if not row["first_reply_at"]]
        self.overdue = sum(_seconds(row["opened_at"], NOW) >= 30 for row in silent)
        answers = self.rows["survey_answers"]
        self.scores = [row["score"] for row in answers if self._inside(row["answered_on"])]

    def _inside(self, day: str | None) -> bool:
        return day is not None and day.startswith(self.month)

    @staticmethod
    def _is_void(row: Row) -> bool:
        excluded = row["cancel_reason"] in {"spam", "test", "duplicate"}
        return row["status"] == "merged" or (row["status"] == "cancelled" and excluded)

    def _is_paid(self, row: Row) -> bool:
        return self._inside(row["paid_on"]) and max(row["paid"] or 0, row["refunded"] or 0) > 0

    def returned(self) -> int:
        cases = [row for row in self.rows["cases"] if row["kind"] == "return"]
        ids = {row["order_id"] for row in cases if row["status"] not in {"cancelled", "merged"}}
        return sum(row["id"] in ids for row in self.paid)

    def callbacks(self) -> tuple[int, int]:
        found = []
        for row in self.rows["callbacks"]:
            later = [other for other in self.rows["callbacks"] if other["follows_id"] == row["id"]]
            tried_again = any(
                other["attempt"] > row["attempt"] and other["status"] != "dropped" for other in later
            )
            due = row["due_on"] < "2026-11-22" or row["status"] == "done"
            if self._inside(row["due_on"]) and row["status"] != "dropped" and due and not tried_again:
                found.append(row["status"] == "done")
        return sum(found), len(found)

    def backlog(self) -> int:
        end = min({"2026-10": "2026-10-31T16:00:00Z", "2026-11": "2026-11-30T16:00:00Z"}[self.month], NOW)
        then = [row for row in self.all_cases if row["opened_at"] < end]
        return sum(row["status"] not in FINISHED or (row["resolved_at"] or "") >= end for row in then)


def _seconds(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _spread(values: list[int], share: float, smallest: int = 1) -> float | None:
    if len(values) < smallest:
        return None
    ordered, place = sorted(values), (len(values) - 1) * share
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


RECOMPUTED: dict[str, Callable[[Exported], float | None]] = {
    "orders_placed": lambda e: sum(e._inside(row["placed_on"]) for row in e.rows["orders"]),
    "orders_paid": lambda e: len(e.paid),
    "paid_amount": lambda e: sum(row["paid"] or 0 for row in e.local),
    "refund_rate": lambda e: _rate(sum((row["refunded"] or 0) > 0 for row in e.paid), len(e.paid)),
    "refund_rate_amount": lambda e: _rate(
        sum(row["refunded"] or 0 for row in e.local), sum(row["paid"] or 0 for row in e.local)
    ),
    "return_rate": lambda e: _rate(e.returned(), len(e.paid)),
    "cases_opened": lambda e: len(e.opened),
    "first_reply": lambda e: fmean(e.reply_seconds),
    "first_reply_median": lambda e: _spread(e.reply_seconds, 0.5),
    "first_reply_p90": lambda e: _spread(e.reply_seconds, 0.9, 10),
    "first_reply_within": lambda e: _rate(
        sum(value <= 30 for value in e.reply_seconds), len(e.reply_seconds) + e.overdue
    ),
    "resolution": lambda e: fmean(e.solve_seconds),
    "resolution_median": lambda e: _spread(e.solve_seconds, 0.5),
    "resolution_p90": lambda e: _spread(e.solve_seconds, 0.9, 10),
    "resolution_rate": lambda e: _rate(
        sum(row["status"] in {"resolved", "closed"} for row in e.opened), len(e.opened)
    ),
    "backlog": lambda e: e.backlog(),
    "complaint_rate": lambda e: _rate(sum(row["kind"] == "complaint" for row in e.opened), len(e.paid)),
    "callback_completion": lambda e: _rate(*e.callbacks()),
    "satisfaction": lambda e: _rate(sum(score >= 4 for score in e.scores), len(e.scores)),
    "satisfaction_mean": lambda e: fmean(e.scores),
}


def test_every_figure_is_recomputed_here() -> None:
    assert set(RECOMPUTED) == {entry.code for entry in ENTRIES}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_agree_with_a_count_by_hand_over_a_random_shop(shop: Shop, seed: int) -> None:
    fill_at_random(shop, seed)
    for month in ("2026-10", "2026-11"):
        exported, measured = Exported(shop, month), measure(shop, parse_period(month))
        for code, recompute in RECOMPUTED.items():
            expected = recompute(exported)
            assert expected is not None, code
            assert measured[code].value == pytest.approx(expected), (code, month)
