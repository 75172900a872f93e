"""How the shop stands, on one screen."""

from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.cli.run import Run
from aftersales_cli.clock import local_text
from aftersales_cli.customers.surveys.invite_list import invites_to_send
from aftersales_cli.database.callbacks import count_callbacks
from aftersales_cli.database.case_listings import count_cases
from aftersales_cli.database.clock_counts import count_clocks
from aftersales_cli.database.escalations import list_escalated
from aftersales_cli.database.handoffs import count_overdue_handoffs
from aftersales_cli.database.imports import count_open_rejects, list_imports
from aftersales_cli.database.incidents import list_incidents
from aftersales_cli.database.repairs import count_overdue_repairs
from aftersales_cli.database.return_workbook import ReturnCounts, count_returns
from aftersales_cli.database.runs import list_runs
from aftersales_cli.desk.clusters import Cluster
from aftersales_cli.desk.incident_finding import suggest_incidents
from aftersales_cli.desk.refunds.due import list_due_refunds
from aftersales_cli.desk.returns.exception_form import exceptions_path
from aftersales_cli.intake.inbox import waiting_files
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.cases import CaseCounts
from aftersales_cli.records.customers import CallbackCounts
from aftersales_cli.records.desk_rows import ClockCounts, EscalatedCase
from aftersales_cli.records.orders import Import
from aftersales_cli.records.runs import JobRun
from aftersales_cli.shop import Shop

OUTCOMES = {
    "running": N_("running"),
    "done": N_("done"),
    "partly": N_("done, with rejected rows or steps"),
    "failed": N_("failed"),
    "skipped": N_("skipped"),
    "interrupted": N_("interrupted"),
}
"""How a job's run ended → what people read."""


@dataclass(frozen=True)
class ShopStatus:
    """What is waiting in the shop, and when machines last did their part."""

    inbox: int
    cases: CaseCounts
    callbacks: CallbackCounts
    clocks: ClockCounts
    overdue_handoffs: int
    escalated: list[EscalatedCase]
    """Open cases this employee was told of, the gravest complaints first."""
    mass_complaints: list[Cluster]
    """What looks like one incident and is none yet."""
    open_incidents: int
    returns: ReturnCounts
    due_refunds: int
    """Refunds that are to be paid, with those that are overdue."""
    overdue_refunds: int
    overdue_repairs: int
    exceptions_workbook: Path | None
    """The day's workbook of returns, None if there is none."""
    surveys_to_send: int
    """Invitations and reminders that stand on today's list."""
    rejected_rows: int
    last_import: Import | None
    last_night: JobRun | None


def measure_status(shop: Shop) -> ShopStatus:
    """Count what is waiting."""
    imports = list_imports(shop.database, 1)
    runs = list_runs(shop.database, job="nightly", limit=1)
    refunds = list_due_refunds(shop)
    workbook = exceptions_path(shop)
    return ShopStatus(
        inbox=len(waiting_files(shop)),
        cases=count_cases(shop.database, shop.today.isoformat()),
        callbacks=count_callbacks(shop.database, shop.today.isoformat()),
        clocks=count_clocks(shop.database, shop.stamp),
        overdue_handoffs=count_overdue_handoffs(shop.database, shop.stamp),
        escalated=list_escalated(shop.database, shop.agent.code, shop.agent.role),
        mass_complaints=suggest_incidents(shop),
        open_incidents=len(list_incidents(shop.database, only_open=True)),
        returns=count_returns(shop.database, now=shop.stamp, today=shop.today.isoformat()),
        due_refunds=len(refunds),
        overdue_refunds=sum(row.overdue for row in refunds),
        overdue_repairs=count_overdue_repairs(shop.database, shop.stamp),
        exceptions_workbook=workbook if workbook.is_file() else None,
        surveys_to_send=len(invites_to_send(shop, shop.today)),
        rejected_rows=count_open_rejects(shop.database),
        last_import=imports[0] if imports else None,
        last_night=runs[0] if runs else None,
    )


def print_status(run: Run) -> None:
    """Print the shop's status."""
    shop = run.shop
    status = measure_status(shop)
    run.out.data(status, *_lines(shop, status))


def _lines(shop: Shop, status: ShopStatus) -> list[str]:
    statuses = shop.taxonomy("case_statuses")
    cases, callbacks = status.cases, status.callbacks
    by_status = ", ".join(f"{statuses.label(code)} {count}" for code, count in cases.by_status.items())
    lines = [
        f"{shop.settings.shop.name} · {local_text(shop.stamp, shop.zone)}",
        plural("{count} open case", "{count} open cases", cases.open)
        + (f" ({by_status})" if by_status else ""),
        _("Opened today: {today}, nobody works on: {free}", today=cases.opened_today, free=cases.unassigned),
        *_desk_lines(status),
        _("Callbacks today: {done} of {due} done", done=callbacks.done, due=callbacks.due),
        *survey_lines(status),
        plural("{count} file waits in the inbox", "{count} files wait in the inbox", status.inbox),
    ]
    if status.rejected_rows:
        lines.append(
            plural(
                "{count} rejected row to look at", "{count} rejected rows to look at", status.rejected_rows
            )
        )
    if status.last_import:
        at = local_text(status.last_import.imported_at, shop.zone)
        lines.append(_("Last import: {file}, {at}", file=status.last_import.file_name, at=at))
    night = status.last_night
    if night:
        lines.append(
            _(
                "Last night: {slot}, {outcome}",
                slot=night.slot,
                outcome=_(OUTCOMES.get(night.outcome, night.outcome)),
            )
        )
    else:
        lines.append(_("The nightly job never ran; “aftersales jobs cron” shows how to set it up."))
    return lines


def _desk_lines(status: ShopStatus) -> list[str]:
    """Return what presses at the desk; nothing for what is zero."""
    lines = clock_lines(status)
    if status.escalated:
        text = plural(
            "{count} case was passed up to you: {numbers}",
            "{count} cases were passed up to you: {numbers}",
            len(status.escalated),
            numbers=", ".join(str(case.number) for case in status.escalated),
        )
        lines.append(text)
    lines += [text for text in (handoff_line(status), mass_line(status)) if text]
    lines += return_lines(status)
    if status.exceptions_workbook:
        lines.append(_("Returns to look at: {path}", path=status.exceptions_workbook))
    if status.open_incidents:
        lines.append(plural("{count} open incident", "{count} open incidents", status.open_incidents))
    return lines


def clock_lines(status: ShopStatus) -> list[str]:
    """Say how many cases are past or near a promised time; nothing for what is zero."""
    lines = []
    if status.clocks.missed:
        lines.append(
            plural(
                "{count} case is past its time: aftersales sla show",
                "{count} cases are past their time: aftersales sla show",
                status.clocks.missed,
            )
        )
    if status.clocks.near:
        lines.append(
            plural(
                "{count} case is near its time: aftersales sla show",
                "{count} cases are near their time: aftersales sla show",
                status.clocks.near,
            )
        )
    return lines


def return_lines(status: ShopStatus) -> list[str]:
    """Say what returns, refunds and repairs wait for, what is overdue first; nothing for what is zero."""
    found, lines = status.returns, []
    if found.reviews:
        text = plural(
            "{count} return request to decide: aftersales returns queue",
            "{count} return requests to decide: aftersales returns queue",
            found.reviews,
        )
        late = _("{count} of them overdue", count=found.overdue_reviews) if found.overdue_reviews else ""
        lines.append(_("{text} ({late})", text=text, late=late) if late else text)
    if status.due_refunds:
        text = plural(
            "{count} refund to be paid: aftersales refunds list",
            "{count} refunds to be paid: aftersales refunds list",
            status.due_refunds,
        )
        late = _("{count} of them overdue", count=status.overdue_refunds) if status.overdue_refunds else ""
        lines.append(_("{text} ({late})", text=text, late=late) if late else text)
    if status.overdue_repairs:
        lines.append(
            plural(
                "{count} repair is overdue: aftersales repairs list --overdue",
                "{count} repairs are overdue: aftersales repairs list --overdue",
                status.overdue_repairs,
            )
        )
    if found.overdue_parcels:
        lines.append(
            plural(
                "{count} return parcel is overdue: aftersales returns exceptions --list",
                "{count} return parcels are overdue: aftersales returns exceptions --list",
                found.overdue_parcels,
            )
        )
    return lines


def survey_lines(status: ShopStatus) -> list[str]:
    """Say how many invitations wait to be sent; nothing for none."""
    if not status.surveys_to_send:
        return []
    return [
        plural(
            "{count} survey invitation to send: aftersales surveys export",
            "{count} survey invitations to send: aftersales surveys export",
            status.surveys_to_send,
        )
    ]


def handoff_line(status: ShopStatus) -> str:
    """Say how many departments owe an answer, "" for none."""
    return (
        plural(
            "{count} hand-off is overdue: aftersales cases handoffs --overdue",
            "{count} hand-offs are overdue: aftersales cases handoffs --overdue",
            status.overdue_handoffs,
        )
        if status.overdue_handoffs
        else ""
    )


def mass_line(status: ShopStatus) -> str:
    """Say how many groups of complaints look like one incident, "" for none."""
    return (
        plural(
            "{count} mass complaint to look at: aftersales cases incidents",
            "{count} mass complaints to look at: aftersales cases incidents",
            len(status.mass_complaints),
        )
        if status.mass_complaints
        else ""
    )
