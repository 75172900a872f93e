"""Read ``sla.toml``: which promise counts for which case. The file's own head explains its keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import N_, _, pick
from aftersales_cli.worktime import WALL

FILE_NAME = "sla.toml"
METRICS: Mapping[str, str] = {
    "first_reply": N_("first reply"),
    "next_reply": N_("next reply"),
    "update": N_("customer update"),
    "resolution": N_("solution"),
    "platform": N_("marketplace deadline"),
}
"""Metric → its name for people, in the order in which they are shown."""

MATCHED = ("kind", "severity", "complexity", "channel", "platform", "storefront", "country")
"""What a policy can ask of a case."""

NONE = "none"
"""A target that says: no clock."""

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_TARGET = re.compile(r"(\d{1,6})\s*(s|min|h|d|wd)")
_LONGEST_SECONDS = 366 * 86400
_LONGEST_DAYS = 250
_POLICY_KEYS = ("name", "zh", "en", "match", "calendar", "warn", "escalate_to", *METRICS)
_METRIC_KEYS = ("target", "calendar", "warn", "at_most", "escalate_to", "source", "certainty")
_DEFAULTS: Mapping[str, Any] = {"calendar": "business", "warn": 75, "escalate_to": ""}


def read_target(text: str) -> tuple[int, int]:
    """Return the seconds and the working days of a target such as ``3min`` or ``1wd``; zeros if it is none."""
    found = _TARGET.fullmatch(text)
    if found is None:
        return 0, 0
    number = int(found[1])
    return (0, number) if found[2] == "wd" else (number * _UNITS.get(found[2], 0), 0)


@dataclass(frozen=True)
class Promise:
    """What one policy says about one metric."""

    policy: str
    metric: str
    target: str
    """As the file has it, e.g. ``3wd``."""
    seconds: int
    """Seconds of the calendar; 0 if the target is in working days or ``none``."""
    working_days: int
    calendar: str
    warn_percent: int
    at_most_seconds: int | None
    """Wall time after which it is due in any case."""
    escalate_to: str
    """Role or employee; "" for the escalation chain."""
    source: str
    certainty: str

    @property
    def is_none(self) -> bool:
        """Whether it says that there is no clock."""
        return self.target == NONE


@dataclass(frozen=True)
class Policy:
    """One entry of the file."""

    name: str
    zh: str
    en: str
    match: Mapping[str, tuple[str, ...]]
    promises: Mapping[str, Promise]

    @property
    def label(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en}) or self.name

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Tell whether a case with these facts is meant."""
        return all(facts.get(key, "") in words for key, words in self.match.items())


@dataclass(frozen=True, eq=False)
class PolicyBook:
    """All policies in their order."""

    policies: tuple[Policy, ...]

    def find(self, metric: str, facts: Mapping[str, str]) -> Promise | None:
        """Return what is promised: the first policy that fits and names the metric; None for no clock."""
        for policy in self.policies:
            promise = policy.promises.get(metric)
            if promise is not None and policy.fits(facts):
                return None if promise.is_none else promise
        return None

    def label(self, name: str) -> str:
        """Return the name of a policy in the current language."""
        return next((policy.label for policy in self.policies if policy.name == name), name)


def read_policies(document: Mapping[str, Any], path: Path, calendars: Mapping[str, Any]) -> PolicyBook:
    """Return the policies of a parsed file; ``calendars`` are the names it may use.

    Raises WrongUsageError naming file, policy and key.
    """
    reader = _Reader(path, (*calendars, WALL.name))
    return PolicyBook(tuple(reader.read(document)))


class _Reader:
    """Checks a parsed file key by key."""

    def __init__(self, path: Path, calendars: tuple[str, ...]) -> None:
        self._path = path
        self._calendars = calendars

    def read(self, document: Mapping[str, Any]) -> list[Policy]:
        self._known("", document, ("defaults", "policy"))
        defaults = document.get("defaults", {})
        self._known("defaults", defaults, tuple(_DEFAULTS))
        entries = document.get("policy")
        if not isinstance(entries, list) or not entries:
            raise self._problem("policy", _("is missing"), _("Begin each policy with [[policy]]."))
        policies = [
            self._policy(position, entry, {**_DEFAULTS, **defaults})
            for position, entry in enumerate(entries, 1)
        ]
        names = [policy.name for policy in policies]
        for name in names:
            if names.count(name) > 1:
                raise self._problem(name, _("is the name of two policies"), _("Give each its own name."))
        return policies

    def _policy(self, position: int, entry: Any, defaults: Mapping[str, Any]) -> Policy:
        place = f"policy {position}"
        self._known(place, entry, _POLICY_KEYS)
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self._problem(f"{place}.name", _("is missing"), _("Write a short name without blanks."))
        own = {**defaults, **{key: entry[key] for key in _DEFAULTS if key in entry}}
        return Policy(
            name=name,
            zh=str(entry.get("zh", "")),
            en=str(entry.get("en", "")),
            match=self._match(name, entry.get("match", {})),
            promises={
                metric: self._promise(name, metric, entry[metric], own)
                for metric in METRICS
                if metric in entry
            },
        )

    def _match(self, name: str, match: Any) -> dict[str, tuple[str, ...]]:
        self._known(f"{name}.match", match, MATCHED)
        found = {}
        for key, words in match.items():
            listed = (words,) if isinstance(words, str) else words
            if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
                raise self._problem(
                    f"{name}.match.{key}",
                    _("is neither a text nor a list of texts"),
                    _('Write ["one", "two"].'),
                )
            found[key] = tuple(listed)
        return found

    def _promise(self, name: str, metric: str, table: Any, defaults: Mapping[str, Any]) -> Promise:
        place = f"{name}.{metric}"
        self._known(place, table, _METRIC_KEYS)
        values = {**defaults, **table}
        seconds, days = self._target(f"{place}.target", values.get("target"), days_too=True)
        calendar = values["calendar"]
        if calendar not in self._calendars:
            raise self._problem(
                f"{place}.calendar",
                _("cannot be “{value}”", value=calendar),
                _("Calendars: {names}.", names=", ".join(self._calendars)),
            )
        if days and calendar == WALL.name:
            raise self._problem(
                f"{place}.target",
                _("counts working days, which the wall clock has not"),
                _("Write days like 3d."),
            )
        warn = values["warn"]
        if type(warn) is not int or not 1 <= warn <= 100:  # noqa: PLR2004 - percent
            raise self._problem(
                f"{place}.warn", _("is no percentage"), _("Write a whole number from 1 to 100.")
            )
        for key in ("escalate_to", "source", "certainty"):
            if not isinstance(values.get(key, ""), str):
                raise self._problem(
                    f"{place}.{key}", _("is no text"), _("Write a text between quotation marks.")
                )
        at_most = values.get("at_most")
        return Promise(
            policy=name,
            metric=metric,
            target=values["target"],
            seconds=seconds,
            working_days=days,
            calendar=calendar,
            warn_percent=warn,
            at_most_seconds=None
            if at_most is None
            else self._target(f"{place}.at_most", at_most, days_too=False)[0],
            escalate_to=values["escalate_to"],
            source=values.get("source", ""),
            certainty=values.get("certainty", ""),
        )

    def _target(self, place: str, text: Any, *, days_too: bool) -> tuple[int, int]:
        if days_too and text == NONE:
            return 0, 0
        seconds, days = read_target(text) if isinstance(text, str) else (0, 0)
        if days_too and 1 <= days <= _LONGEST_DAYS:
            return 0, days
        if not 1 <= seconds <= _LONGEST_SECONDS:
            raise self._problem(
                place,
                _("cannot be “{value}”", value=text),
                _("Write 30s, 3min, 8h, 2d, working days 3wd, or none; a year at most."),
            )
        return seconds, 0

    def _known(self, place: str, table: Any, keys: tuple[str, ...]) -> None:
        if not isinstance(table, dict):
            raise self._problem(place, _("is no table"), _("Keys here: {names}.", names=", ".join(keys)))
        for key in table:
            if key not in keys:
                raise self._problem(
                    f"{place}.{key}".lstrip("."),
                    _("is not known"),
                    _("Keys here: {names}.", names=", ".join(keys)),
                )

    def _problem(self, key: str, what: str, remedy: str) -> WrongUsageError:
        return WrongUsageError(
            _("{path}: “{key}” {problem}.", path=self._path, key=key, problem=what), remedy=remedy
        )
