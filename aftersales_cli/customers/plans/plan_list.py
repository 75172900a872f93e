"""List the callback plans with their rules in words."""

from dataclasses import dataclass

from aftersales_cli.access import ROLE_NAMES
from aftersales_cli.customers.plans.due import plan_days
from aftersales_cli.customers.plans.plan_files import BASES, Plan, load_plans, owner_is_role
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.callback_plans import count_holdouts, find_last_version
from aftersales_cli.language import N_, _, plural
from aftersales_cli.shop import Shop

_EVENTS = {
    "case_resolved": N_("solved cases"),
    "survey_low": N_("low answers to surveys"),
    "maintenance_due": N_("products that want care (maintenance.toml)"),
    "purchase": N_("a customer's last purchase"),
}
_CHANNELS = {"chat": N_("chat"), "phone": N_("phone"), "email": N_("e-mail")}


@dataclass(frozen=True)
class ListedPlan:
    """A plan with its rules in words."""

    code: str
    name: str
    version: int
    """0 for a plan by which nobody was called yet."""
    changed: bool
    """Whether the file differs from that version: the next planning makes a new one."""
    who: str
    when: str
    channels: str
    script: str
    capacity: int
    owner: str
    contact_basis: str
    holdout: int
    held_out: int
    """Customers whom the lot has held out of this version so far."""
    priority: int


def list_plans(shop: Shop) -> list[ListedPlan]:
    """Return the plans in their file's order; raises FileError, and WrongUsageError for a wrong entry."""
    return [_describe(shop, plan) for plan in load_plans(shop.folder)]


def _describe(shop: Shop, plan: Plan) -> ListedPlan:
    last = find_last_version(shop.database, plan.code)
    return ListedPlan(
        code=plan.code,
        name=plan.name,
        version=last.version if last else 0,
        changed=last is None or last.digest != plan.digest,
        who=_who(shop, plan),
        when=_when(shop, plan),
        channels=", ".join(_(_CHANNELS[channel]) for channel in plan.channels),
        script=plan.script,
        capacity=plan.capacity,
        owner=_owner(shop, plan),
        contact_basis=_(BASES[plan.contact_basis]),
        holdout=plan.holdout,
        held_out=count_holdouts(shop.database, last.id) if last else 0,
        priority=plan.priority,
    )


def _who(shop: Shop, plan: Plan) -> str:
    if plan.event:
        return _(_EVENTS[plan.event])
    parts = [_("high value")] if plan.high_value else []
    for codes, name in ((plan.segments, "segments"), (plan.degrees, "churn_degrees")):
        if codes:
            parts.append(" / ".join(shop.taxonomy(name).label(code) for code in codes))
    return ", ".join(parts)


def _when(shop: Shop, plan: Plan) -> str:
    if not plan.event:
        return plural("every {count} day", "every {count} days", plan.every_days)
    first, last = plan_days(shop, plan, shop.today)
    after, within = (shop.today - last).days, (shop.today - first).days
    if after == within:
        return plural("{count} day after", "{count} days after", after)
    return _("{after} to {within} days after", after=after, within=within)


def _owner(shop: Shop, plan: Plan) -> str:
    if not plan.owner:
        return _("the case's assignee, else who has least to do")
    if owner_is_role(plan):
        return _(ROLE_NAMES[plan.owner])
    found = find_agent(shop.database, plan.owner)
    return found.name if found else _("{code} (not in the team)", code=plan.owner)
