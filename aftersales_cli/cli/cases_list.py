"""The verb ``cases list``: open cases, stuck ones, those of an employee, a storefront, an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.cases import OPEN_STATUSES, CaseFilter, CaseRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftersales_cli.desk.timing_out import StuckCase
    from aftersales_cli.shop import Shop

DEFAULT_LIMIT = 50


@click.command("list", cls=Command)
@option("--status", default="", help=N_("Only this status, e.g. resolved."))
@option("--open", "only_open", is_flag=True, help=N_("Only cases with something left to do (the default)."))
@option("--all", "every", is_flag=True, help=N_("Resolved, closed and cancelled cases too, newest first."))
@option("--stuck", is_flag=True, help=N_("Only cases in danger of being forgotten, with the reason."))
@option("--archived", is_flag=True, help=N_("Only cases in the archive."))
@option("--kind", default="", help=N_("Only this kind."))
@option("--assignee", default="", help=N_("Only cases of this employee."))
@option("--mine", is_flag=True, help=N_("Only my own cases."))
@option("--unassigned", is_flag=True, help=N_("Only cases nobody works on."))
@option("--storefront", default="", help=N_("Only cases of this storefront."))
@option("--incident", type=int, help=N_("Only cases of this incident."))
@option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help=N_("At most so many."),
)
def list_(
    run: Run,
    status: str,
    only_open: bool,
    every: bool,
    stuck: bool,
    archived: bool,
    kind: str,
    assignee: str,
    mine: bool,
    unassigned: bool,
    storefront: str,
    incident: int | None,
    limit: int,
) -> None:
    """List cases, the longest open first.

    With --stuck those that nobody did anything about, that wait too long, or whose complaint the customer has
    not confirmed as solved.

    Example: aftersales cases list --mine
    """
    chosen = _choose_statuses(run, status, only_open=only_open, every=every, stuck=stuck, archived=archived)
    wanted = CaseFilter(
        statuses=chosen,
        kinds=(run.shop.taxonomy("kinds").resolve(kind),) if kind else (),
        assignee_id=_agent_id(run, assignee, mine=mine),
        unassigned=unassigned,
        storefront_id=_storefront_id(run, storefront),
        incident_id=incident,
        archived=archived,
    )
    if stuck:
        _list_stuck(run, wanted, limit)
    else:
        _list_matching(run, wanted, limit)


COMMANDS = (list_,)
"""The verbs of this module."""


@dataclass(frozen=True)
class _AgedCase(CaseRow):
    age_seconds: int
    """From opening to resolution, else to now."""


@dataclass(frozen=True)
class _StuckRow(_AgedCase):
    stuck: str
    """``quiet``, ``waiting``, ``until`` or ``unconfirmed``."""
    stuck_reason: str
    stuck_since: str


def _list_matching(run: Run, wanted: CaseFilter, limit: int) -> None:
    from aftersales_cli.database.case_listings import count_matching_cases, list_cases

    shop = run.shop
    rows = list_cases(shop.database, wanted, limit=limit, newest_first=wanted.statuses != OPEN_STATUSES)
    aged = [_with_age(row, shop.stamp) for row in rows]
    run.out.listing(aged, _columns(run, aged), empty=_("No such case."))
    _tell_left_out(run, count_matching_cases(shop.database, wanted) - len(rows) if len(rows) == limit else 0)


def _list_stuck(run: Run, wanted: CaseFilter, limit: int) -> None:
    from aftersales_cli.database.case_listings import list_cases
    from aftersales_cli.desk.timing_out import find_stuck

    shop = run.shop
    matching = {row.number: row for row in list_cases(shop.database, wanted, limit=-1)}
    found = [case for case in find_stuck(shop) if case.number in matching]
    rows = [_with_reason(_with_age(matching[case.number], shop.stamp), case) for case in found[:limit]]
    run.out.listing(rows, _columns(run, rows, stuck=True), empty=_("No case is stuck."))
    _tell_left_out(run, len(found) - len(rows))


def _tell_left_out(run: Run, count: int) -> None:
    if count:
        run.out.note(
            plural(
                "{count} more case is not shown; --limit shows more.",
                "{count} more cases are not shown; --limit shows more.",
                count,
            )
        )


def _with_age(row: CaseRow, now: str) -> _AgedCase:
    from aftersales_cli.clock import seconds_between
    from aftersales_cli.desk.contacts import mask_word

    age = max(0, seconds_between(row.opened_at, row.resolved_at or now))
    return _AgedCase(**{**vars(row), "customer": mask_word(row.customer)}, age_seconds=age)


def _with_reason(row: _AgedCase, case: StuckCase) -> _StuckRow:
    return _StuckRow(**vars(row), stuck=case.code, stuck_reason=case.reason, stuck_since=case.since)


def _choose_statuses(
    run: Run, status: str, *, only_open: bool, every: bool, stuck: bool, archived: bool
) -> tuple[str, ...]:
    if sum((bool(status), only_open, every, stuck)) > 1:
        raise click.UsageError(_("Give only one of --status, --open, --all and --stuck."))
    if status:
        return (run.shop.taxonomy("case_statuses").resolve(status),)
    # Only ended cases are archived, and of the resolved ones some are stuck.
    return () if every or stuck or archived else OPEN_STATUSES


def _agent_id(run: Run, assignee: str, *, mine: bool) -> int | None:
    from aftersales_cli.team.agents import require_agent

    if mine:
        return run.shop.agent.id
    return require_agent(run.shop, assignee).id if assignee else None


def _storefront_id(run: Run, word: str) -> int | None:
    from aftersales_cli.team.storefronts import require_storefront

    return require_storefront(run.shop, word).id if word else None


def _columns(run: Run, rows: Sequence[_AgedCase], *, stuck: bool = False) -> list[Column]:
    """Return every column for a file; on a terminal those a row has room for, the title cut to what is left."""
    from aftersales_cli.cli.durations import duration_text
    from aftersales_cli.cli.title_room import title_room
    from aftersales_cli.insight.wording import shorten

    kinds, statuses, severities = (
        run.shop.taxonomy(name) for name in ("kinds", "case_statuses", "severities")
    )
    is_file = run.shared.table_format is not None
    number = Column(_("Case"), lambda row: row.number, right=True)
    status = Column(_("Status"), lambda row: statuses.label(row.status))
    age = Column(_("Age"), lambda row: duration_text(row.age_seconds), right=True)
    assignee = Column(_("Assignee"), lambda row: row.assignee)
    order = Column(_("Order"), lambda row: row.order_number)
    customer = Column(_("Customer"), lambda row: row.customer)
    because = [Column(_("Stuck because"), lambda row: row.stuck_reason)] if stuck else []
    if is_file:
        return [
            number,
            Column(_("Kind"), lambda row: kinds.label(row.kind)),
            status,
            Column(_("Severity"), lambda row: severities.label(row.severity)),
            age,
            Column(_("Storefront"), lambda row: row.storefront),
            order,
            customer,
            assignee,
            *because,
            Column(_("Title"), lambda row: row.title),
        ]
    kind = Column(_("Kind"), lambda row: grade_text(run.shop, row.kind, row.severity))
    shown = [number, kind, *because, assignee] if stuck else [number, kind, status, age, customer, assignee]
    room = title_room(rows, shown)
    return [*shown, Column(_("Title"), lambda row: shorten(row.title, room))]


def grade_text(shop: Shop, kind: str, severity: str) -> str:
    """Return what a case is in few words: ``complaint L3``, ``repair, urgent``, ``return``."""
    label = shop.taxonomy("kinds").label(kind)
    if severity == "normal":
        return label
    if kind == "complaint":
        return f"{label} {severity}"
    return _("{kind}, {severity}", kind=label, severity=shop.taxonomy("severities").label(severity))
