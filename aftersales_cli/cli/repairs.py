"""The command ``repairs``: booking, lists and pages; the steps are in ``repairs_steps``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli import repairs_points, repairs_steps
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.repairs_steps import KEEP, REPAIR, show_step, voice_of
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.desk.repairs.booking import Booking

_PRODUCT = option(
    "--product",
    default="",
    help=N_("Which product: its number or a part of its name; needed if there are several."),
)


@click.group(cls=Noun, help=N_("Repairs and maintenance, from booking to shipped back."))
def repairs() -> None:
    """Group of verbs."""


@repairs.command("guide", writes=True)
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
@_PRODUCT
@option("--done", "solved", default="", metavar="TEXT", help=N_("What helped: no repair is needed any more."))
@KEEP
@option("--at", help=AT_HELP)
def guide(run: Run, number: int, product: str, solved: str, keep: bool, at: str | None) -> None:
    """Show what the customer of a case can try before sending the piece in, or record that it helped.

    Example: aftersales repairs guide 17 --done "Works after a reset"
    """
    if solved:
        from aftersales_cli.desk.repairs.booking import solve_case_remotely

        told = solve_case_remotely(
            run.shop, number, solved, product=product, at=read_moment(run, at), voice=voice_of(run, keep=keep)
        )
        show_step(run, told)
        return
    if keep or at:
        raise click.UsageError(_("--tell and --at go with --done."))
    _show_guidance(run, number, product)


def _show_guidance(run: Run, number: int, product: str) -> None:
    from aftersales_cli.desk.repairs.booking import find_guidance, guide_language
    from aftersales_cli.desk.repairs.telling import case_sending
    from aftersales_cli.language import pick

    found = find_guidance(run.shop, number, product=product)
    language = run.shared.lang or guide_language(run.shop, number)
    lines = [line for entry in found for line in (entry.title, "", pick(entry.texts, language), "")]
    run.out.data(found, *lines[:-1])
    if run.shared.as_json:
        return
    if not found:
        run.out.note(
            _("There is no guidance for this product; templates/scripts/guidance.toml holds the texts.")
        )
        run.out.note(_("Book it: {command}", command=f"aftersales repairs book {number}"))
        return
    run.out.note(_("Nothing is recorded; send it {place}.", place=case_sending(run.shop, number)))
    run.out.note(_("If it helped: {command}", command=f"aftersales repairs guide {number} --done …"))
    run.out.note(_("If not: {command}", command=f"aftersales repairs book {number} --guided"))


@repairs.command("book", writes=True)
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
@_PRODUCT
@option("--serial", default="", help=N_("Serial number of the piece; finds earlier repairs."))
@option("--say", "problem", default="", help=N_("What the customer says is at fault."))
@option(
    "--kind",
    type=click.Choice(["repair", "maintenance"]),
    help=N_("Default: maintenance for a maintenance case, else repair."),
)
@option("--point", default="", metavar="CODE", help=N_("The service point that does it."))
@option(
    "--appointment", metavar="MOMENT", help=N_("When the piece or the customer comes, e.g. 2026-11-23 14:00.")
)
@option("--bought-on", metavar="DAY", help=N_("Day the warranty counts from, if the order does not tell it."))
@option(
    "--warranty-months",
    type=click.IntRange(min=1, max=240),
    help=N_("Months of warranty; default: the product's, else the setting."),
)
@option("--guided", is_flag=True, help=N_("The customer has tried the guidance, or it does not fit."))
@KEEP
@option("--at", help=AT_HELP)
def book(
    run: Run,
    number: int,
    product: str,
    serial: str,
    problem: str,
    kind: str | None,
    point: str,
    appointment: str | None,
    bought_on: str | None,
    warranty_months: int | None,
    guided: bool,
    keep: bool,
    at: str | None,
) -> None:
    """Book a repair or maintenance for a case, and say whether it is in warranty.

    Example: aftersales repairs book 17 --serial X2-00917 --point sz --appointment "2026-11-23 14:00"
    """
    from aftersales_cli.clock import parse_day
    from aftersales_cli.desk.repairs.booking import Booking

    booking = Booking(
        kind=kind or "",
        product=product,
        serial=serial,
        problem=problem,
        point=point,
        appointment=read_moment(run, appointment),
        bought_on=parse_day(bought_on) if bought_on else None,
        warranty_months=warranty_months,
        guided=guided,
    )
    _book(run, number, booking, keep=keep, at=at)


def _book(run: Run, number: int, booking: Booking, *, keep: bool, at: str | None) -> None:
    from aftersales_cli.cli.repairs_page import write_rights, write_warranty
    from aftersales_cli.desk.repairs.booking import book_repair
    from aftersales_cli.desk.repairs.viewing import view_repair

    with run.shop.rehearsal():
        told = book_repair(run.shop, number, booking, at=read_moment(run, at), voice=voice_of(run, keep=keep))
        view = view_repair(run.shop, told.repair.id)
    show_step(run, told, *write_warranty(run.shop, view), *write_rights(view))


@repairs.command("list")
@option("--overdue", is_flag=True, help=N_("Only those that are late, and appointments nobody came to."))
@option("--all", "everything", is_flag=True, help=N_("Ended ones too."))
@option("--point", default="", metavar="CODE", help=N_("Only those of this service point."))
@option("--case", "number", type=CASE_NUMBER, help=N_("Only those of this case."))
def list_(run: Run, overdue: bool, everything: bool, point: str, number: int | None) -> None:
    """List the repairs that are not finished, the one due first on top.

    Example: aftersales repairs list --overdue
    """
    from aftersales_cli.database.repairs import list_repairs
    from aftersales_cli.desk.repairs.points import require_point

    if overdue and everything:
        raise click.UsageError(_("Give only one of --overdue and --all."))
    shop = run.shop
    rows = list_repairs(
        shop.database,
        now=shop.stamp,
        everything=everything,
        overdue=overdue,
        point_id=require_point(shop, point).id if point else None,
        case_number=number,
    )
    empty = _("There is no overdue repair.") if overdue else _("There is no repair.")
    run.out.listing(rows, _columns(run), empty=empty)


def _columns(run: Run) -> list[Column]:
    from aftersales_cli.cli.repairs_page import WARRANTY
    from aftersales_cli.clock import local_text

    shop = run.shop
    states, kinds, warranties = (shop.taxonomy(name) for name in ("repair_states", "kinds", WARRANTY))
    return [
        Column(_("Repair"), lambda row: row.id, right=True),
        Column(_("Case"), lambda row: row.case_number, right=True),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Product"), lambda row: row.product),
        Column(_("Serial number"), lambda row: row.serial),
        Column(_("State"), lambda row: states.label(row.status)),
        Column(_("Warranty"), lambda row: warranties.label(row.warranty) if row.kind == "repair" else ""),
        Column(_("Service point"), lambda row: row.service_point),
        Column(_("Appointment"), lambda row: local_text(row.appointment_at, shop.zone)),
        Column(_("Received on"), lambda row: local_text(row.received_at, shop.zone)),
        Column(_("Due"), lambda row: local_text(row.due_at, shop.zone)[:10]),
    ]


@repairs.command("show")
@click.argument("number", metavar="REPAIR", type=REPAIR)
def show(run: Run, number: int) -> None:
    """Show a repair on one page: piece, warranty, history, the customer's rights, and what comes next.

    Example: aftersales repairs show 4
    """
    from aftersales_cli.cli.repairs_page import write_page
    from aftersales_cli.desk.repairs.viewing import view_repair

    view = view_repair(run.shop, number, voice_of(run, keep=False))
    run.out.data(view, *write_page(run.shop, view))


for verb in (*repairs_steps.COMMANDS, *repairs_points.COMMANDS):
    repairs.add_command(verb)
