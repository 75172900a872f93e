"""Check ``value.toml`` key by key, so that a slip in it is told and never scores anybody wrongly."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import is_currency

_SCHEMES = ("auto", "quantiles", "breakpoints")
_LIMITS = 4
_HIGHEST = 5


def check_value_file(path: Path, document: Mapping[str, Any]) -> None:
    """Raise WrongUsageError naming file and key for what is missing, unknown or of the wrong form."""

    def problem(key: str, remedy: str) -> WrongUsageError:
        return WrongUsageError(_("{path}: “{key}” cannot be read.", path=path, key=key), remedy=remedy)

    def need(
        holder: Mapping[str, Any], prefix: str, rules: Mapping[str, tuple[Callable[[Any], bool], str]]
    ) -> None:
        for key in (*rules, *holder):
            if key not in rules:
                raise problem(prefix + key, _("Choose from: {names}", names=", ".join(rules)))
            if key not in holder or not rules[key][0](holder[key]):
                raise problem(prefix + key, rules[key][1])

    whole = _("Write a whole number, 1 or more.")
    table = _("Write it like the shipped file.")
    boxes = _("Write lists of limits from 0 to 5: any = [{ r = [4, 5], f = [1, 1] }].")
    need(
        document,
        "",
        {
            "scheme": (_SCHEMES.__contains__, _("Choose from: {names}", names=", ".join(_SCHEMES))),
            "least_customers": (_is_whole, whole),
            "lost_days": (_is_whole, whole),
            "breakpoints": (_is_table, table),
            "refund_abuse": (_is_table, table),
            "segment": (lambda value: isinstance(value, list) and bool(value) and all(map(_is_table, value)), table),
            "high_value": (_is_table, table),
            "potential": (_is_table, table),
        },
    )  # fmt: skip
    rising = _("Write four whole numbers, each larger than the one before.")
    need(
        document["breakpoints"],
        "breakpoints.",
        {
            "recency_days": (_is_rising, rising),
            "orders": (_is_rising, rising),
            "spend": (_is_table, _("Write amounts by currency: CNY = [100, 300, 800, 2000].")),
        },
    )
    for code, amounts in document["breakpoints"]["spend"].items():
        if not is_currency(code) or not _is_rising(amounts, (int, float)):
            remedy = _(
                "Write four amounts, each larger than the one before, behind a currency's three letters."
            )
            raise problem(f"breakpoints.spend.{code}", remedy)
    share = (lambda value: type(value) in (int, float) and 0 < value <= 1, _("Write a share like 0.5."))
    need(document["refund_abuse"], "refund_abuse.", {"share": share, "least_orders": (_is_whole, whole)})
    for entry in document["segment"]:
        name = _("Give the segment a code: small letters, as in the file taxonomies/segments.toml.")
        need(entry, "segment.", {"code": (_is_code, name), "any": (_are_boxes, boxes)})
    for key in ("high_value", "potential"):
        need(document[key], f"{key}.", {"any": (_are_boxes, boxes)})


def _is_whole(value: object) -> bool:
    return type(value) is int and value >= 1


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_code(value: object) -> bool:
    return isinstance(value, str) and value.replace("_", "a").isalnum()


def _is_rising(value: object, kinds: tuple[type, ...] = (int,)) -> bool:
    if (
        not isinstance(value, list)
        or len(value) != _LIMITS
        or any(type(entry) not in kinds for entry in value)
    ):
        return False
    return all(low < high for low, high in itertools.pairwise(value))


def _are_boxes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_box, value))


def _is_box(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and value.keys() <= {"r", "f", "m"}
        and all(
            isinstance(limits, list)
            and [type(limit) for limit in limits] == [int, int]
            and 0 <= limits[0] <= limits[1] <= _HIGHEST
            for limits in value.values()
        )
    )
