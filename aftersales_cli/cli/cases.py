"""The command ``cases``: open and show; what else can be done to a case stands in the modules ``cases_…``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aftersales_cli.cli import (
    cases_assign,
    cases_complaints,
    cases_costs,
    cases_handoffs,
    cases_import,
    cases_incidents,
    cases_joining,
    cases_life,
    cases_list,
    cases_register,
    cases_reply,
    cases_resolve,
    cases_search,
    cases_steps,
)
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import CASE_NUMBER, read_deadline, read_moment, tell
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _
from aftersales_cli.records.cases import OPEN_STATUSES, Case

if TYPE_CHECKING:
    from aftersales_cli.desk.triage import Triage


@click.group(cls=Noun, help=N_("Open, work on and resolve after-sales cases."))
def cases() -> None:
    """Group of verbs."""


@cases.command("open", writes=True)
@option("--order", default="", help=N_("The order's number, as the file or the marketplace shows it."))
@option(
    "--kind", default="", help=N_("Kind of case, e.g. return; default: inquiry, unless a rule is certain.")
)
@option("--say", default="", help=N_("What the customer said."))
@option("--channel", default="platform_chat", help=N_("Where it was said; default: platform chat."))
@option("--severity", default="", help=N_("normal, high or urgent; for complaints L1 to L4."))
@option(
    "--customer",
    default="",
    help=N_("Customer by number, phone, e-mail, name or a part of it; default: the order's."),
)
@option(
    "--product",
    "products",
    metavar="SKU",
    multiple=True,
    help=N_("Product of the order it is about, e.g. CUP or CUP=1; default: all. Can be given several times."),
)
@option("--new-customer", is_flag=True, help=N_("The customer is new, whoever has a similar name."))
@option("--reason", default="", help=N_("Reason the customer gives, e.g. defect."))
@option("--storefront", default="", help=N_("Storefront of the order; lets a case wait for its order."))
@option("--to", "assignee", default="", help=N_("Employee who works on it."))
@option("--at", help=N_("When it happened, e.g. 2026-11-21 15:20 (shop's local time); default: now."))
@option("--answered-at", help=N_("When the customer got the first answer, if already given."))
@option("--platform-due", help=N_("Until when the marketplace wants an answer, as its page counts down."))
def open_(
    run: Run,
    at: str | None,
    answered_at: str | None,
    platform_due: str | None,
    new_customer: bool,
    **words: Any,
) -> None:
    """Open a case.

    Kinds, reasons and channels can be written in Chinese or English or as a beginning; an order number or a part
    of a name that fits several is never guessed. What the case seems to be is suggested by the rules in
    templates/settings/triage.toml.

    Of an order with several products --product says which one it is about; without it all of them count.

    Example: aftersales cases open --order 123 --kind return --say "It arrived broken"

    Example: aftersales cases open --order 123 --product CUP --kind complaint --say "It leaks"
    """
    from aftersales_cli.desk.opening import open_case

    if not any(words[name].strip() for name in ("order", "customer", "say")):
        raise click.UsageError(
            _(
                "Say what the case is about: --order NUMBER, --customer NAME or --say “…”, at least one of them."
            )
        )
    # A dry run must still be able to look at the case it would open.
    with run.shop.rehearsal():
        case = open_case(
            run.shop,
            at=read_moment(run, at),
            answered_at=read_moment(run, answered_at),
            platform_due=read_deadline(run, platform_due),
            part_of_name=True,
            new_customer=new_customer,
            **words,
        )
        triage = _suggest(run, case.number)
        lines = [*_opened_lines(run, case, words["customer"]), *cases_life.sorted_lines(run, case)]
    tell(run, case, *lines)
    _warn_of_others(run, case)
    if triage and not (words["kind"] and words["severity"]):
        cases_life.tell_suggestion(run, triage)


@cases.command("show")
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
def show(run: Run, number: int) -> None:
    """Show a case on one page: its order, its clocks, and all that happened.

    Example: aftersales cases show 17
    """
    from aftersales_cli.cli.cases_page import write_page
    from aftersales_cli.desk.history import load_history

    history = load_history(run.shop, number)
    run.out.data(history, *write_page(run.shop, history))


for verb in (
    *cases_list.COMMANDS,
    *cases_assign.COMMANDS,
    *cases_reply.COMMANDS,
    *cases_resolve.COMMANDS,
    *cases_steps.COMMANDS,
    *cases_life.COMMANDS,
    *cases_joining.COMMANDS,
    *cases_search.COMMANDS,
    *cases_register.COMMANDS,
    *cases_import.COMMANDS,
    *cases_handoffs.COMMANDS,
    *cases_complaints.COMMANDS,
    *cases_incidents.COMMANDS,
    *cases_costs.COMMANDS,
):
    cases.add_command(verb)


def _suggest(run: Run, number: int) -> Triage | None:
    """Return what the rules make of a case; broken ones are told and must not make an opened case look lost."""
    from aftersales_cli.desk.triage import suggest_triage
    from aftersales_cli.errors import FileError, WrongUsageError

    try:
        return suggest_triage(run.shop, number)
    except (FileError, WrongUsageError) as error:
        run.out.note(error.message)
        return None


def _opened_lines(run: Run, case: Case, customer: str) -> list[str]:
    kind = run.shop.taxonomy("kinds").label(case.kind)
    lines = [_("Case {number} opened: {kind}, “{title}”.", number=case.number, kind=kind, title=case.title)]
    if case.order_id is None and case.order_external_id:
        lines.append(
            _("Order {number} has not arrived yet; the case waits for it.", number=case.order_external_id)
        )
    return [*lines, *_found_customer(run, case, customer)]


def _found_customer(run: Run, case: Case, word: str) -> list[str]:
    """Say whom a part of a name or a number stands for, so that a wrong one is noticed at once."""
    from aftersales_cli.database.customers import get_customer
    from aftersales_cli.desk.contacts import mask_email, mask_phone, mask_word

    found = get_customer(run.shop.database, case.customer_id) if word and case.customer_id else None
    if found is None or word.strip() == (found.name or found.phone or found.email):
        return []
    contact = mask_phone(found.phone) if found.phone else mask_email(found.email) if found.email else ""
    return [_("Customer: {name}", name=" ".join(part for part in (mask_word(found.name), contact) if part))]


def _warn_of_others(run: Run, case: Case) -> None:
    from aftersales_cli.database.case_listings import list_related_cases

    if case.order_id is None:
        return
    related = list_related_cases(run.shop.database, case.number, case.order_id)
    numbers = [str(other.number) for other in related if other.status in OPEN_STATUSES]
    if numbers:
        run.out.note(_("The order has other open cases: {numbers}.", numbers=", ".join(numbers)))
