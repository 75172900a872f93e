"""The callback plans of ``callback_plans.toml``: read, checked, and described in words."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.access import ROLES
from aftersales_cli.customers.scripts import load_scripts
from aftersales_cli.desk.rule_files import COUNT, FLAG, NUMBER, WORD, WORDS, RuleEntry, load_rules, remembered
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import N_, _, pick
from aftersales_cli.taxonomy import load_taxonomy

FILE_NAME = "callback_plans.toml"
EVENTS = {
    "case_resolved": "service_followup",
    "survey_low": "survey_low",
    "maintenance_due": "maintenance_due",
    "purchase": "care",
}
"""Event → reason of the callbacks it brings."""
CHANNELS = ("chat", "phone", "email")
BASES = {"service": N_("service, needs no consent"), "consent": N_("only with a yes to marketing")}
DEGREES = ("active", "due", "at_risk", "lost")
_KEYS = {
    "code": WORD, "event": WORD, "segments": WORDS, "degrees": WORDS, "high_value": FLAG,
    "after_days": COUNT, "window_days": NUMBER, "every_days": NUMBER, "channels": WORDS, "script": WORD,
    "capacity": COUNT, "owner": WORD, "contact_basis": WORD, "holdout": COUNT, "priority": NUMBER,
}  # fmt: skip
_EVERY_DAYS, _PRIORITY, _MOST_HOLDOUT = 90, 60, 90


@dataclass(frozen=True)
class Plan:
    """One plan, as its entry says."""

    code: str
    zh: str
    en: str
    event: str
    """A key of EVENTS, or "" for customers of a segment or degree."""
    segments: tuple[str, ...]
    degrees: tuple[str, ...]
    high_value: bool
    after_days: int | None
    window_days: int | None
    """None for both: as the settings say."""
    every_days: int
    channels: tuple[str, ...]
    script: str
    capacity: int
    """Callbacks of the plan on one day at most; 0 for no limit of its own."""
    owner: str
    contact_basis: str
    holdout: int
    priority: int

    @property
    def name(self) -> str:
        """The name in the current language."""
        return pick({"zh": self.zh, "en": self.en})

    @property
    def reason(self) -> str:
        """The reason its callbacks carry, a code of the taxonomy ``callback_reasons``."""
        if self.event:
            return EVENTS[self.event]
        if self.high_value:
            return "high_value"
        return "win_back" if self.degrees else "plan"

    @property
    def document(self) -> str:
        """The plan as JSON, the same for the same plan."""
        return json.dumps(vars(self), ensure_ascii=False, sort_keys=True)

    @property
    def digest(self) -> str:
        """What changes whenever the plan does."""
        return hashlib.sha256(self.document.encode()).hexdigest()[:16]


def load_plans(shop_folder: Path | None) -> tuple[Plan, ...]:
    """Read the plans; raises FileError, and WrongUsageError naming file, plan, key and what to write."""
    return remembered(_read_plans, FILE_NAME, shop_folder)


def _read_plans(shop_folder: Path | None) -> tuple[Plan, ...]:
    plans: dict[str, Plan] = {}
    scripts = load_scripts(shop_folder).entries if shop_folder else {}
    for entry in load_rules(FILE_NAME, _KEYS, shop_folder, table="plan"):
        plan = _read_plan(entry)
        if plan.code in plans:
            raise entry.problem("code", _("stands there twice"), _("Give each plan a code of its own."))
        _check_codes(entry, plan, shop_folder, scripts)
        plans[plan.code] = plan
    return tuple(plans.values())


def _read_plan(entry: RuleEntry) -> Plan:
    values = entry.values
    return Plan(
        code=values.get("code", "").strip(),
        zh=values.get("zh", ""),
        en=values.get("en", ""),
        event=values.get("event", ""),
        segments=entry.words("segments"),
        degrees=entry.words("degrees"),
        high_value=values.get("high_value", False),
        after_days=values.get("after_days"),
        window_days=values.get("window_days"),
        every_days=values.get("every_days", _EVERY_DAYS),
        channels=entry.words("channels") or CHANNELS,
        script=values.get("script", ""),
        capacity=values.get("capacity", 0),
        owner=values.get("owner", ""),
        contact_basis=values.get("contact_basis", ""),
        holdout=values.get("holdout", 0),
        priority=values.get("priority", _PRIORITY),
    )


def _check_codes(entry: RuleEntry, plan: Plan, shop_folder: Path | None, scripts: Collection[str]) -> None:
    """Raise WrongUsageError for what the keys' forms alone do not tell."""
    if not plan.code:
        raise entry.problem("code", _("is missing"), _("Write a short word, e.g. code = “win_back”."))
    if "event" in entry.values:
        entry.check_codes("event", EVENTS)
    entry.check_codes("channels", CHANNELS)
    entry.check_codes("degrees", DEGREES)
    if segments := load_taxonomy("segments", shop_folder).terms:
        entry.check_codes("segments", segments)
    if plan.contact_basis not in BASES:
        raise entry.problem(
            "contact_basis", _("is missing or unknown"), _("Choose from: {names}", names=", ".join(BASES))
        )
    if scripts and plan.script not in scripts:
        raise entry.problem(
            "script", _("names no script"), _("Choose from: {names}", names=", ".join(scripts))
        )
    if not (plan.event or plan.segments or plan.degrees or plan.high_value):
        raise entry.problem("event", _("is missing"), _("Write event, segments, degrees or high_value."))
    if plan.holdout > _MOST_HOLDOUT:
        raise entry.problem(
            "holdout", _("is too much"), _("Write a percentage from 0 to {most}.", most=_MOST_HOLDOUT)
        )
    if None not in (plan.after_days, plan.window_days) and (plan.after_days or 0) > (plan.window_days or 0):
        raise entry.problem("window_days", _("is less than “after_days”"), _("Write the same or more."))


def find_plan(plans: Collection[Plan], code: str) -> Plan:
    """Return a plan by its code; raises WrongUsageError that lists those there are."""
    for plan in plans:
        if plan.code == code:
            return plan
    raise WrongUsageError(
        _("There is no callback plan “{code}”.", code=code),
        remedy=_("Choose from: {names}", names=", ".join(plan.code for plan in plans)),
    )


def owner_is_role(plan: Plan) -> bool:
    """Tell whether the owner is a role, not an employee."""
    return plan.owner in ROLES
