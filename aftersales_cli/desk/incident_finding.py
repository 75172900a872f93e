"""Which cases make an incident: what is noticed, and what named cases have in common."""

from collections.abc import Sequence
from datetime import timedelta

from aftersales_cli.clock import to_text
from aftersales_cli.database.cases import list_case_products
from aftersales_cli.database.incidents import list_quality_cases
from aftersales_cli.desk.clusters import QUALITY_REASONS, Cluster, find_clusters
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.desk import Incident
from aftersales_cli.shop import Shop

_LOOK_BACK_DAYS = 30
"""Older runs of complaints are history; somebody would have noticed."""


def suggest_incidents(shop: Shop) -> list[Cluster]:
    """Return what looks like one incident and is none yet: the same product and reason, several customers.

    Runs that are solved and ended longer than ``complaints.mass_days`` ago are left out.
    """
    settings = shop.settings.complaints
    since = to_text(shop.now - timedelta(days=_LOOK_BACK_DAYS + settings.mass_days))
    rows = list_quality_cases(shop.database, since=since, reasons=QUALITY_REASONS)
    lately = to_text(shop.now - timedelta(days=settings.mass_days))
    return [
        found
        for found in find_clusters(rows, count=settings.mass_count, days=settings.mass_days)
        if found.open_cases or found.last_at >= lately
    ]


def find_suggestion(shop: Shop, product: str, reason: str) -> Cluster:
    """Return the one suggested group that is meant; raises WrongUsageError if several fit, RefusedError if none."""
    suggestions = suggest_incidents(shop)
    wanted = product.strip().casefold()
    found = [
        entry
        for entry in suggestions
        if (not wanted or wanted in {entry.sku.casefold(), entry.product.casefold()})
        and (not reason or entry.reason == reason)
    ]
    if len(found) == 1 and (wanted or reason):
        return found[0]
    remedy = _("Name the cases: aftersales cases incidents open 3 5 8 --reason …")
    if found:
        raise WrongUsageError(
            _("It is not clear which cases are meant: {count} groups fit.", count=len(found)),
            remedy=_("Say it with --product and --reason, or name the cases."),
        )
    raise RefusedError(_("There is no group of cases with this product and reason."), remedy=remedy)


def shared_product(shop: Shop, numbers: Sequence[int], given: str) -> tuple[str, str]:
    """Return number and title of the product all cases are about; what was given is the title if none is."""
    shared: set[tuple[str, str]] | None = None
    for number in numbers:
        lines = set(list_case_products(shop.database, number))
        shared = lines if shared is None else shared & lines
    wanted = given.strip()
    fitting = sorted(line for line in shared or () if not wanted or wanted in line)
    return fitting[0] if fitting else ("", wanted)


def shared_reason(shop: Shop, numbers: Sequence[int]) -> str:
    """Return the reason all cases have, "" if they differ; raises NotFoundError."""
    cases = [require_case(shop, number) for number in numbers]
    reasons = {case.reason_final or case.reason_first for case in cases}
    return reasons.pop() if len(reasons) == 1 else ""


def incident_title(shop: Shop, incident: Incident) -> str:
    """Return the name of an incident; of one that nobody has named product and reason."""
    reason = shop.taxonomy("reasons").label(incident.reason) if incident.reason else ""
    words = [word for word in (incident.product or incident.sku, reason) if word]
    return incident.title or " · ".join(words) or _("incident")
