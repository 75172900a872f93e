"""What scores are called: segments, high-value, potential, refund abuse, as ``templates/settings/value.toml`` says."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aftersales_cli.customers.value.scoring import Breaks, fixed_breaks, quantile_breaks, recency_days
from aftersales_cli.customers.value.value_file import check_value_file
from aftersales_cli.desk.rule_files import FOLDER, read_toml, remembered
from aftersales_cli.money import to_minor
from aftersales_cli.records.value import CustomerFacts, CustomerValue
from aftersales_cli.resources import data_files

FILE_NAME = "value.toml"
SCORES = ("r", "f", "m")

Box = Mapping[str, tuple[int, int]]
"""Score → lowest and highest value that fit."""


@dataclass(frozen=True)
class Segment:
    """A name for some scores."""

    code: str
    boxes: tuple[Box, ...]
    """One of them must hold the scores."""


@dataclass(frozen=True, eq=False)
class ValueRules:
    """The rules of a shop."""

    scheme: str
    """``auto``, ``quantiles`` or ``breakpoints``."""
    least_customers: int
    lost_days: int
    recency_days: tuple[int, ...]
    orders: tuple[int, ...]
    spend: Mapping[str, tuple[Decimal, ...]]
    """Currency → breakpoints."""
    abuse_share: float
    abuse_orders: int
    segments: tuple[Segment, ...]
    high_value: tuple[Box, ...]
    potential: tuple[Box, ...]
    digest: str
    """Tells one state of the rules from another."""

    def choose_scheme(self, customers: int) -> str:
        """Return ``quantiles`` or ``breakpoints`` for so many customers."""
        if self.scheme != "auto":
            return self.scheme
        return "quantiles" if customers >= self.least_customers else "breakpoints"

    def make_breaks(self, facts: Sequence[CustomerFacts], day: date, currency: str) -> Breaks:
        """Return where the scores begin for these customers."""
        if self.choose_scheme(len(facts)) == "quantiles":
            return quantile_breaks(facts, day, lost_days=self.lost_days)
        spend = [to_minor(amount, currency)[0] for amount in self.spend.get(currency, ())]
        return fixed_breaks(recency_days=self.recency_days, orders=self.orders, spend=spend)

    def find_segment(self, scores: tuple[int, int, int]) -> str:
        """Return the code of the first segment that fits, ``""`` if none does."""
        return next((entry.code for entry in self.segments if fits(entry.boxes, scores)), "")

    def value(self, facts: CustomerFacts, breaks: Breaks, day: date) -> CustomerValue:
        """Return what a customer is worth on a day."""
        days = recency_days(facts, day)
        scores = breaks.score(days=days, orders=facts.orders, spend=facts.spend)
        abuse = self.is_abuse(facts)
        high = not abuse and fits(self.high_value, scores)
        return CustomerValue(
            facts.customer_id,
            day.isoformat()[:7],
            day.isoformat(),
            days,
            facts.orders,
            facts.spend,
            *scores,
            self.find_segment(scores),
            high_value=high,
            potential=not abuse and not high and fits(self.potential, scores),
            refund_abuse=abuse,
        )

    def is_abuse(self, facts: CustomerFacts) -> bool:
        """Tell whether so many orders came back that the customer costs more than the spend says."""
        enough = facts.orders >= self.abuse_orders
        return enough and facts.refunded_orders >= self.abuse_share * facts.orders


def fits(boxes: Sequence[Box], scores: tuple[int, int, int]) -> bool:
    """Tell whether one of the boxes holds the scores R, F, M."""
    named = dict(zip(SCORES, scores, strict=True))
    return any(all(low <= named[name] <= high for name, (low, high) in box.items()) for box in boxes)


def load_value_rules(shop_folder: Path | None) -> ValueRules:
    """Return the rules of the shop's file, else of the shipped one.

    Raises FileError, WrongUsageError naming file and key.
    """
    return remembered(_read, FILE_NAME, shop_folder)


def _read(shop_folder: Path | None) -> ValueRules:
    path = data_files(FOLDER, shop_folder)[FILE_NAME]
    document = read_toml(path)
    check_value_file(path, document)
    limits, abuse = document["breakpoints"], document["refund_abuse"]
    content = json.dumps(document, sort_keys=True, default=str).encode()
    return ValueRules(
        scheme=document["scheme"],
        least_customers=document["least_customers"],
        lost_days=document["lost_days"],
        recency_days=tuple(limits["recency_days"]),
        orders=tuple(limits["orders"]),
        spend={
            code: tuple(Decimal(str(amount)) for amount in amounts)
            for code, amounts in limits["spend"].items()
        },
        abuse_share=abuse["share"],
        abuse_orders=abuse["least_orders"],
        segments=tuple(Segment(entry["code"], _boxes(entry)) for entry in document["segment"]),
        high_value=_boxes(document["high_value"]),
        potential=_boxes(document["potential"]),
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


def _boxes(entry: Mapping[str, Any]) -> tuple[Box, ...]:
    return tuple({name: (limits[0], limits[1]) for name, limits in box.items()} for box in entry["any"])
