"""How the shop stands, on one screen."""

from dataclasses import dataclass

from aftersales_cli.cli.run import Run
from aftersales_cli.clock import local_text
from aftersales_cli.database.callbacks import count_callbacks
from aftersales_cli.database.case_listings import count_cases
from aftersales_cli.database.imports import count_open_rejects, list_imports
from aftersales_cli.database.runs import list_runs
from aftersales_cli.intake.inbox import waiting_files
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.cases import CaseCounts
from aftersales_cli.records.customers import CallbackCounts
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
    rejected_rows: int
    last_import: Import | None
    last_night: JobRun | None


def measure_status(shop: Shop) -> ShopStatus:
    """Count what is waiting."""
    imports = list_imports(shop.database, 1)
    runs = list_runs(shop.database, job="nightly", limit=1)
    return ShopStatus(
        inbox=len(waiting_files(shop)),
        cases=count_cases(shop.database, shop.today.isoformat()),
        callbacks=count_callbacks(shop.database, shop.today.isoformat()),
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
        _("Callbacks today: {done} of {due} done", done=callbacks.done, due=callbacks.due),
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
