"""Keep the plans by which callbacks are planned, a new version whenever one has changed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aftersales_cli.customers.plans.plan_files import Plan
from aftersales_cli.customers.plans.reasons_why import pack_facts
from aftersales_cli.database.callback_plans import (
    find_last_version,
    give_plan,
    insert_plan_version,
    list_plan_versions,
    list_planless_answers,
)
from aftersales_cli.records.plans import PlanVersion
from aftersales_cli.shop import Shop


def keep_plans(shop: Shop, plans: Iterable[Plan]) -> dict[str, PlanVersion]:
    """Return plan code → the version in force; a changed plan becomes a new one. Inside ``writing``."""
    return {plan.code: _keep(shop, plan) for plan in plans}


def _keep(shop: Shop, plan: Plan) -> PlanVersion:
    last = find_last_version(shop.database, plan.code)
    if last is not None and last.digest == plan.digest:
        return last
    number = last.version + 1 if last else 1
    values: dict[str, Any] = {
        "code": plan.code, "version": number, "digest": plan.digest, "document": plan.document,
        "since": shop.stamp,
    }  # fmt: skip
    return PlanVersion(insert_plan_version(shop.database, **values), **values)


def read_version(version: PlanVersion) -> Plan:
    """Return a plan as it stood in a version; keys that are gone meanwhile are left out."""
    values: Mapping[str, Any] = json.loads(version.document)
    known = {name: values[name] for name in Plan.__dataclass_fields__ if name in values}
    lists = {name: tuple(known[name]) for name in ("segments", "degrees", "channels")}
    return Plan(**{**known, **lists})


def consent_versions(shop: Shop) -> list[int]:
    """Return the ids of all versions of plans that need a yes to marketing."""
    versions = list_plan_versions(shop.database)
    return [version.id for version in versions if read_version(version).contact_basis == "consent"]


def adopt_answers(shop: Shop, plans: Iterable[Plan], versions: Mapping[str, PlanVersion]) -> None:
    """Let calls that low answers brought at once belong to the plan for such answers. Inside ``writing``."""
    plan = next((plan for plan in plans if plan.event == "survey_low"), None)
    if plan is None:
        return
    for callback_id, survey, score, answered_on in list_planless_answers(shop.database):
        why = pack_facts({"survey": survey, "score": score, "answered": answered_on})
        give_plan(shop.database, callback_id, plan_id=versions[plan.code].id, why=why)
