"""The verb ``refunds reconcile``: a statement's rows against the refunds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from aftersales_cli.cli.run import Run
    from aftersales_cli.desk.refunds.reconciling import Difference, Reconciliation

_TYPES = {
    "same_number": N_("another refund was paid under this number"),
    "not_planned": N_("paid, but not planned"),
    "not_paid": N_("planned, but not in the statement"),
    "amount": N_("the amount differs"),
    "unclear": N_("can be several"),
    "not_approved": N_("paid, but not approved"),
    "twice": N_("the marketplace has paid it, too"),
}
"""Type of a difference → what people read."""


@click.command("reconcile", cls=Command, writes=True)
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "--map",
    "mappings",
    multiple=True,
    metavar="COLUMN=FIELD",
    help=N_("What a column means: amount, time, reference, order, type or direction. May be repeated."),
)
@option("--only", metavar="TEXT", default="", help=N_("Only rows whose column “type” holds this text."))
@option("--currency", default="", help=N_("Currency of the amounts; default: the shop's."))
@option("--record", is_flag=True, help=N_("Keep the payments, and mark approved refunds among them as paid."))
def reconcile(
    run: Run, file: Path, mappings: tuple[str, ...], only: str, currency: str, record: bool
) -> None:
    """Compare a statement of a bank, Alipay or WeChat Pay with the refunds, and list the differences.

    A payment is found by its number, else by order and amount; what can be several is listed, never guessed.
    Without --record nothing is kept; with it each payment once, however often its file is read. A marketplace's own refund list is taken in with “orders
    import” instead, and ties itself to the plans.

    Example: aftersales refunds reconcile alipay.csv --map 支出金额=amount --map 商户订单号=order --record
    """
    from aftersales_cli.desk.refunds.reconciling import reconcile as compare
    from aftersales_cli.intake.statements import read_statement
    from aftersales_cli.settings import check_currency

    code = check_currency(currency) if currency else run.shop.settings.shop.currency
    statement = read_statement(run.shop, file, mappings=mappings, only=only, currency=code)
    result = compare(run.shop, statement.payments, source=file.name, record=record)
    if run.shared.as_json:
        run.out.data(
            {"file": str(file), **vars(result), "skipped": statement.skipped, "rejects": statement.rejects}
        )
    else:
        for line in _lines(result, statement.skipped, recorded=record):
            run.out.line(line)
        if result.differences:
            run.out.line()
            run.out.listing(result.differences, _columns(run), empty="")
    for number, reason in statement.rejects:
        run.out.note(_("Row {number}: {reason}", number=number, reason=reason))
    if result.differences or statement.rejects:
        run.partly()
    if run.shop.dry_run:
        run.out.note(_("Dry run: nothing was changed."))


def _lines(result: Reconciliation, skipped: int, *, recorded: bool) -> list[str]:
    lines = [
        _(
            "{read} payments read ({new} new, {skipped} other rows left out): {matched} are refunds planned here, "
            "{platform} the marketplace's own.",
            read=result.read,
            new=result.new,
            skipped=skipped,
            matched=result.matched,
            platform=result.by_platform,
        )
    ]
    if result.recorded:
        numbers = ", ".join(map(str, result.recorded))
        lines.append(_("Recorded as paid: refunds {numbers}.", numbers=numbers))
    if result.recordable:
        numbers = ", ".join(map(str, result.recordable))
        lines.append(_("Add --record to mark these refunds as paid: {numbers}.", numbers=numbers))
    if not recorded:
        lines.append(_("Nothing was kept; --record keeps the payments."))
    found = len(result.differences)
    lines.append(
        plural("{count} difference to look at.", "{count} differences to look at.", found)
        if found
        else _("No differences.")
    )
    return lines


def _columns(run: Run) -> list[Column]:
    from aftersales_cli.clock import local_text
    from aftersales_cli.money import format_money

    def plans(row: Difference) -> str:
        return ", ".join(map(str, row.plans))

    return [
        Column(_("Difference"), lambda row: _(_TYPES[row.type])),
        Column(_("Time"), lambda row: local_text(row.at, run.shop.zone)),
        Column(_("Paid"), lambda row: format_money(row.paid, row.currency), right=True),
        Column(_("Planned"), lambda row: format_money(row.planned, row.currency), right=True),
        Column(_("Payment's number"), lambda row: row.reference),
        Column(_("Order"), lambda row: row.order),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Refund"), plans),
    ]
